"""Saves the state of a training, so that a killed one goes on where it was."""

import hashlib
import json
import time
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
    """The saved states in `folder` of the one cross-fitting that these data and settings define, one for each head."""

    def __init__(self, folder: Path | str, settings: Settings, *arrays: np.ndarray | EmbeddingFile):
        digest = hashlib.sha256(json.dumps(settings.model_dump(), sort_keys=True).encode())
        for array in arrays:
            digest.update(str(array.shape).encode())
            for block in blocks(len(array)):
                digest.update(np.ascontiguousarray(array[block]))
        self._folder, self._name, self._last_saves = Path(folder), digest.hexdigest()[:16], {}

    def _path(self, turn: int) -> Path:
        return self._folder / f"{self._name}-{turn}.npz"

    def load(self, turn: int) -> State | None:
        """The saved state of the head with this number, or None when there is none that can be read."""
        try:
            with np.load(self._path(turn)) as arrays:
                lists = {name: [arrays[f"{name}_{index}"] for index in range(4)] for name in _LISTS}
                rest = json.loads(str(arrays["rest"]))
        except (OSError, ValueError, KeyError, zipfile.BadZipFile):
            return None
        rest["history"] = [Progress(*entry) for entry in rest["history"]]
        return State(**lists, **rest)

    def save(self, turn: int, state: State) -> None:
        """Replace the saved state of a head."""
        arrays = {f"{name}_{index}": array for name in _LISTS for index, array in enumerate(getattr(state, name))}
        history = [list(asdict(entry).values()) for entry in state.history]
        rest = json.dumps({"step": state.step, "best_step": state.best_step, "best_loss": state.best_loss, "history": history})
        with atomic.replacing(self._path(turn)) as temporary:
            np.savez(temporary, rest=rest, **arrays)
        self._last_saves[turn] = time.monotonic()

    def save_now_and_then(self, turn: int, state: State) -> None:
        """Replace the saved state of a head, if the last time is ten seconds ago."""
        if time.monotonic() - self._last_saves.setdefault(turn, time.monotonic()) > SAVE_EVERY:
            self.save(turn, state)

    def clear(self) -> None:
        """Delete the saved states of this and of abandoned trainings."""
        for path in self._folder.glob("*.npz"):
            path.unlink(missing_ok=True)
