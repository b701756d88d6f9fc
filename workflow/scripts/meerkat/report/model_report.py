"""The report's page: gives the template its values, in the words of the reader."""

from pathlib import Path

import pandas as pd

from ..advice.next_step import is_vague, next_step
from ..advice.situation import Sorting, Trained, in_use
from ..data.clips import SPLITS
from ..evaluate import threshold_rows
from ..evaluate.figures import FIGURES
from ..evaluate.leak_free import leak_free
from ..evaluate.metrics import FIRST, METRICS
from . import pages
from .galleries import Gallery
from .thumbnails import data_uri

# Rows of a table; nobody would read a page with a row for each of a thousand videos.
SHOWN = 30


def pictures(folder: Path) -> dict[str, str]:
    """The figures in the folder, which are SVG files, by their names, as data URIs."""
    return {name: data_uri((folder / f"{name}.svg").read_bytes(), "image/svg+xml") for name in FIGURES}


def render(
    template: Path,
    *,
    trained: Trained,
    sorting: Sorting | None,
    galleries: list[Gallery],
    pictures: dict[str, str],
    videos: pd.DataFrame,
    facts: dict,
    audit: dict,
    rejected: list[dict[str, str]],
    provenance: dict,
    drawn: int,
    visits_audit: dict | None,
) -> str:
    """The page as HTML. Arguments have the names of their files. `facts` are the head's. `drawn` is the number of Testing clips
    of videos that the page for sorting drew by chance. `sorting` is None if that page was not used.
    """
    metrics = trained.metrics
    shown, leaked = leak_free(metrics)
    worst = videos.assign(lost=videos["positives"] - videos["found"]).sort_values(
        ["lost", "false_alarms", "video"], ascending=[False, False, True]
    )
    return pages.fill(
        template,
        metrics=metrics,
        headline=shown,
        leaked=leaked,
        names=METRICS,
        first=FIRST,
        chosen=trained.chosen,
        is_vague=is_vague(trained.chosen["recall"]),
        points=threshold_rows.merged(shown["operating_points"]),
        step=next_step(sorting, trained),
        estimated=in_use(metrics["estimate"], metrics),
        places=_places(metrics),
        galleries=galleries,
        total={gallery.name: gallery.total for gallery in galleries},
        figures=FIGURES,
        pictures=pictures,
        videos=worst.head(SHOWN).to_dict("records"),
        number_of_videos=len(videos),
        facts=facts,
        audit=audit,
        counts=_counts_by_video(audit),
        rejected=rejected[:SHOWN],
        number_of_rejected=len(rejected),
        provenance=provenance,
        drawn=drawn,
        check=trained.check,
        visits_audit=visits_audit,
        settings=_flat(provenance["settings"]),
        splits=SPLITS,
        shown=SHOWN,
    )


def _places(metrics: dict) -> list[tuple[str, dict]]:
    """The columns of the table of sites: title and figures."""
    estimate = metrics["estimate"] if metrics["estimate"]["unit"] == "site" else None
    parts = {
        "Testing, sites never seen": metrics["sites"]["new"],
        "Cross-fitting, sites never seen": estimate,
        "Testing, sites in Training": metrics["sites"]["seen"],
    }
    return [(title, part) for title, part in parts.items() if part]


def _counts_by_video(audit: dict) -> list[dict]:
    """The largest videos: {"split", "video", "positive", "negative"}."""
    rows = [
        {"split": SPLITS[split], "video": video, **counts} for split, videos in audit["videos"].items() for video, counts in videos.items()
    ]
    return sorted(rows, key=lambda row: -row["positive"] - row["negative"])


def _flat(settings: dict, where: str = "") -> list[tuple[str, object]]:
    rows = []
    for name, entry in settings.items():
        rows += _flat(entry, f"{where}{name}: ") if isinstance(entry, dict) else [(f"{where}{name}", entry)]
    return rows
