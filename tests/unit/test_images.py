import hashlib
import io
import os

import cv2
import numpy as np
import pytest
from conftest import SAMPLES
from meerkat.data import images
from meerkat.manifest import image_checks
from PIL import Image

CLIP = sorted((SAMPLES / "Training/Positive").glob("*.jpg"))[0].read_bytes()
PICTURE = cv2.imdecode(np.frombuffer(CLIP, np.uint8), cv2.IMREAD_COLOR)


def _encoded(ending, picture=PICTURE, *parameters):
    return cv2.imencode(ending, picture, parameters)[1].tobytes()


def _exif_turned(jpeg):
    """The JPEG with an EXIF segment that says: turn by 90 degrees (orientation 6)."""
    tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"
    segment = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:]


def _end_in_the_middle(jpeg):
    """The JPEG with a comment that looks like an end, and behind its end another picture that is cut off."""
    comment = b"\xff\xd9\xff\xda"
    return jpeg[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + jpeg[2:] + jpeg[: len(jpeg) // 2]


@pytest.mark.parametrize(
    "data",
    [
        CLIP,
        _end_in_the_middle(CLIP),
        CLIP + b"\0\0\0\x18ftypmp42" + CLIP[:-200],  # a Motion Photo
        CLIP + b"\0" * 999,
        _encoded(".jpg", PICTURE[..., 0]),
        _encoded(".jpg", PICTURE, cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
        _encoded(".jpg", PICTURE[:1, :1]),
    ],
    ids=["as it comes", "end in a comment", "film behind it", "padded", "grey", "progressive", "1x1"],
)
def test_plain_jpegs_are_not_touched(data):
    assert images.read_jpeg(data) is data


@pytest.mark.parametrize("orientation", range(1, 9))
def test_avif_is_upright_whichever_way_it_is_turned(orientation):
    """Pillow writes EXIF's orientation as AVIF's own turns; the truth is what OpenCV makes of the same picture as a JPEG."""
    files = {kind: io.BytesIO() for kind in ("AVIF", "JPEG")}
    for kind, file in files.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        Image.fromarray(PICTURE[..., ::-1]).save(file, kind, exif=exif, quality=95)
    avif, jpeg = (images.decode(file.getvalue()).astype(int) for file in files.values())
    assert avif.shape == jpeg.shape and np.abs(avif - jpeg).mean() < 5


def test_avif_that_is_damaged_and_heic_are_refused():
    file = io.BytesIO()
    Image.fromarray(PICTURE).save(file, "AVIF")
    with pytest.raises(images.UnreadableImage, match="cannot be decoded"):
        images.decode(file.getvalue()[:-400])
    with pytest.raises(images.UnreadableImage, match=r"heic \(HEIC or a video\): convert it to JPEG"):
        images.decode(file.getvalue().replace(b"avif", b"heic"))


def test_a_cut_off_jpeg_is_noticed_although_its_thumbnail_is_whole():
    thumbnail = b"Exif\0\0" + _encoded(".jpg", PICTURE[::4, ::4])
    with_thumbnail = CLIP[:2] + b"\xff\xe1" + (len(thumbnail) + 2).to_bytes(2, "big") + thumbnail + CLIP[2:]
    assert images.is_plain_jpeg(with_thumbnail)
    with pytest.raises(images.UnreadableImage, match="truncated"):
        images.read_jpeg(with_thumbnail[:-500])


@pytest.mark.parametrize(
    "data",
    [
        _encoded(".png"),
        _encoded(".webp"),
        _encoded(".bmp"),
        _encoded(".tiff"),
        _encoded(".png", PICTURE.astype(np.uint16) * 257),
        _encoded(".png", np.dstack([PICTURE, np.full(PICTURE.shape[:2], 128, np.uint8)])),
    ],
    ids=["png", "webp", "bmp", "tiff", "16 bits", "alpha"],
)
def test_other_images_become_plain_jpegs_of_the_same_picture(data):
    jpeg = images.read_jpeg(data)
    assert images.is_plain_jpeg(jpeg)
    assert np.abs(images.decode(jpeg).astype(int) - PICTURE).mean() < 4


def test_a_picture_turned_by_exif_is_shown_upright():
    turned = images.read_jpeg(_exif_turned(CLIP))
    assert images.is_plain_jpeg(turned)
    assert images.decode(turned).shape == (PICTURE.shape[1], PICTURE.shape[0], 3)


@pytest.mark.parametrize(
    "data, reason",
    [
        (b"", "0 bytes"),
        (CLIP[: len(CLIP) // 2], "truncated"),
        (CLIP[:-2], "truncated"),
        (b"<html></html>", "not an image"),
        (_encoded(".png")[:99], "not an image"),
    ],
)
def test_what_is_no_image_is_refused_with_the_reason(data, reason):
    with pytest.raises(images.UnreadableImage, match=reason):
        images.read_jpeg(data)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked():
    bomb = _encoded(".png", np.zeros((8000, 8000), np.uint8))
    assert len(bomb) < 100_000
    with pytest.raises(images.UnreadableImage, match="more than 50 million pixels"):
        images.read_jpeg(bomb)


def test_known_files_are_not_read_again(tmp_path, monkeypatch):
    clip, known = tmp_path / "clip.jpg", tmp_path / "known.csv"
    clip.write_bytes(CLIP)
    first = image_checks.inspect([str(clip)], known, threads=2)[str(clip)]
    assert not first.reason
    decoded = []
    monkeypatch.setattr(image_checks.images, "decode", decoded.append)
    assert image_checks.inspect([str(clip)], known, threads=2)[str(clip)] == first and not decoded


def test_a_file_that_is_replaced_by_one_of_the_same_size_and_time_is_read_again(tmp_path):
    clip, known = tmp_path / "clip.jpg", tmp_path / "known.csv"
    clip.write_bytes(CLIP)
    first = image_checks.inspect([str(clip)], known, threads=2)[str(clip)]
    status = clip.stat()
    clip.write_bytes(b"x" * len(CLIP))
    os.utime(clip, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = image_checks.inspect([str(clip)], known, threads=2)[str(clip)]
    assert again[:2] == first[:2] and again.reason == "not an image that OpenCV reads"


def test_what_was_seen_in_a_clip_is_forgotten_when_it_is_doubted(tmp_path):
    """As on file systems that do not tell when a file was changed."""
    paths = []
    for name in ("a, b\n.jpg", "other.jpg"):
        (tmp_path / name).write_bytes(CLIP)
        paths.append(str(tmp_path / name))
    known, doubted = tmp_path / "known.csv", tmp_path / "state/doubted.csv"
    assert image_checks.doubted(doubted) == set()
    image_checks.inspect(paths, known, threads=1)
    known.write_bytes(known.read_bytes().replace(hashlib.sha256(CLIP).hexdigest().encode(), b"0" * 64))
    image_checks.doubt(doubted, paths[0])
    assert image_checks.doubted(doubted) == {paths[0]}
    found = image_checks.inspect(paths, known, threads=1, doubted=image_checks.doubted(doubted))
    assert [found[path].digest == hashlib.sha256(CLIP).hexdigest() for path in paths] == [True, False]


def test_a_blank_at_the_end_of_a_path_is_told(tmp_path):
    path = str(tmp_path / "gone.jpg ")
    found = image_checks.inspect([path], tmp_path / "known.csv", threads=1)
    assert found[path].reason == "No such file or directory (its path begins or ends with a space)"


def test_a_damaged_memory_of_findings_is_no_harm(tmp_path):
    clip, known = tmp_path / "clip.jpg", tmp_path / "known.csv"
    clip.write_bytes(CLIP)
    known.write_text("torn,1")
    assert not image_checks.inspect([str(clip)], known, threads=1)[str(clip)].reason


def test_files_that_cannot_be_opened_have_a_reason(tmp_path):
    (tmp_path / "broken.jpg").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.jpg").mkdir()
    paths = [str(tmp_path / name) for name in ("broken.jpg", "folder.jpg")]
    found = image_checks.inspect(paths, tmp_path / "known.csv", threads=1)
    assert [found[path].reason for path in paths] == ["No such file or directory", "Is a directory"]
