"""Which frames are looked at. The others are not decoded, unless other frames are made from them."""

from bisect import insort
from collections.abc import Callable, Sequence


class LookTimes:
    """Chooses the first frame from a time on, and then at most some frames a second."""

    def __init__(self, rate: float, fps: float, first: float):
        """rate  of looks; fps  of frames, a second; first  the time, in seconds"""
        self._rate, self._due = rate, first
        # Times are rounded: with 25 frames a second and a rate of 12.5, every second frame is due.
        self._slack = 0.25 / fps

    def take(self, seconds: float) -> bool:
        """Whether the frame at this time is looked at; times must not fall."""
        if seconds < self._due - self._slack:
            return False
        self._due = self._next(self._due, seconds)
        return True

    def may_take(self, seconds: float, before: Sequence[float]) -> bool:
        """Whether a frame to come may be looked at, if frames at the times `before`, and perhaps others, come first."""
        due, taken = self._due, 0
        for earlier in before:
            if earlier >= due - self._slack:
                due, taken = self._next(due, earlier), taken + 1
        # Frames that come in between can only put the next look off, never bring it forward.
        return seconds >= self._due + taken / self._rate - self._slack

    def _next(self, due: float, seconds: float) -> float:
        return max(due + 1 / self._rate, seconds + 0.5 / self._rate)


class Skips:
    """Finds the packets whose frames will not be looked at. Packets come in the order of decoding, frames in that of showing.

    If a frame that is shown earlier is decoded later, a frame may be decoded in vain, but none that is looked at is ever skipped.
    """

    def __init__(self, times: LookTimes, seconds: Callable[[int], float]):
        """seconds  gives the time of a time stamp"""
        self._times, self._seconds = times, seconds
        self._last: int | None = None
        self._fed: list[float] = []
        self._left_out: set[int] = set()

    def skip(self, stamp: int) -> bool:
        """Whether the frame of the next packet, with this time stamp, can be left out."""
        seconds = self._seconds(stamp)
        before = [time for time in self._fed if time < seconds]
        insort(self._fed, seconds)
        # Before the first frame, packets may belong to key frames that are missing.
        if self._last is None or stamp <= self._last or self._times.may_take(seconds, before):
            return False
        self._left_out.add(stamp)
        return True

    def shown(self, stamp: int) -> list[int]:
        """The time stamps of the frames that were left out before this one is shown, in their order."""
        self._left_out.discard(stamp)
        self._last = stamp
        now = self._seconds(stamp)
        self._fed = [time for time in self._fed if time > now]
        earlier = sorted(left_out for left_out in self._left_out if left_out < stamp)
        self._left_out.difference_update(earlier)
        return earlier

    def rest(self) -> list[int]:
        """The time stamps of the frames that were left out at the end."""
        return sorted(self._left_out)
