"""Lists of clips: any name survives, and bad rows are named."""

import re

import pytest
from meerkat.data import clip_lists
from meerkat.data.clips import Clip
from meerkat.errors import UserError


@pytest.mark.parametrize(
    "name",
    [
        "plain.jpg",
        "with, comma.jpg",
        'quo"te.jpg',
        "new\nline.jpg",
        "carriage\rreturn.jpg",
        "bytes\udcff.jpg",
        "é\u0301ö.jpg",
        "-dash.jpg",
        "$(rm).jpg",
    ],
)
def test_any_name_survives_a_list(tmp_path, name):
    listed = [Clip(name, 0, "ab" * 32), Clip("other.jpg", 1, "cd" * 32)]
    (tmp_path / "list.csv").write_text(clip_lists.text(listed, digests=True), newline="", errors="surrogateescape")
    assert clip_lists.read(tmp_path / "list.csv") == listed


@pytest.mark.parametrize(
    "text, message",
    [
        ("a.jpg,positive\nb.jpg,animal\n", "line 2: unknown label 'animal'. Write positive or negative"),
        ("a.jpg\n", "line 1: 1 columns"),
        (",positive\n", "line 1: the path is empty"),
        ("a\0b.jpg,positive\n", "line 1: the path is empty or not a path"),
        ("path,label\na.jpg,positive\n", "line 1: a header. Remove this line"),
        ("a.jpg;positive\n", "the separator is a semicolon"),
        ("a.jpg,positive,junk\n", "the third column is not a SHA-256"),
        ('"a.jpg,positive\n', "not a CSV row"),
    ],
)
def test_bad_rows_are_named(tmp_path, text, message):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UserError, match=re.escape(message)):
        clip_lists.read(tmp_path / "list.csv")


def test_a_list_from_a_spreadsheet_has_a_byte_order_mark(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"\xef\xbb\xbfa.jpg,Positive\r\n\r\nb.jpg,negatives\r\n")
    assert clip_lists.read(tmp_path / "list.csv") == [Clip("a.jpg", 0), Clip("b.jpg", 1)]


def test_the_home_folder_may_be_written_as_a_tilde(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    (tmp_path / "list.csv").write_text("~/clips/a.jpg,positive\n~b.jpg,negative\n")
    assert [clip.path for clip in clip_lists.read(tmp_path / "list.csv")] == ["/home/me/clips/a.jpg", "~b.jpg"]
