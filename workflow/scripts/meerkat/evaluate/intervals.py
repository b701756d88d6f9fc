"""Metrics with intervals. These take into account that clips of one video are alike."""

import warnings
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats
from sklearn import config_context

from .metrics import METRICS, Metric, Share

# With fewer independent videos, bootstrap intervals are known to be too narrow (Cameron, Gelbach and Miller, 2008, find that tests on 5 to
# 10 groups reject far too often).
FEW_VIDEOS = 10
# The same for sites, of which people have fewer: with fewer than this, nothing can be said about other sites.
FEW_SITES = 5
# Thresholds below which these shares of the positives score. At each of them we check how alike the clips of a video are.
_ELSEWHERE = (0.05, 0.1, 0.2, 0.3, 0.5)


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

    A value that is not defined is None, and "reason" says why. A single video gives no interval. The interval of a share is Korn and
    Graubard's (1998) for surveys in clusters, with the videos as clusters (see `_of_share`). Other metrics have the percentile bootstrap
    over videos (Efron and Tibshirani, 1993, chapter 13): each replicate draws as many videos as there are, with replacement, and weights
    each clip by how often its video was drawn. The percentiles are a little further out than 2.5 and 97.5, because replicates of few videos
    vary too little (expanded percentiles: Hesterberg, 2015). If every replicate gives 0, or every one gives 1, the bootstrap is blind; the
    interval is then Clopper and Pearson's (1934), with the videos as the sample.

    truth, called  int [clips], 1 = positive
    p_positive     float [clips]
    """
    _, video = np.unique(np.asarray(videos, object), return_inverse=True)
    number = video.max(initial=-1) + 1
    draws = np.ones((1, number), int)  # how often each video counts: once for the value, then as drawn for the replicates
    if number > 1 and not all(metric.share for metric in wanted.values()):
        draws = np.vstack([draws, np.random.default_rng(seed).multinomial(number, np.full(number, 1 / number), replicates)])
    counts = _counts(truth, called, video, number)
    drawn_counts = draws @ counts
    elsewhere = [_counts(truth, p_positive >= threshold, video, number) for threshold in _other_thresholds(truth, p_positive)]
    result = {}
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore")  # scikit-learn warns about each undefined case; here None says it
        for name, metric in wanted.items():
            spread = []
            if metric.share:
                part, whole = metric.share(*counts.sum(axis=0))
                value = float(part) / float(whole) if whole else np.nan
            elif metric.of_counts:
                value, *spread = metric.of_counts(*drawn_counts.T).tolist()
            else:
                value, *spread = (_of_scores(metric, truth, p_positive, times[video]) for times in draws)
            result[name] = {"value": value if np.isfinite(value) else None, "low": None, "high": None}
            spread = [entry for entry in spread if np.isfinite(entry)]
            if not np.isfinite(value):
                result[name]["reason"] = _reason(metric, truth, p_positive)
            elif metric.share and number > 1:
                result[name]["low"], result[name]["high"] = _of_share(metric.share, counts, elsewhere)
            elif spread:
                result[name]["low"], result[name]["high"] = _of_replicates(metric, spread, number)
    return result


def _other_thresholds(truth: np.ndarray, p_positive: np.ndarray) -> np.ndarray:
    scores = p_positive[truth == 1]
    return np.quantile(scores, _ELSEWHERE) if len(scores) and np.isfinite(p_positive).all() else np.zeros(0)


def _counts(truth: np.ndarray, called: np.ndarray, video: np.ndarray, number: int) -> np.ndarray:
    """int [videos, 4]: true positives, false negatives, false positives and true negatives of each video."""
    counts = np.zeros((number, 4), int)
    np.add.at(counts, (video, 2 * (1 - truth) + (1 - called.astype(int))), 1)
    return counts


def _of_share(share: Share, counts: np.ndarray, elsewhere: Sequence[np.ndarray]) -> tuple[float, float]:
    """The interval of a share of clips.

    counts     int [videos, 4]
    elsewhere  the same with calls at other thresholds

    Near 0 and 1 a few clips decide how much the videos seem to differ, and the estimate is too small. So we use the largest estimate at
    this and at other thresholds.
    """
    return share_interval(*share(*counts.T), max(_design_effect(*share(*each.T)) for each in [counts, *elsewhere]))


def share_interval(part: np.ndarray, whole: np.ndarray, alike: float | None = None) -> tuple[float, float]:
    """The 95 % interval of a share: Clopper and Pearson's, for the number of independent things that would give as much information.

    part, whole  int [videos]: how many things count, and how many there are
    alike        how many times as much the share varies as it would if no two things came from one video; None: estimated here

    If all things agree, the videos are the sample (Korn and Graubard, 1998).
    """
    alike = _design_effect(part, whole) if alike is None else alike
    part, whole = part[whole > 0], whole[whole > 0]
    clips, videos = whole.sum(), len(whole)
    value = part.sum() / clips
    if videos < 2:
        return 0.0, 1.0
    number = clips / alike
    if value in (0, 1):
        number = min(number, videos)
    else:  # with few videos, the estimate of how much videos differ is uncertain itself
        number *= (stats.t.ppf(0.025, max(clips - 1, 1)) / stats.t.ppf(0.025, videos - 1)) ** 2
    found = number * value
    low = stats.beta.ppf(0.025, found, number - found + 1) if value > 0 else 0.0
    high = stats.beta.ppf(0.975, found + 1, number - found) if value < 1 else 1.0
    return float(low), float(high)


def _design_effect(part: np.ndarray, whole: np.ndarray) -> float:
    """How many times as much a share varies as it would if no two clips came from one video, at least 1 (Kish, 1965)."""
    part, whole = part[whole > 0], whole[whole > 0]
    clips, videos = whole.sum(), len(whole)
    value = part.sum() / clips if clips else 0
    if value in (0, 1) or videos < 2:
        return 1.0
    variance = videos / (videos - 1) * np.sum((part - value * whole) ** 2) / clips**2
    return max(1.0, float(variance * clips / (value * (1 - value))))


def _of_replicates(metric: Metric, spread: list[float], videos: int) -> tuple[float | None, float | None]:
    tail = stats.norm.cdf(stats.t.ppf(0.025, videos - 1) * np.sqrt(videos / (videos - 1)))
    low, high = np.quantile(spread, [tail, 1 - tail]).tolist()
    if metric.has_ends and low == high and low in (0, 1):
        bound = 0.025 ** (1 / videos)
        low, high = (bound, 1.0) if low == 1 else (0.0, 1 - bound)
    # If each of two videos has one class, every replicate with both classes is the whole set: that gives no information.
    return (low, high) if low < high else (None, None)


def _of_scores(metric: Metric, truth: np.ndarray, p_positive: np.ndarray, weights: np.ndarray) -> float:
    """The metric of the clips that have a weight, NaN if it has no value."""
    drawn = weights > 0
    truth, p_positive, weights = truth[drawn], p_positive[drawn], weights[drawn]
    if not np.isfinite(p_positive).all() or (metric.needs_both and len(np.unique(truth)) < 2):
        return np.nan
    try:
        return float(metric.of_scores(truth, p_positive, weights))
    except ValueError:
        return np.nan


def _reason(metric: Metric, truth: np.ndarray, p_positive: np.ndarray) -> str:
    if not len(truth):
        return "there are no clips"
    if metric.of_scores and not np.isfinite(p_positive).all():
        return f"{np.sum(~np.isfinite(p_positive))} scores are not numbers"
    if metric.share:  # It is a share of which of true positives, false negatives, false positives and true negatives?
        of_called = {(1, 0, 1, 0): "no clip is called positive", (0, 1, 0, 1): "all clips are called positive"}
        whole = tuple(int(metric.share(*counts)[1]) for counts in np.eye(4, dtype=int))
        if whole in of_called:
            return of_called[whole]
    return f"all clips are {'positive' if truth.all() else 'negative'}"
