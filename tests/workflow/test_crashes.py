"""Kills and failures at many moments: the next plain run completes, and its outcome is that of an undisturbed run."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from conftest import QUICK, ROOT, SAMPLES, SCRIPTS, copy_samples, finish_orphans, forks, processes, snakemake, start_snakemake, write_list
from run_outcome import assert_same, outcome

AFTER_TRAINING = {"evaluate", "export", "write_model_card", "write_provenance"}
# Each rule: a change of settings that it depends on, and what has to run after it failed.
FAILURES = {
    "create_docs": ({"seed": 2}, {"train"} | AFTER_TRAINING),
    "freeze_backbone": ({"backbone": {"name": "efficientnet_lite2"}}, {"preprocess", "train"} | AFTER_TRAINING),
    "preprocess": ({"backbone": {"name": "efficientnet_lite2"}}, {"train"} | AFTER_TRAINING),
    "train": ({"seed": 2}, AFTER_TRAINING),
    "evaluate": ({"evaluate": {"replicates": 30}}, AFTER_TRAINING),
    "export": ({"evaluate": {"replicates": 30}}, {"write_model_card", "write_provenance"}),
}


@pytest.fixture
def undisturbed(finished_run):
    return outcome(finished_run)


def _wait_for(program: str, snakemake_process: subprocess.Popen, folder: Path, word: str = "") -> psutil.Process:
    """The process of a rule's program, or the client of its fork, as soon as it runs in the folder; `word` is part of its command."""
    while snakemake_process.poll() is None:
        if process := next(processes(f"{program}.py", folder, word), None):
            return process
        time.sleep(0.02)
    raise AssertionError(f"{program} never ran")


@pytest.mark.parametrize("rule", FAILURES)
def test_a_rule_that_fails_over_an_older_result_is_done_again(rerun, rule):
    """A complete result of other settings is there; the program of one rule is killed; nothing old may be kept."""
    change, followers = FAILURES[rule]
    process = start_snakemake(rerun, settings=QUICK | change, server=forks())
    # Of the shards, one for Training: training could go on without one for Testing.
    _wait_for(rule, process, rerun, "shards/train-" if rule == "preprocess" else "").kill()
    text, _ = process.communicate()
    assert process.returncode != 0, text
    run = snakemake(rerun, "--dry-run")
    assert run.status == 0 and {rule} | followers <= set(run.jobs), run.text


# Moments of each rule by what can be seen of them; the first is that of the start.
MOMENTS = {
    "create_docs": ["", "state/findings.csv"],  # the clips have been looked at, the lists not written
    "preprocess": ["", "preprocessed/.tmp-*"],  # records are being written
    "train": ["", "tensorboard/fold1/train/events*"],  # the first step is about to be done
    "export": ["", ".tmp-*/saved_model.pb"],  # the model is written, but not checked
}


def _kill_at(folder: Path, rule: str, moment: str, whole_group: bool):
    """Run up to a rule, and kill Snakemake, or it and all that it started, when a file of results appears."""
    process = start_snakemake(folder, "--forcerun", rule, "--until", rule, start_new_session=True, stdout=subprocess.DEVNULL)
    program = _wait_for(rule, process, folder)
    program.suspend()
    # The program runs for a few milliseconds at a time and is looked at while it stands still: no moment is missed.
    while moment and not list((folder / "results").glob(moment)):
        program.resume()
        time.sleep(0.005)
        program.suspend()
    assert program.status() != psutil.STATUS_ZOMBIE, f"{rule} was over before {moment}"
    if whole_group:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
        program.resume()
    process.wait()


def test_a_run_that_a_person_stops_ends_with_what_to_do(tmp_path):
    shutil.copytree(SAMPLES / "videos", tmp_path / "videos")
    (tmp_path / "mine.yaml").write_text("videos: {folder: videos}\n")
    # Whoever starts the tests in the background ignores Ctrl-C, and so would the run.
    command = ["env", "--default-signal=INT", sys.executable, ROOT / "start.py", "run", "mine.yaml", "clips"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True)
    _wait_for("list_videos", process, tmp_path)
    os.killpg(process.pid, signal.SIGINT)  # as Ctrl-C does
    text = process.communicate()[0]
    assert process.returncode and text.endswith("Stopped. The same command goes on from here.\n"), text
    assert "CalledProcessError" not in text and "list_videos failed" not in text


@pytest.mark.parametrize("rule", MOMENTS)
def test_killed_runs_are_completed_by_the_next(rerun, undisturbed, rule):
    """Killed at two moments of a rule, first the whole process group and then Snakemake alone, and then run plainly."""
    for moment, whole_group in zip(MOMENTS[rule], (True, False), strict=True):
        finish_orphans(rerun)
        shutil.rmtree(rerun / "results/state", ignore_errors=True)  # nothing may be saved by what an earlier run kept
        for old in (rerun / "results").glob(moment or "nothing"):
            shutil.rmtree(old.parent) if rule == "export" else old.unlink()
        _kill_at(rerun, rule, moment, whole_group)
    run = snakemake(rerun)
    assert run.status == 0, run.text
    finish_orphans(rerun)
    assert_same(outcome(rerun), undisturbed)
    assert snakemake(rerun).jobs == []


def _run_with(change: str, program: str, arguments: list[str], folder: Path) -> subprocess.Popen:
    """Start a program after a statement has changed how often it saves."""
    start = f"import sys, runpy; sys.path.insert(0, {str(SCRIPTS)!r})"
    code = f"{start}; {change}; runpy.run_path({str(SCRIPTS / program)!r}, run_name='__main__')"
    return subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=folder, stderr=subprocess.PIPE, text=True)


def test_preprocess_resumes_within_the_shard(tmp_path):
    clips = write_list(tmp_path / "list.csv", 2)
    (tmp_path / "dict.txt").write_text("positive\nnegative\n")
    often = "import meerkat.preprocess.embedding_store as store; store.SAVE_EVERY = 0.2"
    arguments = ["--input_path", "list.csv", "--input_dict", "dict.txt", "--output_path", "out/train", "--store", "store"]
    process = _run_with(often, "preprocess.py", arguments, tmp_path)
    while len(list(tmp_path.glob("store/*/*.part-*"))) < 5:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert not list(tmp_path.glob("out/train*"))
    torn = max(tmp_path.glob("store/*/*.part-*"))
    torn.write_bytes(torn.read_bytes()[:-7])
    process = _run_with(often, "preprocess.py", arguments, tmp_path)
    text = process.communicate()[1]
    embedded, reused = (int(word) for word in text.splitlines()[-1].replace(",", "").split() if word.isdigit())
    assert embedded + reused == clips and reused > 20, text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a small disk")
def test_a_full_disk_gives_a_message_and_the_next_run_goes_on(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    copy_samples(tmp_path, {"Training": 12, "Testing": 4})
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=14200k", "tmpfs", disk], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        run = snakemake(tmp_path, settings=QUICK | {"results": "disk/results"})
        assert run.status != 0
        assert "No space left on device" in run.text and "Traceback" not in run.text
        subprocess.run(["mount", "-o", "remount,size=200m", disk], check=True)
        run = snakemake(tmp_path)
        assert run.status == 0, run.text
        assert "create_docs" not in run.jobs
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_second_run_is_refused_while_the_first_is_alive(rerun):
    first = start_snakemake(rerun, "--forcerun", "create_docs", "--until", "create_docs")
    program = _wait_for("create_docs", first, rerun)
    program.suspend()
    second = snakemake(rerun)
    assert second.status != 0 and "Another run is at work on results" in second.text
    program.resume()
    text, _ = first.communicate()
    assert first.returncode == 0, text


def test_the_pages_say_how_to_clear_a_lock():
    assert "start.py run mine.yaml --unlock" in (ROOT / "docs/troubleshooting.md").read_text()
