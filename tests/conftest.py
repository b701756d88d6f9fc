"""What the tests share: the project's places, small real clips, and ways to run a program or the workflow."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "workflow" / "scripts"
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(SCRIPTS))

import meerkat  # noqa: E402, F401 (before OpenCV, whose limits it sets)

SLOW = {"workflow", "contract", "cluster"}


def pytest_collection_modifyitems(items):
    """Marks the tests of slow folders, so that `-m "not slow"` leaves the fast lane."""
    for item in items:
        if SLOW & set(item.path.relative_to(ROOT).parts):
            item.add_marker("slow")


@dataclass
class Run:
    """A finished run of Snakemake: exit status, everything it printed, and the jobs it started, e.g. "preprocess"."""

    status: int
    text: str
    jobs: list[str] = field(default_factory=list)


def run_program(name: str, *arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess:
    """Run one of the programs in workflow/scripts; its output is text."""
    command = [sys.executable, SCRIPTS / name, *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def start_snakemake(folder: Path, *arguments: object, settings: dict | None = None, **popen) -> subprocess.Popen:
    """Start the workflow in `folder` with the settings, as a user with the default profile would."""
    configuration = folder / "mine.yaml"
    if settings is not None:
        configuration.write_text(yaml.safe_dump(settings))
    given = ["--configfile", configuration] if configuration.exists() else []
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder]
    command += ["--quiet", "host", "--cores", 2, *given, *arguments]
    return subprocess.Popen(
        list(map(str, command)), **({"stdout": subprocess.PIPE} | popen), stderr=subprocess.STDOUT, text=True, errors="replace"
    )


def snakemake(folder: Path, *arguments: object, settings: dict | None = None, **popen) -> Run:
    """Run the workflow to its end; see `start_snakemake`."""
    process = start_snakemake(folder, *arguments, settings=settings, **popen)
    text, _ = process.communicate()
    jobs = re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", text, re.MULTILINE)
    return Run(process.returncode, text, [job for job in jobs if job != "all"])


def finish_orphans(folder: Path) -> None:
    """Wait for programs in `folder` that outlived their Snakemake: they may go on writing, which must do no harm."""
    for process in psutil.process_iter(["cwd"]):
        if process.info["cwd"] == str(folder) and process.pid != os.getpid():
            process.wait(60)


def copy_samples(folder: Path, per_class: dict[str, int]) -> Path:
    """Copy the first clips of each class of the samples to `folder`/clips; per_class: {"Training": 12, "Testing": 4}."""
    for split, number in per_class.items():
        for name in ("Positive", "Negative"):
            target = folder / "clips" / split / name
            target.mkdir(parents=True)
            clips = sorted((SAMPLES / split / name).glob("*.jpg"))
            # Spread over the videos, so that some can be held out.
            for clip in clips[:: max(1, len(clips) // number)][:number]:
                shutil.copy(clip, target)
    return folder / "clips"


# Settings with which a run on a few clips takes half a minute.
QUICK = {
    "data": {"folder": "clips"},
    "shards": {"train": 2},
    "train": {"max_steps": 50, "folds": 2},
    "evaluate": {"replicates": 20},
}


def _made_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder `name` that `make` fills, one for all workers of pytest-xdist."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            folder.mkdir()
            make(folder)
    return folder


def _run_on_a_few_clips(folder: Path) -> None:
    copy_samples(folder, {"Training": 12, "Testing": 4})
    run = snakemake(folder, settings=QUICK)
    assert run.status == 0, run.text


def _run_on_the_samples(folder: Path) -> None:
    (folder / "samples").symlink_to(SAMPLES)
    run = snakemake(folder)
    (folder / "sample_run.log").write_text(run.text)
    assert run.status == 0, run.text


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory) -> Path:
    """A folder where the workflow has been run on a few clips with the settings QUICK; copy it, do not change it."""
    return _made_once(tmp_path_factory, "finished-run", _run_on_a_few_clips)


@pytest.fixture(scope="session")
def chromium():
    """A real browser, one for all tests of a worker."""
    import browser

    with browser.started() as driver:
        yield driver


@pytest.fixture
def rerun(finished_run, tmp_path) -> Path:
    """A copy of `finished_run`, times of files included, to change something in and run again."""
    return shutil.copytree(finished_run, tmp_path / "rerun", symlinks=True)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory) -> Path:
    """A folder where the workflow has been run on the samples, with its log in sample_run.log; do not change it."""
    return _made_once(tmp_path_factory, "sample-run", _run_on_the_samples)
