"""Figures of an evaluation, in colours that the colour-blind tell apart (Okabe and Ito, 2008).

truth, called  int [clips], 1 = positive
p_positive     float [clips], probability of positive
path           the SVG file to write; a figure that cannot be had says why
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from sklearn.metrics import ConfusionMatrixDisplay, PrecisionRecallDisplay, RocCurveDisplay, roc_curve

from .. import atomic
from ..data.labels import LABELS
from ..train import calibration

matplotlib.use("Agg")
# The same figures give the same bytes: no random identifiers, no date.
matplotlib.rcParams.update({"svg.hashsalt": "figure", "figure.figsize": (5, 4), "figure.constrained_layout.use": True})
from matplotlib import pyplot  # noqa: E402 (after the backend is chosen)

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#767676"


def confusion_matrix(truth: np.ndarray, called: np.ndarray, path: Path | str) -> None:
    """How many clips of each class were called what."""

    def draw(axes) -> None:
        ConfusionMatrixDisplay.from_predictions(truth, called, labels=[1, 0], display_labels=LABELS, cmap="Blues", colorbar=False, ax=axes)
        axes.set(xlabel="called by the model", ylabel="sorted by a person")

    _figure(path, draw)


def roc(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """Recall against the share of false alarms, over all thresholds."""

    def draw(axes) -> None:
        RocCurveDisplay.from_predictions(
            truth, p_positive, name="this model", ax=axes, plot_chance_level=True, curve_kwargs={"color": BLUE}
        )
        axes.set(xlabel="share of background called positive", ylabel="share of animals found (recall)")

    _figure(path, draw, _why_no_curve(truth, p_positive))


def precision_recall(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """Share of animals among the clips called positive against recall, over all thresholds."""

    def draw(axes) -> None:
        PrecisionRecallDisplay.from_predictions(truth, p_positive, name="this model", ax=axes, curve_kwargs={"color": BLUE})
        axes.set(xlabel="share of animals found (recall)", ylabel="share of animals among clips called positive")

    _figure(path, draw, _why_no_curve(truth, p_positive))


def review_rate(truth: np.ndarray, p_positive: np.ndarray, points: Sequence[dict], path: Path | str) -> None:
    """Share of clips that are kept for watching against recall, over all thresholds, with the operating points."""

    def draw(axes) -> None:
        false_alarms, recall, _ = roc_curve(truth, p_positive)
        axes.plot(recall, recall * truth.mean() + false_alarms * (1 - truth.mean()), color=BLUE, label="all thresholds")
        places: list[tuple[float, float]] = []
        defined = [point for point in points if point["threshold"] is not None]
        for marker, point in zip("osD^vP*X<>hd", defined, strict=False):
            place = (point["recall"]["value"], point["review_rate"]["value"])
            # Of those at one place, each next one is smaller, so that all are seen.
            size = 11 - 2 * sum(place == other for other in places)
            places.append(place)
            axes.plot(
                *place,
                marker,
                color=ORANGE,
                markeredgecolor="black",
                markersize=size,
                label=f"from {point['threshold']:.2g}: {point['name']}",
            )
        axes.axhline(truth.mean(), color=GREY, linestyle=":", label="animals among all clips")
        axes.set(xlabel="share of animals found (recall)", ylabel="share of clips to watch", ylim=(0, 1.03))
        axes.figure.legend(loc="outside lower center", fontsize=8)

    _figure(path, draw, _why_no_curve(truth, p_positive))


def scores(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """How many clips of each class got which score."""

    def draw(axes) -> None:
        bins = np.linspace(0, 1, 21)
        axes.hist(p_positive[truth == 1], bins, color=BLUE, alpha=0.6, label="animals (positive)")
        axes.hist(p_positive[truth == 0], bins, histtype="step", color=ORANGE, linewidth=2, label="background (negative)")
        axes.set(xlabel="score (probability of positive)", ylabel="clips")
        axes.legend()

    _figure(path, draw, _why_no_scores(p_positive))


def reliability(truth: np.ndarray, p_positive: np.ndarray, path: Path | str) -> None:
    """Share of positives among the clips of about the same score; on the diagonal, scores mean what they say."""

    def draw(axes) -> None:
        score, share, clips = zip(*calibration.reliability(truth, p_positive), strict=True)
        axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="scores that mean what they say")
        axes.plot(score, share, color=BLUE, marker="o", label="this model")
        for place in zip(score, share, clips, strict=True):
            axes.annotate(f"{place[2]}", place[:2], textcoords="offset points", xytext=(5, -9), fontsize=7)
        axes.set(xlabel="score (the numbers count clips)", ylabel="share of animals", xlim=(-0.03, 1.06), ylim=(-0.06, 1.06))
        axes.figure.legend(loc="outside lower center", ncols=2)

    _figure(path, draw, _why_no_scores(p_positive))


def training(history: Sequence[dict], kept_step: int, path: Path | str) -> None:
    """Loss on the clips that are trained on and on those held out, by step. history: the head's facts."""

    def draw(axes) -> None:
        steps = [entry["step"] for entry in history]
        axes.plot(steps, [entry["train_loss"] for entry in history], color=ORANGE, linestyle="--", label="trained on")
        axes.plot(steps, [entry["eval_loss"] for entry in history], color=BLUE, label="held out")
        axes.axvline(kept_step, color=GREY, linestyle=":", label="weights that are kept")
        axes.set(xlabel="step", ylabel="loss (cross-entropy)", ylim=(0, None))
        axes.legend()

    _figure(path, draw)


def learning_curve(rows: Sequence[dict], path: Path | str) -> None:
    """Two metrics with their intervals against the clips trained on; rows: {"clips", "accuracy", "roc_auc"}."""

    def draw(axes) -> None:
        for name, title, color, marker in [("accuracy", "accuracy", BLUE, "o"), ("roc_auc", "area under the ROC curve", ORANGE, "s")]:
            points = [(row["clips"], row[name]) for row in rows if row[name]["value"] is not None]
            values = [metric["value"] for _, metric in points]
            ends = [
                [abs(metric["value"] - (metric[end] if metric[end] is not None else metric["value"])) for _, metric in points]
                for end in ("low", "high")
            ]
            axes.errorbar([clips for clips, _ in points], values, ends, color=color, marker=marker, capsize=3, label=title)
        axes.set(xlabel="Training clips, of ever more videos", ylabel="on the Testing clips, with 95 % intervals", ylim=(None, 1.01))
        axes.legend(loc="lower right")

    reason = "" if any(row["accuracy"]["value"] is not None for row in rows) else "not defined:\nno share of the videos has both classes"
    _figure(path, draw, reason)


def _why_no_scores(p_positive: np.ndarray) -> str:
    return "" if np.isfinite(p_positive).all() else "not defined:\nsome scores are no numbers"


def _why_no_curve(truth: np.ndarray, p_positive: np.ndarray) -> str:
    return _why_no_scores(p_positive) or ("" if len(np.unique(truth)) == 2 else "not defined: the Testing clips\nare all of one class")


def _figure(path: Path | str, draw: Callable, reason: str = "") -> None:
    """Draw into new axes and save them; with a reason why that cannot be, write the reason instead."""
    figure, axes = pyplot.subplots()
    if reason:
        axes.text(0.5, 0.5, reason, ha="center", va="center")
        axes.set_axis_off()
    else:
        draw(axes)
    with atomic.replacing(path) as temporary:
        figure.savefig(temporary, metadata={"Date": None})
    pyplot.close(figure)
