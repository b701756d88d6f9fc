"""Delete what is kept of films that are gone, and of searches with other settings than the present ones. Sorted clips and answers stay.
With --private, delete the pictures of visits whose name is private, such as person, in the results and among the sorted clips instead."""

import argparse
import shutil
from collections.abc import Iterable
from pathlib import Path

from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.running import own_configuration, run_lock
from meerkat.serving import local_page
from meerkat.settings.configuration import Configuration
from meerkat.sorting.folders import Folders
from meerkat.video import motion_store, video_files
from meerkat.video.known_films import KnownFilms
from meerkat.video.motion_files import MotionFiles
from meerkat.visits import private_pictures
from meerkat.visits.found_visits import FoundVisits
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="start.py forget")
    parser.add_argument("configuration", type=Path, help="configuration file (YAML)")
    parser.add_argument("--private", action="store_true", help="delete the pictures of private visits instead")
    parser.add_argument("--yes", action="store_true", help="delete; without it, the program only says what it would delete")
    args = parser.parse_args()

    settings = own_configuration.read([args.configuration])
    run_lock.hold(Path(settings.results))
    own_configuration.video_folder(settings, [str(args.configuration)])
    if args.private:
        _forget_private_pictures(settings, args)
    else:
        _forget_films(settings, args)


def _forget_films(settings: Configuration, args: argparse.Namespace) -> None:
    results = Path(settings.results)
    known = KnownFilms(results / own_configuration.FILMS)
    left_out = own_configuration.not_videos(settings)
    videos = video_files.list_videos(settings.videos.folder, left_out, known, FOLDERS, settings.videos.burst)
    gone = known.gone(videos.ids)
    search = own_configuration.motion_store(settings)
    others = [path for path in search.parent.glob("*") if path != search]
    of_gone = motion_store.files_without(search, {film.id for film in videos.films.values()})
    files = MotionFiles(results / "motion", results / "clips")
    # Only the first still of a burst has a name.
    names = {name for name, _ in gone.values() if name and name not in videos.films and files.are_there(name)}
    searches = f"{count(len(others), 'search', 'searches')} with other settings"
    what = f"{count(len(gone), 'gone film or still', 'gone films and stills')}, and {searches}"
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
    log.info(f"Forgotten: {what}. {size / 1e9:.1f} GB more are free.\n{paths}")


def _forget_private_pictures(settings: Configuration, args: argparse.Namespace) -> None:
    results, search = Path(settings.results), own_configuration.motion_store(settings)
    found = FoundVisits(results / "annotations", results / "motion")
    if not (found.folder / "decided_by.json").is_file():
        raise UserError(f"{results} contains no visits yet. Find them first: python3 start.py run {args.configuration} annotate")
    listed = video_files.read_list(found.motion / "films.csv", settings.videos.folder)
    found.check_search(listed, args.configuration)
    private = private_pictures.of_videos(found, listed.films)
    what = f"the pictures of {count(sum(len(own.visits) for own in private.values()), 'private visit')}"
    with local_page.alone(Path(settings.data.folder)):
        clips = private_pictures.sorted_clips(private, found, listed, Folders(Path(settings.data.folder)))
        where = examples(sorted(listed.paths[video] for video in private))
        if not args.yes:
            log.info(f"Would delete {what}, and {count(len(clips), 'sorted clip')} of them. To do it, add --yes.\n{where}")
            return
        for path in clips:
            path.unlink()
        files = MotionFiles(found.motion, results / "clips")
        store = motion_store.MotionStore(search)
        try:
            private_pictures.erase(private, found, listed, store, files, settings.videos.clips_per_track)
        except motion_store.DamagedStretch as error:
            raise UserError(f"{error}. Run annotate, so that this part of the film is searched again, and then try again.") from None
    log.info(
        f"Deleted: {what}, and {count(len(clips), 'sorted clip')} of them. The visits stay in the tables, and the films are yours: they "
        f"stay as well. Reports made before may still show them: python3 start.py run {args.configuration} annotate\n{where}"
    )
    if any(path != search for path in search.parent.glob("*")):
        log.info(f"Searches with other settings still have such pictures: python3 start.py forget {args.configuration}")


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


run_program(main)
