"""Heads that each hold out a fold, and their mean."""

import numpy as np
import pytest
from meerkat.data.origins import Origins
from meerkat.train import head, training
from meerkat.train.cross_fitting import CrossFitting, head_of
from meerkat.train.training_clips import TrainingClips

RANDOM = np.random.default_rng(5)
SETTINGS = training.Settings(hidden_units=8, batch_size=20, max_steps=60, learning_rate=0.01)


def _fitting(width=12, videos=30):
    embeddings = RANDOM.random((videos * 6, width), dtype=np.float32)
    names, labels = ["Positive"] * 3 + ["Negative"] * 3, np.tile([0, 0, 0, 1, 1, 1], videos)
    paths = [f"Training/{name}/cam{video:02d}_{index}_0.jpg" for video in range(videos) for index, name in enumerate(names)]
    embeddings[labels == 0, :3] += 0.5
    clips = TrainingClips(np.array(paths, object), labels, embeddings, *Origins().of(paths), np.arange(len(paths)), Origins())
    return CrossFitting(clips, "weight", 5, SETTINGS)


def test_a_clip_is_scored_by_the_head_that_never_saw_it():
    fitting = _fitting()
    examples, parts = fitting.examples, fitting.folds
    heads = list(map(head_of, fitting.fit(2)))
    margins = fitting.margins(heads)
    assert np.mean((margins > 0) == (examples.labels == 0)) > 0.75
    for place in (0, 100):
        alone = heads[parts.fold[place]].margins(examples.embeddings[place : place + 1])
        assert margins[place] == pytest.approx(alone[0], rel=1e-5)
    # A fold's head knows nothing of the fold: with other clips in it, only they get other scores.
    changed = training.Examples(examples.embeddings.copy(), examples.labels, examples.weights)
    changed.embeddings[parts.held_out(2)] = 0
    again, same = (
        training.train(
            clips.part(parts.train(2)),
            examples.part(parts.held_out(2)),
            SETTINGS,
            training.Optimizer(12, SETTINGS),
        )
        for clips in (changed, examples)
    )
    assert np.array_equal(again.parameters[0], same.parameters[0])


def test_the_mean_of_heads_has_the_mean_of_their_logits():
    fitting = _fitting()
    heads, examples = list(map(head_of, fitting.fit(2))), fitting.examples
    whole = head.mean(heads)
    wanted = np.mean([one.margins(examples.embeddings) for one in heads], axis=0)
    np.testing.assert_allclose(whole.margins(examples.embeddings), wanted, atol=1e-5)
    np.testing.assert_allclose(whole.scaled(0.5, 1.5).margins(examples.embeddings), wanted / 2 + 1.5, atol=1e-5)
    assert not np.array_equal(heads[0].hidden_kernel, heads[1].hidden_kernel)


def test_heads_do_not_depend_on_how_many_are_trained_at_a_time():
    fitting = _fitting()
    for one, other in zip(fitting.fit(1), fitting.fit(2), strict=True):
        assert one.history == other.history
        assert all(np.array_equal(a, b) for a, b in zip(one.best_parameters, other.best_parameters, strict=True))
