"""Figures of an evaluation, in colours that the colour-blind tell apart (Okabe and Ito, 2008)."""

from pathlib import Path

import matplotlib
import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay, PrecisionRecallDisplay, RocCurveDisplay

from . import atomic
from .labels import LABELS

matplotlib.use("Agg")
# The same figures give the same bytes: no random identifiers, no date.
matplotlib.rcParams.update({"svg.hashsalt": "figure", "figure.figsize": (5, 4), "figure.constrained_layout.use": True})
from matplotlib import pyplot  # noqa: E402 (after the backend is chosen)

BLUE = "#0072B2"


def confusion_matrix(truth: np.ndarray, predicted: np.ndarray, path: Path | str) -> None:
    """How many clips of each class were called what. truth, predicted: int [clips], 1 = positive."""
    figure, axes = pyplot.subplots()
    ConfusionMatrixDisplay.from_predictions(truth, predicted, labels=[1, 0], display_labels=LABELS, cmap="Blues", colorbar=False, ax=axes)
    axes.set(xlabel="called by the model", ylabel="sorted by a person")
    _save(figure, path)


def roc(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """Recall against the share of false alarms, over all thresholds."""
    figure, axes = pyplot.subplots()
    if _both_classes(truth, axes):
        RocCurveDisplay.from_predictions(truth, p_positive, ax=axes, plot_chance_level=True, curve_kwargs={"color": BLUE})
        axes.set(xlabel="share of background called positive", ylabel="share of animals found (recall)")
    _save(figure, path)


def precision_recall(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """Share of animals among the clips called positive against recall, over all thresholds."""
    figure, axes = pyplot.subplots()
    if _both_classes(truth, axes):
        PrecisionRecallDisplay.from_predictions(truth, p_positive, ax=axes, curve_kwargs={"color": BLUE})
        axes.set(xlabel="share of animals found (recall)", ylabel="share of animals among clips called positive (precision)")
    _save(figure, path)


def _both_classes(truth: np.ndarray, axes) -> bool:
    if len(np.unique(truth)) == 2:
        return True
    axes.text(0.5, 0.5, "not defined: the Testing clips\nare all of one class", ha="center", va="center")
    axes.set_axis_off()
    return False


def _save(figure, path: Path | str) -> None:
    with atomic.replacing(path) as temporary:
        figure.savefig(temporary, metadata={"Date": None})
    pyplot.close(figure)
