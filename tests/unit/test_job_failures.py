"""What is said of a job that failed on a cluster."""

from meerkat.job_failures import told


def test_the_programs_own_words_follow_the_clusters_reason(tmp_path):
    log = tmp_path / "create_docs.log"
    log.write_text("12 clips\nERROR: The folder x does not exist.\nWrite the right path.\n")
    text = told("create_docs", "SLURM-job '3' failed.For further error details see the log", [str(log), str(tmp_path / "none.log")])
    assert text.splitlines() == [
        "create_docs failed. SLURM-job '3' failed.",
        f"  log: {log}",
        f"  log: {tmp_path / 'none.log'}",
        "ERROR: The folder x does not exist.",
        "Write the right path.",
    ]


def test_a_refused_job_is_told_without_its_command():
    text = told("train", "SLURM sbatch failed. The error message was 'invalid account'.\n    sbatch call:\n   sbatch --mem 1", [])
    assert "invalid account" in text and "--mem" not in text and "profiles/slurm/config.yaml" in text
