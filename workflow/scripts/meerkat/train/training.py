"""Trains the head. Everything random follows from the seed and the step, so a killed training resumes to the same
weights."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ..data.embedding_file import EmbeddingFile, blocks
from ..errors import UserError
from ..quiet_tensorflow import limit_threads, tf
from ..settings.section import Seeded
from ..settings.train import Head

# The validation loss must fall by this much to count as lower. On easy data it keeps falling in ever smaller steps.
_MIN_DELTA = 0.001

# Embeddings, float32 [clips, width], and labels, int64 [clips].
Examples = tuple[np.ndarray | EmbeddingFile, np.ndarray]


class Settings(Seeded, Head):
    """How the head is trained."""


@dataclass(frozen=True)
class Progress:
    """What is told at each evaluation; losses are mean cross-entropies without dropout."""

    step: int
    train_loss: float
    train_accuracy: float
    eval_loss: float
    eval_accuracy: float


@dataclass
class State:
    """Everything that the next step depends on. Lists of arrays are in the order of `parameters`: hidden kernel and
    bias, output kernel and bias; `moments` and `velocities` are Adam's."""

    step: int
    parameters: list[np.ndarray]
    moments: list[np.ndarray]
    velocities: list[np.ndarray]
    best_step: int
    best_loss: float
    best_parameters: list[np.ndarray]
    history: list[Progress]


def fix_threads(threads: int = 2) -> None:
    """Train in `threads` threads on every computer: the sums in the kernels, and with them the head, depend on their number.

    Call it before anything else of TensorFlow.
    """
    limit_threads(threads, threads)


def initial_state(width: int, settings: Settings) -> State:
    """Step 0: kernels drawn as by Glorot and Bengio (2010), as TensorFlow 1's layers did, biases 0."""
    random = np.random.default_rng(settings.seed)
    parameters = []
    for inputs, outputs in [(width, settings.hidden_units), (settings.hidden_units, 2)]:
        limit = np.sqrt(6 / (inputs + outputs))
        parameters += [random.uniform(-limit, limit, (inputs, outputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    zeros = [np.zeros_like(parameter) for parameter in parameters]
    return State(0, parameters, zeros, zeros, 0, float("inf"), parameters, [])


def train(
    state: State,
    train_set: Examples,
    eval_set: Examples,
    settings: Settings,
    report: Callable[[State, float], None] = lambda state, rate: None,
) -> State:
    """Train from `state` until `max_steps`, or until the validation loss has not fallen for `patience` steps.

    Call `fix_threads` first. `report` is called with the state and the steps per second after each `eval_every` steps.
    Raises UserError when the validation loss is no number any more.
    """
    optimizer = _Optimizer(state, settings)
    spread = slice(None, None, -(-len(train_set[1]) // 1000))  # A thousand clips are enough to see the training loss.
    sample = (train_set[0][spread], train_set[1][spread])
    while state.step < settings.max_steps and not _is_done(state, settings):
        steps = min(settings.eval_every, settings.max_steps - state.step)
        started = time.monotonic()
        for first, rows in _blocks(len(train_set[1]), state.step, steps, settings):
            optimizer.run(train_set[0][rows], train_set[1][rows], np.int32(first))
        rate = steps / (time.monotonic() - started)
        state = optimizer.state(state, state.step + steps)
        train_loss, train_accuracy = optimizer.evaluate(*sample)
        eval_loss, eval_accuracy = optimizer.evaluate(*eval_set)
        if not np.isfinite(eval_loss):
            raise UserError(f"The training diverged at step {state.step}. Write a smaller learning_rate: under train:.")
        if eval_loss < state.best_loss - _MIN_DELTA:
            state.best_step, state.best_loss, state.best_parameters = state.step, eval_loss, state.parameters
        state.history.append(Progress(state.step, train_loss, train_accuracy, eval_loss, eval_accuracy))
        report(state, rate)
    return state


def _is_done(state: State, settings: Settings) -> bool:
    return state.step - state.best_step >= settings.patience


def _blocks(clips: int, step: int, steps: int, settings: Settings) -> Iterator[tuple[int, np.ndarray]]:
    """(first step, rows int64 [steps, batch]), a few steps at a time: what is gathered at once stays small.

    Clips come in shuffled passes over the whole set; a batch that reaches the end of a pass goes on with the next.
    """
    size = settings.batch_size
    at_once = max(1, 2000 // size)
    for first in range(step, step + steps, at_once):
        places = np.arange(first * size, min(first + at_once, step + steps) * size)
        passes = range(places[0] // clips, places[-1] // clips + 1)
        order = np.concatenate([_shuffled(clips, number, settings.seed) for number in passes])
        yield first, order[places - passes[0] * clips].reshape(-1, size)


@lru_cache(maxsize=2)
def _shuffled(clips: int, number: int, seed: int) -> np.ndarray:
    """The order of the clips in the pass `number`."""
    return np.random.default_rng([seed, number]).permutation(clips)


class _Optimizer:
    """The head's variables and one Adam step on them (Kingma and Ba, 2015), as compiled TensorFlow functions."""

    def __init__(self, state: State, settings: Settings):
        self._settings = settings
        self._parameters, self._moments, self._velocities = (
            [tf.Variable(array) for array in arrays] for arrays in (state.parameters, state.moments, state.velocities)
        )

    def state(self, before: State, step: int) -> State:
        parameters, moments, velocities = (
            [variable.numpy() for variable in variables] for variables in (self._parameters, self._moments, self._velocities)
        )
        return State(step, parameters, moments, velocities, before.best_step, before.best_loss, before.best_parameters, before.history)

    @tf.function(reduce_retracing=True)
    def run(self, embeddings: tf.Tensor, labels: tf.Tensor, first: tf.Tensor) -> None:
        """One step on each batch of embeddings [steps, batch, width] and labels [steps, batch]."""
        # Drawn for all steps at once: that is faster than one by one.
        shape = tf.stack([tf.shape(labels)[0], tf.shape(labels)[1], self._settings.hidden_units])
        drawn = tf.random.stateless_uniform(shape, [self._settings.seed, first], alg="philox")
        kept = tf.cast(drawn >= self._settings.dropout, tf.float32) / (1 - self._settings.dropout)
        for index in tf.range(tf.shape(embeddings)[0]):
            self._step(embeddings[index], labels[index], kept[index], first + index)

    def _step(self, embeddings: tf.Tensor, labels: tf.Tensor, kept: tf.Tensor, step: tf.Tensor) -> None:
        with tf.GradientTape() as tape:
            loss = self._loss(self._logits(embeddings, kept), labels)
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
    def _evaluate(self, embeddings: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        logits = self._logits(embeddings)
        correct = tf.argmax(logits, axis=1) == labels
        return self._loss(logits, labels), tf.reduce_mean(tf.cast(correct, tf.float32))

    def evaluate(self, embeddings: np.ndarray | EmbeddingFile, labels: np.ndarray) -> tuple[float, float]:
        """Mean loss and accuracy without dropout."""
        sums = np.zeros(2)
        for block in blocks(len(labels)):
            sums += len(labels[block]) * np.array(self._evaluate(embeddings[block], labels[block]), float)
        loss, accuracy = sums / len(labels)
        return float(loss), float(accuracy)

    def _logits(self, embeddings: tf.Tensor, kept: tf.Tensor | None = None) -> tf.Tensor:
        """float32 [batch, 2]; `kept` is the factor of each hidden unit under dropout, float32 [batch, hidden]."""
        hidden_kernel, hidden_bias, output_kernel, output_bias = self._parameters
        hidden = tf.nn.relu(tf.matmul(embeddings, hidden_kernel) + hidden_bias)
        if kept is not None:
            hidden *= kept
        return tf.matmul(hidden, output_kernel) + output_bias

    @staticmethod
    def _loss(logits: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits))
