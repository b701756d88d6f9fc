"""Cuts a piece out of a film, as H.264 in MP4, which players and browsers show. Copied packets could begin only at key frames, and many
kinds of film cannot be put into another container."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av

from .. import atomic
from .boxes import Box
from .hidden import NEAR, hide
from .recordings import Recording
from .videos import RUN_UP, UnreadableVideo, open_film

ENDING = ".mp4"
_CLOCK = Fraction(1, 90_000)
# Nearly as good as the film, and quick.
_OPTIONS = {"preset": "veryfast", "crf": "20"}
_RATE = 48_000
Hidden = Sequence[tuple[float, Box]]


def cut(recording: Recording, begin: float, end: float, piece: Path, threads: int, lines: int | None = None, hidden: Hidden = ()) -> None:
    """Write a film from `begin` to `end`, in seconds, with its sound if that can be decoded and nobody is hidden. The stills of a burst are
    shown one after the other.

    lines   the picture is shrunk to this many lines, if it has more; None: it keeps its size
    hidden  times, in seconds, and boxes that are hidden then

    Raises UnreadableVideo if the film cannot be read, or has no frame there.
    """
    with atomic.replacing(piece) as temporary, av.open(str(temporary), "w") as out:
        pictures = sound = None
        for frame in recording.open(threads).between(begin, end):
            whole = frame.picture if lines is None else frame.shrunk(lines)
            if boxes := [box for seconds, box in hidden if abs(seconds - frame.seconds) <= NEAR]:
                whole = hide(whole, boxes, whole.shape[0] / frame.size[0])
            picture = whole[: whole.shape[0] // 2 * 2, : whole.shape[1] // 2 * 2]  # The codec accepts only even sizes.
            if pictures is None:
                pictures = out.add_stream("libx264", rate=25, options=_OPTIONS)
                pictures.height, pictures.width = picture.shape[:2]
                pictures.pix_fmt, pictures.codec_context.time_base, pictures.thread_count = "yuv420p", _CLOCK, threads
                sound = (
                    out.add_stream("aac", rate=_RATE, layout="stereo")
                    if not hidden and not recording.pictures and _has_sound(recording.path)
                    else None
                )
            shown = av.VideoFrame.from_ndarray(picture, format="bgr24").reformat(format="yuv420p", threads=1)
            shown.pts, shown.time_base = round((frame.seconds - begin) / _CLOCK), _CLOCK
            out.mux(pictures.encode(shown))
        if pictures is None:
            raise UnreadableVideo("it has no frame at that time")
        out.mux(pictures.encode())
        if sound:
            for heard in _heard(recording.path, begin, end):
                out.mux(sound.encode(heard))
            out.mux(sound.encode())


def _has_sound(film: Path | str) -> bool:
    _, source = open_film(Path(film).absolute())
    with source:
        return any(stream.codec_context for stream in source.streams.audio)


def _heard(film: Path | str, begin: float, end: float) -> Iterator[av.AudioFrame]:
    """The sound of this time in the format that the codec accepts, as far as it can be decoded."""
    resampler = av.AudioResampler("fltp", "stereo", _RATE)
    file, source = open_film(Path(film).absolute())
    with source:
        stream = next(stream for stream in source.streams.audio if stream.codec_context)
        zero = float(source.start_time or 0) / av.time_base
        try:
            source.seek(round((zero + max(0.0, begin - RUN_UP)) * av.time_base))
            for frame in source.decode(stream):
                time = frame.time - zero if frame.time is not None else begin
                if time > end:
                    break
                if time >= begin:
                    frame.pts = round((time - begin) / frame.time_base)
                    yield from resampler.resample(frame)
        except av.FFmpegError:
            pass
        file.check()
