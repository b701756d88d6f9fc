"""How long 10,000 steps of one head take in one thread, at batch 100 on 10,000 synthetic records, beyond start-up.

python benchmarks/head.py
"""

import os
import time

import machine  # noqa: F401 (makes the package known)
import numpy as np
from meerkat.train import training
from threadpoolctl import threadpool_limits

WIDTH, RECORDS, STEPS = 1152, 10_000, 10_000


def main() -> None:
    training.fix_threads(1)
    load, taken = os.getloadavg()[0], seconds(STEPS)
    limit = 2 * sgemm_seconds() * STEPS  # forward, and backward to the weights
    print(f"the two matrix products of each step alone, by numpy: {limit:.1f} s; ratio {taken / limit:.2f}")
    print(f"{STEPS} steps: {taken:.1f} s, {STEPS / taken:.0f} steps/s (load before: {load:.2f})")


def seconds(steps: int) -> float:
    """How long so many steps take. Call `training.fix_threads` first."""
    random = np.random.default_rng(0)
    embeddings = random.random((RECORDS + RECORDS // 5, WIDTH), dtype=np.float32)
    labels = random.integers(0, 2, len(embeddings))
    examples = training.Examples(embeddings, labels, np.ones(len(labels)))
    train_set, held_out = examples.part(slice(None, RECORDS)), examples.part(slice(RECORDS, None))
    settings = training.Settings(max_steps=steps, patience=steps)
    optimizer = training.Optimizer(WIDTH, settings)
    warm_up = settings.model_copy(update={"max_steps": 100})
    training.train(training.initial_state(WIDTH, warm_up), train_set, held_out, warm_up, optimizer)
    started = time.monotonic()
    training.train(training.initial_state(WIDTH, settings), train_set, held_out, settings, optimizer)
    return time.monotonic() - started


def sgemm_seconds() -> float:
    """The median time of a batch [clips, width] times the hidden weights [width, units] in this run, in seconds."""
    settings = training.Settings()
    batch, weights = np.ones((settings.batch_size, WIDTH), np.float32), np.ones((WIDTH, settings.hidden_units), np.float32)
    times = []
    with threadpool_limits(1, "blas"):  # as training
        for _ in range(300):
            started = time.perf_counter()
            batch @ weights
            times.append(time.perf_counter() - started)
    return float(np.median(times))


if __name__ == "__main__":
    main()
