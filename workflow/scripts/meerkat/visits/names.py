"""The names of what people see in visits: their own words, and what names.csv, beside the reviews, says about them."""

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from .. import own_tables
from ..tables import FORMULA

NAME = "names.csv"
_COLUMNS = ["name", "scientific_name", "vernacular_names", "private"]
# ISO 639-1 or 639-2.
_LANGUAGE = re.compile("[a-z]{2,3}")
_YES_NO = {"yes": True, "no": False}
LONGEST = 100
# What people call these; visits of them are private unless names.csv says no.
PERSONS, VEHICLES = ("person", "people", "human"), ("car", "vehicle")


def is_person_or_vehicle(name: str) -> bool:
    """Whether a name, or the category of a detector, is that of persons or vehicles."""
    return name.casefold() in (*PERSONS, *VEHICLES)


class Named(NamedTuple):
    """What a name means: the scientific name, empty if unknown; the names in other languages, by the code of the language; and whether its
    visits are private."""

    scientific_name: str = ""
    vernacular_names: Mapping[str, str] = MappingProxyType({})
    is_private: bool = False


class Names:
    """What names mean, whatever their case."""

    def __init__(self, path: Path):
        """path  the table; it may be missing

        Raises UserError for a table that cannot be used."""
        self._named: dict[str, Named] = {name: Named(is_private=True) for name in (*PERSONS, *VEHICLES)}
        self.written: dict[str, str] = {}
        if path.exists():
            own_tables.read(path, _COLUMNS, ["name"], str(path), self._take_in)

    def _take_in(self, _: int, cells: Mapping[str, str]) -> None:
        name, named = _parse(cells)
        if name.casefold() in self.written:
            raise ValueError(f"{name} already has a line; names that differ only in capitals are the same")
        self.written[name.casefold()], self._named[name.casefold()] = name, named

    def of(self, name: str) -> Named:
        """What a name means."""
        return self._named.get(name.casefold(), Named())


def problem(name: str) -> str:
    """Why a text cannot be a name; empty if it can."""
    if len(name) > LONGEST:
        return f"The name has {len(name)} letters. Write at most {LONGEST}."
    if not name.isprintable():
        return "The name contains characters that cannot be shown."
    return f"A name cannot begin with {name[0]}: spreadsheets would take it for a formula." if name and name[0] in FORMULA else ""


def _parse(cells: Mapping[str, str]) -> tuple[str, Named]:
    name, scientific, vernacular, private = (cells[column] for column in _COLUMNS)
    if not name or problem(name):
        raise ValueError(problem(name) or "the name is missing")
    if private and private.lower() not in _YES_NO:
        raise ValueError(f"private is {private!r}. Write yes or no")
    languages = {}
    for part in filter(None, (part.strip() for part in vernacular.split(";"))):
        language, colon, word = (piece.strip() for piece in part.partition(":"))
        if not colon or not word or not _LANGUAGE.fullmatch(language):
            raise ValueError(f"{part!r} is not a name in a language. Write the code of the language, as in: de: Reh; en: roe deer")
        languages[language] = word
    return name, Named(scientific, languages, _YES_NO[private.lower()] if private else is_person_or_vehicle(name))


def completions(names: Names, used: Mapping[str, int]) -> list[str]:
    """Names to choose from: those that were used, the most frequent first, then the others of the table."""
    known = {name.casefold() for name in used}
    return [*sorted(used, key=lambda name: (-used[name], name)), *(name for name in names.written.values() if name.casefold() not in known)]
