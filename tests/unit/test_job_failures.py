"""What is said of a job that failed."""

import io
import logging

import pytest
from meerkat.running.job_failures import FailureTeller, report, told
from snakemake.logging import logger
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


def _failure(rule: str, jobid: int, rule_msg: str | None = None, indent: bool = False) -> logging.LogRecord:
    return _record(LogEvent.JOB_ERROR, rule_name=rule, rule_msg=rule_msg, jobid=jobid, log=[f"{rule}.log"], indent=indent)


_THE_END = _record(LogEvent.ERROR, msg="At least one job did not complete successfully.")


def test_a_job_is_told_once_alone_or_with_its_group(capsys):
    teller = FailureTeller(at_once=True)
    teller.emit(_failure("train", jobid=1, rule_msg="SLURM-job '3' failed."))
    assert capsys.readouterr().err == "train failed. SLURM-job '3' failed.\n  log: train.log\n"
    group = [{"rule_name": "export", "log": ["export.log"]}, {"rule_name": "evaluate", "log": []}]
    teller.emit(_record(LogEvent.GROUP_ERROR, job_error_info=group, aux_logs=["slurm.log"]))
    teller.emit(_failure("export", jobid=2, indent=True))
    assert capsys.readouterr().err == "One of evaluate, export failed.\n  log: slurm.log\n  log: export.log\n"
    teller.emit(_record(LogEvent.JOB_FINISHED, job_id=1))
    teller.emit(_THE_END)
    assert not capsys.readouterr().err


def test_what_did_not_succeed_in_the_end_is_told_last(capsys):
    teller = FailureTeller(at_once=False)
    for job in range(1, 6):
        teller.emit(_failure(f"step_{job}", jobid=job))
    teller.emit(_record(LogEvent.JOB_FINISHED, job_id=2))
    assert not capsys.readouterr().err
    teller.emit(_THE_END)
    assert [line for line in capsys.readouterr().err.splitlines() if line and "log:" not in line] == [
        "step_1 failed.",
        "step_3 failed.",
        "step_4 failed.",
        "... and 1 more; see the lines above.",
    ]


@pytest.mark.parametrize(
    "sign",
    [
        logging.makeLogRecord({"msg": "Terminating processes on user request, this might take some time."}),
        _record(LogEvent.ERROR, msg="CalledProcessError: 'x' died with <Signals.SIGINT: 2>."),
        _record(LogEvent.ERROR, msg="CalledProcessError: 'x' returned non-zero exit status 130."),
    ],
)
def test_a_person_who_stops_a_run_reads_of_no_failure(capsys, sign):
    teller = FailureTeller(at_once=False)
    for record in (sign, _failure("train", jobid=1), _THE_END):
        teller.emit(record)
    assert not capsys.readouterr().err


def test_snakemake_keeps_what_only_it_knows():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    before = [*logger.handlers]
    try:
        report(at_once=False)
        for text in (
            "CalledProcessError: 'x' returned non-zero exit status 1.",
            "CalledProcessError: 'x' died with <Signals.SIGINT: 2>.",
            "CalledProcessError: 'x' returned non-zero exit status 130.",
            "CalledProcessError: 'x' died with SIGKILL.",
            _THE_END.msg,
        ):
            logger.error(text, extra={"event": LogEvent.ERROR})
    finally:
        for added in {*logger.handlers} - {*before} | {handler}:
            logger.removeHandler(added)
    assert stream.getvalue() == "CalledProcessError: 'x' died with SIGKILL.\n"
