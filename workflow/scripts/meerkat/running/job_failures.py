"""Reports jobs that failed in a few lines: which job, why, and the message of the program itself.

Snakemake's own report of a failure is long and names commands; profiles/default and this module hide it."""

import logging
from collections.abc import Sequence
from pathlib import Path

from snakemake.logging import logger
from snakemake_interface_logger_plugins.common import LogEvent

from ..log import log

# This many failures of a run are told in full.
_SHOWN = 3


def report(at_once: bool) -> None:
    """Report failed jobs instead of Snakemake, from now on.

    at_once  whether each is reported when it fails, as on a cluster, where nobody has seen what its program said. Otherwise they are
             reported when the run ends: what the program said may then be far above.
    """
    for handler in logger.handlers:
        if not isinstance(handler, logging.FileHandler):  # Snakemake's log stays complete
            handler.addFilter(_says_more)
    logger.addHandler(FailureTeller(at_once))


class FailureTeller(logging.Handler):
    """A handler for Snakemake's logger. `at_once` is as for `report`."""

    def __init__(self, at_once: bool) -> None:
        super().__init__()
        self._at_once = at_once
        self._failed: dict[object, str] = {}
        self._was_stopped = False

    def emit(self, record: logging.LogRecord) -> None:
        facts = vars(record)
        match facts.get("event"):
            case LogEvent.GROUP_ERROR:
                names = sorted(job["rule_name"] for job in facts["job_error_info"])
                logs = [path for job in facts["job_error_info"] for path in job["log"]]
                self._tell(tuple(names), told(f"One of {', '.join(names)}", "", [*facts["aux_logs"], *logs]))
            case LogEvent.JOB_ERROR if not facts["indent"]:  # not a job of a group, which was reported already
                self._tell(facts["jobid"], told(facts["rule_name"], facts["rule_msg"] or "", facts["log"]))
            case LogEvent.JOB_FINISHED:  # at another try
                self._failed.pop(facts["job_id"], None)
            case LogEvent.ERROR | None if _was_stopped(record):
                self._was_stopped = True
            case LogEvent.ERROR if _is_end(record) and self._failed and not self._was_stopped:
                shown = list(self._failed.values())
                more = [f"... and {len(shown) - _SHOWN} more; see the lines above."] if len(shown) > _SHOWN else []
                log.error("\n" + "\n\n".join(shown[:_SHOWN] + more))

    def _tell(self, job: object, text: str) -> None:
        if self._at_once:
            log.error(text)
        else:
            self._failed[job] = text


def _says_more(record: logging.LogRecord) -> bool:
    """Whether a message of Snakemake says more than this module does. Status 1 is that of a program that has said what is wrong."""
    has_said = "CalledProcessError" in record.getMessage() and "returned non-zero exit status 1." in record.getMessage()
    return not (vars(record).get("event") == LogEvent.ERROR and (has_said or _was_stopped(record) or _is_end(record)))


def _was_stopped(record: logging.LogRecord) -> bool:
    """Whether a run or a program of it ended because of Ctrl-C. Bash dies of it, or ends with 128 + SIGINT if it did not wait yet."""
    signs = ("Terminating processes on user request", "Signals.SIGINT", "returned non-zero exit status 130.")
    return any(sign in record.getMessage() for sign in signs)


def _is_end(record: logging.LogRecord) -> bool:
    return "At least one job did not complete" in record.getMessage()


def told(rule: str, reason: str, logs: Sequence[str]) -> str:
    """A failure in words. `reason` is the cluster's; `logs` are paths of the rule's log and of the cluster's."""
    for advice in ("sbatch call:", "For further error details"):  # of Snakemake, to programmers
        reason = reason.partition(advice)[0].strip()
    lines = [f"{rule} failed. {reason}".strip(), *(f"  log: {path}" for path in logs)]
    lines += [words for path in logs if (words := _last_words(Path(path)))]
    if "sbatch failed" in reason:
        lines.append("Write the account and partition that your cluster needs into profiles/slurm/config.yaml, or ask for less there.")
    return "\n".join(lines)


def _last_words(log: Path) -> str:
    """The output of a rule's program from `ERROR:` on; empty if there is no such line."""
    text = "\n" + log.read_text(errors="replace") if log.is_file() and "slurm_logs" not in log.parts else ""
    return text[text.rfind("\nERROR:") :].strip() if "\nERROR:" in text else ""
