"""Find the visits of animals in the videos: passages that the model takes for an animal, joined over short pauses. What a person has sorted
or reviewed stands above the scores."""

import argparse
import json
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from pathlib import Path

from meerkat import atomic
from meerkat.data import deepmeerkat, predictions
from meerkat.errors import examples, run_program
from meerkat.log import log
from meerkat.settings import options
from meerkat.settings.annotate import Joining, Threshold
from meerkat.settings.videos import CameraTable, StartPattern
from meerkat.tables import write_rows
from meerkat.video import motion_files, video_files, video_report
from meerkat.video.taken import Start, Taken
from meerkat.visits import found_by, names, passages, places_of_passages, reviews, sorted_passages, visit_tables
from meerkat.visits.deciding import decide, number_visits
from meerkat.visits.events import NOWHERE, Occurrence, number_events, overlapping
from meerkat.visits.movement import movements
from meerkat.visits.outputs import FOLDERS
from meerkat.visits.weighing import BURSTS, FILMS, PIXELS_ALONE, Weighing, read_weighing
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--folder", required=True, help="the folder of videos, whose sub-folders are sites; people write paths below it")
    parser.add_argument("--scores", required=True, help="CSV file of score_clips.py")
    parser.add_argument("--model", required=True, help="folder of the model that gave the scores")
    parser.add_argument("--guess", action=argparse.BooleanOptionalAction, help="the model is not trained on sorted clips")
    parser.add_argument("--weighing", type=Path, help="weighing.json of weigh_passages.py, if the model is ours")
    parser.add_argument("--said", required=True, type=Path, help="folder of sorted clips, reviews.csv and names.csv; it may be missing")
    parser.add_argument("--output", required=True, type=Path, help="folder for visits.csv, videos.csv, passages.csv and decided_by.json")
    options.add(parser, Threshold, Joining, CameraTable, StartPattern)
    args = parser.parse_args()

    listed = video_files.read_list(args.videos, args.folder)
    facts = video_report.read_all(args.motion, listed.paths)
    taken = Taken.of_searched(args.cameras, args.start_pattern, listed, facts)
    weighing, scores = _weighing(args), passages.read_scores(args.scores)
    threshold = weighing.threshold
    sorted_as = sorted_passages.read(args.said, args.motion, listed)
    reviewed, known_names = reviews.Reviews(args.said / reviews.NAME), names.Names(args.said / names.NAME)
    visits: list[dict] = []
    when: list[Occurrence] = []
    videos, judged, found_in, not_shown = [], [], [], 0
    for name, path in listed.paths.items():
        site, start, deployment = taken.site(name), taken.start(name), taken.deployment(name)
        place, boxes = deployment and deployment.place, motion_files.read_boxes(args.motion / name)
        by_pixels, of_film = passages.judge(args.motion / name, boxes, scores), reviewed.of(listed.films[name].id, name)
        of_video = weighing.weigh(by_pixels, partial(movements, boxes), BURSTS if listed.films[name].pictures else FILMS)
        track_at = places_of_passages.finder(of_video, args.motion / name)
        found = decide(of_video, sorted_as.get(name, {}), of_film, track_at, threshold, args.join)
        by_score = decide(of_video, {}, [], track_at, threshold, args.join)
        numbered = list(number_visits(of_video, found, by_score))
        not_shown += sum(names.is_person_or_vehicle(passage.kind) and passage.visit is None for passage in numbered)
        found_in += [{passage.found_by for passage in visit.passages} for visit in found.visits]
        for number, visit in enumerate(found.visits, 1):
            row = {"video": name, "path": path, "site": site, "visit": number, "threshold": threshold}
            visits.append(row | visit_tables.visit_facts(visit, boxes, start, place, known_names))
            when.append(Occurrence(site, *_instants(start, visit.begin, visit.end)))
        judged += [passages.row(name, passage) for passage in numbered]
        videos.append(visit_tables.video_row(name, path, taken, facts[name], len(of_video), len(found.visits)))
    filmed = {
        name: Occurrence(taken.site(name), *_instants(taken.start(name), 0, float(facts[name][video_report.SECONDS]))) for name in facts
    }
    doubtful = overlapping(filmed)
    places_known = [where if visit["video"] not in doubtful else NOWHERE for visit, where in zip(visits, when, strict=True)]
    for visit, event in zip(visits, number_events(places_known, args.join), strict=True):
        visit["event"] = event
    rows = [[visit[column] for column in visit_tables.VISIT_COLUMNS] for visit in visits]
    for file, table in {
        "visits.csv": [visit_tables.VISIT_COLUMNS, *rows],
        "videos.csv": [visit_tables.VIDEO_COLUMNS, *videos],
        "passages.csv": [passages.COLUMNS, *judged],
    }.items():
        write_rows(table, args.output / file)
    meant = {visit["name"]: known_names.of(visit["name"]) for visit in visits if visit["name"]}
    by = {
        "model": args.model,
        "is_guess": args.guess,
        "threshold": threshold,
        "weighs": weighing.weighs,
        "names": {name: meant[name]._asdict() for name in sorted(meant)},
    }
    atomic.write_text(args.output / "decided_by.json", json.dumps(by, default=dict, indent=2) + "\n")
    _tell(args, taken, doubtful, listed.paths)
    if any(film.detected for film in listed.films.values()):
        log.info(found_by.line(found_in, not_shown))
    if args.guess:
        log.info("These visits are a guess: not enough is sorted to train a model. Next: python3 start.py sort, with this configuration.")
    log.info(f"{count(len({visit['event'] for visit in visits}), 'visit')} in {listed.counted()}.")


def _weighing(args: argparse.Namespace) -> Weighing:
    """The weighing in the file, else the pixels alone with DeepMeerkat's own threshold; a guess is a visit if an animal is likelier than
    none. A threshold that is given counts."""
    threshold = predictions.THRESHOLD if args.guess else deepmeerkat.THRESHOLD
    found = read_weighing(args.weighing) if args.weighing else Weighing(threshold, PIXELS_ALONE)
    return found if args.threshold is None else found._replace(threshold=args.threshold)


def _instants(start: Start | None, *seconds: float) -> tuple[datetime | None, ...]:
    return tuple(start.instant(moment) if start else None for moment in seconds)


def _tell(args: argparse.Namespace, taken: Taken, doubtful: set[str], names: Iterable[str]) -> None:
    """Print which sites there are, and which videos overlap; list_videos has printed what else looks wrong with times and sites."""
    log.info(taken.sites_line())
    if doubtful:
        log.warning(
            f"{len(doubtful)} videos overlap in time with another video of their site. Is a clock wrong, or does the site have two "
            f"cameras? Their visits are not joined with those of other videos:\n{examples(sorted(doubtful))}"
        )
    gone = video_report.leftovers(args.output, [*names, *FOLDERS])
    if gone:
        log.info(gone.strip())


run_program(main)
