"""Sets up this project and runs it, in one command.

    python3 start.py samples    train, evaluate and export a model from the sample clips
    python3 start.py cluster    the same with each step as a job of Slurm; see profiles/slurm/config.yaml
    python3 start.py gpu        the same on one of NVIDIA's graphics cards (Linux)
    python3 start.py test       run the tests

The first time, the packages of a lock file are installed into the folder .venv beside this file.
"""

import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHONS = [(3, 11), (3, 12), (3, 13)]  # those that the locked TensorFlow is built for


def main():
    commands = {
        "samples": ("run.txt", ["snakemake", "--cores", "all"]),
        "cluster": ("cluster.txt", ["snakemake", "--profile", "profiles/slurm"]),
        "gpu": ("gpu.txt", ["snakemake", "--cores", "all"]),
        "test": ("test.txt", ["pytest"]),
    }
    if len(sys.argv) != 2 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    lock, command = commands[sys.argv[1]]
    set_up(ROOT / "requirements" / lock)
    sys.exit(subprocess.run(command, cwd=ROOT, executable=PROGRAMS / command[0]).returncode)


def set_up(lock):
    """Install exactly the packages that the lock file names, unless that was done before."""
    if sys.version_info[:2] not in PYTHONS:
        wanted = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
        sys.exit(f"This is Python {sys.version.split()[0]}. Run start.py with one of Python {wanted}.")
    done = ENVIRONMENT / lock.name
    if done.is_file() and done.read_bytes() == lock.read_bytes():
        return
    print(f"Installing what {lock.relative_to(ROOT)} lists into {ENVIRONMENT}; this takes some minutes.", flush=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv")
    pip = [PROGRAMS / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    if subprocess.run([*pip, "--require-hashes", "-r", lock]).returncode:
        sys.exit("The packages could not be installed; pip says why above.")
    done.write_bytes(lock.read_bytes())


if __name__ == "__main__":
    main()
