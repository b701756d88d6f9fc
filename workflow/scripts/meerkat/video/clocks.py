"""The clocks of cameras: what is added to them, as people write it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

_SHIFT = re.compile(r"([+\-\N{MINUS SIGN}]?) ?(?:(\d{1,5}) ?d(?:ays?)?)? ?(?:(\d{1,5}):(\d\d)(?::(\d\d))?)?")
# A clock that drifts changes by less than this part of the time that passes.
_MOST_DRIFT = 24
# Differences that differ by no more are the same: clocks show whole seconds, and people read them in passing.
_SAME = timedelta(seconds=2)
_HOW = (
    "Write what is added to the camera's clock, such as +1:00:00 or -2 d 0:13; or what the picture shows and what was true, such as "
    "2024-05-17 06:29:44 = 2024-05-17 07:31:10. If the clock drifts, write two of these, with a semicolon between them"
)


@dataclass(frozen=True)
class Clock:
    """What is added to a camera's clock.

    seen  what the clock showed, and what had to be added then: once, or twice if it drifts
    """

    seen: tuple[tuple[datetime, timedelta], ...]

    def correct(self, shown: datetime) -> datetime:
        """What was true when the clock showed this time, both without a time zone: cameras know none, even if their files name one."""
        shown = shown.replace(tzinfo=None)
        (first, added), *later = self.seen
        for second, added_then in later:
            added += (added_then - added) * ((shown - first) / (second - first))
        return shown + added


def read(text: str) -> Clock:
    """The clock from the text of a person. Raises ValueError."""
    pairs = [_pair(part) for part in text.split(";")] if "=" in text else [(datetime.min, _shift(text))]
    pairs.sort()
    if len(pairs) > 2 or any(abs(later[1] - one[1]) > (later[0] - one[0]) / _MOST_DRIFT for one, later in pairwise(pairs)):
        raise ValueError(f"{text!r} does not say how the clock went: no clock gains or loses an hour a day. {_HOW}")
    return Clock(tuple(pairs))


def written(pairs: Sequence[tuple[datetime, datetime]]) -> str:
    """The text that a person would write for what was seen: what the clock showed and what was true, once or twice. Raises ValueError."""
    (shown, true), *later = sorted(pairs)
    if later and abs((later[-1][1] - later[-1][0]) - (true - shown)) > _SAME:
        text = "; ".join(f"{clock} = {truth}" for clock, truth in ((shown, true), later[-1]))
        read(text)
        return text
    shift = true - shown
    days, rest = divmod(abs(shift), timedelta(days=1))
    hours, seconds = divmod(rest.seconds, 3600)
    small = f"{hours}:{seconds // 60:02}" + (f":{seconds % 60:02}" if seconds % 60 else "")
    return f"{'-' if shift < timedelta() else '+'}{f'{days} d ' if days else ''}{small}"


def date_and_time(text: str) -> datetime:
    """A date and time without a zone. Raises ValueError."""
    try:
        found = datetime.fromisoformat(text)
        if ":" not in text or found.tzinfo:
            raise ValueError
    except ValueError:
        raise ValueError(f"{text!r} is not a date and time. Write it as 2024-05-17 06:29:44; spreadsheets turn dates around") from None
    return found


def _pair(part: str) -> tuple[datetime, timedelta]:
    shown, _, true = part.partition("=")
    shown, true = date_and_time(shown.strip()), date_and_time(true.strip())
    return shown, true - shown


def _shift(text: str) -> timedelta:
    match = _SHIFT.fullmatch(text)
    sign, days, hours, minutes, seconds = match.groups(default="") if match else [""] * 5
    if not (days or hours) or int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise ValueError(f"{text!r} is not what a clock needs. {_HOW}")
    shift = timedelta(int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0), seconds=int(seconds or 0))
    return shift if sign in ("", "+") else -shift
