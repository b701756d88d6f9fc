"""A video and its frames, one after the other. PyAV decodes it, because OpenCV gives black pictures for interlaced film."""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

import av
import cv2
import numpy as np
from av.stream import Disposition
from av.video.reformatter import Interpolation

from ..errors import UserError
from .completeness import Completeness, Read
from .film_file import FilmFile, says_what_it_is

_FPS = 25.0
# Tags that contain the time of the recording; the first has the time zone of the place.
_CREATED = ("com.apple.quicktime.creationdate", "creation_time")
_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
# To find a place in a film, we seek to this many seconds before it: seeking is imprecise in some formats, and some codecs need a moment
# until pictures are complete.
RUN_UP = 5.0
# If a packet cannot be read, we try again this many times before we give up the rest of the file.
_MAX_ERRORS = 100


class UnreadableVideo(UserError):
    """The file is not a usable video; the message says why."""


@dataclass(frozen=True)
class Frame:
    """A frame: its number, counted from 1, and its time in seconds from the beginning of the file, as players count. Its pictures are made
    on demand.

    decoded  what PyAV gives
    """

    number: int
    seconds: float
    decoded: av.VideoFrame

    @cached_property
    def picture(self) -> np.ndarray:
        """uint8 [height, width, 3], BGR, upright. Colours are interpolated bicubically, so that it equals OpenCV's picture to the bit."""
        return self._upright(self.decoded.to_ndarray(format="bgr24", interpolation=Interpolation.BICUBIC, threads=1))

    def shrunk(self, lines: int) -> np.ndarray:
        """The picture with `lines` rows, uint8 [lines, width, 3]; unchanged if it has no more. The whole picture is not made for it."""
        height, width = self.size
        if height <= lines:
            return self.picture
        columns = max(1, round(width * lines / height))
        size = (lines, columns) if self._turns % 2 else (columns, lines)
        small = self.decoded.reformat(*size, "bgr24", interpolation=Interpolation.AREA, threads=1)
        return self._upright(small.to_ndarray())

    @property
    def size(self) -> tuple[int, int]:
        """Height and width of the picture."""
        size = (self.decoded.height, self.decoded.width)
        return size[::-1] if self._turns % 2 else size

    @property
    def _turns(self) -> int:
        return round(self.decoded.rotation / 90) % 4

    def _upright(self, picture: np.ndarray) -> np.ndarray:
        turn = _TURNS.get(self._turns)
        return np.ascontiguousarray(picture) if turn is None else cv2.rotate(picture, turn)


@dataclass(frozen=True)
class Position:
    """How far a film was read, so that reading can continue there.

    frames   how many frames were decoded; seconds  how long they last; size  height and width of the last one that was looked at
    begin    seconds at which the last frame begins
    last     time stamp of the last frame, in units of the stream; None if time stamps did not always rise, so that we cannot seek
    due      the next frame at or after this time, in seconds, is looked at
    read     the state of the check whether the film is complete
    """

    frames: int
    seconds: float
    size: tuple[int, int]
    begin: float
    last: int | None
    due: float
    read: Read


class Video:
    """An open video file. Its header may lie about length and rate; the frames do not.

    fps     frames a second, according to the header
    length  seconds according to the header, 0 if it gives none
    created  date and time of the recording according to the file, empty if it has none
    films   the number of films in the file; the longest is read
    coded_size  height and width according to the header
    position  how far it was read

    All methods that read frames raise OSError if the file cannot be reached: that is not a fault of the film.
    """

    def __init__(self, path: Path | str, threads: int = 1):
        """Raises UnreadableVideo if the file contains no film that can be decoded, and OSError if it cannot be reached."""
        self._file, self._container = open_film(Path(path).absolute())
        films = [stream for stream in self._container.streams.video if not stream.disposition & Disposition.attached_pic]
        self.films = len(films)  # The cover picture of a recording is not a film.
        # FFmpeg takes a text file for a film of letters, and a picture for a film of one frame.
        kind = self._container.format.name
        if not films or kind in ("tty", "image2") or kind.endswith("_pipe"):
            raise UnreadableVideo("not a video, or one without pictures")
        decodable = [stream for stream in films if stream.codec_context]
        if not decodable:
            raise UnreadableVideo(
                f"its codec cannot be decoded here. Convert it: ffmpeg -i {Path(path).name} -c:v libx264 -crf 18 {Path(path).stem}_h264.mp4"
            )
        stream = max(decodable, key=lambda stream: (round(_length(stream), 1), stream.width * stream.height))
        stream.thread_count, stream.thread_type = threads, "AUTO" if threads > 1 else "NONE"
        rates = [float(rate or 0) for rate in (stream.guessed_rate, stream.average_rate)]
        self.fps = next((rate for rate in rates if 0 < rate < 1000), _FPS)
        self.length, self.coded_size = _length(stream), (stream.height, stream.width)
        self.created = next((found for name in _CREATED if (found := self._container.metadata.get(name) or stream.metadata.get(name))), "")
        # Once the container is closed, attributes of the stream are gone, without an error.
        self._stream, self._time_base, self._zero = stream.index, stream.time_base, _zero(self._container, stream)
        self._file_begins = float(self._zero * self._time_base)
        self._path, self._threads = path, threads
        self._completeness = Completeness(self._container, stream)
        self.position = Position(0, 0.0, (0, 0), -1 / self.fps, None, 0.0, self._completeness.read)

    def looks(self, rate: float, after: Position | None = None) -> Iterator[Frame]:
        """The first frame, and then at most `rate` frames a second.

        after  where an earlier reading of the same film with this rate stopped; reading continues after it
        """
        frames = self._decoded_after(after) if after else self._decoded()
        with self._container:
            for frame in frames:
                at, ticks = self.position, self._ticks(frame)
                told = None if ticks is None else float((ticks - self._zero) * self._time_base)
                rises = told is not None and told > at.begin
                interval = told - at.begin if rises else 1 / self.fps
                begin = at.begin + interval
                end = begin + max(1 / self.fps, float((frame.duration or 0) * self._time_base))
                self._completeness.frame(self._file_begins + begin, self._file_begins + end, interval)
                # Times are rounded: with 25 frames a second and a rate of 12.5, every second frame is due.
                is_due = begin >= at.due - 0.25 / self.fps
                due = max(at.due + 1 / rate, begin + 0.5 / rate) if is_due else at.due
                found = Frame(at.frames + 1, begin, frame) if is_due else None
                last = ticks if rises and (at.last is not None or at.frames == 0) else None
                size = found.size if found else at.size
                self.position = Position(at.frames + 1, end, size, begin, last, due, self._completeness.read)
                if found:
                    yield found

    def between(self, begin: float, end: float) -> Iterator[Frame]:
        """All frames from one time to another, in seconds; their numbers are not known. Closes the film.

        If the film allows seeking, the part before is not read.
        """
        frames = self._searched(begin)
        if frames is None:
            self._begin_anew()
            frames = self.looks(math.inf)
        with self._container:
            for frame in frames:
                if frame.seconds > end:
                    return
                if frame.seconds >= begin - 0.5 / self.fps:
                    yield frame

    def _searched(self, begin: float) -> Iterator[Frame] | None:
        """The frames from a little before this time on; None if the film does not allow seeking to it."""
        if not self._seek(self._zero + round(begin / self._time_base)):
            return None
        frames = (Frame(0, self._seconds(frame), frame) for frame in self._decoded())
        first = next(frames, None)
        is_before = first is not None and first.seconds <= begin + 1 / self.fps  # False if its time is not a number.
        return chain([first], frames) if is_before else None

    def _seconds(self, frame: av.VideoFrame) -> float:
        ticks = self._ticks(frame)
        return math.nan if ticks is None else float((ticks - self._zero) * self._time_base)

    @property
    def begins(self) -> float:
        """The time of the first frame that could be decoded, in seconds, 0 if there was none. Call it after the last frame."""
        return max(0.0, self._completeness.read.frame_begin - self._file_begins) if self.position.frames else 0.0

    def what_is_missing(self) -> str:
        """What the file lacks according to its header, empty if nothing. Call it after the last frame."""
        return self._completeness.problem()

    def _decoded(self) -> Iterator[av.VideoFrame]:
        """The frames of the film; damaged parts are skipped."""
        for packet in self._packets():
            self._completeness.packet(packet)
            # Not `packet.stream_index`: that is 0 for the packets that empty the decoders, whatever their stream.
            if packet.stream.index != self._stream:
                continue
            try:
                frames = packet.decode()
                is_damaged = packet.is_corrupt or any(frame.is_corrupt for frame in frames)
            except av.FFmpegError:
                frames, is_damaged = [], True
            self._file.check()  # before the last frames come: after an error of reading, this is not the end of the film
            self._completeness.decoded(len(frames), is_damaged)
            yield from frames
        self._file.check()

    def _decoded_after(self, position: Position) -> Iterator[av.VideoFrame]:
        """The frames after the position. If the film does not allow seeking to it, all frames before are decoded and counted."""
        frames = self._decoded()
        is_there = position.last is not None and self._seek(position.last)
        for frame in frames if is_there else ():
            ticks = self._ticks(frame)
            if ticks is None or ticks >= position.last:
                is_there = ticks == position.last
                break
        if not is_there:
            self._begin_anew()
            frames = self._decoded()
            deque(islice(frames, position.frames), 0)
        self.position, self._completeness.read = position, position.read
        return frames

    def _begin_anew(self) -> None:
        self._container.close()
        anew = Video(self._path, self._threads)
        self._file, self._container = anew._file, anew._container

    def _seek(self, ticks: int) -> bool:
        """Go to a key frame some seconds before this time stamp; returns whether the file allows it."""
        early = max(ticks - round(RUN_UP / self._time_base), self._zero)
        try:
            self._container.seek(early, stream=self._container.streams[self._stream])
        except av.FFmpegError:
            return False
        return True

    def _ticks(self, frame: av.VideoFrame) -> int | None:
        """The time stamp of a frame. In AVI, presentation times are wrong if there are B frames. Some formats have no time stamps."""
        return frame.dts if self._container.format.name == "avi" else frame.pts

    def _packets(self) -> Iterator[av.Packet]:
        """The packets of all streams, then the packets that empty the decoders."""
        for _ in range(_MAX_ERRORS):
            try:
                yield from self._container.demux()
                return
            except av.FFmpegError:
                self._completeness.decoded(0, True)


def open_film(path: Path) -> tuple[FilmFile, av.container.InputContainer]:
    """The file of a film, to be checked after reading, and PyAV's container. Raises UnreadableVideo and OSError as `Video` does."""
    try:
        str(path).encode()
        if path.is_fifo() or path.is_char_device():
            raise UnreadableVideo("not a file but a pipe or a device")
        file = FilmFile(path)
    except UnicodeEncodeError:
        raise UnreadableVideo("its name is not UTF-8: rename it") from None
    except OSError as error:
        if not says_what_it_is(error):
            raise
        raise UnreadableVideo(error.strerror) from None
    try:
        if not file.read(1):
            file.check()
            raise UnreadableVideo("empty file (0 bytes)")
        file.seek(0)
        return file, av.open(file, metadata_errors="replace")
    except av.FFmpegError:
        file.check()
        raise UnreadableVideo("not a video, or one whose beginning or index is missing") from None


def _zero(container: av.container.InputContainer, stream: av.VideoStream) -> int:
    """The time stamp at which the file begins, in units of the stream. If sound begins before the picture, players count from the sound."""
    if container.start_time is None:
        return stream.start_time or 0
    return round(container.start_time / (av.time_base * stream.time_base))


def _length(stream: av.VideoStream) -> float:
    """The length in seconds, 0 if unknown; Matroska writes it as a text, H:MM:SS."""
    if stream.duration:
        return float(stream.duration * stream.time_base)
    try:
        hours, minutes, seconds = map(float, stream.metadata.get("DURATION", "").split(":"))
    except ValueError:
        return 0.0
    return 3600 * hours + 60 * minutes + seconds
