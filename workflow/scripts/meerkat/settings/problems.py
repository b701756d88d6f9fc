"""What is wrong with settings, in words: which one, what is allowed, and what was probably meant."""

import difflib
import json
import re

from pydantic import ValidationError

from .schema import allowed, schema_of
from .section import Section


def problems(error: ValidationError, section: type[Section], values: dict) -> list[str]:
    """A sentence or two about each setting that the section refuses.

    values  the values to check
    """
    schema = schema_of(section)
    return list(dict.fromkeys(_problem(found, schema, values) for found in error.errors()))


def _problem(found: dict, schema: dict, value: object) -> str:
    is_unknown = found["type"] in ("extra_forbidden", "invalid_key")
    # In a name that is unknown, a number is a name; else it is a position in a list.
    names = [str(name) for name in found["loc"] if is_unknown or isinstance(name, str)]
    where = "".join(f"{name}: " for name in names)
    if is_unknown:
        for name in names[:-1]:
            schema = schema["properties"][name]
        return _unknown(where, names[-1], list(schema["properties"]))
    if found["type"] == "value_error":
        what = "" if isinstance(found["input"], dict) else f"{_as_yaml(found['input'])} "  # A rule for several settings names them.
        return f"{where}{what}{found['ctx']['error']}"
    for name in names:
        schema, value = schema["properties"][name], value[name]
    if found["type"] == "string_pattern_mismatch":
        return f"{where}{_as_yaml(value)} is not allowed. {schema['description']}"
    default = schema.get("default")
    what = allowed(schema) if default is None else f"{allowed(schema)} (default {_as_yaml(default).strip(chr(39))})"
    return f"{where}{_as_yaml(value)} is not allowed. Write {what}.{_hint(schema, value)}"


_CAMERAS = "stand in a table of cameras now. Write its path at videos: cameras; see docs/cameras.md."
# Settings of earlier versions, and what takes their place.
_REPLACED = {
    "data: sites": f"Sites {_CAMERAS}",
    "data: site_pattern": f"Sites {_CAMERAS} A folder there may be a pattern, such as CREEK*.",
    "videos: roi": f"Parts of the picture {_CAMERAS} Its columns roi and ignore say it for each camera.",
    "videos: ignore": f"Parts of the picture {_CAMERAS} Its columns roi and ignore say it for each camera.",
    "videos: table": f"Sites and clocks {_CAMERAS}",
    "annotate: deployments": f"Places and time zones {_CAMERAS}",
}


def _unknown(where: str, name: str, known: list[str]) -> str:
    if replaced := _REPLACED.get(where.removesuffix(": ")):
        return f"{where}this setting is gone. {replaced}"
    close = difflib.get_close_matches(name, known, 1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"{where}no such setting.{hint} Delete the line, or write one of the settings here: {', '.join(known)}."


def _as_yaml(value: object) -> str:
    """A value in the words of the file: null, true and false, not Python's."""
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)


def _hint(schema: dict, value: object) -> str:
    """A hint for a value that YAML reads as something else than was meant."""
    types = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if "number" in types and re.fullmatch(r"[\d.]+[eE][+-]?\d+", str(value)):
        return " YAML reads 1e-3 as a text: write 0.001."
    if "string" in types and isinstance(value, bool):
        return " YAML reads yes, no, on and off as true and false: in quotes, they are texts."
    is_free_text = "string" in types and "enum" not in schema
    return f" In quotes, it is a text: '{value}'." if is_free_text and isinstance(value, (int, float)) else ""
