"""What the page for reviewing visits can ask of the program, and what becomes of the answers: in reviews.csv, and as labels."""

import shutil
import time
from dataclasses import replace

import cv2
import numpy as np
import pytest
from conftest import SAMPLES
from meerkat.audit import server as audit_server
from meerkat.audit.auditor import Auditor, draw_new_films
from meerkat.audit.draws import Draws
from meerkat.audit.looks import Looks
from meerkat.review import server
from meerkat.review.desk import Desk
from meerkat.review.films import ReviewedFilm
from meerkat.review.labels import Labels
from meerkat.sorting import pool
from meerkat.sorting.opened import open_answers
from meerkat.tables import csv_text
from meerkat.video.boxes import Box
from meerkat.video.film_ids import id_of
from meerkat.video.film_pieces import FilmPieces
from meerkat.video.motion_files import CLIP_COLUMNS
from meerkat.video.sheets import Sheets
from meerkat.video.video_files import Videos
from meerkat.visits import sorted_passages
from meerkat.visits.names import Names
from meerkat.visits.passages import Passage
from meerkat.visits.reviews import Reviews
from meerkat.visits.truth import Span
from sorting_place import SEED, identity_of, video_for

CLIP = SAMPLES / "Training/Positive/cam01_41_0.jpg"
# Track, begin, end and score of what moved: two visits of the model, and leaves.
MOVED = [(1, 1.0, 3.0, 0.9), (2, 4.0, 5.0, 0.7), (3, 6.0, 7.0, 0.1)]
TRAIN, TEST = 0, 1


class Place:
    """Two searched films, one for each side, and the folder of what people say."""

    def __init__(self, folder):
        self.folder, self.said, self.motion = folder, folder / "clips", folder / "motion"
        self.videos = [video_for("train"), video_for("eval")]
        for video in self.videos:
            (self.motion / video / "clips").mkdir(parents=True)
            rows, boxes = [], []
            for track, begin, end, _ in MOVED:
                for number, seconds in enumerate((begin, end)):
                    file = f"{video}_{int(25 * seconds):07d}_{number}.jpg"
                    shutil.copy(CLIP, self.motion / video / "clips" / file)
                    box = (10 * track, 5, 20, 20)
                    rows.append(
                        (video, track, int(25 * seconds), f"0:00:0{seconds:.3f}", *box, file, int(number == 0), "", "", "motion", "")
                    )
                    boxes.append((track, int(25 * seconds), seconds, *box))
            (self.motion / video / "clips.csv").write_text(csv_text([CLIP_COLUMNS, *rows]))
            (self.motion / video / "boxes.csv").write_text(csv_text([("track", "frame", "seconds", "x", "y", "w", "h"), *boxes]))
            (self.motion / video / "parameters.csv").write_text("Width,100\nHeight,50\nPictures,\nFirst frame at,0\nSeconds,8\n")

    def passages(self, video):
        return [
            Passage(track, begin, end, score, f"{video}_{int(25 * begin):07d}_0.jpg", int(25 * begin), Box(10 * track, 5, 20, 20))
            for track, begin, end, score in MOVED
        ]

    def cards(self):
        for video in self.videos:
            for track, begin, end, _ in MOVED:
                files = [f"{video}_{int(25 * seconds):07d}_{number}.jpg" for number, seconds in enumerate((begin, end))]
                clips = [pool.CardClip(str(self.motion / video / "clips" / file), file, "") for file in files]
                yield pool.Card(video, "creek", str(track), clips, identity_of(video))

    def open(self, person="ann", threshold=0.5):
        paths = {video: f"/films/{video}.mp4" for video in self.videos}
        films = [
            ReviewedFilm(video, paths[video], identity_of(video), self.motion, f"{video}.mp4", "creek", "", 10.0, self.passages(video))
            for video in self.videos
        ]
        opened = open_answers(list(self.cards()), self.said, person, SEED)
        log = Reviews(self.said / "reviews.csv", for_writing=True)
        sorted_as = sorted_passages.said_in(opened.folders, opened.journal.history, self.motion, Videos("/films", paths))
        return Desk(films, log, Labels(opened.answers), sorted_as, Names(self.said / "names.csv"), person, threshold, 0.5)

    def labels(self):
        return sorted(path.parent.name + " " + path.name.split("_")[1] for path in self.said.rglob("*.jpg"))


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


def _states(desk, film=TRAIN):
    return [(one["state"], one["begin"], one["end"], one["name"], one["count"]) for one in desk.visits(film)]


def _key(desk, number=0, film=TRAIN):
    return desk.visits(film)[number]["key"]


def test_answers_are_kept_teach_and_are_undone_also_by_the_next_program(place):
    desk = place.open()
    assert [state for state, *_ in _states(desk)] == ["machine", "machine"]
    told = desk.answer([_key(desk)], "yes", None, None)
    assert list(told["films"]) == [TRAIN] and told["changed"] == [_key(desk)]
    desk.answer([_key(desk)], None, "roe deer", 2)
    desk.answer([_key(desk, 1)], "no", None, None)
    assert _states(desk) == [("confirmed", 1, 3, "roe deer", 2), ("rejected", 4, 5, "", None)]
    assert place.labels() == ["Negative 0000100", "Negative 0000125", "Positive 0000025", "Positive 0000075"]
    desk = place.open(threshold=0.95)  # another model, which finds nothing
    assert _states(desk) == [("confirmed", 1, 3, "roe deer", 2), ("rejected", 4, 5, "", None)]
    desk.undo()
    assert _states(desk) == [("confirmed", 1, 3, "roe deer", 2)] and len(place.labels()) == 2
    assert place.open("bob").undo() == {"films": {}, "changed": []}  # another person does not undo it
    desk.undo()
    desk.undo()
    assert _states(desk) == [] and place.labels() == [] and desk.undo() == {"films": {}, "changed": []}


def test_visits_for_testing_teach_nothing_and_unsure_ones_neither(place):
    desk = place.open()
    desk.answer([_key(desk, film=TEST)], "yes", "fox", None)
    desk.answer([_key(desk)], "unsure", None, None)
    assert place.labels() == [] and _states(desk)[0][0] == "unsure" and _states(desk, TEST)[0][0] == "confirmed"
    desk.answer([_key(desk)], "yes", None, None)
    desk.answer([_key(desk)], "unsure", None, None)
    assert place.labels() == []


def test_what_a_person_has_sorted_comes_back_when_a_review_is_undone(place):
    sorting = open_answers(list(place.cards()), place.said, "ann", SEED).answers
    sorting.decide([("training", list(sorting.clips_of(0)))], "negative")
    desk = place.open()
    assert [begin for _, begin, *_ in _states(desk)] == [4]  # it was sorted as background
    desk.add(TRAIN, 1, 3)
    assert [begin for _, begin, *_ in _states(desk)] == [1, 4]
    desk.undo()
    sorting = open_answers(list(place.cards()), place.said, "ann", SEED).answers
    sorting.decide([("training", list(sorting.clips_of(0)))], "positive")
    desk = place.open()
    assert desk.visits(TRAIN)[0]["state"] == "confirmed" and desk.visits(TRAIN)[0]["isSorted"]
    desk.answer([_key(desk)], "no", None, None)
    assert place.labels() == ["Negative 0000025", "Negative 0000075"]
    desk.undo()
    assert place.labels() == ["Positive 0000025", "Positive 0000075"] and _states(desk)[0][0] == "confirmed"


def test_times_are_changed_split_joined_and_added(place):
    desk = place.open()
    desk.move(_key(desk), 1.5, 3)
    assert _states(desk)[0][:3] == ("corrected", 1.5, 3)
    desk.join([_key(desk), _key(desk, 1)])
    desk.answer([_key(desk)], None, None, 2)
    assert _states(desk) == [("corrected", 1.5, 5, "", 2)] and desk.visits(TRAIN)[0]["tracks"] == [1, 2]
    told = desk.split(_key(desk), 3.5)
    assert [state[:3] for state in _states(desk)] == [("corrected", 1.5, 3.5), ("corrected", 3.5, 5)] and len(told["changed"]) == 2
    assert [one["tracks"] for one in desk.visits(TRAIN)] == [[1], [2]]
    assert desk.visits(TRAIN)[0]["count"] is None
    desk.add(TRAIN, 8, 9.5)
    assert _states(desk)[-1] == ("corrected", 8, 9.5, "", None)
    for number in (2, 1, 1, 2):
        desk.undo()
        assert len(_states(desk)) == number
    assert _states(place.open())[0][:3] == ("corrected", 1.5, 3)


def _client(place):
    desk = place.open()
    return desk, server.application(desk, None, FilmPieces(place.folder / "pieces", 1), "<p>page</p>", "secret").test_client()


def test_wishes_that_make_no_sense_are_answered_with_a_sentence_and_change_nothing(place):
    desk, client = _client(place)
    first, second = _key(desk), _key(desk, 1)
    before = desk.visits(TRAIN)
    for path, body, words in [
        ("answer", {"visits": [first], "name": "x" * 300}, "300 letters"),
        ("answer", {"visits": [first], "name": "=1+1"}, "cannot begin with ="),
        ("answer", {"visits": [first], "count": -1}, "a number from 1 to"),
        ("answer", {"visits": [first], "count": 2.5}, "a whole number"),
        ("answer", {"visits": ["m-of-another-time"], "answer": "yes"}, "changed in another window"),
        ("move", {"visit": first, "begin": 3, "end": 2}, "must end after it begins"),
        ("move", {"visit": first, "begin": 3, "end": 99}, "The film lasts 10.0 seconds"),
        ("split", {"visit": first, "at": 9}, "Go to a moment within the visit"),
        ("join", {"visits": [first]}, "Select two or more visits of one film"),
        ("join", {"visits": [first, _key(desk, film=TEST)]}, "Select two or more visits of one film"),
    ]:
        told = client.post(f"/secret/{path}", json=body)
        assert told.status_code == 409 and words in told.get_json()["problem"], body
    for path, body in [
        ("answer", {}),
        ("answer", []),
        ("answer", {"visits": [first]}),
        ("answer", {"visits": [first, first], "answer": "yes"}),
        ("answer", {"visits": [first], "answer": "perhaps"}),
        ("answer", {"visits": [first], "count": True}),
        ("move", {"visit": first}),
        ("add", {"film": 99, "begin": 0, "end": 1}),
        ("add", {"film": -1, "begin": 0, "end": 1}),
        ("add", {"film": 0, "begin": "nan", "end": 1}),
    ]:
        assert client.post(f"/secret/{path}", json=body).status_code in (400, 409), body
    assert desk.visits(TRAIN) == before and not (place.said / "reviews.csv").exists()
    for name, key in (("fox", first), ("hare", second)):
        client.post("/secret/answer", json={"visits": [key], "name": name})
    keys = [one["key"] for one in desk.visits(TRAIN)]
    assert "different names" in client.post("/secret/join", json={"visits": keys}).get_json()["problem"]
    client.post("/secret/answer", json={"visits": keys[:1], "answer": "no"})
    assert "is no animal" in client.post("/secret/join", json={"visits": keys}).get_json()["problem"]
    client.post("/secret/answer", json={"visits": keys[1:], "count": 3})
    client.post("/secret/answer", json={"visits": keys[1:], "count": 0})
    assert desk.visits(TRAIN)[1]["count"] is None and desk.visits(TRAIN)[1]["name"] == "hare"
    assert client.post("/other/answer", json={}).status_code == 404


def test_the_page_gets_visits_pictures_and_pieces_of_films(place):
    shutil.copy(SAMPLES / "videos/meadow.mp4", place.folder / "film.mp4")
    desk, client = _client(place)
    film = place.folder / "film.mp4"
    desk.films[0].__dict__["path"] = str(film)
    assert "another film lies there now" in client.get("/secret/frame/0?at=2").get_json()["problem"]
    desk.films[0].__dict__["film"] = id_of(str(film), film.stat().st_size)
    told = client.get("/secret/visits").get_json()
    assert [film["path"] for film in told["films"]] == [f"{video}.mp4" for video in place.videos] and len(told["visits"]) == 4
    assert told["visits"][0]["box"] == [0.1, 0.1, 0.2, 0.4]
    moments = client.get("/secret/moments", query_string={"visit": told["visits"][0]["key"]}).get_json()
    assert [moment["seconds"] for moment in moments] == [1, 3]
    assert client.get(f"/secret/clip/0/{moments[1]['file']}").data == CLIP.read_bytes()
    assert client.get("/secret/clip/0/../clips.csv").status_code == 404
    assert client.get("/secret/clip/0/..%2Fclips.csv").status_code == 404
    assert client.get("/secret/boxes/0?begin=0&end=2").get_json() == [[1, 1, 0.1, 0.1, 0.2, 0.4]]
    assert client.get("/secret/passages/1").get_json() == {"moved": [[begin, end, score] for _, begin, end, score in MOVED], "stills": []}
    assert client.get("/secret/frame/0?at=2").mimetype == "image/jpeg" and client.get("/secret/frame/0?at=nan").status_code == 400
    piece = client.get("/secret/piece/0/0", headers={"Range": "bytes=4-7"})
    assert piece.status_code == 206 and piece.data == b"ftyp"
    (kept,) = (place.folder / "pieces").iterdir()
    assert kept.name == f"{desk.films[0].film}_0.mp4"
    for address in ("piece/0/9", "piece/1/0", "frame/1?at=1", "best_frame/0/9", "best_frame/9/1", "boxes/9?begin=0&end=1"):
        assert client.get(f"/secret/{address}").status_code in (404, 409, 507), address


def test_a_full_disk_changes_nothing_and_is_told(place, monkeypatch):
    desk, client = _client(place)
    key = _key(desk)

    def full(*_):
        raise OSError(28, "No space left on device", "reviews.csv")

    monkeypatch.setattr("meerkat.row_log.os.fsync", full)
    told = client.post("/secret/answer", json={"visits": [key], "answer": "yes"})
    assert told.status_code == 507 and "No space left on device" in told.get_json()["problem"]
    monkeypatch.undo()
    assert _states(desk)[0][0] == "machine" and _states(place.open())[0][0] == "machine" and place.labels() == []
    assert client.post("/secret/answer", json={"visits": [key], "answer": "yes"}).status_code == 200


def test_labels_that_a_full_disk_prevented_are_given_by_the_next_program(place, monkeypatch):
    desk = place.open()
    monkeypatch.setattr("meerkat.atomic.link", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError):
        desk.answer([_key(desk)], "yes", None, None)
    monkeypatch.undo()
    assert place.labels() == [] and _states(desk)[0][0] == "confirmed"
    assert _states(place.open())[0][0] == "confirmed" and len(place.labels()) == 2


def test_what_a_person_says_about_a_clip_after_the_review_stays(place):
    desk = place.open()
    desk.answer([_key(desk)], "yes", None, None)
    video, positives = place.videos[TRAIN], place.said / "Training/Positive"
    deleted, other = sorted(positives.rglob(f"{video}_*.jpg"))
    deleted.unlink()
    (place.said / "Training/Negative").mkdir()
    other.rename(place.said / "Training/Negative" / other.name)
    for _ in range(2):
        place.open()
        assert place.labels() == ["Negative 0000075"]


def test_a_visit_that_is_made_shorter_gives_up_what_lies_outside(place):
    desk = place.open(threshold=0.05)  # all that moved is one visit
    desk = Desk(desk.films, Reviews(place.said / "reviews.csv"), desk._labels, {}, Names(place.said / "none"), "ann", 0.05, 5)
    assert [one["tracks"] for one in desk.visits(TRAIN)] == [[1, 2, 3]]
    desk.move(_key(desk), 1, 3.5)
    assert [(one["tracks"], one["state"]) for one in desk.visits(TRAIN)] == [([1], "corrected"), ([2, 3], "machine")]
    assert place.labels() == ["Positive 0000025", "Positive 0000075"]
    desk.undo()
    desk.answer([_key(desk)], "yes", None, None)
    assert len(place.labels()) == 6
    desk.move(_key(desk), 1, 3.5)
    assert len(place.labels()) == 2
    desk.undo()
    assert len(place.labels()) == 6 and [one["state"] for one in desk.visits(TRAIN)] == ["confirmed"]


def test_labels_of_reviews_follow_another_search_and_can_still_be_taken_back(place):
    cards = list(place.cards())
    with_places = [
        pool.Card(
            card.video,
            card.site,
            card.track,
            [clip._replace(where=f"{25 * begin:.0f} {10 * track} 5 20 20") for clip in card.clips],
            card.film,
        )
        for card, (track, begin, *_) in zip(cards, MOVED * 2, strict=True)
    ]
    answers = open_answers(with_places, place.said, "ann", SEED).answers
    Labels(answers).follow(place.videos[0], {1: "yes", 2: "yes"})
    assert len(place.labels()) == 4
    # Other moments of track 1 are cut now, and track 2 is not found any more.
    video = place.videos[0]
    boxes = (place.motion / video / "boxes.csv").read_text().splitlines()
    (place.motion / video / "boxes.csv").write_text("\n".join(row for row in boxes if not row.startswith("2,")) + "\n")
    other = f"{video}_0000033_0.jpg"
    shutil.copy(CLIP, place.motion / video / "clips" / other)
    new = pool.Card(
        video, "creek", "1", [pool.CardClip(str(place.motion / video / "clips" / other), other, "33 10 5 20 20")], cards[0].film
    )
    answers = open_answers([new], place.said, "ann", SEED).answers
    assert place.labels() == ["Positive 0000033"]
    Labels(answers).follow(video, {1: None}, is_undone=True)
    assert place.labels() == []


def test_a_review_labels_its_clips_again_once_a_search_finds_its_passage_again(place):
    first, second, *_ = place.cards()
    second = replace(second, clips=[clip._replace(where="100 500 300 20 20") for clip in second.clips])
    Labels(open_answers([first, second], place.said, "ann", SEED).answers).follow(place.videos[0], {2: "yes"})
    assert place.labels() == ["Positive 0000100", "Positive 0000125"]
    open_answers([first], place.said, "ann", SEED)
    assert place.labels() == []
    for _ in range(2):
        Labels(open_answers([first, second], place.said, "ann", SEED).answers).complete(place.videos[0], {2: "yes"})
        assert place.labels() == ["Positive 0000100", "Positive 0000125"]


def test_visits_seen_in_the_audit_are_added_where_there_are_none_and_taken_back_with_the_look(place):
    desk = place.open()
    desk.see(TRAIN, [Span(2.0, 2.5), Span(8.0, 9.0)])
    assert [(visit["begin"], visit["end"], visit["state"]) for visit in desk.visits(TRAIN)][-1] == (8.0, 9.0, "corrected")
    before = len(desk.visits(TRAIN))
    place.open().see(TRAIN, [Span(2.0, 2.5), Span(8.0, 9.0)])  # as after a restart
    assert len(place.open().visits(TRAIN)) == before
    desk = place.open()
    [added] = [visit["key"] for visit in desk.visits(TRAIN) if visit["begin"] == 8.0]
    desk.answer([added], None, "fox", None)
    desk.unsee(TRAIN, [Span(8.0, 9.0)])
    assert len(desk.visits(TRAIN)) == before  # it has a name: a person has said more about it
    desk.answer([added], None, "", None)
    desk.unsee(TRAIN, [Span(8.0, 9.0)])
    assert len(desk.visits(TRAIN)) == before - 1
    [visit] = [visit["key"] for visit in desk.visits(TRAIN) if visit["begin"] == 1.0]
    desk.answer([visit], "no", None, None)
    desk.see(TRAIN, [Span(1.5, 2.0)])
    assert [visit["state"] for visit in desk.visits(TRAIN)].count("rejected") == 1 and len(desk.visits(TRAIN)) == before - 1


def _audit(place):
    """The requests of the audit: of one film that is there, and one that is gone."""
    shutil.copy(SAMPLES / "videos/meadow.mp4", place.folder / "film.mp4")
    desk, film = place.open(), place.folder / "film.mp4"
    desk.films[0].__dict__.update(path=str(film), film=id_of(str(film), film.stat().st_size))
    drawn = Draws(place.said / "draws.csv")
    draw_new_films(drawn, desk.films, 0.5, 0.5, 1)
    auditor = Auditor(desk.films, drawn, Looks(place.said / "looks.csv"), "ann", 0.5, 0.05)
    app = server.application(desk, None, FilmPieces(place.folder / "pieces", 1), "<p>page</p>", "secret")
    audit_server.add(app, "secret", auditor, desk, Sheets(place.folder / "sheets"), "<p>audit</p>")
    return app.test_client()


def test_the_audit_gives_sheets_and_refuses_what_makes_no_sense(place):
    client = _audit(place)
    assert client.get("/secret/audit").data == b"<p>audit</p>" and client.get("/other/audit/state").status_code == 404
    state = client.get("/secret/audit/state").get_json()
    [there] = [one for one in state["next"] if one["path"] == f"{place.videos[0]}.mp4"]
    sheet = {name: str(there[name]) for name in ("draw", "film", "begin")}
    pictures = cv2.imdecode(np.frombuffer(client.get("/secret/audit/sheet/pictures", query_string=sheet).data, np.uint8), cv2.IMREAD_COLOR)
    assert pictures.shape == (4 * 270, 3 * 480, 3) and len(np.unique(pictures)) > 100
    assert client.get("/secret/audit/sheet/trail", query_string=sheet).mimetype == "image/jpeg"
    assert len(list((place.folder / "sheets").iterdir())) == 2
    for name in ("other", "../looks.csv", "pictures%2F..%2F..%2Flooks.csv"):
        assert client.get(f"/secret/audit/sheet/{name}", query_string=sheet).status_code == 404
    asked = {name: there[name] for name in ("draw", "film", "begin")}
    for wrong in [{"film": "0" * 16}, {"begin": "nan"}, {"begin": None}, {"draw": 1}, {"answer": "perhaps"}, {"answer": None}]:
        assert client.post("/secret/audit/answer", json={"answer": "no"} | asked | wrong).status_code in (400, 404), wrong
    for body in ([], "no", None):
        assert client.post("/secret/audit/answer", json=body).status_code in (400, 415)
    for marks in [
        {},
        {"pictures": [99]},
        {"times": [1e9]},
        {"tracks": [77]},
        {"pictures": 3},
        {"times": ["nan"]},
        {"pictures": [None]},
        {"tracks": [1e999]},
    ]:
        told = client.post("/secret/audit/answer", json={"answer": "yes"} | asked | marks)
        assert told.status_code == 409 and "click on the pictures" in told.get_json()["problem"], marks
    assert not (place.said / "looks.csv").exists()
    client.post("/secret/audit/answer", json={"answer": "yes"} | asked | {"pictures": [11]})
    client.post("/secret/audit/answer", json={"answer": "no"} | asked)
    assert [review.answer for review in Reviews(place.said / "reviews.csv").current.values()] == []
    assert client.post("/secret/audit/undo", json={}).status_code == 200
    assert "nothing of yours to undo" in client.post("/secret/audit/undo", json={}).get_json()["problem"]


def test_a_moment_of_a_film_that_is_gone_is_not_asked_about(place):
    client = _audit(place)
    client.get("/secret/audit/state")
    for _ in range(100):
        state = client.get("/secret/audit/state").get_json()
        if state["unreachable"]:
            break
        time.sleep(0.05)
    assert state["unreachable"] == 1 and [one["path"] for one in state["next"]] == [f"{place.videos[0]}.mp4"]


def test_what_a_detector_calls_a_person_or_a_vehicle_is_suggested_as_the_name(place, monkeypatch):
    kinds = {1: "person", 2: "animal"}
    passages = place.passages("any")
    monkeypatch.setattr(place, "passages", lambda video: [one._replace(kind=kinds.get(one.track, "")) for one in passages])
    desk = place.open()
    person, animal = (_key(desk, number) for number in range(2))
    assert {key: kind for key, kind in desk.kinds().items() if key in (person, animal)} == {person: "person"}
    desk.answer([person], None, "fox", None)
    assert _key(desk) not in desk.kinds()
