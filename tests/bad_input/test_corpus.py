"""Files as real folders hold them: each is used, rejected with its reason, or passed over; none stops the run."""

import csv
import json
import os
import struct
import tempfile
import unicodedata
from pathlib import Path

import cv2
import numpy as np
import pytest
from conftest import SAMPLES, run_program
from meerkat.data import records
from meerkat.manifest import image_checks

JPEG = sorted((SAMPLES / "Training/Positive").glob("*.jpg"))[0].read_bytes()
PICTURE = cv2.imdecode(np.frombuffer(JPEG, np.uint8), cv2.IMREAD_COLOR)


def _encoded(ending, picture=PICTURE, *parameters):
    done, data = cv2.imencode(ending, picture, parameters)
    assert done
    return data.tobytes()


def _with_segment(marker, content):
    """The JPEG with one more segment at its beginning."""
    return JPEG[:2] + bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content + JPEG[2:]


def _turned(orientation):
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return _with_segment(0xE1, b"Exif\0\0" + tiff)


def _cmyk():
    """The JPEG of a grey picture, its frame and scan headers rewritten for four components that share the first's data."""
    grey = cv2.imencode(".jpg", np.full((16, 16), 90, np.uint8))[1].tobytes()
    frame = grey.index(b"\xff\xc0")
    scan = grey.index(b"\xff\xda")
    four = b"\xff\xc0" + struct.pack(">HBHHB", 20, 8, 8, 8, 4) + b"".join(bytes([c, 0x11, 0]) for c in (1, 2, 3, 4))
    head = b"\xff\xda" + struct.pack(">HB", 14, 4) + b"".join(bytes([c, 0]) for c in (1, 2, 3, 4)) + b"\0\x3f\0"
    between = grey[frame + 2 + struct.unpack(">H", grey[frame + 2 : frame + 4])[0] : scan]
    data = grey[scan + 2 + struct.unpack(">H", grey[scan + 2 : scan + 4])[0] :]
    return grey[:frame] + four + between + head + data


def _noise(height, width):
    return np.random.default_rng(height * width).integers(0, 256, (height, width, 3), dtype=np.uint8)


def _animated(ending):
    animation = cv2.Animation()
    animation.frames = [PICTURE, PICTURE[::-1].copy()]
    animation.durations = np.array([100, 100])
    return cv2.imencodeanimation(ending, animation)[1].tobytes()


# File name, content, and what becomes of it: "used", or a part of the reason in rejected.csv.
CORPUS = [
    ("plain.jpg", JPEG, "used"),
    ("no ending", JPEG + b"\1", "used"),
    ("capitals.JPEG", JPEG + b"\2", "used"),
    ("with space.jpg", JPEG + b"\3", "used"),
    ("comma,comma.jpg", JPEG + b"\4", "used"),
    ('quo"te.jpg', JPEG + b"\5", "used"),
    ("apostrophe'.jpg", JPEG + b"\6", "used"),
    ("new\nline.jpg", JPEG + b"\7", "used"),
    ("tab\tand\rreturn.jpg", JPEG + b"\x08", "used"),
    (unicodedata.normalize("NFC", "composé.jpg"), JPEG + b"\x09", "used"),
    (unicodedata.normalize("NFD", "décomposed.jpg"), JPEG + b"\x0a", "used"),
    ("-dash.jpg", JPEG + b"\x0b", "used"),
    ("--output.jpg", JPEG + b"\x0c", "used"),
    ("$(touch hacked).jpg", JPEG + b"\x0d", "used"),
    ("`touch hacked`;*?[a].jpg", JPEG + b"\x0e", "used"),
    ("{shard}{0}.jpg", JPEG + b"\x0f", "used"),
    ("back\\slash.jpg", JPEG + b"\x10", "used"),
    ("x" * 251 + ".jpg", JPEG + b"\x11", "used"),
    ("not-utf8-\udcff.jpg", JPEG + b"\x12", "used"),
    ("folder.jpg/inside.jpg", JPEG + b"\x13", "used"),
    ("garbage behind.jpg", JPEG + b"\0" * 5000, "used"),
    ("grey.jpg", _encoded(".jpg", PICTURE[..., 0]), "used"),
    ("progressive.jpg", _encoded(".jpg", PICTURE, cv2.IMWRITE_JPEG_PROGRESSIVE, 1), "used"),
    ("cmyk.jpg", _cmyk(), "used"),
    ("turned by 90.jpg", _turned(6), "used"),
    ("mirrored.jpg", _turned(2), "used"),
    ("damaged exif.jpg", _with_segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"), "used"),
    ("png named jpg.jpg", _encoded(".png"), "used"),
    ("webp.webp", _encoded(".webp"), "used"),
    ("bitmap.bmp", _encoded(".bmp"), "used"),
    ("tiff.tif", _encoded(".tiff"), "used"),
    ("16 bits.png", _encoded(".png", PICTURE.astype(np.uint16) * 257), "used"),
    ("16 bits grey.tif", _encoded(".tiff", PICTURE[..., 0].astype(np.uint16) * 257), "used"),
    ("alpha.png", _encoded(".png", np.dstack([PICTURE, np.full(PICTURE.shape[:2], 128, np.uint8)])), "used"),
    ("animated.gif", _animated(".gif"), "used"),
    ("animated.webp", _animated(".webp"), "used"),
    ("one pixel.jpg", _encoded(".jpg", _noise(1, 1)), "used"),
    ("one pixel.png", _encoded(".png", _noise(1, 1) // 2), "used"),
    ("wide.jpg", _encoded(".jpg", _noise(20, 20_000)), "used"),
    ("wide.png", _encoded(".png", _noise(10, 20_000)), "used"),
    ("too wide.png", _encoded(".png", np.zeros((2, 70_000), np.uint8)), "longer than 65500 pixels"),
    ("bomb.png", _encoded(".png", np.zeros((8_000, 8_000), np.uint8)), "more than 50 million pixels"),
    ("empty.jpg", b"", "0 bytes"),
    ("truncated.jpg", JPEG[: len(JPEG) // 2], "truncated"),
    ("only a start.jpg", JPEG[:3], "truncated"),
    ("no picture in it.jpg", b"\xff\xd8\xff\xd9", "not an image"),
    ("truncated.png", _encoded(".png")[:200], "not an image"),
    ("page.jpg", b"<!DOCTYPE html><html><body>404</body></html>", "a web page"),
    ("phone.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(500), "HEIC"),
    ("phone.jpg", b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + bytes(600), "HEIC"),
    ("text.jpg", b"no picture", "not an image"),
    ("zeros.jpg", bytes(4096), "not an image"),
    ("noise.jpg", np.random.default_rng(0).bytes(4096), "not an image"),
    ("notes.csv", b"a,b\n", "its ending is not that of an image"),
    ("video.mp4", b"\0\0\0\x18ftypisom", "its ending is not that of an image"),
    ("broken link.jpg", "nowhere.jpg", "No such file"),
    ("circular link.jpg", "circular link.jpg", "symbolic links"),
]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """A folder where create_docs has run on the corpus as Training positives, beside the samples."""
    folder = tmp_path_factory.mktemp("corpus")
    for place in ("Training/Negative", "Testing/Positive", "Testing/Negative"):
        (folder / "clips" / place).mkdir(parents=True)
        for clip in sorted((SAMPLES / place).glob("*.jpg"))[:3]:
            (folder / "clips" / place / clip.name).write_bytes(clip.read_bytes())
    for name, content, _ in CORPUS:
        path = folder / "clips/Training/Positive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(content) if isinstance(content, str) else path.write_bytes(content)
    done = run_program(
        "create_docs.py", "--folder", "clips", "--max_rejected", 1, "--balance", "none", "--train_shards", 1, "--eval_shards", 1,
        "--known", "known.csv", "--doubted", "doubted.csv", "--problems", "problems.csv", "--output", "docs", folder=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (folder / "terminal.txt").write_text(done.stderr)
    return folder


def _rows(path):
    with path.open(newline="", errors="surrogateescape") as file:
        return list(csv.reader(file, strict=True))


def test_the_corpus_has_at_least_forty_bad_inputs():
    assert len(CORPUS) - 1 >= 40


@pytest.mark.parametrize("name, content, outcome", CORPUS, ids=[ascii(name[:40]) for name, _, _ in CORPUS])
def test_each_file_is_used_or_listed_with_its_reason(corpus, name, content, outcome):
    path = f"clips/Training/Positive/{name}"
    used = [row[0] for row in _rows(corpus / "docs/trainingdata.csv")]
    rejected = dict(_rows(corpus / "docs/rejected.csv"))
    assert (path in used) == (outcome == "used")
    assert (path in rejected) == (outcome != "used")
    assert outcome in ("used",) or outcome in rejected[path]


def test_what_is_used_can_be_embedded(corpus):
    done = run_program(
        "preprocess.py", "--input_path", "docs/shards/train-00000-of-00001.csv", "--input_dict", "docs/dict.txt",
        "--output_path", "out/train", folder=corpus,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = records.read([corpus / "out/train-00000-of-00001.tfrecord.gz"], corpus)
    wanted = {f"clips/Training/Positive/{name}" for name, _, outcome in CORPUS if outcome == "used"}
    assert wanted == {path for path in found.paths if "Positive" in path}
    assert not (corpus / "hacked").exists()


def test_the_rejected_are_counted_and_shown_without_control_characters(corpus):
    text = (corpus / "terminal.txt").read_text()
    number = sum(outcome != "used" for _, _, outcome in CORPUS)
    assert f"Left out: {number} files that cannot be used, all in docs/rejected.csv" in text
    assert "\r" not in text and "\t" not in text
    assert json.loads((corpus / "docs/audit.json").read_text())["rejected"] == number


def test_unreadable_permissions_are_a_reason():
    with tempfile.TemporaryDirectory() as folder:  # tmp_path is for root alone, who may read everything
        clip = Path(folder) / "closed.jpg"
        clip.write_bytes(JPEG)
        clip.chmod(0)
        Path(folder).chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            found = image_checks.inspect([str(clip)], Path(folder) / "known.csv", threads=1)
        finally:
            os.seteuid(user)
    assert found[str(clip)].reason == "Permission denied"


def test_too_many_rejected_stop_the_run_with_the_whole_list(tmp_path):
    for place in ("Training/Positive", "Training/Negative", "Testing/Positive", "Testing/Negative"):
        (tmp_path / "clips" / place).mkdir(parents=True)
        for index in range(20):
            content = b"" if place == "Training/Positive" and index < 15 else JPEG + bytes([index, len(place)])
            (tmp_path / "clips" / place / f"cam_{index}_0.jpg").write_bytes(content)
    done = run_program(
        "create_docs.py", "--folder", "clips", "--max_rejected", 0.7, "--train_shards", 1, "--eval_shards", 1,
        "--known", "known.csv", "--doubted", "doubted.csv", "--problems", "problems.csv", "--output", "docs", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("ERROR: 15 of the 20 files in Training/Positive cannot be used")
    assert "All 15 are listed in problems.csv" in done.stderr
    assert len(_rows(tmp_path / "problems.csv")) == 15
