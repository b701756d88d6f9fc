"""Compare Testing with Training: which Testing clips are of a Training video or site, and which look like a Training clip?"""

import argparse
import sys
from pathlib import Path

from meerkat.data import origins, records
from meerkat.errors import UserError, run_program
from meerkat.evaluate import leaks, near_duplicates
from meerkat.settings import options
from meerkat.settings.data import Data
from meerkat.settings.evaluate import Evaluate
from threadpoolctl import threadpool_limits


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Training clips, or patterns")
    parser.add_argument("--testing", nargs="+", required=True, help="record files (*.tfrecord.gz) of the Testing clips, or patterns")
    options.add(parser, Data, origins.SETTINGS)
    options.add(parser, Evaluate, ["near_duplicate"])
    parser.add_argument("--leaks", required=True, help="CSV file to write, one row a Testing clip")
    options.add_threads(parser)
    args = parser.parse_args()

    where = origins.Origins(args.video_pattern, args.site_pattern, args.sites)
    testing = records.read(args.testing, Path(args.leaks).parent)
    where.check(testing.paths)
    training_videos, training_sites = set(), set()

    def training():
        for batch in records.batches(args.training, near_duplicates.BATCH):
            if testing.paths and batch.embeddings.shape[1] != testing.embeddings.shape[1]:
                raise UserError(
                    f"The Training embeddings are {batch.embeddings.shape[1]} wide, the Testing ones {testing.embeddings.shape[1]}. "
                    "Make Training and Testing records with one backbone."
                )
            training_videos.update(map(where.video, batch.paths))
            training_sites.update(map(where.site, batch.paths))
            yield batch

    with threadpool_limits(args.threads, "blas"):
        nearest = near_duplicates.nearest(training(), testing.embeddings, args.near_duplicate)
    table = leaks.table(testing.paths, where, training_videos, training_sites, nearest)
    leaks.write(table, args.leaks)
    print(
        f"Of {len(table)} Testing clips, {table['video_in_training'].sum()} are of a Training video and "
        f"{(table['near_duplicates'] > 0).sum()} look like a Training clip (similarity {args.near_duplicate:g} or more).",
        file=sys.stderr,
    )


run_program(main)
