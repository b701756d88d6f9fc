"""Makes films of many kinds for the tests, with PyAV alone."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np


def pictures(film: Path, count: int | None = None) -> Iterator[av.VideoFrame]:
    """The first frames of a film."""
    with av.open(str(film)) as container:
        for number, frame in enumerate(container.decode(video=0)):
            if number == count:
                return
            yield frame.reformat(format="yuv420p", threads=1)


def variant(path: Path, film: Path, mirrored: bool = False, gain: float = 1.0) -> None:
    """A film as if taken elsewhere or at another hour: mirrored, and its light times `gain`."""

    def picture(frame: av.VideoFrame) -> av.VideoFrame:
        shown = frame.to_ndarray(format="rgb24")[:, ::-1] if mirrored else frame.to_ndarray(format="rgb24")
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(np.clip(shown * gain, 0, 255).astype(np.uint8)), format="rgb24")

    encode(path, map(picture, pictures(film)), "libx264", options={"crf": "16"})


def encode(
    path: Path,
    frames: Iterable[av.VideoFrame],
    codec: str,
    ticks: Sequence[int] | None = None,
    size: tuple[int, int] | None = None,
    options: dict[str, str] | None = None,
    pixels: str = "yuv420p",
) -> None:
    """Write frames to a film of 25 frames a second; ticks: the time of each frame in 1/1000 s instead."""
    with av.open(str(path), "w") as out:
        stream = None
        for number, frame in enumerate(frames):
            if stream is None:
                stream = out.add_stream(codec, rate=25, options=options or {})
                stream.width, stream.height = size or (frame.width, frame.height)
                stream.pix_fmt, stream.thread_count = pixels, 1
                stream.codec_context.time_base = Fraction(1, 1000) if ticks else Fraction(1, 25)
            frame = frame.reformat(width=stream.width, height=stream.height, format=pixels, threads=1)
            frame.pict_type = 0  # Else each stays a key frame, or none, as in the film it comes from.
            frame.time_base = stream.codec_context.time_base
            frame.pts = ticks[number] if ticks else number
            out.mux(stream.encode(frame))
        out.mux(stream.encode())


def copy(path: Path, *films: Path, options: dict[str, str] | None = None, rotate: int = 0, first: int = 0) -> None:
    """Copy the packets of films into one file with as many streams.

    rotate  degrees against the clock by which players turn the first one
    first   packets left out at the beginning, as by a cut without decoding
    """
    sources = [av.open(str(film)) for film in films]
    with av.open(str(path), "w", container_options=options or {}) as out:
        streams = [out.add_stream_from_template(source.streams.video[0]) for source in sources]
        if rotate:
            streams[0].set_display_rotation(rotate)
        for source, stream in zip(sources, streams, strict=True):
            for number, packet in enumerate(source.demux(video=0)):
                if packet.dts is not None and number >= first:
                    packet.stream = stream
                    out.mux(packet)
    for source in sources:
        source.close()


def repeat(path: Path, film: Path, times: int) -> None:
    """Write a film that shows another one over and over."""
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        template = source.streams.video[0]
        stream = out.add_stream_from_template(template)
        shift, length = 0, template.duration
        for _ in range(times):
            source.seek(0)
            for packet in source.demux(video=0):
                if packet.dts is not None:
                    packet.pts, packet.dts = packet.pts + shift, packet.dts + shift
                    packet.stream = stream
                    out.mux(packet)
            shift += length


def cut_off(path: Path, film: Path, share: float) -> None:
    """Copy a film without the last share of its bytes."""
    data = film.read_bytes()
    path.write_bytes(data[: int(len(data) * (1 - share))])


def with_tracks(path: Path, film: Path, before: Sequence[str], after: Sequence[str]) -> None:
    """Copy a film with other tracks before and after the picture: any of sound, data (KLV, as drones write), font and timecode."""
    with av.open(str(film)) as source, av.open(str(path), "w") as out:

        def add(kind: str) -> av.stream.Stream | None:
            if kind == "sound":
                return out.add_stream("aac", rate=16_000, layout="mono")
            if kind == "data":
                return out.add_data_stream("klv")
            if kind == "font":
                out.add_attachment("letters.ttf", "application/x-truetype-font", bytes(5000))
            return None

        added = [*map(add, before)]
        pictures = out.add_stream_from_template(source.streams.video[0])
        if "timecode" in (*before, *after):  # The muxer puts its track behind all others.
            pictures.metadata["timecode"] = "06:29:44:00"
        for stream in [*added, *map(add, after)]:
            if stream and stream.type == "audio":
                frame = av.AudioFrame.from_ndarray(np.zeros((1, 16_000), np.float32), "fltp", "mono")
                frame.rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
                out.mux([*stream.encode(frame), *stream.encode()])
            elif stream:
                packet = av.Packet(bytes(40))
                packet.stream, packet.pts, packet.dts, packet.time_base = stream, 0, 0, Fraction(1, 90_000)
                out.mux(packet)
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = pictures
                out.mux(packet)


def add_sound(path: Path, film: Path, from_second: float, late: float = 0.0) -> None:
    """Copy a film to a file and add three seconds of sound: a tone that begins at this second. The picture begins `late` seconds later."""
    with av.open(str(film)) as source, av.open(str(path), "w") as out:
        pictures = out.add_stream_from_template(source.streams.video[0])
        sound = out.add_stream("pcm_s16le", rate=16_000, layout="mono")
        seconds = np.arange(16_000 * 3) / 16_000
        tone = (20_000 * np.sin(2 * np.pi * 440 * seconds) * (seconds >= from_second)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(tone[None], "s16", "mono")
        frame.rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
        out.mux([*sound.encode(frame), *sound.encode()])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                shift = round(late / packet.time_base)
                packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, pictures
                out.mux(packet)
