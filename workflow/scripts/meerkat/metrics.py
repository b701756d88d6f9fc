"""How good the predictions are, with intervals that respect that clips of one video are alike."""

import warnings
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy import stats
from sklearn import config_context, metrics

# Every metric takes truth (1 = positive), probability of positive, prediction (1 = positive) and weights.
Metric = Callable[[np.ndarray, np.ndarray, np.ndarray, np.ndarray], float]
_UNDEFINED = {"zero_division": np.nan}
METRICS: dict[str, Metric] = {
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
# What a person who keeps the clips called positive asks; `to_watch` is the share of all clips that they keep.
KEEPING: dict[str, Metric] = {
    "recall": METRICS["recall"],
    "to_watch": lambda truth, p, called, w: np.average(called, weights=w),
    "precision": METRICS["precision"],
}
# scikit-learn gives these a number even where a class is missing.
_NEED_BOTH_CLASSES = {"balanced_accuracy", "roc_auc", "average_precision"}
_NEED_SCORES = {"roc_auc", "average_precision", "log_loss", "brier"}
# The clips that a metric is a share of.
_SHARE_OF: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "accuracy": lambda truth, called: truth >= 0,
    "recall": lambda truth, called: truth == 1,
    "specificity": lambda truth, called: truth == 0,
    "precision": lambda truth, called: called == 1,
    "to_watch": lambda truth, called: truth >= 0,
    # No shares, but as blind when nothing goes wrong.
    "balanced_accuracy": lambda truth, called: truth >= 0,
    "f1": lambda truth, called: truth >= 0,
    "roc_auc": lambda truth, called: truth >= 0,
    "average_precision": lambda truth, called: truth >= 0,
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
    wanted: Mapping[str, Metric] = METRICS,
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
    draws = np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), replicates) if number > 1 else []
    # Clips of one video, class and call are alike to a metric that needs no scores: counted together, they take less time.
    alike, counts = np.unique(np.stack([video, truth, called]), axis=1, return_counts=True)
    result = {}
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        warnings.simplefilter("ignore")  # scikit-learn warns of each undefined case; they are told by None.
        for name, metric in wanted.items():
            if name in _NEED_SCORES:
                columns, group, weights = (truth, p_positive, called), video, np.ones(len(truth))
            else:
                columns, group, weights = (alike[1], alike[1], alike[2]), alike[0], counts
            value = _value(name, metric, *columns, weights)
            spread = [_value(name, metric, *columns, weights * drawn[group]) for drawn in draws] if value is not None else []
            result[name] = {"value": value} | _interval(name, [entry for entry in spread if entry is not None], truth, called, video)
            if value is None:
                result[name]["reason"] = _reason(name, truth, p_positive, called)
    return result


def _interval(name: str, spread: list[float], truth: np.ndarray, called: np.ndarray, video: np.ndarray) -> dict[str, float | None]:
    if not spread:
        return {"low": None, "high": None}
    number = len(np.unique(video))
    tail = stats.norm.cdf(stats.t.ppf(0.025, number - 1) * np.sqrt(number / (number - 1)))
    low, high = np.quantile(spread, [tail, 1 - tail]).tolist()
    if name in _SHARE_OF and low == high and low in (0, 1):
        bound = 0.025 ** (1 / len(np.unique(video[_SHARE_OF[name](truth, called)])))
        low, high = (bound, 1.0) if low == 1 else (0.0, 1 - bound)
    return {"low": low, "high": high}


def confusion(truth: np.ndarray, called: np.ndarray) -> list[list[int]]:
    """Counts [[positive as positive, positive as negative], [negative as positive, negative as negative]]."""
    if not len(truth):
        return [[0, 0], [0, 0]]
    return metrics.confusion_matrix(truth, called, labels=[1, 0]).tolist()


def _value(name: str, metric: Metric, truth: np.ndarray, p: np.ndarray, called: np.ndarray, weights: np.ndarray) -> float | None:
    """The metric of the clips with a weight, None where it has no value."""
    used = weights > 0
    truth, p, called, weights = truth[used], p[used], called[used], weights[used]
    if not len(truth) or (name in _NEED_BOTH_CLASSES and len(np.unique(truth)) < 2):
        return None
    if name in _NEED_SCORES and not np.isfinite(p).all():
        return None
    try:
        value = float(metric(truth, p, called, weights))
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def _reason(name: str, truth: np.ndarray, p: np.ndarray, called: np.ndarray) -> str:
    if not len(truth):
        return "there is no clip"
    if name in _NEED_SCORES and not np.isfinite(p).all():
        return f"{np.sum(~np.isfinite(p))} scores are no numbers"
    if name in ("precision", "f1") and not called.any():
        return "no clip is called positive"
    return f"all clips are {'positive' if truth.all() else 'negative'}"
