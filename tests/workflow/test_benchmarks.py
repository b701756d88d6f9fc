"""The benchmarks find all that they import."""

import subprocess
import sys

from conftest import ROOT


def test_the_benchmarks_can_be_imported():
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    done = subprocess.run([sys.executable, "-c", f"import {', '.join(names)}"], cwd=ROOT / "benchmarks", capture_output=True, text=True)
    assert "machine" in names and done.returncode == 0, done.stderr
