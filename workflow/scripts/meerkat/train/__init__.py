"""From embeddings to a head: what each clip counts, folds, training, cross-fitting, calibration, logs for TensorBoard."""
