"""The store of finished embeddings: the embedding of a clip's content with a backbone is never computed twice.

`<folder>/<fingerprint>/<shard>.tfrecord.gz` are the finished record files of the workflow (hard links: they cost no
space and outlive the outputs that Snakemake deletes before it reruns a job); `<shard>.part-<n>.tfrecord.gz` are pieces of an unfinished
shard, which a killed job leaves for the next. Everything here may be deleted at any time.
"""

import time
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from .. import atomic
from ..data import records, shards
from ..data.clips import Clip

# Finished embeddings are saved every this many seconds: after a kill, at most this much embedding is repeated.
SAVE_EVERY = 30.0


class EmbeddingStore:
    """The known embeddings of one shard and one backbone, with a place to keep more."""

    def __init__(self, folder: Path | str, fingerprint: str, shard: str):
        self._folder = Path(folder) / fingerprint[:16]
        self._fingerprint = fingerprint
        self._shard = shard
        self._folder.mkdir(parents=True, exist_ok=True)

    def known(self) -> Iterator[tuple[str, np.ndarray]]:
        """(digest, embedding) of the clips that can be in this shard, whatever shard they were embedded in.

        A clip can be given more than once.
        """
        for path in sorted(self._folder.glob("[!.]*-of-*" + records.SUFFIX)):
            if shards.overlap(path.name, self._shard):
                yield from records.salvage(path)

    def keep(self, rows: Iterable[tuple[Clip, np.ndarray]]) -> Iterator[tuple[Clip, np.ndarray]]:
        """Pass rows of (clip, embedding) through, and save them piece by piece."""
        rows = iter(rows)
        number = 1 + max((int(path.name.split("part-")[1].split(".")[0]) for path in self._pieces()), default=0)
        for first in rows:
            piece = self._folder / f"{self._shard}.part-{number:05d}{records.SUFFIX}"
            until = time.monotonic() + SAVE_EVERY
            with records.writing(piece, self._fingerprint) as write:
                for row in chain([first], rows):
                    write(*row)
                    yield row
                    if time.monotonic() > until:
                        break
            number += 1

    def finish(self, output: Path) -> None:
        """Keep the finished record file `output` of this shard instead of its pieces."""
        atomic.link(self._folder / (self._shard + records.SUFFIX), output)
        for path in self._pieces():
            path.unlink(missing_ok=True)

    def _pieces(self) -> list[Path]:
        return list(self._folder.glob(f"{self._shard}.part-*{records.SUFFIX}"))
