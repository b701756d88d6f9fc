"""List the Training clips that the model contradicts most strongly: many are sorted wrongly and deserve a second look.

Each clip is scored by a head that was trained without the clip's video ("out of fold"), or without the clip where all are
of one video.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
from meerkat.data import predictions, records, video_names
from meerkat.data.labels import POSITIVE
from meerkat.errors import run_program
from meerkat.settings import options
from meerkat.settings.data import Data
from meerkat.train import head, training, validation

_FOLDS = 5
# Enough to put the clips in order; the head itself is trained longer.
_STEPS = 500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--lists", nargs="*", default=[], help="lists, or patterns of them, whose clips the records must hold exactly")
    parser.add_argument("--head", required=True, help="the head (*.npz), trained on these records")
    options.add(parser, Data, ["video_pattern"])
    parser.add_argument("--label_issues", required=True, help="CSV file to write: path,label,p_positive,predicted; the strongest first")
    args = parser.parse_args()
    training.fix_threads(1)  # These trainings are so short that a second thread gains little; evaluate can have it.

    data, facts = records.read(args.records, Path(args.label_issues).parent, args.lists), head.load(args.head).facts
    steps = min(_STEPS, facts["kept"]["step"])
    settings = training.Settings(**facts["settings"]).model_copy(update={"max_steps": steps, "eval_every": steps, "patience": steps + 1})
    fold = validation.folds(data.paths, data.labels, video_names.compile_pattern(args.video_pattern), _FOLDS, settings.seed)
    p_positive = np.full(len(data.paths), np.nan, np.float32)
    for turn in range(_FOLDS):
        inside, outside = fold == turn, fold != turn
        if inside.any() and len(np.unique(data.labels[outside])) == 2:
            state = training.initial_state(data.embeddings.shape[1], settings)
            train_set, eval_set = ((data.embeddings.part(part), data.labels[part]) for part in (outside, inside))
            state = training.train(state, train_set, eval_set, settings)
            p_positive[inside] = head.Head(*state.parameters, {}).scores(eval_set[0])[:, POSITIVE]
    table = predictions.table(data.paths, data.labels, p_positive)
    contradicted = (table["predicted"] != table["label"]) & table["p_positive"].notna()
    strength = (table["p_positive"] - 0.5).abs()
    predictions.write(
        table.assign(strength=strength)[contradicted].sort_values(["strength", "path"], ascending=[False, True]).drop(columns="strength"),
        args.label_issues,
    )
    print(f"{contradicted.sum()} of {len(table)} Training clips are contradicted by a head that was trained without them.", file=sys.stderr)


run_program(main)
