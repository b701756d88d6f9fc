"""Video and site of a clip, as its path and the table of cameras tell."""

import pytest
from meerkat.data import origins
from meerkat.data.origins import Origins
from meerkat.errors import UserError
from meerkat.video.clip_sites import ClipSites

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


CAMERAS = """site,folder,begin,end,timezone
Upper Creek,creek/cam7,,,
Ridge,ridge*,,,
Old Pond,pond,,2024-05-01,
New Pond,pond,2024-05-01,,
,hill,,,
Far,creek/cam7/0815.mp4,,,
"""


@pytest.fixture
def sites(tmp_path):
    """Sites of clips from the table above, when some films were seen."""
    (tmp_path / "cameras.csv").write_text(CAMERAS)
    films = "path,name,film,seconds,stretches,size,modified,changed\n"
    films += "creek/cam7/0815.mp4,creek__cam7__0815,a,1,1,1,1,1\nodd__name/x.mp4,odd__name__x-12345678,b,1,1,1,1,1\n"
    (tmp_path / "films.csv").write_text(films)
    return ClipSites(str(tmp_path / "cameras.csv"), str(tmp_path / "films.csv"))


@pytest.mark.parametrize(
    "clip, site",
    [
        ("creek/creek__cam7__0001_12_0.jpg", "Upper Creek"),  # its name contains its path
        ("creek/creek__cam7__0815_12_0.jpg", "Far"),  # a film that was seen, with a row of its own
        ("creek/cam7/0001_12_0.jpg", "Upper Creek"),  # sorted by hand, in folders like those of the films
        ("creek/cam8/0001_12_0.jpg", "creek"),  # in no row
        ("ridge07_12_0.jpg", "Ridge"),  # as a pattern says
        ("RIDGE/0001_12_0.jpg", "Ridge"),  # the same place in capitals
        ("new pond/pond__0001_12_0.jpg", "New Pond"),  # of two periods: as its folder says
        ("pond/0001_12_0.jpg", "pond"),
        ("hill/0001_12_0.jpg", "hill"),  # a row without a site
        ("0001_12_0.jpg", ""),
    ],
)
def test_the_table_of_cameras_gives_the_sites_of_clips(sites, clip, site):
    assert Origins(None, sites.site).site(f"{POSITIVE}/{clip}") == site


def test_the_sites_that_create_docs_found_are_those_of_the_other_steps(sites, tmp_path):
    paths = [f"{POSITIVE}/{name}" for name in ("creek/creek__cam7__0001_12_0.jpg", "creek/cam8/1_1_0.jpg", "ridge07_1_0.jpg", "1_1_0.jpg")]
    found = Origins(None, sites.site)
    (tmp_path / "sites.csv").write_text(found.table(paths))
    assert (tmp_path / "sites.csv").read_text() == "video,site\ncreek/creek__cam7__0001,Upper Creek\nridge07,Ridge\n"
    again = origins.listed(None, tmp_path / "sites.csv")
    assert [again.site(path) for path in paths] == [found.site(path) for path in paths] == ["Upper Creek", "creek", "Ridge", ""]
    with pytest.raises(UserError, match=r"The table .* does not exist"):
        origins.listed(None, tmp_path / "none.csv")


def test_a_table_that_cannot_be_used_is_refused(tmp_path):
    (tmp_path / "cameras.csv").write_text("folder,site\ncreek,Creek\n,Ridge\n")
    with pytest.raises(UserError, match="line 3: it names no folder"):
        ClipSites(str(tmp_path / "cameras.csv"))
