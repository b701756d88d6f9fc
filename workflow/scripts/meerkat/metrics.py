"""How good the predictions are, with intervals that respect that clips of one video are alike."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn import config_context, metrics

# Every metric takes truth (1 = positive), probability of positive, prediction (1 = positive) and weights.
_Metric = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], float]
_UNDEFINED = {"zero_division": np.nan}
METRICS: dict[str, _Metric] = {
    "accuracy": lambda truth, p, called, w: metrics.accuracy_score(truth, called, sample_weight=w),
    "balanced_accuracy": lambda truth, p, called, w: metrics.balanced_accuracy_score(truth, called, sample_weight=w),
    "recall": lambda truth, p, called, w: metrics.recall_score(truth, called, sample_weight=w, **_UNDEFINED),
    "specificity": lambda truth, p, called, w: metrics.recall_score(truth, called, pos_label=0, sample_weight=w, **_UNDEFINED),
    "precision": lambda truth, p, called, w: metrics.precision_score(truth, called, sample_weight=w, **_UNDEFINED),
    "f1": lambda truth, p, called, w: metrics.f1_score(truth, called, sample_weight=w, **_UNDEFINED),
    "roc_auc": lambda truth, p, called, w: metrics.roc_auc_score(truth, p, sample_weight=w),
    "average_precision": lambda truth, p, called, w: metrics.average_precision_score(truth, p, sample_weight=w),
    "log_loss": lambda truth, p, called, w: metrics.log_loss(truth, p, sample_weight=w, labels=[0, 1]),
    "brier": lambda truth, p, called, w: metrics.brier_score_loss(truth, p, sample_weight=w),
}


def with_intervals(
    truth: np.ndarray, p_positive: np.ndarray, predicted: np.ndarray, videos: list[str], replicates: int, seed: int
) -> dict[str, dict[str, float | None]]:
    """Each metric as {"value", "low", "high"}: the value and its 95 % interval; None where it is not defined.

    The interval is the percentile bootstrap over videos (Efron and Tibshirani, 1993, chapter 13): each replicate draws as
    many videos as there are, with replacement, and weights each clip by how often its video was drawn.

    truth, predicted  int [clips], 1 = positive
    p_positive        float [clips]
    """
    _, video = np.unique(videos, return_inverse=True)
    random = np.random.default_rng(seed)
    drawn = random.multinomial(video.max() + 1, np.full(video.max() + 1, 1 / (video.max() + 1)), replicates)
    result = {}
    for name, metric in METRICS.items():
        value = _defined(metric, truth, p_positive, predicted, np.ones(len(truth)))
        spread = [_defined(metric, truth, p_positive, predicted, counts[video]) for counts in drawn]
        spread = [entry for entry in spread if entry is not None]
        low, high = np.percentile(spread, [2.5, 97.5]).tolist() if value is not None and spread else (None, None)
        result[name] = {"value": value, "low": low, "high": high}
    return result


def _defined(metric: _Metric, truth: np.ndarray, p: np.ndarray, predicted: np.ndarray, weights: np.ndarray) -> float | None:
    """The metric of the clips with a weight, None where it has no value (a class is missing)."""
    used = weights > 0
    if not used.any():
        return None
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        warnings.simplefilter("ignore")  # scikit-learn warns of each undefined case; they are told by None.
        try:
            value = float(metric(truth[used], p[used], predicted[used], weights[used]))
        except ValueError:
            return None
    return value if np.isfinite(value) else None


def confusion(truth: np.ndarray, predicted: np.ndarray) -> list[list[int]]:
    """Counts [[positive as positive, positive as negative], [negative as positive, negative as negative]]."""
    return metrics.confusion_matrix(truth, predicted, labels=[1, 0]).tolist()
