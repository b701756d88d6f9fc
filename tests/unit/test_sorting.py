"""Sorting in the browser: which cards are asked for, where decisions go, and who may send them."""

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from meerkat.data.labels import NEGATIVE, POSITIVE
from meerkat.sorting import cards, server, sides
from meerkat.sorting.choice import Chooser
from meerkat.sorting.folders import Folders
from meerkat.sorting.journal import Journal
from meerkat.sorting.session import Session

WIDTH = 8


def _embeddings(number, seed=0):
    """Two clouds that overlap a little: the first half is positive."""
    random = np.random.default_rng(seed)
    centres = np.where(np.arange(number) < number / 2, 1.0, -1.0)[:, None]
    return (random.normal(size=(number, WIDTH)) + centres).astype(np.float16)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 60), st.integers(1, 30), st.integers(0, 12))
def test_cards_that_are_asked_for_are_different_candidates(number, wanted, known):
    chooser = Chooser(_embeddings(60), 1)
    labels = {card: POSITIVE if card < 30 else NEGATIVE for card in np.random.default_rng(2).permutation(60)[:known].tolist()}
    candidates = [card for card in range(number) if card not in labels]
    found = chooser.next(labels, candidates, wanted)
    assert len(found) == len(set(found)) == min(wanted, len(candidates)) and set(found) <= set(candidates)


def test_the_least_certain_cards_are_asked_for_once_both_classes_are_known():
    embeddings = _embeddings(400)
    labels = {card: POSITIVE if card < 200 else NEGATIVE for card in [*range(20), *range(380, 400)]}
    found = Chooser(embeddings, 1).next(labels, range(20, 380), 10)
    certainty = np.abs(embeddings.astype(float).sum(axis=1))
    assert certainty[found].mean() < 0.6 * certainty[20:380].mean()


def test_the_first_cards_differ_from_each_other():
    embeddings = np.zeros((300, WIDTH), np.float16)
    embeddings[:, 0] = 1
    embeddings[:WIDTH] = np.eye(WIDTH)  # all others look the same
    assert len(set(Chooser(embeddings, 1).next({}, range(300), WIDTH)) & set(range(WIDTH))) >= WIDTH - 1


def test_about_a_fifth_of_the_videos_is_for_testing_and_stays_so():
    videos = [f"film{number}" for number in range(1000)]
    drawn = {video for video in videos if sides.split_of(video, 1) == "eval"}
    assert 150 < len(drawn) < 250
    assert drawn != {video for video in videos if sides.split_of(video, 2) == "eval"}


@pytest.fixture
def place(tmp_path):
    """A folder with motion of two videos, one for each side, with two tracks of two clips each; gives it and the cards."""
    training = next(f"film{number}" for number in range(100) if sides.split_of(f"film{number}", 1) == "train")
    testing = next(f"film{number}" for number in range(100) if sides.split_of(f"film{number}", 1) == "eval")
    found = []
    for video, site in [(training, "creek"), (testing, "")]:
        (tmp_path / "motion" / video / "clips").mkdir(parents=True)
        for track in (1, 2):
            files = [f"{video}_{track}{number}_0.jpg" for number in range(2)]
            for file in files:
                (tmp_path / "motion" / video / "clips" / file).write_bytes(file.encode())
            found.append(cards.Card(video, site, track, files))
    return tmp_path, found


def _session(place):
    folder, found = place
    folders = Folders(folder / "clips", folder / "motion")
    return Session(found, Chooser(_embeddings(4), 1), folders, Journal(folder / "clips/labels.csv", "ann"), 1)


def _lie(folder):
    return sorted(str(path.relative_to(folder / "clips")) for path in (folder / "clips").rglob("*.jpg"))


def _journal(folder):
    with (folder / "clips/labels.csv").open(newline="") as file:
        return [(row["person"], row["video"], row["track"], row["split"], row["decision"]) for row in csv.DictReader(file)]


def test_the_table_of_cards_comes_back(place, tmp_path):
    _, found = place
    (tmp_path / "cards.csv").write_text(cards.text(found))
    assert cards.read(tmp_path / "cards.csv") == found


def test_a_decision_puts_the_clips_into_the_folders_and_can_be_changed_and_undone(place):
    folder, found = place
    session = _session(place)
    video = found[0].video
    session.decide(0, "positive")
    assert _lie(folder) == [f"Training/Positive/creek/{file}" for file in found[0].files]
    source = folder / "motion" / video / "clips" / found[0].files[0]
    assert (folder / "clips/Training/Positive/creek" / found[0].files[0]).samefile(source)
    session.decide(0, "negative")
    session.decide(2, "unsure")
    assert _lie(folder) == [f"Testing/Unsure/{file}" for file in found[2].files] + [
        f"Training/Negative/creek/{file}" for file in found[0].files
    ]
    assert session.undo() == 2 and session.undo() == 0
    assert _lie(folder) == [f"Training/Positive/creek/{file}" for file in found[0].files]
    assert session.undo() == 0 and session.undo() is None
    assert session.progress()["train"] == {"positive": 0, "negative": 0, "unsure": 0, "all": 2} and _lie(folder) == []
    assert [row[4] for row in _journal(folder)] == ["positive", "negative", "unsure", "undone", "positive", "undone"]


def test_a_card_that_cannot_be_moved_whole_stays_where_it_was(place):
    folder, found = place
    session = _session(place)
    session.decide(0, "positive")
    gone = folder / "motion" / found[0].video / "clips" / found[0].files[1]
    data = gone.read_bytes()
    gone.unlink()
    with pytest.raises(OSError, match="No such file"):
        session.decide(0, "negative")
    positives = [f"Training/Positive/creek/{file}" for file in found[0].files]
    assert _lie(folder) == positives and session.progress()["train"]["positive"] == 1
    gone.write_bytes(data)
    session.decide(0, "negative")
    (folder / "clips/labels.csv").rename(folder / "journal.csv")
    (folder / "clips/labels.csv").mkdir()
    with pytest.raises(OSError, match="Is a directory"):
        session.undo()
    assert _lie(folder) == [f"Training/Negative/creek/{file}" for file in found[0].files]
    (folder / "clips/labels.csv").rmdir()
    (folder / "journal.csv").rename(folder / "clips/labels.csv")
    assert session.undo() == 0 and _lie(folder) == positives


def test_what_a_killed_program_left_half_done_is_put_right(place):
    folder, found = place
    _session(place).decide(0, "positive")
    other = folder / "clips/Training/Negative/creek"
    other.mkdir(parents=True)
    (other / found[0].files[0]).hardlink_to(folder / "motion" / found[0].video / "clips" / found[0].files[0])
    with (folder / "clips/labels.csv").open("a") as file:
        file.write("2026-11-26T09:00:57+00:00,an")  # torn
    session = _session(place)
    assert _lie(folder) == [f"Training/Positive/creek/{file}" for file in found[0].files]
    session.decide(1, "unsure")
    assert _journal(folder)[-1] == ("ann", found[1].video, "2", "train", "unsure")


SITES = {"../../x": "_.._x", "/tmp/x": "_tmp_x", "..": "", ".hidden": "hidden", "Negative": "site Negative", "a/b": "a_b"}


@pytest.mark.parametrize("site, name", SITES.items())
def test_a_site_is_one_folder_and_means_nothing_else(place, site, name):
    folder, found = place
    found[0] = cards.Card(found[0].video, site, 1, found[0].files)
    _session(place).decide(0, "positive")
    assert _lie(folder) == sorted(str(Path("Training/Positive") / name / file) for file in found[0].files)
    assert _session(place).progress()["train"]["positive"] == 1


def test_what_lies_in_the_folders_counts_whoever_put_it_there(place):
    folder, found = place
    _session(place).decide(0, "positive")
    by_hand = folder / "clips/training/negatives"
    by_hand.mkdir(parents=True)
    (by_hand / found[1].files[1]).write_bytes(b"moved with a file manager")
    again = _session(place)
    assert again.progress()["train"] == {"positive": 1, "negative": 1, "unsure": 0, "all": 2} and again.next("train", 9, set()) == []
    assert again.next("eval", 9, set()) == [2, 3] and again.next("eval", 9, {2}) == [3] and again.undo() is None


@pytest.fixture
def client(place):
    folder, _ = place
    session = _session(place)
    return server.application(session, Folders(folder / "clips", folder / "motion"), "<p>page</p>", "secret").test_client()


def test_the_page_asks_and_decides(client, place):
    folder, found = place
    assert client.get("/secret/").text == "<p>page</p>"
    asked = client.get("/secret/cards?split=train&number=5").get_json()
    assert sorted(card["card"] for card in asked) == [0, 1] and asked[0]["site"] == "creek" and asked[0]["clips"] == 2
    assert client.get("/secret/clip/0/1").data == found[0].files[1].encode()
    assert client.post("/secret/decide", json={"card": 0, "decision": "positive"}).get_json()["train"]["positive"] == 1
    assert len(_lie(folder)) == 2
    told = client.post("/secret/undo", json={}).get_json()
    assert told["card"]["card"] == 0 and told["progress"]["train"]["positive"] == 0 and _lie(folder) == []


@pytest.mark.parametrize(
    "path, headers, status",
    [
        ("/", {}, 404),
        ("/wrong/", {}, 404),
        ("/secret/", {"Host": "evil.example"}, 403),
        ("/secret/", {"Origin": "http://evil.example"}, 403),
        ("/secret/clip/0/7", {}, 404),
        ("/secret/clip/9/0", {}, 404),
        ("/secret/clip/../../labels.csv", {}, 404),
        ("/secret/cards?split=all&number=5", {}, 400),
        ("/secret/cards?split=train&number=5000", {}, 400),
    ],
)
def test_strangers_and_nonsense_are_refused(client, path, headers, status):
    assert client.get(path, headers=headers).status_code == status


@pytest.mark.parametrize(
    "body", [{}, {"card": 77, "decision": "positive"}, {"card": 0, "decision": "../../x"}, {"card": "x", "decision": "unsure"}]
)
def test_decisions_that_are_none_change_nothing(client, place, body):
    assert client.post("/secret/decide", json=body).status_code == 400
    assert client.post("/secret/decide", data="card=0&decision=positive").status_code == 415  # as a form of another site would send it
    assert not (place[0] / "clips").exists()


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(client, place):
    folder, _ = place
    (folder / "clips").write_text("a file where the folder should be")
    answer = client.post("/secret/decide", json={"card": 0, "decision": "positive"})
    assert answer.status_code == 507 and "Nothing was lost" in answer.get_json()["problem"]
    (folder / "clips").unlink()
    assert client.post("/secret/decide", json={"card": 0, "decision": "positive"}).status_code == 200 and len(_lie(folder)) == 2
