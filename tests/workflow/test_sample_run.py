"""The whole workflow on the samples, as the README's first command runs it."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from conftest import ROOT, SAMPLES, SCRIPTS, run_program, snakemake, write_list
from jsonschema import Draft202012Validator
from meerkat.data import predictions, records
from meerkat.export import contract, model_card
from meerkat.train import head
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def test_the_four_lines_of_2018_are_printed(sample_run):
    log = (sample_run / "sample_run.log").read_text()
    for line in (
        "Positive Training clips: 55",
        "Negative Training clips: 66",
        "Positive Testing clips: 16",
        "Negative Testing clips: 16",
    ):
        assert line in log


def test_the_lists_name_existing_clips_once_and_the_shards_hold_them_all(sample_run):
    docs = sample_run / "results/docs"
    assert (docs / "dict.txt").read_text() == "positive\nnegative\n"
    for split, name, number in [("train", "trainingdata.csv", 121), ("eval", "testingdata.csv", 32)]:
        rows = list(csv.reader((docs / name).open()))
        assert len(rows) == len({path for path, _ in rows}) == number
        assert all((sample_run / path).is_file() and label in ("positive", "negative") for path, label in rows)
        sharded = [row for shard in docs.glob(f"shards/{split}-*.csv") for row in csv.reader(shard.open())]
        assert sorted(row[:2] for row in sharded) == sorted(rows)


def test_the_records_have_the_features_of_2018(sample_run):
    found = records.read(sorted(sample_run.glob("results/preprocessed/train-*.tfrecord.gz")), sample_run)
    assert found.embeddings.shape == (121, 1152) and found.labels.sum() == 66
    assert all(("Positive" in path) == (label == 0) for path, label in zip(found.paths, found.labels, strict=True))


def test_predictions_and_metrics_agree(sample_run):
    table = pd.read_csv(sample_run / "results/evaluation/predictions.csv")
    assert list(table.columns) == ["path", "label", "p_positive", "predicted"] and len(table) == 32
    metrics = json.loads((sample_run / "results/evaluation/metrics.json").read_text())
    accuracy = metrics["accuracy"]
    assert accuracy["value"] == np.mean(table.label == table.predicted)
    assert accuracy["low"] <= accuracy["value"] <= accuracy["high"]
    assert np.sum(metrics["confusion"]) == 32
    schema = yaml.safe_load((ROOT / "workflow/schemas/metrics.schema.yaml").read_text())
    Draft202012Validator(schema).validate(metrics)
    Draft202012Validator(schema).validate(metrics["free_of_leaks"])


def test_the_model_learned_something_and_is_not_perfect(sample_run):
    """The samples are hard enough that a model which is always right has seen the answers."""
    metrics = json.loads((sample_run / "results/evaluation/metrics.json").read_text())
    assert 0.75 <= metrics["accuracy"]["value"] < 1


def test_figures_are_drawn(sample_run):
    for name in ("confusion_matrix", "roc", "precision_recall"):
        assert "<svg" in (sample_run / f"results/evaluation/figures/{name}.svg").read_text()


def test_the_exported_model_scores_as_the_evaluation_did(sample_run, monkeypatch):
    monkeypatch.chdir(sample_run)
    table = predictions.read("results/evaluation/predictions.csv")
    expected = [(Path(path).read_bytes(), p) for path, p in zip(table.path, table.p_positive, strict=True)]
    contract.verify("results/model", expected)
    assert (sample_run / "results/model/dict.txt").read_text() == "positive\nnegative\n"
    card = (sample_run / "results/model/model_card.md").read_text()
    assert "Apache-2.0" in card and "efficientnet_lite0" in card and "final_ops/softmax:0" in card


def test_the_model_card_says_how_many_visits_an_audit_found(sample_run):
    files = [sample_run / "results" / name for name in ("backbone/backbone.json", "evaluation/metrics.json")]
    facts, metrics = (json.loads(path.read_text()) for path in files)
    ends = {"value": 3.0, "low": 1.0, "high": 6.0}
    share = {"value": 0.95, "low": 0.9, "high": 0.98}
    audit = {"films": 40, "hours": 2.5, "threshold": 0.3, "looks": 120, "share": share, "last_look": "2026-05-17T06:29:44+00:00"}
    audit |= {"below": ends, "unmoved": ends, "false_per_hour": ends, "films_in_training": 2, "not_in_training": {"share": share}}
    card = model_card.text(facts, head.load(str(sample_run / "results/head/head.npz")), metrics, audit, "ours")
    assert "in 40 films (2.5 hours), it finds **95\u00a0% (90 to 98\u00a0%)** at a threshold of\n0.3." in card and "on 2026-05-17." in card
    assert "How many visits" not in (sample_run / "results/model/model_card.md").read_text()


def test_tensorboard_sees_loss_and_accuracy_of_both_sets(sample_run):
    for name in (f"fold{fold}/{part}" for fold in range(1, 6) for part in ("train", "eval")):
        events = EventAccumulator(str(sample_run / "results/tensorboard" / name)).Reload()
        assert {"loss", "accuracy"} <= set(events.Tags()["tensors"])
        assert len(events.Tensors("loss")) >= 2


def test_tensorboard_sees_the_settings_and_the_precision_recall_curve(sample_run):
    events = EventAccumulator(str(sample_run / "results/tensorboard/out_of_fold")).Reload()
    plugins = {tag: events.SummaryMetadata(tag).plugin_data.plugin_name for tag in events.Tags()["tensors"]}
    assert plugins["precision_recall/pr_curves"] == "pr_curves"
    assert "hparams" in plugins.values()


def test_the_training_lines_are_in_the_log_and_on_the_terminal(sample_run):
    line = "steps/s  train loss"
    assert line in (sample_run / "results/logs/train.log").read_text()
    assert line in (sample_run / "sample_run.log").read_text()


def test_a_second_run_has_nothing_to_do(sample_run):
    run = snakemake(sample_run)
    assert run.status == 0 and run.jobs == [] and "Nothing to be done" in run.text


def test_every_rule_left_a_log_and_a_benchmark(sample_run):
    for name in ("create_docs", "freeze_backbone", "train", "evaluate", "export"):
        assert (sample_run / f"results/logs/{name}.log").is_file()
        assert (sample_run / f"results/benchmarks/{name}.tsv").is_file()


def test_preprocess_by_hand_as_in_2018(tmp_path):
    paths = sorted((SAMPLES / "Testing/Positive").glob("*.jpg"))[:3]
    (tmp_path / "one.csv").write_text("".join(f"{path},positive\n" for path in paths))
    (tmp_path / "dict.txt").write_text("positive\nnegative\n")
    done = run_program(
        "preprocess.py", "--input_path", "one.csv", "--input_dict", "dict.txt", "--output_path", "out/train",
        folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert records.read([tmp_path / "out/train-00000-of-00001.tfrecord.gz"], tmp_path).paths == sorted(map(str, paths))


# Runs preprocess.py on a first list and then on a second one, and prints the seconds of processor time and of the clock that the second
# run took. Both clocks are those of one process: a busy machine can only slow down the work, not raise the one above the other.
_SECOND_RUN = """
import runpy, sys, time
program, first, second, *options = sys.argv[1:]
for path in (first, second):
    sys.argv = [program, "--input_path", path, "--output_path", path + ".out", *options]
    cpu, wall = time.process_time(), time.perf_counter()
    runpy.run_path(program, run_name="__main__")
print(time.process_time() - cpu, time.perf_counter() - wall)
"""


@pytest.mark.parametrize("threads", [1, 2])
def test_tensorflow_stays_within_its_threads(sample_run, tmp_path, threads):
    """Embedding uses no more processor seconds in a second than it may use threads."""
    write_list(tmp_path / "many.csv", 2)
    (tmp_path / "one.csv").write_text((tmp_path / "many.csv").read_text().splitlines(keepends=True)[0])
    command = [
        sys.executable, "-c", _SECOND_RUN, SCRIPTS / "preprocess.py", tmp_path / "one.csv", tmp_path / "many.csv", "--input_dict",
        sample_run / "results/docs/dict.txt", "--threads", str(threads), "--backbone", sample_run / "results/backbone/backbone.pb",
    ]  # fmt: skip
    done = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(SCRIPTS)}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    cpu, wall = map(float, done.stdout.split())
    assert cpu > 0.5  # Embedding was measured.
    assert cpu <= wall * (threads + 0.35)


@pytest.mark.parametrize("program", ["preprocess.py", "find_motion.py"])
def test_help_is_there_for_work_by_hand(program):
    assert "usage:" in run_program(program, "--help").stdout
