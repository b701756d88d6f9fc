"""What the programs beside this package call: each module is about one thing.

The leaves (labels, clips, images, sampling, shards, atomic, errors) know nothing of TensorFlow.
"""

import os

# A clip is a crop of a video frame; an 8K frame has 33 million pixels. More is a mistake or a decompression bomb.
MAX_PIXELS = 50_000_000
# OpenCV reads its limit when it is imported.
os.environ["OPENCV_IO_MAX_IMAGE_PIXELS"] = str(MAX_PIXELS)
# What is wrong with a picture is said in words for the user; OpenCV's own would bury them.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
