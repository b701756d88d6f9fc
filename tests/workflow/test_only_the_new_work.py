"""A run redoes what changed and nothing else: looked at through the jobs that ran and the clips that were embedded."""

import json
import os
import re
import shutil
from collections import Counter
from functools import partial
from pathlib import Path

import numpy as np
import pytest
import yaml
from conftest import QUICK, ROOT, SAMPLES, made_once, rerun_by, run_program, snakemake
from meerkat.settings.configuration import Configuration

AFTER_EVALUATION = ["export", "write_model_card", "write_provenance", "write_report"]


def _embedded_and_reused(text: str) -> tuple[int, int]:
    found = re.findall(r": (\d+) embedded, (\d+) reused", text)
    return sum(int(new) for new, _ in found), sum(int(old) for _, old in found)


def _lists(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "results/docs/shards").iterdir()}


def _unused_clip(folder: Path, name: str) -> Path:
    there = {path.name for path in (folder / "clips").rglob("*.jpg")}
    return next(path for path in sorted((SAMPLES / "Training" / name).glob("*.jpg")) if path.name not in there)


def _add(folder: Path):
    shutil.copy(_unused_clip(folder, "Positive"), folder / "clips/Training/Positive")


def _remove(folder: Path):
    sorted((folder / "clips/Training/Negative").iterdir())[5].unlink()


def _edit(folder: Path):
    """Another picture under the old name, which TensorFlow pads to the old size."""
    clip = sorted((folder / "clips/Testing/Negative").iterdir())[0]
    size, data = clip.stat().st_size, _unused_clip(folder, "Negative").read_bytes()
    clip.write_bytes((data + b"\0" * size)[:size] if len(data) < size else data)


def _rename(folder: Path):
    clip = sorted((folder / "clips/Training/Positive").iterdir())[0]
    clip.rename(clip.with_name("another_1_0.jpg"))


def _relabel(folder: Path):
    clip = sorted((folder / "clips/Testing/Negative").iterdir())[0]
    clip.rename(folder / "clips/Testing/Positive" / clip.name)


@pytest.mark.parametrize(
    "change, shards, embedded",
    [(_add, {1, 2}, 1), (_remove, {1, 2}, 0), (_edit, {1}, 1), (_rename, {1, 2}, 0), (_relabel, {1}, 0)],
    ids=["add", "remove", "edit", "rename", "relabel"],
)
def test_a_change_of_one_clip_reruns_its_shards_only(rerun, change, shards, embedded):
    before = _lists(rerun)
    change(rerun)
    # One of the changes is followed to the end.
    run = snakemake(rerun) if change is _add else snakemake(rerun, "--until", "preprocess")
    assert run.status == 0, run.text
    after = _lists(rerun)
    changed = {name for name in after if after[name] != before[name]}
    jobs = Counter(run.jobs)
    # Balancing may draw a partner, or give one back, in another shard.
    assert len(changed) in shards and jobs["preprocess"] == len(changed)
    assert jobs["create_docs"] == 1 and "freeze_backbone" not in jobs
    assert _embedded_and_reused(run.text)[0] == embedded
    if change is _add:
        assert jobs["evaluate"] == jobs["export"] == jobs["write_report"] == 1
        assert snakemake(rerun).jobs == []


def test_a_clip_that_the_smaller_class_gains_draws_a_partner(rerun):
    negatives = rerun / "clips/Training/Negative"
    for _ in range(3):
        shutil.copy(_unused_clip(rerun, "Negative"), negatives)
    drawn_down = QUICK | {"data": QUICK["data"] | {"balance": "downsample"}}
    run = snakemake(rerun, "--until", "preprocess", settings=drawn_down)
    assert "Positive Training clips: 12" in run.text and "Negative Training clips: 12" in run.text
    before = _lists(rerun)
    _add(rerun)
    run = snakemake(rerun, "--until", "preprocess", settings=drawn_down)
    assert run.status == 0, run.text
    assert "Positive Training clips: 13" in run.text and "Negative Training clips: 13" in run.text
    after = _lists(rerun)
    gained = [row for name in after for row in set(after[name].splitlines()) - set(before[name].splitlines())]
    assert len(gained) == 2
    assert Counter(run.jobs)["preprocess"] in (1, 2)


def test_another_number_of_shards_embeds_nothing_whatever_the_target_is(rerun):
    run = snakemake(rerun, "--", "results/head/head.npz", settings=QUICK | {"shards": {"train": 5, "eval": 2}})
    assert run.status == 0 and "create_docs" in run.jobs, run.text
    assert _embedded_and_reused(run.text) == (0, 24), run.text  # the Training clips
    names = {path.name for path in (rerun / "results/preprocessed").glob("train-*")}
    assert names == {f"train-0000{k}-of-00005.tfrecord.gz" for k in range(5)}
    assert json.loads(str(np.load(rerun / "results/head/head.npz")["facts"]))["clips"] == {"positive": 12, "negative": 12}


def test_another_backbone_embeds_everything_and_the_old_one_nothing_again(rerun):
    lite2 = QUICK | {"backbone": {"name": "efficientnet_lite2"}}
    run = snakemake(rerun, "--until", "preprocess", settings=lite2)
    assert run.status == 0, run.text
    assert _embedded_and_reused(run.text) == (32, 0)
    run = snakemake(rerun, "--until", "preprocess", settings=QUICK)
    assert _embedded_and_reused(run.text) == (0, 32)


def test_a_comment_in_the_code_costs_no_embedding(tmp_path):
    code = shutil.copytree(ROOT / "workflow/scripts", tmp_path / "scripts")
    (tmp_path / "list.csv").write_text("".join(f"{path},positive\n" for path in sorted((SAMPLES / "Testing/Positive").glob("*"))[:4]))
    (tmp_path / "dict.txt").write_text("positive\nnegative\n")
    arguments = ["--input_path", "list.csv", "--input_dict", "dict.txt", "--output_path", "out/train", "--store", "store"]
    texts = []
    for _ in range(2):
        done = run_program(code / "preprocess.py", *arguments, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        texts.append(done.stderr)
        for module in code.rglob("*.py"):
            module.write_text(module.read_text() + "\n# a comment\n")
    assert [_embedded_and_reused(text) for text in texts] == [(4, 0), (0, 4)]


EVALUATE = ["evaluate", *AFTER_EVALUATION]
TRAIN = ["train", *EVALUATE]
DOCS = ["create_docs", "preprocess", *TRAIN]
# Setting, another value, the rules that run again.
DEPENDENCIES = [
    ("results", "elsewhere", ["freeze_backbone", *DOCS]),
    ("seed", 2, DOCS),
    ("data: folder", "clips/../clips", DOCS),
    ("data: train_csv", "mine.csv", DOCS),
    ("data: eval_csv", "mine.csv", DOCS),
    ("data: split", "video", DOCS),
    ("data: balance", "none", DOCS),
    ("data: max_rejected", 0.5, DOCS),
    ("data: on_conflict", "drop", DOCS),
    ("data: on_leak", "drop", DOCS),
    ("data: video_pattern", "(?P<video>[^_]+)_.*", DOCS),
    ("videos: cameras", "mine.csv", DOCS),
    ("preprocessed: train", "results/preprocessed/train-*", DOCS),
    ("preprocessed: eval", "results/preprocessed/eval-*", DOCS),
    ("shards: train", 4, DOCS),
    ("shards: eval", 2, DOCS),
    ("backbone: name", "efficientnet_lite2", ["freeze_backbone", "preprocess", *TRAIN]),
    ("backbone: weights", "imagenet", ["freeze_backbone", "preprocess", *TRAIN]),
    ("train: hidden_units", 100, TRAIN),
    ("train: dropout", 0.1, TRAIN),
    ("train: batch_size", 10, TRAIN),
    ("train: learning_rate", 0.01, TRAIN),
    ("train: adam_epsilon", 0.01, TRAIN),
    ("train: max_steps", 60, TRAIN),
    ("train: patience", 10, TRAIN),
    ("train: folds", 3, TRAIN),
    ("train: calibrate", False, TRAIN),
    ("train: positive_share", 0.3, TRAIN),
    ("evaluate: recalls", [0.9], EVALUATE),
    ("evaluate: operating_recall", 0.9, EVALUATE),
    ("evaluate: near_duplicate", 0.9, TRAIN),
    ("evaluate: replicates", 100, EVALUATE),
]


# What the targets clips and annotate alone, and the pages, depend on.
VIDEOS = {
    "videos": {
        "folder": "elsewhere",
        "start_pattern": "(?P<year>....)(?P<month>..)(?P<day>..)(?P<hour>..)(?P<minute>..)",
        "burst": 5,
        "constants": "deepmeerkat2",
        "lines": 180,
        "looks": 5,
        "memory": 8,
        "variance_threshold": 30,
        "size": 0.02,
        "merge": 0.05,
        "clips_per_track": 5,
        "margin": 0.1,
        "boxes": "boxes.json",
        "boxes_from": 0.5,
        "boxes_alone": True,
    },
    "sorting": {"unsorted": "elsewhere"},
    "annotate": {
        "model": "elsewhere",
        "threshold": 0.3,
        "join": 10,
        "keep": "all",
        "draw_boxes": False,
        "films": True,
        "truth": "truth.csv",
    },
    "audit": {"within": 0.1},
    "dataset": {
        "title": "Foxes",
        "description": "Foxes of the park",
        "contributors": ["Ann Smith <ann@example.org>", "Nature Trust"],
        "data_licence": "CC0-1.0",
        "media_licence": "CC-BY-4.0",
        "project": "The park",
        "sampling_design": "targeted",
    },
}


def test_the_table_of_dependencies_has_every_setting():
    settings = Configuration().model_dump()
    names = [f"{name}: {key}" if key else name for name, entry in settings.items() for key in (entry if isinstance(entry, dict) else [""])]
    listed = [name for name, _, _ in DEPENDENCIES] + [f"{name}: {key}" for name, keys in VIDEOS.items() for key in keys]
    assert sorted(listed) == sorted(names)


@pytest.fixture(scope="session")
def looked_at(finished_run, tmp_path_factory):
    """A copy of the finished run for dry runs, with lists to name in settings."""
    return made_once(tmp_path_factory, "looked-at", partial(_look_once_more, finished_run))


def _look_once_more(finished_run, folder):
    shutil.copytree(finished_run, folder, symlinks=True, dirs_exist_ok=True)
    (folder / "mine.csv").write_text("clips/a.jpg,positive\n")
    # Copies have another time of change: the clips are looked at once more, and found to be the same.
    run = snakemake(folder)
    assert run.status == 0 and "create_docs" in run.jobs and "preprocess" not in run.jobs, run.text


@pytest.mark.parametrize("setting, value, rules", DEPENDENCIES, ids=[name for name, _, _ in DEPENDENCIES])
def test_a_setting_reruns_exactly_what_depends_on_it(looked_at, tmp_path, setting, value, rules):
    """A dry run tells; when create_docs is among the rules it tells all that may follow, for the lists are not known yet."""
    assert rerun_by(looked_at, tmp_path / "other.yaml", QUICK, setting, value) == sorted(set(rules))


def test_settings_of_videos_rerun_nothing_of_the_training(looked_at, tmp_path):
    without_truth = VIDEOS | {"annotate": VIDEOS["annotate"] | {"truth": None}}
    (tmp_path / "other.yaml").write_text(yaml.safe_dump(QUICK | without_truth))
    run = snakemake(looked_at, "--dry-run", "--nolock", "--configfile", tmp_path / "other.yaml")
    assert run.status == 0 and run.jobs == [], run.text


def _replace_by_an_older_one(path: Path, content: str) -> None:
    """As `mv`, `cp -p` or a restored copy do."""
    path.write_text(content)
    os.utime(path, (1, 1))


def test_files_of_the_user_count_by_their_content_however_old_they_are(rerun):
    videos = sorted({path.stem.rsplit("_", 2)[0] for path in (rerun / "clips").rglob("*.jpg")})
    sites = "folder,site\n" + "".join(f"{video},{video}\n" for video in videos)
    clips = sorted((rerun / "clips/Training").rglob("*.jpg"))
    rows = "".join(f"{clip.relative_to(rerun)},{clip.parent.name.lower()}\n" for clip in clips)
    (rerun / "sites.csv").write_text(sites)
    (rerun / "mine.csv").write_text(rows)
    settings = QUICK | {"data": QUICK["data"] | {"train_csv": "mine.csv"}, "videos": {"cameras": "sites.csv"}}
    run = snakemake(rerun, "--until", "create_docs", settings=settings)
    assert run.status == 0 and run.jobs == ["create_docs"], run.text

    def jobs() -> list[str]:
        return snakemake(rerun, "--dry-run", "--until", "create_docs").jobs

    assert jobs() == []
    _replace_by_an_older_one(rerun / "sites.csv", sites)  # of the same content
    assert jobs() == []
    _replace_by_an_older_one(rerun / "sites.csv", sites.replace(f",{videos[0]}\n", ",elsewhere\n"))
    assert jobs() == ["create_docs"]
    _replace_by_an_older_one(rerun / "sites.csv", sites)
    _replace_by_an_older_one(rerun / "mine.csv", rows.replace(",positive\n", ",negative\n", 1))
    assert jobs() == ["create_docs"]


def test_a_weights_file_that_changes_is_noticed(looked_at):
    (looked_at / "weights.pth").write_bytes(b"one")
    run = snakemake(looked_at, "--dry-run", "--nolock", "--config", "backbone={name: efficientnet_lite0, weights: weights.pth}")
    assert "freeze_backbone" in run.jobs
