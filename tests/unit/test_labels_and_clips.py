import re
import unicodedata

import pytest
from conftest import SAMPLES
from meerkat.data import clips, labels
from meerkat.data.clips import Clip
from meerkat.errors import UserError

PATTERN = re.compile(clips.DEFAULT_VIDEO_PATTERN)


@pytest.mark.parametrize("name, number", [("Positive", 0), ("positives", 0), (" NEGATIVE ", 1), ("Negatives", 1), ("unsure", None)])
def test_label_names(name, number):
    assert labels.parse_label(name) == number


def test_dict_in_another_order_is_refused(tmp_path):
    (tmp_path / "dict.txt").write_text("negative\npositive\n")
    with pytest.raises(UserError, match="positive, negative"):
        labels.read_dict(tmp_path / "dict.txt")


def _make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def test_folders_in_any_spelling_with_subfolders_and_without_litter(tmp_path):
    _make(
        tmp_path,
        "training/Positives/a.jpg",
        "training/Positives/cam/b.JPG",
        "training/NEGATIVE/c.jpeg",
        "training/NEGATIVE/.DS_Store",
        "training/NEGATIVE/Thumbs.db",
        "training/NEGATIVE/._c.jpeg",
        "training/NEGATIVE/.hidden/d.jpg",
        "training/NEGATIVE/notes.csv",
    )
    found, others = clips.list_folder(tmp_path, "train")
    assert [(path.removeprefix(f"{tmp_path}/training/"), label) for path, label in ((c.path, c.label) for c in found)] == [
        ("NEGATIVE/c.jpeg", 1),
        ("Positives/a.jpg", 0),
        ("Positives/cam/b.JPG", 0),
    ]
    assert [other.rsplit("/", 1)[1] for other in others] == ["notes.csv"]


def test_a_circular_link_is_walked_once(tmp_path):
    _make(tmp_path, "Training/Positive/a.jpg", "Training/Negative/b.jpg")
    (tmp_path / "Training/Positive/again").symlink_to(tmp_path / "Training/Positive")
    (tmp_path / "Training/Positive/up").symlink_to(tmp_path / "Training")
    assert len(clips.list_folder(tmp_path, "train")[0]) == 2


@pytest.mark.parametrize(
    "made, wanted",
    [
        ([], "does not exist"),
        (["x.txt"], "no folder Training"),
        (["Training/Positive/a.jpg"], "no folder Negative"),
    ],
)
def test_missing_folders_are_named(tmp_path, made, wanted):
    _make(tmp_path / "clips" if made else tmp_path, *made)
    with pytest.raises(UserError, match=wanted):
        clips.list_folder(tmp_path / "clips", "train")


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
    (tmp_path / "list.csv").write_text(clips.list_text(listed, digests=True), newline="", errors="surrogateescape")
    assert clips.read_list(tmp_path / "list.csv") == listed


@pytest.mark.parametrize(
    "text, message",
    [
        ("a.jpg,positive\nb.jpg,animal\n", "line 2: unknown label 'animal'. Write positive or negative"),
        ("a.jpg\n", "line 1: 1 columns"),
        (",positive\n", "line 1: the path is empty"),
        ("a\0b.jpg,positive\n", "line 1: the path is empty or no path"),
        ("path,label\na.jpg,positive\n", "line 1: a header. Remove this line"),
        ("a.jpg;positive\n", "separated by a semicolon"),
        ("a.jpg,positive,junk\n", "the third column is no SHA-256"),
        ('"a.jpg,positive\n', "not a CSV row"),
    ],
)
def test_bad_rows_are_named(tmp_path, text, message):
    (tmp_path / "list.csv").write_text(text)
    with pytest.raises(UserError, match=re.escape(message)):
        clips.read_list(tmp_path / "list.csv")


def test_a_list_from_a_spreadsheet_has_a_byte_order_mark(tmp_path):
    (tmp_path / "list.csv").write_bytes(b"\xef\xbb\xbfa.jpg,Positive\r\n\r\nb.jpg,negatives\r\n")
    assert clips.read_list(tmp_path / "list.csv") == [Clip("a.jpg", 0), Clip("b.jpg", 1)]


@pytest.mark.parametrize(
    "path, video",
    [
        ("samples/Training/Positive/cam01_12_0.jpg", "cam01"),
        ("x/Negative/river_cam_2_118_3.jpg", "river_cam_2"),
        ("x/Positive/hide 3/IMG7.jpg", "hide 3"),
        ("x/Positive/site/hide/IMG7.jpg", "site/hide"),
        ("x/Positive/IMG7.jpg", "x/Positive/IMG7.jpg"),
        ("x/Positive/cafe\u0301_1_0.jpg", unicodedata.normalize("NFC", "cafe\u0301")),
        ("elsewhere/IMG7.jpg", "elsewhere"),
    ],
)
def test_the_video_of_a_clip(path, video):
    assert clips.video_of(path, PATTERN) == video


def test_a_pattern_that_matches_without_its_group_names_no_video():
    assert clips.video_of("x/Positive/IMG7.jpg", re.compile("(?P<video>nope)?.*")) == "x/Positive/IMG7.jpg"


@pytest.mark.parametrize("pattern", ["(", "(.+)_x"])
def test_a_useless_video_pattern_is_refused(pattern):
    with pytest.raises(UserError, match="video_pattern"):
        clips.compile_video_pattern(pattern)


def test_digest_of_a_clip(tmp_path):
    path = next((SAMPLES / "Testing/Positive").glob("*.jpg"))
    assert len(Clip(str(path), 0).with_digest().digest) == 64
    with pytest.raises(UserError, match=r"gone\.jpg"):
        Clip(str(tmp_path / "gone.jpg"), 0).with_digest()
