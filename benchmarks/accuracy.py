"""How well the workflow does on the generated clips, beside raw pixels, for each backbone: prints a table.

python benchmarks/accuracy.py --clips FOLDER [--networks efficientnet_lite0 efficientnet_lite2]

FOLDER is generate.py's. Raw pixels are a logistic regression on the clips shrunk to 32 pixels.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

import cv2
import numpy as np
import whole_run
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, required=True, help="folder of clips, made by generate.py")
    parser.add_argument("--networks", nargs="+", default=["efficientnet_lite0", "efficientnet_lite2"])
    args = parser.parse_args()
    print("| | accuracy | ROC AUC |\n|---|---|---|")
    (pictures, labels), (testing, truth) = (pixels(args.clips / split) for split in ("Training", "Testing"))
    model = LogisticRegression(max_iter=200).fit(pictures, labels)
    print(f"| raw pixels | {model.score(testing, truth):.3f} | {roc_auc_score(truth, model.decision_function(testing)):.3f} |")
    for name in args.networks:
        metrics = run(name, args.clips.absolute())
        cells = [
            f"{metrics[key]['value']:.3f} ({metrics[key]['low']:.3f} to {metrics[key]['high']:.3f})" for key in ("accuracy", "roc_auc")
        ]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def pixels(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """float32 [clips, 3072] and whether each is positive."""
    paths = sorted(folder.glob("*/*.jpg"))
    shrunk = [cv2.resize(cv2.imread(str(path)), (32, 32), interpolation=cv2.INTER_AREA).ravel() for path in paths]
    return np.float32(shrunk) / 255, np.array([path.parent.name == "Positive" for path in paths])


def run(name: str, clips: Path) -> dict:
    """The metrics of the workflow with this backbone."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "clips").symlink_to(clips)
        whole_run.run(Path(folder), os.cpu_count(), "--until", "evaluate", settings=f"backbone: {{name: {name}}}")
        return json.loads((Path(folder) / "results/evaluation/metrics.json").read_text())


if __name__ == "__main__":
    main()
