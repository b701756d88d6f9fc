"""Measures how well the workflow does with each backbone, on sets of clips that anyone can make: prints a table.

A set is a folder that generate.py or photographs.py has made, and has the folder's name. "Raw pixels" is a logistic regression
on the clips, shrunk to 32 pixels.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from machine import run
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


def main(sets: Sequence[str], networks: Sequence[str] = ("efficientnet_lite0", "efficientnet_lite2")) -> None:
    print("| clips | network | accuracy | ROC AUC | log loss |\n|---|---|---|---|---|")
    for clips in map(Path, sets):
        (pictures, labels), (testing, truth) = (pixels(clips / split) for split in ("Training", "Testing"))
        model = LogisticRegression(max_iter=200).fit(pictures, labels)
        auc = roc_auc_score(truth, model.decision_function(testing))
        print(f"| {clips.name} | raw pixels | {model.score(testing, truth):.3f} | {auc:.3f} | |", flush=True)
        for name in networks:
            metrics = metrics_of(name, clips.absolute())
            cells = " | ".join(
                f"{metrics[key]['value']:.3f} ({metrics[key]['low']:.3f} to {metrics[key]['high']:.3f})"
                for key in ("accuracy", "roc_auc", "log_loss")
            )
            print(f"| {clips.name} | {name} | {cells} |", flush=True)


def pixels(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """float32 [clips, 3072] and whether each is positive."""
    paths = sorted(folder.rglob("*.jpg"))
    shrunk = [cv2.resize(cv2.imread(str(path)), (32, 32), interpolation=cv2.INTER_AREA).ravel() for path in paths]
    return np.float32(shrunk) / 255, np.array([path.relative_to(folder).parts[0] == "Positive" for path in paths])


def metrics_of(name: str, clips: Path) -> dict:
    """The metrics of the workflow with this backbone."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "clips").symlink_to(clips)
        run(Path(folder), "--until", "evaluate", settings=f"backbone: {{name: {name}}}")
        return json.loads((Path(folder) / "results/evaluation/metrics.json").read_text())
