"""List the clips, look at each, balance the classes, and write the lists that the other steps work through."""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from meerkat import atomic, clips, inspection, intake, labels, shards
from meerkat.errors import UserError, run_program
from meerkat.tables import csv_text

_LISTS = {"train": "trainingdata.csv", "eval": "testingdata.csv"}
_WORDS = {"train": "training", "eval": "testing"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="folder with Training and Testing, each with Positive and Negative")
    parser.add_argument("--train_csv", help="list of Training clips (rows path,label) instead of the folder's")
    parser.add_argument("--eval_csv", help="list of Testing clips (rows path,label) instead of the folder's")
    parser.add_argument("--train_shards", type=int, required=True, help="number of lists; 0 for no Training clips")
    parser.add_argument("--eval_shards", type=int, required=True, help="number of lists; 0 for no Testing clips")
    parser.add_argument("--balance", choices=["downsample", "none"], default="downsample")
    parser.add_argument("--max_rejected", type=float, default=0.05, help="share of a class that may be unusable")
    parser.add_argument("--on_conflict", choices=["error", "drop"], default="error", help="one picture in two classes or splits")
    parser.add_argument("--video_pattern", default=clips.DEFAULT_VIDEO_PATTERN, help="regular expression with a group `video`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", required=True, help="file that remembers what was seen in each clip")
    parser.add_argument("--output", type=Path, required=True, help="folder for the lists")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    pattern = clips.compile_video_pattern(args.video_pattern)
    numbers = {"train": args.train_shards, "eval": args.eval_shards}
    given = {"train": args.train_csv, "eval": args.eval_csv}
    listed = {split: _list(args.folder, split, given[split]) for split, number in numbers.items() if number}
    paths = [clip.path for found in listed.values() for clip in found]
    taken = intake.take_in(listed, inspection.inspect(paths, args.known, args.threads), args.max_rejected, args.on_conflict)
    if args.balance == "downsample" and "train" in taken.clips:
        taken.clips["train"] = intake.balanced(taken.clips["train"], args.seed, lambda clip: clips.video_of(clip.path, pattern))

    for split, number in numbers.items():
        used = taken.clips.get(split, [])
        atomic.write_text(args.output / _LISTS[split], clips.list_text(used, digests=False))
        members_of = defaultdict(list)
        for clip in used:
            members_of[shards.shard_of(clip.digest, number)].append(clip)
        for index, name in enumerate(shards.shard_names(split, number)):
            atomic.write_text(args.output / "shards" / f"{name}.csv", clips.list_text(members_of[index], digests=True))
    atomic.write_text(args.output / "dict.txt", labels.dict_text())
    atomic.write_text(args.output / "rejected.csv", csv_text([("path", "reason"), *taken.rejected]))
    atomic.write_text(args.output / "audit.json", json.dumps(_audit(listed, taken), indent=2) + "\n")
    _tell(taken)
    _warn_of_leaks({split: {clips.video_of(clip.path, pattern) for clip in used} for split, used in taken.clips.items()})


def _list(folder: str | None, split: str, given: str | None) -> list[clips.Clip]:
    if given:
        found = clips.read_list(given)
        if not found:
            raise UserError(f"{given} is empty. Write rows: path,label")
        labels_of = {}
        for clip in found:
            if labels_of.setdefault(clip.path, clip.label) != clip.label:
                raise UserError(f"{given} names {clip.path} twice, with both labels. Remove the wrong row.")
        return sorted(set(found))
    found, others = clips.list_folder(folder, split)
    if others:
        endings = sorted({Path(other).suffix for other in others})
        print(f"{len(others)} files passed over that are no images by their endings: {', '.join(endings)}", file=sys.stderr)
    return found


def _audit(listed: dict[str, list[clips.Clip]], taken: intake.Intake) -> dict:
    def counts(found: list[clips.Clip]) -> dict[str, int]:
        return {name: sum(clip.label == label for clip in found) for label, name in enumerate(labels.LABELS)}

    return {
        "listed": {split: counts(found) for split, found in listed.items()},
        "used": {split: counts(found) for split, found in taken.clips.items()},
        "rejected": len(taken.rejected),
        "duplicates": taken.duplicates,
        "conflicts": taken.conflicts,
    }


def _tell(taken: intake.Intake) -> None:
    for what, where, lines in [
        ("files that cannot be used", "rejected.csv", [f"{path}: {reason}" for path, reason in taken.rejected]),
        ("pictures that are there twice", "audit.json", [f"{path} = {same}" for path, same in taken.duplicates]),
        ("pictures in both classes or splits", "audit.json", [f"{one} = {other}" for one, other in taken.conflicts]),
    ]:
        if lines:
            print(f"Left out: {len(lines)} {what}, all in docs/{where}:\n{intake.listing(lines)}", file=sys.stderr)
    for split, found in taken.clips.items():
        for label, name in enumerate(labels.LABELS):
            print(f"{name.capitalize()} {_WORDS[split]} samples: {sum(clip.label == label for clip in found)}", file=sys.stderr)


def _warn_of_leaks(videos: dict[str, set[str]]) -> None:
    shared = sorted(videos.get("train", set()) & videos.get("eval", set()))
    if shared:
        print(
            f"WARNING: {len(shared)} videos have clips in both Training and Testing ({', '.join(shared[:5])}, ...): "
            "the result will look better than it is. Move all clips of a video to one side.",
            file=sys.stderr,
        )


run_program(main)
