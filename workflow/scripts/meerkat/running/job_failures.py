"""Reports jobs that failed on a cluster in a few lines: which job, why, and the message of the program itself."""

import logging
from collections.abc import Sequence
from pathlib import Path

from snakemake_interface_logger_plugins.common import LogEvent

from ..log import log


class FailureTeller(logging.Handler):
    """A handler for Snakemake's logger. Snakemake's own report of a failure is long, and profiles/default hides it."""

    def emit(self, record: logging.LogRecord) -> None:
        facts = vars(record)
        event = facts.get("event")
        if event == LogEvent.GROUP_ERROR:
            names = sorted(job["rule_name"] for job in facts["job_error_info"])
            logs = [path for job in facts["job_error_info"] for path in job["log"]]
            log.error(told(f"One of {', '.join(names)}", "", [*facts["aux_logs"], *logs]))
        elif event == LogEvent.JOB_ERROR and not facts["indent"]:  # not a job of a group, which was reported already
            log.error(told(facts["rule_name"], facts["rule_msg"] or "", facts["log"]))


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
