"""A program runs again when its code or data changes, and only then; Snakemake sees its inputs by content."""

import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import SCRIPTS, run_program
from meerkat.running import dependencies, input_digest

PROGRAMS = sorted(path.name for path in SCRIPTS.glob("*.py"))
# The wings of the package, in the order of the flow, and which others each may use; all may use the modules beside the wings.
ARROWS = {
    "settings": set(),
    "data": set(),
    "manifest": {"data"},
    "preprocess": {"data"},
    "train": {"settings", "data"},
    "evaluate": {"data", "train"},
    "advice": {"data", "evaluate"},
    "export": {"data", "preprocess", "train", "evaluate"},
    "video": {"settings", "data"},
    "serving": {"data", "video"},
    "sorting": {"settings", "data", "evaluate", "advice", "video", "serving"},
    "visits": {"settings", "data", "video", "sorting"},
    "review": {"data", "video", "sorting", "visits", "serving"},
    "audit": {"video", "visits", "review", "serving"},
    "camera_page": {"data", "video", "serving"},
    "report": {"data", "evaluate", "advice"},
    "running": {"settings", "data"},
}

_PATH = f"import sys\nsys.path[0] = {str(SCRIPTS)!r}\n"
# Prints the files of this project that Python read for a program's --help.
_LOADED = """
import runpy
sys.argv = [f"{sys.path[0]}/{sys.argv[1]}", "--help"]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit:
    print(*sorted(module.__file__ for name, module in sys.modules.items() if name.split(".")[0] == "meerkat"), sep="\\n")
"""


@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_depends_on_all_that_it_imports(program, tmp_path):
    (tmp_path / "loaded.py").write_text(_PATH + _LOADED)
    done = run_program(tmp_path / "loaded.py", program)  # by its name alone: the fork imports the code anew
    assert done.returncode == 0, done.stderr
    loaded = {line for line in done.stdout.splitlines() if line.startswith(str(SCRIPTS))}
    files = dependencies.files_of(SCRIPTS / program)
    assert files[0] == str(SCRIPTS / program)
    assert len(loaded) > 2 and loaded <= set(files)


def test_every_module_can_be_imported(tmp_path):
    names = [module.name for module in pkgutil.walk_packages([str(SCRIPTS / "meerkat")], "meerkat.")]
    (tmp_path / "all.py").write_text(f"{_PATH}import {', '.join(names)}")
    done = run_program(tmp_path / "all.py")
    assert done.returncode == 0, done.stderr


def test_what_was_found_out_about_code_is_kept_and_damage_to_it_does_no_harm(tmp_path, monkeypatch):
    monkeypatch.setattr(dependencies, "_KNOWN", tmp_path / "known.json")

    def digest():
        for cached in (dependencies._load, dependencies._seen, dependencies._imported, dependencies._file_digest, dependencies.code_digest):
            cached.cache_clear()
        return dependencies.code_digest(SCRIPTS / "train.py")

    first = digest()
    dependencies.remember()
    monkeypatch.setattr(dependencies.ast, "parse", None)  # Nothing is read anew.
    assert digest() == first
    monkeypatch.undo()
    monkeypatch.setattr(dependencies, "_KNOWN", tmp_path / "known.json")
    (tmp_path / "known.json").write_text('{"torn')
    assert digest() == first


def test_a_program_does_not_depend_on_what_it_does_not_import():
    files = {"/".join(Path(file).parts[-2:]) for file in dependencies.files_of(SCRIPTS / "create_docs.py")}
    others = {"preprocess/backbones.py", "train/training.py", "meerkat/quiet_tensorflow.py", "scripts/train.py", "video/videos.py"}
    assert "manifest/curation.py" in files and not others & files
    assert all((SCRIPTS / "meerkat" / file).is_file() or (SCRIPTS.parent / file).is_file() or (SCRIPTS / file).is_file() for file in others)


def test_data_files_are_dependencies():
    files = {Path(file).name for file in dependencies.files_of(SCRIPTS / "export.py")}
    assert "tf_1_0_1_ops.json" in files and "__init__.py" in files


def test_a_digest_is_of_code_and_data_not_of_prose(tmp_path):
    folder = shutil.copytree(SCRIPTS, tmp_path / "scripts")

    def changed(file, old, new):
        text = (folder / file).read_text()
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1))
        for cached in (dependencies._imported, dependencies._data_files, dependencies._file_digest):
            cached.cache_clear()
        dependencies.code_digest.cache_clear()
        return dependencies.code_digest(folder / "export.py")

    first = changed("export.py", "\n", "\n")
    assert changed("meerkat/errors.py", '"""Errors', '"""All errors') == first
    assert changed("meerkat/errors.py", "\n\n\n", "\n\n\n# a comment\n") == first
    assert changed("create_docs.py", "import json", "import json, math") == first  # another program
    train = dependencies.code_digest(folder / "train.py")
    changed("meerkat/settings/train.py", '"""Learning rate of Adam."""', '"""How fast Adam learns."""')
    assert dependencies.code_digest(folder / "train.py") == train
    changed("meerkat/settings/train.py", "le=16_384", "le=16_385")
    assert dependencies.code_digest(folder / "train.py") != train
    seen = [first]
    for file, old, new in [
        ("export.py", "_COMPARED = 50", "_COMPARED = 51"),
        ("meerkat/errors.py", "_SHOWN = 10", "_SHOWN = 11"),
        ("meerkat/__init__.py", "50_000_000", "60_000_000"),
        ("meerkat/export/__init__.py", '"""', 'X = 1\n"""'),
        ("meerkat/data/tf_1_0_1_ops.json", "Abs", "Absolute"),
    ]:
        seen.append(changed(file, old, new))
    assert len(set(seen)) == len(seen)


def test_the_wings_use_each_other_along_the_flow_only():
    found = {}
    package = SCRIPTS / "meerkat"
    for file in package.rglob("*.py"):
        wing = file.relative_to(package).parts[0]
        for used in dependencies._imported(file, SCRIPTS):
            found.setdefault(wing, set()).add(used.relative_to(package).parts[0])
    used = {wing: {other for other in found[wing] - {wing} if "." not in other} for wing in ARROWS}
    assert used == ARROWS
    order = list(ARROWS)
    assert all(order.index(other) < order.index(wing) for wing in ARROWS for other in ARROWS[wing])


# Shows the --help of programs until one of them fails or has imported TensorFlow.
_HELPS = """
import runpy
for sys.argv in [[f"{sys.path[0]}/{name}", "--help"] for name in sys.argv[1:]]:
    try:
        runpy.run_path(sys.argv[0], run_name="__main__")
    except SystemExit as end:
        if end.code or "tensorflow" in sys.modules:
            sys.exit(sys.argv[0])
"""


def test_programs_without_a_network_do_not_import_tensorflow():
    names = ["create_docs.py", "evaluate.py", "list_videos.py", "find_motion.py", "write_report.py"]
    done = subprocess.run([sys.executable, "-c", _PATH + _HELPS, *names], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_changes_of_clips_change_the_digest(tmp_path):
    import os

    (tmp_path / "a.jpg").write_bytes(b"one")
    (tmp_path / "results").mkdir()

    def digest():
        return input_digest.of_folder(tmp_path, tmp_path / "results")

    seen = [digest()]
    for litter in (".hidden", "Thumbs.db", "results/b.jpg"):
        (tmp_path / litter).write_bytes(b"litter")
        assert digest() == seen[0]
    (tmp_path / "b.jpg").write_bytes(b"two")
    seen.append(digest())
    (tmp_path / "b.jpg").write_bytes(b"too")
    seen.append(digest())
    (tmp_path / "b.jpg").rename(tmp_path / "c.jpg")
    seen.append(digest())
    status = (tmp_path / "c.jpg").stat()
    (tmp_path / "other").write_bytes(b"six")
    os.utime(tmp_path / "other", ns=(status.st_atime_ns, status.st_mtime_ns))
    (tmp_path / "other").replace(tmp_path / "c.jpg")  # of the same size and modification time
    seen.append(digest())
    assert len(set(seen)) == 5


def test_content_is_compared_whatever_the_times_say(tmp_path):
    file = tmp_path / "list.csv"
    absent = input_digest.content([file])
    file.write_text("one")
    first = input_digest.content([file])
    file.write_text("two")
    assert len({absent, first, input_digest.content([file])}) == 3
    file.write_text("one")
    assert input_digest.content([file]) == first
