"""The table of predictions: one row for each Testing clip."""

from pathlib import Path

import numpy as np
import pandas as pd

from .. import atomic
from ..errors import UserError
from ..tables import csv_text
from .labels import LABELS, POSITIVE

# DeepMeerkat shows the class with the higher score.
THRESHOLD = 0.5


def table(paths: list[str], labels: np.ndarray, p_positive: np.ndarray) -> pd.DataFrame:
    """Columns path, label, p_positive, predicted; the classes by name.

    labels      int64 [clips], 0 = positive, 1 = negative
    p_positive  float32 [clips], probability of positive
    """
    predicted = np.where(p_positive >= THRESHOLD, LABELS[POSITIVE], LABELS[1 - POSITIVE])
    return pd.DataFrame({"path": paths, "label": [LABELS[label] for label in labels], "p_positive": p_positive, "predicted": predicted})


def truth(predictions: pd.DataFrame) -> np.ndarray:
    """int [clips], 1 = positive."""
    return (predictions["label"] == LABELS[POSITIVE]).to_numpy(int)


def write(predictions: pd.DataFrame, path: Path | str) -> None:
    """Write the table as CSV; nine significant digits bring a float32 back exactly."""
    rows = ((row.path, row.label, f"{row.p_positive:.9g}", row.predicted) for row in predictions.itertuples())
    atomic.write_text(path, csv_text([predictions.columns, *rows]))


def read(path: Path | str) -> pd.DataFrame:
    """The table that `write` wrote. Raises UserError when it is missing."""
    try:
        # A clip may be named NA or null; only a score that is no number is one.
        numbers = {"dtype": {"path": str, "p_positive": np.float32}, "na_values": {"p_positive": ["nan"]}, "keep_default_na": False}
        return pd.read_csv(path, encoding_errors="surrogateescape", **numbers)
    except FileNotFoundError:
        raise UserError(f"The predictions {path} do not exist. Make them with evaluate.py.") from None
