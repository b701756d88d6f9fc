"""Settings of the training."""

from typing import Annotated

from pydantic import Field

from .section import Section


class Head(Section):
    """The head: one hidden layer, trained with Adam as in 2018"""

    hidden_units: Annotated[int, Field(ge=1, le=16_384)] = 256
    """Units of the hidden layer."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.5
    """Share of the hidden units that are dropped in each step."""
    batch_size: Annotated[int, Field(ge=1, le=100_000)] = 100
    """Clips in a step."""
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.001
    """Learning rate of Adam."""
    adam_epsilon: Annotated[float, Field(gt=0, le=1)] = 0.001
    """Epsilon of Adam."""
    max_steps: Annotated[int, Field(ge=1, le=10_000_000)] = 10_000
    """The most steps that training may take."""
    patience: Annotated[int, Field(ge=1, le=10_000_000)] = 200
    """Training stops after this many steps without a lower loss on the held-out clips."""


class Folds(Section):
    """How the heads divide the clips"""

    folds: Annotated[int, Field(ge=2, le=20)] = 5
    """How many heads are trained. Each holds out a different part of the Training clips, by whole sites or videos; the model is their
    mean."""


class Train(Folds, Head):
    """The training of the head, the small network on top of the embeddings"""

    calibrate: bool = True
    """Scale the scores so that of the clips scored 0.8, eight in ten are positive."""
    positive_share: Annotated[float, Field(gt=0, lt=1)] = 0.5
    """Share of animals among the clips that you will score. Scores are then right on average. It shifts all scores, but not their order."""
