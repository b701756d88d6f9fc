"""The table of predictions: one row for each Testing clip."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from ..tables import read_frame
from .labels import LABELS, POSITIVE

# DeepMeerkat shows the class with the higher score.
THRESHOLD = 0.5


def table(paths: Sequence[str], labels: np.ndarray, p_positive: np.ndarray) -> pd.DataFrame:
    """Columns path, label, p_positive, predicted; the classes by name.

    labels      int64 [clips], 0 = positive, 1 = negative
    p_positive  float32 [clips], probability of positive
    """
    predicted = np.where(p_positive >= THRESHOLD, LABELS[POSITIVE], LABELS[1 - POSITIVE])
    return pd.DataFrame({"path": paths, "label": [LABELS[label] for label in labels], "p_positive": p_positive, "predicted": predicted})


def truth(predictions: pd.DataFrame) -> np.ndarray:
    """int [clips], 1 = positive."""
    return (predictions["label"] == LABELS[POSITIVE]).to_numpy(int)


def read(path: Path | str, made_by: str = "evaluate.py") -> pd.DataFrame:
    """The table. Raises UserError if it is missing; `made_by` is the program that makes it."""
    return read_frame(path, made_by, p_positive=np.float32)
