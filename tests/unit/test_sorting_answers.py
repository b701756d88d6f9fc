"""Where decisions go: into the folders and the journal, whole, whatever fails or is killed."""

import csv
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas as pd
import pytest
from meerkat.errors import UserError
from meerkat.sorting import pool, second_looks, sides
from meerkat.sorting.answers import Answers
from meerkat.sorting.folders import Folders
from meerkat.sorting.journal import Journal
from meerkat.sorting.second_looks import Contradicted
from meerkat.tables import write_frame
from sorting_place import Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _journal(place):
    with (place.folder / "clips/labels.csv").open(newline="") as file:
        return [(row["person"], row["task"], row["file"], row["decision"]) for row in csv.DictReader(file)]


def _counts(opened, split="train"):
    of_sites = opened.labels.counts()[split].values()
    return {name: sum(site[name] for site in of_sites) for name in ("positive", "negative", "unsure", "all")}


def _counted(positive=0, negative=0, unsure=0):
    return {"positive": positive, "negative": negative, "unsure": unsure, "all": 2}


def _asked(opened, task, held=()):
    return [question.cards for question in opened.questions.next(task, 9, set(held))]


def test_the_table_of_cards_comes_back(place):
    (place.folder / "cards.csv").write_text(pool.text(place.cards))
    assert pool.read(place.folder / "cards.csv") == place.cards


def test_clips_that_lie_loose_have_a_place_and_a_name_of_their_own():
    assert pool.place_of_loose(Path("a_5_0.jpg")) == "a_5_0.jpg"
    assert pool.place_of_loose(Path("film1/film1_5_0.jpg")) == "film1/film1_5_0.jpg"  # as DeepMeerkat names them
    assert pool.place_of_loose(Path("hill/film1/film1_5_0.jpg")) == "hill/film1/hill-film1_5_0.jpg"
    assert pool.place_of_loose(Path("hill/100EK113/IMG_0001.JPG")) == "hill/100EK113/hill-100EK113-IMG_0001.JPG"
    assert pool.place_of_loose(Path("Negative/1.jpg")) == "site Negative/Negative-1.jpg"
    twins = [pool.Card("", "", "", [pool.CardClip(path, pool.place_of_loose(Path(path)))]) for path in ("a/b/c.jpg", "a-b/c.jpg", "d.jpg")]
    named = pool.with_names_of_their_own([(card, [digest * 64]) for card, digest in zip(twins, "123", strict=True)])
    assert [card.clips[0].place for card in named] == ["a/b/a-b-c-111111111111.jpg", "a-b/a-b-c-222222222222.jpg", "d.jpg"]
    long = pool.Card("", "", "", [pool.CardClip("x", "y" * 230 + ".jpg")])
    assert len(pool.with_names_of_their_own([(long, ["4" * 64])])[0].clips[0].place) < 100


def test_a_decision_puts_the_clips_into_the_folders_and_can_be_changed_and_undone(place):
    labels = place.open().labels
    labels.decide([("training", [0, 1])], "positive")
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(0)]
    assert (place.folder / "clips/Training/Positive/creek" / place.names(0)[0]).samefile(place.paths(0)[0])
    labels.decide([("training", [0, 1])], "negative")
    labels.decide([("testing", [4, 5])], "unsure")
    assert place.lie() == [
        *(f"Testing/Unsure/{name}" for name in place.names(2)),
        *(f"Training/Negative/creek/{name}" for name in place.names(0)),
    ]
    assert [labels.undo().questions, labels.undo().questions] == [[("testing", [4, 5])], [("training", [0, 1])]]
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(0)]
    assert labels.undo().questions == [("training", [0, 1])] and labels.undo() is None and place.lie() == []
    rows = _journal(place)
    assert [row[3] for row in rows[::2]] == ["positive", "negative", "unsure", "undone", "positive", "undone"]
    assert [row[1] for row in rows[::2]] == ["training", "training", "testing", "undo testing", "undo training", "undo training"]
    assert rows[1] == ("ann", "training", place.names(0)[1], "positive")


@pytest.mark.parametrize(
    "saved",
    [
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace(",", "\t").replace("\n", "\r\n").encode("utf-16"),
        lambda text: text.replace("\n", ",,,\n").encode("utf-8-sig"),
    ],
)
def test_a_journal_that_a_spreadsheet_saved_loses_no_answer(place, saved):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    opened.labels.decide([("check", [2, 3])], "negative")
    path = place.folder / "clips/labels.csv"
    before, data = _journal(place), saved(path.read_text())
    path.write_bytes(data)
    again = place.open("bob").labels
    assert [again.decision(clip) for clip in range(5)] == ["positive", "positive", "negative", "negative", None]
    assert again.was_asked("check", 2) and not again.was_asked("check", 0)
    again.decide([("testing", [4, 5])], "unsure")
    assert _journal(place)[: len(before)] == before and len(_journal(place)) == len(before) + 2
    assert place.open().labels.was_asked("check", 2)
    kept = [other.read_bytes() for other in path.parent.glob("labels*.csv") if other != path]
    assert kept in ([data], [])  # Empty cells alone need no other file.


def test_a_journal_of_which_nothing_can_be_read_is_refused_and_torn_lines_are_told(place, capsys):
    place.open().labels.decide([("training", [0, 1])], "positive")
    path = place.folder / "clips/labels.csv"
    text = path.read_text()
    path.write_text(text + "2026-11-28,ann,trai")
    assert place.open().labels.decision(0) == "positive" and "1 line cannot be read" in capsys.readouterr().err
    path.write_text(text.replace(",", "|"))
    with pytest.raises(UserError, match=r"labels\.csv, line 1: no answers can be read"):
        place.open()


def test_a_clip_that_is_a_relative_link_is_stored_by_its_content(place):
    """As git-annex keeps files; a link that leads nowhere is refused."""
    source, content = place.paths(0)[0], place.paths(0)[0].read_bytes()
    annex = place.folder / "annex" / source.name
    annex.parent.mkdir()
    source.rename(annex)
    source.symlink_to(os.path.relpath(annex, source.parent))
    labels = place.open().labels
    labels.decide([("training", [0])], "positive")
    lies = place.folder / "clips/Training/Positive/creek" / source.name
    assert not lies.is_symlink() and lies.read_bytes() == content
    assert place.open().labels.decision(0) == "positive"
    place.paths(1)[0].unlink()
    place.paths(1)[0].symlink_to("nowhere.jpg")
    with pytest.raises(OSError, match="No such file"):
        labels.decide([("training", [2])], "positive")
    assert place.lie() == [f"Training/Positive/creek/{source.name}"]


def test_a_mixed_card_can_be_taken_apart(place):
    opened = place.open()
    opened.labels.decide([("training", [0])], "positive")
    assert _counts(opened) == _counted(positive=1) and [[1]] in _asked(opened, "training")  # its other clip is still open
    opened.labels.decide([("training", [1])], "negative")
    first, second = place.names(0)
    assert place.lie() == [f"Training/Negative/creek/{second}", f"Training/Positive/creek/{first}"]
    assert _asked(opened, "training") == [[[2, 3]]] and _counts(place.open()) == _counted(positive=1)


def test_a_decision_that_fails_changes_nothing(place):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    gone = place.paths(1)[1]
    gone.unlink()
    with pytest.raises(OSError, match="No such file"):
        opened.labels.decide([("training", [2, 3])], "negative")
    positives = [f"Training/Positive/creek/{name}" for name in place.names(0)]
    assert place.lie() == positives and _counts(opened) == _counted(positive=1)
    (place.folder / "clips/labels.csv").rename(place.folder / "journal.csv")
    (place.folder / "clips/labels.csv").mkdir()
    for change in (lambda: opened.labels.decide([("training", [0, 1])], "negative"), opened.labels.undo):
        with pytest.raises(OSError, match="is not a file"):
            change()
        assert place.lie() == positives and _counts(opened) == _counted(positive=1)
    (place.folder / "clips/labels.csv").rmdir()
    (place.folder / "journal.csv").rename(place.folder / "clips/labels.csv")
    assert opened.labels.undo().questions == [("training", [0, 1])] and place.lie() == []


def test_the_last_copy_of_a_clip_is_never_removed(place):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    for path in place.paths(0):
        path.unlink()
    opened.labels.decide([("training", [0, 1])], "negative")  # the clips in the folders are moved
    assert place.lie() == [f"Training/Negative/creek/{name}" for name in place.names(0)]
    opened.labels.undo()
    opened.labels.undo()
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(0)]


def test_what_a_killed_program_left_half_done_is_put_right(place):
    place.open().labels.decide([("training", [0, 1])], "positive")
    other = place.folder / "clips/Training/Negative/creek"
    other.mkdir(parents=True)
    (other / place.names(0)[0]).hardlink_to(place.paths(0)[0])
    with (place.folder / "clips/labels.csv").open("a") as file:
        file.write("2026-11-26T09:00:57+00:00,an")  # torn
    opened = place.open()
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(0)]
    opened.labels.decide([("training", [2, 3])], "unsure")
    assert _journal(place)[-1] == ("ann", "training", place.names(1)[1], "unsure")


@pytest.mark.parametrize(
    "site, name",
    {"../../x": "_.._x", "/tmp/x": "_tmp_x", "..": "", ".hidden": "hidden", "Negative": "site Negative", "a/b": "a_b"}.items(),
)
def test_a_site_is_one_folder_and_means_nothing_else(tmp_path, site, name):
    place = Place(tmp_path, site)
    place.open().labels.decide([("training", [0, 1])], "positive")
    assert place.lie() == sorted(str(Path("Training/Positive") / name / file) for file in place.names(0))
    assert _counts(place.open()) == _counted(positive=1)


def test_what_a_person_writes_into_the_journal_does_not_move_clips_and_this_is_said(place, capsys):
    place.open().labels.decide([("training", [0, 1])], "positive")
    journal = place.folder / "clips/labels.csv"
    journal.write_text(journal.read_text().replace("positive", "negative"))
    assert _counts(place.open()) == _counted(positive=1)
    assert "2 clips do not lie where labels.csv says. The folders count" in "".join(capsys.readouterr())
    place.open()
    assert "do not lie" not in "".join(capsys.readouterr())


def test_what_lies_in_the_folders_counts_whoever_put_it_there(place):
    by_hand = place.folder / "clips/training/negatives"
    by_hand.mkdir(parents=True)
    place.open().labels.decide([("training", [0, 1])], "positive")
    for name in place.names(1):
        (by_hand / name).write_bytes(name.encode())
    opened = place.open()
    assert _counts(opened) == _counted(positive=1, negative=1) and _asked(opened, "training") == []
    assert _journal(place)[-1] == ("ann", "file manager", place.names(1)[1], "negative")
    assert _asked(opened, "testing", [2]) == [[[6, 7]]] and opened.labels.undo() is None
    # A clip that is moved by hand while the page is open, and then decided on, lies in one folder.
    moved = place.folder / "clips/Training/Unsure/creek"
    moved.mkdir(parents=True)
    (place.folder / "clips/Training/Positive/creek" / place.names(0)[0]).rename(moved / place.names(0)[0])
    opened.labels.decide([("training", [0, 1])], "negative")
    assert {path for path in place.lie() if "creek" in path} == {f"training/negatives/creek/{name}" for name in place.names(0)}


def test_a_folder_unsure_inside_a_class_is_unsure_for_the_page_as_it_is_for_the_training(place):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    positive = place.folder / "clips/Training/Positive"
    (positive / "unsure").mkdir()
    for name in place.names(0):
        (positive / "creek" / name).rename(positive / "unsure" / name)
    assert Folders(place.folder / "clips").counts()["train"]["positive"] == 0
    again = place.open()
    assert [again.labels.decision(clip) for clip in (0, 1)] == ["unsure", "unsure"]


def test_a_clip_that_was_moved_by_hand_lies_in_one_place_after_the_next_decision(place):
    opened = place.open()
    names = place.names(0)
    opened.labels.decide([("training", [0, 1])], "positive")
    old = [place.folder / "clips/Training/Positive/creek" / name for name in names]
    for target in ("Training/Negative", "Testing/Positive", "Training/Unsure/elsewhere"):
        (place.folder / "clips" / target).mkdir(parents=True)
        old[0].rename(place.folder / "clips" / target / names[0])  # while the page is open
        opened.labels.decide([("training", [0, 1])], "negative")
        assert place.lie() == [f"Training/Negative/creek/{name}" for name in names]
        opened.labels.decide([("training", [0, 1])], "positive")
        assert place.lie() == [f"Training/Positive/creek/{name}" for name in names]
        old[0].rename(place.folder / "clips" / target / names[0])
        again = place.open()  # while it is closed
        again.labels.decide([("training", [0, 1])], "unsure")
        assert place.lie() == [f"Training/Unsure/creek/{name}" for name in names]
        again.labels.decide([("training", [0, 1])], "positive")
    old[0].rename(place.folder / "clips/Testing/Positive" / names[0])
    while opened.labels.undo():
        pass
    assert place.lie() == []


def test_another_picture_of_the_same_name_is_no_label_of_a_clip(place):
    other = place.folder / "clips/Training/Positive/far" / place.names(0)[0]
    other.parent.mkdir(parents=True)
    other.write_bytes(b"another camera's picture with this name")
    opened = place.open()
    assert opened.labels.decision(0) is None and [[0, 1]] in _asked(opened, "training")
    opened.labels.decide([("training", [0, 1])], "negative")
    assert other.read_bytes() == b"another camera's picture with this name" and opened.labels.undo() and other.exists()


def test_a_video_stays_on_its_side_whatever_is_drawn(place):
    place.open().labels.decide([("training", [0, 1])], "positive")
    other = next(seed for seed in range(100) if sides.split_of(place.cards[0].film, seed) == "eval")  # It would be drawn for Testing.
    labels = Answers(place.cards, Folders(place.folder / "clips"), Journal(place.folder / "clips/labels.csv", "ann"), seed=other)
    assert labels.is_testing.tolist()[:2] == [False, False]
    labels.decide([("training", [0, 1])], "negative")
    assert place.lie() == [f"Training/Negative/creek/{name}" for name in place.names(0)]


def test_an_old_place_that_cannot_be_cleared_leaves_all_as_it_was(place, monkeypatch):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    unlink = Path.unlink

    def refuse(path, missing_ok=False):
        if "Training/Positive" in str(path):
            raise PermissionError(30, "Read-only file system", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(OSError, match="Read-only"):
        opened.labels.decide([("training", [0, 1])], "negative")
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(0)]
    assert _journal(place)[-1][1:] == ("undo training", place.names(0)[1], "positive")
    assert _counts(opened) == _counts(place.open()) == _counted(positive=1)


def test_lines_of_the_journal_that_are_no_rows_are_passed_over(place):
    place.open().labels.decide([("training", [0, 1])], "positive")
    journal = place.folder / "clips/labels.csv"
    journal.write_bytes(b'"unclosed quote ' + b"x" * 200_000 + b"\n" + journal.read_bytes() + b"\xff\xfe;;\n,,,,,,,nega\n")
    opened = place.open("ben")
    assert _counts(opened) == _counted(positive=1) and _asked(opened, "second opinion") == [[[0, 1]]]


def test_a_journal_in_letters_of_an_old_windows_is_refused_and_left_as_it_is(place):
    place.open().labels.decide([("training", [0, 1])], "positive")
    journal = place.folder / "clips/labels.csv"
    data = journal.read_bytes().replace(place.names(0)[0].encode(), "b\u00e4ch_1_0.jpg".encode("cp1252"))
    journal.write_bytes(data)
    with pytest.raises(UserError, match="line 2: letters that are not UTF-8"):
        place.open()
    assert journal.read_bytes() == data


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_cannot_be_written_to_is_told(place):
    (place.folder / "clips").mkdir(mode=0o500)
    with pytest.raises(OSError, match="Permission denied"):
        place.open().labels.decide([("training", [0, 1])], "positive")


def test_a_file_that_a_person_has_changed_is_left_alone(place):
    opened = place.open()
    opened.labels.decide([("training", [0, 1])], "positive")
    edited = place.folder / "clips/Training/Positive/creek" / place.names(0)[0]
    edited.unlink()
    edited.write_bytes(b"brightened by hand")
    opened.labels.decide([("second look", [0, 1])], "positive")
    assert edited.read_bytes() == b"brightened by hand"
    opened.labels.decide([("second look", [0, 1])], "negative")
    assert edited.read_bytes() == b"brightened by hand"


def test_a_second_person_sorts_blindly_and_the_two_are_compared(place):
    place.open("ann").labels.decide([("training", [0, 1])], "positive")
    assert _asked(place.open("ann"), "second opinion") == []
    place.open("ann").labels.decide([("testing", [4, 5])], "negative")
    before = place.lie()
    ben = place.open("ben")
    assert sorted(_asked(ben, "second opinion")) == [[[0, 1]], [[4, 5]]] and ben.opinions.agreement() is None
    ben.labels.decide([("second opinion", [0, 1])], "negative")
    ben.labels.decide([("second opinion", [4, 5])], "negative")
    assert _asked(ben, "second opinion") == [] and place.lie() == before
    found = ben.opinions.agreement()
    assert (found.number, found.alike, found.kappa) == (2, 1, pytest.approx(0))
    ben.labels.undo()
    assert _asked(ben, "second opinion") == [[[4, 5]]]
    ben.labels.decide([("second opinion", [4, 5])], "negative")
    # What they differ on is looked at again, by either; it is then settled, and no more an agreement than it was.
    again = place.open("ann")
    [look] = again.questions.next("second look", 9, set())
    assert look.cards == [[0, 1]] and look.reason == "ann says an animal, ben says background."
    again.labels.decide([("second look", [0, 1])], "negative")
    assert place.lie() != before and _asked(again, "second look") == []
    assert place.open("ben").opinions.agreement()[:2] == (2, 1)
    again.labels.undo()
    assert place.lie() == before and _asked(again, "second look") == [[[0, 1]]] and place.open().looks.left() == again.looks.left()
    again.labels.decide([("second look", [0, 1])], "positive")
    # An opinion that is given after the second look is a new matter.
    place.open("cia").labels.decide([("second opinion", [0, 1])], "unsure")
    assert [look.reason for look in place.open().looks.left()] == ["ann says an animal, cia says unsure."]


def test_who_undoes_leaves_the_label_to_the_one_who_gave_it(place):
    place.open("ann").labels.decide([("training", [0, 1])], "positive")
    ben = place.open("ben")
    ben.labels.decide([("training", [0, 1])], "negative")
    ben.labels.undo()
    assert _asked(place.open("ann"), "second opinion") == [] and _asked(place.open("ben"), "second opinion") == [[[0, 1]]]


def test_the_opinion_on_a_mixed_passage_is_that_of_the_passage(place):
    ann = place.open("ann")
    ann.labels.decide([("training", [0])], "positive")
    ann.labels.decide([("training", [1])], "negative")
    place.open("ben").labels.decide([("second opinion", [0, 1])], "positive")
    assert place.open().opinions.agreement()[:2] == (1, 1) and place.open().looks.left() == []


def test_labels_that_the_training_contradicts_are_looked_at_once(place):
    place.open().labels.decide([("training", [0, 1])], "positive")
    by_hand = place.folder / "clips/Testing/negative/hill"
    by_hand.mkdir(parents=True)
    (by_hand / "other_1_0.jpg").write_bytes(b"from elsewhere")
    found = [
        Contradicted(str(place.folder / "clips/Training/Positive/creek" / place.names(0)[1]), "positive", "A model differs."),
        Contradicted(str(place.folder / "clips/Training/Positive/creek" / place.names(0)[0]), "positive", "The same passage."),
        Contradicted(str(by_hand / "other_1_0.jpg"), "negative", "SecondLooks alike.", str(place.paths(0)[1])),
        Contradicted(str(place.folder / "clips/Training/Positive/creek" / place.names(1)[0]), "positive", "Not there any more."),
        Contradicted(str(by_hand / "moved_1_0.jpg"), "negative", "Not there any more."),
    ]
    opened = place.open(contradicted=found)
    first, second = opened.questions.next("second look", 9, set())
    [[clip]] = second.cards
    assert first.cards == [[0, 1]] and first.reason == "A model differs."
    assert second.beside == 1 and opened.labels.decision(clip) == "negative"
    opened.labels.decide([("second look", [0, 1])], "positive")  # confirmed
    opened.labels.decide([("second look", [clip])], "positive")
    assert "Testing/Positive/hill/other_1_0.jpg" in place.lie() and not list(by_hand.iterdir())
    assert _asked(opened, "second look") == _asked(place.open(contradicted=found), "second look") == []
    opened.labels.undo()
    assert (by_hand / "other_1_0.jpg").read_bytes() == b"from elsewhere"
    assert opened.questions.again("second look", [clip]) == second == opened.questions.next("second look", 9, set())[0]


def test_a_second_look_at_a_mixed_passage_is_at_the_clips_in_question(place):
    labels = place.open().labels
    labels.decide([("training", [0])], "positive")
    labels.decide([("training", [1])], "negative")
    path = str(place.folder / "clips/Training/Negative/creek" / place.names(0)[1])
    [look] = place.open(contradicted=[Contradicted(path, "negative", "A model differs.")]).looks.left()
    assert look.clips == [1]


def test_threads_that_ask_decide_and_undo_at_once_do_no_harm(place):
    place.open("ben").labels.decide([("training", [2, 3])], "positive")
    opened = place.open("ann")
    tasks = ["training", "testing", "second look", "second opinion"]

    def work(number):
        for turn in range(20):
            task = tasks[(number + turn) % 4]
            opened.questions.next(task, 5, set())
            opened.labels.decide([(task, [(number + turn) % 8])], ["positive", "negative", "unsure"][turn % 3])
            opened.opinions.agreement()
            opened.labels.undo()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    while opened.labels.undo():
        pass
    assert place.lie() == [f"Training/Positive/creek/{name}" for name in place.names(1)]
    again = place.open("ann")
    assert [again.labels.decision(clip) for clip in range(8)] == [opened.labels.decision(clip) for clip in range(8)]


def test_second_looks_come_from_the_tables_of_the_last_run(tmp_path):
    issues, tested, near = (tmp_path / name for name in ("issues.csv", "predictions.csv", "leaks.csv"))
    assert second_looks.find(issues, tested, near) == []
    columns = ["path", "label", "p_positive", "predicted"]
    rows = [("b.jpg", "negative", 0.9, "positive"), ("a.jpg", "negative", 0.6, "positive")]
    pd.DataFrame(rows, columns=columns).to_csv(issues, index=False)
    rows = [("c.jpg", "positive", 0.2, "negative"), ("d.jpg", "positive", 0.9, "positive"), ("e.jpg", "negative", 0.1, "negative")]
    write_frame(pd.DataFrame(rows, columns=columns), tested)
    paths = ["c.jpg", "d.jpg", "e.jpg", "new.jpg"]  # the last one came after the predictions
    table = {"path": paths, "near_duplicates": [0, 0, 2, 1], "nearest": ["", "", "b.jpg", "b.jpg"], "similarity": [0.1, 0.1, 1.0, 1.0]}
    nowhere = {name: [False] * 4 for name in ("video_in_training", "site_in_training")}
    write_frame(pd.DataFrame(table | nowhere), near)
    found = second_looks.find(issues, tested, near)
    assert [(look.path, look.label) for look in found] == [
        ("b.jpg", "negative"),
        ("a.jpg", "negative"),
        ("e.jpg", "negative"),
        ("c.jpg", "positive"),
    ]
    assert found[2].beside == "b.jpg" and "call it an animal" in found[0].reason and "calls it background" in found[3].reason
