"""Thresholds: a clip is kept if its score reaches them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import precision_recall_curve

from ..data import deepmeerkat
from ..data.predictions import THRESHOLD


@dataclass(frozen=True)
class Rule:
    """Keep a clip if its score is `threshold` or more. A rule that was made for a recall has it as `wanted`, and the recall that it reached
    on the held-out clips. If no threshold could be found, `threshold` is None and `reason` says why."""

    name: str
    threshold: float | None
    wanted: float | None = None
    reached: float | None = None
    reason: str = ""


def rules(truth: np.ndarray, p_positive: np.ndarray, recalls: Iterable[float]) -> list[Rule]:
    """The two fixed rules, then a rule for each wanted recall, with the threshold that reaches it on the held-out clips.

    truth       int [clips], 1 = positive, of the Training clips
    p_positive  float [clips], their scores by the heads that held them out
    """
    fixed = [Rule("the higher score wins", THRESHOLD), Rule("as DeepMeerkat 2: dropped above 0.95 negative", deepmeerkat.THRESHOLD)]
    return fixed + [_for_recall(truth, p_positive, recall) for recall in sorted(recalls)]


def _for_recall(truth: np.ndarray, p_positive: np.ndarray, recall: float) -> Rule:
    name = f"made for a recall of {recall:g}"
    if not truth.any():
        return Rule(name, None, recall, reason="there is no positive Training clip")
    if not np.isfinite(p_positive).all():
        return Rule(name, None, recall, reason="scores of the Training clips are not numbers")
    _, reached, thresholds = precision_recall_curve(truth, p_positive)
    # Thresholds rise; the last one that still reaches the recall keeps the fewest clips.
    last = np.flatnonzero(reached[:-1] >= recall)[-1]
    return Rule(name, float(thresholds[last]), recall, float(reached[last]))
