"""Settings as options of a program's command line."""

import argparse

from pydantic import TypeAdapter, ValidationError

from ..errors import UserError
from .problems import problems
from .schema import allowed, schema_of
from .section import Section


def add(parser: argparse.ArgumentParser, *parts: type[Section]) -> None:
    """Add an option for each setting of these parts of the configuration, with its range, default and description. The program's rule names
    the same parts (`settings` in workflow/rules/common.smk)."""
    described = [(name, part.model_fields[name], entry) for part in parts for name, entry in schema_of(part)["properties"].items()]
    for name, field, entry in described:
        kind = entry["type"] if isinstance(entry["type"], str) else entry["type"][0]
        of_kind = {
            "boolean": {"action": argparse.BooleanOptionalAction},
            "array": {"nargs": "+", "type": float if entry.get("items", {}).get("type") == "number" else str},
        }
        how = of_kind.get(kind, {"type": _Checked(field, entry)})
        default = field.get_default(call_default_factory=True)
        text = f"{field.description} {_shown(entry, default)}".replace("%", "%%")
        parser.add_argument(f"--{name}", default=default if default != [] else None, help=text, **how)


def add_threads(parser: argparse.ArgumentParser, default: int = 2) -> None:
    """Add `--threads`."""

    def positive(text: str) -> int:
        if not text.isdecimal() or int(text) < 1:
            raise argparse.ArgumentTypeError(f"{text!r} is not allowed. Write a whole number, at least 1")
        return int(text)

    parser.add_argument("--threads", type=positive, default=default, help=f"threads to use at most (default {default})")


def given(args: argparse.Namespace, section: type[Section]) -> Section:
    """The section with what the options say. Raises UserError for values that it does not allow."""
    values = {name: getattr(args, name) for name in section.model_fields if getattr(args, name, None) is not None}
    try:
        return section(**values)
    except ValidationError as error:
        raise UserError("\n".join(f"--{problem}" for problem in problems(error, section, values))) from None


class _Checked:
    """Reads a value from the command line; if it is not allowed, says what is."""

    def __init__(self, field, entry: dict):
        self._adapter = TypeAdapter(field.rebuild_annotation())
        self._allowed = allowed(entry)

    def __call__(self, text: str) -> object:
        try:
            return self._adapter.validate_strings(text)
        except ValidationError as error:
            reason = error.errors()[0].get("ctx", {}).get("error", f"is not allowed. Write {self._allowed}")
            raise argparse.ArgumentTypeError(f"{text!r} {reason}") from None


def _shown(entry: dict, default: object) -> str:
    return f"({allowed(entry)})" if default in (None, []) else f"({allowed(entry)}; default {default})"
