"""Scores that mean what they say: of the clips scored 0.8, eight in ten shall be positive."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_expit, logit
from sklearn.metrics import brier_score_loss, log_loss

from ..data.labels import LABELS, POSITIVE

# Equal steps of the score, as in Guo et al. (2017).
BINS = 15
_LOG_RANGE = (np.log(0.05), np.log(20))
# With fewer clips of a class a temperature is a guess: one fitted on 18 made the scores worse.
ENOUGH = 50


@dataclass(frozen=True)
class Calibration:
    """What is done to margins: divided by `temperature`, then raised by `offset`; `reason` says why the temperature is 1, if so."""

    temperature: float
    offset: float
    reason: str

    def apply(self, margins: np.ndarray) -> np.ndarray:
        """float [clips]."""
        return margins / self.temperature + self.offset


def calibrate(
    margins: np.ndarray, labels: np.ndarray, weights: np.ndarray, fold: np.ndarray, positive_share: float, wanted: bool
) -> Calibration:
    """The calibration for held-out clips.

    margins         float [clips], logit of positive minus logit of negative, each from the head that held the clip out
    labels          int [clips]; weights  float [clips], as in training; fold  int [clips]
    positive_share  the share of positives for which scores shall mean what they say
    wanted          whether a temperature is wanted at all

    A temperature is left out where a class has fewer than 50 clips, and where temperatures fitted without each fold in turn do
    not lower the log loss of the folds.
    """
    truth = (labels == POSITIVE).astype(int)
    # The heads have learned the share of positives in the weights (Bayes' rule: Saerens, Latinne and Decaestecker, 2002).
    offset = float(logit(positive_share) - logit(np.average(truth, weights=weights)))
    counts = {name: int(np.sum(labels == label)) for label, name in enumerate(LABELS)}
    few = min(counts, key=lambda name: counts[name])
    if not wanted:
        return Calibration(1.0, offset, "train: calibrate: is false")
    if counts[few] < ENOUGH:
        return Calibration(1.0, offset, f"there are {counts[few]} {few} Training clips, and {ENOUGH} are needed")
    without, by_others = weighted_loss(margins, truth, weights), 0.0
    for turn in np.unique(fold):
        inside = fold == turn
        if len(np.unique(truth[~inside])) == 2:
            scaled = margins[inside] / fit_temperature(margins[~inside], truth[~inside], weights[~inside])
            by_others += weighted_loss(scaled, truth[inside], weights[inside]) * weights[inside].sum() / weights.sum()
        else:
            return Calibration(1.0, offset, "there is one fold only")
    if by_others >= without:
        return Calibration(1.0, offset, f"that would not lower the log loss of held-out clips ({without:.4f}, and {by_others:.4f} then)")
    return Calibration(fit_temperature(margins, truth, weights), offset, "")


def weighted_loss(margins: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean log loss of margins."""
    return float(np.average(-log_expit(np.where(truth == 1, margins, -margins)), weights=weights))


def fit_temperature(margins: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    """The temperature T for which sigmoid(margin / T) fits best (log loss) what the clips are.

    margins  float [clips], logit of positive minus logit of negative
    truth    int [clips], 1 = positive
    weights  float [clips]

    Temperature scaling is from Guo et al., "On calibration of modern neural networks" (2017); the targets are Platt's
    (1999), a little inside 0 and 1, so that a small set that is separated perfectly does not make the model quite sure.
    """
    positives = truth.sum()
    targets = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2))
    # log_expit(-x) is log_expit(x) - x: so the sum over the clips needs little memory where they are a million.
    known = float(np.sum(weights * (1 - targets) * margins))

    def loss(log_temperature: float) -> float:
        temperature = np.exp(log_temperature)
        return float(known / temperature - np.sum(weights * log_expit(margins / temperature)))

    return float(np.exp(minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded").x))


def weights_for(truth: np.ndarray, positive_share: float) -> np.ndarray:
    """float [clips]: weights that give the positives this share of the sum; 1 for all where a class is missing.

    truth  int [clips], 1 = positive
    """
    found = truth.mean() if len(truth) else 0
    if found in (0, 1):
        return np.ones(len(truth))
    return np.where(truth == 1, positive_share / found, (1 - positive_share) / (1 - found))


def reliability(truth: np.ndarray, p_positive: np.ndarray, weights: np.ndarray) -> list[tuple[float, float, int, float]]:
    """(mean score, share of positives, clips, sum of weights) of each of the equal steps of the score that holds clips."""
    step = np.minimum((p_positive * BINS).astype(int), BINS - 1)
    members = [step == index for index in range(BINS)]
    return [
        (*(float(np.average(of[mask], weights=weights[mask])) for of in (p_positive, truth)), int(mask.sum()), float(weights[mask].sum()))
        for mask in members
        if mask.any()
    ]


def errors(truth: np.ndarray, p_positive: np.ndarray, weights: np.ndarray) -> dict[str, float | None]:
    """Log loss, Brier score and expected calibration error; None when scores are no numbers."""
    if not np.isfinite(p_positive).all():
        return dict.fromkeys(["log_loss", "brier", "expected_calibration_error"])
    return {
        "log_loss": float(log_loss(truth, p_positive, labels=[0, 1], sample_weight=weights)),
        "brier": float(brier_score_loss(truth, p_positive, sample_weight=weights)),
        "expected_calibration_error": expected_calibration_error(truth, p_positive, weights),
    }


def expected_calibration_error(truth: np.ndarray, p_positive: np.ndarray, weights: np.ndarray) -> float:
    """Mean distance between score and share of positives over the steps, weighted by clips (Guo et al., 2017)."""
    steps = reliability(truth, p_positive, weights)
    return sum(weight * abs(score - share) for score, share, _, weight in steps) / weights.sum()
