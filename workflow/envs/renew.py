"""Writes training.yaml, the environment for `snakemake --sdm conda`, from the names in run.in and the pins in run.txt."""

import re
from pathlib import Path

ENVS = Path(__file__).resolve().parent
REQUIREMENTS = ENVS.parent.parent / "requirements"
PYTHON = "3.11"


def text() -> str:
    """The content of training.yaml."""
    names = re.findall(r"^[\w.-]+", (REQUIREMENTS / "run.in").read_text(), re.MULTILINE)
    pins = re.findall(r"^([\w.-]+)==([\w.]+)(?: ; (.*?))? \\$", (REQUIREMENTS / "run.txt").read_text(), re.MULTILINE)
    versions = {name: version for name, version, marker in pins if ">= '3.12'" not in marker}
    lines = "".join(f"      - {name}=={versions[name]}\n" for name in names)
    return (
        "# For `snakemake --sdm conda`. Written by renew.py; the versions are those of requirements/run.txt.\n"
        f"channels:\n  - conda-forge\ndependencies:\n  - python={PYTHON}\n  - pip\n  - pip:\n{lines}"
    )


if __name__ == "__main__":
    (ENVS / "training.yaml").write_text(text())
