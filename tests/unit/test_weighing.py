"""What a passage did counts beside its pixels, if that helps; and the threshold finds the wanted share of visits."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat.tables import csv_text
from meerkat.video.boxes import Box
from meerkat.video.motion_files import CLIP_COLUMNS
from meerkat.visits import known_passages
from meerkat.visits.fitting import ENOUGH, fit, visit_threshold
from meerkat.visits.known_passages import KnownPassage
from meerkat.visits.movement import Movement, movements
from meerkat.visits.passages import Passage
from meerkat.visits.weighing import BURSTS, FILMS, PIXELS_ALONE, Weighing, read_weighing


def _boxes(**tracks):
    """Boxes of 10 x 10 pixels at x, one each second."""
    rows = [
        {"track": int(name[1:]), "frame": second + 1, "seconds": float(second), "x": x, "y": 5, "w": 10, "h": 10}
        for name, places in tracks.items()
        for second, x in enumerate(places)
    ]
    return pd.DataFrame(rows).sort_values(["frame", "track"], ignore_index=True)


def test_a_walk_goes_straight_and_a_branch_does_not():
    walk, branch, flash = (movements(_boxes(t1=[0, 100, 200, 300], t2=[0, 100, 0, 100, 0], t3=[7]))[track] for track in (1, 2, 3))
    assert walk.straightness == pytest.approx(300 / 301) and branch.straightness == 0 and flash.straightness == 0
    assert np.exp(walk.duration) == pytest.approx(3.2) and np.exp(branch.duration) == pytest.approx(4.2)
    assert np.exp(walk.crowd) == pytest.approx((3 + 2 + 2 + 2) / 4) and np.exp(flash.crowd) == pytest.approx(3)


def test_a_film_in_which_nothing_moved_has_no_movements():
    assert movements(_boxes(t1=[0]).iloc[:0]) == {}


def _known(number, says, seed=0):
    """Known passages of 40 films, half of them animals. The pixels say a little; `says` is how much the straightness says."""
    random = np.random.default_rng(seed)
    animal = np.arange(number) % 2 == 0
    pixels, straight = random.normal(animal - 0.5, 1), random.normal(says * animal, 0.3)
    return [
        KnownPassage(f"film{place % 40}", place, bool(animal[place]), pixels[place], Movement(0.0, straight[place], 0.0), 0, 1)
        for place in range(number)
    ]


def test_what_a_passage_did_counts_if_it_says_something():
    fitted = fit(_known(400, says=1.0))
    assert fitted.log_loss["weighed"] < 0.7 * fitted.log_loss["pixels"] and "log loss" in fitted.says
    weights = fitted.facts["weights"]
    assert weights["straightness"] > 3 and abs(weights["duration"]) < 1e-6 < weights["pixels"]
    new = _known(2000, says=1.0, seed=1)
    passages = [Passage(one.track, 0, 1, 1 / (1 + np.exp(-one.pixels)), "", 1, Box(0, 0, 1, 1)) for one in new]
    weighed = Weighing(0.5, {FILMS: fitted.weights, BURSTS: None}).weigh(passages, lambda: {one.track: one.movement for one in new}, FILMS)
    right = [np.mean([(one.score > 0.5) == known.is_animal for one, known in zip(of, new, strict=True)]) for of in (passages, weighed)]
    assert right[1] > 0.9 > 0.75 > right[0]
    assert weighed[0]._replace(score=0) == passages[0]._replace(score=0)


def test_the_pixels_decide_alone_if_there_is_too_little_or_nothing_to_learn():
    nothing = [one._replace(movement=Movement(0.0, 0.0, 0.0)) for one in _known(400, says=0.0)]
    few, noise = fit(_known(2 * ENOUGH - 1, says=1.0)), fit(nothing)
    assert few.weights is None and "30 sorted passages" in few.reason and few.log_loss == {}
    assert noise.weights is None and "not predict" in noise.says
    assert fit([]).weights is None and fit([one._replace(video="one") for one in _known(400, says=1.0)]).weights is None
    herd = [one._replace(video="herd" if one.is_animal else one.video) for one in _known(400, says=1.0)]
    assert fit(herd).weights is None  # no other film says what animals do
    scores = Weighing(0.5, PIXELS_ALONE).weigh([Passage(1, 0, 1, 0.3, "", 1, Box(0, 0, 1, 1))], None, FILMS)
    assert [one.score for one in scores] == [0.3]


@given(st.lists(st.floats(0, 1), min_size=0, max_size=120), st.sampled_from([0.9, 0.95, 0.99]))
def test_the_threshold_finds_the_wanted_share_of_the_visits(scores, recall):
    known = [(KnownPassage(f"film{place}", 1, True, 0, Movement(0, 0, 0), 0, 1), score) for place, score in enumerate(scores)]
    blank = [(KnownPassage("blank", 1, False, 0, Movement(0, 0, 0), 0, 1), 0.99)]
    threshold, visits = visit_threshold([*known, *blank], recall, pause=30)
    assert visits == len(scores) and (threshold is None) == (len(scores) + 1 < round(1 / (1 - recall)))
    if threshold is not None:
        assert np.mean([score >= threshold for score in scores]) >= recall


def test_a_visit_is_found_if_one_of_its_passages_is():
    def passage(film, begin, score):
        return KnownPassage(film, begin, True, 0, Movement(0, 0, 0), begin, begin + 5), score

    visits = [passage(f"film{number}", 0, 0.8) for number in range(19)] + [passage(f"film{number}", 10, 0.1) for number in range(19)]
    assert visit_threshold(visits, 0.95, pause=30) == (0.8, 19)
    assert visit_threshold(visits, 0.95, pause=1) == (0.1, 38)


def test_known_passages_come_from_the_clips_of_training(tmp_path):
    folder = tmp_path / "film"
    folder.mkdir()
    clips = [
        ("film", track, 1, "0:00:00", 0, 0, 10, 10, f"film_000000{track}_{n}.jpg", 1, "", "", "motion", "")
        for track in (1, 2, 3)
        for n in (0, 1)
    ]
    (folder / "clips.csv").write_text(csv_text([CLIP_COLUMNS, *clips]))
    _boxes(t1=[0, 100], t2=[0, 0, 0], t3=[0]).to_csv(folder / "boxes.csv", index=False)
    names = ["clips/Training/Positive/creek/film_0000001_0.jpg", "clips/Training/Positive/film_0000001_1.jpg", "x/film_0000002_0.jpg"]
    names += ["x/film_0000003_0.jpg", "x/film_0000003_1.jpg", "x/other.jpg"]
    labels = ["positive", "positive", "negative", "positive", "negative", "positive"]  # the third track is not clear
    table = pd.DataFrame({"path": names, "label": labels, "p_positive": [0.9, 0.5, 0.5, 0.9, 0.9, 0.1]})
    first, second = known_passages.read(table, tmp_path, ["film"])
    assert (first.track, first.is_animal, first.begin, first.end) == (1, True, 0, 1) and first.pixels == pytest.approx(np.log(9) / 2)
    assert (second.track, second.is_animal, second.pixels) == (2, False, 0) and second.movement == movements(
        _boxes(t1=[0, 100], t2=[0, 0, 0], t3=[0])
    )[2]


def test_weights_are_read_as_they_were_written(tmp_path):
    kinds = {FILMS: fit(_known(400, says=1.0)), BURSTS: fit([])}
    (tmp_path / "w.json").write_text(json.dumps({"threshold": 0.4, "kinds": {kind: fitted.facts for kind, fitted in kinds.items()}}))
    weighing = read_weighing(tmp_path / "w.json")
    assert weighing == Weighing(0.4, {kind: fitted.weights for kind, fitted in kinds.items()}) and weighing.weighs == [FILMS]
