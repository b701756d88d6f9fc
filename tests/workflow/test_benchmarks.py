"""The benchmarks find all that they import."""

import subprocess

from conftest import ROOT, forks


def test_the_benchmarks_can_be_imported(tmp_path):
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    program = tmp_path / "imports.py"
    program.write_text(f"import sys\n\nsys.path.insert(0, {str(ROOT / 'benchmarks')!r})\nimport {', '.join(names)}\n")
    done = subprocess.run(forks().command(program), cwd=tmp_path, env=forks().environment, capture_output=True, text=True)
    assert "machine" in names and done.returncode == 0, done.stderr
