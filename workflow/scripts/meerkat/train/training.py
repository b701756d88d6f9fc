"""Trains one head. Everything random follows from the seed and the step: the same clips and settings give the same weights.

A training that is killed begins again. That costs seconds: the heads of a million clips take a minute.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..data import embedding_file
from ..data.embedding_file import EmbeddingFile, blocks
from ..errors import UserError
from ..quiet_tensorflow import tf
from ..settings.section import Seeded
from ..settings.train import Head

# The held-out loss must fall by this much to count as lower. On easy data it keeps falling in ever smaller steps.
_MIN_DELTA = 0.001
# The first look at the losses comes after so many steps, each further one after a sixth of the steps so far, but at least as
# many: a head for a hundred clips is best after tens of steps, one for a million after thousands.
_FIRST_LOOK = 10
_LOOKS = 6
# So many clips are enough to see the two losses.
_SEEN, _SEEN_HELD_OUT = 500, 5000


@dataclass(frozen=True)
class Examples:
    """Clips to train on, or to look at.

    embeddings  float32 [clips, width]
    labels      int64 [clips], 0 = positive, 1 = negative
    weights     float64 [clips], how much each clip counts
    """

    embeddings: np.ndarray | EmbeddingFile
    labels: np.ndarray
    weights: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, key: slice | np.ndarray) -> "Examples":
        """The same without the others."""
        return Examples(embedding_file.part(self.embeddings, key), self.labels[key], self.weights[key])

    def spread(self, number: int) -> "Examples":
        """At most `number` of the clips, evenly spread, in memory."""
        part = self.part(slice(None, None, -(-len(self) // number)))
        return Examples(part.embeddings[:], part.labels, part.weights)


class Settings(Seeded, Head, use_attribute_docstrings=False):
    """How the head is trained. It adds no setting, and pydantic would look for its lines through all modules of TensorFlow."""


@dataclass(frozen=True)
class Measured:
    """What is measured at each look; losses are weighted mean cross-entropies without dropout, accuracies are weighted too."""

    step: int
    train_loss: float
    train_accuracy: float
    eval_loss: float
    eval_accuracy: float


@dataclass
class State:
    """How far a training has come. Parameters are hidden kernel and bias, output kernel and bias; the best ones had the lowest loss on the
    held-out clips."""

    step: int
    parameters: list[np.ndarray]
    best_step: int
    best_loss: float
    best_parameters: list[np.ndarray]
    history: list[Measured]


def initial_parameters(width: int, settings: Settings) -> list[np.ndarray]:
    """Kernels drawn as by Glorot and Bengio (2010), as TensorFlow 1's layers did, and biases 0."""
    random = np.random.default_rng(settings.seed)
    parameters = []
    for inputs, outputs in [(width, settings.hidden_units), (settings.hidden_units, 2)]:
        limit = np.sqrt(6 / (inputs + outputs))
        parameters += [random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    return parameters


def train(
    train_set: Examples,
    held_out: Examples,
    settings: Settings,
    optimizer: "Optimizer",
    report: Callable[[State, float], None] = lambda state, rate: None,
) -> State:
    """Train until `max_steps`, or until the held-out loss has not fallen for `patience` steps.

    Call `quiet_tensorflow.limit_threads` first. The optimizer is one for heads of the same settings but for the seed: it is compiled once,
    which takes longer than training a small head. `report` is called with the state and the steps per second after each look. Raises
    UserError when the held-out loss is no number any more.
    """
    first = initial_parameters(train_set.embeddings.shape[1], settings)
    optimizer.begin(first)
    state = State(0, first, 0, float("inf"), first, [])
    drawn = lru_cache(maxsize=2)(lambda number: _drawn(train_set.weights, number, settings.seed))
    seen, seen_held_out = train_set.spread(_SEEN), held_out.spread(_SEEN_HELD_OUT)
    while not _is_done(state, settings):
        steps = min(max(_FIRST_LOOK, state.step // _LOOKS), settings.max_steps - state.step)
        started = time.monotonic()
        for first_step, rows in _blocks(drawn, len(train_set), state.step, steps, settings.batch_size):
            optimizer.run(train_set.embeddings[rows], train_set.labels[rows], np.int32(first_step), np.int32(settings.seed))
        rate = steps / (time.monotonic() - started)
        state.step, state.parameters = state.step + steps, optimizer.parameters()
        losses = Measured(state.step, *optimizer.measure(seen), *optimizer.measure(seen_held_out))
        if not np.isfinite(losses.eval_loss):
            raise UserError(f"The training diverged at step {state.step}. Write a smaller learning_rate: under train:.")
        if losses.eval_loss < state.best_loss - _MIN_DELTA:
            state.best_step, state.best_loss, state.best_parameters = state.step, losses.eval_loss, state.parameters
        state.history.append(losses)
        report(state, rate)
    return state


def _is_done(state: State, settings: Settings) -> bool:
    return state.step >= settings.max_steps or state.step - state.best_step >= settings.patience


def _blocks(drawn: Callable[[int], np.ndarray], clips: int, step: int, steps: int, size: int) -> Iterator[tuple[int, np.ndarray]]:
    """(first step, rows int64 [steps, size]), a few steps at a time: what is gathered at once stays small.

    Clips come in shuffled passes over the whole set; a batch that reaches the end of a pass goes on with the next.
    """
    at_once = max(1, 2000 // size)
    for first in range(step, step + steps, at_once):
        places = np.arange(first * size, min(first + at_once, step + steps) * size)
        passes = range(places[0] // clips, places[-1] // clips + 1)
        order = np.concatenate([drawn(number) for number in passes])
        yield first, order[places - passes[0] * clips].reshape(-1, size)


def _drawn(weights: np.ndarray, number: int, seed: int) -> np.ndarray:
    """The pass `number`: as many rows as there are clips, in random order, each clip as often as its weight says.

    Systematic sampling (Madow and Madow, 1944): a clip of weight w comes floor(w) or ceil(w) times when the mean weight is 1. So
    equal weights give each clip once.
    """
    random = np.random.default_rng([seed, number])
    ends = np.cumsum(weights)
    # In place, for a pass may be over a million clips.
    places = np.arange(len(weights), dtype=float)
    places += random.random()
    places *= ends[-1] / len(weights)
    rows = np.searchsorted(ends, places, side="right")
    np.minimum(rows, len(weights) - 1, out=rows)
    random.shuffle(rows)
    return rows


class Optimizer:
    """A head's variables and one Adam step on them (Kingma and Ba, 2015), as compiled TensorFlow functions."""

    def __init__(self, width: int, settings: Settings):
        self._settings = settings
        shapes = [parameter.shape for parameter in initial_parameters(width, settings)]
        self._parameters, self._moments, self._velocities = ([tf.Variable(tf.zeros(shape)) for shape in shapes] for _ in range(3))

    def begin(self, parameters: Sequence[np.ndarray]) -> None:
        """Begin with these parameters."""
        for variable, parameter in zip(self._parameters, parameters, strict=True):
            variable.assign(parameter)
        for variable in [*self._moments, *self._velocities]:
            variable.assign(tf.zeros_like(variable))

    def parameters(self) -> list[np.ndarray]:
        """The parameters as they are now."""
        return [variable.numpy() for variable in self._parameters]

    @tf.function(reduce_retracing=True)
    def run(self, embeddings: tf.Tensor, labels: tf.Tensor, first: tf.Tensor, seed: tf.Tensor) -> None:
        """One step on each batch of embeddings [steps, batch, width] and labels [steps, batch]."""
        # Drawn for all steps at once: that is faster than one by one.
        shape = tf.stack([tf.shape(labels)[0], tf.shape(labels)[1], self._settings.hidden_units])
        drawn = tf.random.stateless_uniform(shape, tf.stack([seed, first]), alg="philox")
        kept = tf.cast(drawn >= self._settings.dropout, tf.float32) / (1 - self._settings.dropout)
        for index in tf.range(tf.shape(embeddings)[0]):
            self._step(embeddings[index], labels[index], kept[index], first + index)

    def _step(self, embeddings: tf.Tensor, labels: tf.Tensor, kept: tf.Tensor, step: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(self._losses(self._logits(embeddings, kept), labels))
        power = tf.cast(step + 1, tf.float32)
        gradients = tape.gradient(loss, self._parameters)
        for variable, moment, velocity, gradient in zip(self._parameters, self._moments, self._velocities, gradients, strict=True):
            # TensorFlow's fused kernel: one pass over memory, several times faster than Keras' optimizer.
            tf.raw_ops.ResourceApplyAdam(
                var=variable.handle,
                m=moment.handle,
                v=velocity.handle,
                beta1_power=tf.pow(0.9, power),
                beta2_power=tf.pow(0.999, power),
                lr=self._settings.learning_rate,
                beta1=0.9,
                beta2=0.999,
                epsilon=self._settings.adam_epsilon,
                grad=gradient,
            )

    @tf.function(reduce_retracing=True)
    def _measure(self, embeddings: tf.Tensor, labels: tf.Tensor, weights: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        logits = self._logits(embeddings)
        correct = tf.cast(tf.argmax(logits, axis=1) == labels, tf.float32)
        return tf.reduce_sum(weights * self._losses(logits, labels)), tf.reduce_sum(weights * correct)

    def measure(self, clips: Examples) -> tuple[float, float]:
        """Weighted mean loss and accuracy without dropout."""
        weights = (clips.weights / clips.weights.sum()).astype(np.float32)
        parts = [self._measure(clips.embeddings[block], clips.labels[block], weights[block]) for block in blocks(len(clips))]
        loss, accuracy = np.sum(parts, axis=0).tolist()
        return loss, accuracy

    def _logits(self, embeddings: tf.Tensor, kept: tf.Tensor | None = None) -> tf.Tensor:
        """float32 [batch, 2]; `kept` is the factor of each hidden unit under dropout, float32 [batch, hidden]."""
        hidden_kernel, hidden_bias, output_kernel, output_bias = self._parameters
        hidden = tf.nn.relu(tf.matmul(embeddings, hidden_kernel) + hidden_bias)
        if kept is not None:
            hidden *= kept
        return tf.matmul(hidden, output_kernel) + output_bias

    @staticmethod
    def _losses(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        """float32 [batch]."""
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
