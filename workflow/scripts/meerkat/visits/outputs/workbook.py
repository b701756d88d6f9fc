"""visits.xlsx: the visits for spreadsheet programs, in which times are times and pictures are links, and how many there are by site and
hour."""

import argparse
from collections import Counter
from datetime import datetime
from urllib.parse import quote

import xlsxwriter

from ... import atomic
from ..found_visits import FoundVisits, Row
from ..visit_tables import VISIT_COLUMNS

_TIMES = ("begin_time", "end_time", "reviewed_at")
_NUMBERS = (
    "visit", "event", "begin", "end", "seconds", "count", "score", "threshold", "boxes_at_once", "begin_frame", "end_frame", "best_frame",
)  # fmt: skip
_WIDTHS = dict.fromkeys(_TIMES, 19) | {"path": 40, "video": 24, "site": 16, "name": 18, "scientific_name": 22}
# The file says when it was made: always the same, so that it changes only with the visits.
_MADE = datetime(2000, 1, 1)


def write(found: FoundVisits, args: argparse.Namespace) -> None:
    """Write the workbook."""
    with atomic.replacing(found.folder / "visits.xlsx") as temporary:
        # A name that begins with = is not a formula, and one that looks like an address is not a link.
        book = xlsxwriter.Workbook(str(temporary), {"strings_to_formulas": False, "strings_to_urls": False})
        book.set_properties({"created": _MADE})
        bold = book.add_format({"bold": True})
        _write_visits(book, bold, found, args.keep != "none")
        _write_hours(book, bold, found)
        book.close()


def _write_visits(book: xlsxwriter.Workbook, bold: object, found: FoundVisits, has_pictures: bool) -> None:
    sheet, time = book.add_worksheet("Visits"), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    columns = [*VISIT_COLUMNS, "picture"]
    sheet.write_row(0, 0, columns, bold)
    for number, column in enumerate(columns):
        sheet.set_column(number, number, _WIDTHS.get(column, 11))
    for row, visit in enumerate(found.visits, 1):
        for number, column in enumerate(VISIT_COLUMNS):
            text = visit[column]
            if text and column in _TIMES and (moment := _by_the_clock_of_the_place(text)):
                sheet.write_datetime(row, number, moment, time)
            elif text and column in _NUMBERS:
                sheet.write_number(row, number, float(text))
            elif text:
                sheet.write_string(row, number, text.encode(errors="replace").decode())
        if has_pictures and visit["best_frame"]:
            picture = f"{visit['video']}/{visit['best_frame']}.jpg"
            sheet.write_url(row, len(VISIT_COLUMNS), f"external:{quote(picture)}", string="picture")
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(1, len(found.visits)), len(columns) - 1)


def _write_hours(book: xlsxwriter.Workbook, bold: object, found: FoundVisits) -> None:
    """Events by site and by the hour in which they begin."""
    sheet = book.add_worksheet("Site and hour")
    first: dict[str, Row] = {visit["event"]: visit for visit in reversed(found.visits)}
    hours = Counter((visit["site"], int(visit["begin_time"][11:13]) if visit["begin_time"] else None) for visit in first.values())
    sheet.write_row(0, 0, ["site", *range(24), "time not known", "all"], bold)
    for row, site in enumerate(sorted({video["site"] for video in found.videos}), 1):
        counts = [hours[site, hour] for hour in (*range(24), None)]
        sheet.write_string(row, 0, site or "(not known)")
        for number, value in enumerate([*counts, sum(counts)], 1):
            sheet.write_number(row, number, value)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 24, 4)
    sheet.freeze_panes(1, 1)


def _by_the_clock_of_the_place(text: str) -> datetime | None:
    """The time without its zone: spreadsheets know none. None if a person, or a spreadsheet, has written it in another way."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
