"""A head is trained as its settings say, and the same clips and settings give the same head."""

import numpy as np
import pytest
from meerkat.data.embedding_file import EmbeddingFile
from meerkat.errors import UserError
from meerkat.train import head, training

RANDOM = np.random.default_rng(5)
EMBEDDINGS = RANDOM.random((240, 32), dtype=np.float32)
LABELS = (EMBEDDINGS[:, :4].sum(axis=1) > 2).astype(np.int64)
SETTINGS = training.Settings(hidden_units=16, batch_size=30, max_steps=300, learning_rate=0.01)


def _examples(embeddings, labels):
    return training.Examples(embeddings, labels, np.ones(len(labels)))


TRAIN, EVAL = _examples(EMBEDDINGS[:200], LABELS[:200]), _examples(EMBEDDINGS[200:], LABELS[200:])


def _train(settings=SETTINGS, train_set=TRAIN, held_out=EVAL):
    return training.train(train_set, held_out, settings, training.Optimizer(32, settings))


def test_training_learns():
    state = _train()
    trained = head.Head(*state.best_parameters, {})
    accuracy = np.mean(np.argmax(trained.scores(EVAL.embeddings), axis=1) == EVAL.labels)
    assert accuracy > 0.85
    assert state.history[-1].train_loss < state.history[0].train_loss


def test_training_is_repeatable_and_the_seed_matters():
    one, same, other = _train(), _train(), _train(training.Settings(**{**vars(SETTINGS), "seed": 2}))
    assert all(np.array_equal(a, b) for a, b in zip(one.parameters, same.parameters, strict=True))
    assert not np.array_equal(one.parameters[0], other.parameters[0])


def test_a_head_is_the_same_from_a_file_as_from_memory(tmp_path):
    """So many clips that they are scored in several blocks."""
    labels = RANDOM.integers(0, 2, 5000)
    embeddings = RANDOM.random((5000, 32), dtype=np.float32)
    with (tmp_path / "embeddings").open("w+b") as file:
        file.write(embeddings)
        file.flush()
        stored = EmbeddingFile(file, 32, np.arange(5000))
        from_memory, from_file = (
            _train(train_set=_examples(rows, labels), held_out=_examples(rows, labels)) for rows in (embeddings, stored)
        )
        assert from_memory.history == from_file.history
        assert all(np.array_equal(a, b) for a, b in zip(from_memory.parameters, from_file.parameters, strict=True))
        one = head.Head(*from_file.parameters, {})
        assert np.array_equal(one.scores(embeddings), one.scores(stored))
    logits = np.maximum(embeddings @ one.hidden_kernel + one.hidden_bias, 0) @ one.output_kernel + one.output_bias
    loss = np.mean(np.logaddexp.reduce(logits, axis=1) - logits[np.arange(5000), labels])
    assert from_file.history[-1].eval_loss == pytest.approx(loss, rel=1e-5)


def test_a_head_does_not_depend_on_those_that_its_optimizer_trained_before():
    optimizer = training.Optimizer(32, SETTINGS)
    first, again = (training.train(TRAIN, EVAL, SETTINGS, optimizer) for _ in range(2))
    assert first.history == again.history
    assert all(np.array_equal(a, b) for a, b in zip(first.parameters, again.parameters, strict=True))


def test_training_stops_when_the_held_out_loss_falls_no_more():
    settings = training.Settings(hidden_units=16, batch_size=30, max_steps=100_000, patience=100, learning_rate=0.05)
    state = _train(settings)
    looks = [progress.step for progress in state.history]
    assert looks[-2] - state.best_step < 100 <= looks[-1] - state.best_step


def test_a_training_that_diverges_says_so():
    with pytest.raises(UserError, match="smaller learning_rate"):
        _train(SETTINGS.model_copy(update={"learning_rate": 1e30}))


def test_dropout_changes_the_steps():
    assert not np.array_equal(_train(training.Settings(**{**vars(SETTINGS), "dropout": 0.0})).parameters[0], _train().parameters[0])


def test_small_sets_fill_a_batch_with_several_passes():
    settings = training.Settings(hidden_units=4, batch_size=100, max_steps=20)
    few = _examples(EMBEDDINGS[:7], LABELS[:7])
    state = _train(settings, train_set=few, held_out=few)
    assert state.step == 20 and np.isfinite(state.parameters[0]).all()


def test_head_comes_back_from_its_file(tmp_path):
    one = head.Head(*training.initial_parameters(32, SETTINGS), {"fingerprint": "f"})
    head.save(one, tmp_path / "head.npz")
    same = head.load(tmp_path / "head.npz")
    assert np.array_equal(one.scores(EMBEDDINGS), same.scores(EMBEDDINGS)) and same.facts == one.facts
    head.check_fits(same, 32, frozenset({"f", ""}), ["a"])
    with pytest.raises(UserError, match="64 wide, the head takes 32"):
        head.check_fits(same, 64, frozenset({"f"}), ["a"])
    with pytest.raises(UserError, match="another backbone"):
        head.check_fits(same, 32, frozenset({"g"}), ["a"])
    whole = (tmp_path / "head.npz").read_bytes()
    for content in (b"PK", whole[: len(whole) // 2]):
        (tmp_path / "head.npz").write_bytes(content)
        with pytest.raises(UserError, match="damaged"):
            head.load(tmp_path / "head.npz")


def test_a_clip_is_drawn_as_often_as_its_weight_says():
    drawn = np.bincount(training._drawn(np.array([0.5, 0.5, 2, 1.0]), 0, 1), minlength=4)
    assert drawn.sum() == 4 and drawn[2] == 2 and drawn[3] == 1
    even = training._drawn(np.full(1000, 3.0), 7, 1)
    assert sorted(even) == list(range(1000)) and even.tolist() != sorted(even)
    many = np.bincount(np.concatenate([training._drawn(np.array([0.2, 1.8]), turn, 1) for turn in range(2000)]))
    assert many[1] / many.sum() == pytest.approx(0.9, abs=0.02)
