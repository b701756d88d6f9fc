"""Find the visits of animals in the videos: tracks whose clips the model takes for an animal, joined over short pauses."""

import argparse
import sys
from pathlib import Path

from meerkat import atomic, tables
from meerkat.errors import run_program
from meerkat.settings import options
from meerkat.settings.annotate import Annotate
from meerkat.settings.section import Seeded
from meerkat.settings.videos import VideoFiles
from meerkat.tables import csv_text
from meerkat.video import detections, motion_files, playlist, quiet_minutes, video_report, visit_pictures, visit_tables, visits
from meerkat.video.taken import Taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--motion", required=True, type=Path, help="folder with a folder of tables and stills for each video")
    parser.add_argument("--videos", required=True, help="CSV file with the names of the videos, which their folders have: name,path")
    parser.add_argument("--folder", required=True, help="the folder of videos, from which detections.json names them")
    parser.add_argument("--scores", required=True, help="CSV file of score_clips.py")
    parser.add_argument("--model", required=True, help="folder of the model, for detections.json")
    parser.add_argument("--metrics", type=Path, help="metrics.json whose operating point is the threshold")
    parser.add_argument("--output", required=True, type=Path, help="folder for visits.csv, visits.m3u8, detections.json and the rest")
    options.add(parser, Annotate, ["threshold", "join", "keep", "draw_boxes"])
    options.add(parser, VideoFiles, ["table", "start_pattern"])
    options.add(parser, Seeded)
    args = parser.parse_args()

    threshold = visits.threshold(args.threshold, args.metrics)
    scores = visits.read_scores(args.scores)
    paths = {row["name"]: row["path"] for row in tables.read(args.videos, "list_videos.py")}
    taken = Taken(args.table, args.start_pattern, paths, args.folder)
    if taken.unused:
        print(f"{args.table}: {len(taken.unused)} rows are of no video here, such as {taken.unused[0]}.", file=sys.stderr)
    rows, reports, shown, quiet, watched = [], [], [playlist.HEADER], [], 0.0
    with detections.writing(args.output / "detections.json", args.model, threshold) as add:
        for name, path in paths.items():
            video = video_report.read(args.motion / name / "parameters.csv")
            tracks = visits.read_tracks(args.motion / name, scores[name])
            failure = "" if int(video[video_report.FRAMES]) else video[video_report.PROBLEM]
            add(detections.entry(_file(path, args.folder), video, tracks, failure))
            found = visits.join((track for track in tracks if track.p_positive >= threshold), args.join)
            site, start = taken.site(name), taken.start(name, video[video_report.CREATED])
            rows += [visit_tables.visit_row(name, site, start, number, visit) for number, visit in enumerate(found, 1)]
            shown += [playlist.of_visit(visit, path, args.output) for visit in found]
            spans = ((track.begin, track.end) for track in tracks)
            quiet += quiet_minutes.pieces(path, spans, float(video[video_report.SECONDS]))
            watched += sum(visit.end - visit.begin for visit in found)
            reports.append(video)
            _write_folder(args.output / name, found)
            kept = {"best": [visit.best for visit in found], "all": [track for visit in found for track in visit.tracks], "none": []}
            stills = args.motion / name / motion_files.STILLS
            visit_pictures.keep(kept[args.keep], stills, int(video[video_report.WIDTH]), args.draw_boxes, args.output / name)
    atomic.write_text(args.output / "visits.csv", csv_text([visit_tables.VISIT_COLUMNS, *rows]))
    atomic.write_text(args.output / "visits.m3u8", "".join(shown))
    sample = [playlist.entry(*piece, args.output) for piece in quiet_minutes.draw(quiet, args.seed)]
    atomic.write_text(args.output / "quiet_minutes.m3u8", "".join([playlist.HEADER, *sample]))
    atomic.write_text(args.output / "rejected.csv", video_report.rejected_csv(reports))
    filmed = sum(float(video[video_report.SECONDS]) for video in reports)
    print(f"{len(rows)} visits: {watched / 60:.1f} of {filmed / 60:.1f} minutes.", file=sys.stderr)


def _file(video: str, folder: str) -> str:
    """The path of a video as programs that are given the folder of videos know it, with forward slashes."""
    return Path(video).relative_to(folder).as_posix().encode(errors="backslashreplace").decode()


def _write_folder(folder: Path, found: list[visits.Visit]) -> None:
    """The folder of a video with annotations.csv, and no pictures of an earlier run."""
    for picture in folder.glob("[0-9]*.jpg"):
        picture.unlink()
    tracks = [track for visit in found for track in visit.tracks]
    atomic.write_text(folder / "annotations.csv", csv_text([visit_tables.ANNOTATION_COLUMNS, *visit_tables.annotation_rows(tracks)]))


run_program(main)
