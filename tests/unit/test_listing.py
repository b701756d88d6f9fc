"""Clips in folders: what is listed, what is passed over as litter, and what lies where the program does not look."""

import pytest
from meerkat.data.file_tree import litter_line, visible_files
from meerkat.errors import UserError
from meerkat.manifest import listing


def _make(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def _listed(folder, *splits):
    found = listing.Listing()
    listing.add_strays_beside(found, folder)
    for split in splits or ["train"]:
        listing.add_folder(found, folder, split)
    return found


def test_folders_in_any_spelling_with_subfolders(tmp_path):
    _make(
        tmp_path,
        "training/Positives/a.jpg",
        "training/Positives/cam/b.JPG",
        "training/NEGATIVE/c.jpeg",
        "training/NEGATIVE/notes.csv",
    )
    found = _listed(tmp_path)
    assert [(clip.path.removeprefix(f"{tmp_path}/training/"), clip.label) for clip in found.clips["train"]] == [
        ("NEGATIVE/c.jpeg", 1),
        ("Positives/a.jpg", 0),
        ("Positives/cam/b.JPG", 0),
    ]
    assert [other.rsplit("/", 1)[1] for other in found.others] == ["notes.csv"]
    assert not found.litter and not found.strays


LITTER = [
    ".DS_Store", "Thumbs.db", "ehthumbs_vista.db", "desktop.ini", "._c.jpg", ".hidden/d.jpg", "@eaDir/c.jpg/SYNOPHOTO_THUMB_XL.jpg",
    "@eaDir/c.jpg@SynoEAStream", "c.jpg@SynoResource", "#recycle/c.jpg", "@Recycle/c.jpg", "$RECYCLE.BIN/c.jpg", "lost+found/c.jpg",
    ".Trashes/c.jpg", "__MACOSX/._c.jpg", "System Volume Information/c.jpg", "c.jpg_original", "c.xmp", "C.AAE", "Picasa.ini",
]  # fmt: skip


def test_litter_is_passed_over_and_counted_in_one_line(tmp_path):
    _make(tmp_path, "Training/Positive/a.jpg", "Training/Negative/c.jpg", *(f"Training/Negative/site/{name}" for name in LITTER))
    found = _listed(tmp_path)
    assert [clip.path.rsplit("/", 1)[1] for clip in found.clips["train"]] == ["c.jpg", "a.jpg"]
    assert not found.others and not found.strays
    assert len(found.litter) == len({name.split("/")[0] for name in LITTER})
    line = litter_line(found.litter)
    assert line.startswith(f"Ignored: {len(found.litter)} ") and "\n" not in line


def test_a_circular_link_is_walked_once(tmp_path):
    _make(tmp_path, "Training/Positive/a.jpg", "Training/Negative/b.jpg")
    (tmp_path / "Training/Positive/again").symlink_to(tmp_path / "Training/Positive")
    (tmp_path / "Training/Positive/up").symlink_to(tmp_path / "Training")
    assert len(_listed(tmp_path).clips["train"]) == 2


def test_the_results_are_no_part_of_a_folder(tmp_path):
    _make(tmp_path, "a.avi", "results/clips/b.avi", "x/results/c.avi")
    assert sorted(path.rsplit("/", 1)[1] for path in visible_files(tmp_path, [tmp_path / "x/../results"])) == ["a.avi", "c.avi"]


@pytest.mark.parametrize(
    "made, wanted",
    [
        ([], "does not exist"),
        (["x.txt"], "no folder Training"),
        (["Training/Positive/a.jpg"], "no folder Negative"),
        (["Trainig/Positive/a.jpg"], r"no folder Training.*Pictures were found in:\n.*Trainig: 1 pictures"),
        (["Training/Positive/a.jpg", "Training/Negatvie/b.jpg"], r"no folder Negative.*Negatvie: 1 pictures"),
    ],
)
def test_missing_folders_are_named(tmp_path, made, wanted):
    _make(tmp_path / "clips" if made else tmp_path, *made)
    found = listing.Listing()
    if made:
        listing.add_strays_beside(found, tmp_path / "clips")
    with pytest.raises(UserError, match=f"(?s){wanted}"):
        listing.add_folder(found, tmp_path / "clips", "train")


@pytest.mark.parametrize(
    "stray",
    [
        "Training/Positive (2)/x.jpg",
        "Training/Positive - Copy/x.jpg",
        "Training/Positve/x.jpg",
        "Training/x.jpg",
        "Training/new/deep/x.png",
        "Training (2)/Positive/x.jpg",
        "Training - Kopie/x.jpg",
        "Copy of Training/x.jpg",
        "Tranining/Positive/x.jpg",
        "Postive/x.jpg",
        "Negative/x.jpg",
    ],
)
def test_clips_in_a_place_that_the_program_does_not_know_are_told_and_stop_the_run_when_they_are_many(tmp_path, stray):
    _make(tmp_path, stray, *(f"Training/{name}/{index}.jpg" for name in ("Positive", "Negative") for index in range(60)))
    found = _listed(tmp_path)
    assert list(found.strays.values()) == [1]
    listing.check_strays(found)  # one in 120 is told of
    _make(tmp_path, stray.replace("x.", "y."))
    found = _listed(tmp_path)
    with pytest.raises(UserError, match="2 pictures are in places that the program does not know, beside 120 clips") as refused:
        listing.check_strays(found)
    assert next(iter(found.strays)) in str(refused.value)


@pytest.mark.parametrize("folder", ["Training", "Training/Positive"])
def test_a_folder_too_deep_is_noticed(tmp_path, folder):
    _make(tmp_path, "Training/Positive/a.jpg", "Training/Negative/b.jpg")
    with pytest.raises(UserError, match=f"did you mean the folder above, {(tmp_path / folder).parent}"):
        listing.add_folder(listing.Listing(), tmp_path / folder, "train")
    with pytest.raises(UserError, match=r"a\.jpg is a file"):
        listing.add_folder(listing.Listing(), tmp_path / "Training/Positive/a.jpg", "train")


def test_other_folders_beside_training_are_the_users_own(tmp_path):
    _make(tmp_path, "Training/Positive/a.jpg", "Training/Negative/b.jpg", "originals/x.jpg", "results/y.jpg", "Training/notes.txt")
    _make(tmp_path, "Training/Unsure/x.jpg", "Training/@eaDir/x.jpg", "Training/empty/notes.txt")
    _make(tmp_path, "Training/Positive/Unsure/deep/y.jpg", "unsure/z.jpg")
    found = _listed(tmp_path)
    assert not found.strays and found.unsure == 3 and len(found.clips["train"]) == 2
    listing.check_strays(found)
