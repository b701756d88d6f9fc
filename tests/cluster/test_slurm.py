"""The workflow on a real Slurm, through the profile: the results are those of a local run, whatever goes wrong on the way."""

import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from conftest import QUICK, ROOT, SAMPLES, copy_samples, processes, snakemake, snakemake_command
from meerkat.data import records
from run_outcome import assert_same, outcome
from throwaway_slurm import ThrowawaySlurm, wait_until, what_is_missing

# Snakemake, which asks Slurm how the jobs are doing every two seconds: the plugin waits ten seconds longer each time that none has ended.
_IMPATIENT = """
import sys
from snakemake.cli import main
from snakemake_executor_plugin_slurm import Executor

Executor.next_seconds_between_status_checks = property(lambda self: 2, lambda self, seconds: None)
main()
"""
RECORDS = [f"results/preprocessed/{name}.tfrecord.gz" for name in ["train-00000-of-00002", "train-00001-of-00002", "eval-00000-of-00001"]]
PROFILE = ["--profile", ROOT / "profiles/slurm", "--cores", 4, "--slurm-init-seconds-before-status-checks", 2]


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """A running Slurm with accounting and three nodes; the tests are skipped where none can be had."""
    missing = what_is_missing()
    if missing:
        pytest.skip(f"NO SLURM, CLUSTER NOT TESTED: {missing}")
    with ThrowawaySlurm(tmp_path_factory.mktemp("slurm")) as running:
        yield running


class _Run:
    """Snakemake, at work in a folder with the profile; the settings are QUICK's."""

    def __init__(self, folder: Path, *arguments: object, settings: dict | None = None):
        self.folder = folder
        self._log = (folder / "run.log").open("w+")
        command = snakemake_command(folder, *PROFILE, *arguments, settings=QUICK | (settings or {}))
        self.process = subprocess.Popen([sys.executable, "-c", _IMPATIENT, *command[1:]], stdout=self._log, stderr=subprocess.STDOUT)

    @property
    def text(self) -> str:
        return (self.folder / "run.log").read_text()

    @property
    def run_id(self) -> str:
        return re.search(r"SLURM run ID: (\S+)", self.text)[1]

    def finish(self) -> str:
        """Wait for the end, which has to be a good one; everything that was said."""
        assert self.process.wait() == 0, self.text
        return self.text

    def program(self, name: str, job: str = "") -> psutil.Process:
        """The program of a rule as soon as one runs in a job, of this number if one is given."""
        found = []

        def runs() -> bool:
            assert self.process.poll() is None, self.text
            found.extend(process for process in processes(name, self.folder) if _is_of_job(process, job))
            return bool(found)

        wait_until(runs)
        return found[0]


def _is_of_job(process: psutil.Process, job: str) -> bool:
    """Whether a process belongs to the job of this number, or, if none is given, to any."""
    try:
        number = process.environ().get("SLURM_JOB_ID", "")
        return number == job if job else bool(number)
    except (psutil.Error, OSError):  # gone meanwhile
        return False


@pytest.fixture
def shards_to_embed(rerun) -> Path:
    """A finished run whose embeddings are gone: two Training shards and one Testing shard are to be made again."""
    run = snakemake(rerun, "--until", "create_docs")  # the copied clips have another time of change, and are looked at once more
    assert run.status == 0, run.text
    shutil.rmtree(rerun / "results/preprocessed")
    shutil.rmtree(rerun / "results/state/embeddings")
    return rerun


def _assert_embedded_as(folder: Path, finished_run: Path, names: list[str] = RECORDS) -> None:
    """These records are there, whole, and equal those of the local run bit for bit."""
    for name in names:
        here, there = (records.read([place / name], folder) for place in (folder, finished_run))
        assert here.paths == there.paths and here.digests.tolist() == there.digests.tolist()
        assert np.array_equal(here.embeddings[:], there.embeddings[:]) and np.array_equal(here.labels, there.labels)
    assert not list(folder.glob("results/preprocessed/.tmp-*"))


def _jobs(run_id: str) -> dict[str, str]:
    """The number of each queued or running job by its comment, which names rule and wildcards."""
    listed = subprocess.run(
        ["squeue", "--noheader", f"--name={run_id}", "--format=%k|%A"], capture_output=True, text=True, check=True
    ).stdout
    return dict(line.strip().rsplit("|", 1) for line in listed.splitlines())


def _run_with_waiting_jobs(folder: Path) -> _Run:
    """A run whose three jobs are in the queue and wait for the partition, which is down."""
    subprocess.run(["scontrol", "update", "PartitionName=all", "State=DOWN"], check=True)
    run = _Run(folder, *RECORDS)
    wait_until(lambda: "SLURM run ID" in run.text and len(_jobs(run.run_id)) == 3)
    return run


def test_everything_runs_as_jobs_and_gives_what_a_local_run_gives(slurm, finished_run, tmp_path):
    copy_samples(tmp_path, {"Training": 12, "Testing": 4})
    shutil.copytree(SAMPLES / "videos", tmp_path / "videos")
    # An empty box at its end, for a copy counts once.
    (tmp_path / "videos/again.mp4").write_bytes((tmp_path / "videos/meadow.mp4").read_bytes() + b"\0\0\0\x08free")
    run = _Run(tmp_path, "all", "clips", "annotate", settings={"videos": {"folder": "videos"}})
    run.finish()
    assert_same(outcome(tmp_path), outcome(finished_run))
    assert all((tmp_path / "results" / name).stat().st_size for name in ["clips/meadow/clips.csv", "annotations/again/annotations.csv"])
    states = slurm.job_states(run.run_id)
    assert {state for _, state in states} == {"COMPLETED"}
    assert sum("preprocess" in comment for comment, _ in states) == 3  # one for each shard
    searches = sum("find_motion" in comment for comment, _ in states)
    # create_docs, freeze_backbone, train, the assessment, gather_motion, scores and visits
    assert 1 <= searches <= 2 and len(states) == 3 + searches + 7


def test_jobs_that_run_out_of_memory_or_time_or_are_killed_are_done_again_with_more(slurm, shards_to_embed, finished_run):
    run = _run_with_waiting_jobs(shards_to_embed)
    first, second, third = (number for _, number in sorted(_jobs(run.run_id).items(), reverse=True))
    subprocess.run(["scontrol", "update", f"JobId={first}", "MinMemoryNode=200"], check=True)
    subprocess.run(["scontrol", "update", f"JobId={second}", "TimeLimit=1"], check=True)
    subprocess.run(["scontrol", "update", "PartitionName=all", "State=UP"], check=True)
    run.program("preprocess.py", second).send_signal(signal.SIGSTOP)  # hangs until its time is over
    run.program("preprocess.py", third).kill()
    text = run.finish()
    _assert_embedded_as(shards_to_embed, finished_run)
    states = [state for _, state in slurm.job_states(run.run_id)]
    # Without control groups Slurm calls a job that took too much memory FAILED and says why in its log.
    assert sorted(states) == ["COMPLETED"] * 3 + ["FAILED"] * 2 + ["TIMEOUT"]
    logs = "".join(path.read_text() for path in shards_to_embed.rglob(".snakemake/slurm_logs/**/*.log"))
    assert "exceeded memory limit" in logs and "'TIMEOUT'" in text
    assert "preprocess failed. SLURM-job" in text and "log: results/logs/preprocess/" in text
    first, again = sorted({(int(memory), int(runtime)) for memory, runtime in re.findall(r"mem_mb=(\d+).*runtime=(\d+)", text)})
    assert again == (2 * first[0], 2 * first[1])


def test_what_a_failing_node_was_working_on_is_done_elsewhere(slurm, shards_to_embed, finished_run):
    run = _Run(shards_to_embed, RECORDS[0])
    program = run.program("preprocess.py")
    program.send_signal(signal.SIGSTOP)
    node = program.environ()["SLURMD_NODENAME"]
    slurm.crash_node(node)
    run.finish()
    slurm.start_node(node)
    _assert_embedded_as(shards_to_embed, finished_run, RECORDS[:1])
    assert "NODE_FAIL" in {state for _, state in slurm.job_states(run.run_id)}


def test_a_killed_snakemake_goes_on_with_the_same_command_and_its_old_jobs_end(slurm, shards_to_embed, finished_run):
    old = _run_with_waiting_jobs(shards_to_embed)
    old_run = old.run_id
    at_work, *waiting = _jobs(old_run).values()
    subprocess.run(["scontrol", "hold", *waiting], check=True)
    subprocess.run(["scontrol", "update", "PartitionName=all", "State=UP"], check=True)
    program = old.program("preprocess.py", at_work)
    program.send_signal(signal.SIGSTOP)
    old.process.kill()
    old.process.wait()
    # As if it had just finished when the next run makes its plan: a cancelled job takes its output with it.
    output = next(word.partition("=")[2] for word in program.cmdline() if word.startswith("--output_path="))
    shutil.copy(finished_run / output, shards_to_embed / output)
    shutil.rmtree(shards_to_embed / ".snakemake/incomplete")
    new = _Run(shards_to_embed, *RECORDS)
    assert "Cancelled 3 jobs" in new.finish()
    assert not _jobs(old_run) and not program.is_running()
    _assert_embedded_as(shards_to_embed, finished_run)


def test_half_a_minute_without_the_controller_is_survived(slurm, shards_to_embed, finished_run):
    run = _Run(shards_to_embed, *RECORDS[:2], "--jobs", 1)  # so that a job is to be submitted meanwhile
    run.program("preprocess.py")
    slurm.stop_controller()
    time.sleep(30)
    slurm.start_controller()
    run.finish()
    _assert_embedded_as(shards_to_embed, finished_run, RECORDS[:2])


def test_mistakes_of_the_user_are_told_once_and_with_what_to_change(slurm, tmp_path):
    copy_samples(tmp_path, {"Training": 2, "Testing": 2})
    shutil.rmtree(tmp_path / "clips/Training/Negative")
    refused = ["--set-resources", "freeze_backbone:slurm_partition='all,nosuch'"]
    run = _Run(tmp_path, "--keep-going", "--until", "create_docs", "freeze_backbone", *refused, "--quiet", "host", "reason", "rules")
    assert run.process.wait() != 0
    assert (
        run.text.count("holds no folder Negative") == 1
        and "create_docs failed." in run.text
        and "log: results/logs/create_docs.log" in run.text
    )
    assert "freeze_backbone failed. SLURM sbatch failed" in run.text and "into profiles/slurm/config.yaml" in run.text
    assert "rule create_docs:" not in run.text  # as quiet as profiles/default
