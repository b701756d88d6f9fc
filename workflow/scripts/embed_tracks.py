"""Embed the clips of all tracks, so that the page for sorting can choose which ones to ask for. What is embedded once is kept."""

import argparse
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from meerkat import atomic
from meerkat.data import shards
from meerkat.data.clips import Clip
from meerkat.errors import run_program
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import Embedder
from meerkat.preprocess.embedding_store import EmbeddingStore
from meerkat.quiet_tensorflow import limit_threads
from meerkat.settings import options
from meerkat.settings.videos import VideoFiles
from meerkat.sorting import pool
from meerkat.video import video_files
from meerkat.video.motion_files import CLIPS, kept_clips
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
    paths = video_files.read_list(args.videos)
    taken = Taken(args.table, None, paths, args.folder)
    found: dict[tuple[str, int], pool.Card] = {}
    clips: dict[str, Clip] = {}
    of_clip: dict[str, list[tuple[str, int]]] = {}
    for clip in kept_clips(args.motion, paths):
        track = (clip.video, clip.track)
        path = str(args.motion / clip.video / CLIPS / clip.file)
        found.setdefault(track, pool.Card(clip.video, taken.site(clip.video), clip.track)).paths.append(path)
        clips[clip.digest] = Clip(path, 0, clip.digest)
        of_clip.setdefault(clip.digest, []).append(track)
    number = {track: place for place, track in enumerate(found)}
    means = np.zeros((len(found), 0), np.float32)
    for digest, embedding in _embeddings(clips, args):
        if not means.size:
            means = np.zeros((len(found), len(embedding)), np.float32)
        for track in of_clip[digest]:
            means[number[track]] += embedding / len(found[track].paths)
    with atomic.replacing(args.embeddings) as temporary, temporary.open("wb") as file:
        np.save(file, means.astype(np.float16))
    atomic.write_text(args.cards, pool.text(list(found.values())))
    print(f"{len(found)} tracks with {len(clips)} clips.", file=sys.stderr)


def _embeddings(clips: Mapping[str, Clip], args: argparse.Namespace) -> Iterator[tuple[str, np.ndarray]]:
    """The digest and the embedding of each clip; those that are not known yet are computed, and kept."""
    backbone = backbones.load(args.backbone)
    store = EmbeddingStore(args.store, backbone.fingerprint, shards.shard_name("sort", 0, 1))
    new = dict(clips)
    for digest, embedding in store.known():
        if new.pop(digest, None):
            yield digest, embedding
    print(f"{len(new)} clips to embed, {len(clips) - len(new)} are known.", file=sys.stderr)
    if new:
        for clip, embedding in store.keep(Embedder(backbone, args.threads).embed(sorted(new.values()))):
            yield clip.digest, embedding


run_program(main)
