"""All settings, as in config.yaml."""

from typing import Annotated

from pydantic import Field

from .annotate import Annotate
from .audit import Audit
from .data import Data
from .dataset import Dataset
from .evaluate import Evaluate
from .preprocess import Backbone, Preprocessed, Shards
from .section import Section, Seeded, UserPath
from .sorting import Sorting
from .train import Train
from .videos import Videos


class Results(Section):
    """Where everything goes"""

    # No braces, which Snakemake takes for wildcards; no dash at the beginning, which programs take for an option; nothing invisible.
    results: Annotated[UserPath, Field(pattern=r"^[^-\s{}][^{}\x00-\x1f]*$")] = "results"
    """Folder for everything that is made. The path must not contain braces, or begin with a dash or a space."""


class Configuration(Seeded, Results):
    """The settings of the workflow. config.yaml contains the defaults; any other name is refused."""

    data: Data = Data()
    preprocessed: Preprocessed = Preprocessed()
    shards: Shards = Shards()
    backbone: Backbone = Backbone()
    train: Train = Train()
    evaluate: Evaluate = Evaluate()
    videos: Videos = Videos()
    sorting: Sorting = Sorting()
    annotate: Annotate = Annotate()
    audit: Audit = Audit()
    dataset: Dataset = Dataset()
