"""Settings of the evaluation."""

from typing import Annotated

from pydantic import Field

from .section import Section, Share, ShareAboveZero


class Recalls(Section):
    """Which thresholds to find"""

    recalls: Annotated[list[ShareAboveZero], Field(min_length=1, max_length=10, examples=["[0.9, 0.95]"])] = [0.9, 0.95, 0.99]
    """Shares of the animals that you want to find. A threshold is found for each."""


class OperatingRecall(Section):
    """What the threshold in use should do"""

    operating_recall: ShareAboveZero = 0.95
    """The share of the animals that the threshold in use should find."""


class NearDuplicates(Section):
    """Which clips look alike"""

    near_duplicate: Share = 0.995
    """Two clips of this similarity (cosine of the embeddings) or more are near-duplicates. 0.95 suits InceptionV3 better."""


class Replicates(Section):
    """How intervals are computed"""

    replicates: Annotated[int, Field(ge=20, le=10_000)] = 200
    """Bootstrap draws for the intervals of figures that are not shares, such as the ROC AUC. More draws make the ends steadier."""


class Evaluate(Replicates, NearDuplicates, OperatingRecall, Recalls):
    """The evaluation on the Testing clips"""
