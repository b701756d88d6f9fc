"""How long runs take on other numbers of clips and cores, computed from whole runs that were measured."""

from collections.abc import Sequence
from dataclasses import dataclass

import near_duplicates

CLIPS, CORES = (1_000, 10_000, 100_000, 1_000_000), (2, 16, 256)
TESTING_SHARE = 11  # one clip in 11 is for Testing


@dataclass(frozen=True)
class Measured:
    """A first run: its number of clips, how many of them were different (`embedded`), the number of cores, the seconds of the
    whole run, and the seconds of its preprocess jobs, each multiplied by its cores."""

    clips: int
    embedded: int
    cores: int
    seconds: float
    preprocess: float


def table(measured: Sequence[Measured]) -> str:
    """Durations in Markdown, computed as the sum of three parts. Embedding is divided among the cores. The comparison of Testing with
    Training, timed now, grows with the product of both and uses up to four cores. The rest grows evenly with the clips, as in the two
    largest runs whose clips were all different."""
    whole = sorted((run for run in measured if run.embedded > 0.95 * run.clips), key=lambda run: run.clips)[-2:]
    small, large = whole
    rest = [run.seconds - run.preprocess / run.cores for run in whole]
    slope = max(0.0, (rest[1] - rest[0]) / (large.clips - small.clips))
    testing, training = 8_192, 4_096
    pair = near_duplicates.THREADS * near_duplicates.seconds(testing, training) / testing / training
    known = {(run.clips, run.cores): run.seconds for run in whole}

    def cell(clips: int, cores: int) -> str:
        if (clips, cores) in known:
            return f"**{readable(known[clips, cores])}**"
        embedding = clips * large.preprocess / large.embedded / cores
        comparing = pair * (clips / TESTING_SHARE) * (clips - clips / TESTING_SHARE) / min(cores, near_duplicates.CORES)
        return readable(rest[0] + slope * (clips - small.clips) + embedding + comparing)

    lines = [f"| {clips:,} | {' | '.join(cell(clips, cores) for cores in CORES)} |" for clips in sorted({*CLIPS, large.clips})]
    return "\n".join([f"| clips | {' | '.join(f'{cores} cores' for cores in CORES)} |", "|---|---|---|---|", *lines])


def readable(seconds: float) -> str:
    """In the unit that one would say it in."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / 3600:.1f} h"
