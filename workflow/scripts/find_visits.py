"""Find the visits of animals in the videos: tracks whose clips the model takes for an animal, joined over short pauses."""

import argparse
import sys
from datetime import datetime
from pathlib import Path

from meerkat import atomic
from meerkat.errors import examples, run_program
from meerkat.settings import options
from meerkat.settings.annotate import Deployments, Joining, Pictures
from meerkat.settings.videos import StartPattern, VideoTable
from meerkat.tables import csv_text
from meerkat.video import camtrap_dp, motion_files, playlist, video_files, video_report, visit_pictures, visit_tables
from meerkat.video.camtrap_dp import Place
from meerkat.video.chapters import Recorded
from meerkat.video.events import NOWHERE, Occurrence, number_events, overlapping
from meerkat.video.scored_videos import ScoredVideo, ScoredVideos
from meerkat.video.taken import Start, Taken
from meerkat.video.visits import Visit
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    ScoredVideos.add_options(parser)
    parser.add_argument("--output", required=True, type=Path, help="folder for visits.csv, visits.m3u8, videos.csv and the pictures")
    options.add(parser, Joining, Pictures, Deployments, VideoTable, StartPattern)
    args = parser.parse_args()

    videos = ScoredVideos(args)
    taken = Taken(args.table, args.start_pattern, videos.listed)
    found: list[tuple[str, int, Visit]] = []
    when: list[Occurrence] = []
    shown: list[tuple[datetime | None, datetime | None]] = []
    films: list[tuple] = []
    filmed: dict[str, Occurrence] = {}
    changing: list[str] = []
    places = camtrap_dp.read_places(args.deployments) if args.deployments else {}
    told = ((name, videos.facts(name)) for name in videos.paths)
    starts = taken.starts({name: Recorded(facts[video_report.CREATED], video_report.length(facts)) for name, facts in told})
    for video in videos:
        visits = video.visits(videos.threshold, args.join)
        site = taken.site(video.name)
        place = camtrap_dp.place_of(site, places)
        if (given := starts[video.name]) and camtrap_dp.has_two_meanings(given.time, place):
            changing.append(f"{video.name}: {given.time}")
        start = _zoned(given, place)
        found += [(video.name, number, visit) for number, visit in enumerate(visits, 1)]
        when += [Occurrence(site, *_instants(start, visit.begin, visit.end)) for visit in visits]
        shown += [tuple(start.after(seconds) if start else None for seconds in (visit.begin, visit.end)) for visit in visits]
        films.append(visit_tables.video_row(video, site, start, len(visits)))
        filmed[video.name] = Occurrence(site, *_instants(start, 0, float(video.facts[video_report.SECONDS])))
        _write_folder(args.output / video.name, video, visits, args)
    doubtful = overlapping(filmed)
    events = number_events([where if name not in doubtful else NOWHERE for (name, _, _), where in zip(found, when, strict=True)], args.join)
    rows = [
        visit_tables.visit_row(*which, where.site, times, event)
        for which, where, times, event in zip(found, when, shown, events, strict=True)
    ]
    atomic.write_text(args.output / "visits.csv", csv_text([visit_tables.VISIT_COLUMNS, *rows]))
    atomic.write_text(args.output / "videos.csv", csv_text([visit_tables.VIDEO_COLUMNS, *films]))
    played = [(videos.paths[name], *playlist.with_a_little_around(visit.begin, visit.end)) for name, _, visit in found]
    entries = [playlist.entry(*piece, args.output) for piece in played]
    atomic.write_text(args.output / "visits.m3u8", "".join([playlist.HEADER, *entries]))
    _tell(args, taken, doubtful, list(videos.paths))
    if changing:
        print(
            f"{count(len(changing), 'video begins', 'videos begin')} in the hour in which clocks are changed, which has two meanings. "
            f"The first is taken. Write the offset, as in +01:00, if you know it:\n{examples(changing)}",
            file=sys.stderr,
        )
    print(f"{count(len(set(events)), 'visit')} in {count(len(films), 'video')}.", file=sys.stderr)


def _zoned(start: Start | None, place: Place | None) -> Start | None:
    """The start with the time zone of its site, where it is written without one and the table of deployments tells it."""
    return start and Start(camtrap_dp.zoned(start.time, place), start.source)


def _instants(start: Start | None, *seconds: float) -> tuple[datetime | None, ...]:
    return tuple(start.instant(moment) if start else None for moment in seconds)


def _tell(args: argparse.Namespace, taken: Taken, doubtful: set[str], names: list[str]) -> None:
    """Say which sites there are, and what looks wrong with times and sites."""
    print(taken.sites_line(), file=sys.stderr)
    if taken.unused:
        print(
            f"{args.table}: {count(len(taken.unused), 'line')} of no video here:\n{examples(taken.unused)}\n"
            f"Write paths below {args.folder}, such as {taken.an_example()}.",
            file=sys.stderr,
        )
    if taken.unfitting:
        print(f"videos: start_pattern: {len(taken.unfitting)} names hold no date for it:\n{examples(taken.unfitting)}", file=sys.stderr)
    if doubtful:
        print(
            f"{len(doubtful)} videos overlap another one of their site in time. Is a clock wrong, or has the site two cameras? Their "
            f"visits are not joined to those of other videos:\n{examples(sorted(doubtful))}",
            file=sys.stderr,
        )
    gone = video_report.leftovers(args.output, [*names, *video_files.TAKEN_FOLDERS])
    if gone:
        print(gone.strip(), file=sys.stderr)


def _write_folder(folder: Path, video: ScoredVideo, visits: list[Visit], args: argparse.Namespace) -> None:
    """The folder of a video with annotations.csv and pictures; those of an earlier run are deleted."""
    for picture in folder.glob("[0-9]*.jpg"):
        picture.unlink()
    tracks = [track for visit in visits for track in visit.tracks]
    atomic.write_text(folder / "annotations.csv", csv_text([visit_tables.ANNOTATION_COLUMNS, *visit_tables.annotation_rows(tracks)]))
    kept = {"best": [visit.best for visit in visits], "all": tracks, "none": []}[args.keep]
    stills = args.motion / video.name / motion_files.STILLS
    visit_pictures.keep(kept, stills, int(video.facts[video_report.WIDTH]), args.draw_boxes, folder)


run_program(main)
