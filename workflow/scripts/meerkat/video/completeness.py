"""Was a film read to its end? This is judged by time, because the numbers of frames in headers are often wrong."""

from dataclasses import dataclass, field, replace

import av

from ..wording import count, duration

# A header may be wrong by this many seconds.
_SLACK = 0.1
# Report more than this many seconds without a frame at the beginning: some films begin with a few frames that refer to earlier ones.
_LATE = 0.5
# The clock has jumped if a frame comes this many seconds after the one before, and this many times as late as usual.
_JUMP, _MUCH_LONGER = 60.0, 100


@dataclass
class Completeness:
    """The part of a film that was read, or the parts one after the other, compared with the header; times are in seconds of the container.

    stream, announced, is_of_stream  the number of the film's stream; when the film ends according to the header, None if it does not say;
                                     and whether it says so about this very stream
    packet_ends  when the last packet of each stream ends; packet_begin  when the first packet of the film begins, None if unknown
    frame_begin  when the first frame begins; frame_end  when the last frame ends
    longest      the longest time from one frame to the next
    frames       how many there were; damaged  packets that gave none; last_is_damaged  whether the last packet gave none
    """

    stream: int
    announced: float | None
    is_of_stream: bool
    packet_ends: dict[int, float] = field(default_factory=dict)
    packet_begin: float | None = None
    frame_begin: float = 0.0
    frame_end: float = 0.0
    longest: float = 0.0
    frames: int = 0
    damaged: int = 0
    last_is_damaged: bool = False

    @classmethod
    def of(cls, container: av.container.InputContainer, stream: av.VideoStream) -> "Completeness":
        """Before anything is read."""
        return cls(stream.index, *_announced_end(container, stream))

    def packet(self, packet: av.Packet) -> None:
        """Note where a packet of any stream ends."""
        start = packet.dts if packet.pts is None else packet.pts
        if packet.size and start is not None and not packet.is_corrupt and not packet.is_discard:
            begin, end = (float(ticks * packet.time_base) for ticks in (start, start + (packet.duration or 0)))
            if packet.stream_index == self.stream and not self.frames:
                self.packet_begin = begin if self.packet_begin is None else min(begin, self.packet_begin)
            self.packet_ends[packet.stream_index] = max(end, self.packet_ends.get(packet.stream_index, end))

    def decoded(self, has_frames: bool, is_damaged: bool) -> None:
        """Note what a packet of the film gave: frames, or damage."""
        # Before the first frame it does not count as damage: recordings may start between key frames.
        self.damaged += is_damaged and self.frames > 0
        if has_frames or is_damaged:
            self.last_is_damaged = is_damaged

    def frame(self, begin: float, end: float, interval: float | None) -> None:
        """Note when a frame begins and ends, and how long it begins after the frame before, None if there was none."""
        if not self.frames:
            self.frame_begin = begin
        self.frames += 1
        self.frame_end = end
        self.longest = max(self.longest, end - begin if interval is None else interval)

    def joined(self, later: "Completeness") -> "Completeness":
        """Both parts as one; `later` begins where this one ends."""
        first, last = (self if self.frames else later), (later if later.frames else self)
        ends = {stream: max(part.packet_ends.get(stream, 0.0) for part in (self, later)) for stream in self.packet_ends | later.packet_ends}
        return replace(
            last,
            packet_ends=ends,
            packet_begin=self.packet_begin,
            frame_begin=first.frame_begin,
            longest=max(self.longest, later.longest),
            frames=self.frames + later.frames,
            damaged=self.damaged + later.damaged,
            last_is_damaged=later.last_is_damaged,
        )

    def problem(self) -> str:
        """What is missing or damaged, empty if nothing is. Call it after the last frame."""
        if not self.frames:
            return "no frame can be decoded"
        return "; ".join(filter(None, (self._at_the_beginning(), self._later())))

    def _at_the_beginning(self) -> str:
        if self.packet_begin is None:
            return ""
        missing = self.frame_begin - self.packet_begin
        return f"its first {missing:.1f} s cannot be decoded: it begins between key frames, or is damaged" if missing > _LATE else ""

    def _later(self) -> str:
        missing = self.packet_ends.get(self.stream, self.frame_end) - self.frame_end  # packets that gave no frame
        if self.announced is not None:
            read = self.frame_end if self.is_of_stream else max(self.frame_end, *self.packet_ends.values(), 0.0)
            missing = max(missing, self.announced - read)
        # If the rate varies, the last frame may stay as long as the longest other one.
        if missing > max(_SLACK, 1.5 * self.longest):
            return f"its last {missing:.1f} s are missing: truncated, damaged, or its header is wrong"
        if self.last_is_damaged:
            return "its last frame is damaged: truncated"
        if self.damaged:
            return f"damaged in {count(self.damaged, 'place')}"
        usual = (self.frame_end - self.frame_begin - self.longest) / self.frames
        if self.longest > max(_JUMP, _MUCH_LONGER * usual):
            return f"its clock jumps by {duration(self.longest)}: nothing is known of that time"
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
