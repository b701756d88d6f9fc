"""Boxes from elsewhere: which video they belong to, and how they join what moves."""

import json
from datetime import datetime, timedelta

import cv2
import films
import numpy as np
import pytest
import stills
from meerkat.errors import UserError
from meerkat.video import detector_boxes, stretches, video_files
from meerkat.video.boxes import Box
from meerkat.video.burst_file import BurstFile
from meerkat.video.burst_search import BurstSearch
from meerkat.video.detector_boxes import Detected, DetectorBoxes
from meerkat.video.motion_store import MotionStore
from meerkat.video.regions import FilmMotion
from meerkat.video.search import Found, search
from meerkat.video.tracks import BOTH, BOXES, MOTION
from meerkat.video.videos import Video

CATEGORIES = {"1": "animal", "2": "person", "3": "vehicle"}


def _file(folder, *images, **more):
    path = folder / "boxes.json"
    path.write_text(json.dumps({"info": {"format_version": "1.4"}, "detection_categories": CATEGORIES, "images": list(images)} | more))
    return str(path)


def _one(conf=0.9, bbox=(0.1, 0.2, 0.3, 0.4), category="1", **more):
    return {"category": category, "conf": conf, "bbox": list(bbox)} | more


@pytest.fixture
def season(tmp_path):
    for camera in ("creek", "ridge"):
        for place in range(2):
            taken = datetime(2024, 5, 17, 6, 0, place)
            stills.write(
                tmp_path / f"season/{camera}/DCIM/100TRAIL/IMG_000{place + 1}.JPG",
                np.full((90, 160, 3), 60 + place + 20 * (camera == "ridge"), np.uint8),
                taken,
            )
    (tmp_path / "season/film.mp4").write_bytes(b"a film")
    return video_files.list_videos(tmp_path / "season")


@pytest.mark.parametrize("before", ["", "season/", "D:/cards/season/", "/mnt/cards/"])
def test_a_box_belongs_to_the_file_whose_path_ends_alike(season, tmp_path, before):
    path = _file(
        tmp_path,
        {
            "file": f"{before}creek/DCIM/100TRAIL/IMG_0002.JPG".replace("/", "\\" if ":" in before else "/"),
            "detections": [_one(), _one(0.05)],
        },
        {"file": f"{before}film.mp4", "frame_rate": 25.0, "detections": [_one(frame_number=50), _one(0.3, category="2", frame_number=25)]},
        {"file": f"{before}other.mp4", "detections": None, "failure": "no video"},
    )
    found = DetectorBoxes(path, 0.1, season)
    assert found.of("creek__DCIM__100TRAIL__IMG_0001") == [Detected(1.0, 0.1, 0.2, 0.3, 0.4, 0.9, "animal")]
    assert [(one.seconds, one.kind) for one in found.of("film")] == [(1.0, "person"), (2.0, "animal")]
    assert found.of("ridge__DCIM__100TRAIL__IMG_0001") == [] and found.digest("ridge__DCIM__100TRAIL__IMG_0001") == ""
    counted, without, strange = found.told
    assert "has entries of " in counted and "1 of its files fits" in strange and "other.mp4" in strange and "ridge" in without
    assert detector_boxes.step(found.of("film")) == 1.0


def test_a_path_that_fits_two_cameras_fits_none(season, tmp_path):
    path = _file(tmp_path, {"file": "DCIM/100TRAIL/IMG_0001.JPG", "detections": [_one()]}, {"file": "film.mp4", "detections": []})
    found = DetectorBoxes(path, 0.1, season)
    assert all(found.of(name) == [] for name in season.paths)
    assert "1 of its files fits no film or still" in found.told[-1]


@pytest.mark.parametrize(
    "content, message",
    [
        ("no json", "is not JSON"),
        ("[]", "is not the output of MegaDetector"),
        ('{"images": [{"file": "film.mp4"}]}', "is not the output of MegaDetector"),
        ('{"images": [3], "detection_categories": {}}', "is not the output of MegaDetector"),
        ('{"images": [{"file": "gone.mp4"}], "detection_categories": {}}', "fits no video below .*It names gone.mp4"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(season, tmp_path, content, message):
    (tmp_path / "boxes.json").write_text(content)
    with pytest.raises(UserError, match=message):
        DetectorBoxes(str(tmp_path / "boxes.json"), 0.1, season)
    with pytest.raises(UserError, match="cannot be read"):
        DetectorBoxes(str(tmp_path / "gone.json"), 0.1, season)


@pytest.mark.parametrize(
    "entry, message",
    [
        ({"detections": [_one()]}, "lacks 'frame_number'"),
        ({"detections": [_one(frame_number=3)]}, "lacks 'frame_rate'"),
        ({"frame_rate": 0, "detections": [_one(frame_number=3)]}, "a frame_rate of 0"),
        ({"frame_rate": 25, "detections": [{"category": "1", "conf": 0.5}]}, "lacks 'bbox'"),
        ({"frame_rate": 25, "detections": [_one(bbox=(0, 0, 1), frame_number=3)]}, "where a number must be"),
        ({"frame_rate": 25, "detections": ["box"]}, "where a number must be"),
        ({"frame_rate": 25, "detections": [_one(bbox=(100, 200, 30, 40), frame_number=3)]}, "is not in the picture"),
        ({"frame_rate": 25, "detections": [_one(bbox=(-0.2, 0, 0.3, 0.4), frame_number=3)]}, "is not in the picture"),
        ({"frame_rate": 25, "detections": [_one(bbox=(float("nan"), 0, 0.3, 0.4), frame_number=3)]}, "is not in the picture"),
        ({"frame_rate": 25, "detections": [_one(15, frame_number=3)]}, "is not in the picture"),
        ({"frame_rate": 25, "detections": [_one(frame_number=-3)]}, "is not in the picture"),
    ],
)
def test_a_box_that_cannot_be_placed_is_refused(season, tmp_path, entry, message):
    found = DetectorBoxes(_file(tmp_path, {"file": "film.mp4"} | entry), 0.1, season)
    with pytest.raises(UserError, match=message):
        found.of("film")


def test_other_boxes_are_another_search(season, tmp_path):
    store = MotionStore(tmp_path)

    def paths(*detections):
        found = DetectorBoxes(_file(tmp_path, {"file": "film.mp4", "frame_rate": 25, "detections": detections}), 0.1, season)
        return {stretch.film.id: store.path(stretch) for stretch in stretches.of(detector_boxes.with_boxes(season, found).films.values())}

    none, one, other = paths(), paths(_one(frame_number=1)), paths(_one(frame_number=2))
    film = season.films["film"].id
    assert len({none[film], one[film], other[film]}) == 3
    assert all(none[name] == one[name] == other[name] for name in none if name != film)


def _film(path, moving):
    """A film of 6 s in which a square moves to the right, and another one stands."""
    random = np.random.default_rng(1)
    scene = np.clip(110 + 20 * cv2.GaussianBlur(random.normal(0, 1, (270, 480, 3)), (0, 0), 3) * 3, 0, 255).astype(np.uint8)
    scene[30:70, 380:420] = (40, 60, 200)  # stands from the first frame on

    def frames():
        import av

        for number in range(150):
            picture = scene.copy()
            if moving:
                picture[180:220, 20 + 2 * number : 60 + 2 * number] = (200, 220, 230)
            yield av.VideoFrame.from_ndarray(picture, format="bgr24")

    films.encode(path, frames(), "libx264", options={"crf": "18"})


def test_boxes_of_a_detector_join_what_moves_and_bring_what_stands(tmp_path):
    _film(tmp_path / "a.mp4", moving=True)
    standing = [Detected(float(second), 380 / 480, 30 / 270, 40 / 480, 40 / 270, 0.8, "person") for second in range(6)]
    walking = [Detected(float(s), (20 + 50 * s) / 480, 180 / 270, 40 / 480, 40 / 270, 0.6, "animal") for s in range(1, 6)]
    both = sorted([*standing, *walking])

    def tracks(settings=None, detected=()):
        found = search(Video(tmp_path / "a.mp4"), settings or FilmMotion(), detected=detected)
        return {(one.track.found_by, one.track.kind): one.track for one in found if isinstance(one, Found)}

    assert set(tracks()) == {(MOTION, "")}
    with_boxes = tracks(detected=both)
    assert {(BOTH, "animal"), (BOXES, "person")} <= set(with_boxes) <= {(BOTH, "animal"), (BOXES, "person"), (MOTION, "")}
    still = with_boxes[BOXES, "person"]
    assert (still.began, still.last, still.boxes) == (pytest.approx(0.0, abs=0.1), pytest.approx(5.0, abs=0.1), 6)
    alone = tracks(FilmMotion(boxes_alone=True), both)
    assert set(alone) == {(BOXES, "animal"), (BOXES, "person")}


def test_boxes_of_a_detector_in_stills(tmp_path):
    random = np.random.default_rng(2)
    scene = np.clip(110 + 60 * cv2.GaussianBlur(random.normal(0, 1, (360, 540, 3)), (0, 0), 3), 0, 255).astype(np.uint8)
    for number in range(3):
        stills.write(tmp_path / f"IMG_{number}.jpg", scene, datetime(2024, 5, 17, 6) + timedelta(hours=number))
    videos = video_files.list_videos(tmp_path)
    film, burst = videos.films["IMG_1"], BurstFile(videos.paths["IMG_1"], videos.films["IMG_1"].pictures)
    seen = Detected(0.0, 0.5, 0.5, 0.2, 0.2, 0.7, "animal")
    (found,) = (one for one in BurstSearch(videos).search(film.id, burst, FilmMotion(), [seen]) if isinstance(one, Found))
    assert (found.track.found_by, found.track.kind, found.clips[0].box) == (BOXES, "animal", Box(270, 180, 108, 72))
    assert list(BurstSearch(videos).search(film.id, burst, FilmMotion(boxes_alone=True)))[-1].too_small is False
