"""What is said of a job that failed on a cluster."""

import logging

from meerkat.running.job_failures import FailureTeller, told
from snakemake_interface_logger_plugins.common import LogEvent


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


def _record(event: LogEvent, **facts) -> logging.LogRecord:
    return logging.makeLogRecord({"event": event, **facts})


def test_a_job_is_told_once_alone_or_with_its_group(capsys):
    teller = FailureTeller()
    teller.emit(_record(LogEvent.JOB_ERROR, rule_name="train", rule_msg="SLURM-job '3' failed.", log=["train.log"], indent=False))
    assert capsys.readouterr().err == "train failed. SLURM-job '3' failed.\n  log: train.log\n"
    group = [{"rule_name": "export", "log": ["export.log"]}, {"rule_name": "evaluate", "log": []}]
    teller.emit(_record(LogEvent.GROUP_ERROR, job_error_info=group, aux_logs=["slurm.log"]))
    teller.emit(_record(LogEvent.JOB_ERROR, rule_name="export", rule_msg=None, log=["export.log"], indent=True))
    assert capsys.readouterr().err == "One of evaluate, export failed.\n  log: slurm.log\n  log: export.log\n"
    teller.emit(_record(LogEvent.JOB_FINISHED, job_id=1))
    assert not capsys.readouterr().err
