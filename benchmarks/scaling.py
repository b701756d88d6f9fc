"""How the embedding of the generated clips scales with cores and shards: prints a table.

python benchmarks/scaling.py --source FOLDER --folder EMPTY

FOLDER holds the clips of generate.py. Timed is `snakemake --until preprocess`: listing, backbone and all shards, with the start of
every job.
"""

import argparse
import os
from pathlib import Path

import generate
from whole_run import link, run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True, help="the generated clips")
    parser.add_argument("--folder", type=Path, required=True, help="an empty folder to work in, on the same disk")
    args = parser.parse_args()
    print("| cores | shards of Training | seconds | clips/s | of the first rate, times cores |\n|---|---|---|---|---|")
    alone = None
    for cores, shards in [(1, 4), *((os.cpu_count(), shards) for shards in (1, 4, 16, 64))]:
        place = args.folder / f"{cores}-{shards}"
        link(args.source, place / "clips", generate.CLIPS)
        done = run(place, cores, "--until", "preprocess", settings=f"shards: {{train: {shards}}}")
        rate = done.embedded / done.seconds
        alone = alone or rate
        print(f"| {cores} | {shards} | {done.seconds:.0f} | {rate:.1f} | {rate / alone / cores:.2f} |", flush=True)


if __name__ == "__main__":
    main()
