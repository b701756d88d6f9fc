"""Find what moves in the stretches of a shard, or what is new in the stills of a burst: tracks, which are boxes linked from frame to frame,
and a few clips of each track. A person sorts the clips, and a model scores them; no film is decoded again. Stretches that are in the store
are not searched again."""

import argparse
import time
from collections.abc import Callable
from pathlib import Path

from meerkat.errors import UserError, examples, run_program
from meerkat.log import log
from meerkat.progress import Progress
from meerkat.settings import options
from meerkat.settings.videos import Detector, Motion
from meerkat.tables import write_rows
from meerkat.video import regions, stretches, video_files
from meerkat.video.burst_file import BurstFile
from meerkat.video.burst_search import BurstSearch
from meerkat.video.detector_boxes import Detected, DetectorBoxes
from meerkat.video.motion_store import MotionStore, StretchWriter
from meerkat.video.recordings import Recording
from meerkat.video.regions import FilmMotion
from meerkat.video.search import LookedAt, search
from meerkat.video.stretches import Film, Stretch
from meerkat.video.videos import UnreadableVideo, Video
from meerkat.wording import count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", required=True, help=f"CSV file with the videos: {','.join(video_files.COLUMNS)}")
    parser.add_argument("--shard", required=True, help="the name of the shard, such as motion-00000-of-00008")
    parser.add_argument("--store", required=True, type=Path, help="folder of the stretches that were searched with these settings")
    parser.add_argument("--searched", required=True, help="CSV file to write: film,stretch")
    parser.add_argument("--folder", default="", help="the folder of videos; needed with --boxes")
    options.add(parser, Motion, Detector)
    options.add_threads(parser, default=1)
    args = parser.parse_args()

    settings = options.given(args, Motion)
    store = MotionStore(args.store)
    videos = video_files.read_list(args.videos, args.folder, "the run")
    path_of = {film.id: videos.paths[name] for name, film in videos.films.items()}
    bursts = BurstSearch(videos)
    wanted = stretches.by_shard(stretches.of(videos.films.values())).get(args.shard, [])
    # In the order of the files, because a burst is compared with its neighbours.
    new = sorted((stretch for stretch in wanted if not store.has(stretch)), key=lambda one: (path_of[one.film.id], one.number))
    names = {film.id: name for name, film in videos.films.items()}
    with_boxes = {stretch.film.id for stretch in new if stretch.film.detected}
    # The file of a detector is large, and most often nothing is new.
    detector = DetectorBoxes(args.boxes, args.boxes_from, videos) if with_boxes else None
    detected_in = {film: detector.of(names[film]) for film in with_boxes}
    progress = Progress(len(new), lambda done, rate: f"{args.shard}: {done:.0f} of {len(new)} searched, {rate:.1f} in a second")
    failed = []
    for number, stretch in enumerate(new, 1):
        path = path_of[stretch.film.id]
        try:
            with store.writing(stretch) as out:
                of_film, detected = regions.of_film(settings, stretch.film.region), detected_in.get(stretch.film.id, [])
                if stretch.film.pictures:
                    _search_burst(bursts, path, stretch.film, of_film, detected, out)
                    progress.tell(number)
                else:
                    _search(path, stretch, of_film, detected, args.threads, out, f"{path} ({number} of {len(new)} in {args.shard})")
                if not Recording(path, stretch.film.pictures).is_of(stretch.film.id):
                    raise _Changed
        except _Changed:
            failed.append(f"{path}: it has changed since the videos were listed. It is perhaps still being copied.")
        except OSError as error:
            if str(error.filename) not in [str(Path(file).absolute()) for file in Recording(path, stretch.film.pictures).files]:
                raise  # The disk of the results is full or out of reach.
            failed.append(f"{error.filename}: {error.strerror}")
    if failed:
        raise UserError(
            f"{count(len(failed), 'part')} of films could not be searched. Run again to try once more, or move these films out of the "
            f"folder of videos to go on without them:\n{examples(failed)}"
        )
    write_rows([("film", "stretch"), *((stretch.film.id, stretch.number) for stretch in wanted)], args.searched)
    log.info(f"{args.shard}: {count(len(new), 'part')} of films searched, {len(wanted) - len(new)} were known.")


class _Changed(Exception):
    """The film is not the one that was listed."""


def _search(
    path: str, stretch: Stretch, settings: FilmMotion, detected: list[Detected], threads: int, out: StretchWriter, words: str
) -> None:
    """Search a stretch."""
    started = time.monotonic()
    video, problem = None, ""
    try:
        video = Video(path, threads)
        end = min(stretch.end, stretch.film.seconds)
        progress = Progress(end, _words(words, stretch.begin, end))
        for found in search(video, settings, stretch.begin, stretch.end, detected):
            out.write(found)
            if isinstance(found, LookedAt):
                progress.tell(found.seconds)
    except UnreadableVideo as error:
        problem = str(error)
    if video and video.completeness.frames == 1 and stretch.film.stretches == 1 and not video.what_is_missing():
        problem = "only one frame, so no motion can be seen"
    if video and video.films > 1 and stretch.number == 0:
        log.info(f"{path}: The file contains {video.films} films; the longest was read.")
    out.finish(video, problem, (time.monotonic() - started) / 60)


def _search_burst(search: BurstSearch, path: str, film: Film, settings: FilmMotion, detected: list[Detected], out: StretchWriter) -> None:
    """Search a burst."""
    started = time.monotonic()
    burst = BurstFile(path, film.pictures)
    for found in search.search(film.id, burst, settings, detected):
        out.write(found)
    out.finish(burst, burst.what_is_missing(), (time.monotonic() - started) / 60)


def _words(what: str, begin: float, end: float) -> Callable[[float, float], str]:
    """Gives the words that say how far the search is."""
    of = f" of {(end - begin) / 60:.0f}" if end > begin else ""
    return lambda seconds, rate: f"{what}: {(seconds - begin) / 60:.0f}{of} minutes searched, {rate:.1f} times as fast as it plays"


run_program(main)
