"""List the clips, look at each, balance the classes, and write the lists that the other steps work through."""

import argparse
import json
import sys
from collections import defaultdict
from functools import partial
from pathlib import Path

from meerkat import atomic, clips, inspection, intake, labels, shards, testing_videos
from meerkat.audit import audit, leak_warning
from meerkat.errors import UserError, listing, printable, run_program
from meerkat.tables import csv_text

_LISTS = {"train": "trainingdata.csv", "eval": "testingdata.csv"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", help="folder with Training and Testing, each with Positive and Negative")
    parser.add_argument("--train_csv", help="list of Training clips (rows path,label) instead of the folder's")
    parser.add_argument("--eval_csv", help="list of Testing clips (rows path,label) instead of the folder's")
    parser.add_argument("--split", choices=["folders", "video"], default="folders", help="video: hold Testing videos out of Training")
    parser.add_argument("--sides", default="sides.csv", help="with --split video: file that remembers each video's side")
    parser.add_argument("--train_shards", type=int, required=True, help="number of lists; 0 for no Training clips")
    parser.add_argument("--eval_shards", type=int, required=True, help="number of lists; 0 for no Testing clips")
    parser.add_argument("--balance", choices=["downsample", "none"], default="downsample")
    parser.add_argument("--max_rejected", type=float, default=0.05, help="share of a class that may be unusable")
    parser.add_argument("--on_conflict", choices=["error", "drop"], default="error", help="one picture in two classes or splits")
    parser.add_argument("--on_leak", choices=["warn", "error", "drop"], default="warn", help="one video in Training and Testing")
    parser.add_argument("--video_pattern", default=clips.DEFAULT_VIDEO_PATTERN, help="regular expression with a group `video`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--known", required=True, help="file that remembers what was seen in each clip")
    parser.add_argument("--problems", required=True, help="CSV file for all cases when the clips are refused")
    parser.add_argument("--output", type=Path, required=True, help="folder for the lists")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    video = partial(_video, pattern=clips.compile_video_pattern(args.video_pattern))
    numbers = {"train": args.train_shards, "eval": args.eval_shards}
    Path(args.problems).unlink(missing_ok=True)
    listed, passed_over = _listed(args, numbers)
    findings = inspection.inspect([clip.path for found in listed.values() for clip in found], args.known, args.threads)
    try:
        taken = intake.take_in(listed, findings, args.max_rejected, args.on_conflict)
        taken.rejected += [(path, "no image by its ending") for path in passed_over]
        if args.split == "video":
            taken.clips = testing_videos.split(taken.clips["train"], video, args.seed, args.sides)
        intake.resolve_leaks(taken, args.on_leak, video)
    except intake.Refused as error:
        atomic.write_text(args.problems, csv_text(error.rows))
        raise UserError(f"{error}\nAll {len(error.rows)} are listed in {args.problems}") from None
    if args.balance == "downsample" and "train" in taken.clips:
        taken.clips["train"] = intake.balanced(taken.clips["train"], args.seed, video)

    for split, number in numbers.items():
        used = taken.clips.get(split, [])
        atomic.write_text(args.output / _LISTS[split], clips.list_text(used, digests=False))
        members_of = defaultdict(list)
        for clip in used:
            members_of[shards.shard_of(clip.digest, number)].append(clip)
        for index, name in enumerate(shards.shard_names(split, number)):
            atomic.write_text(args.output / "shards" / f"{name}.csv", clips.list_text(members_of[index], digests=True))
    found = audit(listed, taken, video)
    atomic.write_text(args.output / "dict.txt", labels.dict_text())
    atomic.write_text(args.output / "rejected.csv", csv_text([("path", "reason"), *taken.rejected]))
    atomic.write_text(args.output / "audit.json", json.dumps(found, indent=2) + "\n")
    _tell(taken, found)


def _video(clip: clips.Clip, pattern) -> str:
    return clips.video_of(clip.path, pattern)


def _listed(args: argparse.Namespace, numbers: dict[str, int]) -> tuple[dict[str, list[clips.Clip]], list[str]]:
    """The clips of each split, and the files in the folders that are no images by their endings."""
    given = {"train": args.train_csv, "eval": args.eval_csv}
    if args.split == "video":
        if args.eval_csv or not all(numbers.values()) or (not args.train_csv and clips.folders_of(args.folder, "eval")):
            raise UserError(
                "data: split: video makes the Testing clips itself, out of the Training clips, but there are Testing clips or records "
                "given. Move the clips of the Testing folder to Training and set eval_csv: and preprocessed: to null, "
                "or write split: folders."
            )
        numbers = {"train": args.train_shards}
    listed, passed_over = {}, []
    for split in (split for split, number in numbers.items() if number):
        if given[split]:
            listed[split] = clips.read_labelled(given[split])
        else:
            listed[split], others = clips.list_folder(args.folder, split)
            passed_over += others
    return listed, passed_over


def _tell(taken: intake.Intake, found: dict) -> None:
    for what, where, lines in [
        ("files that cannot be used", "rejected.csv", [f"{path}: {reason}" for path, reason in taken.rejected]),
        ("pictures that are there twice", "audit.json", [f"{path} = {same}" for path, same in taken.duplicates]),
        ("pictures in both classes or splits", "audit.json", [f"{one} = {other}" for one, other in taken.conflicts]),
    ]:
        if lines:
            print(f"Left out: {len(lines)} {what}, all in docs/{where}:\n{listing(lines)}", file=sys.stderr)
    for split, counts in found["used"].items():
        for name, number in counts.items():
            print(f"{name.capitalize()} {clips.SPLITS[split].lower()} samples: {number}", file=sys.stderr)
    if taken.leaks:
        print(printable(leak_warning(taken)), file=sys.stderr)
    for warning in found["warnings"]:
        print(f"WARNING: {printable(warning)}", file=sys.stderr)


run_program(main)
