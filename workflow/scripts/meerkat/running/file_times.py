"""Times of files that lie: a clock that was ahead in an earlier run."""

import os
import time
from pathlib import Path


def settle(folder: Path | str) -> None:
    """Give files below `folder` that are dated in the future the present time.

    Snakemake makes a file again when an input is newer. What was made while the clock was ahead would stay newer than all
    that is made now, and would never be made again. Clips (`.jpg`), of which there may be millions, are no inputs.
    """
    now = time.time()
    for parent, _, files in os.walk(folder):
        for path in (Path(parent, name) for name in files if not name.endswith(".jpg")):
            try:
                if path.lstat().st_mtime > now:
                    os.utime(path, (now, now), follow_symlinks=False)
            except OSError:  # another run has just moved it, or it is not ours to change
                continue
