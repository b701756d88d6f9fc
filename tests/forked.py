"""Runs programs of the workflow, and Snakemake, in forks of one process that has imported what they import.

Most of the time of the tests would go into imports: 4 seconds for a program with TensorFlow, 2 for Snakemake, a thousand times. A program
runs in a process of its own here as well, with its own command line, folder, environment and streams. The libraries are there already, and
so are the settings and the digests of the programs, which take half a second each; a changed copy of the project imports its own code.
`python` on the PATH of such a run leads back to the same server.

Tests that stop a program at a moment of its work, or measure it, start it without this, as users do.
"""

import atexit
import contextlib
import gc
import importlib.util
import logging
import os
import pickle
import pkgutil
import runpy
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

_SOCKET = "MEERKAT_FORK_SERVER"
_ROOT = Path(__file__).resolve().parent.parent
_SCRIPTS = _ROOT / "workflow/scripts"
# What the project's modules do not import at once.
_LIBRARIES = (
    "snakemake.cli", "snakemake.executors.local", "tensorflow", "tensorboard.plugins.hparams.summary_v2",
    "tensorboard.plugins.pr_curve.summary", "matplotlib.pyplot", "PIL.Image", "smart_open",
)  # fmt: skip
_CLIENT = f"""#!{sys.executable} -ISs
import os, pickle, socket, sys
arguments = sys.argv if sys.argv[0].endswith("/snakemake") else sys.argv[1:]
if not arguments or not arguments[0].endswith((".py", "/snakemake")) or "{_SOCKET}" not in os.environ:
    os.execv({sys.executable!r}, [{sys.executable!r}, *arguments])
with socket.socket(socket.AF_UNIX) as server:
    server.connect(os.environ["{_SOCKET}"])
    request = pickle.dumps((arguments, os.getcwd(), dict(os.environ)))
    socket.send_fds(server, [len(request).to_bytes(8, "big")], [0, 1, 2])
    server.sendall(request)
    status = server.recv(1)
sys.exit(status[0] if status else 1)
"""
# start.py, which finds the programs that it starts in another folder.
_START = """
import pathlib, sys
sys.path.insert(0, sys.argv.pop(1))
import start
start.PROGRAMS = pathlib.Path(sys.argv.pop(1))
start.main()
"""


class ForkServer:
    """A process that forks, started with these variables of the environment. All that is needed to use it lies in `folder`, so several
    processes can use one server."""

    def __init__(self, folder: Path, **variables: str):
        self.folder, self._bin, self._socket, self._variables = folder, folder / "bin", folder / "socket", variables

    def start(self) -> Self:
        """Start the process. It ends with the one that started it, because its standard input does."""
        self._bin.mkdir(parents=True)
        for name in ("python", "python3", "snakemake"):
            (self._bin / name).write_text(_CLIENT)
            (self._bin / name).chmod(0o755)
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        self._process = subprocess.Popen([sys.executable, __file__, self._socket], env=os.environ | self._variables, **streams)
        return self

    def command(self, program: Path | str, *arguments: object) -> list[str]:
        """The command line that runs a Python file, or Snakemake, in a fork."""
        return [str(self._bin / "python"), str(program), *map(str, arguments)]

    def start_command(self, *arguments: object) -> list[str]:
        """The command line of `python3 start.py`, which starts all that it needs in forks."""
        return [sys.executable, "-c", _START, *map(str, [_ROOT, self._bin, *arguments])]

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which such commands find their server, as soon as it listens."""
        end = time.monotonic() + 120
        while not self._socket.exists():
            assert time.monotonic() < end, "the server of forks has not started"
            time.sleep(0.05)
        return os.environ | self._variables | {_SOCKET: str(self._socket)}


def _serve(address: str) -> None:
    os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_USE_LEGACY_KERAS": "1", "TF_ENABLE_ONEDNN_OPTS": "1", "MPLBACKEND": "Agg"}
    before = dict(os.environ)
    sys.path[0] = str(_SCRIPTS)
    for name in (*_LIBRARIES, *_modules()):
        importlib.import_module(name)
    sys.modules["snakemake.cli"].get_argument_parser()  # It looks for plugins, once.
    for program in _SCRIPTS.glob("*.py"):
        sys.modules["meerkat.running.dependencies"].code_digest(program)  # Snakemake makes these at each start in a new folder.
    set_by_modules = {name: value for name, value in os.environ.items() if before.get(name) != value}
    gc.collect()
    gc.freeze()
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who waits for a fork is its client
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(f"{address}.new")
        listening.listen(64)
        Path(f"{address}.new").rename(address)
        while True:
            client, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _run(client, Path(address).parent / "bin", set_by_modules)
            client.close()


def _modules() -> Iterator[str]:
    """The project's modules but those that set up TensorFlow, which the fork imports: threads do not outlive a fork."""
    from meerkat.running.dependencies import files_of

    for module in pkgutil.walk_packages([str(_SCRIPTS / "meerkat")], "meerkat."):
        files = files_of(Path(importlib.util.find_spec(module.name).origin))
        if str(_SCRIPTS / "meerkat/quiet_tensorflow.py") not in files:
            yield module.name


def _run(client: socket.socket, shims: Path, set_by_modules: dict[str, str]) -> None:
    """Become the program that the client asks for, and tell it the exit status."""
    size, streams, _, _ = socket.recv_fds(client, 8, 3)
    data = b""
    while len(data) < int.from_bytes(size, "big"):
        data += client.recv(1 << 20)
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    arguments, folder, environment = pickle.loads(data)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(set_by_modules | environment)
    logging.getLogger("meerkat").setLevel(os.environ.get("MEERKAT_LOG", "INFO"))
    sys.executable = str(shims / "python")
    sys.stdout, sys.stderr = open(1, "w", closefd=False), open(2, "w", buffering=1, closefd=False)  # noqa: SIM115
    threading.Thread(target=_die_with, args=[client], daemon=True).start()
    status = _status_of(arguments)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
    client.sendall(bytes([status]))
    os._exit(status)


def _die_with(client: socket.socket) -> None:
    """Who kills a command kills the program."""
    if not client.recv(1):
        os.kill(os.getpid(), signal.SIGKILL)


def _status_of(arguments: list[str]) -> int:
    program, *_ = sys.argv = arguments
    if not any(Path(argument).parent == _SCRIPTS or Path(argument) == _ROOT / "Snakefile" for argument in arguments):
        for name in [name for name in sys.modules if name.partition(".")[0] == "meerkat"]:
            del sys.modules[name]
    sys.path[0] = str(Path(program).parent)
    try:
        if Path(program).name == "snakemake":
            from snakemake.cli import main

            main()
        else:
            runpy.run_path(program, run_name="__main__")
        status = 0
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    threading._shutdown()
    atexit._run_exitfuncs()
    return status


if __name__ == "__main__":
    _serve(sys.argv[1])
