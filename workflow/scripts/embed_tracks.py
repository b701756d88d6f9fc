"""Embed the clips of all tracks, so that the page for sorting can choose which ones to ask for. What is embedded once is kept."""

import argparse
import sys
from pathlib import Path

import numpy as np
from meerkat import atomic, tables
from meerkat.data import shards
from meerkat.data.clips import Clip
from meerkat.errors import run_program
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import Embedder
from meerkat.preprocess.embedding_store import EmbeddingStore
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.videos import VideoFiles
from meerkat.sorting import cards
from meerkat.video.motion_files import CLIPS
from meerkat.video.taken import Taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and clips for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--folder", required=True, help="the folder of videos, whose sub-folders are sites")
    parser.add_argument("--backbone", required=True, help="the frozen backbone")
    parser.add_argument("--store", required=True, help="folder of embeddings that are known")
    parser.add_argument("--cards", required=True, help="CSV file to write: the clips of each track")
    parser.add_argument("--embeddings", required=True, type=Path, help="NumPy file to write: the mean embedding of each track")
    options.add(parser, VideoFiles, ["table"])
    options.add_threads(parser)
    args = parser.parse_args()

    limit_threads(args.threads, 1)
    paths = {row["name"]: row["path"] for row in tables.read(args.videos, "list_videos.py")}
    taken = Taken(args.table, None, paths, args.folder)
    found: dict[tuple[str, int], cards.Card] = {}
    card_of: dict[str, list[cards.Card]] = {}  # by the digest of the clip
    clips = {}
    for name in paths:
        for row in tables.read(args.motion / name / "clips.csv", "find_motion.py"):
            card = found.setdefault((name, int(row["track"])), cards.Card(name, taken.site(name), int(row["track"])))
            card.files.append(row["file"])
            card_of.setdefault(row["digest"], []).append(card)
            clips[row["digest"]] = Clip(str(args.motion / name / CLIPS / row["file"]), 0, row["digest"])
    number = {id(card): place for place, card in enumerate(found.values())}
    backbone = backbones.load(args.backbone)
    store = EmbeddingStore(args.store, backbone.fingerprint, shards.shard_name("sort", 0, 1))
    sums: np.ndarray | None = None
    known = 0

    def add(digest: str, embedding: np.ndarray) -> None:
        nonlocal sums
        sums = np.zeros((len(found), len(embedding)), np.float32) if sums is None else sums
        for card in card_of[digest]:
            sums[number[id(card)]] += embedding / len(card.files)

    for digest, embedding in store.known():
        if clips.pop(digest, None):
            add(digest, embedding)
            known += 1
    fresh = store.keep(Embedder(backbone, args.threads).embed(sorted(clips.values()))) if clips else ()
    for clip, embedding in fresh:
        add(clip.digest, embedding)
    with atomic.replacing(args.embeddings) as temporary, temporary.open("wb") as file:
        np.save(file, (np.zeros((0, 1)) if sums is None else sums).astype(np.float16))
    atomic.write_text(args.cards, cards.text(list(found.values())))
    print(f"{len(found)} tracks; {len(clips)} clips embedded, {known} reused.", file=sys.stderr)


run_program(main)
