"""Regular expressions of the user. A bad one may take longer than anybody waits."""

import re
import signal
import threading
from collections.abc import Callable

from ..errors import UserError

# Seconds of processor time for one name; a good pattern takes a few millionths.
_PATIENCE = 1.0


def match(how: Callable[[str], re.Match | None], name: str, setting: str) -> re.Match | None:
    """The match of a name; `how` is a method of a pattern, such as `fullmatch`.

    Raises UserError, with the name of the setting, if it takes longer than a second: nested repetitions such as (\\w+)+ try more ways than
    there are atoms. Only the main thread of a program is watched, because signals arrive only there.
    """
    if threading.current_thread() is not threading.main_thread():
        return how(name)

    def give_up(*_: object) -> None:
        raise UserError(f"{setting}: the pattern takes too long for {name!r}. Write it without a repetition within a repetition.")

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _PATIENCE)
    try:
        return how(name)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
