"""List the videos below a folder with the names they have in results."""

import argparse
import math
from pathlib import Path

from meerkat.data.file_tree import litter_line
from meerkat.errors import examples, printable, run_program
from meerkat.log import log
from meerkat.video import video_files
from meerkat.video.estimate import estimate
from meerkat.visits.outputs import FOLDERS
from meerkat.wording import count, duration


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, help="folder with videos, also in sub-folders")
    parser.add_argument("--leave_out", help="a folder to ignore inside it, such as that of the results")
    parser.add_argument("--known", help="CSV file that remembers the names of videos: new videos do not change them")
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder for each video that has been searched")
    parser.add_argument("--videos", required=True, help="CSV file to write: name,path")
    args = parser.parse_args()

    passed_over = video_files.PassedOver()
    known = video_files.read_known(args.known) if args.known else {}
    videos = video_files.list_videos(args.folder, args.leave_out, known, passed_over, FOLDERS)
    if args.known:
        video_files.write_known(args.known, known, videos)
    video_files.write_list(args.videos, videos)
    if passed_over.litter:
        log.info(printable(litter_line(passed_over.litter)))
    if passed_over.others:
        log.info(video_files.others_line(passed_over.others))
    if videos.copies:
        told = [f"{copy} = {path}" for copy, path in videos.copies.items()]
        log.info(f"Left out: {count(len(told), 'copy', 'copies')} of other videos:\n{examples(told)}")
    new = [path for name, path in videos.paths.items() if _is_new(path, args.motion / name / "parameters.csv")]
    log.info(f"{count(len(videos.paths), 'video')} in {args.folder}, {len(new)} of them new.")
    if new:
        found = estimate(new)
        log.info(
            f"About {duration(found.film)} of new film. The search for motion takes about {duration(found.core)} on one core"
            f"{', half of that on two' if len(new) > 1 else ''}. The pictures take {math.ceil(10 * found.gigabytes) / 10:.1f} GB or less."
        )


def _is_new(video: str, searched: Path) -> bool:
    """Whether the video has not been searched yet, or has changed since."""
    try:
        return not searched.is_file() or Path(video).stat().st_mtime > searched.stat().st_mtime
    except OSError:  # The search will say what is wrong.
        return True


run_program(main)
