"""Linters find nothing, and files that repeat others agree with them."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT

BIN = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["snakefmt", "--check", "Snakefile", "workflow"],
        ["snakemake", "--lint"],
    ],
    ids=" ".join,
)
def test_linters_find_nothing(command):
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_conda_environment_has_the_pins_of_the_lock():
    renew = runpy.run_path(str(ROOT / "workflow/envs/renew.py"))
    assert (ROOT / "workflow/envs/training.yaml").read_text() == renew["text"]()


def test_config_holds_every_setting_with_the_default_of_the_schema():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    assert yaml.safe_load((ROOT / "config.yaml").read_text()) == _defaults(schema)


def test_readme_describes_every_setting():
    schema = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())
    readme = (ROOT / "README.md").read_text()
    for name, entry in schema["properties"].items():
        for key in entry.get("properties", {"": None}):
            assert f"`{name}: {key}`" in readme or (f"`{name}`" in readme and not key), f"{name}: {key}"


def test_locks_name_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text()


def test_every_sample_has_a_licence():
    rows = (ROOT / "samples/LICENSES.csv").read_text().splitlines()
    listed = {row.split(",")[0] for row in rows[1:]}
    assert listed == {str(path.relative_to(ROOT / "samples")) for path in (ROOT / "samples").rglob("*") if path.suffix in (".jpg", ".mp4")}


def _defaults(schema: dict):
    if "properties" in schema:
        return {name: _defaults(entry) for name, entry in schema["properties"].items()}
    return schema["default"]
