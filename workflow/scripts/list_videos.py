"""List the videos and the bursts of stills below a folder: what each is, and its name in results."""

import argparse
import math
from collections import defaultdict
from datetime import datetime
from pathlib import Path

from meerkat import atomic
from meerkat.data.file_tree import litter_line
from meerkat.errors import examples, printable, run_program
from meerkat.log import log
from meerkat.settings import options
from meerkat.settings.videos import CameraTable, Detector, Motion, StartPattern, Stills
from meerkat.video import stretches, video_files
from meerkat.video.cameras import Cameras
from meerkat.video.cost import of_search
from meerkat.video.detector_boxes import DetectorBoxes, with_boxes
from meerkat.video.known_films import KnownFilms
from meerkat.video.motion_store import MotionStore
from meerkat.video.recordings import Recording
from meerkat.video.taken import Taken
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count, duration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="folder with videos or stills, also in sub-folders")
    parser.add_argument("--leave_out", nargs="*", default=[], help="folders to ignore inside it, such as that of the results")
    parser.add_argument("--known", required=True, help="CSV file that remembers the films that were seen, and their names")
    parser.add_argument("--store", required=True, type=Path, help="folder of the stretches that were searched with these settings")
    parser.add_argument("--videos", required=True, help="CSV file to write: a row for each video")
    options.add(parser, Motion, CameraTable, StartPattern, Stills, Detector)
    args = parser.parse_args()

    known = KnownFilms(args.known)
    videos = video_files.list_videos(args.folder, args.leave_out, known, FOLDERS, args.burst)
    known.save()
    taken = Taken(Cameras(args.cameras), args.start_pattern, videos)
    gone = known.gone(videos.ids)
    for doubt in [*taken.misfits(), *taken.doubts(datetime.now())]:
        log.warning(doubt)
    videos = taken.searched
    if args.boxes:
        detector = DetectorBoxes(args.boxes, args.boxes_from, videos)
        videos = with_boxes(videos, detector)
        for told in detector.told:
            log.info(told)
    atomic.write_text(args.videos, video_files.table(videos, taken.site, gone))
    if videos.litter:
        log.info(printable(litter_line(videos.litter)))
    if videos.others:
        log.warning(video_files.others_line(videos.others))
    if videos.copies:
        told = [f"{copy} = {path}" for copy, path in videos.copies.items()]
        log.info(f"Left out: {count(len(told), 'copy', 'copies')} of other files:\n{examples(told)}")
    if gone:
        last_paths = sorted(path for _, path in gone.values())
        log.info(f"Gone: {count(len(gone), 'file')} of earlier runs. Their results are kept:\n{examples(last_paths)}")
    store = MotionStore(args.store)
    all_stretches = stretches.of(videos.films.values())
    new = [stretch for stretch in all_stretches if not store.has(stretch)]
    paths = {film.id: videos.paths[name] for name, film in videos.films.items()}
    seconds: dict[str, float] = defaultdict(float)
    for stretch in new:
        if not stretch.film.pictures:
            seconds[paths[stretch.film.id]] += stretch.film.seconds / stretch.film.stretches
    stills = [still for stretch in new if stretch.film.pictures for still in Recording(paths[stretch.film.id], stretch.film.pictures).files]
    log.info(f"{videos.counted()} in {args.folder}, {len({stretch.film for stretch in new})} of them not searched yet.")
    if new:
        unsearched = set(new)
        jobs = sum(not unsearched.isdisjoint(shard) for shard in stretches.by_shard(all_stretches).values())
        cost = of_search(seconds, stills, jobs, options.given(args, Motion))
        what = " and ".join(
            [f"{duration(sum(seconds.values()))} of new film"] * bool(seconds) + [count(len(stills), "new still")] * bool(stills)
        )
        log.info(
            f"About {what}. The search takes about {duration(cost.core)} on one core"
            f"{', half of that on two' if len(new) > 1 else ''}. The pictures take {math.ceil(10 * cost.gigabytes) / 10:.1f} GB or less."
        )


run_program(main)
