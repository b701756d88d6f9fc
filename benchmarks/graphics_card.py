"""Embedding and training on a graphics card beside the processor's cores: prints a table; without a card its row is empty.

python benchmarks/graphics_card.py --clips FOLDER [--networks efficientnet_lite0 ...]

The clips are those of generate.py, decoded and embedded by the code of preprocess. TensorFlow settles threads and devices once in a
process, so each measurement has its own.
"""

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import head
import machine  # noqa: F401 (makes the package known)
import numpy as np
from embedding import frozen
from meerkat.data.clips import Clip
from meerkat.preprocess import backbones
from meerkat.preprocess.embedding import Embedder
from meerkat.quiet_tensorflow import limit_threads, tf
from meerkat.train import training

CLIPS, STEPS = 1_000, 2_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips, made by generate.py")
    parser.add_argument("--networks", nargs="+", default=["efficientnet_lite0", "efficientnet_lite2", "InceptionV3"])
    args = parser.parse_args()
    paths = sorted(args.clips.glob("Training/*/*.jpg"))[:CLIPS]
    columns = [f"{name}, clips/s" for name in args.networks] + ["head, steps/s", "largest difference of an embedding"]
    print(f"| | {' | '.join(columns)} |\n|{'---|' * (1 + len(columns))}")
    with tempfile.TemporaryDirectory() as folder:
        graphs = [Path(folder) / f"{name}.pb" for name in args.networks]
        for name, graph in zip(args.networks, graphs, strict=True):
            frozen(name, graph)
        cores = [apart(embed, False, graph, paths) for graph in graphs]
        print(row(f"{os.cpu_count()} cores", cores, apart(steps_per_second, False), ""), flush=True)
        if not tf.config.list_physical_devices("GPU"):
            print(f"| graphics card |{' |' * len(columns)}\n\nNo graphics card was at hand.")
            return
        card = [apart(embed, True, graph, paths) for graph in graphs]
        # In parts of the greatest number in the embeddings.
        difference = max(np.abs(one - other).max() / np.abs(one).max() for (_, one), (_, other) in zip(cores, card, strict=True))
        print(row("graphics card", card, apart(steps_per_second, True), f"{difference:.1e}"))


def row(where: str, embedded: list[tuple[float, np.ndarray]], steps: float, difference: str) -> str:
    return f"| {where} | {' | '.join(f'{rate:.0f}' for rate, _ in embedded)} | {steps:.0f} | {difference} |"


def apart(do: Callable, card: bool, *given):
    """What `do` returns in a new process that sees the graphics card, or does not."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), see_card, (card,)) as pool:
        return pool.submit(do, *given).result()


def see_card(card: bool) -> None:
    if not card:
        tf.config.set_visible_devices([], "GPU")


def embed(graph: Path, paths: list[Path]) -> tuple[float, np.ndarray]:
    """Clips a second beyond start-up, and the embeddings, float32 [clips, width]."""
    limit_threads(os.cpu_count(), 1)
    embedder = Embedder(backbones.load(str(graph)), os.cpu_count())
    clips = [Clip(str(path), 0).with_digest() for path in paths]
    list(embedder.embed(clips[:20]))
    started = time.monotonic()
    embeddings = np.stack([embedding for _, embedding in embedder.embed(clips)])
    return len(clips) / (time.monotonic() - started), embeddings


def steps_per_second() -> float:
    training.fix_threads(1)
    return STEPS / head.seconds(STEPS)


if __name__ == "__main__":
    main()
