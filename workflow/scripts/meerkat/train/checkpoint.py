"""Saves the state of a training, so that a killed one goes on where it was."""

import hashlib
import json
import zipfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from .. import atomic
from ..data.embedding_file import EmbeddingFile, blocks
from .training import Progress, Settings, State

# Seconds between two saves while training: at most so much of it is repeated after a kill.
SAVE_EVERY = 10.0
_LISTS = ("parameters", "moments", "velocities", "best_parameters")


class Checkpoint:
    """The saved state in `folder` of the one training that these data and settings define."""

    def __init__(self, folder: Path | str, settings: Settings, *arrays: np.ndarray | EmbeddingFile):
        digest = hashlib.sha256(json.dumps(settings.model_dump(), sort_keys=True).encode())
        for array in arrays:
            digest.update(str(array.shape).encode())
            for block in blocks(len(array)):
                digest.update(np.ascontiguousarray(array[block]))
        self._path = Path(folder) / f"{digest.hexdigest()[:16]}.npz"

    def load(self) -> State | None:
        """The saved state, or None when there is none that can be read."""
        try:
            with np.load(self._path) as arrays:
                lists = {name: [arrays[f"{name}_{index}"] for index in range(4)] for name in _LISTS}
                rest = json.loads(str(arrays["rest"]))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        rest["history"] = [Progress(*entry) for entry in rest["history"]]
        return State(**lists, **rest)

    def save(self, state: State) -> None:
        """Replace the saved state."""
        arrays = {f"{name}_{index}": array for name in _LISTS for index, array in enumerate(getattr(state, name))}
        history = [list(asdict(entry).values()) for entry in state.history]
        rest = json.dumps({"step": state.step, "best_step": state.best_step, "best_loss": state.best_loss, "history": history})
        with atomic.replacing(self._path) as temporary:
            np.savez(temporary, rest=rest, **arrays)

    def clear(self) -> None:
        """Delete the saved states of this and of abandoned trainings."""
        for path in self._path.parent.glob("*.npz"):
            path.unlink(missing_ok=True)
