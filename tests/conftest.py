"""What the tests share: the project's places, small real clips, and ways to run a program or the workflow."""

import atexit
import fcntl
import functools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import hypothesis
import psutil
import pytest
import yaml
from forked import ForkServer
from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "workflow" / "scripts"
SAMPLES = ROOT / "samples"
sys.path.insert(0, str(SCRIPTS))

import meerkat  # noqa: E402, F401 (before OpenCV, whose limits it sets)

# How long a test takes tells how busy the machine is.
hypothesis.settings.register_profile("no deadlines", deadline=None)
hypothesis.settings.load_profile("no deadlines")

# The folder of the server of forks, for workers.
_FORKS = "MEERKAT_TESTS_FORKS"
_FAST_LANE = ROOT / "tests/unit"
_AS_TEXT = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "errors": "replace"}


def pytest_configure(config):
    """Starts the server of forks for the workers of pytest-xdist before they start."""
    if config.getoption("numprocesses", None):
        os.environ[_FORKS] = str(forks().folder)


def pytest_collection_modifyitems(items):
    """Lets the tests that take longest begin first."""
    items.sort(key=lambda item: item.path.is_relative_to(_FAST_LANE))


class _Scheduling(LoadScopeScheduling):
    """Deals the tests out one by one, but those of a file that share something go to one worker. (`--dist loadgroup` does nothing with
    pytest 9: it still writes a field that is gone.)"""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if _shares_something(file) else nodeid


@functools.cache
def _shares_something(file: str) -> bool:
    return 'scope="module"' in (ROOT / file).read_text()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """How pytest-xdist deals out the tests."""
    return _Scheduling(config, log)


@dataclass
class Run:
    """A finished run of Snakemake: exit status, everything it printed, and the jobs it started, e.g. "preprocess"."""

    status: int
    text: str
    jobs: list[str] = field(default_factory=list)


@functools.cache
def forks() -> ForkServer:
    """The server of forks: one of this process, or in a worker of pytest-xdist that of its parent."""
    if _FORKS in os.environ:
        return ForkServer(Path(os.environ[_FORKS]))
    folder = Path(tempfile.mkdtemp(prefix="forks-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return ForkServer(folder).start()


def run_program(name: str, *arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess:
    """Run one of the programs in workflow/scripts, forked; its output is text."""
    command = forks().command(SCRIPTS / name, *arguments)
    return subprocess.run(command, cwd=folder, env=forks().environment, capture_output=True, text=True, check=False)


def snakemake_command(folder: Path, *arguments: object, settings: dict | None = None) -> list[str]:
    """The command line that runs the workflow in `folder` with the settings, as a user with the default profile would."""
    configuration = folder / "mine.yaml"
    if settings is not None:
        configuration.write_text(yaml.safe_dump(settings))
    given = ["--configfile", configuration] if configuration.exists() else []
    command = [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", folder]
    return list(map(str, [*command, "--quiet", "host", "--cores", 2, *given, *arguments]))


def start_snakemake(
    folder: Path, *arguments: object, settings: dict | None = None, server: ForkServer | None = None, **popen
) -> subprocess.Popen:
    """Start `snakemake_command`, in a fork of `server` if one is given."""
    command = snakemake_command(folder, *arguments, settings=settings)
    if server:
        command, popen["env"] = server.command(*command), server.environment
    return subprocess.Popen(command, **(_AS_TEXT | popen))


def snakemake(folder: Path, *arguments: object, settings: dict | None = None, server: ForkServer | None = None) -> Run:
    """Run the workflow to its end in a fork, of `server` if one is given."""
    process = start_snakemake(folder, *arguments, settings=settings, server=server or forks())
    text, _ = process.communicate()
    jobs = re.findall(r"^(?:local)?(?:rule|checkpoint) (\w+):", text, re.MULTILINE)
    return Run(process.returncode, text, [job for job in jobs if job != "all"])


def rerun_by(folder: Path, other: Path, settings: dict, setting: str, value: object, *targets: str) -> list[str]:
    """The rules that would run again in `folder` with another value of a setting ("train: folds"); `other` takes the configuration."""
    section, _, key = setting.partition(": ")
    other.write_text(yaml.safe_dump(settings | {section: settings.get(section, {}) | {key: value} if key else value}))
    # --configfile comes twice; the later one wins.
    run = snakemake(folder, "--dry-run", "--nolock", "--configfile", other, "--", *targets)
    assert run.status == 0, run.text
    return sorted(set(run.jobs))


def processes(program: str, folder: Path, word: str = "") -> Iterator[psutil.Process]:
    """The processes, oldest first, that run a program in a folder, and the clients of such forks; `word` is part of their command."""
    for process in psutil.process_iter():
        try:
            command, place = process.cmdline(), process.cwd()
        except (psutil.Error, OSError):  # gone meanwhile
            continue
        if place == str(folder) and word in "".join(command) and any(part.endswith(f"/{program}") for part in command):
            yield process


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


def write_list(path: Path, times: int) -> int:
    """Write a list of the samples' Training clips, each `times` times as a file of its own. Returns how many rows it has."""
    rows = []
    for index, sample in enumerate(sorted((SAMPLES / "Training").glob("*/*.jpg")) * times):
        clip = path.parent / f"{index}.jpg"
        clip.write_bytes(sample.read_bytes() + index.to_bytes(2, "big"))  # after the end of the JPEG: other content, same picture
        rows.append(f"{clip},positive\n")
    path.write_text("".join(rows))
    return len(rows)


# Settings with which a run on a few clips takes half a minute.
QUICK = {
    "data": {"folder": "clips"},
    "shards": {"train": 2},
    "train": {"max_steps": 50, "folds": 2},
    "evaluate": {"replicates": 20},
}


def made_once(tmp_path_factory, name: str, make: Callable[[Path], None]) -> Path:
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
    return made_once(tmp_path_factory, "finished-run", _run_on_a_few_clips)


@pytest.fixture(scope="session")
def _browser():
    import browser

    with browser.started() as driver:
        yield driver


@pytest.fixture
def chromium(_browser):
    """A real browser, one for all tests of a worker."""
    yield _browser
    _browser.get("about:blank")  # A page that plays a film would do so until the last test.


@pytest.fixture
def rerun(finished_run, tmp_path) -> Path:
    """A copy of `finished_run`, times of files included, to change something in and run again."""
    return shutil.copytree(finished_run, tmp_path / "rerun", symlinks=True)


@pytest.fixture(scope="session")
def sample_run(tmp_path_factory) -> Path:
    """A folder where the workflow has been run on the samples, with its log in sample_run.log; do not change it."""
    return made_once(tmp_path_factory, "sample-run", _run_on_the_samples)
