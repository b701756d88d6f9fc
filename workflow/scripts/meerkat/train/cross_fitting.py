"""Cross-fitting: one head for each fold, trained without it. Each Training clip so has a score from a head that never saw it."""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from queue import SimpleQueue

import numpy as np

from . import training
from .checkpoint import Checkpoint
from .folds import Folds
from .head import Head
from .tensorboard_log import Board
from .training import Examples, Optimizer, Settings, State

# Called with the number of a head, its state, and steps a second, after each look.
Report = Callable[[int, State, float], None]


def fit(
    examples: Examples,
    folds: Folds,
    settings: Settings,
    threads: int,
    report: Report = lambda turn, state, rate: None,
    saved: Checkpoint | None = None,
    board: Board | None = None,
) -> list[State]:
    """The final states of the heads, in the order of the folds; `threads` of them are trained at a time.

    saved  where a killed cross-fitting goes on; board  where TensorBoard finds the curves

    Call `training.fix_threads` first.
    """
    at_once = min(threads, folds.number)
    optimizers = SimpleQueue()
    for _ in range(at_once):
        optimizers.put(training.Optimizer(examples.embeddings.shape[1], settings))

    def fit_one(turn: int) -> State:
        optimizer = optimizers.get()
        try:
            return _fit_one(turn, optimizer, examples, folds, settings, report, saved, board)
        finally:
            optimizers.put(optimizer)

    with ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(fit_one, range(folds.number)))


def _fit_one(
    turn: int,
    optimizer: Optimizer,
    examples: Examples,
    folds: Folds,
    settings: Settings,
    report: Report,
    saved: Checkpoint | None,
    board: Board | None,
) -> State:
    # Heads that begin differently err differently, which their mean evens out.
    settings = settings.model_copy(update={"seed": (settings.seed + turn) % 2**31})
    state = (saved and saved.load(turn)) or training.initial_state(examples.embeddings.shape[1], settings)
    if state.step:
        print(f"Head {turn + 1} goes on from step {state.step}.", file=sys.stderr)
    train_set, held_out = examples.part(folds.train(turn)), examples.part(folds.held_out(turn))
    with board.fold(turn) if board else nullcontext(lambda progress: None) as show:
        for progress in state.history:
            show(progress)

        def look(state: State, rate: float) -> None:
            show(state.history[-1])
            if saved:
                saved.save_now_and_then(turn, state)
            report(turn, state, rate)

        state = training.train(state, train_set, held_out, settings, optimizer, look)
    if saved:
        saved.save(turn, state)
    return state


def head_of(state: State) -> Head:
    """The head with the weights that were best on the clips that it held out. It has no facts."""
    return Head(*state.best_parameters, {})


def margins(heads: list[Head], examples: Examples, folds: Folds) -> np.ndarray:
    """float32 [clips]: logit of positive minus logit of negative, each from the head that held the clip out."""
    found = np.zeros(len(examples), np.float32)
    for turn, head in enumerate(heads):
        held_out = folds.held_out(turn)
        found[held_out] = head.margins(examples.part(held_out).embeddings)
    return found
