"""subtitles.csv and the folder subtitles: a file for each film with visits, which players show over it. Bursts have none."""

import argparse
from itertools import groupby

from ... import atomic
from ...clock import clock
from ...errors import printable
from ...tables import write_rows
from ...video.video_report import PICTURES
from ..found_visits import FoundVisits, Row, span


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write a subtitle for each visit: its number, from when to when it is shown, and what it is. Files of an earlier run are deleted."""
    for file in args.earlier:
        file.unlink()
    rows = []
    for video, visits in groupby(found.visits, lambda visit: visit["video"]):
        if found.facts(video)[PICTURES]:
            continue
        shown = []
        for visit in visits:
            begin, end = (f"0{clock(seconds)}".replace(".", ",") for seconds in span(visit))
            shown.append(f"{visit['visit']}\n{begin} --> {end}\n{_said(visit)}\n")
        atomic.write_text(found.folder / f"subtitles/{video}.srt", "\n".join(shown))
        rows.append((video, f"subtitles/{video}.srt"))
    write_rows([("video", "file"), *rows], found.folder / "subtitles.csv")


def _said(visit: Row) -> str:
    """The name and the count, if a person has given them; else the score."""
    if visit["name"] or visit["count"]:
        return printable(f"{visit['count']} {visit['name']}".strip())
    return f"visit, score {visit['score']}" if visit["score"] else "visit"
