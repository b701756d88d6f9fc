"""How good the predictions are, with intervals that respect that clips of one video are alike."""

import warnings
from collections.abc import Callable, Sequence

import numpy as np
from scipy import stats
from sklearn import config_context, metrics

# Metrics of the confusion matrix, of many at once: the (weighted) numbers of true positives, false negatives, false positives
# and true negatives. 0 / 0 where there is no value.
_COUNTED: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], np.ndarray]] = {
    "accuracy": lambda tp, fn, fp, tn: (tp + tn) / (tp + fn + fp + tn),
    "balanced_accuracy": lambda tp, fn, fp, tn: (tp / (tp + fn) + tn / (tn + fp)) / 2,
    "recall": lambda tp, fn, fp, tn: tp / (tp + fn),
    "specificity": lambda tp, fn, fp, tn: tn / (tn + fp),
    "precision": lambda tp, fn, fp, tn: tp / (tp + fp),
    "f1": lambda tp, fn, fp, tn: 2 * tp / (2 * tp + fn + fp),
    "review_rate": lambda tp, fn, fp, tn: (tp + fp) / (tp + fn + fp + tn),
}
# Metrics of the scores: truth (1 = positive), probability of positive, and the clips' weights.
_SCORED: dict[str, Callable[[np.ndarray, np.ndarray, np.ndarray], float]] = {
    "roc_auc": lambda truth, p, w: metrics.roc_auc_score(truth, p, sample_weight=w),
    "average_precision": lambda truth, p, w: metrics.average_precision_score(truth, p, sample_weight=w),
    "log_loss": lambda truth, p, w: metrics.log_loss(truth, p, sample_weight=w, labels=[0, 1]),
    "brier": lambda truth, p, w: metrics.brier_score_loss(truth, p, sample_weight=w),
}
# What a person who keeps the clips called positive asks; `review_rate` is the share of all clips that they keep.
KEEPING = ("recall", "review_rate", "precision")
METRICS = (*(name for name in _COUNTED if name != "review_rate"), *_SCORED)
# scikit-learn gives these a number even where a class is missing.
_NEED_BOTH_CLASSES = {"roc_auc", "average_precision"}
# The clips that a metric is a share of.
_SHARE_OF: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "recall": lambda truth, called: truth == 1,
    "specificity": lambda truth, called: truth == 0,
    "precision": lambda truth, called: called == 1,
    # Of all; the last four are no shares, but as blind when nothing goes wrong.
    **dict.fromkeys(
        ("accuracy", "review_rate", "balanced_accuracy", "f1", "roc_auc", "average_precision"), lambda truth, called: truth >= 0
    ),
}
# Below this number of independent videos, bootstrap intervals are known to be too narrow (Cameron, Gelbach and Miller, 2008,
# find tests on 5 to 10 groups reject far too often).
FEW_VIDEOS = 10


def with_intervals(
    truth: np.ndarray,
    p_positive: np.ndarray,
    called: np.ndarray,
    videos: Sequence[str],
    replicates: int,
    seed: int,
    wanted: Sequence[str] = METRICS,
) -> dict[str, dict]:
    """Each metric as {"value", "low", "high"}: the value and its 95 % interval.

    What is not defined is None, and "reason" says why. The interval is the percentile bootstrap over videos (Efron and
    Tibshirani, 1993, chapter 13): each replicate draws as many videos as there are, with replacement, and weights each
    clip by how often its video was drawn. The percentiles lie a little further out than 2.5 and 97.5, for replicates of
    few videos vary too little (expanded percentiles: Hesterberg, 2015). One video alone has no interval. Where a share
    is 0 or 1 in every replicate, the bootstrap is blind; the interval is then Clopper and Pearson's (1934), with the
    videos as the sample.

    truth, called  int [clips], 1 = positive
    p_positive     float [clips]
    """
    _, video = np.unique(np.asarray(videos, object), return_inverse=True)
    number = video.max(initial=-1) + 1
    draws = np.ones((1, number), int)  # how often each video counts: once for the value, then as drawn for the replicates
    if number > 1:
        draws = np.vstack([draws, np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), replicates)])
    counts = np.zeros((number, 4), int)  # of each video, as _COUNTED takes them
    np.add.at(counts, (video, 2 * (1 - truth) + (1 - called)), 1)
    drawn_counts = draws @ counts
    result = {}
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore")  # scikit-learn warns of each undefined case; they are told by None.
        for name in wanted:
            if name in _COUNTED:
                value, *spread = _COUNTED[name](*drawn_counts.T).tolist()
            else:
                value, *spread = (_scored(name, truth, p_positive, times[video]) for times in draws)
            result[name] = {"value": value if np.isfinite(value) else None, "low": None, "high": None}
            spread = [entry for entry in spread if np.isfinite(entry)]
            if not np.isfinite(value):
                result[name]["reason"] = _reason(name, truth, p_positive, called)
            elif spread:
                result[name]["low"], result[name]["high"] = _interval(name, spread, truth, called, video)
    return result


def _interval(name: str, spread: list[float], truth: np.ndarray, called: np.ndarray, video: np.ndarray) -> tuple[float, float]:
    number = len(np.unique(video))
    tail = stats.norm.cdf(stats.t.ppf(0.025, number - 1) * np.sqrt(number / (number - 1)))
    low, high = np.quantile(spread, [tail, 1 - tail]).tolist()
    if name in _SHARE_OF and low == high and low in (0, 1):
        bound = 0.025 ** (1 / len(np.unique(video[_SHARE_OF[name](truth, called)])))
        low, high = (bound, 1.0) if low == 1 else (0.0, 1 - bound)
    return low, high


def confusion(truth: np.ndarray, called: np.ndarray) -> list[list[int]]:
    """Counts [[positive as positive, positive as negative], [negative as positive, negative as negative]]."""
    if not len(truth):
        return [[0, 0], [0, 0]]
    return metrics.confusion_matrix(truth, called, labels=[1, 0]).tolist()


def _scored(name: str, truth: np.ndarray, p: np.ndarray, weights: np.ndarray) -> float:
    """The metric of the clips with a weight, NaN where it has no value."""
    truth, p, weights = truth[weights > 0], p[weights > 0], weights[weights > 0]
    if not np.isfinite(p).all() or (name in _NEED_BOTH_CLASSES and len(np.unique(truth)) < 2):
        return np.nan
    try:
        return float(_SCORED[name](truth, p, weights))
    except ValueError:
        return np.nan


def _reason(name: str, truth: np.ndarray, p: np.ndarray, called: np.ndarray) -> str:
    if not len(truth):
        return "there is no clip"
    if name in _SCORED and not np.isfinite(p).all():
        return f"{np.sum(~np.isfinite(p))} scores are no numbers"
    if name in ("precision", "f1") and not called.any():
        return "no clip is called positive"
    return f"all clips are {'positive' if truth.all() else 'negative'}"
