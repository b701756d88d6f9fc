"""Sets up this project and runs it, in one command.

    python3 start.py samples         train, evaluate and export a model from the sample clips
    python3 start.py run mine.yaml   the same with your clips; targets (clips, annotate, ...) and options of Snakemake may follow
    python3 start.py sort mine.yaml  sort the clips of your videos in the browser
    python3 start.py cameras mine.yaml  write a first table of your cameras, and fill it in in the browser
    python3 start.py review mine.yaml  review the visits of your videos in the browser
    python3 start.py forget mine.yaml  delete what is kept of videos that are gone; with --private, pictures of people
    python3 start.py cluster         the samples, with each step as a Slurm job; see profiles/slurm/config.yaml
    python3 start.py gpu             the samples on an NVIDIA graphics card (Linux)
    python3 start.py test            run the tests

The first time, the packages of a lock file are installed into the folder .venv, beside this file.
"""

import os
import signal
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHONS = [(3, 11), (3, 12), (3, 13)]  # the locked TensorFlow is built for these
# For each lock file, the lock files that include everything in it.
LOCKS = {
    "run.txt": ["cluster.txt", "gpu.txt", "test.txt"],
    "cluster.txt": ["gpu.txt", "test.txt"],
    "gpu.txt": [],
    "test.txt": [],
}


def main():
    commands = {
        "samples": ("run.txt", ["snakemake", "--cores", "all"]),
        "cluster": ("cluster.txt", ["snakemake", "--profile", "profiles/slurm"]),
        "gpu": ("gpu.txt", ["snakemake", "--cores", "all"]),
        "test": ("test.txt", ["pytest"]),
    }
    given = sys.argv[1:]
    if len(given) >= 2 and given[0] == "run":
        run(given[1], given[2:])
    if len(given) >= 2 and given[0] == "sort" and "--help" not in given:
        run(given[1], ["sorting"], then=["python", str(ROOT / "workflow/scripts/sort_clips.py"), *given[1:]])
    programs = {"sort": "sort_clips.py", "cameras": "place_cameras.py", "review": "review_visits.py", "forget": "forget_films.py"}
    if len(given) >= 2 and given[0] in programs:
        set_up("run.txt")
        sys.exit(start(["python", str(ROOT / "workflow/scripts" / programs[given[0]]), *given[1:]], Path.cwd()))
    if len(given) != 1 or given[0] not in commands:
        sys.exit(__doc__)
    lock, command = commands[given[0]]
    set_up(lock)
    sys.exit(start(command, ROOT))


def run(configuration, more, then=None):
    """Run the workflow here with the user's configuration file; `more` are targets and options of Snakemake. Then start a program."""
    set_up("run.txt")
    # Snakemake reads the file before any of our code, and its messages name neither the line nor what to write instead.
    check = start(["python", str(ROOT / "workflow/scripts/check_configuration.py"), configuration, "--", *more], Path.cwd())
    check = check or (then and start([*then, "--check"], Path.cwd()))
    cores = [] if any(word.startswith(("--cores", "-c", "--profile")) for word in more) else ["--cores", "all"]
    command = ["snakemake", "--snakefile", str(ROOT / "Snakefile"), *cores, *more, "--configfile", configuration]
    failed = check or start(command, Path.cwd(), "Stopped. The same command goes on from here.")
    sys.exit(start(then, Path.cwd()) if then and not failed else failed)


def start(command, folder, when_stopped=""):
    """The exit status of a program of the environment. `when_stopped` are words for a person who has ended it with Ctrl-C."""
    # By its whole path: if a Python is called by its name alone, it uses the packages of the Python on PATH.
    program = subprocess.Popen([PROGRAMS / command[0], *command[1:]], cwd=folder)
    # Ctrl-C reaches the program as well, but these signals reach only this process.
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN:  # as `nohup` has it
            signal.signal(getattr(signal, name), lambda number, _: program.send_signal(number))
    stopped = False
    while program.poll() is None:
        try:
            program.wait()
        except KeyboardInterrupt:
            stopped = True  # Ctrl-C reaches the program as well, which tidies up and ends
    if stopped and when_stopped and program.returncode:  # else it was done before the key reached it
        print(when_stopped)
    return program.returncode


def set_up(lock):
    """Install exactly the packages that the lock file names, unless that was done before."""
    if sys.version_info[:2] not in PYTHONS:
        wanted = ", ".join(f"{major}.{minor}" for major, minor in PYTHONS)
        sys.exit(f"This is Python {sys.version.split()[0]}. Run start.py with one of Python {wanted}.")
    for name in [lock, *LOCKS[lock]]:
        installed = ENVIRONMENT / name
        if installed.is_file() and installed.read_bytes() == (ROOT / "requirements" / name).read_bytes():
            return
    print(f"Installing the packages in requirements/{lock} into {ENVIRONMENT}. This takes some minutes.", flush=True)
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except subprocess.CalledProcessError:
        sys.exit("Python cannot make a virtual environment. On Debian and Ubuntu: apt-get install python3-venv")
    except (OSError, ValueError) as error:
        sys.exit(f"{ENVIRONMENT} cannot be made: {error}. It must be a separate folder, and the disk must have room for it.")
    if install(lock):
        sys.exit("The packages could not be installed; the lines of pip above say why.")
    (ENVIRONMENT / lock).write_bytes((ROOT / "requirements" / lock).read_bytes())


def install(lock):
    """The exit status of pip. pip says nothing for minutes, so its packages are counted for the user."""
    number = sum("==" in line for line in (ROOT / "requirements" / lock).read_text().splitlines())
    pip = [PROGRAMS / "python", "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar", "off"]
    found = 0
    with subprocess.Popen([*pip, "--require-hashes", "-r", ROOT / "requirements" / lock], stdout=subprocess.PIPE, text=True) as program:
        for line in program.stdout:
            if line.startswith(("Collecting ", "Processing ")):
                found += 1
                if found % 10 == 0 or found == number:
                    print(f"  {found} of {number} packages fetched", flush=True)
            elif line.startswith("Installing collected"):
                print("  Unpacking them", flush=True)
    return program.returncode


if __name__ == "__main__":
    main()
