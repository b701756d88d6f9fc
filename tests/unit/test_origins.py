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


def test_a_table_gives_the_site_of_videos_and_folders(tmp_path):
    table = tmp_path / "sites.csv"
    table.write_text('video,site\ncam1,"creek, upper"\nnorth,ridge\nnorth/cam9,creek\n\n')
    where = Origins(sites=str(table))
    paths = {"cam1_1_0.jpg": "creek, upper", "north/cam2_1_0.jpg": "ridge", "north/cam9_1_0.jpg": "creek"}
    assert {path: where.site(f"{POSITIVE}/{path}") for path in paths} == paths
    where.check([f"{POSITIVE}/{path}" for path in paths])
    assert where.unused([f"{POSITIVE}/north/cam2_1_0.jpg"]) == ["cam1", "north/cam9"]
    with pytest.raises(UserError, match=r"no site for 1 videos:\n  cam3\n(.*\n)*These rows match no clip:\n  cam1"):
        where.check([f"{POSITIVE}/cam3_1_0.jpg"])


@pytest.mark.parametrize(
    "text, message",
    [
        ("cam1,creek\n", "the first line must be video,site"),
        ("", "the file is empty"),
        ("video|site\ncam1|creek\n", r"but is 'video\|site'"),
        ('video,site\ncam1,"creek\ncam2,ridge\n', "a quote that is not closed"),
        ("video,site\ncam1,creek\ncam2,Creek\n", "line 3: the site is Creek here, but creek in an earlier line"),
        ("video,site\ncam1\n", "line 2: 'cam1' has 1 fields, not video,site"),
        ("video,site\ncam1,\n", "line 2: 'cam1,' is not a video and its site"),
        ("video,site\ncam1,creek\ncam1,ridge\n", "line 3: an earlier line puts cam1 at creek, and this one at ridge"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path, text, message):
    (tmp_path / "sites.csv").write_text(text)
    with pytest.raises(UserError, match=message):
        Origins(sites=str(tmp_path / "sites.csv"))


def test_a_table_in_another_encoding_or_of_another_kind_is_refused(tmp_path):
    table = tmp_path / "sites.csv"
    table.write_bytes("video,site\ncam1,Hütte\n".encode("latin-1"))
    with pytest.raises(UserError, match="not UTF-8"):
        Origins(sites=str(table))
    table.write_bytes(b"PK\x03\x04\x14\x00")  # as a spreadsheet begins
    with pytest.raises(UserError, match="save as CSV with commas"):
        Origins(sites=str(table))
    with pytest.raises(UserError, match=r"Is a directory\. Write the path of a CSV file"):
        Origins(sites=str(tmp_path))
    table.write_text("\ufeffvideo,site\r\ncam1,Hütte\r\n")
    assert Origins(sites=str(table)).site(f"{POSITIVE}/cam1_1_0.jpg") == "Hütte"


def test_a_missing_table_and_two_ways_at_once_are_refused(tmp_path):
    with pytest.raises(UserError, match="No such file or directory"):
        Origins(sites=str(tmp_path / "none.csv"))
    with pytest.raises(UserError, match="both say what the sites are"):
        Origins(site_pattern="(?P<site>.)", sites="sites.csv")
