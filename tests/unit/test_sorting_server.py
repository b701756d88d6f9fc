"""What the page can ask of the program, and who may."""

import re

import numpy as np
import pytest
from conftest import SAMPLES
from meerkat.advice.situation import read_sorting
from meerkat.sorting import pool, server
from meerkat.sorting.advice import Adviser
from meerkat.sorting.answers import Answers
from meerkat.sorting.choice import Chooser
from meerkat.sorting.folders import Folders
from meerkat.sorting.journal import Journal
from meerkat.sorting.last_training import LastTraining
from meerkat.sorting.opinions import Opinions
from meerkat.sorting.questions import Questions
from meerkat.sorting.second_looks import SecondLooks
from meerkat.sorting.surroundings import Surroundings
from meerkat.video.film_pieces import FilmPieces
from sorting_place import SEED, Place, clouds


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _adviser(opened, folder):
    training = LastTraining(folder / "results", opened.folders, opened.journal)
    return Adviser(opened.labels, opened.chooser, opened.looks, opened.opinions, training, folder / "state.json", 0.95, SEED)


def _client(place, person="ann"):
    opened = place.open(person)
    adviser = _adviser(opened, place.folder)
    pieces = FilmPieces(place.folder / "pieces", 1)
    surroundings = Surroundings(place.cards, None, place.folder / "motion")
    parts = (opened.labels, opened.folders, opened.questions, adviser, surroundings, pieces)
    return server.application(*parts, {}, "<p>page</p>", "secret").test_client()


@pytest.fixture
def client(place):
    return _client(place)


def _ask(client, task, number=5, held=()):
    return client.post("/secret/questions", json={"task": task, "number": number, "held": list(held)}).get_json()


def test_the_page_asks_and_decides(client, place):
    assert client.get("/secret/").text == "<p>page</p>"
    asked = {question["cards"][0]["card"]: question for question in _ask(client, "training")}
    assert set(asked) == {0, 1} and asked[0]["site"] == "creek"
    assert asked[0]["cards"][0]["clips"] == [{"clip": number, "name": name} for number, name in enumerate(place.names(0))]
    assert client.get("/secret/clip/1").status_code == 404  # these are no pictures
    for address in ("passage/0", "best_frame/0", "boxes/0?begin=0&end=1", "piece/0/0", "passage/99"):  # nor cut from a film
        assert client.get(f"/secret/{address}").status_code == 404
    told = client.post("/secret/decide", json={"task": "training", "questions": [[0]], "decision": "positive"}).get_json()
    assert told["training"]["creek"]["positive"] == 1 and len(place.lie()) == 1
    [rest] = _ask(client, "training", held=[1])
    assert [clip["clip"] for clip in rest["cards"][0]["clips"]] == [1]  # the clip that is left
    last = client.post("/secret/undo", json={}).get_json()
    assert [clip["clip"] for clip in last["questions"][0]["cards"][0]["clips"]] == [0] and last["task"] == "training"
    assert place.lie() == [] and client.post("/secret/undo", json={}).get_json() == {"questions": [], "task": None}


def _many(folder):
    """A program with two hundred cards of a hundred films, of which the first half shows animals, and some are decided."""
    (folder / "clip.jpg").write_bytes((SAMPLES / "Training/Positive/cam01_41_0.jpg").read_bytes())
    videos = [f"film{number % 100}" for number in range(200)]
    cards = [
        pool.Card(video, "", str(number), [pool.CardClip(str(folder / "clip.jpg"), f"{video}_{number}_0.jpg")])
        for number, video in enumerate(videos)
    ]
    folders, journal = Folders(folder / "clips"), Journal(folder / "clips/labels.csv", "ann")
    labels = Answers(cards, folders, journal, SEED)
    chooser, opinions = Chooser(np.tile(clouds(200), 150), videos, [""] * 200, np.zeros((200, 4)), SEED), Opinions(labels, journal, SEED)
    looks = SecondLooks(labels, opinions, [])
    adviser = Adviser(labels, chooser, looks, opinions, LastTraining(folder, folders, journal), folder / "state.json", 0.95, SEED)
    pieces, surroundings = FilmPieces(folder / "pieces", 1), Surroundings(cards, None, folder)
    questions = Questions(labels, chooser, looks, opinions)
    client = server.application(labels, folders, questions, adviser, surroundings, pieces, {}, "", "secret").test_client()
    return client, labels


def test_the_page_is_sorted_until_it_says_enough(tmp_path):
    client, _ = _many(tmp_path)
    assert client.get("/secret/clip/7").data == (tmp_path / "clip.jpg").read_bytes()
    suggested = set()
    for _ in range(9):
        for question in _ask(client, "training", 12):
            clips = [clip["clip"] for card in question["cards"] for clip in card["clips"]]
            decision = "positive" if clips[0] < 100 else "negative"
            suggested.add((question["suggestion"], decision))
            client.post("/secret/decide", json={"task": "training", "questions": [clips], "decision": decision})
    assert {("positive", "positive"), ("negative", "negative")} <= suggested  # it is right where it is sure
    assert not {("positive", "negative"), ("negative", "positive")} & suggested
    said = client.get("/secret/advice?task=training").get_json()
    assert said["next"]["title"] == "Sort Testing" and said["curve"][-1]["kappa"] > 0.9
    assert read_sorting(tmp_path / "state.json").is_settled
    drawn = re.search(r"Of (\d+) passages drawn by chance, a model from the other videos gets (\d+) right", said["text"])
    assert drawn and int(drawn[1]) >= int(drawn[2]) >= 0.8 * int(drawn[1])
    assert all(question["suggestion"] == "" for question in _ask(client, "testing"))


def test_animals_of_one_film_only_are_no_trouble_for_the_advice(tmp_path):
    client, labels = _many(tmp_path)
    for _ in range(6):
        for question in _ask(client, "training", 12):
            clips = [clip["clip"] for card in question["cards"] for clip in card["clips"]]
            decision = "positive" if labels.cards[clips[0]].video == "film1" else "negative"
            client.post("/secret/decide", json={"task": "training", "questions": [clips], "decision": decision})
        assert client.get("/secret/advice?task=training").status_code == 200


def test_nobody_is_sent_to_train_while_no_video_is_for_testing(place):
    opened = place.open("ann")
    adviser = _adviser(opened, place.folder)
    opened.labels.open[:] = 0
    assert adviser.on("training").step.title == "Train"
    opened.labels.is_testing[:] = False
    assert adviser.on("training").step.title == "Add films or stills"


def test_each_task_has_its_advice(client, place):
    said = {task: client.get(f"/secret/advice?task={task}").get_json() for task in ("training", "testing", "second look", "second opinion")}
    assert {one["next"]["title"] for one in said.values()} == {"Sort Training"} and "too early" in said["training"]["next"]["reason"]
    assert "0 of 73 passages with an animal" in said["testing"]["text"] and "No label deserves" in said["second look"]["text"]
    assert "without seeing their labels" in said["second opinion"]["text"]
    assert said["training"]["curve"] == []
    client.post("/secret/decide", json={"task": "testing", "questions": [[4, 5]], "decision": "positive"})
    assert "To get there, add films or stills" in client.get("/secret/advice?task=testing").get_json()["text"]  # one passage is left
    client.post("/secret/decide", json={"task": "testing", "questions": [[6, 7]], "decision": "negative"})
    assert client.get("/secret/advice?task=testing").get_json()["text"].startswith("1 of 73 passages")
    other = _client(place, "ben")
    other.post("/secret/decide", json={"task": "second opinion", "questions": [[4, 5]], "decision": "negative"})
    other.post("/secret/decide", json={"task": "second opinion", "questions": [[6, 7]], "decision": "negative"})
    assert "1 of 2 passages judged alike. Cohen's kappa: 0.00" in other.get("/secret/advice?task=second opinion").get_json()["text"]
    assert other.get("/secret/advice?task=second look").get_json()["text"].startswith("The model contradicts the labels of 1 passage")


@pytest.mark.parametrize(
    "path, headers, status",
    [
        ("/", {}, 404),
        ("/wrong/", {}, 404),
        ("/secret/", {"Host": "evil.example"}, 403),
        ("/secret/", {"Origin": "http://evil.example"}, 403),
        ("/secret/clip/77", {}, 404),
        ("/secret/clip/99999999999999999999", {}, 404),
        ("/secret/clip/../../labels.csv", {}, 404),
        ("/secret/advice?task=all", {}, 400),
        ("/secret/advice", {}, 400),
    ],
)
def test_strangers_and_nonsense_are_refused(client, path, headers, status):
    assert client.get(path, headers=headers).status_code == status


NONSENSE = [
    ("questions", {}),
    ("questions", {"task": "all", "number": 5, "held": []}),
    ("questions", {"task": "training", "number": 5000, "held": []}),
    ("questions", {"task": "training", "number": 5, "held": ["x"]}),
    ("decide", {}),
    ("decide", []),
    ("decide", {"task": "training", "questions": [[]], "decision": "positive"}),
    ("decide", {"task": "training", "questions": [[77]], "decision": "positive"}),
    ("decide", {"task": "training", "questions": [[-1]], "decision": "positive"}),
    ("decide", {"task": "training", "questions": [[1e400]], "decision": "positive"}),
    ("decide", {"task": "training", "questions": [[0]], "decision": "../../x"}),
    ("decide", {"task": "check", "questions": [[0]], "decision": "positive"}),
]


@pytest.mark.parametrize("path, body", NONSENSE)
def test_requests_that_make_no_sense_change_nothing(client, place, path, body):
    assert client.post(f"/secret/{path}", json=body).status_code == 400
    assert client.post(f"/secret/{path}", data="card=0&decision=positive").status_code == 415  # as a form of another site would send it
    assert not (place.folder / "clips").exists()


def test_cards_that_the_page_does_not_have_do_no_harm(client):
    assert _ask(client, "training", held=[0, 1, 77, 10**30, -5]) == []


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(client, place):
    decision = {"task": "training", "questions": [[0, 1]], "decision": "positive"}
    (place.folder / "clips").write_text("a file where the folder should be")
    answer = client.post("/secret/decide", json=decision)
    assert answer.status_code == 507 and "Nothing was lost" in answer.get_json()["problem"]
    (place.folder / "clips").unlink()
    assert client.post("/secret/decide", json=decision).status_code == 200 and len(place.lie()) == 2
