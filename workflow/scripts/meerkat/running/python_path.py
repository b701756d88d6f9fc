"""Makes sure that `python` in the rules is the Python that runs Snakemake."""

import os
import sys
from pathlib import Path


def put_own_python_first() -> None:
    """Put this interpreter's folder first on PATH, for users who start Snakemake without activating its environment.

    Environments that Snakemake itself activates (`--sdm conda`) come before it again.
    """
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
