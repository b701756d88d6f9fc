"""Outputs that are cut short or changed after they were made are noticed, whatever their format."""

import base64
import os
import shutil

import pytest
from meerkat.running import made


@pytest.fixture
def results(tmp_path, monkeypatch):
    """A folder with three outputs as Snakemake leaves them."""
    monkeypatch.chdir(tmp_path)
    for name in ("a.csv", "b.json", "a name that is so long that the record of it lies in several folders" * 4):
        path = tmp_path / "results" / name[:200]
        path.parent.mkdir(exist_ok=True)
        path.write_text("one\ntwo\n")
        encoded = base64.urlsafe_b64encode(f"results/{name[:200]}".encode()).decode()
        pieces = [encoded[start : start + 254] for start in range(0, len(encoded), 254)]
        record = tmp_path.joinpath(".snakemake/metadata", *(f"@{piece}" for piece in pieces[:-1]), pieces[-1])
        record.parent.mkdir(parents=True, exist_ok=True)
        record.write_text('{"rule": "a"}')
    made.remember("results/state", "results")
    return tmp_path / "results"


def _record(results, name):
    return results.parent / ".snakemake/metadata" / base64.urlsafe_b64encode(f"results/{name}".encode()).decode()


def test_what_is_as_it_was_made_is_left_alone(results):
    assert made.changed_since("results/state", made.records()) == {}
    os.utime(results / "a.csv", (1, 1))
    (results / "b.json").unlink()
    assert made.changed_since("results/state", made.records()) == {} and made.distrust_damaged(made.records()) == []


@pytest.mark.parametrize("content", ["one\n", "", "one\ntwo\nthree\n", "one\nTWO\n"])
def test_what_was_cut_or_changed_is_found_and_set_aside(results, content):
    (results / "a.csv").write_text(content)
    os.utime(results / "a.csv", (1, 1))
    assert made.changed_since("results/state", made.records()) == {"results/a.csv": ""}
    aside = made.set_aside("results/a.csv")
    assert aside.read_text() == content and not (results / "a.csv").exists() and made.changed_since("results/state", made.records()) == {}
    (results / "a.csv").write_text(content)
    assert made.set_aside("results/a.csv") != aside


@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"")])
def test_files_beside_an_output_are_part_of_it(results, damage):
    (results / "pictures").mkdir()
    (results / "pictures/1.jpg").write_bytes(b"a picture")
    os.utime(_record(results, "a.csv"), (2, 2))
    made.remember("results/state", "results", {"results/a.csv": lambda: ["results/pictures/1.jpg"]})
    os.utime(results / "pictures/1.jpg", (1, 1))
    for _ in range(2):
        assert made.changed_since("results/state", made.records()) == {}
        made.remember("results/state", "results")
    damage(results / "pictures/1.jpg")
    assert made.changed_since("results/state", made.records()) == {"results/pictures/1.jpg": "results/a.csv"}
    made.distrust(made.records()["results/a.csv"])
    assert made.changed_since("results/state", made.records()) == {}


def test_what_a_killed_run_has_made_anew_is_no_change(results):
    (results / "a.csv").write_text("anew\n")
    os.utime(_record(results, "a.csv"), (2, 2))
    assert made.changed_since("results/state", made.records()) == {}
    made.remember("results/state", "results")
    (results / "a.csv").write_text("by hand, once more\n")
    assert made.changed_since("results/state", made.records()) == {"results/a.csv": ""}


def test_what_was_changed_stays_so_until_it_is_made_anew(results):
    (results / "a.csv").write_text("by hand\n")
    for _ in range(2):
        made.remember("results/state", "results")
        assert made.changed_since("results/state", made.records()) == {"results/a.csv": ""}


@pytest.mark.parametrize("content", ["", '{"rule": "a", "inp'])
def test_a_damaged_record_makes_its_step_run_again(results, content):
    for record in (results.parent / ".snakemake/metadata").rglob("*"):
        if record.is_file():
            record.write_text(content)
    assert len(made.distrust_damaged(made.records())) == 3 and made.distrust_damaged(made.records()) == []
    assert sum(path.is_file() for path in (results.parent / ".snakemake/incomplete").rglob("*")) == 3


def test_what_a_killed_step_has_left_is_no_change(results):
    (results / "a.csv").write_text("half made")
    marker = results.parent / ".snakemake/incomplete" / _record(results, "a.csv").name
    marker.parent.mkdir()
    marker.touch()
    assert made.changed_since("results/state", made.records()) == {}


@pytest.mark.parametrize(
    "command, looks",
    [
        ("--cores 8 --configfile mine.yaml annotate", False),
        ("-c 2 -k -- clips", False),
        ("--dry-run", True),
        ("-np", True),
        ("-pn --cores 2", True),
        ("--report=r.html", True),
        ("--configfile mine.yaml --unlock", True),
    ],
)
def test_who_only_looks_changes_nothing(command, looks):
    assert made.only_looks(command.split()) is looks


def test_a_damaged_table_of_what_was_made_distrusts_nothing(results):
    (results / "a.csv").write_text("by hand\n")
    (results / "state/made.csv").write_text("results/a.csv,7")
    assert made.changed_since("results/state", made.records()) == {}


def test_outputs_whose_records_are_gone_are_made_again(results):
    assert made.distrust_lost("results/state", made.records()) == []
    outputs = sorted(made.records())
    shutil.rmtree(results.parent / ".snakemake")
    assert sorted(made.distrust_lost("results/state", made.records())) == outputs
    marked = {
        path.relative_to(results.parent / ".snakemake/incomplete")
        for path in (results.parent / ".snakemake/incomplete").rglob("*")
        if path.is_file()
    }
    assert len(marked) == 3 and any(len(path.parts) > 1 for path in marked)
    (results / "a.csv").unlink()
    assert "results/a.csv" not in made.distrust_lost("results/state", {})
