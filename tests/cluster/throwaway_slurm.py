"""A Slurm of our own on this host: munge, accounting in MariaDB, a controller and three nodes, all in one folder.

Needs root and Debian's packages slurmctld, slurmd, slurm-client, slurmdbd, munge and mariadb-server. By hand:

    python tests/cluster/throwaway_slurm.py FOLDER      starts it, and stops it when Enter is pressed
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil

NODES = {"n1": 16818, "n2": 16819, "n3": 16820}  # and the ports they listen on
# The steps of a job forget SLURM_CONF, so the configuration has to lie where Slurm looks for it.
CONFIGURATION = Path("/etc/slurm/slurm.conf")
DATABASE_CONFIGURATION = Path("/etc/slurm/slurmdbd.conf")
# Where the programs look for each other, with no setting in every one of them for another place.
_SOCKETS = {"munge": Path("/run/munge/munge.socket.2"), "database": Path("/run/mysqld/mysqld.sock")}
_MARK = "# throw-away Slurm of the tests of DeepMeerkat training\n"
_PROGRAMS = ["munged", "mariadbd", "slurmdbd", "slurmctld", "slurmd", "sbatch", "sacct"]


def what_is_missing() -> str:
    """Why no Slurm can be started here; empty if one can."""
    if os.geteuid() != 0:
        return "only root can start a Slurm"
    missing = [name for name in _PROGRAMS if not shutil.which(name, path=_path())]
    if missing:
        return f"{', '.join(missing)} not installed; see tests/cluster/throwaway_slurm.py"
    if CONFIGURATION.exists() and not CONFIGURATION.read_text().startswith(_MARK):
        return f"{CONFIGURATION} belongs to another Slurm"
    return ""


class ThrowawaySlurm:
    """Starts with the block it is used in and is gone after it."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._processes: dict[str, subprocess.Popen] = {}

    def __enter__(self) -> "ThrowawaySlurm":
        missing = what_is_missing()
        if missing:
            raise RuntimeError(missing)
        self._write_configuration()
        try:
            self._start_munge()
            self._start_database()
            self._start("slurmdbd", "-D")
            wait_until(lambda: _answers("sacctmgr", "--immediate", "add", "cluster", "throwaway"))
            self.start_controller()
            for node in NODES:
                self.start_node(node)
            wait_until(lambda: len(_says("sinfo", "--Node", "--noheader", "--states=idle").split("\n")) == len(NODES))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        for process in reversed(self._processes.values()):
            for part in [*_children(process.pid), process]:
                part.kill()
            process.wait()
        for process in psutil.process_iter(["name"]):
            # Without control groups, Slurm itself overlooks some processes of the jobs that it ends.
            if process.info["name"] == "slurmstepd" or _environment(process).get("SLURMD_NODENAME") in NODES:
                process.kill()
        CONFIGURATION.unlink(missing_ok=True)
        DATABASE_CONFIGURATION.unlink(missing_ok=True)

    def start_controller(self) -> None:
        self._start("slurmctld", "-D")

    def stop_controller(self) -> None:
        """As for an upgrade: it saves what it knows."""
        self._processes["slurmctld"].terminate()
        self._processes["slurmctld"].wait()

    def start_node(self, node: str) -> None:
        self._start("slurmd", "-D", "-N", node, name=node)

    def crash_node(self, node: str) -> None:
        """What a power cut does: the node and all that ran on it are gone at once."""
        doomed = [psutil.Process(self._processes[node].pid)]
        for process in psutil.process_iter():
            if _environment(process).get("SLURMD_NODENAME") == node:
                doomed += [process, *(parent for parent in process.parents() if parent.name() == "slurmstepd")]
        for process in doomed:
            process.suspend()  # first, so that none sees another one end
        for process in doomed:
            process.kill()
        self._processes[node].wait()

    def job_states(self, run_id: str) -> list[tuple[str, str]]:
        """(comment, state) of every try of the jobs of a run of Snakemake, the ones that were put back into the queue included."""
        text = _says("sacct", "-X", "--duplicates", "--noheader", "--parsable2", "--format=comment,state", f"--name={run_id}")
        return [tuple(line.rsplit("|", 1)) for line in text.splitlines()]

    def _write_configuration(self) -> None:
        host, memory = socket.gethostname().split(".")[0], int(psutil.virtual_memory().total / 2**20)
        for name in ["state", "spool", "munge", "mysql"]:
            (self.folder / name).mkdir(parents=True)
        CONFIGURATION.parent.mkdir(exist_ok=True)
        nodes = "".join(
            f"NodeName={node} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs=16 RealMemory={memory}\n"
            for node, port in NODES.items()
        )
        CONFIGURATION.write_text(
            f"""{_MARK}
ClusterName=throwaway
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=cred_expire=5
StateSaveLocation={self.folder}/state
SlurmdSpoolDir={self.folder}/spool/%n
SlurmctldPidFile={self.folder}/slurmctld.pid
SlurmdPidFile={self.folder}/%n.pid
SlurmctldLogFile={self.folder}/slurmctld.log
SlurmdLogFile={self.folder}/%n.log
# Several nodes on one host, without systemd and control groups.
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory,CR_LLN
# Memory limits that are kept.
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=1
JobAcctGatherParams=OverMemoryKill
# Failures are noticed soon.
SlurmdTimeout=10
KillWait=2
ReturnToService=2
AccountingStorageType=accounting_storage/slurmdbd
AccountingStorageHost=127.0.0.1
AccountingStoreFlags=job_comment
{nodes}PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
        )
        DATABASE_CONFIGURATION.write_text(
            f"""{_MARK}
AuthType=auth/munge
DbdHost=localhost
SlurmUser=root
StorageType=accounting_storage/mysql
StorageHost=localhost
StorageUser=root
StorageLoc=slurm
LogFile={self.folder}/slurmdbd.log
PidFile={self.folder}/slurmdbd.pid
"""
        )
        DATABASE_CONFIGURATION.chmod(0o600)

    def _start_munge(self) -> None:
        folder = self.folder / "munge"
        key = folder / "key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        _SOCKETS["munge"].parent.mkdir(exist_ok=True)
        files = {
            "key-file": key,
            "socket": _SOCKETS["munge"],
            "pid-file": folder / "pid",
            "log-file": folder / "log",
            "seed-file": folder / "seed",
        }
        # --force: munged would refuse folders that others may write to, as temporary ones are.
        self._start("munged", "--foreground", "--force", *[f"--{option}={path}" for option, path in files.items()])
        wait_until(_SOCKETS["munge"].exists)

    def _start_database(self) -> None:
        folder = self.folder / "mysql"
        subprocess.run(
            ["mariadb-install-db", "--user=root", f"--datadir={folder}", "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        socket_option = f"--socket={_SOCKETS['database']}"
        _SOCKETS["database"].parent.mkdir(exist_ok=True)
        self._start("mariadbd", "--no-defaults", "--user=root", f"--datadir={folder}", "--skip-networking", socket_option)
        wait_until(lambda: _answers("mariadb-admin", "--no-defaults", "--user=root", socket_option, "ping"))

    def _start(self, program: str, *arguments: str, name: str = "") -> None:
        log = (self.folder / f"{name or program}.out").open("ab")
        path = shutil.which(program, path=_path())
        self._processes[name or program] = subprocess.Popen(
            [path, *arguments], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    """Return as soon as `true` says so; raise TimeoutError when it does not."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError(f"{true} has not come true within {seconds} s")
        time.sleep(0.1)


def _path() -> str:
    return f"{os.environ['PATH']}:/usr/sbin"


def _says(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def _answers(*command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _children(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _environment(process: psutil.Process) -> dict[str, str]:
    try:
        return process.environ()
    except (psutil.Error, OSError):  # gone meanwhile
        return {}


if __name__ == "__main__":
    with ThrowawaySlurm(Path(sys.argv[1]).absolute()):
        print("Slurm runs. Enter stops it.", flush=True)
        sys.stdin.readline()
