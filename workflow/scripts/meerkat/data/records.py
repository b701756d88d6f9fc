"""Records: gzipped TFRecord files of `tf.train.Example`, one record for each embedded clip.

The features `image_uri`, `label` and `embedding` are those of 2018; `digest` identifies the clip and `fingerprint` the backbone. Records
made elsewhere may lack these two.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .. import atomic
from ..errors import UserError
from . import clip_lists, tfrecord
from .clips import Clip
from .embedding_file import EmbeddingFile
from .file_tree import expand

SUFFIX = ".tfrecord.gz"
_BATCH = 1024
_DIGEST = "S64"  # An array takes half the memory of texts, and frees it when it is deleted.


@dataclass(frozen=True)
class Records:
    """Embedded clips; every field has one entry for each clip.

    paths         the `image_uri` of each clip, as str
    labels        int64 [clips], 0 = positive, 1 = negative
    embeddings    float32 [clips, width]: an array, or the file that `read` makes
    digests       bytes [clips], an array: SHA-256 of each clip's content, b"" where unknown
    fingerprints  the fingerprints of all backbones that occur; "" for an unknown one
    """

    paths: list[str]
    labels: np.ndarray
    embeddings: np.ndarray | EmbeddingFile
    digests: np.ndarray
    fingerprints: frozenset[str]


@contextmanager
def writing(path: Path | str, fingerprint: str) -> Iterator[Callable[[Clip, np.ndarray], None]]:
    """Give a function that adds a clip and its embedding (float32 [width]) to the record file `path`.

    The file appears, complete, when the block ends well. `fingerprint` is the backbone's.
    """
    with atomic.replacing(path) as temporary, temporary.open("wb") as file, tfrecord.compressing(file) as packed:

        def write(clip: Clip, embedding: np.ndarray) -> None:
            tfrecord.write(
                packed,
                {
                    "image_uri": clip.path.encode(errors="surrogateescape"),
                    "label": clip.label,
                    "embedding": memoryview(np.ascontiguousarray(embedding, "<f4")),
                    "digest": clip.digest.encode(),
                    "fingerprint": fingerprint.encode(),
                },
            )

        yield write


def read(patterns: Sequence[Path | str], folder: Path | str, lists: Sequence[str] = ()) -> Records:
    """All records of the files, sorted by image path and digest, so that the order does not depend on the shards.

    patterns  files, or globs of them
    folder    for a temporary file of the embeddings, because they may not fit into memory
    lists     lists of clips, or globs of them; if there are any, the records must contain exactly their clips

    Raises UserError as `batches` does, and for records that do not match the lists.
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
    """The records of the files, or of those that match the globs, in the order of their names, `batch_size` at a time.

    Raises UserError for a file that cannot be read to the end, and for records of different widths, with labels other than 0 and 1, or with
    embeddings that are not finite.
    """
    width = None
    for path in expand(patterns):
        for rows in _rows(path, batch_size):
            width = len(rows[0].embedding) if width is None else width
            yield _batch(rows, width, path)


def _batch(rows: list["_Row"], width: int, path: Path | str) -> Records:
    widths = {len(row.embedding) for row in rows}
    if 0 in widths:
        raise UserError(f"{path} contains records without an embedding. Make these records again.")
    if others := widths - {width}:
        raise UserError(
            f"{path} has embeddings of width {others.pop()}, but earlier ones have width {width}. Use records made with one backbone."
        )
    labels, embeddings = np.array([row.label for row in rows], np.int64), np.stack([row.embedding for row in rows])
    if not set(np.unique(labels)) <= {0, 1}:
        raise UserError(f"Labels other than 0 (positive) and 1 (negative) in {path}.")
    if not np.isfinite(embeddings).all():
        raise UserError(f"Embeddings that are not numbers (NaN) in {path}. Make these records again.")
    paths, digests = [row.path for row in rows], np.array([row.digest for row in rows], _DIGEST)
    return Records(paths, labels, embeddings, digests, frozenset(row.fingerprint for row in rows))


def _check_listed(records: Records, lists: Sequence[str]) -> None:
    """Raise UserError if the records do not contain exactly the clips of the lists (see `clip_lists`; with digests)."""

    def held() -> Iterator[tuple[str, int, str]]:
        return zip(records.paths, records.labels.tolist(), (digest.decode() for digest in records.digests), strict=True)

    def listed() -> Iterator[tuple[str, int, str]]:
        return ((clip.path, clip.label, clip.digest) for path in lists for clip in clip_lists.read(path))

    if _sum(held()) != _sum(listed()):
        missing, surplus = set(listed()) - set(held()), set(held()) - set(listed())
        raise UserError(
            f"The records do not match the lists: {len(missing)} clips are missing and {len(surplus)} are not listed, such as "
            f"{min(missing | surplus)[0]}. Delete the folder preprocessed of the results and run again; finished embeddings are kept."
        )


def _sum(rows: Iterable[tuple[str, int, str]]) -> int:
    """A number that is equal for the same rows in any order; a million rows need no memory."""
    return sum(int.from_bytes(hashlib.sha256(repr(row).encode(errors="surrogateescape")).digest()[:16], "big") for row in rows)


def salvage(path: Path | str) -> Iterator[tuple[str, np.ndarray]]:
    """(digest, embedding) of the file's records, as far as it can be read; an incomplete end is ignored."""
    try:
        for example in tfrecord.examples(path):
            row = _row(example)
            yield row.digest.decode(), row.embedding
    except (tfrecord.Damaged, ValueError, KeyError):
        return


class _Row(NamedTuple):
    path: str
    label: int
    embedding: np.ndarray
    digest: bytes
    fingerprint: str


def _row(example: dict[str, tfrecord.Value]) -> _Row:
    """A record's features. Raises KeyError if one is missing, ValueError if one is of another kind."""
    path, label, embedding = (example[name] for name in ("image_uri", "label", "embedding"))
    if not (isinstance(path, bytes) and isinstance(label, int) and isinstance(embedding, memoryview)):
        raise ValueError("a feature of another kind")
    digest, fingerprint = (bytes(example.get(name, b"")) for name in ("digest", "fingerprint"))
    return _Row(path.decode(errors="surrogateescape"), label, np.frombuffer(embedding, "<f4"), digest, fingerprint.decode())


def _rows(path: Path | str, number: int) -> Iterator[list[_Row]]:
    """The records of a file, `number` at a time. Raises UserError if it cannot be read, or contains something else."""
    try:
        examples = tfrecord.examples(path)
        while rows := [_row(example) for example in islice(examples, number)]:
            yield rows
    except FileNotFoundError:
        raise UserError(f"{path} does not exist.") from None
    except tfrecord.Damaged:
        raise UserError(
            f"{path} is damaged: it ends too early or its checksums are wrong. "
            "If the workflow made it, delete it and run again; otherwise copy it again."
        ) from None
    except (ValueError, KeyError):
        raise UserError(f"{path} contains no records with image_uri, label and embedding.") from None
