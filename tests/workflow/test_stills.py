"""Stills go the same way as films, from a card to visits, and each month only the new ones are searched."""

import csv
import json
import shutil
from collections import Counter
from datetime import datetime
from functools import partial

import pytest
import stills
import yaml
from conftest import ROOT, SAMPLES, made_once, snakemake
from jsonschema import Draft202012Validator

MEADOW = SAMPLES / "videos/meadow.mp4"
# The clock and the crown of the tree.
CAMERAS = "folder,site,latitude,longitude,timezone,ignore\ncreek,Creek,-26.97,21.83,Africa/Johannesburg,0 0 0.6 0.15; 0.7 0 0.3 0.5\n"
BURSTS, WITH_ANIMAL = 9, (3, 4, 7)


def _rows(path):
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def _settings(sample_run):
    return {
        "videos": {"folder": "season", "cameras": "cameras.csv"},
        "annotate": {"model": str(sample_run / "results/model"), "threshold": 0.5},
    }


@pytest.fixture(scope="session")
def season_run(sample_run, tmp_path_factory):
    """A folder where `snakemake annotate` has run with the samples' model on a card of stills and a film."""
    return made_once(tmp_path_factory, "season-run", partial(_annotate, sample_run))


def _annotate(sample_run, folder):
    stills.season(folder / "season/creek", MEADOW, BURSTS, WITH_ANIMAL)
    shutil.copy(MEADOW, folder / "season/film.mp4")
    torn = folder / "season/creek/DCIM/100TRAIL/IMG_0014.JPG"  # in burst 4
    torn.write_bytes(torn.read_bytes()[:-3000])
    (folder / "season/notes.txt").write_text("rain")
    (folder / "cameras.csv").write_text(CAMERAS)
    run = snakemake(folder, "--", "annotate", settings=_settings(sample_run))
    assert run.status == 0, run.text
    (folder / "terminal.txt").write_text(run.text)


def _name(burst):
    return f"creek__DCIM__100TRAIL__IMG_{3 * burst + 1:04}"


def test_the_bursts_with_an_animal_have_a_visit_and_the_others_none(season_run):
    told = (season_run / "terminal.txt").read_text()
    assert f"1 video and {BURSTS} bursts of {3 * BURSTS} stills in season, {BURSTS + 1} of them not searched yet." in told
    assert "IMG_0014.JPG: truncated JPEG: its end is missing" in told and ".txt (1)" in told
    listed = {row["name"]: row for row in _rows(season_run / "results/videos.csv")}
    assert (
        set(listed) == {"film", *map(_name, range(BURSTS))} and listed[_name(3)]["pictures"] == "3" and listed[_name(3)]["site"] == "Creek"
    )
    videos = {row["video"]: row for row in _rows(season_run / "results/annotations/videos.csv")}
    assert {burst for burst in range(BURSTS) if int(videos[_name(burst)]["visits"])} == set(WITH_ANIMAL)
    assert (videos[_name(2)]["start"], videos[_name(2)]["time_from"]) == ("2024-05-17 08:00:00.000+02:00", "file")
    visits = [row for row in _rows(season_run / "results/annotations/visits.csv") if row["site"] == "Creek"]
    assert len({row["event"] for row in visits}) == len(WITH_ANIMAL)
    report = (season_run / "results/annotations/report.html").read_text()
    assert f" in {3 * BURSTS} stills and in films: " in report and "3 stills</td>" in report


def test_what_is_handed_on_names_single_stills(season_run):
    annotations = season_run / "results/annotations"
    batch = json.loads((annotations / "detections.json").read_text())
    Draft202012Validator(yaml.safe_load((ROOT / "workflow/schemas/detections.schema.yaml").read_text())).validate(batch)
    found = {entry["file"]: entry for entry in batch["images"]}
    assert len(found) == 3 * BURSTS + 1
    still = found["creek/DCIM/100TRAIL/IMG_0010.JPG"]
    assert set(still) == {"file", "detections"} and any(one["conf"] >= 0.5 for one in still["detections"])
    assert found["creek/DCIM/100TRAIL/IMG_0014.JPG"]["failure"] == "truncated JPEG: its end is missing"
    media = {row["mediaID"]: row for row in _rows(annotations / "camtrap-dp/media.csv")}
    assert len(media) == 3 * BURSTS and media[f"{_name(3)}-2"]["timestamp"] == "2024-05-17T09:00:01+02:00"
    assert media[f"{_name(3)}-2"]["filePath"] == "creek/DCIM/100TRAIL/IMG_0011.JPG"
    observations = _rows(annotations / "camtrap-dp/observations.csv")
    assert all(row["mediaID"] in media for row in observations if row["observationLevel"] == "media")
    blank = [row for row in observations if row["observationType"] == "blank"]
    assert len(blank) == 3 * (BURSTS - len(WITH_ANIMAL)) and len({row["eventID"] for row in blank}) == BURSTS - len(WITH_ANIMAL)
    assert "image-duration" in (annotations / "visits.m3u8").read_text()


def test_next_months_stills_are_searched_alone_and_moved_ones_not_again(season_run, sample_run, tmp_path):
    folder = shutil.copytree(season_run, tmp_path / "again")
    before = {row["name"]: row["film"] for row in _rows(folder / "results/videos.csv")}
    later = datetime(2024, 6, 17, 6)
    stills.season(folder / "new", MEADOW, 2, [1], later)
    (folder / "season/creek/DCIM/101TRAIL").mkdir()
    for path in (folder / "new/DCIM/100TRAIL").iterdir():
        path.rename(folder / "season/creek/DCIM/101TRAIL" / path.name)
    run = snakemake(folder, "--", "annotate", settings=_settings(sample_run))
    assert run.status == 0 and "2 of them not searched yet" in run.text, run.text
    searched = [
        int(line.split(": ")[1].split()[0])
        for line in run.text.splitlines()
        if "parts of films searched" in line or "part of films" in line
    ]
    assert sum(searched) == 2
    assert before.items() <= {row["name"]: row["film"] for row in _rows(folder / "results/videos.csv")}.items()
    (folder / "season").rename(folder / "moved")
    settings = _settings(sample_run)
    settings["videos"]["folder"] = "moved"
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and "0 of them not searched yet" in run.text and "find_motion" not in Counter(run.jobs), run.text


def test_a_still_that_is_gone_or_changed_makes_its_burst_a_new_one(season_run, sample_run, tmp_path):
    folder = shutil.copytree(season_run, tmp_path / "again")
    (folder / "season/creek/DCIM/100TRAIL/IMG_0012.JPG").unlink()
    run = snakemake(folder, "--", "annotate", settings=_settings(sample_run))
    assert run.status == 0 and "Gone: 1 file of earlier runs" in run.text and "1 of them not searched yet" in run.text, run.text
    (row,) = (row for row in _rows(folder / "results/videos.csv") if row["name"] == _name(3))
    assert row["pictures"] == "2"


def test_a_folder_of_stills_alone_gives_cards_for_sorting(tmp_path):
    stills.season(tmp_path / "season/creek", MEADOW, 4, [2])
    (tmp_path / "cameras.csv").write_text(CAMERAS)
    run = snakemake(tmp_path, "--", "sorting", settings={"videos": {"folder": "season", "cameras": "cameras.csv"}})
    assert run.status == 0, run.text
    cards = _rows(tmp_path / "results/sorting/cards.csv")
    assert _name(2) in {row["video"] for row in cards} and all((tmp_path / row["path"]).is_file() for row in cards)


def test_boxes_of_a_detector_join_the_search_and_their_kinds_become_names(season_run, sample_run, tmp_path):
    folder = shutil.copytree(season_run, tmp_path / "again")
    seen = {"category": "2", "conf": 0.8, "bbox": [0.1, 0.5, 0.2, 0.3]}
    entries = [
        {"file": f"cards/season/creek/DCIM/100TRAIL/IMG_{number:04}.JPG", "detections": [seen] if number in (1, 2, 3) else []}
        for number in range(1, 3 * BURSTS + 1)
    ]
    told = {"info": {"format_version": "1.5"}, "detection_categories": {"1": "animal", "2": "person"}, "images": entries}
    (folder / "md.json").write_text(json.dumps(told))
    settings = _settings(sample_run)
    settings["videos"]["boxes"] = "md.json"
    settings["annotate"]["threshold"] = 0.0001  # so that the empty meadow is a visit as well
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert (
        run.status == 0
        and "1 of them not searched yet" in run.text
        and "md.json contains nothing about 1 video or burst:\n  film" in run.text
    ), run.text
    assert "by the boxes alone (videos: boxes)" in run.text
    passages = [row for row in _rows(folder / "results/annotations/passages.csv") if row["video"] == _name(0)]
    (found,) = (row for row in passages if row["found_by"] == "boxes")
    assert found["kind"] == "person" and [found[name] for name in "xywh"] == ["64", "180", "128", "108"]
    (folder / "md.json").write_text(json.dumps(told | {"images": entries[1:]}))
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status == 0 and "1 of them not searched yet" in run.text, run.text
    (folder / "md.json").write_text("{}")
    run = snakemake(folder, "--", "annotate", settings=settings)
    assert run.status != 0 and "videos: boxes: md.json is not the output of MegaDetector" in run.text and "Traceback" not in run.text
