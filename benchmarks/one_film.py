"""Shared by the benchmarks: the commands that search one film."""

import sys
from pathlib import Path

from machine import ROOT
from meerkat.tables import csv_text
from meerkat.video import division, film_ids, stretches, video_files

NAME = "film"


def search(film: Path, folder: Path, *options: str) -> list[list]:
    """A command for each shard of a film. `folder`, which is empty, gets the list of films and the store."""
    of = stretches.Film(film_ids.id_of(str(film), film.stat().st_size), *division.divide(str(film)))
    (folder / "videos.csv").write_text(csv_text([video_files.COLUMNS, (NAME, film, *of)]))
    given = ["--videos", folder / "videos.csv", "--store", folder / "store", *options]
    program = [sys.executable, ROOT / "workflow/scripts/find_motion.py"]
    return [[*program, *given, "--shard", shard, "--searched", folder / f"{shard}.csv"] for shard in stretches.by_shard(stretches.of([of]))]


def gather(folder: Path, *options: str) -> list:
    """The command that writes the tables of a film that was searched into `folder`/motion/film."""
    places = ["--videos", folder / "videos.csv", "--store", folder / "store", "--searched", folder, "--motion", folder / "motion"]
    made = ["--clips", folder / "clips", "--films", folder / "films.csv", "--rejected", folder / "rejected.csv"]
    return [sys.executable, ROOT / "workflow/scripts/gather_motion.py", *places, *made, *options]
