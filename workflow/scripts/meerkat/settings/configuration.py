"""All settings: what config.yaml holds."""

from typing import Annotated

from pydantic import Field

from .annotate import Annotate
from .data import Data
from .evaluate import Evaluate
from .preprocess import Backbone, Preprocessed, Shards
from .section import Section, Seeded, UserPath
from .sorting import Sorting
from .train import Train
from .videos import Videos


class Results(Section):
    """Where everything goes"""

    # No braces, which Snakemake takes for wildcards, no dash at the beginning, which programs take for an option, and nothing unseen.
    results: Annotated[UserPath, Field(pattern=r"^[^-\s{}][^{}\x00-\x1f]*$")] = "results"
    """Folder for everything that is made, a path without braces, and without a dash or a blank at its beginning."""


class Configuration(Seeded, Results):
    """The settings of the workflow. config.yaml holds the defaults; anything else is refused."""

    data: Data = Data()
    preprocessed: Preprocessed = Preprocessed()
    shards: Shards = Shards()
    backbone: Backbone = Backbone()
    train: Train = Train()
    evaluate: Evaluate = Evaluate()
    videos: Videos = Videos()
    sorting: Sorting = Sorting()
    annotate: Annotate = Annotate()
