"""Which video a clip is of."""

import re
import unicodedata

import pytest
from meerkat.data import video_names


@pytest.mark.parametrize(
    "path, video",
    [
        # As DeepMeerkat and this workflow name clips, in the folders of 2018.
        ("samples/Training/Positive/cam01_12_0.jpg", "cam01"),
        ("samples/Training/Positive/cam01_0000012_0.jpg", "cam01"),
        ("/home/me/Training/old/testing/negatives/river_cam_2_118_3.jpg", "river_cam_2"),
        # A sub-folder is part of the video, wherever there is one.
        ("x/Training/Positive/site1/00000_17_0.jpg", "site1/00000"),
        ("x/Training/Positive/site2/00000_17_0.jpg", "site2/00000"),
        ("x/Training/Positive/hide 3/IMG7.jpg", "hide 3"),
        ("x/Training/Positive/site/hide/IMG7.jpg", "site/hide"),
        ("x/Training/Positive/test/IMG7.jpg", "test"),
        # ... also in lists, where the path is all there is.
        ("cards/station1/DCIM/100RECNX/RCNX0001.JPG", "cards/station1/DCIM/100RECNX"),
        ("cards/station2/DCIM/100RECNX/RCNX0001.JPG", "cards/station2/DCIM/100RECNX"),
        ("/cards/station2/./DCIM/RCNX0001.JPG", "cards/station2/DCIM"),
        ("site1/Positive/00000_17_0.jpg", "site1/00000"),
        ("sorted/train/cam01_12_0.jpg", "sorted/cam01"),
        ("sorted/test/cam01_13_0.jpg", "sorted/cam01"),
        ("elsewhere/IMG7.jpg", "elsewhere"),
        # The folder that `snakemake clips` makes of a video says nothing new.
        ("x/Training/Positive/cam01/cam01_12_0.jpg", "cam01"),
        # A date and a time are no frame and box.
        ("x/Training/Positive/IMG_20230410_080001.jpg", "x/Training/Positive/IMG_20230410_080001.jpg"),
        ("x/Training/Positive/20230512_1433_1.jpg", "x/Training/Positive/20230512_1433_1.jpg"),
        ("x/Training/Positive/site1/20230512_143312_1.jpg", "site1"),
        # ... but a film that is named after a day, or a second, is one.
        ("x/Training/Positive/20230512_0001433_1.jpg", "20230512"),
        ("x/Training/Positive/20230512_143312_0001433_1.jpg", "20230512_143312"),
        ("x/Training/Positive/20230512_143312_1433_1.jpg", "20230512_143312"),
        ("x/Training/Positive/IMG7.jpg", "x/Training/Positive/IMG7.jpg"),
        ("IMG7.jpg", "IMG7.jpg"),
        ("x/Training/Positive/cafe\u0301_1_0.jpg", unicodedata.normalize("NFC", "cafe\u0301")),
    ],
)
def test_the_video_of_a_clip(path, video):
    assert video_names.video_of(path, None) == video


def test_one_path_in_several_spellings_is_one_video(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    paths = ["site1/v_1_0.jpg", "./site1/v_2_0.jpg", f"{tmp_path}/site1/v_3_0.jpg", "site2/../site1/v_4_0.jpg"]
    assert {video_names.video_of(path, None) for path in paths} == {"site1/v"}


def test_a_pattern_of_the_users_reads_other_names():
    pattern = re.compile("(?P<video>[^-]+)-.*")
    assert video_names.video_of("x/Training/Positive/site1/cam7-0003.jpg", pattern) == "site1/cam7"
    assert video_names.video_of("x/Training/Positive/cam7_1_0.jpg", pattern) == "x/Training/Positive/cam7_1_0.jpg"


def test_a_pattern_that_matches_without_its_group_names_no_video():
    path = "x/Training/Positive/IMG7.jpg"
    assert video_names.video_of(path, re.compile("(?P<video>nope)?.*")) == path
    assert video_names.stands_for_itself(path, path)


def test_warnings_show_three_names_as_they_were_read():
    paths = [f"Training/Positive/cam{index}_1_0.jpg" for index in range(5)] + ["Training/Negative/IMG7.jpg"]
    text = video_names.as_read(paths, None)
    assert "IMG7.jpg is from no video" in text and "cam0_1_0.jpg is from cam0; cam1_1_0.jpg is from cam1" in text
    assert text.count(" is from ") == 3 and "data: video_pattern" in text


def test_nobody_is_asked_whether_the_names_of_clips_that_were_cut_here_are_read_rightly():
    assert video_names.as_read(["creek__DSCF0001_0000012_0.jpg"], None) == ""
    assert "fox_12_0.jpg is from fox" in video_names.as_read(["fox_12_0.jpg", "creek__DSCF0001_0000012_0.jpg"], None)
