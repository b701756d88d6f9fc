"""The library of the programs beside this package. Each module is about one thing.

The basic modules (labels, clips, images, sampling, shards, atomic, errors) do not need TensorFlow.
"""

import os

# A clip is a crop of a video frame; an 8K frame has 33 million pixels. More is a mistake or a decompression bomb.
MAX_PIXELS = 50_000_000
# OpenCV reads its limit when it is imported.
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
# We say in plain words what is wrong with a picture; OpenCV's own messages would bury them.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
