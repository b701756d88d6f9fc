"""Each benchmark can start: what it imports is there, and its options can be read."""

import pytest
from conftest import ROOT, run_program


@pytest.mark.parametrize("program", sorted(path.name for path in (ROOT / "benchmarks").glob("*.py")))
def test_a_benchmark_starts(program):
    done = run_program(ROOT / "benchmarks" / program, "--help")
    assert done.returncode == 0, done.stderr
