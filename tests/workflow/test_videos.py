"""Clips from videos and annotations of videos: the sample video, whose truth is known, and videos as disks hold them."""

import csv
import json
import os
import re
import shutil
import signal
import time
from collections import Counter
from pathlib import Path

import cv2
import films
import numpy as np
import pytest
import yaml
from conftest import ROOT, SAMPLES, finish_orphans, run_program, snakemake, start_snakemake
from jsonschema import Draft202012Validator
from meerkat.data import images
from meerkat.video import motion, videos
from meerkat.video.motion import Box

MEADOW = SAMPLES / "videos/meadow.mp4"
REGIONS = json.loads((SAMPLES / "videos/meadow_regions.json").read_text())
SETTINGS = {"videos": {"folder": "videos", "ignore": [REGIONS["clock"]]}}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _parameters(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        return dict(csv.reader(file))


def _video(path: Path, frames: int):
    """A short video of a bright, spotted box that crosses a dark scene."""
    path.parent.mkdir(parents=True, exist_ok=True)
    spots = np.random.default_rng(0).integers(130, 255, (8, 10, 3), dtype=np.uint8)
    box = cv2.resize(spots, (60, 48), interpolation=cv2.INTER_CUBIC)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"MJPG"), 25, (320, 180))
    for index in range(frames):
        frame = np.full((180, 320, 3), 60, np.uint8)
        frame[60:108, 8 * index : 8 * index + 60] = box
        writer.write(frame)
    writer.release()


def _lying(data: bytes) -> bytes:
    """An AVI file whose headers announce 1000 frames."""
    changed = bytearray(data)
    for name, place in [(b"avih", 24), (b"strh", 40)]:
        start = data.index(name) + place
        changed[start : start + 4] = (1000).to_bytes(4, "little")
    return bytes(changed)


def _sound() -> bytes:
    """A second of silence, a WAVE file."""
    header = bytes([16, 0, 0, 0, 1, 0, 1, 0]) + (8000).to_bytes(4, "little") + (16000).to_bytes(4, "little") + bytes([2, 0, 16, 0])
    return b"RIFF" + (16036).to_bytes(4, "little") + b"WAVEfmt " + header + b"data" + (16000).to_bytes(4, "little") + bytes(16000)


@pytest.fixture(scope="module")
def clips_run(tmp_path_factory):
    """A folder where `snakemake clips` has run on the sample video and on videos of many kinds."""
    folder = tmp_path_factory.mktemp("clips-run")
    (folder / "videos/site").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos")
    _video(folder / "videos/box.avi", 30)
    data = (folder / "videos/box.avi").read_bytes()
    for name, content in {
        "site/box.AVI": data,
        "site/it's $(touch hacked) {video} é.avi": data,
        "truncated.avi": data[: len(data) // 2],
        "lying.avi": _lying(data),
        "empty.mp4": b"",
        "text.mov": b"no video",
        "sound.mkv": _sound(),
    }.items():
        (folder / "videos" / name).write_bytes(content)
    _video(folder / "videos/one frame.avi", 1)
    films.encode(folder / "videos/interlaced.mpg", films.pictures(MEADOW, 60), "mpeg2video", options={"flags": "+ildct+ilme"})
    (folder / "videos/@eaDir").mkdir()
    (folder / "videos/@eaDir/meadow.mp4").write_bytes(b"a thumbnail")
    run = snakemake(folder, "--", "clips", settings=SETTINGS)
    assert run.status == 0, run.text
    (folder / "terminal.txt").write_text(run.text)
    return folder


def test_the_animal_of_the_sample_video_is_found(clips_run):
    """IoU above 0.5 on at least 90 % of the frames in which it moves, and no clip of the whole frame at the beginning."""
    rows = _rows(clips_run / "results/clips/meadow/clips.csv")
    found = {}
    for row in rows:
        found.setdefault(int(row["frame"]), []).append(Box(*(int(row[name]) for name in "xywh")))
    truth = [row for row in _rows(SAMPLES / "videos/meadow.csv") if row["moves"] == "1"]
    hits = [
        any(_overlap(Box(*(int(row[name]) for name in "xywh")), box) > 0.5 for box in found.get(int(row["frame"]), [])) for row in truth
    ]
    assert len(truth) > 50 and np.mean(hits) >= 0.9
    first = cv2.VideoCapture(str(MEADOW)).read()[1]
    assert all(box.w * box.h < 0.5 * first.shape[0] * first.shape[1] for boxes in found.values() for box in boxes)
    assert min(found) > 2


def _overlap(one: Box, other: Box) -> float:
    w = max(0, min(one.x + one.w, other.x + other.w) - max(one.x, other.x))
    h = max(0, min(one.y + one.h, other.y + other.h) - max(one.y, other.y))
    return w * h / (one.w * one.h + other.w * other.h - w * h)


def test_clips_are_the_crops_that_the_table_says(clips_run):
    folder = clips_run / "results/clips/meadow"
    rows = _rows(folder / "clips.csv")
    assert {row["file"] for row in rows} == {path.name for path in folder.glob("*.jpg")}
    assert all(re.fullmatch(rf"meadow_{int(row['frame']):07d}_\d+\.jpg", row["file"]) for row in rows)
    row = rows[len(rows) // 2]
    frame = next(frame.picture for frame in videos.Video(MEADOW).every(1) if frame.number == int(row["frame"]))
    box = Box(*(int(row[name]) for name in "xywh"))
    assert (folder / row["file"]).read_bytes() == motion.clip(frame, box, 0.2071)


def test_videos_that_cannot_be_read_are_listed_and_the_others_complete(clips_run):
    rejected = {row["path"]: row["reason"] for row in _rows(clips_run / "results/clips/rejected.csv")}
    assert set(rejected) == {f"videos/{name}" for name in ("truncated.avi", "lying.avi", "empty.mp4", "text.mov", "sound.mkv")}
    assert rejected["videos/empty.mp4"] == "empty file (0 bytes)" and "without pictures" in rejected["videos/sound.mkv"]
    assert "s are missing: truncated" in rejected["videos/truncated.avi"]
    assert "its last 38.8 s are missing" in rejected["videos/lying.avi"]
    assert "Not read, or not whole: 5 videos" in (clips_run / "terminal.txt").read_text()
    assert _rows(clips_run / "results/clips/truncated/clips.csv")
    assert not (clips_run / "hacked").exists()
    assert "Passed over: 1 hidden files" in (clips_run / "terminal.txt").read_text()


def test_interlaced_film_gives_clips(clips_run):
    """OpenCV gave black frames only, and with them no clip and no word."""
    assert _rows(clips_run / "results/clips/interlaced/clips.csv")


def test_equal_names_in_two_folders_do_not_collide(clips_run):
    one, other = (_rows(clips_run / f"results/clips/{name}/clips.csv") for name in ("box", "site__box"))
    assert len(one) == len(other) > 10 and one[0]["file"].startswith("box_") and other[0]["file"].startswith("site__box_")
    assert len(list((clips_run / "results/clips").glob("site__it*/*.jpg"))) == len(one)


def test_a_new_video_is_one_job_and_a_setting_of_motion_all(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    _video(folder / "videos/new.avi", 12)
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and Counter(run.jobs) == {"list_videos": 1, "extract_clips": 1, "summarize_clips": 1, "clips": 1}, run.text
    changed = {"videos": SETTINGS["videos"] | {"size": 0.02}}
    run = snakemake(folder, "--dry-run", "--", "clips", settings=changed)
    assert Counter(run.jobs) == {"extract_clips": 12, "summarize_clips": 1, "clips": 1}


def test_deleted_results_of_a_video_come_back_and_old_folders_are_told(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    shutil.rmtree(folder / "results/clips/meadow")
    (folder / "results/clips/of an old film").mkdir()
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and Counter(run.jobs) == {"extract_clips": 1, "summarize_clips": 1, "clips": 1}, run.text
    assert (folder / "results/clips/meadow/clips.csv").is_file()
    assert "1 folders in results/clips are of no video any more" in run.text and "of an old film" in run.text


def test_a_killed_run_is_completed_by_the_next(clips_run, tmp_path):
    folder = tmp_path / "killed"
    (folder / "videos").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos")
    process = start_snakemake(folder, "--", "clips", settings=SETTINGS)
    while not list(folder.glob("results/clips/meadow/*.jpg")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run = snakemake(folder, "--", "clips")
    assert run.status == 0, run.text
    whole = {path.name: path.read_bytes() for path in (clips_run / "results/clips/meadow").glob("*_*.jpg")}
    finish_orphans(folder)  # the program outlived its Snakemake; it writes the same
    assert {path.name: path.read_bytes() for path in (folder / "results/clips/meadow").glob("*_*.jpg")} == whole


def test_a_draw_of_clips_and_the_rest_is_cleared(clips_run, tmp_path):
    folder = tmp_path / "draw"
    (folder / "videos").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos")
    shutil.copytree(clips_run / "results/clips/meadow", folder / "results/clips/meadow")
    (folder / "results/clips/meadow/clips.csv").unlink()
    run = snakemake(
        folder, "--", "clips", settings={"videos": SETTINGS["videos"] | {"max_clips_per_video": 10, "frame_step": 2, "scale": 0.5}}
    )
    assert run.status == 0, run.text
    rows = _rows(folder / "results/clips/meadow/clips.csv")
    assert len(rows) == 10 and len(list((folder / "results/clips/meadow").glob("*.jpg"))) == 10
    assert all(int(row["frame"]) % 2 == 1 for row in rows)


@pytest.fixture(scope="module")
def annotate_run(sample_run, tmp_path_factory):
    """A folder where `snakemake annotate` has run with the samples' model on the sample video, a box and no video."""
    folder = tmp_path_factory.mktemp("annotate-run")
    (folder / "videos/site").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos/site")
    _video(folder / "videos/box.avi", 30)
    (folder / "videos/empty.mp4").touch()
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0, run.text
    assert Counter(run.jobs) == {"list_videos": 1, "annotate_video": 3, "summarize_annotations": 1, "annotate": 1}
    return folder


def test_annotations_agree_with_the_model_on_the_clips(annotate_run, clips_run, sample_run):
    """The crops that are scored are, to the byte, the clips that are trained on."""
    from meerkat.export.served_model import ServedModel

    found = json.loads((annotate_run / "results/annotations/site__meadow/detections.json").read_text())["detections"]
    clips = _rows(clips_run / "results/clips/meadow/clips.csv")
    assert [one["frame_number"] + 1 for one in found] == [int(row["frame"]) for row in clips]
    data = [(clips_run / "results/clips/meadow" / row["file"]).read_bytes() for row in clips]
    scores = ServedModel(sample_run / "results/model", threads=1).scores(data)
    assert [one["conf"] for one in found] == pytest.approx(scores.tolist(), abs=1e-4)
    rows = _rows(annotate_run / "results/annotations/site__meadow/annotations.csv")
    kept = {int(row["frame"]) for row, score in zip(clips, scores, strict=True) if score >= 0.5}
    assert {int(row["Frame"]) for row in rows} == kept
    assert list(rows[0]) == ["Frame", "Clock", "x", "y", "h", "w", "label", "score"]
    assert {int(path.stem) for path in (annotate_run / "results/annotations/site__meadow").glob("*.jpg")} == kept


def test_detections_are_in_the_format_of_megadetector(annotate_run):
    batch = json.loads((annotate_run / "results/annotations/detections.json").read_text())
    Draft202012Validator(yaml.safe_load((ROOT / "workflow/schemas/detections.schema.yaml").read_text())).validate(batch)
    assert float(batch["info"]["format_version"]) >= 1.3 and batch["detection_categories"] == {"1": "animal"}
    images_by_file = {image["file"]: image for image in batch["images"]}
    assert set(images_by_file) == {"site/meadow.mp4", "box.avi", "empty.mp4"}
    assert images_by_file["empty.mp4"] == {"file": "empty.mp4", "failure": "empty file (0 bytes)", "detections": None}
    meadow = images_by_file["site/meadow.mp4"]
    assert meadow["frame_rate"] == 25
    for one in meadow["detections"]:
        x, y, w, h = one["bbox"]
        assert 0 <= x <= x + w <= 1.001 and 0 <= y <= y + h <= 1.001 and 0 <= one["conf"] <= 1
        assert one["category"] == "1" and one["frame_number"] in meadow["frames_processed"]


def test_parameters_tables_and_report_of_annotations(annotate_run):
    results = annotate_run / "results/annotations"
    parameters = _parameters(results / "site__meadow/parameters.csv")
    assert {"Minutes", "Total Frames", "Motion Events", "Return rate", "Frame processing rate"} <= set(parameters)
    assert _rows(results / "rejected.csv") == [{"path": "videos/empty.mp4", "reason": "empty file (0 bytes)"}]
    page = (results / "report.html").read_text()
    assert "site__meadow" in page and "data:image/jpeg" in page and "empty file (0 bytes)" in page
    kept = next((results / "site__meadow").glob("*.jpg"))
    assert images.decode(kept.read_bytes()).shape == cv2.VideoCapture(str(MEADOW)).read()[1].shape


@pytest.mark.parametrize("program", ["extract_clips.py", "annotate_video.py"])
def test_a_video_takes_one_core_and_no_more(sample_run, tmp_path, program, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads only start, for an eighth of the second that a fast core takes
    options = {
        "extract_clips.py": ["--name", "v"],
        "annotate_video.py": ["--folder", MEADOW.parent, "--model", sample_run / "results/model"],
    }
    before = os.times()
    done = run_program(program, "--video", MEADOW, "--output", tmp_path / "out", *options[program])
    assert done.returncode == 0, done.stderr
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    assert cpu <= 1.15 * (after.elapsed - before.elapsed)


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"annotate": {"model": "nowhere"}}, "nowhere"),
        ({"annotate": {"model": "videos"}}, "is no model for DeepMeerkat"),
        ({"videos": {"folder": "gone"}}, "The video folder gone does not exist"),
        ({"videos": {"roi": [0, 0, 2, 1]}}, "videos: roi"),
        ({"videos": {"ignore": [[0, 0, 1]]}}, "videos: ignore"),
    ],
)
def test_wrong_settings_of_videos_get_a_message(tmp_path, settings, message):
    _video(tmp_path / "videos/box.avi", 12)
    (tmp_path / "videos/saved_model.pb").write_bytes(b"no model")
    run = snakemake(tmp_path, "--", "annotate", settings={"videos": {"folder": "videos"}, "annotate": {"model": "videos"}} | settings)
    assert run.status != 0 and message in run.text and "Traceback" not in run.text
