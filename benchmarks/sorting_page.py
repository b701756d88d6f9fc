"""How fast is the page for sorting? Starts the program with many cards, and answers as its page does.

The set is a folder from photographs.py. A card has three of its Training clips, under new names, and their mean embedding. Fifty cards
belong to one film. The table gives: the seconds from the start of sort_clips.py to the first questions, once with nothing sorted and once
with some thousand clips sorted; the time of an answer that sorts a pile; the time of the next twelve questions, which the page requests
ahead; the time of the advice on Training; and the memory of the program.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from machine import ROOT
from meerkat.sorting import pool
from sorting import Clips, embedded

CLIPS_A_CARD, CARDS_A_FILM = 3, 50
ROUNDS, ASKED = 20, 12


class Page:
    """The program, and the requests that its page would send."""

    def __init__(self, folder: Path):
        self._began = time.monotonic()
        command = [sys.executable, ROOT / "workflow/scripts/sort_clips.py", "mine.yaml", "--no-browser"]
        self._process = subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True)
        self._address = next(found[0] for line in self._process.stderr if (found := re.search(r"http://127\S+", line)))
        self.questions()
        self.start = time.monotonic() - self._began

    def ask(self, path: str, body: dict | None = None) -> object:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._address + path, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def questions(self) -> list[dict]:
        return self.ask("questions", {"task": "training", "number": ASKED, "held": []})

    def end(self) -> float:
        """Stop the program; returns its peak memory in GB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        self._process.kill()
        self._process.wait()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024 / 1e9


def main(clips: str, cards: Sequence[int] = (10_000, 100_000)) -> None:
    folder_of_set = Path(clips)
    training, _ = embedded(folder_of_set)
    print("| cards | clips | start, s | start again, s | an answer, ms: median, longest | next questions, s | advice, s | memory, GB |")
    print("|---|---|---|---|---|---|---|---|")
    for number in cards:
        with tempfile.TemporaryDirectory(dir=folder_of_set.parent) as folder:  # where the set can be linked to
            truth = make(Path(folder), training, number)
            page = Page(Path(folder))
            answers, questions = sort(page, truth)
            page.end()
            again = Page(Path(folder))
            _, later = sort(again, truth)
            advice = timed(lambda page=again: page.ask("advice?task=training"))
            print(
                f"| {number:,} | {CLIPS_A_CARD * number:,} | {page.start:.1f} | {again.start:.1f} | {1000 * np.median(answers):.0f}, "
                f"{1000 * max(answers):.0f} | {np.median(questions + later):.2f} | {advice:.2f} | {again.end():.2f} |",
                flush=True,
            )


def make(folder: Path, clips: Clips, number: int) -> dict[str, str]:
    """Make cards that link to clips of the set; returns the label of each name."""
    (folder / "mine.yaml").write_text("data: {folder: clips}\n")
    (folder / "source").mkdir()
    (folder / "results/sorting").mkdir(parents=True)
    random = np.random.default_rng(1)
    cards, truth, means = [], {}, []
    for card in range(number):
        film = f"site{card // CARDS_A_FILM % 20}__film{card // CARDS_A_FILM}"
        first = random.integers(len(clips.labels) - CLIPS_A_CARD)
        of_card = []
        for place in range(CLIPS_A_CARD):
            name = f"{film}_{card}_{place}.jpg"
            (folder / "source" / name).hardlink_to(clips.paths[first + place])
            of_card.append(pool.CardClip(f"source/{name}", name))
            truth[name] = "negative" if clips.labels[first + place] else "positive"
        cards.append(pool.Card(film, film.split("__")[0], str(card + 1), of_card))
        means.append(clips.embeddings[first : first + CLIPS_A_CARD].mean(axis=0))
    (folder / "results/sorting/cards.csv").write_text(pool.text(cards))
    np.save(folder / "results/sorting/embeddings.npy", np.array(means, np.float16))
    return truth


def sort(page: Page, truth: dict[str, str]) -> tuple[list[float], list[float]]:
    """Answer some rounds of questions; returns the seconds of each answer, and of each request for the next questions."""
    answers, asked = [], []
    for _ in range(ROUNDS):
        began = time.monotonic()
        questions = page.questions()
        asked.append(time.monotonic() - began)
        for question in questions:
            clips = [clip for card in question["cards"] for clip in card["clips"]]
            body = {"task": "training", "questions": [[clip["clip"] for clip in clips]], "decision": truth[clips[0]["name"]]}
            answers.append(timed(lambda body=body: page.ask("decide", body)))
    return answers, asked


def timed(work) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
