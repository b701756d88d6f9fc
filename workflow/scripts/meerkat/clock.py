"""Times from the beginning of a film, as people read them: H:MM:SS.mmm."""


def clock(seconds: float) -> str:
    """The text for this number of seconds."""
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}.{thousandths:03d}"


def seconds(clock: str) -> float:
    """The seconds of such a text."""
    hours, minutes, rest = clock.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)
