"""Films and settings that change after sorting: no answer is lost, none counts for what it was not given for."""

from dataclasses import replace

import pytest
from meerkat.sorting import sorted_as
from sorting_place import Place, identity_of


@pytest.fixture
def place(tmp_path):
    """A folder in which the first card of the Training film is an animal, and the second is background."""
    place = Place(tmp_path)
    labels = place.open().labels
    labels.decide([("training", [0, 1])], "positive")
    labels.decide([("training", [2, 3])], "negative")
    return place


def _journal(place):
    return (place.folder / "clips/labels.csv").read_text()


def _contents(place):
    return {path.name: path.read_bytes() for path in (place.folder / "clips").rglob("*.jpg")}


def test_clips_that_are_cut_anew_keep_their_answers(place):
    """As after another `videos: margin`: the same names, other pictures."""
    before = _journal(place)
    for card in (0, 1):
        for path in place.paths(card):
            path.unlink()  # The files in the folders are links to the old ones.
            path.write_bytes(path.name.encode() + b" with a wider margin")
    labels = place.open().labels
    assert [labels.decision(clip) for clip in range(4)] == ["positive", "positive", "negative", "negative"]
    assert _journal(place) == before and "Cut anew, as the settings say now: 4 sorted clips. Their answers stand." in place.told
    assert all(content.endswith(b" with a wider margin") for content in _contents(place).values())
    place.open()
    assert place.told == []
    labels.decide([("training", [0, 1])], "negative")
    assert len(place.lie()) == 4 and all("Negative" in path for path in place.lie())


def test_an_answer_that_was_given_twice_outlives_a_second_change(place):
    def cut(word):
        for path in place.paths(0):
            path.unlink()
            path.write_bytes(path.name.encode() + word)

    place.open().labels.undo()
    opened = place.open().labels
    opened.decide([("training", [0, 1])], "negative")
    opened.undo()
    opened.decide([("training", [0, 1])], "positive")
    opened.undo()
    for word in (b" wide", b" wider", b" widest"):
        cut(word)
        labels = place.open().labels
        labels.decide([("training", [0, 1])], "negative")
        cut(word + b" still")
        assert place.open().labels.decision(0) == "negative"


@pytest.mark.parametrize("torn", [1, 5, 16, 17, 40])
def test_a_torn_row_of_what_was_sorted_is_no_other_film(place, torn):
    """A killed program, or a full disk, may leave the beginning of a row."""
    note = place.folder / "clips" / sorted_as.NAME
    note.write_text(note.read_text()[:-torn])
    before = place.lie()
    opened = place.open()
    assert [opened.labels.decision(clip) for clip in range(4)] == ["positive"] * 2 + ["negative"] * 2
    assert place.told == [] and place.lie() == before


@pytest.mark.parametrize("content", [b"another film", None])
def test_the_answers_for_a_film_do_not_count_for_another_one_of_its_name(place, content):
    """Also where clips of both have the same size."""
    old = _contents(place)
    for number in (0, 1):
        for path in place.paths(number):
            data = content or path.name.upper().encode()
            path.unlink()
            path.write_bytes(data)
        place.cards[number] = replace(place.cards[number], film=f"{2:016x}")
    opened = place.open()
    assert [opened.labels.decision(clip) for clip in range(4)] == [None] * 4
    video = place.cards[0].video
    assert any(f"{video} is another film now. Its 4 sorted clips of before keep their answers" in line for line in place.told)
    assert sorted(_contents(place).values()) == sorted(old.values())
    assert all(name.startswith(f"{video}-{identity_of(video)[:8]}_") for name in _contents(place))
    opened.labels.decide([("training", [0, 1])], "negative")
    again = place.open()
    assert place.told == [] and again.labels.decision(0) == "negative" and len(place.lie()) == 6


def test_what_a_person_has_changed_is_left_alone(place):
    edited = place.folder / "clips" / place.lie()[0]
    edited.unlink()
    edited.write_bytes(b"brightened by hand")
    place.open()
    assert edited.read_bytes() == b"brightened by hand" and place.told == []


def test_moments_that_are_cut_no_more_stay_sorted_and_this_is_said(place):
    kept = place.cards[0].clips[:1]
    place.cards[0] = replace(place.cards[0], clips=kept)
    place.open()
    assert len(place.lie()) == 4 and "other moments are cut than those of 1 sorted clip." in place.told[0]


def test_a_film_that_cannot_be_read_is_taken_for_the_one_it_was(place):
    place.cards = [replace(card, film="") for card in place.cards]
    labels = place.open().labels
    assert labels.decision(0) == "positive" and place.told == []
