"""What the page can ask of the program, and who may."""

import pytest
from meerkat.sorting import server
from meerkat.sorting.advice import Adviser
from sorting_place import SEED, Place


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _client(place, person="ann"):
    opened = place.open(person)
    adviser = Adviser(opened.labels, opened.chooser, opened.looks, opened.opinions, 0.95, SEED)
    return server.application(opened.labels, opened.folders, opened.questions, adviser, "<p>page</p>", "secret").test_client()


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
    assert client.get("/secret/clip/1").data == place.names(0)[1].encode()
    told = client.post("/secret/decide", json={"task": "training", "clips": [0], "decision": "positive"}).get_json()
    assert told["training"]["creek"]["positive"] == 1 and len(place.lie()) == 1
    [rest] = _ask(client, "training", held=[1])
    assert [clip["clip"] for clip in rest["cards"][0]["clips"]] == [1]  # the clip that is left
    last = client.post("/secret/undo", json={}).get_json()
    assert [clip["clip"] for clip in last["question"]["cards"][0]["clips"]] == [0] and last["task"] == "training"
    assert place.lie() == [] and client.post("/secret/undo", json={}).get_json() == {"question": None}


def test_suggestions_are_for_training_only(client):
    for clip, decision in ((0, "positive"), (1, "positive")):
        client.post("/secret/decide", json={"task": "training", "clips": [clip], "decision": decision})
    assert {question["suggestion"] for task in ("training", "testing") for question in _ask(client, task)} == {""}


def test_each_task_has_its_advice(client, place):
    said = {task: client.get(f"/secret/advice?task={task}").get_json() for task in ("training", "testing", "second look", "second opinion")}
    assert "Too early" in said["training"]["text"] and "73 passages with an animal" in said["testing"]["text"]
    assert said["second look"]["isEnough"] and "without seeing it" in said["second opinion"]["text"] and said["training"]["curve"] == []
    client.post("/secret/decide", json={"task": "testing", "clips": [4, 5], "decision": "positive"})
    client.post("/secret/decide", json={"task": "testing", "clips": [6, 7], "decision": "negative"})
    assert "(1 so far)" in client.get("/secret/advice?task=testing").get_json()["text"]
    other = _client(place, "ben")
    other.post("/secret/decide", json={"task": "second opinion", "clips": [4, 5], "decision": "negative"})
    other.post("/secret/decide", json={"task": "second opinion", "clips": [6, 7], "decision": "negative"})
    assert "1 of 2 passages judged alike. Cohen's kappa: 0.00" in other.get("/secret/advice?task=second opinion").get_json()["text"]
    assert other.get("/secret/advice?task=second look").get_json()["text"].startswith("1 label may be wrong")


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
    ("decide", {"task": "training", "clips": [], "decision": "positive"}),
    ("decide", {"task": "training", "clips": [77], "decision": "positive"}),
    ("decide", {"task": "training", "clips": [-1], "decision": "positive"}),
    ("decide", {"task": "training", "clips": [1e400], "decision": "positive"}),
    ("decide", {"task": "training", "clips": [0], "decision": "../../x"}),
    ("decide", {"task": "check", "clips": [0], "decision": "positive"}),
]


@pytest.mark.parametrize("path, body", NONSENSE)
def test_requests_that_make_no_sense_change_nothing(client, place, path, body):
    assert client.post(f"/secret/{path}", json=body).status_code == 400
    assert client.post(f"/secret/{path}", data="card=0&decision=positive").status_code == 415  # as a form of another site would send it
    assert not (place.folder / "clips").exists()


def test_cards_that_the_page_does_not_have_do_no_harm(client):
    assert _ask(client, "training", held=[0, 1, 77, 10**30, -5]) == []


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(client, place):
    decision = {"task": "training", "clips": [0, 1], "decision": "positive"}
    (place.folder / "clips").write_text("a file where the folder should be")
    answer = client.post("/secret/decide", json=decision)
    assert answer.status_code == 507 and "Nothing was lost" in answer.get_json()["problem"]
    (place.folder / "clips").unlink()
    assert client.post("/secret/decide", json=decision).status_code == 200 and len(place.lie()) == 2
