"""How long it takes to compare Testing with Training, and how much memory: `python benchmarks/near_duplicates.py`.

Embeddings are drawn at random, 1152 wide, as those of efficientnet_lite0. The largest case is timed on a part of its
Training clips; the time of the whole is in proportion, the memory is the same.
"""

import os
import tempfile
import time
from collections.abc import Iterator

import machine
import numpy as np
from meerkat.data.embedding_file import EmbeddingFile, blocks
from meerkat.data.records import Records
from meerkat.evaluate import near_duplicates
from threadpoolctl import threadpool_limits

CORES = 4  # at most, as the rule evaluate
THREADS = min(CORES, os.cpu_count() or 1)
_WIDTH = 1152


def main() -> None:
    for testing, training, timed in [(1_000, 10_000, 10_000), (10_000, 100_000, 20_000), (100_000, 1_000_000, 8_192)]:
        taken = seconds(testing, timed) * training / timed
        peak = machine.peak_memory() / 2**30
        computed = "" if timed == training else f" (computed from {timed:,} of the Training clips)"
        print(f"{training:9,} x {testing:7,}: {taken:8.1f} s{computed}, peak memory so far {peak:.2f} GiB", flush=True)


def seconds(testing: int, training: int) -> float:
    """How long so many Testing clips are compared with so many Training clips, start and the reading of records left out."""
    random = np.random.default_rng(1)
    with tempfile.TemporaryFile() as file, threadpool_limits(THREADS, "blas"):
        for block in blocks(testing):
            file.write(random.random((len(range(testing)[block]), _WIDTH), np.float32))
        file.flush()
        started = time.monotonic()
        near_duplicates.nearest(_batches(training), EmbeddingFile(file, _WIDTH, np.arange(testing)), 0.995)
        return time.monotonic() - started


def _batches(clips: int) -> Iterator[Records]:
    random = np.random.default_rng(2)
    for start in range(0, clips, near_duplicates.BATCH):
        paths = [f"{index}.jpg" for index in range(start, min(start + near_duplicates.BATCH, clips))]
        yield Records(paths, np.zeros(len(paths), np.int64), random.random((len(paths), _WIDTH), np.float32), paths, frozenset())


if __name__ == "__main__":
    main()
