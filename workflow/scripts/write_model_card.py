"""Write the model card: what the model was made from, how good it is, and how to load it."""

import argparse
import json
from pathlib import Path

from meerkat import atomic
from meerkat.errors import run_program
from meerkat.export import model_card
from meerkat.train import head


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--backbone", required=True, type=Path, help="JSON file about the frozen backbone, from freeze_backbone.py")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--metrics", required=True, type=Path, help="metrics.json of the evaluation")
    parser.add_argument("--visits_audit", type=Path, help="audit.json: how many visits are found in the films of this project")
    parser.add_argument("--data", required=True, help="the source of the clips")
    parser.add_argument("--card", required=True, help="Markdown file to write")
    args = parser.parse_args()

    audit = json.loads(args.visits_audit.read_text()) if args.visits_audit else None
    facts, metrics = json.loads(args.backbone.read_text()), json.loads(args.metrics.read_text())
    atomic.write_text(args.card, model_card.text(facts, head.load(args.head), metrics, audit, args.data))


run_program(main)
