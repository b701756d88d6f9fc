"""The report's page: what its template needs, in the words of its reader."""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from jinja2 import Environment, StrictUndefined

from .errors import printable
from .galleries import Gallery
from .thumbnails import data_uri

# Rows of a table; a page with a row for each of a thousand videos would be read by nobody.
SHOWN = 30

METRICS = {
    "accuracy": "Accuracy: share of clips that are called rightly",
    "balanced_accuracy": "Balanced accuracy: mean of recall and specificity",
    "recall": "Recall: share of the animals that are found",
    "specificity": "Specificity: share of the background that is called background",
    "precision": "Precision: share of animals among the clips called positive",
    "f1": "F1: balance of precision and recall",
    "roc_auc": "Area under the ROC curve",
    "average_precision": "Average precision",
    "log_loss": "Log loss (lower is better)",
    "brier": "Brier score (lower is better)",
}
_NOT_SHARES = {"log_loss", "brier"}


@dataclass(frozen=True)
class Figure:
    """A figure as a data URI, its title, and what it shows."""

    source: str
    title: str
    caption: str


def figure(picture: Path, caption: Path) -> Figure:
    """The SVG file `picture` with the caption file's first line as its title and the rest as its caption."""
    title, _, text = caption.read_text().partition("\n")
    return Figure(data_uri(picture.read_bytes(), "image/svg+xml"), title.strip("* "), " ".join(text.split()))


def render(
    template: str,
    *,
    metrics: dict,
    galleries: list[Gallery],
    figures: list[Figure],
    videos: pd.DataFrame,
    facts: dict,
    audit: dict,
    rejected: list[dict[str, str]],
    provenance: dict,
) -> str:
    """The page as HTML. The names are those of the files they come from; `facts` are the head's."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "percent": percent,
        "interval": interval,
        "value": value,
        "printable": printable,
        "count": count,
        "score": score,
    }
    # Where videos are on both sides, the clips of the others are what tells how good the model is elsewhere.
    leaked = metrics["free_of_leaks"] is not None and metrics["free_of_leaks"]["clips"] != metrics["clips"]
    worst = videos.assign(lost=videos["positives"] - videos["found"]).sort_values(
        ["lost", "false_alarms", "video"], ascending=[False, False, True]
    )
    page = environment.from_string(template).render(
        metrics=metrics,
        headline=metrics["free_of_leaks"] if leaked else metrics,
        leaked=leaked,
        names=METRICS,
        not_shares=_NOT_SHARES,
        galleries=galleries,
        figures=figures,
        videos=worst.head(SHOWN).to_dict("records"),
        number_of_videos=len(videos),
        facts=facts,
        audit=audit,
        counts=_counts_by_video(audit),
        rejected=rejected[:SHOWN],
        number_of_rejected=len(rejected),
        provenance=provenance,
        settings=_flat(provenance["settings"]),
        shown=SHOWN,
    )
    return page.encode(errors="replace").decode()


def count(number: int, noun: str) -> str:
    """`1 clip`, `2 clips`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def score(threshold: float) -> str:
    """A threshold with four digits, never more than it is: what is scored so much is kept."""
    return f"{math.floor(threshold * 10_000) / 10_000:.4f}"


def percent(share: float) -> str:
    """0.9375 as `94 %`; near the ends as `99.6 %`. The space does not break."""
    return f"{_number(share)}\u00a0%"


def interval(metric: dict) -> str:
    """The ends of a metric's interval as percentages, `79 to 99.6 %`."""
    return "no interval" if metric["low"] is None else f"{_number(metric['low'])} to {percent(metric['high'])}"


def value(metric: dict, share: bool = True) -> str:
    """A metric with its interval, or why it is not defined."""
    if metric["value"] is None:
        return f"not defined: {metric['reason']}"
    if share:
        return f"{percent(metric['value'])} ({interval(metric)})"
    ends = f" ({metric['low']:.3f} to {metric['high']:.3f})" if metric["low"] is not None else ""
    return f"{metric['value']:.3f}{ends}"


def _number(share: float) -> str:
    return f"{100 * share:.1f}" if 0.98 < share < 1 or 0 < share < 0.02 else f"{100 * share:.0f}"


def _counts_by_video(audit: dict) -> list[dict]:
    """The largest videos: {"split", "video", "positive", "negative"}."""
    rows = [
        {"split": {"train": "Training", "eval": "Testing"}[split], "video": video, **counts}
        for split, videos in audit["videos"].items()
        for video, counts in videos.items()
    ]
    return sorted(rows, key=lambda row: -row["positive"] - row["negative"])


def _flat(settings: dict, where: str = "") -> list[tuple[str, object]]:
    rows = []
    for name, entry in settings.items():
        rows += _flat(entry, f"{where}{name}: ") if isinstance(entry, dict) else [(f"{where}{name}", entry)]
    return rows
