"""From embeddings to a head: training, what is held out, calibration, logs for TensorBoard."""
