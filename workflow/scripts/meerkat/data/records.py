"""Records: gzipped TFRecord files of `tf.train.Example`, one record for each embedded clip.

The features `image_uri`, `label` and `embedding` are those of 2018; `digest` and `fingerprint` tell what was embedded
with what. Records made elsewhere may lack the last two.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .. import atomic
from ..errors import UserError
from ..quiet_tensorflow import tf
from . import clip_lists
from .clips import Clip
from .embedding_file import EmbeddingFile
from .file_tree import expand

SUFFIX = ".tfrecord.gz"
# The fastest compression: embeddings are 5 % larger than with gzip's default level, and written in a third of its time.
_GZIP = tf.io.TFRecordOptions("GZIP", compression_level=1)
_BATCH = 1024
_DIGEST = "S64"  # An array of a million takes half the memory of as many texts, and gives it back when it goes.


@dataclass(frozen=True)
class Records:
    """Embedded clips, one entry a clip in every field.

    paths         the `image_uri` of each clip, as str
    labels        int64 [clips], 0 = positive, 1 = negative
    embeddings    float32 [clips, width]: an array, or the file that `read` makes
    digests       bytes [clips], an array: SHA-256 of each clip's content, b"" where unknown
    fingerprints  the fingerprints of the backbones that occur, "" among them where unknown
    """

    paths: list[str]
    labels: np.ndarray
    embeddings: np.ndarray | EmbeddingFile
    digests: np.ndarray
    fingerprints: frozenset[str]


@contextmanager
def writing(path: Path | str, fingerprint: str) -> Iterator[Callable[[Clip, np.ndarray], None]]:
    """Gives a function that adds a clip and its embedding (float32 [width]) to the record file `path`.

    The file appears, whole, when the block ends well. `fingerprint` is the backbone's.
    """
    with atomic.replacing(path) as temporary:
        with _os_errors(path):
            writer = tf.io.TFRecordWriter(str(temporary), _GZIP)

        def write(clip: Clip, embedding: np.ndarray) -> None:
            example = tf.train.Example()
            feature = example.features.feature
            feature["image_uri"].bytes_list.value.append(clip.path.encode(errors="surrogateescape"))
            feature["label"].int64_list.value.append(clip.label)
            feature["embedding"].float_list.value.extend(embedding.tolist())
            feature["digest"].bytes_list.value.append(clip.digest.encode())
            feature["fingerprint"].bytes_list.value.append(fingerprint.encode())
            with _os_errors(path):
                writer.write(example.SerializeToString(deterministic=True))

        try:
            yield write
        finally:
            with _os_errors(path):
                writer.close()


@contextmanager
def _os_errors(path: Path | str) -> Iterator[None]:
    """TensorFlow's error when the disk is full, say, as Python's: OSError with the name of the file."""
    try:
        yield
    except (tf.errors.ResourceExhaustedError, tf.errors.UnknownError, tf.errors.FailedPreconditionError) as error:
        raise OSError(0, f"cannot be written: {error.message.rpartition(';')[2].strip()}", str(path)) from None


def read(patterns: Sequence[Path | str], folder: Path | str, lists: Sequence[str] = ()) -> Records:
    """All records of the files, sorted by image path and digest: the order does not tell how the clips were sharded.

    patterns  files, or globs that they fit
    folder    for a temporary file of the embeddings, for memory may not hold them
    lists     lists of clips, or globs of them; where there are any, the records must hold exactly their clips

    Raises UserError as `batches` does, and for records that do not hold what is listed.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(prefix=atomic.PREFIX, dir=folder)  # noqa: SIM115 (it is closed with the records)
    names, labels, digests, fingerprints, width = [], [np.zeros(0, np.int64)], [np.zeros(0, _DIGEST)], frozenset(), 0
    for batch in batches(patterns):
        file.write(batch.embeddings)
        names += batch.paths
        labels.append(batch.labels)
        digests.append(batch.digests)
        fingerprints |= batch.fingerprints
        width = batch.embeddings.shape[1]
    file.flush()
    all_digests = np.concatenate(digests)
    order = np.argsort(all_digests, kind="stable").tolist()
    order.sort(key=names.__getitem__)
    embeddings = EmbeddingFile(file, width, np.array(order, np.int64))
    found = Records([names[i] for i in order], np.concatenate(labels)[order], embeddings, all_digests[order], fingerprints)
    if lists:
        _check_listed(found, expand(lists))
    return found


def batches(patterns: Sequence[Path | str], batch_size: int = _BATCH) -> Iterator[Records]:
    """The records of the files, or of those that fit the globs, in the order of their names, `batch_size` at a time.

    Raises UserError for a file that cannot be read to its end, and for records of different widths, with labels other
    than 0 and 1, or with embeddings that are not finite.
    """
    width = None
    for path in expand(patterns):
        try:
            for columns in _parse(path, batch_size):
                width = columns["embedding"].shape[1] if width is None else width
                _check(columns, width, path)
                yield Records(
                    [uri.decode(errors="surrogateescape") for uri in columns["image_uri"]],
                    columns["label"],
                    columns["embedding"],
                    columns["digest"].astype(_DIGEST),
                    frozenset(value.decode() for value in columns["fingerprint"]),
                )
        except (tf.errors.DataLossError, tf.errors.OutOfRangeError):
            raise UserError(
                f"{path} is damaged: it ends too early or its checksums are wrong. "
                "If the workflow made it, delete it and run again; else copy it anew."
            ) from None
        except tf.errors.NotFoundError:
            raise UserError(f"{path} does not exist.") from None
        except tf.errors.InvalidArgumentError:
            raise UserError(f"{path} does not hold records with image_uri, label and embedding.") from None


def _check(columns: dict[str, np.ndarray], width: int, path: Path | str) -> None:
    if 0 in columns["widths"]:
        raise UserError(f"{path} holds records without an embedding. Make these records anew.")
    if others := set(columns["widths"]) - {width}:
        raise UserError(
            f"{path} holds embeddings {others.pop()} wide, the records before them some {width} wide. Use records made with one backbone."
        )
    if not set(np.unique(columns["label"])) <= {0, 1}:
        raise UserError(f"Labels other than 0 (positive) and 1 (negative) in {path}.")
    if not np.isfinite(columns["embedding"]).all():
        raise UserError(f"Embeddings that are no numbers (NaN) in {path}. Make these records anew.")


def _check_listed(records: Records, lists: Sequence[str]) -> None:
    """Raise UserError when the records do not hold exactly the clips of the lists (see `clip_lists`; with digests)."""

    def held() -> Iterator[tuple[str, int, str]]:
        return zip(records.paths, records.labels.tolist(), (digest.decode() for digest in records.digests), strict=True)

    def listed() -> Iterator[tuple[str, int, str]]:
        return ((clip.path, clip.label, clip.digest) for path in lists for clip in clip_lists.read(path))

    if _sum(held()) != _sum(listed()):
        missing, surplus = set(listed()) - set(held()), set(held()) - set(listed())
        raise UserError(
            f"The records do not hold what the lists say: {len(missing)} clips are missing and {len(surplus)} are not listed, such as "
            f"{min(missing | surplus)[0]}. Delete the folder preprocessed of the results and run again; finished embeddings are kept."
        )


def _sum(rows: Iterable[tuple[str, int, str]]) -> int:
    """A number that rows have in common when they are the same in any order; a million rows need no memory."""
    return sum(int.from_bytes(hashlib.sha256(repr(row).encode(errors="surrogateescape")).digest()[:16], "big") for row in rows)


def salvage(path: Path | str) -> Iterator[tuple[str, np.ndarray]]:
    """(digest, embedding) of the file's records, as far as it can be read: a torn end is passed over."""
    try:
        for batch in _parse(path, batch_size=64):
            yield from zip((digest.decode() for digest in batch["digest"]), batch["embedding"], strict=True)
    except tf.errors.OpError:
        return


def _parse(path: Path | str, batch_size: int) -> Iterator[dict[str, np.ndarray]]:
    """Batches of a file's columns as arrays; `embedding` is float32 [batch, width], `widths` holds the widths that occur."""
    strings = {name: tf.io.FixedLenFeature([], tf.string, "") for name in ("digest", "fingerprint")}
    features = {
        "image_uri": tf.io.FixedLenFeature([], tf.string),
        "label": tf.io.FixedLenFeature([], tf.int64),
        "embedding": tf.io.RaggedFeature(tf.float32),
        **strings,
    }
    for batch in tf.data.TFRecordDataset(str(path), "GZIP").batch(batch_size):
        columns = tf.io.parse_example(batch, features)
        ragged = columns.pop("embedding")
        widths = np.unique(ragged.row_lengths())
        yield {name: value.numpy() for name, value in columns.items()} | {"embedding": ragged.to_tensor().numpy(), "widths": widths}
