"""Was a film read to its end? This is judged by time, because the numbers of frames in headers are often wrong."""

from dataclasses import dataclass, field

import av

from ..wording import count, duration

# A header may be wrong by this many seconds.
_SLACK = 0.1
# Report more than this many seconds without a frame at the beginning: some films begin with a few frames that refer to earlier ones.
_LATE = 0.5
# The clock has jumped if a frame comes this many seconds after the one before, and this many times as late as usual.
_JUMP, _MUCH_LONGER = 60.0, 100


@dataclass
class Read:
    """The part of a film that was read so far; times are in seconds of the container.

    packet_ends  when the last packet of each stream ends; packet_begin  when the first packet of the film begins, None if unknown
    frame_begin  when the first frame begins; frame_end  when the last frame ends
    longest      the longest time from one frame to the next
    frames       how many there were; damaged  packets that gave none; last_is_damaged  whether the last packet gave none
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
    """Compares the part of a stream that was read (`read`) with the header."""

    def __init__(self, container: av.container.InputContainer, stream: av.VideoStream):
        self._stream = stream.index
        self._announced, self._is_of_stream = _announced_end(container, stream)
        self.read = Read()

    def packet(self, packet: av.Packet) -> None:
        """Note where a packet of any stream ends."""
        start = packet.dts if packet.pts is None else packet.pts
        if packet.size and start is not None and not packet.is_corrupt and not packet.is_discard:
            begin, end = (float(ticks * packet.time_base) for ticks in (start, start + (packet.duration or 0)))
            if packet.stream_index == self._stream and not self.read.frames:
                self.read.packet_begin = begin if self.read.packet_begin is None else min(begin, self.read.packet_begin)
            self.read.packet_ends[packet.stream_index] = max(end, self.read.packet_ends.get(packet.stream_index, end))

    def decoded(self, frames: int, is_damaged: bool) -> None:
        """Note what a packet of the film gave: a number of frames, or damage."""
        # Before the first frame it does not count as damage: recordings may start between key frames.
        self.read.damaged += is_damaged and self.read.frames > 0
        self.read.frames += frames
        if frames or is_damaged:
            self.read.last_is_damaged = is_damaged

    def frame(self, begin: float, end: float, interval: float) -> None:
        """Note when a frame begins and ends, and how long it begins after the frame before."""
        if not self.read.frame_end:
            self.read.frame_begin, interval = begin, end - begin
        self.read.frame_end = end
        self.read.longest = max(self.read.longest, interval)

    def problem(self) -> str:
        """What is missing or damaged, empty if nothing is. Call it after the last frame."""
        if not self.read.frames:
            return "no frame can be decoded"
        return "; ".join(filter(None, (self._at_the_beginning(), self._later())))

    def _at_the_beginning(self) -> str:
        if self.read.packet_begin is None:
            return ""
        missing = self.read.frame_begin - self.read.packet_begin
        return f"its first {missing:.1f} s cannot be decoded: it begins between key frames, or is damaged" if missing > _LATE else ""

    def _later(self) -> str:
        missing = self.read.packet_ends.get(self._stream, self.read.frame_end) - self.read.frame_end  # packets that gave no frame
        if self._announced is not None:
            read = self.read.frame_end if self._is_of_stream else max(self.read.frame_end, *self.read.packet_ends.values(), 0.0)
            missing = max(missing, self._announced - read)
        # If the rate varies, the last frame may stay as long as the longest other one.
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
    """When the film ends according to the header, None if it does not say; and whether it says so about this very stream."""
    if container.format.name == "avi" and stream.frames:  # FFmpeg only guesses the duration of an AVI from the file's size.
        return float(stream.frames * stream.time_base), True
    if stream.duration:
        return float(((stream.start_time or 0) + stream.duration) * stream.time_base), True
    if not container.duration:
        return None, False
    # Matroska and FLV give the time of the end, others the time from the beginning to the end.
    starts_at_zero = "matroska" in container.format.name or container.format.name == "flv"
    return ((0 if starts_at_zero else container.start_time or 0) + container.duration) / av.time_base, False
