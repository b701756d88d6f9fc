"""What the headers of all films say: read at the same time, because disks in a network answer late."""

from concurrent.futures import ThreadPoolExecutor

from ..video import film_header
from ..video.chapters import Recorded
from ..video.film_header import FilmHeader
from ..video.video_files import Videos
from ..video.videos import UnreadableVideo

_READERS = 8


class Headers:
    """What the headers say, by the names of videos.

    recorded  date, time and length; camera  make and model
    """

    def __init__(self, videos: Videos):
        with ThreadPoolExecutor(_READERS) as pool:
            headers = dict(zip(videos.paths, pool.map(_header, videos.paths.values()), strict=True))
        self.recorded = {name: Recorded(header.created, videos.films[name].seconds) for name, header in headers.items()}
        self.camera = {name: header.camera for name, header in headers.items()}


def _header(path: str) -> FilmHeader:
    """The header of a film; an empty one if it cannot be read, which the search will say."""
    try:
        return film_header.read(path)
    except (UnreadableVideo, OSError):
        return FilmHeader("", "")
