"""Which files a program is made of, and one digest of them: when it changes, Snakemake runs the program again."""

import ast
import hashlib
from functools import lru_cache
from pathlib import Path


@lru_cache
def code_digest(program: Path, *modules: Path) -> str:
    """A digest of all that the program does: its code and that of the modules it imports, and their data files.

    modules  files of modules that it imports by a name that its command line tells

    Comments, docstrings and the layout of the code leave it as it is, so that mended prose reruns nothing.
    """
    digest = hashlib.sha256()
    for file in files_of(program, *modules):
        digest.update(f"{Path(file).relative_to(program.parent)} {_file_digest(Path(file))}\n".encode())
    return digest.hexdigest()


def files_of(program: Path, *modules: Path) -> list[str]:
    """The program, the modules beside it that it imports, directly or through others, and their data files; `modules` are as above.

    The program comes first. A package's `__init__.py` counts with each module in the package, for Python runs it. A data
    file is one that lies beside a module and whose name stands in the module as a text.
    """
    found: set[Path] = set()
    wanted = [program, *modules]
    while wanted:
        file = wanted.pop()
        if file not in found:
            found.add(file)
            if file.suffix == ".py":
                wanted += [*_imported(file, program.parent), *_data_files(file)]
    return [str(program), *sorted(str(file) for file in found - {program})]


@lru_cache
def _imported(file: Path, folder: Path) -> list[Path]:
    """The modules below `folder` that a file imports, with the `__init__.py` of their packages."""
    found = []
    for node in ast.walk(_parse(file)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = file.parents[node.level - 1].relative_to(folder).parts if node.level else ()
            module = ".".join([*start, *([node.module] if node.module else [])])
            names = [module, *(f"{module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            parts = name.split(".")
            packages = [folder.joinpath(*parts[: depth + 1], "__init__.py") for depth in range(len(parts))]
            found += [path for path in [*packages, folder.joinpath(*parts).with_suffix(".py")] if path.is_file()]
    return found


@lru_cache
def _data_files(file: Path) -> list[Path]:
    texts = {node.value for node in ast.walk(_parse(file)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return [path for path in file.parent.iterdir() if path.name in texts and path.suffix != ".py" and path.is_file()]


@lru_cache
def _parse(file: Path) -> ast.Module:
    """The syntax tree, which holds no comments, without its docstrings and what is for type checkers alone."""
    return _OnlyWhatRuns().visit(ast.parse(file.read_bytes()))


@lru_cache
def _file_digest(file: Path) -> str:
    content = ast.dump(_parse(file)).encode() if file.suffix == ".py" else file.read_bytes()
    return hashlib.sha256(content).hexdigest()


class _OnlyWhatRuns(ast.NodeTransformer):
    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        """Docstrings are texts that stand alone; those below the settings are their descriptions."""
        return None if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str) else node

    def visit_If(self, node: ast.If) -> ast.AST | None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return None
        return self.generic_visit(node)
