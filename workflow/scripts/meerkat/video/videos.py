"""A video and its frames, one after the other. PyAV decodes it, because OpenCV gives black pictures for interlaced film."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
from av.stream import Disposition
from av.video.reformatter import Interpolation

from ..errors import UserError
from .completeness import Completeness
from .film_file import FilmFile, says_what_it_is
from .film_header import NO_HEADER, FilmHeader, of_tags
from .look_times import LookTimes, Skips
from .plane_crops import in_bgr

_FPS = 25.0
_TURNS = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}
# To find a place in a film, we seek to this many seconds before it: seeking is imprecise in some formats, and some codecs need a moment
# until pictures are complete.
RUN_UP = 5.0
# FFmpeg's names of the containers that have an index of all pictures: MP4 and QuickTime, Matroska, AVI.
_INDEXED = ("mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "avi")
# An index leads to a place if it leads to a key frame that is not more seconds earlier. Headers that lie announce times that do not exist.
_NEAR = 60.0
# If a packet cannot be read, we try again this many times before we give up the rest of the file.
_MAX_ERRORS = 100
# Codecs in which no frame is made from another one.
_STANDING_ALONE = ("mjpeg",)
# A time stamp, None if there is none, and the frame, None if it was left out.
_Decoded = tuple[int | None, av.VideoFrame | None]


class UnreadableVideo(UserError):
    """The file is not a usable video; the message says why. Its header may say something of its recording nevertheless."""

    def __init__(self, message: str, header: FilmHeader = NO_HEADER):
        super().__init__(message)
        self.header = header


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

    def part(self, left: int, top: int, right: int, bottom: int) -> np.ndarray:
        """A part of the picture, uint8 [height, width, 3], in memory of its own. The whole picture is made for it only if it must."""
        found = None if self._turns else in_bgr(self.decoded, left, top, right, bottom)
        return self.picture[top:bottom, left:right].copy() if found is None else found

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
        return _size(self.decoded)

    @property
    def _turns(self) -> int:
        return _turns(self.decoded)

    def _upright(self, picture: np.ndarray) -> np.ndarray:
        turn = _TURNS.get(self._turns)
        return np.ascontiguousarray(picture) if turn is None else cv2.rotate(picture, turn)


class Video:
    """An open video file. Its header may lie about length and rate; the frames do not.

    fps     frames a second, according to the header
    length  seconds according to the header, 0 if it gives none
    header  what it says about the recording
    films   the number of films in the file; the longest is read
    codec, coded_size  FFmpeg's name of the codec; height and width according to the header
    seconds, size  when the last frame that was read ends, and its height and width
    completeness  the part that was read, compared with the header

    All methods that read frames raise OSError if the file cannot be reached: that is not a fault of the film.
    """

    def __init__(self, path: Path | str, threads: int = 1):
        """Raises UnreadableVideo if the file contains no film that can be decoded, and OSError if it cannot be reached."""
        self._file, self._container = open_film(Path(path).absolute())
        films = [stream for stream in self._container.streams.video if not stream.disposition & Disposition.attached_pic]
        self.films = len(films)  # The cover picture of a recording is not a film.
        self.header = of_tags([self._container.metadata, *(stream.metadata for stream in self._container.streams.video)])
        # FFmpeg takes a text file for a film of letters, and a picture for a film of one frame.
        kind = self._container.format.name
        if not films or kind in ("tty", "image2") or kind.endswith("_pipe"):
            raise UnreadableVideo("not a video, or one without pictures", self.header)
        decodable = [stream for stream in films if stream.codec_context]
        if not decodable:
            convert = f"ffmpeg -i {Path(path).name} -c:v libx264 -crf 18 {Path(path).stem}_h264.mp4"
            raise UnreadableVideo(f"its codec cannot be decoded here. Convert it: {convert}", self.header)
        stream = max(decodable, key=lambda stream: (round(_length(stream), 1), stream.width * stream.height))
        stream.thread_count, stream.thread_type = threads, "AUTO" if threads > 1 else "NONE"
        rates = [float(rate or 0) for rate in (stream.guessed_rate, stream.average_rate)]
        self.fps = next((rate for rate in rates if 0 < rate < 1000), _FPS)
        self.length, self.codec, self.coded_size = _length(stream), stream.codec_context.name, (stream.height, stream.width)
        # Once the container is closed, attributes of the stream are gone, without an error.
        self._stream, self._time_base, self._zero = stream.index, stream.time_base, _zero(self._container, stream)
        self._file_begins = float(self._zero * self._time_base)
        # In AVI, presentation times are wrong if there are B frames.
        self._has_dts = self._container.format.name == "avi"
        self._path, self._threads = path, threads
        self.completeness = Completeness.of(self._container, stream)
        self.seconds, self.size = 0.0, (0, 0)

    def looks(self, rate: float, begin: float = 0.0, end: float = math.inf, early: float = 0.0) -> Iterator[Frame]:
        """At most `rate` frames a second of the part from `begin` to `end`, in seconds, and of the `early` seconds before. Closes the film.

        What comes earlier is decoded only if the film does not allow seeking. Without that, the number of a frame is the one that it would
        have if all frames before were equally long.
        """
        times = LookTimes(rate, self.fps, max(0.0, begin - early))
        frames = self._searched(begin - early, times) if begin else None
        if frames is None and begin:
            self._begin_anew()
        number, time = 0, -1 / self.fps
        with self._container:
            for place, (stamp, frame) in enumerate(self._decoded(times) if frames is None else frames):
                stamped = self._seconds(stamp)
                if place == 0 and frames is not None:
                    number, time = round(stamped * self.fps), stamped - 1 / self.fps
                # A time stamp that is missing (not a number) or does not rise is not believed.
                interval = stamped - time if stamped > time else 1 / self.fps
                number, time = number + 1, time + interval
                if time >= end:
                    return
                if time >= begin:
                    duration = float((frame.duration or 0) * self._time_base) if frame else 0.0
                    self.seconds, self.size = time + max(1 / self.fps, duration), _size(frame) if frame else self.size
                    in_file = (self._file_begins + seconds for seconds in (time, self.seconds))
                    self.completeness.frame(*in_file, None if place == 0 else interval)
                if frame and times.take(time):
                    yield Frame(number, time, frame)

    def between(self, begin: float, end: float) -> Iterator[Frame]:
        """All frames from one time to another, in seconds; their numbers are not known. Closes the film.

        If the film allows seeking, the part before is not read.
        """
        found = self._searched(begin)
        if found is None:
            self._begin_anew()
            frames = self.looks(math.inf)
        else:
            frames = (Frame(0, self._seconds(stamp), frame) for stamp, frame in found)
        with self._container:
            for frame in frames:
                if frame.seconds > end:
                    return
                if frame.seconds >= begin - 0.5 / self.fps:
                    yield frame

    def leads_to(self, times: Iterable[float]) -> bool:
        """Whether the film has an index that leads to a place shortly before each of these times, in seconds. Call it before reading.

        Without an index, times may begin again somewhere, as in a stream that was joined of several: only who reads all of it in its order
        finds all of it.
        """
        return self._container.format.name in _INDEXED and all(map(self._leads_to, times))

    def _leads_to(self, time: float) -> bool:
        if not self._seek(self._zero + round(time / self._time_base)):
            return False
        packet = next((packet for packet in self._packets() if packet.stream.index == self._stream), None)
        ticks = packet and (packet.dts if packet.pts is None else packet.pts)
        return ticks is not None and 0 <= time - float((ticks - self._zero) * self._time_base) <= _NEAR

    def _searched(self, begin: float, times: LookTimes | None = None) -> Iterator[_Decoded] | None:
        """The frames from a little before this time on; None if the film does not allow seeking to it."""
        if not self._seek(self._zero + round(begin / self._time_base)):
            return None
        frames = self._decoded(times)
        first = next(frames, None)
        is_before = first is not None and self._seconds(first[0]) <= begin + 1 / self.fps  # False if its time is not a number.
        return chain([first], frames) if is_before else None

    def _seconds(self, stamp: int | None) -> float:
        return math.nan if stamp is None else float((stamp - self._zero) * self._time_base)

    @property
    def begins(self) -> float:
        """The time of the first frame that could be decoded, in seconds, 0 if there was none. Call it after the last frame."""
        return max(0.0, self.completeness.frame_begin - self._file_begins) if self.completeness.frames else 0.0

    def what_is_missing(self) -> str:
        """What the file lacks according to its header, empty if nothing. Call it after the last frame."""
        return self.completeness.problem()

    def _decoded(self, times: LookTimes | None = None) -> Iterator[_Decoded]:
        """The frames of the film, with their time stamps; damaged parts are skipped.

        times  when frames are looked at. The others are decoded only if frames that are looked at are made from them, else they are None
        """
        skips = Skips(times, self._seconds) if times else None
        for packet in self._packets():
            self.completeness.packet(packet)
            # Not `packet.stream_index`: that is 0 for the packets that empty the decoders, whatever their stream.
            if packet.stream.index != self._stream:
                continue
            try:
                frames = self._frames_of(packet, skips)
                is_damaged = packet.is_corrupt or any(frame.is_corrupt for frame in frames)
            except av.FFmpegError:
                frames, is_damaged = [], True
            self._file.check()  # before the last frames come: after an error of reading, this is not the end of the film
            self.completeness.decoded(bool(frames), is_damaged)
            for frame in frames:
                stamp = frame.dts if self._has_dts else frame.pts
                if skips and stamp is not None:
                    yield from ((earlier, None) for earlier in skips.shown(stamp))
                yield stamp, frame
        self._file.check()
        yield from ((stamp, None) for stamp in (skips.rest() if skips else ()))

    def _frames_of(self, packet: av.Packet, skips: Skips | None) -> list[av.VideoFrame]:
        """The frames that the decoder gives after this packet."""
        context = packet.stream.codec_context
        stands_alone = context.name in _STANDING_ALONE
        if skips and packet.pts is not None and not packet.is_discard and (stands_alone or not self._has_dts):
            is_skipped = skips.skip(packet.dts if self._has_dts else packet.pts)
            if is_skipped and stands_alone:
                return []
            context.skip_frame = "NONREF" if is_skipped else "DEFAULT"
        return packet.decode()

    def _begin_anew(self) -> None:
        self._container.close()
        anew = Video(self._path, self._threads)
        self._file, self._container, self.completeness = anew._file, anew._container, anew.completeness

    def _seek(self, ticks: int) -> bool:
        """Go to a key frame some seconds before this time stamp; returns whether the file allows it."""
        early = max(ticks - round(RUN_UP / self._time_base), self._zero)
        try:
            self._container.seek(early, stream=self._container.streams[self._stream])
        except av.FFmpegError:
            return False
        return True

    def _packets(self) -> Iterator[av.Packet]:
        """The packets of all streams, then the packets that empty the decoders."""
        for _ in range(_MAX_ERRORS):
            try:
                yield from self._container.demux()
                return
            except av.FFmpegError:
                self.completeness.decoded(False, True)


def _turns(frame: av.VideoFrame) -> int:
    return round(frame.rotation / 90) % 4


def _size(frame: av.VideoFrame) -> tuple[int, int]:
    """Height and width of the upright picture."""
    size = (frame.height, frame.width)
    return size[::-1] if _turns(frame) % 2 else size


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
