"""Lists and records instead of folders, and inputs that cannot be used."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import QUICK, ROOT, SAMPLES, SCRIPTS, copy_samples, run_program, snakemake
from meerkat.data import records
from meerkat.data.clips import Clip


def test_lists_instead_of_folders(tmp_path):
    clips = copy_samples(tmp_path, {"Training": 8, "Testing": 3})
    (clips / "Training").rename(tmp_path / "mixed, and elsewhere")
    rows = [f'"{path.relative_to(tmp_path)}",{path.parent.name}\n' for path in tmp_path.glob("mixed*/*/*.jpg")]
    (tmp_path / "mine.csv").write_text("".join(rows))
    run = snakemake(tmp_path, "--until", "preprocess", settings=QUICK | {"data": {"folder": "clips", "train_csv": "mine.csv"}})
    assert run.status == 0, run.text
    assert "Positive Training clips: 8" in run.text and "Negative Testing clips: 3" in run.text


def test_records_made_elsewhere_need_no_images(sample_run, tmp_path):
    shutil.copytree(sample_run / "results/preprocessed", tmp_path / "elsewhere")
    given = {"preprocessed": {"train": "elsewhere/train-*", "eval": "elsewhere/eval-*"}}
    run = snakemake(tmp_path, settings=QUICK | given)
    assert run.status == 0, run.text
    assert "preprocess" not in run.jobs
    assert (tmp_path / "results/model/saved_model.pb").is_file()

    # Another backbone than the one that made them is refused before a model is written.
    run = snakemake(tmp_path, settings=QUICK | given | {"backbone": {"name": "efficientnet_lite2"}})
    assert run.status != 0
    assert "Write at backbone: in the configuration which backbone made the records" in run.text


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"data": {"folder": "nowhere"}}, "The clip folder nowhere does not exist"),
        ({"data": {"folder": "empty"}}, "empty holds no folder Training"),
        ({"data": {"train_csv": "bad.csv"}}, "bad.csv, line 2: unknown label 'maybe'"),
        ({"data": {"train_csv": "gone.csv"}}, "gone.csv"),
        ({"data": {"folder": "unreadable"}}, "4 of the 4 files in Training/Positive cannot be used"),
        ({"data": {"folder": "hollow"}}, "Training has no readable positive clip"),
        ({"backbone": {"name": "inception"}}, "backbone: name: 'inception' is not allowed. Write efficientnet_lite0, "),
        ({"backbone": {"weights": "gone.pth"}}, "gone.pth"),
        ({"preprocessed": {"train": "gone/*"}}, "preprocessed: train: no file matches 'gone/*'"),
        ({"shards": {"train": 0}}, "shards: train: 0 is not allowed. Write a whole number from 1 to 10000"),
        ({"trian": {}}, "trian: no such setting. Did you mean train?"),
    ],
)
def test_bad_input_gets_one_plain_message(tmp_path, settings, message):
    (tmp_path / "empty").mkdir()
    copy_samples(tmp_path, {"Training": 4, "Testing": 2})
    shutil.copytree(tmp_path / "clips", tmp_path / "unreadable")
    for clip in (tmp_path / "unreadable/Training/Positive").iterdir():
        clip.write_bytes(clip.read_bytes()[:1000])
    shutil.copytree(tmp_path / "clips", tmp_path / "hollow")
    for clip in (tmp_path / "hollow/Training/Positive").iterdir():
        clip.unlink()
    good = next((SAMPLES / "Training/Positive").glob("*.jpg"))
    (tmp_path / "bad.csv").write_text(f"{good},positive\n{good},maybe\n")
    run = snakemake(tmp_path, settings=settings | {"data": {"folder": "clips"} | settings.get("data", {})})
    assert run.status != 0
    assert message in run.text.rpartition("Elapsed time")[2]  # below all lines of Snakemake, if a step found it
    assert "Traceback" not in run.text and "CalledProcessError" not in run.text
    assert not (tmp_path / "results/docs/trainingdata.csv").exists() or "freeze_backbone" in run.jobs


# Prints the peak memory, in MB, of the command that it is given, for a process inherits the peak of the one that starts it.
_PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
"""


def test_memory_of_training_does_not_grow_with_the_records(tmp_path):
    """40,000 records hold 205 MB of embeddings; some 100 MB are needed, for names, blocks and what the allocator keeps."""
    peaks = []
    for number in (400, 40_000):
        path = tmp_path / f"{number}.tfrecord.gz"
        with records.writing(path, "") as write:
            for index in range(number):
                clip = Clip(f"camera{index // 20}_{index % 20}_0.jpg", index % 2, f"{index:064x}")
                write(clip, np.full(1280, index % 7, np.float32))
        command = [sys.executable, SCRIPTS / "train.py", "--records", path, "--max_steps", "20"]
        command += [f"--{option}={tmp_path / option}" for option in ("head", "out_of_fold", "label_issues", "logs")]
        done = subprocess.run([sys.executable, "-c", _PEAK, *command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        peaks.append(float(done.stdout))
    assert peaks[1] - peaks[0] < 140


def test_records_of_different_backbones_are_refused(sample_run, tmp_path):
    files = sorted((sample_run / "results/preprocessed").glob("train-*"))
    options = ["--head", "head.npz", "--out_of_fold", "scores.csv", "--label_issues", "issues.csv", "--logs", "logs"]
    for width, told in [(1152, "different backbones"), (1280, "Use records made with one backbone")]:
        with records.writing(tmp_path / "other.tfrecord.gz", "f" * 64) as write:
            write(Clip("cam_1_0.jpg", 0, "0" * 64), np.ones(width, np.float32))
        done = run_program("train.py", "--records", tmp_path / "other.tfrecord.gz", *files, *options, folder=tmp_path)
        assert done.returncode == 1 and done.stderr.startswith("ERROR") and told in done.stderr


def test_another_workflow_uses_this_one_as_a_module(tmp_path):
    copy_samples(tmp_path, {"Training": 12, "Testing": 4})
    (tmp_path / "Snakefile").write_text(
        f"configfile: 'mine.yaml'\nmodule training:\n    snakefile: {str(ROOT / 'workflow/Snakefile')!r}\n    config: config\n"
        "use rule * from training\n"
    )
    run = snakemake(tmp_path, "--snakefile", tmp_path / "Snakefile", "--", "results/docs/audit.json", settings=QUICK)
    assert run.status == 0 and run.jobs == ["create_docs"] and "Positive Training clips: 12" in run.text, run.text
    assert json.loads((tmp_path / "results/docs/audit.json").read_text())["used"]["train"] == {"positive": 12, "negative": 12}


def test_a_quiet_run_shows_warnings_only_and_a_verbose_one_the_place_of_an_error(tmp_path):
    copy_samples(tmp_path, {"Training": 12, "Testing": 4})
    run = snakemake(tmp_path, "--quiet", "all", "--", "results/docs/audit.json", settings=QUICK)
    assert run.status == 0 and "WARNING: Training videos with clips of one class only" in run.text, run.text
    assert "clips: 12" not in run.text
    shutil.rmtree(tmp_path / "clips/Testing/Negative")
    for option, shows in [("host", False), ("verbose", True)]:
        run = snakemake(tmp_path, *(["--verbose"] if option == "verbose" else []), "--", "results/docs/audit.json")
        assert run.status != 0 and "holds no folder Negative" in run.text and ("meerkat.errors.UserError" in run.text) is shows, run.text


def test_snakemake_runs_without_its_environment_activated(tmp_path):
    """The programs find their packages although `python` on the user's PATH has none of them."""
    done = subprocess.run(
        [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", tmp_path, "--cores", "1",
         "--config", f"data={{folder: {ROOT / 'samples'}}}", "--until", "create_docs"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "results/docs/trainingdata.csv").is_file()
