"""The figures. A new one is a function with `@figure`: it is drawn and appears in the report.

Colour-blind people can distinguish the colours (Okabe and Ito, 2008). matplotlib and scikit-learn take seconds to import; the rules need
only the names, and do not import them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import atomic
from ..data.labels import LABELS

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#767676"


@dataclass(frozen=True)
class Evaluated:
    """The data that figures are drawn from.

    truth             int [clips], 1 = positive
    p_positive        float [clips], probability of positive
    videos, sites     texts [clips]; a site is empty if unknown
    operating_points  as in metrics.json
    heads             the training of each head, as in the head's facts
    positive_share    scores mean what they say if this share of the clips is positive
    """

    truth: np.ndarray
    p_positive: np.ndarray
    videos: np.ndarray
    sites: np.ndarray
    operating_points: Sequence[dict]
    heads: Sequence[dict]
    positive_share: float

    def lacks_numbers(self) -> str:
        """Why nothing can be drawn from the scores; empty if it can."""
        return "" if np.isfinite(self.p_positive).all() else "not defined:\nsome scores are not numbers"

    def lacks_a_class(self) -> str:
        """Why no curve over thresholds can be drawn; empty if it can."""
        both = len(np.unique(self.truth)) == 2
        return self.lacks_numbers() or ("" if both else "not defined: the Testing clips\nare all of one class")


@dataclass(frozen=True)
class Figure:
    """A figure: its title and caption in the report, the function that draws it into axes, and the one that says why it cannot be drawn."""

    title: str
    caption: str
    draw: Callable
    why_not: Callable[[Evaluated], str]


# The figures of an evaluation by their names, in the order of the report.
FIGURES: dict[str, Figure] = {}


def figure(title: str, caption: str, why_not: Callable[[Evaluated], str] = lambda data: ""):
    """Decorator: adds a function that draws `Evaluated` into axes to FIGURES, under the function's name."""

    def register(draw: Callable) -> Callable:
        FIGURES[draw.__name__] = Figure(title, caption, draw, why_not)
        return draw

    return register


def draw_all(data: Evaluated, folder: Path) -> None:
    """Draw each of FIGURES into an SVG file of its name, with its caption beside it as reStructuredText for `snakemake --report`. A figure
    that cannot be drawn says why."""
    for name, entry in FIGURES.items():
        draw(name, data, folder / f"{name}.svg")
        atomic.write_text(folder / f"{name}.rst", f"**{entry.title}**\n\n{entry.caption}\n")


def draw(name: str, data: Evaluated, path: Path | str) -> None:
    """Draw one of FIGURES into an SVG file."""
    entry = FIGURES[name]
    _save(lambda axes: entry.draw(axes, data), path, entry.why_not(data))


@figure(
    "Right and wrong calls",
    "How many Testing clips of each class the model called positive or negative, when the class with the higher score wins.",
)
def confusion_matrix(axes, data: Evaluated) -> None:
    from sklearn.metrics import ConfusionMatrixDisplay

    from ..data.predictions import THRESHOLD

    ConfusionMatrixDisplay.from_predictions(
        data.truth, data.p_positive >= THRESHOLD, labels=[1, 0], display_labels=LABELS, cmap="Blues", colorbar=False, ax=axes
    )
    axes.set(xlabel="called by the model", ylabel="sorted by a person")


@figure(
    "What keeping more animal clips costs",
    "For every threshold, the share of the animal clips of Testing that are kept and the share of all Testing clips that are left "
    "to watch. The marks are the thresholds of the table. A model that keeps all animal clips and nothing else would reach the "
    "dotted line.",
    Evaluated.lacks_a_class,
)
def review_rate(axes, data: Evaluated) -> None:
    from sklearn.metrics import roc_curve

    false_alarms, recall, _ = roc_curve(data.truth, data.p_positive)
    axes.plot(recall, recall * data.truth.mean() + false_alarms * (1 - data.truth.mean()), color=BLUE, label="all thresholds")
    places: list[tuple[float, float]] = []
    defined = [point for point in data.operating_points if point["threshold"] is not None]
    for marker, point in zip("osD^vP*X<>hd", defined, strict=False):
        place = (point["recall"]["value"], point["review_rate"]["value"])
        # If several marks are at one place, each one is smaller than the one before, so that all can be seen.
        size = 11 - 2 * sum(place == other for other in places)
        places.append(place)
        label = f"from {point['threshold']:.2g}: {point['name']}"
        axes.plot(*place, marker, color=ORANGE, markeredgecolor="black", markersize=size, label=label)
    axes.axhline(data.truth.mean(), color=GREY, linestyle=":", label="animal clips among all")
    axes.set(xlabel="share of animal clips kept (recall)", ylabel="share of clips to watch", ylim=(0, 1.03))
    axes.figure.legend(loc="outside lower center", fontsize=8)


@figure(
    "ROC curve",
    "For every threshold, the share of the animal clips of Testing that are kept and the share of the background that is called positive. "
    "The farther the curve is from the diagonal, the better.",
    Evaluated.lacks_a_class,
)
def roc(axes, data: Evaluated) -> None:
    from sklearn.metrics import RocCurveDisplay

    RocCurveDisplay.from_predictions(
        data.truth, data.p_positive, name="this model", ax=axes, plot_chance_level=True, curve_kwargs={"color": BLUE}
    )
    axes.set(xlabel="share of background called positive", ylabel="share of animal clips kept (recall)")


@figure(
    "Precision and recall",
    "For every threshold, the share of the animal clips of Testing that are kept and their share of the clips called positive.",
    Evaluated.lacks_a_class,
)
def precision_recall(axes, data: Evaluated) -> None:
    from sklearn.metrics import PrecisionRecallDisplay

    PrecisionRecallDisplay.from_predictions(data.truth, data.p_positive, name="this model", ax=axes, curve_kwargs={"color": BLUE})
    axes.set(xlabel="share of animal clips kept (recall)", ylabel="share of animal clips among those kept (precision)")


@figure(
    "Scores by class",
    "How many Testing clips of each class got which score. The less the two overlap, the better.",
    Evaluated.lacks_numbers,
)
def scores(axes, data: Evaluated) -> None:
    bins = np.linspace(0, 1, 21)
    axes.hist(data.p_positive[data.truth == 1], bins, color=BLUE, alpha=0.6, label="animal clips (positive)")
    axes.hist(data.p_positive[data.truth == 0], bins, histtype="step", color=ORANGE, linewidth=2, label="background (negative)")
    axes.set(xlabel="score (probability of positive)", ylabel="clips")
    axes.legend()


@figure(
    "Do scores mean what they say?",
    "Of the Testing clips with about the same score, the share that show an animal. On the dotted line, eight in ten clips scored 0.8 "
    "do. Both classes are weighted to the share of animal clips that the scores are made for. Points with few clips may lie far off "
    "by chance.",
    Evaluated.lacks_numbers,
)
def reliability(axes, data: Evaluated) -> None:
    from ..train import calibration

    weights = calibration.weights_for(data.truth, data.positive_share)
    score, share, clips, _ = zip(*calibration.reliability(data.truth, data.p_positive, weights), strict=True)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="scores that mean what they say")
    axes.plot(score, share, color=BLUE, marker="o", label="this model")
    for place in zip(score, share, clips, strict=True):
        axes.annotate(f"{place[2]}", place[:2], textcoords="offset points", xytext=(5, -9), fontsize=7)
    axes.set(xlabel="score (the numbers count clips)", ylabel="share of animal clips", xlim=(-0.03, 1.06), ylim=(-0.06, 1.06))
    axes.figure.legend(loc="outside lower center", ncols=2)


@figure(
    "Training",
    "Loss of each head on the clips that it was trained on and on those that it held out, by step. The points are the weights that are "
    "kept. If the held-out loss rises while the other falls, the head learns its clips by heart. Then more videos help.",
)
def training(axes, data: Evaluated) -> None:
    for head in data.heads:
        steps = [entry["step"] for entry in head["history"]]
        (trained,) = axes.plot(steps, [entry["train_loss"] for entry in head["history"]], color=ORANGE, linestyle="--", linewidth=1)
        (held_out,) = axes.plot(steps, [entry["eval_loss"] for entry in head["history"]], color=BLUE, linewidth=1)
        (kept,) = axes.plot(head["kept"]["step"], head["kept"]["eval_loss"], "o", color=BLUE, markeredgecolor="black")
    axes.set(xlabel="step", ylabel="loss (cross-entropy)", ylim=(0, None))
    axes.legend([trained, held_out, kept], ["trained on", "held out", "weights that are kept"])


def learning_curve(rows: Sequence[dict], path: Path | str) -> None:
    """Draw two metrics with their intervals against the clips trained on; rows: {"clips", "accuracy", "roc_auc"}."""

    def into(axes) -> None:
        for name, title, color, marker in [("accuracy", "accuracy", BLUE, "o"), ("roc_auc", "area under the ROC curve", ORANGE, "s")]:
            points = [(row["clips"], row[name]) for row in rows if row[name]["value"] is not None]
            values = [metric["value"] for _, metric in points]
            ends = [
                [abs(metric["value"] - (metric[end] if metric[end] is not None else metric["value"])) for _, metric in points]
                for end in ("low", "high")
            ]
            axes.errorbar([clips for clips, _ in points], values, ends, color=color, marker=marker, capsize=3, label=title)
        axes.set(xlabel="Training clips, from more and more videos", ylabel="on the Testing clips, with 95 % intervals", ylim=(None, 1.01))
        axes.legend(loc="lower right")

    reason = "" if any(row["accuracy"]["value"] is not None for row in rows) else "not defined:\nno share of the videos has both classes"
    _save(into, path, reason)


def _save(into: Callable, path: Path | str, reason: str) -> None:
    """Draw into new axes and save them. If there is a reason why that is impossible, write the reason instead."""
    import matplotlib

    matplotlib.use("Agg")
    # The same figure gives the same bytes: no random identifiers, no date.
    matplotlib.rcParams.update({"svg.hashsalt": "figure", "figure.figsize": (5, 4), "figure.constrained_layout.use": True})
    from matplotlib import pyplot

    picture, axes = pyplot.subplots()
    if reason:
        axes.text(0.5, 0.5, reason, ha="center", va="center")
        axes.set_axis_off()
    else:
        into(axes)
    with atomic.replacing(path) as temporary:
        picture.savefig(temporary, metadata={"Date": None})
    pyplot.close(picture)
