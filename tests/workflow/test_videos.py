"""Motion, clips and visits: the sample video, whose truth is known, and videos as disks hold them."""

import csv
import json
import math
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections import Counter
from functools import partial
from pathlib import Path

import cv2
import films
import frictionless
import numpy as np
import pytest
import yaml
from conftest import QUICK, ROOT, SAMPLES, finish_orphans, made_once, rerun_by, run_program, snakemake, start_snakemake
from jsonschema import Draft4Validator, Draft202012Validator
from meerkat.data import images
from meerkat.tables import csv_text
from meerkat.video import crops, motion_files, stretches, video_files, videos
from meerkat.video.boxes import Box
from meerkat.video.known_films import KnownFilms

MEADOW = SAMPLES / "videos/meadow.mp4"
REGIONS = json.loads((SAMPLES / "videos/meadow_regions.json").read_text())
SETTINGS = {"videos": {"folder": "videos", "cameras": "cameras.csv"}}
# The part with the clock, as the table of cameras gives it, and a table that says nothing else.
CLOCK = " ".join(map(str, REGIONS["clock"]))
CAMERAS = f"folder,ignore\n.,{CLOCK}\n"

# The jobs of another threshold.
_OUTPUTS = ["write_detections", "write_effort", "write_pictures", "write_playlist", "write_subtitles", "write_workbook"]
_VISITS = ["annotate", "find_visits", *_OUTPUTS, "write_visits_report"]
ANNOTATED = dict.fromkeys(_VISITS, 1)
# The jobs of other settings of motion.
_GATHER = ["find_motion", "gather_motion", "list_videos"]


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


@pytest.fixture(scope="session")
def clips_run(tmp_path_factory):
    """A folder where `snakemake clips` has run on the sample video and on videos of many kinds."""
    return made_once(tmp_path_factory, "clips-run", _clips_of_many_kinds)


def _clips_of_many_kinds(folder):
    (folder / "videos/site").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos")
    _video(folder / "videos/box.avi", 30)
    data = (folder / "videos/box.avi").read_bytes()
    for name, content in {
        "site/box.AVI": data + b"\0\0",
        "site/it's $(touch hacked) {video} é.avi": data + b"\0",  # no copy
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
    (folder / "cameras.csv").write_text(CAMERAS)
    run = snakemake(folder, "--", "clips", settings=SETTINGS)
    assert run.status == 0, run.text
    (folder / "terminal.txt").write_text(run.text)


def test_the_animal_of_the_sample_video_is_found(clips_run):
    """IoU above 0.5 on at least 90 % of the looks in which it moves, as one track or two, and no clip of the whole frame."""
    rows = _rows(clips_run / "results/motion/meadow/boxes.csv")
    found = {}
    for row in rows:
        found.setdefault(int(row["frame"]), []).append((Box(*(int(row[name]) for name in "xywh")), row["track"]))
    truth = [row for row in _rows(SAMPLES / "videos/meadow.csv") if row["moves"] == "1" and int(row["frame"]) % 2]
    hits = [
        [track for box, track in found.get(int(row["frame"]), []) if _overlap(Box(*(int(row[name]) for name in "xywh")), box) > 0.5]
        for row in truth
    ]
    assert len(truth) > 25 and np.mean([bool(hit) for hit in hits]) >= 0.9
    assert len({track for hit in hits for track in hit}) <= 2
    first = cv2.VideoCapture(str(MEADOW)).read()[1]
    assert all(box.w * box.h < 0.5 * first.shape[0] * first.shape[1] for boxes in found.values() for box, _ in boxes)
    assert min(found) > 2


def _overlap(one: Box, other: Box) -> float:
    w = max(0, min(one.x + one.w, other.x + other.w) - max(one.x, other.x))
    h = max(0, min(one.y + one.h, other.y + other.h) - max(one.y, other.y))
    return w * h / (one.w * one.h + other.w * other.h - w * h)


def test_clips_are_the_crops_that_the_table_says(clips_run):
    folder, motion = clips_run / "results/clips/meadow", clips_run / "results/motion/meadow"
    rows = _rows(folder / "clips.csv")
    assert {row["file"] for row in rows} == {path.name for path in folder.glob("*.jpg")}
    assert all(re.fullmatch(rf"meadow_{int(row['frame']):07d}_\d+\.jpg", row["file"]) for row in rows)
    assert max(Counter(row["track"] for row in rows).values()) == 3
    row = rows[len(rows) // 2]
    frame = next(frame for frame in videos.Video(MEADOW).looks(math.inf) if frame.number == int(row["frame"]))
    box = Box(*(int(row[name]) for name in "xywh"))
    assert (folder / row["file"]).read_bytes() == crops.jpeg(crops.crop(frame, box, 0.2071))
    # A program reads the same clips, and what a person moves or deletes is not lost for it.
    assert (motion / motion_files.CLIPS / row["file"]).samefile(folder / row["file"])
    best = {row["track"]: row["file"] for row in rows if row["best"] == "1"}
    assert len(best) == int(rows[-1]["track"])
    places = motion_files.best_frames(motion.parent, "meadow")
    assert set(places) == set(best.values())
    assert all(images.decode(motion_files.read_frame(motion.parent, "meadow", place)).shape == (360, 640, 3) for place in places.values())


def test_videos_that_cannot_be_read_are_listed_and_the_others_complete(clips_run):
    rejected = {row["path"]: row["reason"] for row in _rows(clips_run / "results/clips/rejected.csv")}
    names = ("truncated.avi", "lying.avi", "empty.mp4", "text.mov", "sound.mkv", "one frame.avi")
    assert set(rejected) == {f"videos/{name}" for name in names}
    assert rejected["videos/empty.mp4"] == "empty file (0 bytes)" and "without pictures" in rejected["videos/sound.mkv"]
    assert "s are missing: truncated" in rejected["videos/truncated.avi"]
    assert "its last 38.8 s are missing" in rejected["videos/lying.avi"]
    assert "Not read, or not to the end: 6 files" in (clips_run / "terminal.txt").read_text()
    assert _rows(clips_run / "results/motion/truncated/boxes.csv")
    assert not (clips_run / "hacked").exists()
    assert "Ignored: 1 hidden files" in (clips_run / "terminal.txt").read_text()


def test_interlaced_film_gives_clips(clips_run):
    """OpenCV gave black frames only, and with them no clip and no word."""
    assert _rows(clips_run / "results/clips/interlaced/clips.csv")


def test_equal_names_in_two_folders_do_not_collide(clips_run):
    one, other = (_rows(clips_run / f"results/clips/{name}/clips.csv") for name in ("box", "site__box"))
    assert 1 <= len(one) == len(other) and one[0]["file"].startswith("box_") and other[0]["file"].startswith("site__box_")
    assert len(list((clips_run / "results/clips").glob("site__it*/*.jpg"))) == len(one)


def test_a_new_video_runs_only_its_shard_and_a_setting_of_motion_all(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    shards = len(list((folder / "results/searched").iterdir()))
    _video(folder / "videos/new.avi", 12)
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and Counter(run.jobs) == {"list_videos": 1, "find_motion": 1, "gather_motion": 1, "clips": 1}, run.text
    assert "1 part of films searched" in run.text and _rows(folder / "results/motion/new/clips.csv")
    changed = {"videos": SETTINGS["videos"] | {"size": 0.02}}
    run = snakemake(folder, "--dry-run", "--", "clips", settings=changed)
    assert Counter(run.jobs)["find_motion"] in (shards, shards + 1) and set(run.jobs) == {*_GATHER, "clips"}
    (folder / "videos/new.avi").unlink()
    run = snakemake(folder, "--", "clips", settings=SETTINGS)
    assert run.status == 0 and "Gone: 1 file of earlier runs" in run.text, run.text
    gone = [row for row in _rows(folder / "results/videos.csv") if row["state"] == "gone"]
    assert [(row["name"], row["path"]) for row in gone] == [("new", "new.avi")]


def test_moved_and_renamed_videos_are_not_searched_again(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    before = (folder / "results/motion/meadow/boxes.csv").read_bytes()
    clips = {path.name.removeprefix("meadow"): path.read_bytes() for path in (folder / "results/clips/meadow").glob("*.jpg")}
    (folder / "results/clips/meadow/my notes.txt").touch()
    (folder / "videos").rename(folder / "other disk")
    (folder / "other disk/meadow.mp4").rename(folder / "other disk/site/field.mp4")
    (folder / "other disk/site").rename(folder / "other disk/ridge")
    run = snakemake(folder, "--", "clips", settings={"videos": SETTINGS["videos"] | {"folder": "other disk"}})
    assert run.status == 0 and Counter(run.jobs) == {"list_videos": 1, "gather_motion": 1, "clips": 1}, run.text
    assert "0 of them not searched yet" in run.text
    assert (folder / "results/motion/ridge__field/boxes.csv").read_bytes() == before
    found = {path.name.removeprefix("ridge__field"): path.read_bytes() for path in (folder / "results/clips/ridge__field").glob("*.jpg")}
    assert found == clips and not (folder / "results/motion/meadow").exists()
    assert [path.name for path in (folder / "results/clips/meadow").iterdir()] == ["my notes.txt"]
    sites = {row["path"]: (row["site"], row["state"]) for row in _rows(folder / "results/videos.csv")}
    assert sites["other disk/ridge/field.mp4"] == ("ridge", "here")
    shutil.copy(folder / "other disk/ridge/field.mp4", folder / "other disk/again.mp4")
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and "find_motion" not in run.jobs and "Left out: 1 copy of other files" in run.text, run.text


def test_forget_deletes_what_is_kept_of_films_that_are_gone_and_only_that(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    gone = _film(folder, "meadow")
    (folder / "videos/meadow.mp4").unlink()
    (folder / "results/clips/meadow/my notes.txt").touch()
    run = snakemake(folder, "--", "clips", settings=SETTINGS)
    assert run.status == 0 and "Gone: 1 file of earlier runs. Their results are kept" in run.text, run.text
    kept = sorted(path.name for path in folder.glob("results/state/motion/*/*.zip"))
    done = run_program("forget_films.py", "mine.yaml", folder=folder)
    assert done.returncode == 0 and "Would forget 1 gone film or still, and 0 searches with other settings" in done.stderr, done.stderr
    assert kept == sorted(path.name for path in folder.glob("results/state/motion/*/*.zip"))
    done = run_program("forget_films.py", "mine.yaml", "--yes", folder=folder)
    assert done.returncode == 0 and "Forgotten: 1 gone film" in done.stderr, done.stderr
    assert sorted(path.name for path in folder.glob("results/state/motion/*/*.zip")) == [name for name in kept if gone not in name]
    assert [path.name for path in (folder / "results/clips/meadow").iterdir()] == ["my notes.txt"]
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and "Gone" not in run.text and "find_motion" not in run.jobs, run.text
    other = {"videos": SETTINGS["videos"] | {"size": 0.02}}
    (folder / "mine.yaml").write_text(yaml.safe_dump(other))
    done = run_program("forget_films.py", "mine.yaml", "--yes", folder=folder)
    assert done.returncode == 0 and "1 search with other settings" in done.stderr, done.stderr
    assert not list(folder.glob("results/state/motion/*/*.zip"))


def test_forget_leaves_the_results_of_others_alone_if_stills_of_a_burst_and_copies_are_gone(tmp_path):
    """Only the first still of a burst, and the first of equal files, has a name in results."""
    (tmp_path / "films").mkdir()
    for name in ("stays.jpg", "gone1.jpg", "gone2.jpg", "gone.mp4", "last_copy.mp4"):
        (tmp_path / "films" / name).write_text("film" if name.endswith("mp4") else name)
    known = KnownFilms(tmp_path / "results/state/films.csv")
    listed = video_files.list_videos(tmp_path / "films", (), known)
    known.name({"gone2.jpg": ""})  # as a later still of a burst
    (tmp_path / "results/state").mkdir(parents=True)
    known.save()
    for name in listed.paths:
        (tmp_path / "results/motion" / name).mkdir(parents=True)
    for path in (tmp_path / "films").glob("*[!s].*"):
        path.unlink()
    (tmp_path / "mine.yaml").write_text("videos: {folder: films}\n")
    done = run_program("forget_films.py", "mine.yaml", "--yes", folder=tmp_path)
    assert done.returncode == 0 and "Forgotten: 3 gone films and stills" in done.stderr, done.stderr
    assert sorted(path.name for path in (tmp_path / "results/motion").iterdir()) == ["gone2", "stays"]


def test_deleted_results_of_a_video_come_back_and_old_folders_are_told(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    shutil.rmtree(folder / "results/clips/meadow")
    (folder / "results/clips/of an old film").mkdir()
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and Counter(run.jobs) == {"gather_motion": 1, "clips": 1}, run.text
    assert (folder / "results/clips/meadow/clips.csv").is_file()
    assert "In results/clips, 1 folder belongs to no video that is here" in run.text and "of an old film" in run.text


def test_what_is_damaged_in_the_store_is_searched_again(clips_run, tmp_path):
    folder = shutil.copytree(clips_run, tmp_path / "again")
    (path,) = folder.glob(f"results/state/motion/*/{_film(folder, 'meadow')}-0-of-1.*.zip")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    shutil.rmtree(folder / "results/motion/meadow")
    run = snakemake(folder, "--", "clips")
    assert run.status != 0 and "Parts of films that were searched are damaged or gone. Run again" in run.text, run.text
    run = snakemake(folder, "--", "clips")
    assert run.status == 0 and run.jobs.count("find_motion") == 1 and "1 part of films searched" in run.text, run.text
    assert (folder / "results/motion/meadow/boxes.csv").read_bytes() == (clips_run / "results/motion/meadow/boxes.csv").read_bytes()


def _film(folder: Path, name: str) -> str:
    """The id of a film by its name in results."""
    return next(row["film"] for row in _rows(folder / "results/videos.csv") if row["name"] == name)


def test_a_killed_run_is_completed_by_the_next(clips_run, tmp_path):
    folder = tmp_path / "killed"
    (folder / "videos").mkdir(parents=True)
    (folder / "cameras.csv").write_text(CAMERAS)
    shutil.copy(MEADOW, folder / "videos")
    process = start_snakemake(folder, "--", "clips", settings=SETTINGS)
    while not list(folder.glob("results/state/motion/*/.tmp-*")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    run = snakemake(folder, "--", "clips")
    assert run.status == 0, run.text
    whole = {path.name: path.read_bytes() for path in (clips_run / "results/clips/meadow").glob("*_*.jpg")}
    finish_orphans(folder)  # the program outlived its Snakemake; it writes the same
    assert {path.name: path.read_bytes() for path in (folder / "results/clips/meadow").glob("*_*.jpg")} == whole


def test_a_killed_search_of_a_long_film_loses_only_the_stretches_at_work(tmp_path):
    films.encode(tmp_path / "short.mp4", films.pictures(MEADOW), "libx264", size=(160, 90), options={"preset": "ultrafast"})
    (tmp_path / "videos").mkdir()
    films.repeat(tmp_path / "videos/long.mp4", tmp_path / "short.mp4", 180)  # 24 minutes: three stretches
    settings = {"videos": {"folder": "videos", "looks": 2, "lines": 90}}
    process = start_snakemake(tmp_path, "--", "clips", settings=settings)
    while not (done := list(tmp_path.glob("results/state/motion/*/[!.]*.zip"))) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    finish_orphans(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in done}
    run = snakemake(tmp_path, "--", "clips")
    assert run.status == 0, run.text
    assert before and all(path.stat().st_mtime_ns == time for path, time in before.items())
    assert len(list(tmp_path.glob("results/state/motion/*/*.zip"))) == 3
    assert _parameters(tmp_path / "results/motion/long/parameters.csv")["Total Frames"] == str(180 * 203)
    # Frames are counted from the beginning of the film in all stretches.
    rows = _rows(tmp_path / "results/motion/long/boxes.csv")
    assert all(int(row["frame"]) == 1 + round(25 * float(row["seconds"])) for row in rows) and int(rows[-1]["frame"]) > 35_000


def test_other_settings_clear_what_was_cut_and_leave_what_a_person_added(clips_run, tmp_path):
    folder = tmp_path / "again"
    (folder / "videos").mkdir(parents=True)
    (folder / "cameras.csv").write_text(CAMERAS)
    shutil.copy(MEADOW, folder / "videos")
    for name in ("clips", "motion"):
        shutil.copytree(clips_run / f"results/{name}/meadow", folder / f"results/{name}/meadow")
    (folder / "results/clips/meadow/my notes.txt").touch()
    run = snakemake(folder, "--", "clips", settings={"videos": SETTINGS["videos"] | {"clips_per_track": 1, "looks": 5, "lines": 180}})
    assert run.status == 0, run.text
    rows = _rows(folder / "results/clips/meadow/clips.csv")
    assert {row["file"] for row in rows} == {path.name for path in (folder / "results/clips/meadow").glob("*.jpg")}
    assert len(rows) == len({row["track"] for row in rows}) and all(int(row["frame"]) % 5 == 1 for row in rows)
    assert (folder / "results/clips/meadow/my notes.txt").exists()


@pytest.fixture(scope="session")
def annotate_run(sample_run, tmp_path_factory):
    """A folder where `snakemake annotate` has run with the samples' model on the sample video, a box and no video."""
    return made_once(tmp_path_factory, "annotate-run", partial(_annotate, sample_run / "results/model"))


def _annotate(model, folder):
    (folder / "videos/site").mkdir(parents=True)
    shutil.copy(MEADOW, folder / "videos/site")
    _video(folder / "videos/box.avi", 30)
    (folder / "videos/empty.mp4").touch()
    (folder / "cameras.csv").write_text(CAMERAS)
    settings = SETTINGS | {"annotate": {"model": str(model), "threshold": 0.5}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0, run.text
    assert {"find_motion", *ANNOTATED, *_GATHER, "score_clips"} == set(run.jobs)


def test_visits_are_the_tracks_that_the_model_takes_for_animals(annotate_run, sample_run):
    from meerkat.export.served_model import ServedModel
    from meerkat.visits.passages import score_of

    results = annotate_run / "results"
    clips = _rows(results / "motion/site__meadow/clips.csv")
    model = ServedModel(sample_run / "results/model", threads=1)
    scores = model.scores([(results / "clips/site__meadow" / row["file"]).read_bytes() for row in clips])
    told = {row["file"]: float(row["p_positive"]) for row in _rows(results / "annotations/scores.csv")}
    assert [told[row["file"]] for row in clips] == pytest.approx(scores.tolist(), abs=1e-6)
    of_track = {}
    for row, score in zip(clips, scores, strict=True):
        of_track.setdefault(row["track"], []).append(score)
    animals = {track for track, scores in of_track.items() if score_of(scores) >= 0.5}
    boxes = [row for row in _rows(results / "motion/site__meadow/boxes.csv") if row["track"] in animals]
    boxes.sort(key=lambda row: (int(row["frame"]), int(row["track"])))
    rows = _rows(results / "annotations/site__meadow/annotations.csv")
    assert list(rows[0]) == ["Frame", "Clock", "x", "y", "h", "w", "label", "score"] and {row["label"] for row in rows} == {"positive"}
    assert [[row["Frame"], *(row[name] for name in "xywh")] for row in rows] == [
        [row["frame"], *(row[name] for name in "xywh")] for row in boxes
    ]
    visits = [row for row in _rows(results / "annotations/visits.csv") if row["video"] == "site__meadow"]
    assert len(visits) == 1 and visits[0]["site"] == "site" and int(visits[0]["boxes_at_once"]) >= 1
    assert {path.name for path in (results / "annotations/site__meadow").glob("*.jpg")} == {f"{visits[0]['best_frame']}.jpg"}
    # The visit is where the animal is: it overlaps the frames in which it moves for the most part.
    truth = {int(row["frame"]) for row in _rows(SAMPLES / "videos/meadow.csv") if row["moves"] == "1"}
    span = set(range(int(visits[0]["begin_frame"]), int(visits[0]["end_frame"]) + 1))
    assert len(truth & span) > 0.9 * len(truth)


def test_another_threshold_or_model_decodes_no_film_again(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    model = shutil.copytree(sample_run / "results/model", tmp_path / "another model")
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.9, "keep": "none"}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and Counter(run.jobs) == ANNOTATED, run.text
    assert not list((folder / "results/annotations").glob("*/*.jpg"))
    settings["annotate"]["model"] = str(model)
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0, run.text
    assert Counter(run.jobs) == ANNOTATED | {"score_clips": 1}
    assert "clips, 0 of them scored now" in run.text  # the model is the same, at another place


_SEARCH = [*_VISITS, *_GATHER, "score_clips"]
_PICTURES = ["annotate", "write_pictures", "write_visits_report", "write_workbook"]


@pytest.mark.parametrize(
    "setting, value, jobs",
    [
        ("videos: cameras", "table.csv", [*_VISITS, "list_videos", "write_camtrap_dp"]),
        ("videos: start_pattern", "(?P<year>....)(?P<month>..)(?P<day>..)(?P<hour>..)(?P<minute>..)", [*_VISITS, "list_videos"]),
        ("videos: burst", 5, ["annotate", "list_videos"]),
        ("videos: boxes", "boxes.json", _SEARCH),
        ("videos: boxes_from", 0.5, ["annotate", "list_videos"]),  # without boxes
        ("videos: constants", "deepmeerkat2", _SEARCH),
        ("videos: lines", 180, _SEARCH),
        ("videos: looks", 7, _SEARCH),
        ("videos: memory", 8, _SEARCH),
        ("videos: variance_threshold", 30, _SEARCH),
        ("videos: size", 0.02, _SEARCH),
        ("videos: merge", 0.05, _SEARCH),
        ("videos: clips_per_track", 2, _SEARCH),
        ("videos: margin", 0.1, _SEARCH),
        ("annotate: threshold", 0.3, _VISITS),
        ("annotate: join", 10, _VISITS),
        ("annotate: keep", "all", _PICTURES),
        ("annotate: draw_boxes", False, _PICTURES),
        ("annotate: films", True, ["annotate", "write_films"]),
        ("dataset: contributors", ["Ann"], []),  # without places, there is no package
        ("annotate: truth", "truth.csv", ["annotate", "check_visits", "write_visits_report"]),
    ],
)
def test_a_setting_of_videos_reruns_exactly_what_depends_on_it(annotate_run, sample_run, tmp_path, setting, value, jobs):
    (tmp_path / "table.csv").write_text(
        f"folder,ignore,start,site,latitude,longitude\n.,{CLOCK},,,,\nbox.avi,,2024-05-17 06:29:44,creek,1,2\n"
    )
    (tmp_path / "truth.csv").write_text("video,begin,end\nbox.avi,,\n")
    found = {"category": "1", "conf": 0.9, "bbox": [0.1, 0.1, 0.2, 0.2], "frame_number": 3}
    entry = {"file": "box.avi", "frame_rate": 25, "detections": [found]}
    (tmp_path / "boxes.json").write_text(json.dumps({"images": [entry], "detection_categories": {"1": "animal"}}))
    value = str(tmp_path / value) if str(value).endswith((".csv", ".json")) else value
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5}}
    assert rerun_by(annotate_run, tmp_path / "other.yaml", settings, setting, value, "annotate") == sorted(jobs)


def test_a_new_region_of_a_camera_searches_its_films_alone(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    (folder / "cameras.csv").write_text(f"folder,site,ignore\n.,,{CLOCK}\nsite,Creek,{CLOCK}; 0.5 0.9 0.5 0.1\n")
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and run.text.count("1 part of films searched") == 1 == run.jobs.count("find_motion"), run.text
    assert "0.9" in _parameters(folder / "results/motion/site__meadow/parameters.csv")["ignore"]
    assert {row["site"] for row in _rows(folder / "results/annotations/visits.csv")} == {"Creek"}
    (folder / "cameras.csv").write_text(f"folder,site,clock,ignore\n.,,,{CLOCK}\nsite,Creek,+1:00,{CLOCK}\n")
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "1 part of films searched" not in run.text and "find_visits" in run.jobs, run.text
    (folder / "cameras.csv").write_text(f"folder,site,clock,ignore\n.,,,{CLOCK}\nsite,Creek,+2:00,{CLOCK}\n")
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and not {"find_motion", "score_clips"} & set(run.jobs) and "find_visits" in run.jobs, run.text


def test_check_tells_what_became_of_the_visits_that_a_person_saw(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    moves = [int(row["frame"]) / 25 for row in _rows(SAMPLES / "videos/meadow.csv") if row["moves"] == "1"]
    rows = ["video,begin,end", f"site/meadow.mp4,{moves[0]:.2f},{moves[-1]:.2f}", "empty.mp4,1,2", "box.avi,,"]
    (folder / "truth.csv").write_text("\n".join(rows) + "\n")
    model = str(sample_run / "results/model")
    (folder / "cameras.csv").write_text(
        f'folder,ignore,start,site\n.,{CLOCK},,\nsite/meadow.mp4,,2024-05-17 23:59:58,"Upper ""creek"", left"\n'
    )
    settings = SETTINGS | {"annotate": {"model": model, "threshold": 0.5, "truth": "truth.csv"}}
    run = snakemake(folder, "--", "check", settings=settings)
    assert run.status == 0 and set(run.jobs) == {*_VISITS, "list_videos", "check_visits", "check", "write_effort"} - {"annotate"}, run.text
    (visit,) = (row for row in _rows(folder / "results/annotations/visits.csv") if row["video"] == "site__meadow")
    assert visit["site"] == 'Upper "creek", left'
    (film,) = (row for row in _rows(folder / "results/annotations/videos.csv") if row["video"] == "site__meadow")
    assert (film["start"], film["time_from"], film["visits"]) == ("2024-05-17 23:59:58.000", "table", "1")
    assert visit["begin_time"].startswith("2024-05-17 23:59:5") and visit["end_time"].startswith("2024-05-18 00:00:0")
    outcomes = [(row["video"], row["outcome"]) for row in _rows(folder / "results/annotations/check.csv")]
    assert outcomes == [("site__meadow", "found"), ("empty", "never decoded")]
    check = json.loads((folder / "results/annotations/check.json").read_text())
    assert check["share"]["value"] == 0.5 and check["videos"] == 3
    assert "1 of the 2 visits that a person saw were found" in (folder / "results/annotations/report.html").read_text()
    (folder / "truth.csv").write_text("video,begin,end\nsite/meadow.mp4,5:00,5:10\n")
    run = snakemake(folder, "--", "check")
    assert run.status != 0 and "line 2: the visit ends at 5:10, but site/meadow.mp4 lasts 8 s" in run.text
    (folder / "truth.csv").write_text("video,begin,end\nsite/meadow.mp4,9,2\ngone.mp4,1,2\n")
    run = snakemake(folder, "--", "check")
    assert run.status != 0 and "line 2: the visit ends at 2, before it begins at 9" in run.text and "Traceback" not in run.text
    assert "line 3: there is no video 'gone.mp4'" in run.text


def test_what_was_sorted_stands_above_the_score_but_not_in_the_check_of_the_model(annotate_run, sample_run, tmp_path):
    folder, meadow = shutil.copytree(annotate_run, tmp_path / "again"), "site__meadow"
    passages = _rows(folder / "results/annotations/passages.csv")
    animals = {row["track"] for row in passages if row["video"] == meadow and row["visit"]}
    sorted_clips = folder / "myclips/Training/Negative"
    sorted_clips.mkdir(parents=True)
    for row in _rows(folder / "results/motion" / meadow / "clips.csv"):
        if row["track"] in animals:
            shutil.copy(folder / "results/clips" / meadow / row["file"], sorted_clips)
    (folder / "truth.csv").write_text("video,begin,end\nsite/meadow.mp4,1,7\n")
    annotate = {"model": str(sample_run / "results/model"), "threshold": 0.5, "truth": "truth.csv"}
    run = snakemake(folder, "--", "check", settings=SETTINGS | {"annotate": annotate, "data": {"folder": "myclips"}})
    assert run.status == 0 and Counter(run.jobs)["find_visits"] == 1, run.text
    assert meadow not in {row["video"] for row in _rows(folder / "results/annotations/visits.csv")}
    told = [row for row in _rows(folder / "results/annotations/passages.csv") if row["track"] in animals and row["video"] == meadow]
    assert {(row["visit"], row["scored_visit"], row["said"]) for row in told} == {("", "1", "negative")}
    assert json.loads((folder / "results/annotations/check.json").read_text())["found"] == 1
    detections = json.loads((folder / "results/annotations/detections.json").read_text())["images"]
    (film,) = (image for image in detections if image["file"] == "site/meadow.mp4")
    assert not {str(box["track"]) for box in film["detections"]} & animals
    # The label is taken back by moving the clips away.
    shutil.move(sorted_clips, folder / "elsewhere")
    run = snakemake(folder, "--", "annotate")
    assert meadow in {row["video"] for row in _rows(folder / "results/annotations/visits.csv")}, run.text


def test_the_models_report_says_how_many_visits_the_whole_chain_finds(rerun):
    (rerun / "videos").mkdir()
    (rerun / "cameras.csv").write_text(CAMERAS)
    shutil.copy(MEADOW, rerun / "videos")
    (rerun / "videos/empty.mp4").touch()
    (rerun / "truth.csv").write_text("video,begin,end\nmeadow.mp4,1,7\nempty.mp4,0:30,0:31\n")
    settings = QUICK | SETTINGS | {"annotate": {"truth": "truth.csv", "threshold": 0.0}}
    run = snakemake(rerun, "--", "check", settings=settings)
    assert run.status == 0 and Counter(run.jobs)["write_report"] == 1, run.text
    page = (rerun / "results/report.html").read_text()
    assert "<h1>Of 2 visits that a person saw, 1 is found</h1>" in page and " 1 fell where a film could not be read" in page
    assert snakemake(rerun).jobs == []
    (rerun / "truth.csv").write_text("video,begin,end\nmeadow.mp4,1,7\n")
    run = snakemake(rerun)
    assert (
        Counter(run.jobs) == {"check_visits": 1, "write_report": 1}
        and "Of 1 visit that a person saw, 1 is found" in (rerun / "results/report.html").read_text()
    )


def test_a_film_of_each_visit_is_cut_on_request(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5, "films": True}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and Counter(run.jobs) == {"write_films": 1, "annotate": 1}, run.text
    (visit,) = (row for row in _rows(folder / "results/annotations/visits.csv") if row["video"] == "site__meadow")
    (film,) = (row for row in _rows(folder / "results/annotations/films.csv") if row["video"] == "site__meadow")
    piece = videos.Video(folder / "results/annotations" / film["file"])
    assert film["file"] == "films/site__meadow_visit_1.mp4" and piece.length >= float(visit["seconds"])
    # What a person puts beside the films and pictures stays; what is changed is kept beside what is made again.
    annotations = folder / "results/annotations"
    mine = [annotations / "films/my_favourite_2024.mp4", annotations / "site__meadow/1_mine.jpg", annotations / film["file"]]
    for path in mine:
        path.write_bytes(b"mine")
    run = snakemake(folder, "--", "annotate", settings=settings | {"annotate": settings["annotate"] | {"join": 20}})
    assert run.status == 0 and "site__meadow_visit_1.mp4 has changed since it was made" in run.text, run.text
    assert all(path.read_bytes() == b"mine" for path in [*mine[:2], annotations / f"{film['file']}.changed"])
    assert videos.Video(mine[2]).length == piece.length


def test_visits_make_a_valid_camera_trap_data_package(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    rows = ["folder,start,site,latitude,longitude,timezone,end,camera,note,ignore,begin"]
    rows += [
        f"site/meadow.mp4,2024-05-17 23:59:58,site,-26.97,21.83,Africa/Johannesburg,2024-06-02,Browning 7,by the ford,{CLOCK},2024-05-17"
    ]
    rows += ["box.avi,2024-05-17 12:00,elsewhere,,,,,,,,", "gone,,,,,,,,,,"]
    (folder / "cameras.csv").write_text("\n".join(rows) + "\n")
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5}}
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and "line 3 of the table of cameras gives no latitude and longitude" in run.text, run.text
    (effort,) = (row for row in _rows(folder / "results/annotations/effort.csv") if row["site"] == "site")
    assert (effort["nights"], effort["visits"], effort["visits_per_100_nights"]) == ("16", "1", "6.25")
    assert "1 visit in 16 nights: 6 (0 to 35)" in " ".join((folder / "results/annotations/report.html").read_text().split())
    assert run.text.count("1 row fits no film or still here:\n  line 4: gone") == 1 and "1 film is in no row of cameras.csv" in run.text
    package = shutil.copytree(folder / "results/annotations/camtrap-dp", tmp_path / "package")
    shutil.copytree(ROOT / "tests/camtrap_dp", package, dirs_exist_ok=True)
    descriptor = json.loads((package / "datapackage.json").read_text())
    profile = json.loads((package / "camtrap-dp-profile.json").read_text())
    own_part = profile["allOf"][1] | {"$defs": profile["$defs"]}  # The other parts are of other standards, and not here.
    del own_part["properties"]["spatial"]["$ref"]
    Draft4Validator(own_part).validate(descriptor)
    # The published addresses of the schemas, as far as there is no network.
    for resource in descriptor["resources"]:
        resource["schema"] = resource["schema"].rpartition("/")[2]
    (package / "datapackage.json").write_text(json.dumps({"resources": descriptor["resources"]}))
    checked = frictionless.validate(str(package / "datapackage.json"))
    assert checked.valid, checked.flatten(["type", "message"])
    observation, in_film = _rows(package / "observations.csv")
    assert (observation["observationLevel"], in_film["observationLevel"], in_film["mediaID"]) == ("event", "media", "site__meadow")
    (visit,) = (row for row in _rows(folder / "results/annotations/visits.csv") if row["video"] == "site__meadow")
    assert visit["begin_time"].endswith("+02:00") and visit["light"] == "night" and visit["end_time"].startswith("2024-05-18 00:00:0")
    assert observation["eventEnd"].startswith("2024-05-18T00:00:0") and observation["eventEnd"].endswith("+02:00")
    assert (observation["deploymentID"], observation["count"], observation["scientificName"]) == ("site 2024-05-17", "", "Animalia")
    assert descriptor["taxonomic"] == [{"scientificName": "Animalia", "taxonRank": "kingdom"}]
    assert int(visit["boxes_at_once"]) >= 1
    assert {row["path"] for row in _rows(package / "left_out.csv")} == {"videos/box.avi", "videos/empty.mp4"}
    (deployment,) = _rows(package / "deployments.csv")
    told = [deployment[name] for name in ("deploymentStart", "deploymentEnd", "cameraModel", "deploymentComments")]
    assert told == ["2024-05-17T00:00:00+02:00", "2024-06-02T23:59:59+02:00", "Browning 7", "by the ford"]
    (folder / "cameras.csv").write_text("site,folder,latitude,longitude,timezone\nsite,site,95,21.83,Africa/Nowhere\nother,b,0,0,noon\n")
    run = snakemake(folder, "--", "annotate")
    assert run.status != 0 and "line 2: 95 is not a number of degrees from -90 to 90" in run.text and "Traceback" not in run.text
    assert "line 3: 'noon' is not a time zone. Write it as +02:00 or as Africa/Johannesburg" in run.text


def test_what_annotate_reads_counts_by_its_content_however_old_it_is(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    shutil.copytree(sample_run / "results/model", folder / "model")
    (folder / "model/variables").mkdir()
    tables = {
        "cameras.csv": f"folder,start,latitude,longitude,timezone,ignore\nsite/meadow.mp4,2024-05-17 23:59,-26.97,21.83,+02:00,{CLOCK}\n",
        "truth.csv": "video,begin,end\nsite/meadow.mp4,1,2\n",
    }
    for name, text in tables.items():
        (folder / name).write_text(text)
    own = {"model": "model", "threshold": 0.5, "truth": "truth.csv"}
    run = snakemake(folder, "--", "check", settings=SETTINGS | {"annotate": own})
    assert run.status == 0, run.text
    assert snakemake(folder, "--dry-run", "--", "check").jobs == []
    changes = [
        ("cameras.csv", tables["cameras.csv"].replace("17 23", "18 23"), "find_visits"),
        ("cameras.csv", tables["cameras.csv"].replace("21.83", "22.83"), "write_camtrap_dp"),
        ("truth.csv", tables["truth.csv"].replace("1,2", "2,3"), "check_visits"),
        ("model/variables/variables.index", "of another model", "score_clips"),
    ]
    for name, text, rule in changes:
        (folder / name).write_text(text)
        os.utime(folder / name, (1, 1))
        assert rule in snakemake(folder, "--dry-run", "--", "check").jobs
        (folder / name).write_text(tables[name]) if name in tables else (folder / name).unlink()
    assert snakemake(folder, "--dry-run", "--", "check").jobs == []


def test_a_film_that_cannot_be_reached_fails_the_run_after_the_others_and_is_tried_again(tmp_path):
    _video(tmp_path / "elsewhere/away.avi", 25)
    _video(tmp_path / "videos/here.avi", 30)
    (tmp_path / "videos/away.avi").symlink_to(tmp_path / "share/away.avi")
    run = snakemake(tmp_path, "--", "clips", settings={"videos": {"folder": "videos"}})
    assert run.status != 0 and "videos/away.avi: No such file or directory" in run.text, run.text
    assert "Traceback" not in run.text and len(list(tmp_path.glob("results/state/motion/*/*.zip"))) == 1
    (tmp_path / "elsewhere").rename(tmp_path / "share")
    run = snakemake(tmp_path, "--", "clips")
    assert run.status == 0 and "1 part of films searched" in run.text, run.text
    assert _rows(tmp_path / "results/motion/away/clips.csv")


def test_what_a_person_writes_into_the_package_stays_and_what_no_setting_wants_is_named(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    table = f"folder,start,latitude,longitude,timezone,ignore\nsite/meadow.mp4,2024-05-17 23:59:58,-26.97,21.83,+02:00,{CLOCK}\n"
    (folder / "cameras.csv").write_text(table)
    settings, own = SETTINGS, {"model": str(sample_run / "results/model"), "threshold": 0.5}
    run = snakemake(folder, "--", "annotate", settings=settings | {"annotate": own})
    assert run.status == 0, run.text
    written = folder / "results/annotations/camtrap-dp/datapackage.json"
    mine = written.read_text().replace('"opportunistic"', '"simpleRandom"')
    written.write_text(mine)
    run = snakemake(folder, "--", "annotate", settings=settings | {"annotate": own | {"join": 10}})
    assert run.status == 0 and "You have changed results/annotations/camtrap-dp/datapackage.json" in run.text, run.text
    assert written.read_text() == mine and "find_visits" in run.jobs and "write_camtrap_dp" not in run.jobs
    (written.parent / "media.csv").unlink()
    run = snakemake(folder, "--", "annotate", settings=settings | {"annotate": own | {"join": 20}})
    assert run.status == 0 and written.read_text() == mine and "It lacks results/annotations/camtrap-dp/media.csv" in run.text, run.text
    run = snakemake(folder, "--", "annotate", settings={"videos": {"folder": "videos"}, "annotate": own})
    assert run.status == 0 and "camtrap-dp of an earlier run: videos: cameras does not ask for it now" in run.text, run.text
    assert written.read_text() == mine


def test_a_clip_that_is_damaged_is_not_scored_and_is_written_again(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    shutil.rmtree(folder / "results/state/scores")
    (folder / "results/annotations/scores.csv").unlink()
    clip = next((folder / "results/motion/site__meadow/clips").glob("*.jpg"))
    whole = clip.read_bytes()
    (folder / "results/clips/site__meadow" / clip.name).unlink()  # another name of the same file
    clip.unlink()
    clip.write_bytes(whole[: len(whole) // 2])
    run = snakemake(folder, "--", "annotate")
    assert run.status != 0 and "These clips are damaged or gone" in run.text and clip.name in run.text and "Traceback" not in run.text, (
        run.text
    )
    run = snakemake(folder, "--", "annotate")
    assert run.status == 0 and "find_motion" not in run.jobs and clip.read_bytes() == whole, run.text


def test_pictures_beside_the_visits_are_part_of_them(annotate_run, sample_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    settings = SETTINGS | {"annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5}}
    picture = next((folder / "results/annotations/site__meadow").glob("[0-9]*.jpg"))
    whole = picture.read_bytes()
    picture.unlink()
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and "write_pictures" in run.jobs and picture.read_bytes() == whole, run.text
    assert not list((folder / "results").rglob("*.changed"))


def test_check_without_a_table_says_what_to_write(annotate_run, tmp_path):
    folder = shutil.copytree(annotate_run, tmp_path / "again")
    run = snakemake(folder, "--", "check")
    assert run.status != 0 and "annotate: truth: names no table" in run.text and "Traceback" not in run.text


def test_detections_are_in_the_format_of_megadetector(annotate_run):
    batch = json.loads((annotate_run / "results/annotations/detections.json").read_text())
    Draft202012Validator(yaml.safe_load((ROOT / "workflow/schemas/detections.schema.yaml").read_text())).validate(batch)
    assert float(batch["info"]["format_version"]) >= 1.3 and batch["detection_categories"]["1"] == "animal"
    images_by_file = {image["file"]: image for image in batch["images"]}
    assert set(images_by_file) == {"site/meadow.mp4", "box.avi", "empty.mp4"}
    failed = {"file": "empty.mp4", "failure": "empty file (0 bytes)", "detections": None, "frame_rate": -1.0, "frames_processed": []}
    assert images_by_file["empty.mp4"] == failed
    meadow = images_by_file["site/meadow.mp4"]
    assert meadow["frame_rate"] == 25
    for one in meadow["detections"]:
        x, y, w, h = one["bbox"]
        assert 0 <= x <= x + w <= 1.001 and 0 <= y <= y + h <= 1.001 and 0 <= one["conf"] <= 1
        assert one["category"] == "1" and one["frame_number"] in meadow["frames_processed"]


def test_parameters_tables_and_report_of_annotations(annotate_run):
    results = annotate_run / "results/annotations"
    parameters = _parameters(annotate_run / "results/motion/site__meadow/parameters.csv")
    assert {"Minutes", "Total Frames", "Motion Events", "Return rate", "Frame processing rate"} <= set(parameters)
    assert (parameters["Width"], parameters["Height"], parameters["Seconds"]) == ("640", "360", "8.12")
    films = {row["path"]: row["problem"] for row in _rows(results / "videos.csv")}
    assert films == {"videos/box.avi": "", "videos/empty.mp4": "empty file (0 bytes)", "videos/site/meadow.mp4": ""}
    page = (results / "report.html").read_text()
    kept = next((results / "site__meadow").glob("*.jpg"))
    assert f'src="site__meadow/{kept.name}"' in page and "empty file (0 bytes)" in page
    assert 'href="../../videos/site/meadow.mp4#t=' in page
    assert images.decode(kept.read_bytes()).shape == cv2.VideoCapture(str(MEADOW)).read()[1].shape
    assert "videos/site/meadow.mp4" in (results / "visits.m3u8").read_text()


def _search(folder: Path, film: Path, listed: str = "") -> subprocess.CompletedProcess:
    """Search the only film of a folder without Snakemake, with the store in `folder`; `listed` is an earlier list of it."""
    videos = video_files.list_videos(film.parent)
    (folder / "listed.csv").write_text(listed or csv_text([video_files.COLUMNS, *video_files.rows(videos)]))
    videos = video_files.read_list(folder / "listed.csv")
    (shard,) = stretches.by_shard(stretches.of(videos.films.values()))
    given = ("--videos", folder / "listed.csv", "--store", folder / "store", "--shard", shard)
    return run_program("find_motion.py", *given, "--searched", folder / "searched.csv")


def test_a_video_takes_one_core_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads only start, for an eighth of the second that a fast core takes
    before = os.times()
    done = _search(tmp_path, MEADOW)
    assert done.returncode == 0, done.stderr
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    assert cpu <= 1.15 * (after.elapsed - before.elapsed)


def test_a_film_that_changes_while_it_is_read_is_not_kept_and_tried_again(tmp_path):
    (tmp_path / "films").mkdir()
    film = shutil.copy(MEADOW, tmp_path / "films/meadow.mp4")
    assert _search(tmp_path, film).returncode == 0
    shutil.rmtree(tmp_path / "store")
    listed = (tmp_path / "listed.csv").read_text()
    film.write_bytes(film.read_bytes() + b"more")
    done = _search(tmp_path, film, listed)
    assert done.returncode == 1 and "meadow.mp4: it has changed since the videos were listed" in done.stderr, done.stderr
    assert not list((tmp_path / "store").iterdir())
    assert _search(tmp_path, film).returncode == 0 and len(list((tmp_path / "store").iterdir())) == 1


def test_a_time_lapse_whose_header_announces_another_rate_gives_tracks(tmp_path):
    frames = list(films.pictures(MEADOW))[::10]
    ticks = [5000 * number for number in range(len(frames))]
    (tmp_path / "films").mkdir()
    films.encode(tmp_path / "films/lapse.mkv", frames, "libx264", ticks=ticks, options={"preset": "ultrafast", "bf": "0"})
    done = _search(tmp_path, tmp_path / "films/lapse.mkv")
    (path,) = (tmp_path / "store").iterdir()
    with zipfile.ZipFile(path) as stretch:
        assert done.returncode == 0 and json.loads(stretch.read("facts.json"))["tracks"], done.stderr


@pytest.mark.parametrize(
    "settings, table, message",
    [
        ({"videos": {"folder": "videos", "start_pattern": "(?P<year>"}}, "", "start_pattern: '(?P<year>' is not a regular expression"),
        ({"videos": {"folder": "videos", "cameras": "table.csv"}}, "folder|start|site\n", "the first line must name the columns: folder"),
        ({"videos": {"folder": "videos", "cameras": "table.csv"}}, "folder,site\n.,a\n.,b\n", "lines 2 and 3 overlap in time, for 1 film"),
        ({"annotate": {"truth": "table.csv"}}, "video,begin,end\ngone.mp4,1,2\n", "line 2: there is no video 'gone.mp4'"),
        ({"videos": {"folder": "videos", "cameras": "table.csv"}}, "folder,latitude,longitude\na,b,1\n", "'b' is not a number of degrees"),
    ],
)
def test_mistakes_in_what_annotate_reads_are_told_before_any_film_is_read(tmp_path, sample_run, settings, table, message):
    _video(tmp_path / "videos/box.avi", 12)
    (tmp_path / "table.csv").write_text(table)
    model = {"model": str(sample_run / "results/model")}
    settings = {"videos": {"folder": "videos"}} | settings | {"annotate": model | settings.get("annotate", {})}
    run = snakemake(tmp_path, "--", "annotate", settings=settings)
    assert run.status != 0 and message in run.text and run.jobs == [] and "Traceback" not in run.text


@pytest.mark.parametrize(
    "settings, message",
    [
        ({"annotate": {"model": "nowhere"}}, "nowhere"),
        ({"annotate": {"model": "videos"}}, "is not a model for DeepMeerkat"),
        ({"videos": {"folder": "gone"}}, "The video folder gone does not exist"),
        ({"videos": {"roi": [0, 0, 2, 1]}}, "videos: roi"),
    ],
)
def test_wrong_settings_of_videos_get_a_message(tmp_path, settings, message):
    _video(tmp_path / "videos/box.avi", 12)
    (tmp_path / "videos/saved_model.pb").write_bytes(b"no model")
    run = snakemake(tmp_path, "--", "annotate", settings={"videos": {"folder": "videos"}, "annotate": {"model": "videos"}} | settings)
    assert run.status != 0 and message in run.text and "Traceback" not in run.text
