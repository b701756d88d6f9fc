"""TensorFlow, imported without its start-up notes: `from .quiet_tensorflow import tf`.

TensorFlow writes notes to the standard error before its own log level takes effect. They would bury the messages that are meant for users.
If the import fails, they are shown after all.
"""

import gc
import os
import sys
import tempfile


def _import_quietly():
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # TensorFlow would import Keras 3 at once, which costs 2.5 s and 150 MB; only freeze_backbone.py needs it. This setting says
    # that tf.keras is the old Keras. That is not installed, so TensorFlow imports no Keras. `import keras` still works.
    os.environ.setdefault("TF_USE_LEGACY_KERAS", "1")
    # oneDNN's kernels, which TensorFlow uses by itself only on newer processors. Without AVX-512 they embed four clips in the time of
    # three, and an embedding does not depend on its place in a batch.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    # On a graphics card each job takes only the memory it needs, because several jobs may share the card.
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    # The card computes with full float32 numbers, not with ones shortened to 10 bits (TF32): its embeddings then differ from the
    # processor's by rounding only.
    os.environ.setdefault("NVIDIA_TF32_OVERRIDE", "0")
    sys.stderr.flush()
    terminal = os.dup(2)
    with tempfile.TemporaryFile() as notes:
        os.dup2(notes.fileno(), 2)
        # The import makes half a million objects that stay. To look for garbage among them costs a seventh of the import.
        gc.disable()
        try:
            import tensorflow

            tensorflow.config.get_visible_devices()  # The last notes are about the search for devices.
            tensorflow.get_logger().setLevel("ERROR")  # The contract is one with TensorFlow 1: "deprecated" is no news.
        except BaseException:
            notes.seek(0)
            os.write(terminal, notes.read())
            raise
        finally:
            gc.enable()
            os.dup2(terminal, 2)
            os.close(terminal)
    gc.freeze()  # Later searches pass over them.
    return tensorflow


tf = _import_quietly()


def limit_threads(operations: int) -> None:
    """Let TensorFlow run `operations` operations at a time in this process, each in one thread: the sums in its kernels, and with them
    embeddings and heads, depend on the number of threads.

    Call it before anything else in TensorFlow: the first operation fixes the numbers, whatever later sessions ask for.
    """
    tf.config.threading.set_inter_op_parallelism_threads(operations)
    tf.config.threading.set_intra_op_parallelism_threads(1)


# These cannot be reached from `tf`.
from tensorflow.core.protobuf.saved_model_pb2 import SavedModel  # noqa: E402, F401
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2  # noqa: E402, F401
from tensorflow.python.framework.meta_graph import strip_graph_default_valued_attrs  # noqa: E402, F401
