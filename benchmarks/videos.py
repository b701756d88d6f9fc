"""Compares the speed of find_motion with DeepMeerkat 3.1.4's motion mode and DVR-Scan 1.8: in turns, on one core each.

python benchmarks/videos.py [--video VIDEO ...] [--rounds 3]

The other programs, `deepmeerkat` and `dvr-scan`, are compared if they are on PATH. Each needs a separate environment:
    python -m venv FOLDER; FOLDER/bin/pip install numpy opencv-python-headless typer platformdirs certifi
    FOLDER/bin/pip install --no-deps deepmeerkat==3.1.4      (its other dependencies are for modes that are not timed)
    python -m venv OTHER; OTHER/bin/pip install dvr-scan==1.8
Without --video, the program makes two videos of 1080p, one minute each: a textured disc moves in 5 % of the frames of one, and in all
frames of the other.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np
from machine import ROOT

PROGRAMS = ROOT / "workflow/scripts"
_FRAMES = 1500


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--video", nargs="+", type=Path, help="videos to use")
    parser.add_argument("--rounds", type=int, default=3)
    args = parser.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        videos = args.video or [_make(Path(folder) / f"{share}.mp4", share) for share in (0.05, 1.0)]
        for video in videos:
            find_motion = [sys.executable, PROGRAMS / "find_motion.py", "--video", video, "--name", "v"]
            commands = {"find_motion": [*find_motion, "--motion", f"{folder}/motion", "--clips", f"{folder}/clips"]}
            if program := shutil.which("deepmeerkat"):
                commands["DeepMeerkat"] = [program, video, "--output", f"{folder}/theirs", "--mode", "motion", "--training"]
            if program := shutil.which("dvr-scan"):
                commands["DVR-Scan, no clips"] = [program, "-i", video, "--scan-only", "-q"]
            seconds, memory = {name: [] for name in commands}, {}
            for _ in range(args.rounds):
                for name, command in commands.items():
                    cpu, peak = _run(command)
                    seconds[name].append(cpu)
                    memory[name] = max(peak, memory.get(name, 0))
            frames = _count(video)
            middle = {name: statistics.median(times) for name, times in seconds.items()}
            print(f"{video.name}: {frames} frames, load {os.getloadavg()[0]:.1f}\n")
            print("| program | frames/s of one core | seconds | MB | rate to find_motion's |\n|---|---|---|---|---|")
            for name, times in seconds.items():
                rate, ratio = frames / middle[name], middle[name] / middle["find_motion"]
                print(f"| {name} | {rate:.0f} | {min(times):.1f} to {max(times):.1f} | {memory[name]:.0f} | {1 / ratio:.2f} |")
            print()


def _run(command: list) -> tuple[float, float]:
    """Processor seconds and peak memory (MB) of the command on one core."""
    process = subprocess.Popen(["taskset", "-c", "0", *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{command[0]} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def _make(path: Path, share: float) -> Path:
    """Some seconds of 1080p with sensor noise in which a disc moves in this share of the frames, at the end."""
    random = np.random.default_rng(1)
    scene = cv2.resize(random.integers(40, 160, (54, 96, 3), dtype=np.uint8), (1920, 1080), interpolation=cv2.INTER_CUBIC)
    disc = cv2.resize(random.integers(100, 256, (20, 20, 3), dtype=np.uint8), (200, 200), interpolation=cv2.INTER_CUBIC)
    noise = random.integers(0, 5, (8, *scene.shape), dtype=np.uint8)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 25, (1920, 1080))
    for index in range(_FRAMES):
        frame = cv2.add(scene, noise[index % 8])
        if index >= _FRAMES * (1 - share):
            x, y = 12 * index % 1700, 300 + 6 * index % 400
            frame[y : y + 200, x : x + 200] = disc
        writer.write(frame)
    writer.release()
    return path


def _count(video: Path) -> int:
    capture, frames = cv2.VideoCapture(str(video)), 0
    while capture.grab():
        frames += 1
    return frames


if __name__ == "__main__":
    main()
