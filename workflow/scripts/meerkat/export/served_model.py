"""An exported model, used as DeepMeerkat uses it: JPEG bytes in, scores out."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ..data import deepmeerkat
from ..data.labels import LABELS, POSITIVE
from ..errors import UserError
from ..quiet_tensorflow import tf


def digest(folder: Path | str) -> str:
    """Identifies the model in a folder, also if another one is written to the same place later."""
    files = sorted(path for path in Path(folder).rglob("*") if path.suffix == ".pb" or path.parent.name == "variables")
    return hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()


class ServedModel:
    """A model in a folder that keeps the contract with DeepMeerkat, trained by this workflow or elsewhere."""

    def __init__(self, folder: Path | str, threads: int):
        """Raises UserError if the folder contains no such model."""
        config = tf.compat.v1.ConfigProto(intra_op_parallelism_threads=threads, inter_op_parallelism_threads=threads)
        session = tf.compat.v1.Session(graph=tf.Graph(), config=config)
        try:
            with session.graph.as_default():
                tf.compat.v1.saved_model.loader.load(session, ["serve"], str(folder))
            self._run = session.make_callable(f"{deepmeerkat.OUTPUT}:0", [f"{deepmeerkat.INPUT}:0"])
        except (OSError, KeyError, ValueError, RuntimeError, tf.errors.OpError) as error:
            raise UserError(
                f"{folder} is not a model for DeepMeerkat ({error}). Write the folder of saved_model.pb at annotate: model: in the "
                "configuration, or null for the one that this workflow trains."
            ) from None

    def scores(self, jpegs: Sequence[bytes]) -> np.ndarray:
        """float32 [pictures]: probability of positive for the JPEG bytes of one or more pictures.

        Raises UserError if the model does not give exactly two scores for each picture.
        """
        scores = self._run(list(jpegs))
        if scores.shape != (len(jpegs), len(LABELS)):
            raise UserError(
                f"The model gives scores of the shape {scores.shape}, not {(len(jpegs), len(LABELS))}: it is not a model for DeepMeerkat."
            )
        return scores[:, POSITIVE]
