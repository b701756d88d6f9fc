"""Write backbone and head as the SavedModel that DeepMeerkat loads, and check it.

The model appears in the output folder only after it has passed every check.
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from meerkat import atomic
from meerkat.data import labels, predictions
from meerkat.errors import UserError, run_program
from meerkat.export import contract, saved_model
from meerkat.log import log
from meerkat.preprocess import backbones, embedding
from meerkat.train import head

# For this many Testing clips, the model must give the scores of the evaluation.
_COMPARED = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--backbone", required=True, help="the frozen backbone (*.pb)")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--predictions", help="predictions.csv; the model must give these scores for the same clips")
    parser.add_argument("--output", required=True, type=Path, help="folder for saved_model.pb and dict.txt")
    args = parser.parse_args()

    backbone, trained = backbones.load(args.backbone), head.load(args.head)
    _check_fits(backbone, trained)
    expected = _expected(args.predictions) if args.predictions else []
    with tempfile.TemporaryDirectory(prefix=atomic.PREFIX, dir=args.output.parent) as folder:
        saved_model.write(backbone, saved_model.by_head(trained), folder)
        contract.verify(folder, expected)
        args.output.mkdir(exist_ok=True)
        (Path(folder) / "saved_model.pb").replace(args.output / "saved_model.pb")
    atomic.write_text(args.output / "dict.txt", labels.dict_text())
    log.info(f"{args.output / 'saved_model.pb'} keeps the contract with DeepMeerkat; {len(expected)} scores compared.")


def _check_fits(backbone: backbones.Backbone, trained: head.Head) -> None:
    """Raise UserError if head and backbone do not fit: records made elsewhere may come from another backbone than the configured one."""
    fingerprint = trained.facts["fingerprint"]
    if trained.width != backbone.width or fingerprint not in ("", backbone.fingerprint):
        raise UserError(
            f"The head was trained with another backbone, on embeddings of width {trained.width}. The backbone {backbone.name} makes "
            f"embeddings of width {backbone.width}. Write at backbone: in the configuration which backbone made the records."
        )


def _expected(path: str) -> list[tuple[bytes, float]]:
    """JPEG bytes and score of some Testing clips, spread over the list."""
    table = predictions.read(path)
    rows = table.iloc[np.unique(np.linspace(0, len(table) - 1, min(len(table), _COMPARED)).astype(int))]
    return [(embedding.served_jpeg(Path(row.path).read_bytes()), float(row.p_positive)) for row in rows.itertuples()]


run_program(main)
