"""A whole run with InceptionV3, the network of 2018, beside what its arithmetic alone would take: prints a table.

python benchmarks/inception.py --source FOLDER --folder EMPTY

FOLDER holds the clips of generate.py. The network's weights are random: its rate does not depend on them.
"""

import argparse
import os
from pathlib import Path

import generate
from embedding import flops, random_weights, sgemm
from meerkat.preprocess import backbones
from whole_run import link, run

NETWORK = "InceptionV3"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="the generated clips")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in, on the same disk")
    args = parser.parse_args()
    weights, cores = random_weights(NETWORK, args.folder), os.cpu_count()
    operations = flops(backbones.freeze(NETWORK, weights).part(backbones.EMBEDDING))
    link(args.source, args.folder / "clips", generate.CLIPS)
    before = sgemm(10)  # on all cores
    done = run(args.folder, cores, settings=f"backbone: {{name: {NETWORK}, weights: {weights}}}")
    rate = (before + sgemm(10)) / 2
    arithmetic = done.embedded * operations / rate
    print("| clips | cores | seconds of the run | SGEMM before and after, GFLOP/s | seconds of the arithmetic at that rate | ratio |")
    print("|---|---|---|---|---|---|")
    print(f"| {done.embedded:,} | {cores} | {done.seconds:.0f} | {rate / 1e9:.0f} | {arithmetic:.0f} | {done.seconds / arithmetic:.2f} |")


if __name__ == "__main__":
    main()
