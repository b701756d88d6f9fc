"""`start.py cameras` writes a first table of cameras, and adds to it what is new."""

import csv
import shutil
from pathlib import Path

import av
import pytest
from conftest import SAMPLES, run_program
from meerkat.video.division import divide

CLOCK = "2024-05-17T06:29:44"


def _film(path: Path, seconds: int, **metadata: str) -> None:
    """A film of its own content, with metadata."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(SAMPLES / "videos/meadow.mp4")) as source, av.open(str(path), "w", options={"movflags": "use_metadata_tags"}) as out:
        out.metadata.update(metadata)
        stream = out.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None and float(packet.pts * packet.time_base) < seconds:
                packet.stream = stream
                out.mux(packet)


@pytest.fixture(scope="module")
def season(tmp_path_factory):
    folder = tmp_path_factory.mktemp("season")
    _film(folder / "films/Creek/cam1/DCIM/100RECNX/0001.mp4", 2, creation_time=f"{CLOCK}Z", make="Browning", model="BTC-7A")
    _film(folder / "films/Creek/cam1/DCIM/100RECNX/0002.mp4", 3, creation_time="2024-06-10T22:00:00Z")
    _film(folder / "films/Creek/cam2/0001.mp4", 4, creation_time=f"{CLOCK}Z")
    _film(folder / "films/odd [a]/0001.mkv", 5)
    (folder / "films/odd [a]/broken.mp4").write_text("no film")
    (folder / "mine.yaml").write_text("videos: {folder: films}\n")
    return folder


@pytest.fixture
def place(season, tmp_path):
    return shutil.copytree(season, tmp_path / "place")


def test_a_film_whose_codec_cannot_be_decoded_here_says_when_and_by_what_it_was_taken(tmp_path):
    _film(tmp_path / "film.mp4", 2, creation_time=f"{CLOCK}Z", make="Browning", model="BTC-7A")
    (tmp_path / "film.mp4").write_bytes((tmp_path / "film.mp4").read_bytes().replace(b"avc1", b"xyz1"))
    seconds, number, header = divide(str(tmp_path / "film.mp4"))
    assert (seconds, number) == (0, 1) and header.created.startswith(CLOCK) and header.camera == "Browning BTC-7A"


def _rows(path, separator=","):
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file, delimiter=separator))


def test_the_first_table_has_a_row_for_each_folder_of_a_camera(place):
    done = run_program("place_cameras.py", "mine.yaml", "--no-page", folder=place)
    assert done.returncode == 0 and "3 rows added" in done.stderr, done.stderr
    assert "2 of these folders have the site creek" in done.stderr and "cameras: cameras.csv" in done.stderr
    rows = _rows(place / "cameras.csv")
    assert [(row["site"], row["folder"], row["camera"], row["note"]) for row in rows] == [
        ("Creek", "Creek/cam1", "Browning BTC-7A", "2 films from 2024-05-17 06:29 to 2024-06-10 22:00 by file"),
        ("Creek", "Creek/cam2", "", "1 film of 2024-05-17 06:29 by file"),
        ("odd [a]", "odd [[]a]", "", "2 films; their times are not known"),
    ]
    before = (place / "cameras.csv").read_bytes()
    done = run_program("place_cameras.py", "mine.yaml", "--no-page", folder=place)
    assert done.returncode == 0 and "all 5 films are in its rows. Nothing was added." in done.stderr
    assert (place / "cameras.csv").read_bytes() == before


def test_what_a_person_wrote_stays_and_new_folders_follow_in_the_same_form(place):
    table = place / "mine.csv"
    own = "\ufeffNote;Folder;Site\r\nmy words;Creek;The Creek\r\n;odd*;Odd".encode()
    table.write_bytes(own)
    (place / "mine.yaml").write_text("videos: {folder: films, cameras: mine.csv}\n")
    _film(place / "films/new/0001.mp4", 6, creation_time=f"{CLOCK}Z")
    done = run_program("place_cameras.py", "mine.yaml", "--no-page", folder=place)
    assert done.returncode == 0 and "1 row added" in done.stderr, done.stderr
    assert table.read_bytes() == own + b"\r\n1 film of 2024-05-17 06:29 by file;new;new\r\n"
    assert [row["Site"] for row in _rows(table, ";")] == ["The Creek", "Odd", "new"]


@pytest.mark.parametrize(
    "content, message",
    [
        ("site,folder\nCreek,Creek\n".encode("utf-16"), "is not in UTF-8, so it cannot be changed here"),
        (b"site;place\nCreek;x\n", "the first line must name the columns: folder"),
        (b"site,folder\nCreek,\n", "line 2: it names no folder"),
    ],
)
def test_a_table_that_cannot_be_used_is_not_touched(place, content, message):
    (place / "cameras.csv").write_bytes(content)
    done = run_program("place_cameras.py", "mine.yaml", "--no-page", folder=place)
    assert done.returncode == 1 and message in done.stderr and "Traceback" not in done.stderr
    assert (place / "cameras.csv").read_bytes() == content
