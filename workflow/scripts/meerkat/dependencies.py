"""Which files a program is made of, so that Snakemake reruns it when one of them changes."""

import ast
from pathlib import Path


def files_of(program: Path) -> list[str]:
    """The program and the modules of the package beside it that it imports, directly or through others; the program first."""
    package = program.parent / Path(__file__).parent.name
    found: set[Path] = set()
    wanted = [program]
    while wanted:
        file = wanted.pop()
        if file not in found:
            found.add(file)
            modules = (package / f"{name}.py" for name in _imported_names(file, package.name))
            wanted += [module for module in modules if module.is_file()]
    return [str(program), *sorted(str(file) for file in found - {program})]


def _imported_names(file: Path, package: str) -> set[str]:
    """The modules of the package that a file imports, by their names within it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            inside = node.module if node.level else (node.module or "").partition(".")[2]
            if node.level or (node.module or "").split(".")[0] == package:
                names |= {inside} if inside else {alias.name for alias in node.names}
    return names
