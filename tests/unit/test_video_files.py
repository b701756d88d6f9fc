"""The names of videos in results."""

import unicodedata
from dataclasses import replace
from pathlib import PurePath

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from meerkat.errors import UserError
from meerkat.tables import csv_text
from meerkat.video import video_files
from meerkat.video.known_films import KnownFilms
from meerkat.visits.outputs import FOLDERS


def _make(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(name.encode(errors="surrogateescape"))


def test_names_of_videos_do_not_collide_and_need_no_care(tmp_path):
    _make(tmp_path, "cam.avi", "a/cam.MP4", "b/cam.mov", "b/cam.avi", "x y.tlv", "q'$(x){n}.mkv", "-dash.mp4", "notes.txt", ".hidden.mp4")
    named = video_files.list_videos(tmp_path).paths
    assert len(named) == 7 and len(set(named.values())) == 7
    assert {"cam", "a__cam", "b__cam.mov", "b__cam.avi", "x y"} <= set(named)
    assert all(not set("'$(){}/\n") & set(name) - {"(", ")"} and not name.startswith("-") for name in named)


# Names that are easily taken for another: endings, dots, case, accents in two forms, folders that look joined. Hidden ones are passed over.
letters = st.sampled_from(
    ["a", "A", "b", ".", "_", "__", "-", " ", "é", unicodedata.normalize("NFD", "é"), "ß", "ss", "x" * 120, "{", "$", "\udcff"]
)
endings = st.sampled_from(["", ".avi", ".AVI", ".mp4", ".avi.mp4"])
parts = st.tuples(st.lists(letters, min_size=1, max_size=4).map("".join), endings).map("".join).filter(lambda name: name and name[0] != ".")


@given(st.lists(st.lists(parts, min_size=1, max_size=3), min_size=1, max_size=8))
@example([["a__b"], ["a", "b"]])
@example([["x.avi"], ["x.avi.mp4"], ["x.mp4"]])
@example([["cam.avi"], ["CAM.avi"]])
@example([["caf\u00e9.avi"], ["cafe\u0301.avi"]])
def test_no_two_paths_ever_get_one_name(paths):
    paths = sorted({PurePath(*path) for path in paths})
    names = video_files.names_of(paths)
    seen = {unicodedata.normalize("NFC", name).casefold() for name in names}
    assert len(seen) == len(paths) == len(names)
    assert all(len(name.encode()) < 230 and not set("/{}\n$") & set(name) for name in names)


def test_a_video_that_is_named_as_another_would_be_called_gets_a_name_of_its_own():
    twin = video_files._with_digest(PurePath("b?.avi"))
    assert video_files.names_of([PurePath("b?.avi")]) == [twin]
    named = video_files.names_of([PurePath("b?.avi"), PurePath(f"{twin}.avi")])
    assert len(set(named)) == 2


def test_no_video_is_called_as_what_lies_beside_its_folder(tmp_path):
    _make(tmp_path, "films.mp4", "rejected.csv.mp4", "Subtitles.avi", "camtrap-dp.mp4", "film.mp4")
    names = video_files.list_videos(tmp_path, taken=FOLDERS).paths
    assert "film" in names and not set(names) & {"films", "rejected.csv", "Subtitles", "camtrap-dp"} and len(names) == 5


@given(st.lists(st.lists(parts, min_size=1, max_size=3), min_size=1, max_size=8), st.integers(0, 8))
@example([["cam.avi"], ["cam.mp4"]], 1)
@example([["cam.mp4"], ["cam.avi"], ["CAM.avi"]], 1)
def test_a_video_keeps_its_name_whatever_joins_it(paths, number):
    paths = list(dict.fromkeys(PurePath(*path) for path in paths))
    before, known = paths[:number], {}
    known = dict(zip(map(str, before), video_files.names_of(before), strict=True))
    names = video_files.names_of(paths, known)
    assert names[: len(before)] == list(known.values())
    assert len({unicodedata.normalize("NFC", name).casefold() for name in names}) == len(paths)


def test_a_new_video_changes_no_name_and_a_copy_is_left_out(tmp_path):
    _make(tmp_path, "films/cam.avi", "films/ridge/a.mp4")
    folder, table = tmp_path / "films", tmp_path / "state/films.csv"
    known = KnownFilms(table)
    first = video_files.list_videos(folder, (), known)
    known.save()
    _make(tmp_path, "films/cam.mp4")
    (folder / "a").mkdir()
    (folder / "a/copy.mp4").write_bytes((folder / "ridge/a.mp4").read_bytes())
    (folder / "one.mp4").write_bytes(b"")
    (folder / "two.mp4").write_bytes(b"")
    second = video_files.list_videos(folder, (), KnownFilms(table))
    joined = {"cam.mp4": "cam.mp4", "one": "one.mp4", "two": "two.mp4"}
    assert second.paths == first.paths | {name: str(folder / file) for name, file in joined.items()}
    assert second.copies == {str(folder / "a/copy.mp4"): str(folder / "ridge/a.mp4")}
    assert second.names_as_written()["a/copy.mp4"] == "ridge__a"
    (tmp_path / "videos.csv").write_text(csv_text([video_files.COLUMNS, *video_files.rows(second)]))
    assert video_files.read_list(tmp_path / "videos.csv", folder) == replace(second, headers={}, ids=())


def test_a_film_is_known_by_its_content_wherever_it_lies(tmp_path, monkeypatch):
    _make(tmp_path, "films/north/cam.avi", "films/north/other.avi", "films/empty.avi")
    (tmp_path / "films/empty.avi").write_bytes(b"")
    folder, table = tmp_path / "films", tmp_path / "films.csv"
    known = KnownFilms(table)
    before = video_files.list_videos(folder, (), known).films
    known.save()
    (folder / "north").rename(folder / "south")
    (folder / "empty.avi").rename(folder / "nothing.avi")
    known = KnownFilms(table)
    after = video_files.list_videos(folder, (), known).films
    assert after["south__cam"] == before["north__cam"] and after["south__other"] == before["north__other"] != after["south__cam"]
    assert after["nothing"] != before["empty"]  # Nothing tells empty films from each other.
    assert known.gone({film.id for film in after.values()}) == {}
    known.save()
    (folder / "south/other.avi").unlink()
    (folder / "south/cam.avi").write_bytes(b"another film")
    known = KnownFilms(table)
    last = video_files.list_videos(folder, (), known).films
    assert last["south__cam"] not in after.values()
    gone = {after["south__other"]: ("south__other", "south/other.avi"), after["south__cam"]: ("north__cam", "north/cam.avi")}
    assert known.gone({film.id for film in last.values()}) == gone
    known.save()
    monkeypatch.setattr("meerkat.video.known_films.id_of", None)  # What is known is not read again.
    assert video_files.list_videos(folder, (), KnownFilms(table)).films == last


@pytest.mark.parametrize("row", ["cam.avi,cam", "gone.avi,gone,id,12.0,1"])
def test_a_damaged_table_of_known_films_is_as_none(tmp_path, row):
    _make(tmp_path, "films/cam.avi")
    (tmp_path / "films.csv").write_text(f"path,name,film\n{row}\n")
    assert KnownFilms(tmp_path / "films.csv").gone([]) == {}
    assert list(video_files.list_videos(tmp_path / "films", (), KnownFilms(tmp_path / "films.csv")).paths) == ["cam"]


def test_a_folder_without_videos_is_said(tmp_path):
    with pytest.raises(UserError, match="contains no video"):
        video_files.list_videos(tmp_path)
    _make(tmp_path, "film.strange")
    with pytest.raises(UserError, match=r"contains no video.*\n.*\.strange \(1\)"):
        video_files.list_videos(tmp_path)
    with pytest.raises(UserError, match="does not exist"):
        video_files.list_videos(tmp_path / "gone")


def test_films_of_all_cameras_are_taken_and_what_is_passed_over_is_counted(tmp_path):
    films = ["a.264", "b.265", "c.h264", "d.h265", "e.insv", "f.m2t", "g.qt", "h.mod", "i.TOD", "j.hevc"]
    _make(tmp_path, *films, "GL010001.LRV", "GX010001.THM", "LRV_2024_01.insv", "notes.txt", "table.csv", "more.csv", "README")
    passed_over = video_files.list_videos(tmp_path)
    assert len(passed_over.paths) == len(films)
    assert len(passed_over.litter) == 3
    assert "4 files, .csv (2), none (1), .txt (1)" in video_files.others_line(sorted(passed_over.others))


def test_litter_of_file_servers_is_no_video(tmp_path):
    _make(
        tmp_path, "cam.avi", "@eaDir/cam.avi/SYNOVIDEO.mp4", "#recycle/old.avi", "._cam.avi", "cam.avi_original", "cam.xmp", "results/x.avi"
    )
    passed_over = video_files.list_videos(tmp_path, [tmp_path / "results"])
    assert list(passed_over.paths) == ["cam"]
    assert len(passed_over.litter) == 5


def test_films_that_another_run_has_cut_are_no_new_films(tmp_path):
    _make(tmp_path, "cam.avi", "old/state/made.csv", "old/logs/x.log", "old/annotations/films/cam_1.mp4")
    passed_over = video_files.list_videos(tmp_path)
    assert list(passed_over.paths) == ["cam"]
    assert passed_over.litter == (str(tmp_path / "old"),)
