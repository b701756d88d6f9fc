"""What the programs beside this package call: each module is about one thing.

The leaves (labels, clips, images, sampling, shards, atomic, errors) know nothing of TensorFlow.
"""
