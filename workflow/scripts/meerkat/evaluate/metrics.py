"""The metrics. A new one is an entry of METRICS, and appears in metrics.json, the report and the model card."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

import numpy as np

# For many confusion matrices at once: takes the (weighted) numbers of true positives, false negatives, false positives and true negatives,
# and gives a value for each; 0 / 0 if there is none.
OfCounts = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]
# Takes the same numbers, and gives how many clips count for the share, and of how many it is a share.
Share = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
# Takes truth (1 = positive), probability of positive, and the clips' weights, and gives one value.
OfScores = Callable[[np.ndarray, np.ndarray, np.ndarray], float]


@dataclass(frozen=True)
class Metric:
    """How a metric is computed and shown.

    title       its name in the report, and after a colon its meaning
    share       what it is a share of, or
    of_counts   computes it from confusion matrices, or
    of_scores   computes it from scores
    has_ends    whether it lies between 0 and 1 and can reach both ends, where the bootstrap is blind
    needs_both  whether it has no value if a class is missing
    is_share    whether it is shown as a percentage
    better      "higher" or "lower"; empty if neither is better
    first       whether it is among the few that are shown first: on the terminal and in the model card
    """

    title: str
    share: Share | None = None
    of_counts: OfCounts | None = None
    of_scores: OfScores | None = None
    has_ends: bool = False
    needs_both: bool = False
    is_share: bool = True
    better: str = "higher"
    first: bool = False


def _sklearn(name: str, **more: object) -> OfScores:
    """A metric of scikit-learn, which takes a second to import; programs that need only titles need not pay."""
    return lambda truth, p_positive, weights: getattr(import_module("sklearn.metrics"), name)(
        truth, p_positive, sample_weight=weights, **more
    )


METRICS: dict[str, Metric] = {
    "accuracy": Metric(
        "Accuracy: share of clips that are called correctly",
        share=lambda tp, fn, fp, tn: (tp + tn, tp + fn + fp + tn),
        first=True,
    ),
    "balanced_accuracy": Metric(
        "Balanced accuracy: mean of recall and specificity",
        of_counts=lambda tp, fn, fp, tn: (tp / (tp + fn) + tn / (tn + fp)) / 2,
        has_ends=True,
    ),
    "recall": Metric(
        "Recall: share of the animal clips that are kept",
        share=lambda tp, fn, fp, tn: (tp, tp + fn),
        first=True,
    ),
    "specificity": Metric(
        "Specificity: share of the background that is called background",
        share=lambda tp, fn, fp, tn: (tn, tn + fp),
        first=True,
    ),
    "precision": Metric(
        "Precision: share of animal clips among those called positive",
        share=lambda tp, fn, fp, tn: (tp, tp + fp),
        first=True,
    ),
    "f1": Metric(
        "F1: balance of precision and recall",
        of_counts=lambda tp, fn, fp, tn: 2 * tp / (2 * tp + fn + fp),
        has_ends=True,
    ),
    # scikit-learn gives these two a number even if a class is missing.
    "roc_auc": Metric("Area under the ROC curve", of_scores=_sklearn("roc_auc_score"), has_ends=True, needs_both=True, first=True),
    "average_precision": Metric("Average precision", of_scores=_sklearn("average_precision_score"), has_ends=True, needs_both=True),
    "log_loss": Metric("Log loss (lower is better)", of_scores=_sklearn("log_loss", labels=[0, 1]), is_share=False, better="lower"),
    "brier": Metric("Brier score (lower is better)", of_scores=_sklearn("brier_score_loss"), is_share=False, better="lower"),
}
# The few that are shown for the Training clips and for sites, on the terminal and in the model card.
FIRST = {name: metric for name, metric in METRICS.items() if metric.first}
# The figures of each operating point that matter to a person who keeps the clips called positive.
KEEPING: dict[str, Metric] = {
    "recall": METRICS["recall"],
    "review_rate": Metric(
        "Review rate: share of all clips that are left to watch",
        share=lambda tp, fn, fp, tn: (tp + fp, tp + fn + fp + tn),
        better="",
    ),
    "precision": METRICS["precision"],
}


def confusion(truth: np.ndarray, called: np.ndarray) -> list[list[int]]:
    """Counts [[positive as positive, positive as negative], [negative as positive, negative as negative]].

    truth, called  int [clips], 1 = positive
    """
    return [[int(np.sum((truth == is_true) & (called == is_called))) for is_called in (1, 0)] for is_true in (1, 0)]
