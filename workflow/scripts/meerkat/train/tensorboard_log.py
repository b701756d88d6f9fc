"""The logs of a training that TensorBoard shows: loss and accuracy as it goes, then the PR curve and the settings."""

import shutil

import numpy as np

# Not its `api`, which imports Keras.
from tensorboard.plugins.hparams import summary_v2 as hparams
from tensorboard.plugins.pr_curve import summary as pr_curve

from ..quiet_tensorflow import tf
from .training import Progress

_SETS = ("train", "eval")


class Board:
    """Logs in `<folder>/train` and `<folder>/eval`, in place of those of an earlier training."""

    def __init__(self, folder: str):
        self._writers = {}
        for name in _SETS:
            shutil.rmtree(f"{folder}/{name}", ignore_errors=True)
            self._writers[name] = tf.summary.create_file_writer(f"{folder}/{name}")

    def progress(self, progress: Progress) -> None:
        """Add one look at the two sets, and show it at once."""
        for name, writer in self._writers.items():
            with writer.as_default(step=progress.step):
                for figure in ("loss", "accuracy"):
                    tf.summary.scalar(figure, getattr(progress, f"{name}_{figure}"))
            writer.flush()

    def finish(self, settings: dict, step: int, truth: np.ndarray, p_positive: np.ndarray) -> None:
        """Add the settings, and the PR curve of the held-out clips at the step whose weights are kept.

        truth  int [clips], 1 = positive; p_positive  float32 [clips]
        """
        with self._writers["eval"].as_default(step=step):
            hparams.hparams(settings)
            curve = pr_curve.pb("precision_recall", truth.astype(bool), p_positive)
            tf.summary.experimental.write_raw_pb(curve.SerializeToString(), step)
        self._writers["eval"].close()
        self._writers["train"].close()
