"""Checks a user's configuration file more strictly than YAML does, and says what is wrong in which line."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from ..errors import UserError

# YAML 1.1 reads 2021_05 as 202105, 12:30 as 750 and 012 as 10. Nobody who writes these into a setting means the number.
_ODD_NUMBER = re.compile(r"[^'\"]*[_:][^'\"]*|0\d+")


# More settings than anybody writes.
_MOST = 100_000


def check(path: Path | str) -> None:
    """Raise UserError, with file and line, for a file that is not YAML, a key that is written twice, and a text that YAML takes for a date
    or a number."""
    text = _text(path)
    try:
        document = yaml.compose(text, yaml.SafeLoader)
        _check_size(path, document)
        problems = [f"{path}, line {node.start_mark.line + 1}: {problem}" for node, problem in _problems(document, "")]
        if not problems:
            yaml.safe_load(text)
    except RecursionError:
        raise UserError(f"{path}: the settings are nested without end. Write them as in config.yaml.") from None
    except yaml.MarkedYAMLError as error:
        raise UserError(f"{path}, line {error.problem_mark.line + 1}: {_advice(error, text)}") from None
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1
        raise UserError(f"{path}, line {line}: a character that is not allowed in text ({error.reason}). Write the line again.") from None
    if not isinstance(document, yaml.MappingNode):
        raise UserError(f"{path}, line 1: no settings. Write one a line, such as   results: myresults")
    if problems:
        raise UserError("\n".join(problems))


def _check_size(path: Path | str, document: yaml.Node | None) -> None:
    """Raise UserError if aliases (*name) stand for too many settings: a few lines can stand for more than fits into any memory."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        if id(node) not in sizes:
            inner = node.value if isinstance(node, (yaml.MappingNode, yaml.SequenceNode)) else ()
            sizes[id(node)] = 1 + sum(map(size, (part for entry in inner for part in (entry if isinstance(entry, tuple) else (entry,)))))
        return sizes[id(node)]

    for key, value in document.value if isinstance(document, yaml.MappingNode) else ():
        if size(value) > _MOST:
            raise UserError(
                f"{path}, line {key.start_mark.line + 1}: {key.value}: its aliases (*) stand for {size(value)} settings. Write each as in "
                "config.yaml."
            )


def _text(path: Path | str) -> str:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise UserError(f"The configuration {path} cannot be read ({error.strerror}). Write the right path.") from None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:2]:
        raise UserError(f"{path} is written as UTF-16. Save it as UTF-8 (in Notepad: Save as, Encoding).")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(
            f"{path}, line {line}: a letter that is not written as UTF-8 (the file may be in Latin-1). Save it as UTF-8 (in Notepad: "
            "Save as, Encoding)."
        ) from None


def _advice(error: yaml.MarkedYAMLError, text: str) -> str:
    lines = text.splitlines()
    line = lines[error.problem_mark.line] if error.problem_mark.line < len(lines) else ""
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab at the beginning. Write spaces instead: YAML allows no tabs there."
    if "escape" in str(error.problem):
        return "a backslash in double quotes. Write single quotes instead, in which a backslash is just that: '...'"
    return (
        f"not YAML ({error.problem}). Look at this line and the one above: is the indentation right, is there a space after each colon, "
        "are texts with special characters in single quotes?"
    )


def _problems(node: yaml.Node | None, where: str) -> Iterator[tuple[yaml.Node, str]]:
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield key, f"{where}a list as the name of a setting. Write a name, a colon and a space."
                continue
            if key.value in seen and key.value != "<<":
                yield key, f"{where}{key.value}: is written twice, also in line {seen[key.value]}. Put all of it in one place."
            seen.setdefault(key.value, key.start_mark.line + 1)
            yield from _problems(value, f"{where}{key.value}: ")
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _problems(value, where)
    elif isinstance(node, yaml.ScalarNode) and node.style is None:
        kind = node.tag.rpartition(":")[2]
        if kind == "timestamp" or (kind in ("int", "float") and _ODD_NUMBER.fullmatch(node.value)):
            value = yaml.safe_load(node.value)
            taken = "a date. Write" if kind == "timestamp" else f"the number {value}. Write {value} if that is what you mean, otherwise"
            yield node, f"{where}{node.value} is taken for {taken} quotes: '{node.value}'"
