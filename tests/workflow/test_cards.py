"""The cards for sorting: made of tracks, or of clips that lie loose in a folder; only what is new is embedded."""

import re
import shutil

import numpy as np
from conftest import SAMPLES, snakemake
from meerkat.sorting import pool


def _loose(folder, number):
    """Clips as DeepMeerkat left them: a folder for each video."""
    for clip in sorted((SAMPLES / "Training/Negative").glob("*.jpg"))[:number]:
        video = clip.stem.rsplit("_", 2)[0]
        (folder / "old" / video).mkdir(parents=True, exist_ok=True)
        shutil.copy(clip, folder / "old" / video)


def _cards(folder):
    return pool.read(folder / "results/sorting/cards.csv"), np.load(folder / "results/sorting/embeddings.npy")


def test_loose_clips_become_cards_and_only_new_ones_are_embedded(tmp_path):
    _loose(tmp_path, 6)
    (tmp_path / "old/broken_1_0.jpg").write_bytes(b"no picture")
    settings = {"sorting": {"unsorted": "old"}, "data": {"folder": "myclips"}}
    run = snakemake(tmp_path, "--", "sorting", settings=settings)
    assert run.status == 0, run.text
    assert "find_motion" not in run.jobs and "1 file in old cannot be sorted" in run.text and "broken_1_0.jpg" in run.text
    cards, embeddings = _cards(tmp_path)
    assert len(cards) == len(embeddings) == 6 and np.abs(embeddings).sum(axis=1).min() > 0
    for card in cards:
        [clip] = card.clips
        assert clip.path == f"old/{clip.place}" and clip.place == f"{card.video}/{clip.place.split('/')[-1]}" and not card.track
    _loose(tmp_path, 8)
    run = snakemake(tmp_path, "--", "sorting", settings=settings)
    assert re.search("2 clips to embed, 6 are known", run.text) and run.jobs == ["make_cards", "sorting"]
    again, new = _cards(tmp_path)
    known = {card.clips[0].path: row for card, row in zip(again, new, strict=True)}
    assert len(again) == 8 and all((known[card.clips[0].path] == row).all() for card, row in zip(cards, embeddings, strict=True))
    assert snakemake(tmp_path, "--", "sorting", settings=settings).jobs == []


def test_a_folder_without_clips_is_told(tmp_path):
    (tmp_path / "old").mkdir()
    run = snakemake(tmp_path, "--", "sorting", settings={"sorting": {"unsorted": "old"}})
    assert run.status == 1 and "sorting: unsorted: old contains no clip" in run.text
    run = snakemake(tmp_path, "--", "sorting", settings={"sorting": {"unsorted": "nowhere"}})
    assert run.status == 1 and "sorting: unsorted: nowhere is not a folder" in run.text and "Traceback" not in run.text
