"""Linters find nothing, and files that repeat others agree with them."""

import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import ROOT
from meerkat.settings.configuration import Configuration

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


def test_what_is_made_from_the_model_of_settings_agrees_with_it():
    renew = runpy.run_path(str(ROOT / "workflow/schemas/renew.py"))
    for path, text in renew["texts"]().items():
        assert (ROOT / path).read_text() == text, f"{path} is out of date: python workflow/schemas/renew.py"


def test_the_figure_of_the_flow_agrees_with_the_rules():
    flow = runpy.run_path(str(ROOT / "docs/flow.py"))
    assert flow["PAGE"].read_text() == flow["text"](), "out of date: python docs/flow.py"


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "requirements/README.md", ROOT / "samples/README.md"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files_and_headings(page):
    for link in re.findall(r"\]\(([^)]+)\)", page.read_text()):
        if "://" in link:
            continue
        path, _, heading = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        lines = target.read_text().splitlines() if heading else []
        headings = {re.sub(r"[^\w -]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in lines if line.startswith("#")}
        assert not heading or heading in headings, link


def test_files_that_the_pages_name_are_there():
    for page in PAGES:
        for path in re.findall(r"`((?:workflow|tests|benchmarks|requirements)/[\w./-]+)`", page.read_text()):
            assert (ROOT / path).exists(), f"{page.name}: {path}"


def test_settings_that_the_pages_name_are_there():
    """Written as `section: setting` or `section: setting: value`; a list of several stands behind each other."""
    fields = Configuration.model_fields
    named = {(*pair, page.name) for page in PAGES for pair in re.findall(r"`([a-z]+): ([a-z_]+)(?::[^`]*)?`", page.read_text())}
    assert len(named) > 20
    for section, setting, page in named:
        if section in fields and hasattr(fields[section].annotation, "model_fields"):
            assert setting in fields[section].annotation.model_fields, f"{page}: {section}: {setting}"


def test_commands_that_the_pages_name_are_there():
    lines = {(page.name, line) for page in PAGES for line in re.findall(r"python3 (?:/path/to/)?start\.py[^\n`]*", page.read_text())}
    assert len(lines) > 5
    words = "".join(path.read_text() for path in (ROOT / "workflow/rules").glob("*.smk")) + (ROOT / "Snakefile").read_text()
    rules = set(re.findall(r"^(?:rule|checkpoint) (\w+)|^use rule \w+ as (\w+)", words, re.MULTILINE))
    rules = {name for pair in rules for name in pair if name}
    helps = subprocess.run([sys.executable, ROOT / "workflow/scripts/sort_clips.py", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"start\.py (\w+)", (ROOT / "start.py").read_text())
    for page, line in lines:
        _, _, *given = line.split("#")[0].split()
        if not given or given[0] == "...":
            continue
        assert given[0] in commands, f"{page}: {line}"
        if given[0] == "run":
            targets = [word for word in given[2:] if not word.startswith("-") and not word.isdecimal()]
            assert set(targets) <= rules, f"{page}: {line}"
        if given[0] == "sort":
            assert all(word in helps.stdout for word in given if word.startswith("--")), f"{page}: {line}"


def test_pictures_on_the_pages_are_made_by_the_script():
    script = (ROOT / "docs/screenshot.py").read_text()
    for page in PAGES:
        for path in re.findall(r"!\[[^]]*\]\(([^)]+)\)", page.read_text()):
            assert f"docs/{Path(path).name}" in script, f"{page.name}: {path}"


def test_version_and_change_log_agree():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert f"## {citation['version']}" in (ROOT / "CHANGELOG.md").read_text()


def test_locks_name_no_address():
    for lock in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in lock.read_text()


def test_every_sample_has_a_licence():
    rows = (ROOT / "samples/LICENSES.csv").read_text().splitlines()
    listed = {row.split(",")[0] for row in rows[1:]}
    assert listed == {str(path.relative_to(ROOT / "samples")) for path in (ROOT / "samples").rglob("*") if path.suffix in (".jpg", ".mp4")}
