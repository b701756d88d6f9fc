"""Embeds clips with a frozen backbone: files in, one embedding for each clip out, in order. Memory does not grow with the clips."""

import hashlib
import platform
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np

from ..data import images
from ..data.clips import Clip
from ..errors import UserError
from ..quiet_tensorflow import tf
from . import backbones
from .backbones import Backbone

# Pictures in a batch. With the kernels for x86, an embedding does not depend on its place in the batch, and two are faster than one (by 7 %
# for efficientnet_lite0 with AVX-512; no other case is slower). More than two are no faster. Other kernels were not tried.
BATCH = 2 if platform.machine().lower() in ("x86_64", "amd64") else 1
# For each thread, this many batches are read and embedded ahead.
_AHEAD = 4

Item, Result = TypeVar("Item"), TypeVar("Result")


class ChangedClip(UserError):
    """The content of the clip `path` has changed since it was listed."""

    def __init__(self, path: str):
        super().__init__(f"{path} has changed while the workflow ran. Run it again.")
        self.path = path


class Embedder:
    """Runs a frozen backbone on `threads` batches at a time, each in one thread.

    All batches have the same size, and each stays in one thread, because the kernels may sum in another order for another size or number of
    threads. So an embedding is always the same to the bit, whatever else is embedded, and on any number of cores. Call
    `quiet_tensorflow.limit_threads(threads)` first.
    """

    def __init__(self, backbone: Backbone, threads: int):
        graph = tf.Graph()
        with graph.as_default():
            tf.import_graph_def(backbone.graph, name="")
        config = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=threads)
        session = tf.compat.v1.Session(graph=graph, config=config)
        self._decode = session.make_callable(f"{backbones.IMAGE}:0", [f"{backbones.IMAGE_BYTES}:0"])
        self._network = session.make_callable(f"{backbones.EMBEDDING}:0", [f"{backbones.IMAGES}:0"])
        self._threads = threads

    def embed(self, clips: Iterable[Clip]) -> Iterator[tuple[Clip, np.ndarray]]:
        """Each clip (with its digest) and its embedding, float32 [width], in order.

        One thread reads the files ahead, in order. Raises ChangedClip for a file that has changed since it was listed, UserError for one
        that is gone.
        """
        with ThreadPoolExecutor(1) as reader, ThreadPoolExecutor(self._threads) as workers:
            files = _ahead(reader, _read, iter(clips), _AHEAD * BATCH * self._threads)
            batches = iter(lambda: list(islice(files, BATCH)), [])
            for embedded in _ahead(workers, self._embed, batches, _AHEAD * self._threads):
                yield from embedded

    def _embed(self, files: list[tuple[Clip, bytes]]) -> list[tuple[Clip, np.ndarray]]:
        pictures = [self._picture(clip, data) for clip, data in files]
        pictures += pictures[-1:] * (BATCH - len(files))
        # The network gives a row for each picture; the rows of the padding are dropped.
        return [(clip, embedding) for (clip, _), embedding in zip(files, self._network(np.stack(pictures)), strict=False)]

    def _picture(self, clip: Clip, data: bytes) -> np.ndarray:
        """The picture as float32 [size, size, 3]; equal to `decode(served_jpeg(data))`, without decoding twice."""
        try:
            try:
                return self._decode(images.read_jpeg(data))
            except tf.errors.InvalidArgumentError:
                return self._decode(images.to_jpeg(data))
        except images.UnreadableImage as error:
            raise UserError(f"{clip.path} cannot be used: {error}. Remove it from the list.") from None


def _read(clip: Clip) -> tuple[Clip, bytes]:
    try:
        data = Path(clip.path).read_bytes()
    except OSError as error:
        raise UserError(f"{clip.path} cannot be read ({error.strerror}). If it was moved, run the workflow again.") from None
    if hashlib.sha256(data).hexdigest() != clip.digest:
        raise ChangedClip(clip.path)
    return clip, data


def _ahead(pool: ThreadPoolExecutor, do: Callable[[Item], Result], items: Iterator[Item], number: int) -> Iterator[Result]:
    """The results for the items, in order; the pool works at most `number` items ahead."""
    waiting = deque(pool.submit(do, item) for item in islice(items, number))
    while waiting:
        yield waiting.popleft().result()
        waiting.extend(pool.submit(do, item) for item in islice(items, 1))


def served_jpeg(data: bytes) -> bytes:
    """The JPEG bytes that stand for the image file `data`: the exported model gets these bytes.

    If TensorFlow refuses a JPEG that OpenCV shows, such as one with damage in the middle, it is encoded again.
    """
    jpeg = images.read_jpeg(data)
    try:
        tf.io.decode_jpeg(jpeg)
    except tf.errors.InvalidArgumentError:
        return images.to_jpeg(data)
    return jpeg
