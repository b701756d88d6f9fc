"""From clips to embeddings: the backbones, and a store of all that was ever embedded."""
