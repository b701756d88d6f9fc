"""Embeds clips with a frozen backbone: files in, one embedding a clip out, in order, with memory that stays flat."""

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

import numpy as np

from . import backbones, images
from .backbones import Backbone
from .clips import Clip
from .errors import UserError
from .quiet_tensorflow import tf

# Small batches stay in the processor's cache: rates fall above 16 images.
BATCH = 8


class Embedder:
    """Runs a frozen backbone in at most `threads` threads."""

    def __init__(self, backbone: Backbone, threads: int):
        graph = tf.Graph()
        with graph.as_default():
            tf.import_graph_def(backbone.graph, name="")
        config = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
        session = tf.compat.v1.Session(graph=graph, config=config)
        self._decode = session.make_callable(f"{backbones.IMAGE}:0", [f"{backbones.IMAGE_BYTES}:0"])
        self._embed = session.make_callable(f"{backbones.EMBEDDING}:0", [f"{backbones.IMAGES}:0"])
        self._threads = threads

    def embed(self, clips: Iterable[Clip]) -> Iterator[tuple[Clip, np.ndarray]]:
        """Each clip (with its digest) and its embedding, float32 [width], in order.

        Files are read and decoded ahead in threads, hidden behind the network. An embedding does not depend on the
        batch it is in. Raises UserError for a file that has changed or gone since it was listed.
        """
        clips = iter(clips)
        with ThreadPoolExecutor(self._threads) as pool:
            ahead = deque(pool.submit(self._load, clip) for clip in islice(clips, 4 * BATCH))
            while ahead:
                batch = []
                while ahead and len(batch) < BATCH:
                    batch.append(ahead.popleft().result())
                    ahead.extend(pool.submit(self._load, clip) for clip in islice(clips, 1))
                embeddings = self._embed(np.stack([image for _, image in batch]))
                yield from zip((clip for clip, _ in batch), embeddings, strict=True)

    def _load(self, clip: Clip) -> tuple[Clip, np.ndarray]:
        """The clip and its picture as float32 [size, size, 3]."""
        try:
            data = Path(clip.path).read_bytes()
            if hashlib.sha256(data).hexdigest() != clip.digest:
                raise UserError(f"{clip.path} has changed while the workflow ran. Run it again.")
            return clip, self._picture(data)
        except OSError as error:
            raise UserError(f"{clip.path} cannot be read ({error.strerror}). If it was moved, run the workflow again.") from None
        except images.UnreadableImage as error:
            raise UserError(f"{clip.path} cannot be used: {error}. Remove it from the list.") from None

    def _picture(self, data: bytes) -> np.ndarray:
        """As `decode(served_jpeg(data))`, without decoding twice."""
        try:
            return self._decode(images.read_jpeg(data))
        except tf.errors.InvalidArgumentError:
            return self._decode(images.to_jpeg(data))


def served_jpeg(data: bytes) -> bytes:
    """The JPEG bytes that stand for the image file `data` in records: what the exported model gets for it.

    A JPEG that TensorFlow refuses and OpenCV shows, such as one with damage in the middle, is encoded anew.
    """
    jpeg = images.read_jpeg(data)
    try:
        tf.io.decode_jpeg(jpeg)
    except tf.errors.InvalidArgumentError:
        return images.to_jpeg(data)
    return jpeg
