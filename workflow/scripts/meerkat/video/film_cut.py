"""Cuts a piece out of a film without decoding it: quick, and no quality is lost."""

from pathlib import Path

import av

from .. import atomic
from .videos import UnreadableVideo

# Containers of which the piece can have the same kind; Matroska takes what any other holds.
_SAME = {".mp4", ".m4v", ".mov"}

# A film is searched for a place so many seconds earlier, for some formats can only be searched roughly.
_RUN_UP = 5.0


def ending(film: Path | str) -> str:
    """The ending of the file of a piece of this film."""
    own = Path(film).suffix.lower()
    return own if own in _SAME else ".mkv"


def cut(film: Path | str, begin: float, end: float, piece: Path) -> None:
    """Write what the film shows from `begin` to `end`, in seconds, with its sound; it begins at the key frame before.

    Raises UnreadableVideo when the film cannot be read.
    """
    try:
        with av.open(str(film), metadata_errors="replace") as source, atomic.replacing(piece) as temporary:
            _copy(source, begin, end, temporary)
    except av.FFmpegError as error:
        raise UnreadableVideo(f"no piece can be cut out of it: {error.strerror}") from None


def _copy(source: av.container.InputContainer, begin: float, end: float, path: Path) -> None:
    pictures = source.streams.best("video")
    streams = [pictures, *[stream for stream in source.streams.audio[:1] if stream.codec_context]]
    zero = float((pictures.start_time or 0) * pictures.time_base)
    with av.open(str(path), "w") as out:
        targets = {stream.index: out.add_stream_from_template(stream) for stream in streams}
        source.seek(int((zero + max(0.0, begin - _RUN_UP)) * av.time_base))
        held: list[av.Packet] = []
        first = None
        for packet in source.demux(streams):
            if packet.dts is None:
                continue
            time = float((packet.dts if packet.pts is None else packet.pts) * packet.time_base) - zero
            if packet.stream is pictures and packet.is_keyframe and time <= begin:
                held = []  # What was held before is not needed: the piece can begin here.
            if packet.stream is pictures and time > end:
                break
            held.append(packet)
            if time > begin:
                first = _start(held, pictures) if first is None else first
                _write(held, out, targets, first)
                held = []
        _write(held, out, targets, first or 0.0)


def _start(packets: list[av.Packet], pictures: av.VideoStream) -> float:
    """Seconds, of the film's clock, at which the piece begins: its first key frame."""
    return next((float(packet.dts * packet.time_base) for packet in packets if packet.stream is pictures and packet.is_keyframe), 0.0)


def _write(packets: list[av.Packet], out: av.container.OutputContainer, targets: dict[int, av.stream.Stream], first: float) -> None:
    for packet in packets:
        shift = round(first / packet.time_base)
        packet.dts -= shift
        packet.pts = None if packet.pts is None else packet.pts - shift
        packet.stream = targets[packet.stream_index]
        out.mux(packet)
