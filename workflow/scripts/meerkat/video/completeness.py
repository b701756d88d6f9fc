"""Was a film read to its end? Judged by time, for the numbers of frames in headers are often wrong."""

import av

# Seconds by which a header may be wrong.
_SLACK = 0.1


class Completeness:
    """Compares what was read of one stream of a film with what the header announces. Times are in seconds of the container."""

    def __init__(self, container: av.container.InputContainer, stream: av.VideoStream):
        self._stream = stream.index
        self._announced, self._is_of_stream = _announced_end(container, stream)
        self._packet_ends: dict[int, float] = {}
        self._frame_end = 0.0
        self._longest = 0.0
        self._frames = self._damaged = 0
        self._last_is_damaged = False

    def packet(self, packet: av.Packet) -> None:
        """Take note of a packet of any stream: where it ends."""
        start = packet.dts if packet.pts is None else packet.pts
        if packet.size and start is not None and not packet.is_corrupt and not packet.is_discard:
            end = float((start + (packet.duration or 0)) * packet.time_base)
            self._packet_ends[packet.stream_index] = max(end, self._packet_ends.get(packet.stream_index, end))

    def decoded(self, frames: int, is_damaged: bool) -> None:
        """Take note of what a packet of the film gave: so many frames, or damage."""
        # Before the first frame it is none: recordings may start between key frames.
        self._damaged += is_damaged and self._frames > 0
        self._frames += frames
        if frames or is_damaged:
            self._last_is_damaged = is_damaged

    def frame(self, end: float, interval: float) -> None:
        """Take note of a frame: when it ends, and how long after the one before it begins."""
        self._frame_end = end
        self._longest = max(self._longest, interval)

    def problem(self) -> str:
        """After the last frame: what is missing or damaged, empty where nothing."""
        if not self._frames:
            return "no frame can be decoded"
        missing = self._packet_ends.get(self._stream, self._frame_end) - self._frame_end  # packets that no frame came out of
        if self._announced is not None:
            read = self._frame_end if self._is_of_stream else max(self._frame_end, *self._packet_ends.values(), 0.0)
            missing = max(missing, self._announced - read)
        # Where the rate varies, the last frame may stay as long as any other did.
        if missing > max(_SLACK, 1.5 * self._longest):
            return f"its last {missing:.1f} s are missing: truncated, damaged, or its header is wrong"
        if self._last_is_damaged:
            return "its last frame is damaged: truncated"
        return f"damaged in {self._damaged} places" if self._damaged else ""


def _announced_end(container: av.container.InputContainer, stream: av.VideoStream) -> tuple[float | None, bool]:
    """When the film ends according to the header, None where it does not say, and whether it says so of this very stream."""
    if container.format.name == "avi" and stream.frames:  # The duration of an AVI is FFmpeg's guess from the file's size.
        return float(stream.frames * stream.time_base), True
    if stream.duration:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base), True
    if not container.duration:
        return None, False
    # Matroska and FLV announce the time of the end, others the time from the beginning to the end.
    starts_at_zero = "matroska" in container.format.name or container.format.name == "flv"
    return ((0 if starts_at_zero else container.start_time or 0) + container.duration) / av.time_base, False
