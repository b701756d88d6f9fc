"""Names are suggested where the head is sure, and it says how often it was right about films that it had not seen."""

import numpy as np
import pytest
from meerkat.review.suggestions import NOTHING, NameHead, Subject
from meerkat.sorting.pool import Card

KINDS = ["fox", "roe deer", "hare", "badger", "crow"]


def _visits(number, noise, seed=1):
    """Cards of so many films with one visit each, and their embeddings: a cloud for each kind."""
    random = np.random.default_rng(seed)
    centres = 3 * random.normal(size=(len(KINDS), 40))
    kinds = random.integers(0, len(KINDS), number)
    cards = [Card(f"film{film}", f"site{film % 7}", "1", []) for film in range(number)]
    return cards, centres[kinds] + noise * random.normal(size=(number, 40)), [KINDS[kind] for kind in kinds]


def _subjects(cards, names, named):
    return [Subject(f"v{place}", card.video, [1], card.site, names[place] if place in named else "") for place, card in enumerate(cards)]


def test_names_of_the_other_visits_are_suggested_after_thirty_answers():
    cards, embeddings, names = _visits(200, 2.0)
    found = NameHead(cards, embeddings).suggest(_subjects(cards, names, range(30)))
    right = [name == names[int(key[1:])] for key, name in found.names.items()]
    assert len(right) > 100 and np.mean(right) > 0.85
    assert found.of >= 15 and found.right / found.of >= 0.9 and not {f"v{place}" for place in range(30)} & set(found.names)


def test_a_kind_that_was_hardly_seen_and_noise_get_no_name():
    cards, embeddings, names = _visits(120, 2.0)
    names = [name if name != "crow" or place < 60 else "owl" for place, name in enumerate(names)]
    found = NameHead(cards, embeddings).suggest(_subjects(cards, names, range(40)))
    assert "owl" not in found.names.values()
    cards, embeddings, names = _visits(120, 40.0)
    assert len(NameHead(cards, embeddings).suggest(_subjects(cards, names, range(40))).names) < 40


def test_a_name_with_fewer_visits_than_folds_is_no_fault():
    cards, embeddings, names = _visits(200, 0.5)
    names = [f"{name} {place % 2}" for place, name in enumerate(names)]
    named = [place for name in sorted(set(names)) for place in [place for place in range(200) if names[place] == name][:3]]
    assert len(named) == 30
    found = NameHead(cards, embeddings).suggest(_subjects(cards, names, named))
    assert found.of <= 30


@pytest.mark.parametrize("named", [range(0), range(29), [place for place in range(200) if place % 5 == 0][:3]])
def test_too_few_names_suggest_nothing(named):
    cards, embeddings, names = _visits(200, 2.0)
    assert NameHead(cards, embeddings).suggest(_subjects(cards, names, named)) == NOTHING


def test_one_name_one_film_and_visits_without_embedding_suggest_nothing():
    cards, embeddings, names = _visits(40, 2.0)
    assert NameHead(cards, embeddings).suggest(_subjects(cards, ["fox"] * 40, range(30))) == NOTHING
    one_film = [Subject(f"v{place}", "film0", [1], "", name) for place, name in enumerate(names)]
    assert NameHead(cards, embeddings).suggest(one_film) == NOTHING
    unknown = [Subject(f"v{place}", "elsewhere", [1], "", name) for place, name in enumerate(names)]
    assert NameHead(cards, embeddings).suggest(unknown) == NOTHING
