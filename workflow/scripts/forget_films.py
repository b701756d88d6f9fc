"""Delete what is kept of films that are gone, and of searches with other settings than the present ones. Sorted clips and answers stay."""

import argparse
import shutil
from collections.abc import Iterable
from pathlib import Path

from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.running import own_configuration, run_lock
from meerkat.video import motion_store, video_files
from meerkat.video.known_films import KnownFilms
from meerkat.video.motion_files import MotionFiles
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py forget")
    parser.add_argument("configuration", type=Path, help="configuration file (YAML)")
    parser.add_argument("--yes", action="store_true", help="delete; without it, the program only says what it would delete")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    if not run_lock.remove_stale_lock():
        raise UserError("A run is at work in this folder. Wait until it has ended.")
    results = Path(settings.results)
    known = KnownFilms(results / own_configuration.FILMS)
    folder = own_configuration.video_folder(settings, [str(args.configuration)])
    videos = video_files.list_videos(folder, results, known, None, FOLDERS)
    gone = known.gone(videos.films.values())
    search = own_configuration.motion_store(settings)
    others = [path for path in search.parent.glob("*") if path != search]
    of_gone = motion_store.files_of(search, {film.id for film in gone})
    files = MotionFiles(results / "motion", results / "clips")
    names = [name for name, _ in gone.values() if name not in videos.films and files.are_there(name)]
    what = f"{count(len(gone), 'gone film')}, and {count(len(others), 'search', 'searches')} with other settings"
    size = _size([*of_gone, *(file for path in others for file in path.rglob("*"))])
    paths = examples(sorted(path for _, path in gone.values()))
    if not args.yes:
        log.info(f"Would forget {what}: {size / 1e9:.1f} GB. Your answers and names are kept. To do it, add --yes.\n{paths}")
        return
    for path in of_gone:
        path.unlink()
    for path in others:
        shutil.rmtree(path)
    for name in names:
        files.remove(name)
    known.forget(gone)
    known.save()
    log.info(f"Forgotten: {what}. {size / 1e9:.1f} GB are free.\n{paths}")


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


run_program(main)
