"""The same clips and settings give the same outcome, to the bit, however and wherever the workflow runs."""

import json
import shutil

from conftest import QUICK, snakemake
from forked import ForkServer
from run_outcome import assert_same, outcome


def test_place_order_locale_cores_and_shards_do_not_matter(finished_run, tmp_path):
    elsewhere = tmp_path / "with spaces, 'quotes' and é"
    clips = sorted((finished_run / "clips").rglob("*.jpg"), reverse=True)
    for clip in clips:  # made in another order, so that the file system lists them in another
        target = elsewhere / clip.relative_to(finished_run)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(clip, target)
    server = ForkServer(tmp_path / "forks", LC_ALL="C", PYTHONHASHSEED="7", TZ="Asia/Tokyo").start()
    run = snakemake(elsewhere, "--cores", 1, settings=QUICK | {"shards": {"train": 3, "eval": 2}}, server=server)
    assert run.status == 0, run.text
    assert_same(outcome(elsewhere), outcome(finished_run))


def test_an_absolute_folder_draws_and_trains_as_a_relative_one(finished_run, tmp_path):
    run = snakemake(tmp_path, settings=QUICK | {"data": {"folder": str(finished_run / "clips")}})
    assert run.status == 0, run.text
    one, other = outcome(tmp_path), outcome(finished_run)
    assert one["head"] == other["head"] and one["model"] == other["model"] and one["train"][1:] == other["train"][1:]


def test_provenance_tells_what_the_results_were_made_from(finished_run):
    found = json.loads((finished_run / "results/provenance.json").read_text())
    assert found["settings"]["train"]["max_steps"] == 50
    assert len(found["sha256"]["results/docs/trainingdata.csv"]) == 64
    assert found["packages"]["tensorflow"] and found["code_revision"]
    assert {"create_docs", "train", "export", "train-00000-of-00002"} <= set(found["seconds"])
