"""films.csv and the folder films: a short film of each visit, with its sound. People and cars are hidden, and not heard."""

import argparse

from ...errors import examples
from ...log import log
from ...tables import write_rows
from ...video import film_cut, playlist
from ...video.boxes import Box
from ...video.videos import UnreadableVideo
from ..found_visits import FoundVisits, Row, span

# Below the folder of annotations.
_FOLDER = "films"


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Cut the films; if one cannot be cut, the table gives the reason."""
    for film in args.earlier:
        if film.stem.rpartition("_")[0] in found.paths:
            film.unlink()
    rows = []
    for visit in found.visits:
        file, problem = f"{_FOLDER}/{visit['video']}_{visit['visit']}{film_cut.ENDING}", ""
        begin, end = playlist.with_a_little_around(*span(visit))
        try:
            hidden = _boxes(found, visit) if found.named(visit).is_private else []
            film_cut.cut(found.recording(visit["video"]), begin, end, found.folder / file, args.threads, hidden=hidden)
        except UnreadableVideo as error:
            problem = str(error)
        rows.append((visit["video"], visit["visit"], "" if problem else file, problem))
    write_rows([("video", "visit", "file", "problem"), *rows], found.folder / "films.csv")
    failed = [f"{found.paths[video]}: {problem}" for video, _, _, problem in rows if problem]
    if failed:
        log.info(f"No film could be cut of {len(failed)} of {len(rows)} visits:\n{examples(failed)}")


def _boxes(found: FoundVisits, visit: Row) -> film_cut.Hidden:
    """When and where something moves in a visit."""
    tracks = [passage.track for passage in found.passages[visit["video"]] if passage.visit == int(visit["visit"])]
    boxes = found.boxes(visit["video"])
    return [(box.seconds, Box(box.x, box.y, box.w, box.h)) for box in boxes[boxes["track"].isin(tracks)].itertuples()]
