"""Cross-fitting: one head for each fold, trained without it. Each Training clip so has a score from a head that never saw it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from queue import SimpleQueue

import numpy as np

from . import folds, training, weights
from .head import Head
from .tensorboard_log import Board
from .training import Examples, Optimizer, Settings, State
from .training_clips import TrainingClips

# Called with the number of a head, its state, and steps a second, after each look.
Report = Callable[[int, State, float], None]


class CrossFitting:
    """Training clips, weighted and divided into folds.

    examples  what heads are trained on
    folds     which clips each head holds out
    """

    def __init__(self, clips: TrainingClips, balance: str, wanted_folds: int, settings: Settings):
        self.examples = Examples(clips.embeddings, clips.labels, weights.of_clips(clips.labels, clips.videos, balance))
        self.folds = folds.divide(clips, wanted_folds, settings.seed)
        self._settings = settings

    def fit(self, threads: int, report: Report = lambda turn, state, rate: None, board: Board | None = None) -> list[State]:
        """The final states of the heads, in the order of the folds; `threads` of them are trained at a time.

        board  where TensorBoard finds the curves

        Call `quiet_tensorflow.limit_threads` first.
        """
        at_once = min(threads, self.folds.number)
        optimizers = SimpleQueue()
        for _ in range(at_once):
            optimizers.put(Optimizer(self.examples.embeddings.shape[1], self._settings))

        def fit_one(turn: int) -> State:
            optimizer = optimizers.get()
            try:
                return self._fit_one(turn, optimizer, report, board)
            finally:
                optimizers.put(optimizer)

        with ThreadPoolExecutor(at_once) as pool:
            return list(pool.map(fit_one, range(self.folds.number)))

    def _fit_one(self, turn: int, optimizer: Optimizer, report: Report, board: Board | None) -> State:
        # Heads that begin differently err differently, which their mean evens out.
        settings = self._settings.model_copy(update={"seed": (self._settings.seed + turn) % 2**31})
        train_set, held_out = self.examples.part(self.folds.train(turn)), self.examples.part(self.folds.held_out(turn))
        with board.fold(turn) if board else nullcontext(lambda progress: None) as show:

            def tell(state: State, rate: float) -> None:
                show(state.history[-1])
                report(turn, state, rate)

            return training.train(train_set, held_out, settings, optimizer, tell)

    def margins(self, heads: list[Head]) -> np.ndarray:
        """float32 [clips]: logit of positive minus logit of negative, each from the head that held the clip out."""
        found = np.zeros(len(self.examples), np.float32)
        for turn, head in enumerate(heads):
            held_out = self.folds.held_out(turn)
            found[held_out] = head.margins(self.examples.part(held_out).embeddings)
        return found


def head_of(state: State) -> Head:
    """The head with the weights that were best on the clips that it held out. It has no facts."""
    return Head(*state.best_parameters, {})
