"""How long it takes to compare Testing with Training, and how much memory: `python benchmarks/near_duplicates.py`.

Embeddings are drawn at random, 1280 wide, as those of EfficientNet-Lite. The largest case is timed on a part of its
Training clips; the time of the whole is in proportion, the memory is the same.
"""

import resource
import time

import machine  # noqa: F401 (makes the package known)
import numpy as np
from meerkat import near_duplicates
from meerkat.records import Records

_WIDTH, _BATCH = 1280, 1024


def main() -> None:
    for testing, training, timed in [(1_000, 10_000, 10_000), (10_000, 100_000, 20_000), (100_000, 1_000_000, 4_096)]:
        embeddings = np.random.default_rng(1).random((testing, _WIDTH), np.float32)
        started = time.monotonic()
        near_duplicates.nearest(_batches(timed), embeddings, 0.95)
        seconds = (time.monotonic() - started) * training / timed
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        computed = "" if timed == training else f" (computed from {timed:,} of the Training clips)"
        print(f"{training:9,} x {testing:7,}: {seconds:8.1f} s{computed}, peak memory so far {peak:.2f} GiB", flush=True)


def _batches(clips: int):
    random = np.random.default_rng(2)
    for start in range(0, clips, _BATCH):
        paths = [f"{index}.jpg" for index in range(start, min(start + _BATCH, clips))]
        yield Records(paths, np.zeros(len(paths), np.int64), random.random((len(paths), _WIDTH), np.float32), paths, frozenset())


main()
