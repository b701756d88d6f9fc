"""The report in a real browser, and the evaluation of inputs that allow only a part of it."""

import json
import re
import shutil

import browser
import numpy as np
import pytest
import yaml
from conftest import ROOT, run_program, snakemake
from jsonschema import Draft202012Validator
from meerkat.data import clips, records
from meerkat.train import head
from selenium.webdriver.common.by import By


@browser.needed
def test_the_report_of_the_samples_fits_desktop_and_phone(sample_run, chromium):
    seen = browser.check_page(chromium, sample_run / "results/report.html")
    assert seen["images"] > 7


def test_the_report_answers_first_and_holds_all_it_shows(sample_run):
    text = (sample_run / "results/report.html").read_text()
    metrics = json.loads((sample_run / "results/evaluation/metrics.json").read_text())
    chosen = next(point for point in metrics["operating_points"] if point["wanted_recall"] == 0.95)
    answer = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)[1]
    kept = f"{100 * chosen['recall']['low']:.0f} to {100 * chosen['recall']['high']:.0f}"
    assert answer == f"Of 100 clips with an animal, the model keeps {kept}: too few were tested to say it more closely"
    assert f"{chosen['threshold']:.9f}"[:6] in text
    places = [text.index(part) for part in ("<h1>", 'class="tiles"', "Next: ", 'class="warning"', 'id="clips"', "<table")]
    assert places == sorted(places)
    assert "<script" not in text
    links = re.findall(r'(?:src|href)="(?!data:)([^"]*)', text)
    assert links and all(link[1:] in re.findall(r'id="(\w+)"', text) for link in links)  # to places on the page
    for wanted in ("cam25", "efficientnet_lite0", "tensorflow", "Is their label right?", "Clips used of each video"):
        assert wanted in text
    assert len(text) < 5_000_000


@browser.needed
def test_the_report_answers_on_one_screen_and_its_pictures_grow(sample_run, chromium):
    for device, height in (("desktop", 900), ("phone", 1500)):
        browser.resize(chromium, device)
        chromium.get((sample_run / "results/report.html").as_uri())
        bottom = chromium.execute_script("return document.querySelector('.next').getBoundingClientRect().bottom")
        assert bottom < height
        picture = chromium.find_element(By.CSS_SELECTOR, ".zoom img")
        width = picture.size["width"]
        chromium.execute_script("arguments[0].closest('summary').click()", picture)
        assert picture.size["width"] > 2 * width
        chromium.execute_script("arguments[0].closest('summary').click()", picture)
        assert picture.size["width"] == width


def test_snakemakes_own_report_has_the_figures_with_their_captions(sample_run, tmp_path):
    run = snakemake(sample_run, "--nolock", "--report", tmp_path / "own.zip")
    assert run.status == 0, run.text
    shutil.unpack_archive(tmp_path / "own.zip", tmp_path)
    page = "".join(path.read_text(errors="replace") for path in tmp_path.glob("own/**/*.html"))
    page += "".join(path.read_text(errors="replace") for path in tmp_path.glob("own/**/*.js"))
    assert "precision_recall.svg" in page and "The less the two overlap, the better" in page


def test_the_learning_curve_grows_with_the_videos(rerun):
    assert snakemake(rerun).status == 0  # the copied clips are looked at once more
    run = snakemake(rerun, "--", "learning_curve")
    assert run.status == 0 and run.jobs == ["learning_curve"], run.text
    rows = [line.split(",") for line in (rerun / "results/learning_curve/learning_curve.csv").read_text().splitlines()[1:]]
    numbers = [int(row[1]) for row in rows]
    assert numbers == sorted(numbers) and numbers[-1] == 24 and len(rows) >= 4
    assert "<svg" in (rerun / "results/learning_curve/learning_curve.svg").read_text()


def _write_records(path, names_and_labels, embeddings):
    with records.writing(path, "fingerprint") as write:
        for (name, label), embedding in zip(names_and_labels, embeddings, strict=True):
            write(clips.Clip(name, label, name.encode().hex().ljust(64, "0")), embedding)


def _named(*labels, pattern="{place}/Training/Positive/cam{video}_{index}_0.jpg", place="gone", videos=4):
    return [(pattern.format(place=place, video=index % videos, index=index), label) for index, label in enumerate(labels)]


def _embeddings(names_and_labels, seed):
    random = np.random.default_rng(seed)
    return np.stack([random.normal(2 * label, 1, 8) for _, label in names_and_labels]).astype(np.float32)


def _train(folder, rows):
    """Train on records of the rows, as the workflow does."""
    _write_records(folder / "train.tfrecord.gz", rows, _embeddings(rows, 1))
    _run(
        folder,
        "train.py --records train.tfrecord.gz --head head.npz --out_of_fold out_of_fold.csv --label_issues label_issues.csv "
        "--logs logs --max_steps 20",
    )
    return folder


def _test(folder, rows):
    """Test on records of the rows, to the report, as the workflow does; gives metrics.json and the page."""
    _write_records(folder / "eval.tfrecord.gz", rows, _embeddings(rows, 2))
    audit = {
        "listed": {},
        "used": {},
        "videos": {},
        "sites": {},
        "rejected": 0,
        "duplicates": [],
        "conflicts": [],
        "leaks": [],
        "leaks_dropped": False,
        "passed_over": {"litter": 0, "places": {}, "unsure": 0},
        "warnings": [],
    }
    (folder / "audit.json").write_text(json.dumps(audit))
    (folder / "rejected.csv").write_text("path,reason\n")
    settings = {"data": {"split": "folders"}}
    provenance = {"made": "now", "settings": settings, "code_revision": None, "python": "3", "machine": "this", "packages": {}}
    (folder / "provenance.json").write_text(json.dumps(provenance))
    _run(
        folder,
        "evaluate.py --training train.tfrecord.gz --testing eval.tfrecord.gz --head head.npz --out_of_fold out_of_fold.csv "
        "--leaks leaks.csv --predictions predictions.csv --metrics metrics.json --videos videos.csv --figures figures --replicates 20",
    )
    _run(
        folder,
        "write_report.py --metrics metrics.json --predictions predictions.csv --videos videos.csv --leaks leaks.csv "
        "--label_issues label_issues.csv --head head.npz --audit audit.json --rejected rejected.csv --provenance provenance.json "
        f"--figures figures --report report.html "
        f"--template {ROOT / 'workflow/report/report.html.j2'}",
    )
    metrics = json.loads((folder / "metrics.json").read_text())
    Draft202012Validator(yaml.safe_load((ROOT / "workflow/schemas/metrics.schema.yaml").read_text())).validate(metrics)
    return metrics, (folder / "report.html").read_text()


def _run(folder, line):
    name, *arguments = line.split()
    done = run_program(name, *arguments, folder=folder)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def once_trained(tmp_path_factory):
    return _train(tmp_path_factory.mktemp("trained"), _named(*[0, 1] * 12))


@pytest.fixture
def trained(once_trained, tmp_path):
    """A folder with a head trained on 24 clips of cam0 to cam3."""
    return shutil.copytree(once_trained, tmp_path / "trained")


def test_testing_clips_of_one_class_and_of_training_videos_only(trained):
    metrics, page = _test(trained, _named(*[1] * 6, place="there"))
    assert metrics["recall"] == {"value": None, "low": None, "high": None, "reason": "all clips are negative"}
    assert metrics["specificity"]["value"] is not None
    assert "The reason: all clips are negative" in page and "not defined: all clips are negative" in page
    assert metrics["free_of_leaks"] is None and "Every Testing clip comes from a video that is also in Training" in page


def test_some_testing_clips_of_training_videos(trained):
    metrics, page = _test(trained, _named(*[0, 1] * 4, place="there", videos=8))
    # cam0 to cam3 are in Training, cam4 to cam7 are not.
    assert metrics["free_of_leaks"]["clips"] == {"positive": 2, "negative": 2}
    assert "4 of the 8 Testing clips come from videos that are also in Training" in page and "Videos that are not in Training" in page


def test_scores_that_are_no_numbers(trained):
    damaged = head.load(trained / "head.npz")
    damaged.output_bias[:] = np.nan
    head.save(damaged, trained / "head.npz")
    metrics, page = _test(trained, _named(*[0, 1] * 4, place="there"))
    assert metrics["roc_auc"]["reason"] == "8 scores are not numbers"
    assert metrics["clips"] == {"positive": 4, "negative": 4} and "not defined: 8 scores are not numbers" in page


def test_three_clips_in_all(tmp_path):
    metrics, page = _test(_train(tmp_path, _named(0, 1)), _named(0, place="there"))
    assert metrics["videos"] == 1 and metrics["accuracy"]["low"] is None
    assert "no interval" in page


@browser.needed
def test_no_video_names_no_pictures_long_names(tmp_path, chromium):
    pattern = "{place}" + "x" * 120 + "<b>&{index}.jpg"
    metrics, page = _test(_train(tmp_path, _named(*[0, 1] * 20, pattern=pattern)), _named(*[0, 1] * 20, pattern=pattern, place="there"))
    assert metrics["videos"] == 40 and metrics["free_of_leaks"]["videos"] == 40
    assert "<b>" not in page and "the picture is not on this computer" in page
    browser.check_page(chromium, tmp_path / "report.html")
