"""Find what moves in the stretches of a shard: tracks, which are boxes linked from frame to frame, and a few clips of each track. A person
sorts the clips, and a model scores them; no film is decoded again. Stretches that are in the store are not searched again."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from meerkat import atomic
from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.progress import Progress
from meerkat.settings import options
from meerkat.settings.videos import Motion
from meerkat.tables import csv_text
from meerkat.video import film_ids, regions, stretches, video_files
from meerkat.video.motion_store import MotionStore, StretchWriter
from meerkat.video.regions import FilmMotion
from meerkat.video.search import Found, Look, Sighting, search
from meerkat.video.stretches import Stretch
from meerkat.video.videos import UnreadableVideo, Video
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", required=True, help="CSV file with the videos: name,path,film,seconds,stretches,region")
    parser.add_argument("--shard", required=True, help="the name of the shard, such as motion-00000-of-00008")
    parser.add_argument("--store", required=True, type=Path, help="folder of the stretches that were searched with these settings")
    parser.add_argument("--searched", required=True, help="CSV file to write: film,stretch")
    options.add(parser, Motion)
    options.add_threads(parser, default=1)
    args = parser.parse_args()

    settings = options.given(args, Motion)
    store = MotionStore(args.store)
    videos = video_files.read_list(args.videos, "the run")
    path_of = {film.id: videos.paths[name] for name, film in videos.films.items()}
    wanted = stretches.by_shard(stretches.of(videos.films.values())).get(args.shard, [])
    new = [stretch for stretch in wanted if not store.has(stretch)]
    failed = []
    for number, stretch in enumerate(new, 1):
        path = path_of[stretch.film.id]
        try:
            with store.writing(stretch) as out:
                _search(
                    path,
                    stretch,
                    regions.of_film(settings, stretch.film.region),
                    args.threads,
                    out,
                    f"{path} ({number} of {len(new)} in {args.shard})",
                )
                if not film_ids.is_of(stretch.film.id, path):
                    raise _Changed
        except _Changed:
            failed.append(f"{path}: it has changed since the videos were listed. It is perhaps still being copied.")
        except OSError as error:
            if error.filename is None or Path(error.filename) != Path(path).absolute():
                raise  # The disk of the results is full or out of reach.
            failed.append(f"{path}: {error.strerror}")
    if failed:
        raise UserError(
            f"{count(len(failed), 'part')} of films could not be searched. Run again to try once more, or move these films out of the "
            f"folder of videos to go on without them:\n{examples(failed)}"
        )
    atomic.write_text(args.searched, csv_text([("film", "stretch"), *((stretch.film.id, stretch.number) for stretch in wanted)]))
    log.info(f"{args.shard}: {count(len(new), 'part')} of films searched, {len(wanted) - len(new)} were known.")


class _Changed(Exception):
    """The film is not the one that was listed."""


def _search(path: str, stretch: Stretch, settings: FilmMotion, threads: int, out: StretchWriter, words: str) -> None:
    """Search a stretch."""
    started = time.monotonic()
    video, problem = None, ""
    try:
        video = Video(path, threads)
        end = min(stretch.end, stretch.film.seconds)
        progress = Progress(end, _words(words, stretch.begin, end))
        for found in search(video, settings, stretch.begin, stretch.end):
            match found:
                case Look():
                    out.look(found)
                    progress.tell(found.seconds)
                case Sighting():
                    out.see(found)
                case Found():
                    out.add(found)
    except UnreadableVideo as error:
        problem = str(error)
    if video and video.films > 1 and stretch.number == 0:
        log.info(f"{path}: The file contains {video.films} films; the longest was read.")
    out.finish(video, problem, (time.monotonic() - started) / 60)


def _words(what: str, begin: float, end: float) -> Callable[[float, float], str]:
    """Gives the words that say how far the search is."""
    of = f" of {(end - begin) / 60:.0f}" if end > begin else ""
    return lambda seconds, rate: f"{what}: {(seconds - begin) / 60:.0f}{of} minutes searched, {rate:.1f} times as fast as it plays"


run_program(main)
