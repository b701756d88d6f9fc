"""Films that are moved or renamed after sorting: answers, sides and second looks stay with them."""

from dataclasses import replace
from pathlib import Path

import pytest
from meerkat.sorting import journal, moved_films, pool
from meerkat.sorting.folders import Folders
from sorting_place import Place


@pytest.fixture
def place(tmp_path):
    """A folder in which the cards of the Training film are an animal and background, and one of the Testing film is an animal."""
    place = Place(tmp_path)
    labels = place.open().labels
    labels.decide([("training", [0, 1])], "positive")
    labels.decide([("look", [2, 3])], "negative")
    labels.decide([("testing", [4, 5])], "positive")
    return place


def _rename(place, names, site="ridge"):
    """Give films other names and a site, as gather_motion.py and make_cards.py would."""
    for number, card in enumerate(place.cards):
        video = names.get(card.video, card.video)
        clips = []
        for clip in card.clips:
            path = Path(clip.path)
            new = place.folder / "moved" / video / f"{video}{path.name.removeprefix(card.video)}"
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(path.read_bytes())
            clips.append(pool.CardClip(str(new), pool.place(new.name, site)))
        place.cards[number] = replace(card, video=video, site=site, clips=clips)


def _decisions(labels):
    return [labels.decision(clip) for clip in range(8)]


DECIDED = ["positive"] * 2 + ["negative"] * 2 + ["positive"] * 2 + [None] * 2


def test_sorted_clips_follow_their_film(place):
    train, test = place.cards[0].video, place.cards[2].video
    before = (place.folder / "clips/labels.csv").read_text()
    _rename(place, {train: "ridge__north", test: "ridge__south"})
    opened = place.open("bob")
    assert _decisions(opened.labels) == DECIDED
    assert opened.labels.is_testing.tolist() == [False, False, True, True]
    assert "6 sorted clips of films that have another name or place now have followed them. Their answers stay." in place.told
    assert all(f"ridge{'/'}ridge__" in path for path in place.lie()) and len(place.lie()) == 6
    assert (place.folder / "clips/labels.csv").read_text() == before  # Who decided, and in which task, is still known.
    assert opened.labels.was_asked("look", 2) and not opened.labels.was_asked("look", 0)
    again = place.open("bob")
    assert place.told == [] and _decisions(again.labels) == DECIDED
    _rename(place, {"ridge__north": "a", "ridge__south": "b"}, "")
    again = place.open("bob")
    assert _decisions(again.labels) == DECIDED and again.labels.was_asked("look", 2)
    # Programs that only read know who decided as well.
    seen, read = again.journal.history, journal.read(place.folder / "clips/labels.csv", moved_films.present_names(again.folders))
    assert dict(read.asked) == dict(seen.asked) and read.labels == seen.labels
    assert {label.person for label in read.labels.values()} == {"ann"}
    for card in place.cards:  # and so they do once the clips are cut anew
        for clip in card.clips:
            Path(clip.path).write_bytes(Path(clip.path).read_bytes() + b" wider")
    seen = place.open("bob").journal.history
    read = journal.read(place.folder / "clips/labels.csv", moved_films.present_names(Folders(place.folder / "clips")))
    assert any("Cut again" in line for line in place.told) and read.labels == seen.labels


def test_films_that_exchange_their_names_keep_their_answers(place):
    train, test = place.cards[0].video, place.cards[2].video
    _rename(place, {train: test, test: train}, "")
    opened = place.open()
    assert _decisions(opened.labels) == DECIDED and opened.labels.is_testing.tolist() == [False, False, True, True]
    assert len(place.lie()) == 6 and _decisions(place.open().labels) == DECIDED


def test_films_whose_numbers_move_up_keep_their_answers(place):
    train, test = place.cards[0].video, place.cards[2].video
    _rename(place, {train: test, test: "film999"}, "")
    assert _decisions(place.open().labels) == DECIDED and len(place.lie()) == 6


def test_a_film_that_has_no_answers_keeps_its_side_under_another_name(tmp_path):
    place = Place(tmp_path)
    before = place.open().labels.is_testing.tolist()
    _rename(place, {card.video: f"{card.video}__elsewhere" for card in place.cards})
    assert place.open().labels.is_testing.tolist() == before == [False, False, True, True]


def test_a_sorted_clip_is_known_by_its_content_if_a_person_renames_it(place):
    clips = place.folder / "clips"
    for number, path in enumerate(sorted((clips / "Training/Positive").rglob("*.jpg"))):
        path.rename(path.with_name(f"hare {number}.jpg"))
    moved = next((clips / "Training/Negative").rglob("*.jpg"))
    (clips / "Training/Positive/by hand").mkdir()
    moved.rename(clips / "Training/Positive/by hand/also a hare.jpg")
    opened = place.open()
    decisions = _decisions(opened.labels)
    assert decisions[:2] == ["positive"] * 2 and sorted(decisions[2:4]) == ["negative", "positive"] and decisions[4:] == DECIDED[4:]
    opened.labels.decide([("training", [0, 1])], "negative")
    assert _decisions(place.open().labels)[:2] == ["negative"] * 2 and not any("hare 0" in path for path in place.lie())
