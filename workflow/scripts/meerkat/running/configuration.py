"""Checks the configuration against its schema and says what to write instead."""

import difflib
import json
import math
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from snakemake.utils import update_config

from ..errors import UserError
from ..settings.schema import allowed
from . import config_file


def prepare(config: dict, files: Iterable[Path], schema: dict) -> None:
    """Check the configuration and the user's files that it was read from; expand `~` in the paths in it.

    Raises UserError that names each setting which the JSON schema refuses, what is allowed and the default.
    """
    for file in files:
        config_file.check(file)
    check(config, schema)
    _expand_home(config, schema)
    if Path(config["results"]).is_file():
        raise UserError(f"results: {config['results']} is a file. Write the name of a folder.")


def check_files(files: Sequence[Path | str], defaults: Path | str, schema: dict) -> None:
    """Check the user's files before Snakemake reads them, as it will lay them over the defaults and each other.

    Raises UserError as `prepare` does.
    """
    config: dict = {}
    for file in (defaults, *files):
        config_file.check(file)
        update_config(config, yaml.safe_load(Path(file).read_text(encoding="utf-8-sig")))
    check(config, schema)


def folder_or_samples(config: dict, own_configuration: Sequence[str], section: str, samples: str) -> str:
    """The folder of a section; the samples where the user has given no configuration at all.

    Raises UserError when there is a configuration and it names no folder: nobody wants the samples among their results.
    """
    folder = config[section]["folder"]
    if folder is None and own_configuration:
        what = {"data": "clips", "videos": "videos"}[section]
        raise UserError(
            f"{' and '.join(own_configuration)} names no folder of {what}. Write\n{section}:\n  folder: my{what}\n"
            f"(to try the samples: folder: {samples})"
        )
    return folder or samples


def check(config: dict, schema: dict) -> None:
    """Raise UserError that names each setting which the JSON schema refuses, what is allowed and the default."""
    problems = sorted([_message(error) for error in Draft202012Validator(schema).iter_errors(config)] + _not_finite(config))
    problems = list(dict.fromkeys(problems)) or _beyond_the_frame(config["videos"])
    if problems:
        raise UserError("The configuration cannot be used:\n" + "\n".join(f"  {problem}" for problem in problems))


def _expand_home(config: dict, schema: dict) -> None:
    for name, entry in schema["properties"].items():
        if "properties" in entry:
            _expand_home(config[name], entry)
        elif entry.get("format") == "path" and config[name] is not None:
            config[name] = str(Path(config[name]).expanduser())


def _not_finite(config: dict, where: str = "") -> list[str]:
    """YAML has .nan and .inf, which pass every range."""
    found = []
    for name, value in config.items():
        if isinstance(value, dict):
            found += _not_finite(value, f"{where}{name}: ")
        elif isinstance(value, float) and not math.isfinite(value):
            found.append(f"{where}{name}: {value} is not allowed. Write a number.")
    return found


def _beyond_the_frame(videos: dict) -> list[str]:
    given = [("roi", rectangle) for rectangle in [videos["roi"]] if rectangle] + [("ignore", rectangle) for rectangle in videos["ignore"]]
    return [
        f"videos: {name}: {rectangle} reaches beyond the frame. Write left + width and top + height of at most 1."
        for name, rectangle in given
        if max(rectangle[0] + rectangle[2], rectangle[1] + rectangle[3]) > 1 + 1e-6
    ] + [
        f"videos: {name}: {rectangle} is empty. Write a width and a height above 0: [left, top, width, height]."
        for name, rectangle in given
        if min(rectangle[2:]) <= 0
    ]


def _message(error: ValidationError) -> str:
    where = "".join(f"{key}: " for key in error.absolute_path)
    if error.validator == "additionalProperties":
        known = list(error.schema["properties"])
        unknown = sorted(set(error.instance) - set(known), key=str)
        close = [match for name in unknown for match in difflib.get_close_matches(str(name), known, 1)]
        hint = f" Did you mean {' and '.join(close)}?" if close else ""
        return (
            f"{where}{', '.join(map(str, unknown))}: no such setting.{hint} Delete the line, or write one of the settings here: "
            f"{', '.join(known)}."
        )
    if error.validator == "required":
        return f"{where}{error.message}. Write it as in config.yaml."
    if error.validator == "pattern":
        return f"{where}{_as_yaml(error.instance)} is not allowed. {error.schema['description']}"
    hint = " YAML reads 1e-3 as a text: write 0.001." if _is_exponent(error) else _quotes_hint(error)
    return f"{where}{_as_yaml(error.instance)} is not allowed. Write {_allowed(error.schema)}.{hint}"


def _as_yaml(value: object) -> str:
    """A value in the words of the file: null, true and false, not Python's."""
    return json.dumps(value) if value is None or isinstance(value, bool) else repr(value)


def _is_exponent(error: ValidationError) -> bool:
    return error.schema.get("type") == "number" and re.fullmatch(r"[\d.]+[eE][+-]?\d+", str(error.instance)) is not None


def _quotes_hint(error: ValidationError) -> str:
    types = error.schema.get("type", [])
    is_text = "string" in ([types] if isinstance(types, str) else types)
    if is_text and isinstance(error.instance, bool):
        return " YAML reads yes, no, on and off as true and false: in quotes, they are texts."
    if not is_text or isinstance(error.instance, (str, list, dict, type(None))):
        return ""
    return f" In quotes, it is a text: '{error.instance}'."


def _allowed(schema: dict) -> str:
    """What a setting may be, and its default."""
    default = schema.get("default")
    return allowed(schema) if default is None else f"{allowed(schema)} (default {_as_yaml(default).strip(chr(39))})"
