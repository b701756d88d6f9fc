"""TensorFlow, imported without its start-up notes: `from .quiet_tensorflow import tf`.

TensorFlow writes notes to the standard error before its own log level takes effect; they would bury the messages
that are meant for users. They are shown after all when the import fails.
"""

import os
import sys
import tempfile


def _import_quietly():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        try:
            import tensorflow

            tensorflow.config.get_visible_devices()  # The search for devices is what the last notes are about.
        except BaseException:
            notes.seek(0)
            os.write(terminal, notes.read())
            raise
        finally:
            os.dup2(terminal, 2)
            os.close(terminal)
    return tensorflow


tf = _import_quietly()
