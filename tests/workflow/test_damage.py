"""Results that were damaged after they were made: nothing of it goes into other results, the file is named, its step runs again."""

import shutil

from conftest import snakemake


def test_results_that_are_cut_short_are_named_and_made_anew(rerun):
    cut = ["docs/rejected.csv", "evaluation/predictions.csv", "evaluation/metrics.json", "head/out_of_fold.csv", "model/saved_model.pb"]
    whole = {name: (rerun / "results" / name).read_bytes() for name in cut}
    for name, data in whole.items():
        lines = data.splitlines(keepends=True)
        (rerun / "results" / name).write_bytes(b"".join(lines[: len(lines) // 2]))
    assert snakemake(rerun, "--dry-run").status == 0 and not list((rerun / "results").rglob("*.changed"))
    run = snakemake(rerun)
    assert run.status == 0, run.text
    for name, data in whole.items():
        assert f"results/{name} has changed since it was made" in run.text
        assert name.endswith((".json", ".pb")) or (rerun / "results" / name).read_bytes() == data
    assert snakemake(rerun, "--dry-run").jobs == []


def test_records_of_snakemake_that_are_damaged_hide_no_changed_setting(rerun):
    for record in (rerun / ".snakemake/metadata").rglob("*"):
        if record.is_file():
            record.write_bytes(b"")
    run = snakemake(rerun, "--until", "create_docs")
    assert run.status == 0 and "records of" in run.text and run.jobs == ["create_docs"], run.text
    assert {"preprocess", "train", "evaluate"} <= set(snakemake(rerun, "--dry-run").jobs)


def test_a_copy_without_hidden_folders_does_not_hide_that_clips_were_moved(rerun):
    shutil.rmtree(rerun / ".snakemake")
    clip = next((rerun / "clips/Training/Positive").rglob("*.jpg"))
    clip.rename(rerun / "clips/Training/Negative" / clip.name)
    run = snakemake(rerun, "--until", "create_docs")
    assert run.status == 0 and "are gone: perhaps the folder .snakemake was not copied" in run.text and "create_docs" in run.jobs, run.text
    rows = (rerun / "results/docs/trainingdata.csv").read_text().splitlines()
    assert any(clip.name in row and "negative" in row.lower() for row in rows)
    assert {"preprocess", "train", "evaluate"} <= set(snakemake(rerun, "--dry-run").jobs)
