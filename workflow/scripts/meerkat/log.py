"""Everything that programs say while they work, on the standard error: `from meerkat.log import log`.

The environment variable MEERKAT_LOG is the least important level that is shown: WARNING leaves only warnings and errors, DEBUG also shows
where in the code an error was raised. Snakemake's options `--quiet all` and `--verbose` set it (workflow/rules/common.smk).
"""

import logging
import os
import sys

_VARIABLE = "MEERKAT_LOG"
log = logging.getLogger("meerkat")


class _StandardError(logging.StreamHandler):
    """Writes texts as they are to what the standard error is now, not what it was when this module was imported; a warning says that it is
    one."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return f"WARNING: {text}" if record.levelno == logging.WARNING else text

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


if not log.handlers:
    log.setLevel(os.environ.get(_VARIABLE, "INFO"))
    log.propagate = False
    log.addHandler(_StandardError())


def show(level: str) -> None:
    """Show messages from this level on, here and in the programs that this one starts."""
    os.environ[_VARIABLE] = level
    log.setLevel(level)
