"""Scores that mean what they say: of the clips scored 0.8, eight in ten shall be positive."""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_expit
from sklearn.metrics import brier_score_loss, log_loss

# Equal steps of the score, as in Guo et al. (2017).
BINS = 15
_LOG_RANGE = (np.log(0.05), np.log(20))


def fit_temperature(margins: np.ndarray, truth: np.ndarray) -> float:
    """The temperature T for which sigmoid(margin / T) fits best (log loss) what the clips are.

    margins  float [clips], logit of positive minus logit of negative
    truth    int [clips], 1 = positive

    Temperature scaling is from Guo et al., "On calibration of modern neural networks" (2017); the targets are Platt's
    (1999), a little inside 0 and 1, so that a small set that is separated perfectly does not make the model quite sure.
    """
    positives = truth.sum()
    targets = np.where(truth == 1, (positives + 1) / (positives + 2), 1 / (len(truth) - positives + 2))

    def loss(log_temperature: float) -> float:
        scaled = margins / np.exp(log_temperature)
        return -np.mean(targets * log_expit(scaled) + (1 - targets) * log_expit(-scaled))

    return float(np.exp(minimize_scalar(loss, bounds=_LOG_RANGE, method="bounded").x))


def reliability(truth: np.ndarray, p_positive: np.ndarray) -> list[tuple[float, float, int]]:
    """(mean score, share of positives, clips) of each of the equal steps of the score that holds clips."""
    step = np.minimum((p_positive * BINS).astype(int), BINS - 1)
    members = [step == index for index in range(BINS)]
    return [(float(p_positive[mask].mean()), float(truth[mask].mean()), int(mask.sum())) for mask in members if mask.any()]


def errors(truth: np.ndarray, p_positive: np.ndarray) -> dict[str, float | None]:
    """Log loss, Brier score and expected calibration error; None when scores are no numbers."""
    if not np.isfinite(p_positive).all():
        return dict.fromkeys(["log_loss", "brier", "expected_calibration_error"])
    return {
        "log_loss": float(log_loss(truth, p_positive, labels=[0, 1])),
        "brier": float(brier_score_loss(truth, p_positive)),
        "expected_calibration_error": expected_calibration_error(truth, p_positive),
    }


def expected_calibration_error(truth: np.ndarray, p_positive: np.ndarray) -> float:
    """Mean distance between score and share of positives over the steps, weighted by clips (Guo et al., 2017)."""
    return sum(clips * abs(score - share) for score, share, clips in reliability(truth, p_positive)) / len(truth)
