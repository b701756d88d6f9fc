"""The cards of films: one for each track, with its clips."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from ..video.motion_files import CLIPS, kept_clips
from ..video.motion_store import ERASED_DIGEST
from ..video.taken import Taken
from ..video.video_files import Videos
from .pool import Card, CardClip, place


def film_cards(videos: Videos, motion: Path, taken: Taken) -> Iterator[tuple[Card, list[str]]]:
    """A card for each track of the videos, and the digests of its clips; none for a track whose pictures were deleted.

    motion  the folder with a folder for each video that was searched
    taken   knows the sites
    """
    for (video, track), of_track in groupby(kept_clips(motion, videos.paths), lambda clip: (clip.video, clip.track)):
        kept, site = [clip for clip in of_track if clip.digest != ERASED_DIGEST], taken.site(video)
        if not kept:
            continue
        clips = [CardClip(str(motion / video / CLIPS / clip.file), place(clip.file, site), clip.where) for clip in kept]
        yield Card(video, site, str(track), clips, videos.films[video].id), [clip.digest for clip in kept]
