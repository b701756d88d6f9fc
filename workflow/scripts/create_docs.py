"""List the clips, check each, balance the classes, and write the lists that the other steps read."""

import argparse
import json
from collections import defaultdict
from pathlib import Path

from meerkat import atomic
from meerkat.data import clip_lists, labels, origins, sampling, shards
from meerkat.data.clips import SPLITS, Clip
from meerkat.data.file_tree import litter_line
from meerkat.errors import UserError, examples, printable, run_program
from meerkat.log import log
from meerkat.manifest import curation, group_split, image_checks, listing
from meerkat.manifest.audit import audit, leak_warning
from meerkat.settings import options
from meerkat.settings.data import Data
from meerkat.settings.section import Seeded
from meerkat.settings.videos import CameraTable
from meerkat.tables import write_rows
from meerkat.video.clip_sites import ClipSites
from meerkat.wording import count

_LISTS = {"train": "trainingdata.csv", "eval": "testingdata.csv"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    options.add(parser, Data, CameraTable, Seeded)
    parser.add_argument("--leave_out", help="a folder to ignore within the folder of clips, such as the results")
    parser.add_argument("--train_shards", type=int, required=True, help="number of lists; 0 for no Training clips")
    parser.add_argument("--eval_shards", type=int, required=True, help="number of lists; 0 for no Testing clips")
    parser.add_argument("--sides", default="sides.csv", help="with --split video or site: file that remembers the side of each")
    parser.add_argument("--known", required=True, help="file that remembers what was seen in each clip")
    parser.add_argument("--films", help="CSV file that remembers the films that were seen, and their names")
    parser.add_argument("--doubted", required=True, help="file in which preprocess.py notes clips that have changed unnoticed")
    parser.add_argument("--problems", required=True, help="CSV file to write if the clips are refused, one row a case")
    parser.add_argument("--output", type=Path, required=True, help="folder for the lists")
    options.add_threads(parser)
    args = parser.parse_args()

    sites = ClipSites(args.cameras, args.films)
    where = origins.Origins(args.video_pattern, sites.site)
    numbers = {"train": args.train_shards, "eval": args.eval_shards}
    Path(args.problems).unlink(missing_ok=True)
    found = _listed(args, numbers)
    listing.check_strays(found)
    paths = [clip.path for clips in found.clips.values() for clip in clips]
    findings = image_checks.inspect(paths, args.known, args.threads, image_checks.doubted(args.doubted))

    def video(clip: Clip) -> str:
        return where.video(clip.path)

    try:
        taken = curation.curate(found.clips, findings, args.max_rejected, args.on_conflict)
        taken.rejected += [(path, "its ending is not that of an image") for path in found.others]
        if args.split == "site":
            group_split.check_sites(taken.clips["train"], lambda clip: where.site(clip.path))
        if args.split != "folders":
            group = where.video if args.split == "video" else where.site
            taken.clips = group_split.split(taken.clips["train"], lambda clip: group(clip.path), args.split, args.seed, args.sides)
        curation.resolve_leaks(taken, args.on_leak, video)
    except curation.UnusableClips as error:
        write_rows(error.rows, args.problems)
        raise UserError(f"{error}\nAll {len(error.rows)} are listed in {args.problems}") from None
    if args.balance == "downsample" and "train" in taken.clips:
        taken.clips["train"] = sampling.balance(taken.clips["train"], args.seed, video)

    for split, number in numbers.items():
        used = taken.clips.get(split, [])
        atomic.write_text(args.output / _LISTS[split], clip_lists.text(used, digests=False))
        members_of = defaultdict(list)
        for clip in used:
            members_of[shards.shard_of(clip.digest, number)].append(clip)
        for index, name in enumerate(shards.shard_names(split, number)):
            atomic.write_text(args.output / "shards" / f"{name}.csv", clip_lists.text(members_of[index], digests=True))
    report = audit(found, taken, where)
    used = [clip.path for clips in taken.clips.values() for clip in clips]
    atomic.write_text(args.output / "sites.csv", where.table(used))
    if args.cameras and (without := sorted({video for video in map(where.video, used) if not sites.rows(video)})):
        told = examples(list(map(printable, without)))
        log.info(f"{count(len(without), 'video is', 'videos are')} in no row of {args.cameras}; their sites are their folders:\n{told}")
    atomic.write_text(args.output / "dict.txt", labels.dict_text())
    write_rows([("path", "reason"), *taken.rejected], args.output / "rejected.csv")
    atomic.write_text(args.output / "audit.json", json.dumps(report, indent=2) + "\n")
    _tell(found, taken, report, leak_warning(taken, where))


def _listed(args: argparse.Namespace, numbers: dict[str, int]) -> listing.Listing:
    """The clips of each split, from lists or folders, and what else was seen in the folders."""
    given = {"train": args.train_csv, "eval": args.eval_csv}
    if args.split != "folders":
        if args.eval_csv or not all(numbers.values()) or (args.folder and not args.train_csv and listing.folders_of(args.folder, "eval")):
            raise UserError(
                f"data: split: {args.split} takes the Testing clips from the Training clips, but Testing clips or records are "
                "given. Move the clips of the Testing folder to Training and set eval_csv: and preprocessed: to null, "
                "or write split: folders."
            )
        numbers = {"train": args.train_shards}
    found = listing.Listing()
    wanted = [split for split, number in numbers.items() if number]
    in_folder = [split for split in wanted if not given[split]]
    if in_folder and not args.folder:
        raise UserError("No clips are given. Write --folder, or --train_csv and --eval_csv.")
    if in_folder and Path(args.folder).is_dir():
        listing.add_strays_beside(found, args.folder)
    for split in wanted:
        if split in in_folder:
            listing.add_folder(found, args.folder, split, args.leave_out)
        else:
            found.clips[split] = clip_lists.read_labelled(given[split])
    return found


def _tell(found: listing.Listing, taken: curation.Curated, report: dict, leaks: str) -> None:
    if found.litter:
        log.info(printable(litter_line(found.litter)))
    if found.unsure:
        log.info(f"Not used: {found.unsure} clips in the folders Unsure.")
    for what, where, lines in [
        ("files that cannot be used", "rejected.csv", [f"{path}: {reason}" for path, reason in taken.rejected]),
        ("duplicate pictures", "audit.json", [f"{path} = {same}" for path, same in taken.duplicates]),
        ("pictures in both classes, or in both Training and Testing", "audit.json", [f"{one} = {other}" for one, other in taken.conflicts]),
    ]:
        if lines:
            log.info(f"Left out: {len(lines)} {what}, all in docs/{where}:\n{examples(lines)}")
    for split, counts in report["used"].items():
        for name, number in counts.items():
            log.info(f"{name.capitalize()} {SPLITS[split]} clips: {number}")
    if leaks:
        log.warning(printable(leaks))
    for warning in report["warnings"]:
        log.warning(printable(warning))


run_program(main)
