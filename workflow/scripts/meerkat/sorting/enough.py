"""Are the labels enough? They are when the last ones no longer change how a model judges the cards.

This is stopping by stabilised predictions (Bloodgood and Vijay-Shanker, 2009). The cross-validated ROC AUC of the labels would mislead: the
page asks about harder and harder cards, so it is 0.71 when clips drawn by chance give 0.91 (see benchmarks/sorting.py).
"""

from typing import NamedTuple

import numpy as np

from .agreement import Agreement, agreement
from .choice import quick_model

# Labels between two models, and the most models.
STEP = 40
_MODELS = 6
# Labels are enough when the lower end of kappa's 95 % interval, for the models before and after the last labels, is this high.
# benchmarks/sorting.py measures what more labels would give then.
_AGREE = 0.9


class Change(NamedTuple):
    """The effect of STEP labels: how many labels there were then, and how the models before and after them agree on the cards."""

    labels: int
    agreement: Agreement


def changes(embeddings: np.ndarray, positive: np.ndarray, cards: np.ndarray, seed: int) -> list[Change]:
    """The effect of the last labels, and of those before; empty if there are too few labels.

    embeddings  float [labels, width], in the order in which the labels were given
    positive    bool [labels]
    cards       float [cards, width], of cards drawn by chance
    """
    sizes = [size for size in range(len(positive), 0, -STEP) if len(set(positive[:size])) == 2][:_MODELS][::-1]
    judged = [quick_model().fit(embeddings[:size], positive[:size]).predict(cards) for size in sizes]
    pairs = zip(sizes[1:], judged, judged[1:], strict=False)
    return [Change(size, agreement(before, after, seed)) for size, before, after in pairs]


def is_enough(found: list[Change]) -> bool:
    """Whether more labels would change little."""
    return bool(found) and (found[-1].agreement.low or 0) >= _AGREE
