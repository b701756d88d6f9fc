"""Metrics with intervals that respect that clips of one video are alike."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats
from sklearn import config_context

from .metrics import METRICS, Metric

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
    draws = np.ones((1, number), int)  # how often each video counts: once for the value, then as drawn for the replicates
    if number > 1:
        draws = np.vstack([draws, np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), replicates)])
    counts = np.zeros((number, 4), int)  # of each video, as metrics of counts take them
    np.add.at(counts, (video, 2 * (1 - truth) + (1 - called)), 1)
    drawn_counts = draws @ counts
    result = {}
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore")  # scikit-learn warns of each undefined case; they are told by None.
        for name, metric in wanted.items():
            if metric.of_counts:
                value, *spread = metric.of_counts(*drawn_counts.T).tolist()
            else:
                value, *spread = (_of_scores(metric, truth, p_positive, times[video]) for times in draws)
            result[name] = {"value": value if np.isfinite(value) else None, "low": None, "high": None}
            spread = [entry for entry in spread if np.isfinite(entry)]
            if not np.isfinite(value):
                result[name]["reason"] = _reason(name, metric, truth, p_positive, called)
            elif spread:
                result[name]["low"], result[name]["high"] = _interval(metric, spread, truth, called, video)
    return result


def _interval(metric: Metric, spread: list[float], truth: np.ndarray, called: np.ndarray, video: np.ndarray) -> tuple[float, float]:
    number = len(np.unique(video))
    tail = stats.norm.cdf(stats.t.ppf(0.025, number - 1) * np.sqrt(number / (number - 1)))
    low, high = np.quantile(spread, [tail, 1 - tail]).tolist()
    if metric.blind and low == high and low in (0, 1):
        bound = 0.025 ** (1 / len(np.unique(video[metric.blind(truth, called)])))
        low, high = (bound, 1.0) if low == 1 else (0.0, 1 - bound)
    return low, high


def _of_scores(metric: Metric, truth: np.ndarray, p_positive: np.ndarray, weights: np.ndarray) -> float:
    """The metric of the clips with a weight, NaN where it has no value."""
    drawn = weights > 0
    truth, p_positive, weights = truth[drawn], p_positive[drawn], weights[drawn]
    if not np.isfinite(p_positive).all() or (metric.needs_both and len(np.unique(truth)) < 2):
        return np.nan
    try:
        return float(metric.of_scores(truth, p_positive, weights))
    except ValueError:
        return np.nan


def _reason(name: str, metric: Metric, truth: np.ndarray, p_positive: np.ndarray, called: np.ndarray) -> str:
    if not len(truth):
        return "there is no clip"
    if metric.of_scores and not np.isfinite(p_positive).all():
        return f"{np.sum(~np.isfinite(p_positive))} scores are no numbers"
    if name in ("precision", "f1") and not called.any():
        return "no clip is called positive"
    return f"all clips are {'positive' if truth.all() else 'negative'}"
