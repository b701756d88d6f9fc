"""Tracks of animals are joined to visits, visits to events, and told in tables and playlists."""

import json
import math
import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given
from hypothesis import strategies as st
from meerkat.errors import UserError
from meerkat.settings.configuration import Configuration
from meerkat.settings.dataset import Dataset
from meerkat.tables import csv_text
from meerkat.video import known_films, motion_files, places, taken
from meerkat.video.boxes import Box
from meerkat.video.cameras import Cameras, Deployment
from meerkat.video.chapters import Recorded
from meerkat.video.hidden import NEAR, hide
from meerkat.video.known_films import KnownFilms
from meerkat.video.motion_files import CLIP_COLUMNS
from meerkat.video.stretches import Film
from meerkat.video.video_files import Videos
from meerkat.visits import passages, private_pictures, truth, visit_tables
from meerkat.visits.events import Occurrence, number_events, overlapping
from meerkat.visits.found_visits import FoundVisits
from meerkat.visits.joining import join
from meerkat.visits.known_scores import KnownScores
from meerkat.visits.names import Named, Names
from meerkat.visits.outputs import OUTPUTS, Output, camtrap_dp, detections, files_beside, films, pictures, playlist, subtitles, workbook
from meerkat.visits.passages import Passage

NO_TABLE = Cameras(None)


def _row(site, place=None, zone=None):
    return Deployment(2, site, site, (site,), None, None, False, place, zone, None, None, "", "", "")


def _passage(track, begin, end, score=0.9, visit=None):
    return Passage(track, begin, end, score, f"v_{track}.jpg", int(begin * 25 + 1), Box(10, 20, 64, 36), visit, visit)


def _boxes(*found, x=10):
    """A box each half second of each of the passages."""
    at = [(passage.track, seconds) for passage in found for seconds in np.arange(passage.begin, passage.end + 1e-9, 0.5)]
    rows = [
        {"track": track, "frame": int(seconds * 25 + 1), "seconds": seconds, "x": x, "y": 20, "w": 64, "h": 36} for track, seconds in at
    ]
    return pd.DataFrame(rows)


def test_passages_are_one_visit_unless_a_long_pause_parts_them():
    found = [_passage(1, 10, 20), _passage(2, 12, 14), _passage(3, 45, 46, 0.97), _passage(4, 80, 90)]
    visits = join(found, 30)
    assert [[passage.track for passage in visit.passages] for visit in visits] == [[1, 2, 3], [4]]
    assert [len(join(found, pause)) for pause in (0, 24, 26, 1000)] == [3, 3, 2, 1]
    assert (visits[0].begin, visits[0].end, visits[0].best.track) == (10, 46, 3)
    row = visit_tables.visit_facts(visits[0], _boxes(*found), None, None, Names(Path("none")))
    assert (row["begin"], row["end"], row["seconds"], row["state"]) == ("10.000", "46.000", "36.000", "machine")
    assert row["begin_time"] == row["end_time"] == ""
    assert (row["begin_frame"], row["end_frame"], row["boxes_at_once"], row["score"]) == (251, 1151, 2, "0.9700")


def test_passages_come_back_from_their_table_as_they_were(tmp_path):
    found = [_passage(1, 10.04, 20, 0.123456789, visit=2), _passage(2, 12, 14)]
    (tmp_path / "passages.csv").write_text(csv_text([passages.COLUMNS, *(passages.row("creek, 1", passage) for passage in found)]))
    read = passages.read(tmp_path / "passages.csv")
    assert read["creek, 1"] == found and read["another"] == []


def test_pictures_and_boxes_are_those_of_visits():
    found = [_passage(1, 0, 1, 0.5, visit=1), _passage(2, 0.5, 1.5, 0.8, visit=1), _passage(3, 50, 51, 0.7, visit=2)]
    assert [[passage.track for passage in pictures._shown(found, keep)] for keep in ("best", "all", "none")] == [[2, 3], [1, 2, 3], []]
    rows = list(pictures.annotation_rows(found[:2], _boxes(*found)))
    assert [row[0] for row in rows] == [1, 13, 13, 26, 26, 38] and [row[-1] for row in rows[:3]] == ["0.5000", "0.5000", "0.8000"]


def test_each_output_is_written_by_the_module_of_its_name():
    modules = {path.stem for path in Path(pictures.__file__).parent.glob("[!_]*.py")}
    assert modules == {output.name for output in OUTPUTS}
    assert all(callable(import_module(output.module).write) and output.code.is_file() for output in OUTPUTS)
    files = [file for output in OUTPUTS for file in output.files]
    assert len(set(files)) == len(files)
    assert all(bool(output.asked_by) is not output.is_asked(Configuration()) for output in OUTPUTS)


def test_the_output_that_the_page_for_developers_shows_works(tmp_path):
    entry, module = re.findall(r"```python\n(.*?)```", (ROOT / "docs/developer.md").read_text(), re.DOTALL)[-2:]
    output = eval(entry, {"Output": Output})
    code = {"__name__": f"{Output.__module__}.{output.name}", "__package__": Output.__module__}
    exec(module, code)
    visits = [("creek", "2024-05-17 06:29:44", "", "fox", "2", "confirmed"), ("", "", "", "", "", "machine")]
    (tmp_path / "visits.csv").write_text(csv_text([("site", "begin_time", "end_time", "name", "count", "state"), *visits]))
    earlier = tmp_path / "sites/gone.csv"
    earlier.parent.mkdir()
    earlier.touch()
    code["write"](FoundVisits(tmp_path, tmp_path), SimpleNamespace(earlier=files_beside(output, tmp_path)))
    assert (tmp_path / "sites/creek.csv").read_text().splitlines()[1] == "2024-05-17 06:29:44,,fox,2,confirmed"
    assert files_beside(output, tmp_path) == [tmp_path / "sites/creek.csv"] and (tmp_path / output.files[0]).is_file()


def _found(folder, *visits, names=None, videos=()):
    """The tables of find_visits.py with these visits."""
    rows = [[visit.get(column, "") for column in visit_tables.VISIT_COLUMNS] for visit in visits]
    (folder / "visits.csv").write_text(csv_text([visit_tables.VISIT_COLUMNS, *rows]))
    rows = [[video.get(column, "") for column in visit_tables.VIDEO_COLUMNS] for video in videos]
    (folder / "videos.csv").write_text(csv_text([visit_tables.VIDEO_COLUMNS, *rows]))
    (folder / "decided_by.json").write_text(json.dumps({"model": "model", "is_guess": False, "threshold": 0.5, "names": names or {}}))
    return FoundVisits(folder, folder)


VISIT = {"video": "creek__a", "path": "films/creek/a.mp4", "site": "creek", "visit": 1, "event": 1, "begin": "1.500", "end": "7.000"}
VISIT |= {"begin_time": "2024-05-17 06:29:45.500+02:00", "end_time": "2024-05-17 06:29:51.000+02:00", "state": "machine", "score": "0.9000"}
VISIT |= dict.fromkeys(["name", "scientific_name", "count", "reviewed_by", "reviewed_at"], "")
VISIT |= {"seconds": "5.500", "best_frame": 60, "threshold": 0.5, "boxes_at_once": 2}
NAMED = VISIT | {"visit": 2, "event": 2, "begin": "60.000", "end": "62.000", "name": "=cmd", "count": 3, "state": "confirmed"}
NAMED |= {"reviewed_by": "ann", "reviewed_at": "2026-01-02T03:04:05+01:00"}


def test_a_file_of_pictures_that_is_damaged_is_deleted_with_the_tables_that_name_it(tmp_path):
    archive, folder = tmp_path / "state/stretch.zip", tmp_path / "motion/creek"
    for path in (archive, folder / "clips.csv", folder.parent / motion_files.FILMS):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("junk")
    with pytest.raises(UserError, match=f"^{archive}, which contains the pictures of creek, is damaged or gone. Run again"):
        motion_files.read_frame(folder.parent, "creek", f"../state/stretch.zip/{motion_files.FRAMES}/1.jpg")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_workbook_holds_times_numbers_and_texts_and_changes_only_with_the_visits(tmp_path):
    retimed = NAMED | {"visit": 3, "reviewed_at": "2.1.2026 03:04"}  # by a spreadsheet
    found = _found(tmp_path, VISIT, NAMED, retimed, videos=[{"site": "creek"}, {"site": ""}])
    args = SimpleNamespace(keep="best")
    workbook.write(found, args)
    first = (tmp_path / "visits.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "visits.xlsx")
    rows = list(book["Visits"].iter_rows(values_only=True))
    read = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert read[0]["begin_time"] == datetime(2024, 5, 17, 6, 29, 45, 500_000) and read[0]["begin"] == 1.5 and read[0]["name"] is None
    assert (read[1]["name"], read[1]["count"], read[1]["reviewed_at"]) == ("=cmd", 3, datetime(2026, 1, 2, 3, 4, 5))
    assert read[2]["reviewed_at"] == "2.1.2026 03:04"
    assert (
        book["Visits"].freeze_panes == "A2"
        and book["Visits"].cell(2, len(rows[0])).hyperlink.target.replace("\\", "/") == "creek__a/60.jpg"
    )
    hours = list(book["Site and hour"].iter_rows(values_only=True))
    assert [row[0] for row in hours] == ["site", "(not known)", "creek"] and hours[2][7] == 2 and hours[2][-1] == 2 and hours[1][-1] == 0
    time.sleep(1.1)
    workbook.write(found, args)
    assert (tmp_path / "visits.xlsx").read_bytes() == first


def test_subtitles_say_what_a_visit_is(tmp_path):
    found = _found(tmp_path, VISIT, NAMED | {"name": "fox"})
    (tmp_path / "creek__a").mkdir()
    (tmp_path / "creek__a/parameters.csv").write_text("Seconds,60\nPictures,\n")
    subtitles.write(found, SimpleNamespace(earlier=[]))
    text = (tmp_path / "subtitles/creek__a.srt").read_text()
    assert text == ("1\n00:00:01,500 --> 00:00:07,000\nvisit, score 0.9000\n\n2\n00:01:00,000 --> 00:01:02,000\n3 fox\n")


def test_people_and_cars_are_hidden_and_the_rest_of_the_picture_stays():
    picture = np.random.default_rng(1).integers(0, 255, (100, 100, 3), np.uint8)
    hidden = hide(picture, [Box(40, 40, 20, 10), Box(-5, 90, 20, 30)])
    changed = (hidden != picture).any(axis=2)
    assert changed[38:52, 35:65].mean() > 0.9 and not changed[:37].any() and not changed[:, 66:].any()
    assert len(np.unique(hidden[38:52, 35:65].reshape(-1, 3), axis=0)) < 60


@pytest.mark.parametrize(
    "row, wrong",
    [
        ("fox,Vulpes vulpes,fox,perhaps", "private is 'perhaps'. Write yes or no"),
        ("fox,,de: Fuchs; rouge,", "'rouge' is not a name in a language"),
        (",Vulpes vulpes,,", "the name is missing"),
        ("-fox,,,", "A name cannot begin with -"),
    ],
)
def test_a_table_of_names_that_cannot_be_used_is_told(tmp_path, row, wrong):
    (tmp_path / "names.csv").write_text(f"name,scientific_name,vernacular_names,private\n{row}\n")
    with pytest.raises(UserError, match=re.escape(wrong)):
        Names(tmp_path / "names.csv")


def test_names_mean_what_the_table_says(tmp_path):
    table = "name,scientific_name,vernacular_names,private\nRoe deer,Capreolus capreolus,de: Reh; fr: chevreuil,\nCar,,,no\n"
    (tmp_path / "names.csv").write_text(table)
    names = Names(tmp_path / "names.csv")
    assert names.of("roe DEER").scientific_name == "Capreolus capreolus" and names.of("roe deer").vernacular_names["de"] == "Reh"
    assert not names.of("car").is_private and names.of("Person").is_private and not names.of("wolf").is_private
    (tmp_path / "names.csv").write_text("name,scientific_name\nPerson,Homo sapiens\nfox,Vulpes vulpes\n")
    names = Names(tmp_path / "names.csv")
    assert names.of("person") == Named("Homo sapiens", is_private=True) and not names.of("fox").is_private


def test_a_private_visit_without_a_passage_hides_all_that_moves_meanwhile_or_the_whole_picture(tmp_path):
    split = VISIT | {"visit": 2, "begin": "7.501", "end": "10.000", "name": "person"}
    added = split | {"visit": 3, "begin": "30.000", "end": "32.000"}
    found = _found(tmp_path, VISIT | {"name": "fox"}, split, added, names={"fox": {}, "person": {"is_private": True}})
    passage = _passage(1, 1.5, 10, visit=1)
    (tmp_path / "passages.csv").write_text(csv_text([passages.COLUMNS, passages.row("creek__a", passage)]))
    (tmp_path / "creek__a").mkdir()
    (tmp_path / "creek__a/parameters.csv").write_text("Height,48\nWidth,64\nPictures,\n")
    _boxes(passage).to_csv(tmp_path / "creek__a/boxes.csv", index=False)
    assert private_pictures.of_videos(found, ["creek__a", "still"]) == {"creek__a": private_pictures.Private({2, 3}, {1})}
    hidden = films._hidden(found, "creek__a", 0, 20)
    assert [seconds for seconds, _ in hidden] == [7.5, 8, 8.5, 9, 9.5, 10] and {box for _, box in hidden} == {Box(10, 20, 64, 36)}
    assert not films._hidden(found, "creek__a", 0, 6) and pictures._hidden(found, "creek__a", passage) == []
    whole = films._hidden(found, "creek__a", 30, 32)
    assert {box for _, box in whole} == {Box(0, 0, 64, 48)} and whole[0][0] <= 30 and whole[-1][0] >= 32
    assert all(later - earlier <= 2 * NEAR for (earlier, _), (later, _) in pairwise(whole))


def test_a_table_of_names_needs_only_the_names_and_may_come_from_a_spreadsheet(tmp_path):
    (tmp_path / "names.csv").write_bytes("private;name\nyes;Waldarbeiter\n".encode("utf-16"))
    assert Names(tmp_path / "names.csv").of("waldarbeiter").is_private


def test_visits_of_another_search_or_of_moved_films_are_refused(tmp_path):
    found, name = _found(tmp_path, VISIT), "creek__a"
    (tmp_path / "passages.csv").write_text(csv_text([passages.COLUMNS, passages.row(name, _passage(1, 1.5, 7, visit=1))]))
    (tmp_path / name).mkdir()

    def cut(track):
        row = dict.fromkeys(CLIP_COLUMNS, "1") | {"video": name, "track": track, "clock": "0:00:01.500", "file": "v_1.jpg"}
        (tmp_path / name / "clips.csv").write_text(csv_text([CLIP_COLUMNS, list(row.values())]))

    listed = Videos("films", {name: "films/creek/a.mp4"}, films={name: Film("0" * 16, 60, 1)})
    cut(1)
    found.check_search(listed, Path("mine.yaml"))
    with pytest.raises(UserError, match=r"lie elsewhere now.*\n.*films/creek/a.mp4\n.*run mine.yaml annotate"):
        found.check_search(replace(listed, folder="/new disk"), Path("mine.yaml"))
    cut(2)
    with pytest.raises(UserError, match="were searched anew"):
        found.check_search(listed, Path("mine.yaml"))


def _package(*visits, names=None):
    videos = [
        {
            "video": name,
            "site": "creek",
            "deployment": "creek 2024-05-01",
            "start": "2024-05-17 06:29:44+02:00",
            "seconds": "60",
            "problem": "",
            "path": f"films/{name}.mp4",
        }
        for name in ("creek__a", "blank")
    ]
    decided_by = {"model": "model", "names": names or {}}
    row = replace(_row("creek", places.Place(52.5, 13.4)), name="creek 2024-05-01")
    return camtrap_dp.package(videos, visits, {row.name: row}, "films", decided_by)


def test_the_package_is_what_readers_in_r_expect():
    """As camtrapdp 0.4 (read_camtrapdp, version) and camtrapR 3 (readCamtrapDP) read it, by their documentation: the version from the
    profile's address, three resources by name, one row of taxa for each scientific name, media by mediaID, and times that can be parsed."""
    deer = {"scientific_name": "Capreolus capreolus", "vernacular_names": {"de": "Reh"}, "is_private": False}
    package = _package(VISIT, NAMED | {"name": "roe deer", "scientific_name": "Capreolus capreolus"}, names={"roe deer": deer})
    described, tables = camtrap_dp.descriptor(package, Dataset()), package.tables
    assert re.search(r"camtrap-dp/([0-9A-Za-z.-]+)/", described["profile"])[1] in ("1.0", "1.0.1", "1.0.2")
    assert [resource["name"] for resource in described["resources"]] == ["deployments", "media", "observations"]
    taxa = [taxon["scientificName"] for taxon in described["taxonomic"]]
    observations = tables["observations"]
    assert len(set(taxa)) == len(taxa) and {row["scientificName"] for row in observations if "scientificName" in row} == set(taxa)
    media, deployments = ({row[name] for row in tables[table]} for table, name in (("media", "mediaID"), ("deployments", "deploymentID")))
    assert {row["deploymentID"] for table in ("media", "observations") for row in tables[table]} == deployments
    for row in observations:
        assert (row["observationLevel"] == "media") == (row.get("mediaID") in media)
        assert datetime.fromisoformat(row["eventStart"]).tzinfo and row["eventStart"] <= row["eventEnd"]
    by_level = {level: {row["eventID"] for row in observations if row["observationLevel"] == level} for level in ("event", "media")}
    blank = {row["eventID"] for row in observations if row["observationType"] == "blank"}
    assert by_level["media"] - blank == by_level["event"] and by_level["event"]


def test_what_could_not_be_read_is_not_called_blank():
    video = {"site": "creek", "deployment": "creek", "start": "2024-05-17 06:29:44+02:00", "seconds": "60"}
    cut = video | {"video": "cut", "path": "films/cut.mp4", "problem": "its last 3.0 s are missing"}
    problem = "deer; fawn.jpg: the file is cut short; cam 1: b.jpg: empty"
    burst = video | {"video": "burst", "path": "films/a.jpg", "problem": problem}
    pictures = {"burst": json.dumps([("a.jpg", 0.0), ("deer; fawn.jpg", 1.0), ("cam 1: b.jpg", 2.0)])}
    row = _row("creek", places.Place(52.5, 13.4))
    package = camtrap_dp.package([cut, burst], [], {"creek": row}, "films", {"model": "model", "names": {}}, pictures)
    assert len(package.tables["media"]) == 4
    assert [row["observationID"] for row in package.tables["observations"]] == ["blank-burst-1"]
    assert package.left_out == [
        ("films/cut.mp4", "not called blank: its last 3.0 s are missing"),
        ("films/deer; fawn.jpg", "not called blank: the file is cut short"),
        ("films/cam 1: b.jpg", "not called blank: empty"),
    ]


def test_a_camera_that_saw_nothing_is_in_the_package():
    quiet = replace(_row("ridge", places.Place(1, 2), timezone.utc), begin=datetime(2024, 5, 1), end=datetime(2024, 5, 10))  # noqa: UP017
    rows = {"creek": _row("creek", places.Place(52.5, 13.4)), "ridge": quiet, "dune": _row("dune", places.Place(3, 4))}
    video = {"video": "a", "site": "creek", "deployment": "creek", "start": "2024-05-17 06:29:44+02:00", "seconds": "60"}
    package = camtrap_dp.package([video | {"problem": "", "path": "films/a.mp4"}], [], rows, "films", {"model": "model", "names": {}})
    told = [(row["deploymentID"], row["locationName"], row["deploymentStart"]) for row in package.tables["deployments"]]
    assert told == [("creek", "creek", "2024-05-17T06:29:44+02:00"), ("ridge", "ridge", "2024-05-01T00:00:00+00:00")]


def test_a_package_without_any_film_is_written_and_says_why(tmp_path, capfd):
    (tmp_path / "cameras.csv").write_text("folder,latitude,longitude\ncreek,1,2\n")
    video = {"video": "a", "path": "films/a.mp4", "site": "creek", "deployment": "creek", "start": "", "seconds": "60", "problem": ""}
    found = SimpleNamespace(folder=tmp_path, paths={"a": "films/a.mp4"}, videos=[video], visits=[], facts=lambda _: {"Pictures": ""})
    found.decided_by = {"model": "model", "names": {}}
    args = SimpleNamespace(cameras=str(tmp_path / "cameras.csv"), folder="films", **Dataset().model_dump())
    camtrap_dp.write(found, args)
    assert "The Camtrap DP package is empty" in capfd.readouterr().err
    assert "its start is not known" in (tmp_path / "camtrap-dp/left_out.csv").read_text()
    assert len((tmp_path / "camtrap-dp/media.csv").read_text().splitlines()) == 1


def test_the_package_says_what_a_person_has_written_about_the_data_set():
    people = ["Ann Smith <ann@example.org>", "Nature Trust", "Bob, of the park"]
    given = Dataset(title="Foxes", contributors=people, data_licence="CC0-1.0", media_licence="CC-BY-4.0", sampling_design="targeted")
    described = camtrap_dp.descriptor(_package(VISIT), given)
    assert described["contributors"] == [
        {"title": "Ann Smith", "email": "ann@example.org", "role": "contact"},
        {"title": "Nature Trust", "role": "contributor"},
        {"title": "Bob, of the park", "role": "contributor"},
    ]
    assert described["licenses"] == [{"name": "CC0-1.0", "scope": "data"}, {"name": "CC-BY-4.0", "scope": "media"}]
    assert (described["title"], described["project"]["title"], described["project"]["samplingDesign"]) == ("Foxes", "Foxes", "targeted")
    plain = camtrap_dp.descriptor(_package(VISIT), Dataset())
    assert "licenses" not in plain and "description" not in plain and plain["contributors"] == [{"title": "unknown", "role": "contributor"}]


def test_observations_say_who_saw_what_and_which_films_are_blank():
    deer = {"scientific_name": "Capreolus capreolus", "vernacular_names": {"de": "Reh"}, "is_private": False}
    person = {"scientific_name": "", "vernacular_names": {}, "is_private": True}
    visits = [
        VISIT,
        NAMED | {"name": "roe deer", "scientific_name": "Capreolus capreolus"},
        NAMED | {"visit": 3, "event": 3, "name": "person"},
    ]
    package = _package(*visits, names={"roe deer": deer, "person": person})
    told = [
        (row["observationLevel"], row["observationType"], row.get("scientificName", ""), row["classificationMethod"], row["classifiedBy"])
        for row in package.tables["observations"]
    ]
    machine, human = ("animal", "Animalia", "machine", "model"), ("animal", "Capreolus capreolus", "human", "ann")
    blank = ("media", "blank", "", "machine", "model")
    assert told == [("event", *machine), ("media", *machine), ("event", *human), ("media", *human), blank]
    assert [row.get("count") for row in package.tables["observations"]] == ["", "", 3, 3, None]
    assert package.left_out == [("films/creek/a.mp4", "the visit of person at 0:01:00.000 is private")]
    assert package.taxa == [
        {"scientificName": "Animalia", "taxonRank": "kingdom"},
        {"scientificName": "Capreolus capreolus", "vernacularNames": {"de": "Reh"}},
    ]
    shown = _package(NAMED | {"name": "Person"}, NAMED | {"name": "car", "event": 5}, NAMED | {"state": "unsure", "name": "", "event": 6})
    assert [row["observationType"] for row in shown.tables["observations"]][::2] == ["human", "vehicle", "unknown", "blank"]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=20), st.integers(0, 60))
def test_each_passage_is_in_one_visit_and_visits_are_apart(spans, pause):
    given = [_passage(number, begin, begin + length) for number, (begin, length) in enumerate(spans)]
    found = join(given, pause)
    assert sorted(passage.track for visit in found for passage in visit.passages) == list(range(len(given)))
    assert all(later.begin - earlier.end > pause for earlier, later in pairwise(found))


NIGHT = datetime(2024, 5, 17, 23, 59, 50)
HERE = timezone(timedelta(hours=2))


def _at(site, begin, end, zone=None):
    return Occurrence(site, *(NIGHT.replace(tzinfo=zone) + timedelta(seconds=seconds) for seconds in (begin, end)))


def test_visits_that_follow_each_other_at_a_site_are_one_event_also_in_other_films():
    found = [
        _at("creek", 0, 9),
        _at("ridge", 12, 20),
        _at("creek", 200, 210),
        _at("creek", 15, 60),  # of a film that is listed later
        _at("creek", 20, 25),  # of a second camera, while the other visit lasts
        _at("creek", 85, 90),
        _at("creek", 95, 99, HERE),  # nobody knows how far from the others
        Occurrence("creek", None, None),
        _at("", 0, 9),
        _at("", 10, 12),
    ]
    assert number_events(found, 30) == [1, 2, 3, 1, 1, 1, 4, 5, 6, 7]
    assert number_events(found, 5) == [1, 2, 3, 4, 4, 5, 6, 7, 8, 9]


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 300), st.integers(0, 30)), max_size=20), st.integers(0, 60))
def test_events_of_a_site_are_apart(visits, pause):
    found = [_at(site, begin, begin + length) for site, begin, length in visits]
    events = number_events(found, pause)
    assert list(dict.fromkeys(events)) == list(range(1, len(set(events)) + 1))
    spans = {}
    for event, visit in zip(events, found, strict=True):
        site, begin, end = spans.get(event, visit)
        assert site == visit.site
        spans[event] = Occurrence(site, min(begin, visit.begin), max(end, visit.end))
    for site in "ab":
        here = sorted((span.begin, span.end) for span in spans.values() if span.site == site)
        assert all(later - earlier > timedelta(seconds=pause) for (_, earlier), (later, _) in pairwise(here))


def test_films_of_a_site_that_overlap_are_told():
    films = {"a": _at("creek", 0, 60), "b": _at("creek", 59, 100), "c": _at("creek", 90, 95), "d": _at("ridge", 0, 60)}
    films |= {"e": _at("creek", 200, 260), "f": _at("creek", 200, 230), "g": _at("creek", 240, 250), "h": _at("creek", 0, 9, HERE)}
    films |= {"i": Occurrence("creek", None, None), "j": _at("", 0, 60)}
    assert overlapping(films) == {"b", "c", "e", "f", "g"}


def test_the_score_of_a_passage_is_the_mean_of_its_clips_logits():
    assert passages.score_of([0.5, 0.5]) == 0.5 and passages.score_of([0.9]) == pytest.approx(0.9)
    assert passages.score_of([0.9, 0.1]) == pytest.approx(0.5) and 0 < passages.score_of([0.0, 0.0]) < 1e-5


def test_a_playlist_plays_the_visits_only(tmp_path):
    recording = SimpleNamespace(path=f"{tmp_path}/films/#1 creek.mp4", stills=[])
    visit = {"video": "creek", "begin": "1", "end": "20"}
    found = SimpleNamespace(folder=tmp_path / "results/annotations", visits=[visit], recording={"creek": recording}.get)
    playlist.write(found, SimpleNamespace())
    assert (found.folder / "visits.m3u8").read_text().splitlines() == [
        "#EXTM3U",
        "#EXTINF:22,films/#1 creek.mp4 at 0:00:00.000",
        "#EXTVLCOPT:start-time=0.000",
        "#EXTVLCOPT:stop-time=22.000",
        "./../../films/%231 creek.mp4",
    ]


def test_detections_are_fractions_of_the_frame_with_the_score_of_their_track():
    video = {"Width": "640", "Height": "360", "Frames a second": "25.0"}
    entry = detections.entry("a/b.mp4", video, [_passage(2, 0, 1, 0.75)], _boxes(_passage(2, 0, 1), x=320), "", {})
    assert entry["detections"][0] == {"category": "1", "conf": 0.75, "bbox": [0.5, 0.0556, 0.1, 0.1], "frame_number": 0, "track": 2}
    assert entry["frames_processed"] == [0, 12, 25] and entry["frame_rate"] == 25


def test_a_frame_divided_by_the_rate_is_its_time_where_the_rate_varies():
    facts = {"Width": "100", "Height": "50", "Frames a second": "25"}
    for frames, seconds, rate in [([1, 26, 51], [0, 1, 2], 25), ([1, 26, 51], [0, 2.5, 5], 10), ([2, 51], [0.08, 4], 12.5)]:
        boxes = pd.DataFrame({"track": 1, "frame": frames, "seconds": seconds, "x": 1, "y": 1, "w": 9, "h": 9})
        assert detections.entry("v.mp4", facts, [_passage(1, seconds[0], seconds[-1])], boxes, "", {})["frame_rate"] == pytest.approx(
            rate, rel=0.03
        )


def test_a_bad_line_of_known_scores_is_dropped(tmp_path):
    with KnownScores(tmp_path, "m") as known:
        known.add({"a": 0.25, "b": 0.5})
    path = tmp_path / "m.csv"
    path.write_text(path.read_text().replace("b,0.5", "b,0.5,7\nc\nd,half\ne,7") + "f,0.75\n")
    with KnownScores(tmp_path, "m") as known:
        assert [name for name in "abcdef" if name in known] == ["a", "f"]


def test_known_scores_outlive_a_kill(tmp_path):
    with KnownScores(tmp_path, "a" * 64) as known:
        known.add({"one": 0.25, "two": 0.123456789})
    file = next(tmp_path.iterdir())
    file.write_text(file.read_text() + "three,0.98")  # torn, of 0.987
    with KnownScores(tmp_path, "a" * 64) as known:
        assert known["one"] == 0.25 and known["two"] == 0.123456789 and "three" not in known
        known.add({"three": 0.987})
    with KnownScores(tmp_path, "a" * 64) as known:
        assert known["three"] == 0.987 and known.added == 0
    with KnownScores(tmp_path, "b" * 64) as known:
        assert "one" not in known


VIDEOS = Videos("films", {"creek__a": "films/creek/a.mp4", "b": "films/b.mp4"}, {"films/copy.mp4": "films/b.mp4"})


def test_the_truth_is_read_with_times_of_any_kind(tmp_path):
    (tmp_path / "truth.csv").write_text("video,begin,end\ncreek/a.mp4,1:02:03.5,1:02:10\n\nb,12,0:31\nb.mp4, 2 ,3\n")
    found = truth.read(tmp_path / "truth.csv", VIDEOS, KnownFilms())
    assert found == {"creek__a": [truth.Span(3723.5, 3730)], "b": [truth.Span(2, 3), truth.Span(12, 31)]}
    (tmp_path / "truth.csv").write_text("\ufeffvideo,begin,end\r\nb,,\r\n")
    assert truth.read(tmp_path / "truth.csv", VIDEOS, KnownFilms()) == {"b": []}
    (tmp_path / "truth.csv").write_text("video,begin,end\nb.mp4,2,3\ncopy.mp4,2,3\ncopy.mp4,12,31\n")
    assert truth.read(tmp_path / "truth.csv", VIDEOS, KnownFilms()) == {"b": [truth.Span(2, 3), truth.Span(12, 31)]}


def test_the_truth_follows_films_that_were_moved_and_leaves_out_those_that_are_gone(tmp_path, capfd):
    rows = [("old/a.mp4", "a", "id1", 9, 1, 5, 0, 0, "", ""), ("lost.mp4", "lost", "id2", 9, 1, 5, 0, 0, "", "")]
    (tmp_path / "films.csv").write_text(csv_text([known_films.COLUMNS, *rows]))
    moved = Videos("films", {"new__a": "films/new/a.mp4"}, films={"new__a": Film("id1", 9.0, 1)})
    (tmp_path / "truth.csv").write_text("video,begin,end\nold/a.mp4,1,2\nlost.mp4,3,4\nlost.mp4,6,7\n")
    read = partial(truth.read, tmp_path / "truth.csv", moved, KnownFilms(tmp_path / "films.csv"))
    assert read() == {"new__a": [truth.Span(1, 2)]}
    assert "2 lines are left out, because the films are gone" in capfd.readouterr().err
    (tmp_path / "truth.csv").write_text("video,begin,end\nother.mp4,1,2\n")
    with pytest.raises(UserError, match=r"there is no video 'other\.mp4'"):
        read()


@pytest.mark.parametrize(
    "text, message",
    [
        ("b,1,2\n", "the first line must name the columns: video, begin, end, each once, but is"),
        ("", "the first line must name the columns: video, begin, end, each once, but the file is empty"),
        ("\nb,1,2\n", "each once, but is ''"),
        ("video,begin,end\n", "it names no video"),
        ("video,begin,end\nc.mp4,1,2\n", "line 2: there is no video 'c.mp4'"),
        ("video,begin,end\nb,9,2\n", "line 2: the visit ends at 2, before it begins at 9"),
        ("video,begin,end\nb,1,\n", "line 2: '' is not a time"),
        ("video,begin,end\nb,noon,2\n", "line 2: 'noon' is not a time. Write seconds, M:SS or H:MM:SS"),
        ("video,begin,end\nb,1,2,fox\n", "line 2: 'b,1,2,fox' has 4 fields"),
        ("video,begin,end\nb,1,5\nb,4,8\n", "two visits in b overlap at 4 s"),
        ("video,begin,end\nb,0:75,1:80\n", "line 2: '0:75' is not a time: it has 60 seconds or minutes, or more"),
        ("video,begin,end\nb,1,2\nb.mp4,,\n", "b has a visit, and also a line without times"),
        ("video,begin,end\nb.mp4,5:00,5:10\n", "line 2: the visit ends at 5:10, but b.mp4 lasts 60 s"),
    ],
)
def test_a_truth_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "truth.csv").write_text(text)
    with pytest.raises(UserError, match=re.escape(message)):
        truth.read(tmp_path / "truth.csv", VIDEOS, KnownFilms(), {"b": 60.0, "creek__a": 60.0}.get)
    with pytest.raises(UserError, match=r"No such file or directory\. Write the path"):
        truth.read(tmp_path / "none.csv", VIDEOS, KnownFilms())


def test_what_became_of_a_visit():
    found = [_passage(1, 10, 12), _passage(2, 20, 22, visit=1)]
    became = {begin: truth.outcome(truth.Span(begin, begin + 1), truth.Span(4, 60), found) for begin in (1, 8.5, 12, 14, 20, 61)}
    assert became == {
        1: truth.NOT_DECODED,
        8.5: truth.BELOW,
        12: truth.BELOW,
        14: truth.NO_MOTION,
        20: truth.FOUND,
        61: truth.NOT_DECODED,
    }


@pytest.mark.parametrize(
    "name, start",
    [
        ("cam 2024-05-17 12.05 AM", "00:05:00"),
        ("cam 2024-05-17 12.05 p.m.", "12:05:00"),
        ("cam 2024-05-17 6.29 PM", "18:29:00"),
        ("cam 2024-05-17 6.29.44 am", "06:29:44"),
        ("cam 2024-05-17 18.29", "18:29:00"),
        ("cam 2024-05-17 18.29 PM", None),
    ],
)
def test_names_may_tell_no_seconds_and_the_half_of_the_day(name, start):
    pattern = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<hour>\d+)\.(?P<minute>\d\d)(\.(?P<second>\d\d))?( (?P<ampm>\S+))?\.mp4"
    found = taken.Taken(NO_TABLE, pattern, Videos("films", {"a": f"films/{name}.mp4"}), {"a": Recorded("", 9)}).start("a")
    assert (found and found.time.strftime("%H:%M:%S")) == start


def test_a_chapter_begins_where_the_one_before_ends():
    paths = {name: f"films/{name}.MP4" for name in ("GX010001", "GX020001", "GX030001", "GX020002", "GOPR0003", "GP010003", "GX010004")}
    recorded = {name: Recorded("2024-05-17T06:29:44.000000Z", 600.5) for name in paths}
    recorded |= {"GP010003": Recorded("2024-05-17T06:40:00.000000Z", 60)}  # of a camera that tells the time of each chapter
    damaged = taken.Taken(NO_TABLE, None, Videos("films", paths), recorded | {"GX020001": Recorded("", math.inf)})
    assert damaged.start("GX030001") is None
    whole = taken.Taken(NO_TABLE, None, Videos("films", paths), recorded)
    starts = {name: whole.start(name) for name in paths}
    found = {name: start and start.time.strftime("%H:%M:%S.%f")[:10] for name, start in starts.items()}
    first = {"GX010001": "06:29:44.0", "GX020001": "06:39:44.5", "GX030001": "06:49:45.0", "GX020002": None}
    assert found == first | {"GOPR0003": "06:29:44.0", "GP010003": "06:40:00.0", "GX010004": "06:29:44.0"}


def test_moments_of_all_zones_are_compared_and_clocks_that_change_move_nothing():
    """Around the end of summer time, at 3:00 on 27 October 2024 in Berlin; a telephone's UTC beside a table's local time."""
    berlin = ZoneInfo("Europe/Berlin")
    starts = [
        datetime(2024, 10, 27, 2, 59, 50, tzinfo=berlin),
        datetime.fromisoformat("2024-10-27T02:00:20+01:00"),
        datetime.fromisoformat("2024-10-27T01:01:00Z"),
    ]
    starts = [taken.Start(time, "table") for time in starts]
    films = {str(number): Occurrence("creek", start.instant(0), start.instant(25)) for number, start in enumerate(starts)}
    assert overlapping(films) == set() and number_events(list(films.values()), 30) == [1, 1, 1]
    assert taken.written(starts[0].after(25)) == "2024-10-27 02:00:15.000+01:00"
    begin, end = (taken.written(starts[0].after(seconds)) for seconds in (5, 15))
    written = taken.written(starts[0].time)
    video = {"video": "a", "site": "creek", "deployment": "creek", "start": written, "seconds": "60", "problem": "", "path": "films/a.mp4"}
    visit = {"video": "a", "site": "creek", "event": "1", "begin_time": begin, "end_time": end}
    decided_by = {"model": "model", "names": {}}
    row = _row("creek", places.Place(52.5, 13.4), zone=berlin)
    package = camtrap_dp.package([video], [VISIT | visit], {"creek": row}, "films", decided_by)
    (observation, _), (deployment,) = package.tables["observations"], package.tables["deployments"]
    assert (observation["eventStart"], observation["eventEnd"]) == ("2024-10-27T02:59:55+02:00", "2024-10-27T02:00:05+01:00")
    assert (deployment["deploymentStart"], deployment["deploymentEnd"]) == ("2024-10-27T02:59:50+02:00", "2024-10-27T03:00:50+02:00")


def test_folders_of_cameras_are_no_sites_and_capitals_make_no_other_site():
    films = ["DCIM/100RECNX/a.mp4", "Creek/DCIM/100MEDIA/b.mp4", "creek/c.mp4", "Creek/d.mp4", "101EK113/e.mp4", "=SUM(A1)/f.mp4"]
    films += ["PRIVATE/AVCHD/BDMV/STREAM/g.mts", "Stream/h.mp4", "20240517/i.mp4", "ridge/100RECNX/j.mp4", "k.mp4"]
    found = taken.Taken(NO_TABLE, None, Videos("films", {film: f"films/{film}" for film in films}))
    assert [found.site(film) for film in films] == ["", "Creek", "Creek", "Creek", "", "_=SUM(A1)", "", "Stream", "20240517", "ridge", ""]
    assert found.sites_line() == (
        "Sites, with the number of videos: Creek (3, also written creek), _=SUM(A1) (1), Stream (1), 20240517 (1), ridge (1), "
        "at no site (4)."
    )


@pytest.mark.parametrize("time, has_two", [("10-25 02:30", True), ("10-25 04:30", False), ("03-29 02:30", True), ("07-01 02:30", False)])
def test_an_hour_that_clocks_show_twice_or_never_is_known(time, has_two):
    berlin = ZoneInfo("Europe/Berlin")
    moment = datetime.fromisoformat(f"2026-{time}")
    assert places.is_at_a_change(moment, berlin) is has_two
    assert not places.is_at_a_change(moment, None)
    assert not places.is_at_a_change(moment.replace(tzinfo=UTC), berlin)


def test_an_event_that_two_cameras_of_a_site_saw_is_an_observation_of_each():
    row = {name: replace(_row("creek", places.Place(1, 2)), name=name) for name in ("left", "right")}
    films = [
        {
            "video": name,
            "site": "creek",
            "deployment": name,
            "start": "2024-05-17 06:29:44+02:00",
            "seconds": "60",
            "problem": "",
            "path": f"films/{name}.mp4",
        }
        for name in row
    ]
    visits = [VISIT | {"video": name, "event": 1} for name in row]
    package = camtrap_dp.package(films, visits, row, "films", {"model": "model", "names": {}})
    told = [(row["observationLevel"], row["deploymentID"], row.get("mediaID")) for row in package.tables["observations"]]
    assert told == [("event", "left", None), ("event", "right", None), ("media", "left", "left"), ("media", "right", "right")]
    assert len({row["observationID"] for row in package.tables["observations"]}) == 4
