"""films.csv and the folder films: a short film of each visit, with its sound. People and cars are hidden, and not heard."""

import argparse

import numpy as np

from ...errors import examples
from ...log import log
from ...tables import write_rows
from ...video import film_cut
from ...video.boxes import Box
from ...video.hidden import NEAR
from ...video.video_report import HEIGHT, WIDTH
from ...video.videos import UnreadableVideo
from ..found_visits import FoundVisits, a_little_around

# Below the folder of annotations.
_FOLDER = "films"


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Cut the films; if one cannot be cut, the table gives the reason."""
    for film in args.earlier:  # also of films that have another name now: nothing may stay there that is to be hidden
        film.unlink()
    rows = []
    for visit in found.visits:
        file, problem = f"{_FOLDER}/{visit['video']}_visit_{visit['visit']}{film_cut.ENDING}", ""
        begin, end = a_little_around(visit)
        try:
            hidden = _hidden(found, visit["video"], begin, end)
            film_cut.cut(found.recording(visit["video"]), begin, end, found.folder / file, args.threads, hidden=hidden)
        except UnreadableVideo as error:
            problem = str(error)
        rows.append((visit["video"], visit["visit"], "" if problem else file, problem))
    write_rows([("video", "visit", "file", "problem"), *rows], found.folder / "films.csv")
    failed = [f"{found.paths[video]}: {problem}" for video, _, _, problem in rows if problem]
    if failed:
        log.info(f"No film could be cut of {len(failed)} of {len(rows)} visits:\n{examples(failed)}")


def _hidden(found: FoundVisits, video: str, begin: float, end: float) -> film_cut.Hidden:
    """When and where something is hidden in a piece of a film: what moves in private visits. If nothing moves in one, the whole picture is
    hidden, because nobody knows where the person is."""
    hidden: list[tuple[float, Box]] = []
    for visit, boxes in found.private(video):
        hidden += [(box.seconds, Box(box.x, box.y, box.w, box.h)) for box in boxes.itertuples()]
        if boxes.empty:
            facts, (first, last) = found.facts(video), a_little_around(visit)
            whole = Box(0, 0, int(facts[WIDTH]), int(facts[HEIGHT]))
            hidden += [(seconds, whole) for seconds in np.arange(first, last + NEAR, NEAR)]
    return [(seconds, box) for seconds, box in hidden if begin - NEAR <= seconds <= end + NEAR]
