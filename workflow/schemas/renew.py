"""Writes the files that are made from the model of settings: config.yaml and docs/settings.md.

python workflow/schemas/renew.py
"""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "workflow/scripts"))

from meerkat.settings.configuration import Configuration  # noqa: E402
from meerkat.settings.schema import allowed, schema_of  # noqa: E402

_ORIGIN = "Written by workflow/schemas/renew.py from workflow/scripts/meerkat/settings."


def texts() -> dict[str, str]:
    """The content of each file, by its path in the project."""
    schema = schema_of(Configuration)
    return {"config.yaml": _config(schema), "docs/settings.md": _page(schema)}


def _config(schema: dict) -> str:
    lines = [
        "# Every setting with its default. Write the settings that you want to change into a file of your own, such as mine.yaml.",
        "# Paths are relative to where you type the command; ~ is your home folder.",
        f"# {_ORIGIN}",
    ]
    for name, entry in schema["properties"].items():
        if "properties" not in entry:
            lines += ["", *_comment(entry, ""), f"{name}: {_yaml(entry['default'])}"]
            continue
        lines += ["", f"{name}: # {entry['description']}"]
        for key, setting in entry["properties"].items():
            lines += [*_comment(setting, "  "), f"  {key}: {_yaml(setting['default'])}"]
    return "\n".join(lines) + "\n"


def _page(schema: dict) -> str:
    lines = [
        "# Settings",
        "",
        "Write the settings that you want to change into a file of your own, such as `mine.yaml`. Paths are relative to where you type the",
        "command; `~` is your home folder. If a setting is wrong, a message says what to write instead.",
        "",
        "```yaml",
        "results: myresults",
        "data:",
        "  folder: myclips",
        "```",
        "",
        f"<!-- {_ORIGIN} -->",
    ]
    top = [(name, entry) for name, entry in schema["properties"].items() if "properties" not in entry]
    lines += ["", "## Everything", "", *_table("", top)]
    for name, entry in schema["properties"].items():
        if "properties" in entry:
            lines += ["", f"## {name}", "", f"{entry['description']}.", "", *_table(f"{name}: ", entry["properties"].items())]
    return "\n".join(lines) + "\n"


def _table(section: str, settings) -> Iterator[str]:
    yield from ("| setting | default | allowed | what it does |", "|---|---|---|---|")
    for name, entry in settings:
        description = entry["description"].replace("<video>_<frame>_<box>", "`<video>_<frame>_<box>`")
        cells = [f"`{section}{name}`", f"`{_yaml(entry['default'])}`", allowed(entry), " ".join(description.split())]
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _comment(entry: dict, indent: str) -> list[str]:
    """The lines above a setting. They do not repeat what a description says anyway: the words of a choice, a path."""
    types = entry["type"] if isinstance(entry["type"], list) else [entry["type"]]
    words = allowed(entry) if {"integer", "number", "array"} & set(types) else ""
    text = f"{entry['description']} {words[:1].upper()}{words[1:]}.".removesuffix(" .")
    return textwrap.wrap(text, 120, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")


def _yaml(value: object) -> str:
    return yaml.safe_dump(value, default_flow_style=True).removesuffix("\n...\n").strip()


if __name__ == "__main__":
    for path, text in texts().items():
        (ROOT / path).write_text(text)
