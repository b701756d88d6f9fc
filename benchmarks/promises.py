"""The table at the top of results.md: the promises, with the figures from the sections below."""

import re
from collections.abc import Mapping

_SLOWEST = r"H.264 baseline, moving \| \d+ \| (\d+) \|(?:[^|]*\|){3} (\d+)"
_AUDIT = r"triggered, common \| 0.95 \| ([\d.]+) %(?:[^|]*\|){3} (\d+) "
_ALL = r"\| all \| \d+ \| [^|]* \| (\d+ \(\d+ to \d+\)) \|"
_STILLS = rf"{_ALL}.*?{_ALL}"
_BLANK = r"pixels alone,[^\n]*\((\d+ %)\) \|\n[^\n]*\((\d+ %)\)"
# The promise, the section that measures it, and where its text contains the figures.
_PROMISES = [
    ("Visits with motion seen, of 0.5 % of the picture or more", "visits", r"scene \(in use\).*?(\d+ \(\d+ to \d+\)) \|", "{} %"),
    ("Events an hour in which nothing was", "visits", r"scene \(in use\).*?\) \| \d+ \| (\d+)", "{}"),
    ("Visits found at places new to the model, and false ones", "loop", r"finds (\d+ of \d+).*?False visits: (\d+)", "{}, and {}"),
    ("Films of wind alone without a visit: by pixels alone, and in use", "loop", _BLANK, "{}, {}"),
    ("Stills, 100 answers: triggers with an animal kept, blank ones dropped", "stills", _STILLS, "{} %, {} %"),
    ("Photographs, ROC AUC: 60 answers, all labels", "sorting", r"give ([\d.]+).*?by the page \|(?:[^|]*\|){2} ([\d.]+)", "{1}, {0}"),
    ("Clips of a pile that belong together, and clips an answer", "sorting", r"piles: ([\d.]+).*?; ([\d.]+)", "{1}, {0}"),
    ("100,000 cards: the page opens, an answer is kept", "sorting_page", r"100,000 \| [\d,]+ \| ([\d.]+).*?\| (\d+),", "{} s, {} ms"),
    ("1,000 visits: the page opens, the next visit is shown", "review_page", r"1,000 \| \d+ \| ([\d.]+) \| (\d+),", "{} s, {} ms"),
    ("Audit of 2,000 films, visits in four of ten, 95 % found: intervals that hold the truth", "audit", _AUDIT, "{0} %"),
    ("The same: looks until the interval reaches 5 points on each side", "audit", _AUDIT, "{1}"),
    ("Names suggested after 30 answers, five kinds: right", "names", r"30 \| seen \| \d+ \| (\d+ \(\d+ to \d+\))", "{} %"),
    ("Intervals of a threshold that hold the recall on other videos", "thresholds", r"intervals, (\d+)%", "{} %"),
    ("1080p H.264 baseline, always moving: frames a second and core, DVR-Scan's", "videos", _SLOWEST, "{}, {}"),
    ("The same, as a share of the time of bare decoding", "videos", r"H.264 baseline, moving \| \d+ \| \d+ \| ([\d.]+)", "{}"),
    ("Films of 5 s searched in a second, two cores", "seasons", r"([\d.]+) films a second", "{}"),
    ("2,000 films that were moved: seconds, films searched again", "seasons", r"moved and their site renamed \| (\d+) \| (\d+)", "{}, {}"),
    ("A long film: two cores over one", "seasons", r"film ([\d.]+) times as fast", "{}"),
    ("Clips embedded a second and core, as a share of the bare network", "embedding", r"lite0 \| ([\d.]+) \| [\d.]+ \| ([\d.]+)", "{}, {}"),
    ("Training on a million clips: seconds, MB", "many_records", r"1,000,000 \| [\d,]+ \| ([\d,]+).*?(\d+) \|(?:\n|\Z)", "{1}, {0}"),
    ("11,000 clips from folders to report, and 100 more", "whole_run", r"\n\| 11,000 \| (\d+ s) \| (\d+ s)", "{}, {}"),
]  # fmt: skip


def table(texts: Mapping[str, str]) -> str:
    """The table in Markdown; `texts` are the sections by their short names. A promise that was not measured has no figure."""
    lines = ["| promise | measured | by `python benchmarks/run.py --only` |", "|---|---|---|"]
    for what, section, pattern, shown in _PROMISES:
        match = re.search(pattern, texts.get(section, ""), re.DOTALL)
        lines.append(f"| {what} | {shown.format(*match.groups()) if match else ''} | {section} |")
    return "\n".join(lines)
