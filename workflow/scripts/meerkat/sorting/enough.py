"""Are the labels enough? They are when the last ones no longer change how a model judges the cards.

That is to stop by stabilised predictions (Bloodgood and Vijay-Shanker, 2009). The ROC AUC of the labels by cross-validation would mislead:
ever harder cards are asked for, so that it says 0.71 where clips drawn by chance say 0.91 (see benchmarks/sorting.py).
"""

from typing import NamedTuple

import numpy as np

from .agreement import Agreement, agreement
from .choice import quick_model

# Labels between two models, and models at most.
STEP = 40
_MODELS = 6
# Labels are enough when the models before and after the last of them agree so well, by the lower end of kappa's 95 % interval.
# benchmarks/sorting.py tells what more labels would give then.
_AGREE = 0.9


class Change(NamedTuple):
    """What STEP labels changed: how many labels there were then, and how the models before and after them agree on the cards."""

    labels: int
    agreement: Agreement


def changes(embeddings: np.ndarray, positive: np.ndarray, cards: np.ndarray, seed: int) -> list[Change]:
    """What the last labels changed, and those before; none where they are too few to tell.

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
