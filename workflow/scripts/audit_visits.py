"""Estimate how many visits are missed, and how many are false, from what people have seen in moments that were drawn by chance."""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from meerkat import atomic
from meerkat.audit import files, threshold
from meerkat.audit.draws import Drawn, Draws
from meerkat.audit.looks import UNSURE, Looks, key_of
from meerkat.audit.sample import Sample
from meerkat.audit.seen import finder
from meerkat.errors import run_program
from meerkat.log import log
from meerkat.settings import options
from meerkat.settings.annotate import Joining
from meerkat.settings.evaluate import OperatingRecall
from meerkat.video import video_files
from meerkat.visits.found_visits import FoundVisits
from meerkat.visits.passages import Passage
from meerkat.wording import by_audit, count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    FoundVisits.add_options(parser)
    parser.add_argument("--listed", required=True, help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--folder", required=True, help="the folder of videos; people write paths below it")
    parser.add_argument("--said", required=True, type=Path, help="folder with draws.csv and looks.csv")
    parser.add_argument("--training", help="CSV file with the Training clips of the model, if it is ours")
    parser.add_argument("--audit", required=True, help="JSON file to write: the shares and numbers with their intervals")
    options.add(parser, Joining, OperatingRecall)
    args = parser.parse_args()

    found = FoundVisits(args.annotations, args.motion)
    listed = video_files.read_list(args.listed, args.folder)
    name_of = {film.id: name for name, film in listed.films.items() if name in found.paths}
    drawn = [one for one in Draws(args.said / files.DRAWS).moments if one.moment.film in name_of]
    looked = Looks(args.said / files.LOOKS)
    known = found.in_training(args.training, found.paths)
    unknown = [one for one in drawn if name_of[one.moment.film] not in known]
    passages = {film: found.passages[name] for film, name in name_of.items()}
    found_in = finder(passages, args.join)
    estimates = {part: _told(Sample(of, found_in, looked.current)) for part, of in {"all": drawn, "not_in_training": unknown}.items()}
    here = {key_of(one) for one in drawn}
    hours = sum(one.moment.end - one.moment.begin for one in drawn) / 3600
    audit = estimates["all"] | {
        "not_in_training": estimates["not_in_training"],
        "films": len({one.moment.film for one in drawn}),
        "films_not_drawn": len(name_of.keys() - {one.moment.film for one in drawn}),
        "films_in_training": len({one.moment.film for one in drawn} - {one.moment.film for one in unknown}),
        "hours": hours,
        "false_per_hour": {end: number and number / hours for end, number in estimates["all"]["false"].items()} if hours else None,
        "unsure": sum(look.answer == UNSURE for key, look in looked.current.items() if key in here),
        "looks_elsewhere": len(looked.current.keys() - here),
        "draws": _draws(drawn, looked),
        "threshold": found.decided_by["threshold"],
        "keeping": _keeping(args.operating_recall, unknown, looked, passages, found.decided_by["threshold"], args.join),
        "last_look": max((look.time for key, look in looked.current.items() if key in here), default=""),
    }
    atomic.write_text(args.audit, json.dumps(audit, indent=2) + "\n")
    share = audit["share"]
    if share["value"] is not None:
        log.info(f"Of all visits in these films, {by_audit(share)} are found, from {count(audit['looks'], 'look')}.")


def _told(sample: Sample) -> dict:
    intervals = {name: interval._asdict() for name, interval in sample.estimate()._asdict().items()}
    return {"looks": sample.looks, "moments": sample.moments, **intervals}


def _keeping(
    wanted: float, drawn: list[Drawn], looked: Looks, passages: Mapping[str, Sequence[Passage]], in_use: float, pause: float
) -> dict | None:
    """The threshold that would keep the wanted share of the visits that move, and what it and the one in use cost: seconds to watch.

    drawn  moments of films without Training clips: the scores of the others are too good
    """
    at = threshold.keeping(wanted, drawn, looked, passages, pause)
    if at is None:
        return None
    watched = {
        name: sum(visit.end - visit.begin for of_film in passages.values() for visit in threshold.visits_at(value, of_film, pause))
        for name, value in {"seconds": at, "seconds_in_use": in_use}.items()
    }
    return {"wanted": wanted, "threshold": at, **watched}


def _draws(drawn: list[Drawn], looked: Looks) -> list[dict]:
    """The draws: when and by which chance they were drawn, their moments, and the looks."""
    by_time: dict[str, dict] = {}
    for one in drawn:
        of = by_time.setdefault(one.draw, {"drawn": one.draw, "seed": one.seed, "threshold": one.threshold, "moments": 0, "looks": 0})
        of["moments"] += 1
        of["looks"] += looked.of(one) is not None
    return list(by_time.values())


run_program(main)
