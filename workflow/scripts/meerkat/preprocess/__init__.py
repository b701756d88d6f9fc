"""From clips to embeddings: the backbones, and a store of all finished embeddings."""
