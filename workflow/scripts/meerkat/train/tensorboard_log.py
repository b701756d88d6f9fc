"""The logs that TensorBoard shows: loss and accuracy of each head as it goes, then the PR curve of all and the settings."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

# Not its `api`, which imports Keras.
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.pr_curve import summary as pr_curve

from ..quiet_tensorflow import tf
from .training import Measured

_SETS = ("train", "eval")
_ALL = "out_of_fold"


class Board:
    """Logs in `<folder>/fold1/train`, `<folder>/fold1/eval` and so on, in place of those of an earlier training."""

    def __init__(self, folder: str):
        self._folder = Path(folder)
        for old in [*self._folder.glob("fold*"), *(self._folder / name for name in (*_SETS, _ALL))]:
            shutil.rmtree(old, ignore_errors=True)

    @contextmanager
    def fold(self, turn: int) -> Iterator[Callable[[Measured], None]]:
        """Gives a function that adds one look at the two sets of a head, and shows it at once."""
        writers = {name: tf.summary.create_file_writer(str(self._folder / f"fold{turn + 1}" / name)) for name in _SETS}

        def progress(look: Measured) -> None:
            for name, writer in writers.items():
                with writer.as_default(step=look.step):
                    for figure in ("loss", "accuracy"):
                        tf.summary.scalar(figure, getattr(look, f"{name}_{figure}"))
                writer.flush()

        yield progress
        for writer in writers.values():
            writer.close()

    def finish(self, settings: dict, truth: np.ndarray, p_positive: np.ndarray) -> None:
        """Add the settings, and the PR curve of all clips, each scored by the head that held it out.

        truth  int [clips], 1 = positive; p_positive  float32 [clips]
        """
        writer = tf.summary.create_file_writer(str(self._folder / _ALL))
        with writer.as_default(step=0):
            hparams.hparams(settings)
            curve = pr_curve.pb("precision_recall", truth.astype(bool), p_positive)
            tf.summary.experimental.write_raw_pb(curve.SerializeToString(), 0)
        writer.close()
