"""Make the cards for sorting, and embed their clips, so that the page can choose which ones to ask about. Embeddings are kept."""

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from meerkat import atomic
from meerkat.data import origins, shards, video_names
from meerkat.data.clips import SPLITS, Clip
from meerkat.data.file_tree import visible_files
from meerkat.data.labels import LABELS, POSITIVE
from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.manifest import image_checks
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import ChangedClip, Embedder
from meerkat.preprocess.embedding_store import EmbeddingStore
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.data import ClipOrigins
from meerkat.settings.sorting import Sorting
from meerkat.settings.videos import CameraTable, StartPattern
from meerkat.sorting import pool
from meerkat.sorting.film_cards import film_cards
from meerkat.video import video_files, video_report
from meerkat.video.clip_sites import ClipSites
from meerkat.video.motion_files import refuse_damaged
from meerkat.video.taken import Taken
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", help="CSV file with the videos, from gather_motion.py")
    parser.add_argument("--motion", type=Path, help="folder with a folder of tables and clips for each video")
    parser.add_argument("--folder", help="the folder of videos, whose sub-folders are sites")
    options.add(parser, CameraTable, StartPattern, Sorting, ClipOrigins)
    parser.add_argument("--leave_out", help="a folder to ignore within the folder of unsorted clips, such as the results")
    parser.add_argument("--known", help="file that remembers what was seen in each unsorted clip")
    parser.add_argument("--backbone", required=True, help="the frozen backbone")
    parser.add_argument("--store", required=True, help="folder of finished embeddings")
    parser.add_argument("--cards", required=True, help="CSV file to write: the clips of each card")
    parser.add_argument("--embeddings", required=True, type=Path, help="NumPy file to write: the mean embedding of each card")
    options.add_threads(parser)
    args = parser.parse_args()

    limit_threads(args.threads)
    found = list(_of_videos(args)) if args.videos else []
    known = {digest for _, digests in found for digest in digests}
    found += _of_folder(args, known) if args.unsorted else []
    cards = pool.with_names_of_their_own(found)
    of_digest: dict[str, list[int]] = {}
    clips: dict[str, Clip] = {}
    for number, (card, (_, digests)) in enumerate(zip(cards, found, strict=True)):
        for clip, digest in zip(card.clips, digests, strict=True):
            clips[digest] = Clip(clip.path, 0, digest)
            of_digest.setdefault(digest, []).append(number)
    means = np.zeros((len(cards), 0), np.float32)
    for digest, embedding in _embeddings(clips, args):
        if not means.size:
            means = np.zeros((len(cards), len(embedding)), np.float32)
        for number in of_digest[digest]:
            means[number] += embedding / len(cards[number].clips)
    with atomic.replacing(args.embeddings) as temporary, temporary.open("wb") as file:
        np.save(file, means.astype(np.float16))
    atomic.write_text(args.cards, pool.text(cards))
    log.info(f"{count(len(cards), 'passage')} with {count(len(clips), 'different clip')} can be sorted.")


def _of_videos(args: argparse.Namespace) -> Iterator[tuple[pool.Card, list[str]]]:
    """A card for each track, and the digests of its clips."""
    videos = video_files.read_list(args.videos, args.folder)
    taken = Taken.of_searched(args.cameras, args.start_pattern, videos, video_report.read_all(args.motion, videos.paths))
    log.info(taken.sites_line())
    return film_cards(videos, args.motion, taken)


def _of_folder(args: argparse.Namespace, known: set[str]) -> Iterator[tuple[pool.Card, list[str]]]:
    """A card for each clip that lies loose in a folder: we cannot tell which clips belong together, but look-alikes lie on one pile.

    known  digests of pictures that already have a card
    """
    folder, where = Path(args.unsorted), origins.Origins(args.video_pattern, ClipSites(args.cameras).site)
    if not folder.is_dir():
        raise UserError(f"sorting: unsorted: {folder} is not a folder. Write the path of a folder of clips, or null.")
    seen = image_checks.inspect(visible_files(folder, [args.leave_out] if args.leave_out else []), args.known, args.threads)
    unusable = sorted(f"{path}: {finding.reason}" for path, finding in seen.items() if finding.reason)
    if unusable:
        log.info(f"{count(len(unusable), 'file')} in {folder} cannot be sorted:\n{examples(unusable)}")
    first = {finding.digest: path for path, finding in sorted(seen.items(), reverse=True) if not finding.reason}
    usable = {path: digest for digest, path in reversed(first.items()) if digest not in known}
    copies = len(seen) - len(unusable) - len(usable)
    if copies:
        log.info(f"{count(copies, 'file')} in {folder} are left out: the same pictures already have cards.")
    if not first:
        raise UserError(f"sorting: unsorted: {folder} contains no clip. Write the path of a folder of clips, or null.")
    places = {path: pool.place_of_loose(Path(path).relative_to(folder)) for path in usable}
    # Video and site are read from the place where the clip will lie, as create_docs.py will read them.
    will_lie = {path: str(Path(SPLITS["train"], LABELS[POSITIVE].capitalize(), place)) for path, place in places.items()}
    for path, digest in usable.items():
        lies, clip = will_lie[path], pool.CardClip(path, places[path])
        video = where.video(lies)
        video = clip.place if video_names.stands_for_itself(lies, video) else video
        yield pool.Card(video, where.site(lies), "", [clip]), [digest]


def _embeddings(clips: Mapping[str, Clip], args: argparse.Namespace) -> Iterator[tuple[str, np.ndarray]]:
    """The digest and the embedding of each clip; missing embeddings are computed and kept."""
    backbone = backbones.load(args.backbone)
    store = EmbeddingStore(args.store, backbone.fingerprint, shards.shard_name("sort", 0, 1))
    new = dict(clips)
    for digest, embedding in store.known():
        if new.pop(digest, None):
            yield digest, embedding
    log.info(f"{len(new)} clips to embed, {len(clips) - len(new)} are known.")
    if new:
        try:
            for clip, embedding in store.keep(Embedder(backbone, args.threads).embed(sorted(new.values()))):
                yield clip.digest, embedding
        except ChangedClip as error:
            if args.motion and Path(error.path).is_relative_to(args.motion):
                refuse_damaged([Path(error.path)])
            raise


run_program(main)
