"""From backbone and head to a model that keeps the contract with DeepMeerkat."""
