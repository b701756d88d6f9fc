"""Films and settings that change after sorting: no answer is lost, none counts for what it was not given for."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from meerkat.sorting import pool, sorted_as
from meerkat.sorting.journal import Label
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
    assert _journal(place) == before and "Cut again with the new settings: 4 sorted clips. Their answers stay." in place.told
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
    assert any(f"{video} is another film now. The answers on 4 sorted clips of the old film stay" in line for line in place.told)
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
    (place.folder / "motion/boxes.csv").write_text("track,frame,seconds,x,y,w,h\n")
    place.open()
    assert len(place.lie()) == 4 and "The new settings cut other moments than those of 1 sorted clip." in place.told[0]


def _cut_other_moments(place, boxes):
    """As after other settings of the search: the first passage has other clips, under other names; boxes: track,frame,x,y,w,h."""
    video = place.cards[0].video
    (place.folder / "motion/boxes.csv").write_text("track,frame,seconds,x,y,w,h\n" + "".join(f"{row}\n" for row in boxes))
    new = place.folder / "motion" / video / f"{video}_77_0.jpg"
    new.write_bytes(b"the same animal, a moment later")
    place.cards[0] = replace(place.cards[0], clips=[pool.CardClip(str(new), pool.place(new.name, "creek"), "77 12 12 30 30")])


@pytest.mark.parametrize(
    "boxes, is_found",
    [
        (["1,20,0,14,10,28,30", "1,77,0,300,12,30,30", "2,10,0,500,500,9,9"], True),
        (["1,20,0,14,10,28,30", "2,20,0,12,12,28,30"], False),  # two that are in one place
        (["1,20,0,200,10,28,30", "2,10,0,500,500,9,9"], False),  # elsewhere in the picture
        (["1,90,0,14,10,28,30", "2,10,0,500,500,9,9"], False),  # at another time
    ],
)
def test_an_answer_belongs_to_the_passage_whichever_moments_are_cut(tmp_path, boxes, is_found):
    place = Place(tmp_path)
    clips = [clip._replace(where=f"{11 + number} 10 10 30 30") for number, clip in enumerate(place.cards[0].clips)]
    place.cards[0] = replace(place.cards[0], clips=clips)
    place.open().labels.decide([("training", [0, 1])], "positive")
    labels = place.folder / "clips/labels.csv"
    labels.write_text(re.sub("^2[^,]+", "2026-05-02T10:00:00+02:00", labels.read_text(), flags=re.MULTILINE))
    _cut_other_moments(place, boxes)
    opened = place.open("bob")
    assert opened.labels.decision(0) == ("positive" if is_found else None)
    names = [Path(path).name for path in place.lie()]
    assert (names == [f"{place.cards[0].video}_77_0.jpg"]) is is_found and len(names) == (1 if is_found else 2)
    assert ("were found again, and their answers stay" in place.told[0]) is is_found
    again = place.open()
    assert again.labels.decision(0) == ("positive" if is_found else None)
    if is_found:  # The old answer is not taken for a new one, which would outvote a later review.
        assert again.journal.history.labels[names[0]] == Label("ann", "positive", "2026-05-02T10:00:00+02:00")
        assert again.labels.was_asked("training", 0)


def test_a_name_that_another_passage_has_now_takes_no_answer_along(tmp_path):
    place = Place(tmp_path)
    first = place.cards[0].clips[0]
    place.cards[0] = replace(place.cards[0], clips=[first._replace(where="11 10 10 30 30")])
    place.open().labels.decide([("training", [0])], "positive")
    place.cards[0] = replace(place.cards[0], clips=[first._replace(where="11 400 300 30 30")])
    Path(first.path).unlink()
    Path(first.path).write_bytes(b"a branch that was found only now")
    (place.folder / "motion/boxes.csv").write_text("track,frame,seconds,x,y,w,h\n1,11,0,400,300,30,30\n")
    assert place.open().labels.decision(0) is None and len(place.lie()) == 1
    assert "The new settings cut other moments than those of 1 sorted clip." in place.told[0]


def test_a_film_that_cannot_be_read_is_taken_for_the_one_it_was(place):
    place.cards = [replace(card, film="") for card in place.cards]
    labels = place.open().labels
    assert labels.decision(0) == "positive" and place.told == []
