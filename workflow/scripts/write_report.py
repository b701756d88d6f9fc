"""Write the report: one page for a browser. All pictures are inside it, so it needs no network."""

import argparse
import json
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from meerkat import atomic, tables
from meerkat.advice import situation
from meerkat.data import predictions
from meerkat.errors import run_program
from meerkat.evaluate import leaks
from meerkat.log import log
from meerkat.report import galleries, model_report
from meerkat.sorting import journal, moved_films
from meerkat.sorting.folders import Folders
from meerkat.sorting.tasks import LOOK, TESTING
from meerkat.train import head

# Columns of videos.csv.
_COUNTS = ("clips", "positives", "found", "negatives", "false_alarms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--metrics", required=True, type=Path, help="metrics.json")
    parser.add_argument("--predictions", required=True, help="predictions.csv")
    parser.add_argument("--videos", required=True, help="videos.csv")
    parser.add_argument("--leaks", required=True, help="leaks.csv")
    parser.add_argument("--label_issues", required=True, help="label_issues.csv")
    parser.add_argument("--head", required=True, help="the head (*.npz)")
    parser.add_argument("--audit", required=True, type=Path, help="audit.json")
    parser.add_argument("--rejected", required=True, help="rejected.csv")
    parser.add_argument("--provenance", required=True, type=Path, help="provenance.json")
    parser.add_argument("--check", type=Path, help="check.json of check_visits.py, if a person has watched some of the videos")
    parser.add_argument(
        "--visits_audit", type=Path, help="audit.json of audit_visits.py, if a person has looked at moments that were drawn"
    )
    parser.add_argument("--labels", type=Path, help="labels.csv of the page for sorting, if the clips were sorted there")
    parser.add_argument("--sorting", type=Path, help="what that page has noted on how far the sorting is")
    parser.add_argument("--figures", required=True, type=Path, help="folder of the figures (*.svg)")
    parser.add_argument("--template", required=True, type=Path, help="the page (Jinja)")
    parser.add_argument("--report", required=True, help="HTML file to write")
    args = parser.parse_args()

    metrics = json.loads(args.metrics.read_text())
    tested = predictions.read(args.predictions)
    contradicted = predictions.read(args.label_issues, "train.py")
    asked = _asked(args.labels) if args.labels else defaultdict(set)
    check = json.loads(args.check.read_text()) if args.check else None
    trained = situation.Trained(metrics, situation.doubtful(contradicted, asked[LOOK]), check)
    page = model_report.render(
        args.template,
        trained=trained,
        sorting=situation.read_sorting(args.sorting) if args.sorting else None,
        galleries=galleries.galleries(
            tested,
            metrics["operating_point"]["threshold"],
            leaks.read(args.leaks),
            contradicted,
            metrics["estimate"]["origin"],
        ),
        pictures=model_report.pictures(args.figures),
        videos=tables.read_frame(args.videos, "evaluate.py", **dict.fromkeys(_COUNTS, int), recall=float),
        facts=head.load(args.head).facts,
        audit=json.loads(args.audit.read_text()),
        rejected=tables.read(args.rejected, "create_docs.py"),
        provenance=json.loads(args.provenance.read_text()),
        drawn=sum(Path(path).name in asked[TESTING] for path in tested["path"]),
        visits_audit=json.loads(args.visits_audit.read_text()) if args.visits_audit else None,
    )
    atomic.write_text(args.report, page)
    log.info(f"Open {args.report} in the browser.")


def _asked(labels: Path) -> Mapping[str, set[str]]:
    """The clips that the page for sorting has asked about, by task; `labels` is its journal."""
    return journal.read(labels, moved_films.present_names(Folders(labels.parent))).asked


run_program(main)
