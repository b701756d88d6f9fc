"""Video and site of a clip, as its path or a table tells."""

import pytest
from meerkat.data.origins import Origins
from meerkat.errors import UserError

POSITIVE = "clips/Training/Positive"


@pytest.mark.parametrize(
    "path, site",
    [
        (f"{POSITIVE}/creek/cam7_12_0.jpg", "creek"),
        (f"{POSITIVE}/creek/2023/cam7_12_0.jpg", "creek"),
        (f"{POSITIVE}/creek/IMG7.jpg", "creek"),
        (f"{POSITIVE}/cam7_12_0.jpg", ""),
        (f"{POSITIVE}/cam7/cam7_12_0.jpg", ""),  # the video's own folder
        ("anywhere/creek/cam7_12_0.jpg", ""),  # of a list: its first folder can be anything
    ],
)
def test_the_first_folder_below_the_class_is_the_site(path, site):
    assert Origins().site(path) == site


def test_a_pattern_reads_the_site_from_the_name_of_the_video():
    where = Origins(site_pattern=r"(?P<site>[A-Z]+)\d+.*")
    assert where.site(f"{POSITIVE}/CREEK07_a_12_0.jpg") == "CREEK"
    assert where.site(f"{POSITIVE}/creek07_a_12_0.jpg") == ""
    with pytest.raises(UserError, match=r"site_pattern: '\(x\)' has no group"):
        Origins(site_pattern="(x)")


def test_a_table_gives_the_site_of_videos_and_folders(tmp_path):
    table = tmp_path / "sites.csv"
    table.write_text('video,site\ncam1,"creek, upper"\nnorth,ridge\nnorth/cam9,creek\n\n')
    where = Origins(sites=str(table))
    paths = {"cam1_1_0.jpg": "creek, upper", "north/cam2_1_0.jpg": "ridge", "north/cam9_1_0.jpg": "creek"}
    assert {path: where.site(f"{POSITIVE}/{path}") for path in paths} == paths
    where.check(f"{POSITIVE}/{path}" for path in paths)
    with pytest.raises(UserError, match="no site of 1 videos:\n  cam3"):
        where.check([f"{POSITIVE}/cam3_1_0.jpg"])


@pytest.mark.parametrize(
    "text, message",
    [
        ("cam1,creek\n", "the first line must be video,site"),
        ("", "the first line must be video,site"),
        ("video,site\ncam1\n", "line 2: 'cam1' is no row"),
        ("video,site\ncam1,\n", "line 2: 'cam1,' is no row"),
        ("video,site\ncam1,creek\ncam1,ridge\n", "line 3: cam1 is at creek by a line before, and at ridge"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "sites.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        Origins(sites=str(tmp_path / "sites.csv"))


def test_a_missing_table_and_two_ways_at_once_are_refused(tmp_path):
    with pytest.raises(UserError, match="does not exist"):
        Origins(sites=str(tmp_path / "none.csv"))
    with pytest.raises(UserError, match="both say what the sites are"):
        Origins(site_pattern="(?P<site>.)", sites="sites.csv")
