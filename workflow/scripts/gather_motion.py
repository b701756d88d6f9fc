"""Gather what was found in the stretches: tables and clips of each video under its present name, and a list of the videos that could not be
read, or not to the end. What is already there stays; no film is decoded."""

import argparse
from pathlib import Path

from meerkat import atomic
from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.running import dependencies
from meerkat.settings import options
from meerkat.settings.videos import Motion
from meerkat.tables import write_rows
from meerkat.video import regions, stretches, video_files, video_report
from meerkat.video.motion_files import MotionFiles
from meerkat.video.motion_store import DamagedStretch, MotionStore


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", required=True, help=f"CSV file with the videos: {','.join(video_files.COLUMNS)}")
    parser.add_argument("--store", required=True, type=Path, help="folder of the stretches that were searched with these settings")
    parser.add_argument("--searched", required=True, type=Path, help="folder of the tables of find_motion.py, one for each shard")
    parser.add_argument("--motion", required=True, type=Path, help="folder for a folder of tables and clips for each video, for programs")
    parser.add_argument("--clips", required=True, type=Path, help="folder for a folder of clips for each video, for a person")
    parser.add_argument("--films", required=True, help="CSV file to write: the videos whose motion was gathered")
    parser.add_argument("--rejected", required=True, help="CSV file to write: path,reason")
    options.add(parser, Motion)
    args = parser.parse_args()

    settings = options.given(args, Motion)
    store = MotionStore(args.store)
    videos = video_files.read_list(args.videos, made_by="the run")
    files = MotionFiles(args.motion, args.clips)
    search = f"{args.store.name} {dependencies.code_digest(Path(__file__).absolute())[:8]}"
    present = stretches.by_shard(stretches.of(videos.films.values()))
    damaged = []
    for name, film in videos.films.items():
        facts = {
            video_report.VIDEO: videos.paths[name],
            video_report.FILM: film.id,
            video_report.PICTURES: film.pictures,
            video_report.SEARCH: f"{search} {film.region}{film.detected}".strip(),
        }
        if files.are_made(name, facts):
            continue
        try:
            files.make(name, film, store, settings.clips_per_track, facts | regions.of_film(settings, film.region).model_dump())
        except DamagedStretch as error:
            damaged.append(str(error))
            error.path.unlink(missing_ok=True)
            for shard, of_shard in present.items():
                if film in (stretch.film for stretch in of_shard):
                    (args.searched / f"{shard}.csv").unlink(missing_ok=True)
    if damaged:
        raise UserError(
            f"Parts of films that were searched are damaged or gone. Run again: they are then searched again.\n{examples(damaged)}"
        )
    found = list(video_report.read_all(args.motion, videos.paths).values())
    for path in args.searched.glob("*.csv"):
        if path.stem not in present:  # of another number of shards
            path.unlink()
    for name in files.moved(videos.films):
        files.remove(name)
    atomic.write_text(args.rejected, video_report.rejected_csv(found))
    write_rows([video_files.COLUMNS, *video_files.rows(videos)], args.films)
    log.info(video_report.summary(found) + video_report.leftovers(args.clips, videos.paths))
    if unread := video_report.unread(found, args.rejected):
        log.warning(unread)


run_program(main)
