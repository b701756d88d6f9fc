"""What happens to files between two runs, and in places where nobody looked: the right result, or a plain word."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import QUICK, ROOT, SAMPLES, run_program, snakemake
from meerkat.data import clip_lists
from meerkat.tables import csv_text
from meerkat.video import video_files


def _another_clip(folder: Path, name: str) -> bytes:
    there = {path.name for path in (folder / "clips").rglob("*.jpg")}
    return next(path for path in sorted((SAMPLES / "Training" / name).glob("*.jpg")) if path.name not in there).read_bytes()


def test_a_clock_that_was_ahead_in_an_earlier_run_hides_no_clip(rerun):
    tomorrow = time.time() + 86_400
    for path in (rerun / "results").rglob("*"):
        os.utime(path, (tomorrow, tomorrow))
    (rerun / "clips/Training/Positive/cam99_1_0.jpg").write_bytes(_another_clip(rerun, "Positive"))
    (rerun / "clips/Training/Negative/cam99_2_0.jpg").write_bytes(_another_clip(rerun, "Negative"))
    run = snakemake(rerun)
    assert run.status == 0, run.text
    assert "preprocess" in run.jobs and "Positive Training clips: 13" in run.text
    assert "cam99_1_0" in (rerun / "results/docs/trainingdata.csv").read_text()
    assert snakemake(rerun).jobs == []


def test_lists_are_compared_by_content(rerun):
    """The lists of an interrupted run have the times of another day: older than the records made of the lists before."""
    (rerun / "clips/Training/Positive/cam99_1_0.jpg").write_bytes(_another_clip(rerun, "Positive"))
    (rerun / "clips/Training/Negative/cam99_2_0.jpg").write_bytes(_another_clip(rerun, "Negative"))
    run = snakemake(rerun, "--until", "create_docs")
    assert run.status == 0, run.text
    long_ago = time.time() - 86_400
    for path in (rerun / "results/docs").rglob("*"):
        os.utime(path, (long_ago, long_ago))
    run = snakemake(rerun, "--until", "preprocess")
    assert run.status == 0 and "preprocess" in run.jobs, run.text
    assert snakemake(rerun, "--until", "preprocess").jobs == []


def test_records_that_do_not_hold_what_is_listed_are_refused(finished_run, tmp_path):
    arguments = ["--records", "results/preprocessed/train-*", "--logs", tmp_path / "logs"]
    arguments += [
        "--head",
        tmp_path / "head.npz",
        "--out_of_fold",
        tmp_path / "out_of_fold.csv",
        "--label_issues",
        tmp_path / "label_issues.csv",
        "--max_steps",
        10,
    ]
    lists = finished_run / "results/docs/shards"
    listed = clip_lists.read(lists / "train-00000-of-00002.csv")
    (tmp_path / "one.csv").write_text(clip_lists.text(listed[1:], digests=True))
    done = run_program(
        "train.py", *arguments, "--lists", lists / "train-00001-of-00002.csv", tmp_path / "one.csv", folder=finished_run
    )  # fmt: skip
    assert done.returncode == 1
    assert f"0 clips are missing and 1 are not listed, such as {listed[0].path}" in done.stderr
    done = run_program("train.py", *arguments, "--lists", lists / "train-*.csv", folder=finished_run)
    assert done.returncode == 0, done.stderr


def _replace(clip: Path, data: bytes):
    """Another picture under the same name, of the same size and modification time, as a copy program may put it there."""
    status = clip.stat()
    assert len(data) <= status.st_size
    other = clip.with_suffix(".other")
    other.write_bytes(data + bytes(status.st_size - len(data)))
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(clip)
    assert (clip.stat().st_size, clip.stat().st_mtime_ns) == (status.st_size, status.st_mtime_ns)


def test_a_clip_that_is_replaced_by_one_of_the_same_size_and_time_is_noticed(rerun):
    clip = max((rerun / "clips/Training/Negative").iterdir(), key=lambda path: path.stat().st_size)
    small = min((SAMPLES / "Training/Negative").iterdir(), key=lambda path: path.stat().st_size)
    _replace(clip, small.read_bytes())
    run = snakemake(rerun, "--until", "preprocess")
    assert run.status == 0 and ": 1 embedded, " in run.text, run.text


def test_a_clip_that_changes_unnoticed_is_looked_at_anew_in_the_next_run(rerun):
    """As on a disk that tells no time of change: the finding of the old picture is put back under the new one's times."""
    snakemake(rerun, "--until", "create_docs")
    clip = max((rerun / "clips/Training/Negative").iterdir(), key=lambda path: path.stat().st_size)
    name = str(clip.relative_to(rerun))
    known = rerun / "results/state/findings.csv"
    old = next(line for line in known.read_text().splitlines() if line.startswith(name))
    small = min((SAMPLES / "Training/Negative").iterdir(), key=lambda path: path.stat().st_size)
    _replace(clip, small.read_bytes())
    fields = old.split(",")
    fields[3] = str(clip.stat().st_ctime_ns)
    known.write_text(known.read_text().replace(old, ",".join(fields)))
    # Something makes this shard's embeddings necessary.
    records = [path.relative_to(rerun) for path in (rerun / "results/preprocessed").iterdir()]
    shutil.rmtree(rerun / "results/preprocessed")
    shutil.rmtree(rerun / "results/state/embeddings")
    run = snakemake(rerun, "--", *records)
    assert run.status != 0 and f"{name} has changed while the workflow ran. Run it again." in run.text, run.text
    run = snakemake(rerun, "--", *records)
    assert run.status == 0, run.text
    assert snakemake(rerun, "--dry-run", "--", *records).jobs == []


def test_the_results_may_lie_in_the_folder_of_clips(rerun):
    for name in ("Training", "Testing"):
        (rerun / "clips" / name).rename(rerun / name)
    here = QUICK | {"data": {"folder": "."}}
    run = snakemake(rerun, "--until", "create_docs", settings=here)
    assert run.status == 0 and "Positive Training clips: 12" in run.text, run.text
    (rerun / "results/picture.jpg").write_bytes(b"no clip")
    (rerun / ".hidden").mkdir()
    (rerun / ".hidden/picture.jpg").write_bytes(b"no clip")
    assert "create_docs" not in snakemake(rerun, "--until", "create_docs").jobs


def _bomb() -> bytes:
    """Ten lines that stand for a thousand million settings."""
    lines = [b"results: x", b"data:", b"  n0: &n0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [b"  n%d: &n%d [%s]" % (number, number, b", ".join([b"*n%d" % (number - 1)] * 10)) for number in range(1, 9)]
    return b"\n".join(lines)


def test_a_key_that_stands_twice_is_refused_and_the_samples_are_not_trained_on(tmp_path):
    (tmp_path / "samples").symlink_to(SAMPLES)
    (tmp_path / "mine.yaml").write_text("data: {folder: myclips}\nresults: mine\ndata:\n  split: video\n")
    run = snakemake(tmp_path, "--dry-run")
    assert run.status != 0 and "mine.yaml, line 3: data: is written twice, also in line 1" in run.text and "Traceback" not in run.text
    run = snakemake(tmp_path, "--dry-run", settings={"results": "mine"})
    assert run.status != 0 and "names no folder of clips. Write\ndata:\n  folder: myclips" in run.text and "Traceback" not in run.text
    run = snakemake(tmp_path, "--dry-run", "--", "clips", settings={"results": "mine"})
    assert run.status != 0 and "names no folder of videos" in run.text
    (tmp_path / "mine.yaml").unlink()
    run = snakemake(tmp_path, "--dry-run", "--config", "results=mine")
    assert run.status != 0 and "--config names no folder of clips" in run.text
    assert snakemake(tmp_path, "--dry-run").status == 0


@pytest.mark.parametrize(
    "content, message",
    [
        ("data: {folder: Vidéos}\n".encode("latin-1"), "line 1: a letter that is not written as UTF-8"),
        ("data: {folder: x}\n".encode("utf-16"), "is written as UTF-16"),
        (b'data: {video_pattern: "\\d"}\n', "line 1: a backslash in double quotes"),
        (b"data:\n\tfolder: x\n", "line 2: a tab"),
        (b"data: &a [&b [*a, *a], *b]\n", "the settings are nested without end"),
        (_bomb(), "line 2: data: its aliases (*) stand for"),
        (b"data: {fodler: x}\n", "data: fodler: no such setting. Did you mean folder?"),
        (b"train: {dropout: 1.0}\n", "train: dropout: 1.0 is not allowed. Write a number, at least 0, below 1"),
        (b"videos: {looks: 0}\n", "videos: looks: 0 is not allowed"),
        (b"videos: {roi: [0, 0, 1, 1]}\n", "videos: roi: this setting is gone. Parts of the picture stand in a table of cameras"),
        (b"data: {folder: 2021-05-01}\n", "line 1: data: folder: 2021-05-01 is taken for a date. Write quotes"),
    ],
)
def test_start_names_what_is_wrong_in_a_file_before_snakemake_reads_it(tmp_path, content, message):
    (tmp_path / "mine.yaml").write_bytes(content)
    done = subprocess.run(
        [sys.executable, ROOT / "start.py", "run", "mine.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    text = done.stdout + done.stderr
    assert done.returncode == 1 and message in text and "Traceback" not in text and text.startswith("ERROR: ")


def test_many_films_with_long_names(tmp_path):
    """A dry run, and the last step: no command line holds so many names."""
    (tmp_path / "videos").mkdir()
    for index in range(1_500):
        (tmp_path / f"videos/a camera at the northern end of the valley, {index:05d}.avi").touch()
    settings = {"videos": {"folder": "videos"}}
    run = snakemake(tmp_path, "--dry-run", "--quiet", "all", "--", "clips", settings=settings)
    assert run.status == 0, run.text[-2000:]
    for name, path in video_files.list_videos(tmp_path / "videos").paths.items():
        for folder, files in [("clips", ["clips.csv"]), ("motion", ["clips.csv", "boxes.csv", "parameters.csv"])]:
            (tmp_path / "results" / folder / name).mkdir(parents=True)
            for file in files:
                (tmp_path / "results" / folder / name / file).touch()
        rows = {"video": path, "Total Frames": 0, "Seconds": 0, "Problem": "empty file (0 bytes)"}
        rows |= {"Tracks": 0, "Looks": 0, "Looks with too small boxes": 0}
        (tmp_path / "results/motion" / name / "parameters.csv").write_text(csv_text(rows.items()))
    run = snakemake(tmp_path, "--quiet", "all", "--", "clips")
    assert run.status == 0, run.text[-2000:]
    assert len((tmp_path / "results/clips/rejected.csv").read_text().splitlines()) == 1_501
