"""Was a film read to its end? Judged by time, for the numbers of frames in headers are often wrong."""

from dataclasses import dataclass, field

import av

from ..wording import count, duration

# Seconds by which a header may be wrong.
_SLACK = 0.1
# Seconds at the beginning without a frame that are told: some films begin with a few frames that refer to ones before.
_LATE = 0.5
# Seconds from one frame to the next, and how many times as long as usual, from which it is a jump of the clock.
_JUMP, _MUCH_LONGER = 60.0, 100


@dataclass
class Read:
    """What was read of a film so far; times are in seconds of the container.

    packet_ends  when the last packet of each stream ends; packet_begin  when the first packet of the film begins, None where unknown
    frame_begin  when the first frame begins; frame_end  when the last frame ends
    longest      from one frame to the next
    frames       how many there were; damaged  packets that gave none; last_is_damaged  whether the last packet was such a one
    """

    packet_ends: dict[int, float] = field(default_factory=dict)
    packet_begin: float | None = None
    frame_begin: float = 0.0
    frame_end: float = 0.0
    longest: float = 0.0
    frames: int = 0
    damaged: int = 0
    last_is_damaged: bool = False


class Completeness:
    """Compares what was read of one stream of a film (`read`) with what the header announces."""

    def __init__(self, container: av.container.InputContainer, stream: av.VideoStream):
        self._stream = stream.index
        self._announced, self._is_of_stream = _announced_end(container, stream)
        self.read = Read()

    def packet(self, packet: av.Packet) -> None:
        """Take note of a packet of any stream: where it ends."""
        start = packet.dts if packet.pts is None else packet.pts
        if packet.size and start is not None and not packet.is_corrupt and not packet.is_discard:
            begin, end = (float(ticks * packet.time_base) for ticks in (start, start + (packet.duration or 0)))
            if packet.stream_index == self._stream and not self.read.frames:
                self.read.packet_begin = begin if self.read.packet_begin is None else min(begin, self.read.packet_begin)
            self.read.packet_ends[packet.stream_index] = max(end, self.read.packet_ends.get(packet.stream_index, end))

    def decoded(self, frames: int, is_damaged: bool) -> None:
        """Take note of what a packet of the film gave: so many frames, or damage."""
        # Before the first frame it is none: recordings may start between key frames.
        self.read.damaged += is_damaged and self.read.frames > 0
        self.read.frames += frames
        if frames or is_damaged:
            self.read.last_is_damaged = is_damaged

    def frame(self, begin: float, end: float, interval: float) -> None:
        """Take note of a frame: when it begins and ends, and how long after the one before it begins."""
        if not self.read.frame_end:
            self.read.frame_begin, interval = begin, end - begin
        self.read.frame_end = end
        self.read.longest = max(self.read.longest, interval)

    def problem(self) -> str:
        """After the last frame: what is missing or damaged, empty where nothing."""
        if not self.read.frames:
            return "no frame can be decoded"
        return "; ".join(filter(None, (self._at_the_beginning(), self._later())))

    def _at_the_beginning(self) -> str:
        if self.read.packet_begin is None:
            return ""
        missing = self.read.frame_begin - self.read.packet_begin
        return f"its first {missing:.1f} s cannot be decoded: it begins between key frames, or is damaged" if missing > _LATE else ""

    def _later(self) -> str:
        missing = self.read.packet_ends.get(self._stream, self.read.frame_end) - self.read.frame_end  # packets that no frame came out of
        if self._announced is not None:
            read = self.read.frame_end if self._is_of_stream else max(self.read.frame_end, *self.read.packet_ends.values(), 0.0)
            missing = max(missing, self._announced - read)
        # Where the rate varies, the last frame may stay as long as any other did.
        if missing > max(_SLACK, 1.5 * self.read.longest):
            return f"its last {missing:.1f} s are missing: truncated, damaged, or its header is wrong"
        if self.read.last_is_damaged:
            return "its last frame is damaged: truncated"
        if self.read.damaged:
            return f"damaged in {count(self.read.damaged, 'place')}"
        usual = (self.read.frame_end - self.read.frame_begin - self.read.longest) / self.read.frames
        if self.read.longest > max(_JUMP, _MUCH_LONGER * usual):
            return f"its clock jumps by {duration(self.read.longest)}: nothing is known of that time"
        return ""


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
