"""Settings of the annotation of videos."""

from .section import Section, Share, UserPath


class Annotate(Section):
    """For `snakemake annotate`: the model, and what is kept"""

    model: UserPath | None = None
    """Folder of a model for DeepMeerkat from elsewhere. null: the model that is trained here."""
    threshold: Share | None = None
    """Score from which an animal is kept. null: the threshold of the evaluation, or 0.05 (DeepMeerkat's own) for a model from elsewhere."""
    draw_boxes: bool = True
    """Draw the boxes into kept frames."""
