"""Finds the files that a program consists of, and makes one digest of them. If it changes, Snakemake runs the program again."""

import ast
import hashlib
import json
import re
import sys
from functools import lru_cache
from pathlib import Path

from .. import atomic, digests

_FILE_NAME = re.compile(r"[\w-]{1,80}\.\w{1,10}")
# Facts about files of code, beside Snakemake's own records.
_KNOWN = Path(".snakemake/meerkat_code.json")


@lru_cache
def code_digest(program: Path, *modules: Path) -> str:
    """A digest of all that the program, or a module, does: its code and that of the modules it imports, and their data files.

    modules  files of modules that it imports by a name from its command line

    Comments, docstrings and the layout of the code do not change the digest, so better prose reruns nothing.
    """
    digest = hashlib.sha256()
    for file in files_of(program, *modules):
        digest.update(f"{Path(file).relative_to(_root(program))} {_file_digest(Path(file))}\n".encode())
    return digest.hexdigest()


def files_of(program: Path, *modules: Path) -> list[str]:
    """The program, the modules beside it that it imports, directly or through others, and their data files; `modules` are as above.

    The program comes first. With each module of a package, the package's `__init__.py` counts too, because Python runs it. A data file lies
    beside a module that contains its name as a text.
    """
    found: set[Path] = set()
    wanted = [program, *modules]
    while wanted:
        file = wanted.pop()
        if file not in found:
            found.add(file)
            if file.suffix == ".py":
                wanted += [*_imported(file, _root(program)), *_data_files(file)]
    return [str(program), *sorted(str(file) for file in found - {program})]


def _root(program: Path) -> Path:
    """The folder where Python finds the packages of a program or a module."""
    return next(folder for folder in program.parents if not (folder / "__init__.py").is_file())


def remember() -> None:
    """Keep the facts about the files for the next start, which would otherwise spend half of its time on them."""
    if set(_seen()) - set(_load()):
        atomic.write_text(_KNOWN, json.dumps(_seen()))


@lru_cache
def _load() -> dict[str, dict]:
    """The facts from earlier starts, by the digests of the files; none if the file is missing or damaged."""
    try:
        return json.loads(_KNOWN.read_bytes())
    except (OSError, ValueError):
        return {}


@lru_cache
def _seen() -> dict[str, dict]:
    return dict(_load())


def _facts(file: Path) -> dict:
    """The facts about a module: a `digest` of its code, its `imports`, and the `texts` in it that could be names of files."""
    content = file.read_bytes()
    key = hashlib.sha256(sys.version.encode() + content).hexdigest()
    if key not in _seen():
        tree = _OnlyWhatRuns().visit(ast.parse(content))  # It contains no comments.
        imports, texts = [], set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                imports += [(0, alias.name, []) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                imports.append((node.level, node.module or "", [alias.name for alias in node.names]))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _FILE_NAME.fullmatch(node.value):
                texts.add(node.value)
        _seen()[key] = {"digest": hashlib.sha256(ast.dump(tree).encode()).hexdigest(), "imports": imports, "texts": sorted(texts)}
    return _seen()[key]


@lru_cache
def _imported(file: Path, folder: Path) -> list[Path]:
    """The modules below `folder` that a file imports, with the `__init__.py` of their packages."""
    found = []
    for level, module, names in _facts(file)["imports"]:
        start = file.parents[level - 1].relative_to(folder).parts if level else ()
        whole = ".".join([*start, *filter(None, [module])])
        for name in [whole, *(f"{whole}.{name}" for name in names)]:
            parts = name.split(".")
            packages = [folder.joinpath(*parts[: depth + 1], "__init__.py") for depth in range(len(parts))]
            found += [path for path in [*packages, folder.joinpath(*parts).with_suffix(".py")] if path.is_file()]
    return found


@lru_cache
def _data_files(file: Path) -> list[Path]:
    beside = (file.parent / text for text in _facts(file)["texts"] if not text.endswith(".py"))
    return [path for path in beside if path.is_file()]


@lru_cache
def _file_digest(file: Path) -> str:
    return _facts(file)["digest"] if file.suffix == ".py" else digests.of_file(file)


class _OnlyWhatRuns(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Docstrings are texts that stand alone. Those below the settings are their descriptions, and are kept."""
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)
