"""Splits, leaks and wrong labels through the programs, on real clips."""

import csv
import json
import shutil

import pytest
from conftest import SAMPLES, run_program, snakemake
from meerkat.data import clips, records
from meerkat.data.origins import Origins
from meerkat.evaluate import leaks
from meerkat.settings.evaluate import Evaluate


def _create_docs(folder, *options):
    return run_program(
        "create_docs.py", "--folder", "clips", "--train_shards", 2, "--eval_shards", 1, "--known", "known.csv", "--sides", "sides.csv",
        "--doubted", "doubted.csv", "--problems", "problems.csv", "--output", "docs", *options, folder=folder,
    )  # fmt: skip


def _pooled(folder, splits=("Training", "Testing")):
    """The samples of the splits, all in Training."""
    for split in splits:
        for name in ("Positive", "Negative"):
            shutil.copytree(SAMPLES / split / name, folder / "clips/Training" / name, dirs_exist_ok=True)


def _videos(folder, name):
    with (folder / "docs" / name).open(newline="") as file:
        return {path.rsplit("/", 1)[1].split("_")[0] for path, _ in csv.reader(file)}


def test_videos_are_held_out_for_testing_and_stay_when_clips_are_added(tmp_path):
    _pooled(tmp_path, ["Training"])
    done = _create_docs(tmp_path, "--split", "video")
    assert done.returncode == 0, done.stderr
    train, testing = _videos(tmp_path, "trainingdata.csv"), _videos(tmp_path, "testingdata.csv")
    assert not train & testing and len(train) + len(testing) == 23
    _pooled(tmp_path, ["Testing"])
    done = _create_docs(tmp_path, "--split", "video")
    assert done.returncode == 0, done.stderr
    assert train <= _videos(tmp_path, "trainingdata.csv") and testing <= _videos(tmp_path, "testingdata.csv")
    counts = json.loads((tmp_path / "docs/audit.json").read_text())["used"]["eval"]
    assert 0.08 < sum(counts.values()) / 153 < 0.25 and min(counts.values()) > 0


def _into_site_folders(folder):
    """Each four videos of the samples in a folder of their site."""
    for path in sorted((folder / "clips").glob("*/*/*.jpg")):
        site = path.parent / f"site{int(path.name[3:5]) // 4}"
        site.mkdir(exist_ok=True)
        path.rename(site / path.name)


def test_whole_sites_are_held_out_for_testing(tmp_path):
    _pooled(tmp_path)
    done = _create_docs(tmp_path, "--split", "site")
    assert done.returncode == 1 and "have none" in done.stderr and "Put the clips of each site into a folder" in done.stderr
    _into_site_folders(tmp_path)
    done = _create_docs(tmp_path, "--split", "site")
    assert done.returncode == 0, done.stderr
    sides = json.loads((tmp_path / "docs/audit.json").read_text())["sites"]
    assert sides["train"] and sides["eval"] and not set(sides["train"]) & set(sides["eval"])
    assert set(sides["train"]) | set(sides["eval"]) == {f"site{number}" for number in range(8)}


def test_a_table_of_cameras_gives_the_sites_and_what_it_leaves_out_is_told(tmp_path):
    _pooled(tmp_path)
    table = tmp_path / "cameras.csv"
    table.write_text("folder,site\n" + "".join(f"cam{number:02d},place{number % 7}\n" for number in range(1, 30)))
    done = _create_docs(tmp_path, "--split", "site", "--cameras", "cameras.csv")
    assert done.returncode == 1 and "data: split: site needs the site of each clip" in done.stderr and "cam30" in done.stderr
    done = _create_docs(tmp_path, "--split", "video", "--cameras", "cameras.csv")
    assert done.returncode == 0 and "1 video is in no row of cameras.csv; their sites are their folders:\n  cam30" in done.stderr
    table.write_text(table.read_text() + "cam3[0-9],place2\n")
    done = _create_docs(tmp_path, "--split", "site", "--cameras", "cameras.csv")
    assert done.returncode == 0 and "no row" not in done.stderr, done.stderr
    sides = json.loads((tmp_path / "docs/audit.json").read_text())["sites"]
    assert set(sides["train"]) | set(sides["eval"]) == {f"place{number}" for number in range(7)}


def test_new_sites_are_told_from_known_ones(tmp_path):
    """A run on the samples, in folders of sites of which one is on both sides."""
    shutil.copytree(SAMPLES, tmp_path / "clips", ignore=shutil.ignore_patterns("videos"))
    _into_site_folders(tmp_path)
    for path in sorted((tmp_path / "clips/Testing").glob("*/site6/*.jpg")):
        known = path.parents[1] / "site1"
        known.mkdir(exist_ok=True)
        path.rename(known / path.name)
    run = snakemake(tmp_path, settings={"data": {"folder": "clips"}, "evaluate": {"replicates": 20}, "train": {"max_steps": 50}})
    assert run.status == 0, run.text
    metrics = json.loads((tmp_path / "results/evaluation/metrics.json").read_text())
    sites = metrics["sites"]
    assert sites["known"] == 32 and metrics["estimate"]["unit"] == "site" and metrics["estimate"]["videos"] == 6
    assert (sites["new"]["videos"], sites["seen"]["videos"]) == (1, 1)
    assert sum(sites["new"]["clips"].values()) + sum(sites["seen"]["clips"].values()) == 32
    page = (tmp_path / "results/report.html").read_text()
    assert "Testing, sites never seen" in page and "Testing, sites in Training" in page and "Cross-fitting, sites never seen" in page
    scores = list(csv.DictReader((tmp_path / "results/head/out_of_fold.csv").open(newline="")))
    folds_of = {row["group"]: {other["fold"] for other in scores if other["group"] == row["group"]} for row in scores}
    assert len(scores) == 121 and all(len(folds) == 1 for folds in folds_of.values())


def test_a_testing_folder_and_a_split_by_video_contradict_each_other(tmp_path):
    _pooled(tmp_path)
    shutil.copytree(SAMPLES / "Testing", tmp_path / "clips/Testing")
    done = _create_docs(tmp_path, "--split", "video")
    assert done.returncode == 1 and "write split: folders" in done.stderr


def test_without_a_testing_folder_the_message_tells_of_the_split(tmp_path):
    _pooled(tmp_path)
    done = _create_docs(tmp_path)
    assert done.returncode == 1 and "write data: {split: video}" in done.stderr


@pytest.mark.parametrize("on_leak", ["warn", "error", "drop"])
def test_leaks_by_video(tmp_path, on_leak):
    """A clip of each class of a Training video is put into Testing as well, with other content."""
    shutil.copytree(SAMPLES, tmp_path / "clips")
    for name in ("Positive", "Negative"):
        clip = sorted((SAMPLES / "Training" / name).glob("cam01_*"))[0]
        (tmp_path / "clips/Testing" / name / "cam01_9999_0.jpg").write_bytes(clip.read_bytes() + b"\0")
    done = _create_docs(tmp_path, "--on_leak", on_leak, "--balance", "none")
    assert done.returncode == (on_leak == "error"), done.stderr
    if on_leak == "error":
        assert "1 videos have clips in both" in done.stderr and "cam01: " in done.stderr
        return
    audit = json.loads((tmp_path / "docs/audit.json").read_text())
    (leak,) = audit["leaks"]
    assert leak["video"] == "cam01" and leak["testing"] == 2
    assert sum(audit["used"]["train"].values()) == 121 - (leak["training"] if on_leak == "drop" else 0)
    assert ("cam01" in _videos(tmp_path, "trainingdata.csv")) == (on_leak == "warn")
    told = "WARNING: Videos with clips in both Training and Testing: 1 (cam01)"
    if on_leak == "drop":
        told = f"Left out: {leak['training']} Training clips of videos that are also in Testing: 1 (cam01)."
    assert told in done.stderr


def test_labels_that_are_wrong_come_first_among_the_label_issues(sample_run, tmp_path):
    """Every eighteenth label of the samples' Training records is turned round."""
    data = records.read(sorted((sample_run / "results/preprocessed").glob("train-*")), tmp_path)
    wrong = set(data.paths[::18])
    with records.writing(tmp_path / "train.tfrecord.gz", "") as write:
        for path, label, embedding, digest in zip(data.paths, data.labels, data.embeddings, data.digests, strict=True):
            write(clips.Clip(path, int(1 - label if path in wrong else label), digest.decode()), embedding)
    done = run_program(
        "train.py", "--records", "train.tfrecord.gz", "--head", "head.npz", "--out_of_fold", "scores.csv", "--label_issues",
        "label_issues.csv", "--logs", "logs", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    with (tmp_path / "label_issues.csv").open(newline="") as file:
        label_issues = [row["path"] for row in csv.DictReader(file)]
    assert len(wrong) == 7 and len(wrong & set(label_issues[:12])) >= 5


def test_a_clip_that_is_saved_anew_is_a_near_duplicate(sample_run, tmp_path):
    """A Training clip, brighter and coded anew, under another name in Testing."""
    import cv2

    original = sorted((SAMPLES / "Training/Positive").glob("*.jpg"))[3]
    picture = cv2.convertScaleAbs(cv2.imread(str(original)), alpha=1.15)
    cv2.imwrite(str(tmp_path / "other_1_0.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 95])
    (tmp_path / "one.csv").write_text("other_1_0.jpg,positive\n")
    (tmp_path / "dict.txt").write_text("positive\nnegative\n")
    done = run_program(
        "preprocess.py", "--input_path", "one.csv", "--input_dict", "dict.txt", "--output_path", "eval",
        "--backbone", sample_run / "results/backbone/backbone.pb", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    testing = records.read([tmp_path / "eval-00000-of-00001.tfrecord.gz"], tmp_path)
    found = leaks.find([str(sample_run / "results/preprocessed/train-*")], testing, Origins(), Evaluate().near_duplicate)
    (row,) = found.to_dict("records")
    assert row["nearest"].endswith(original.name) and row["near_duplicates"] >= 1 and not row["video_in_training"]
