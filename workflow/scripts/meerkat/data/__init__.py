"""What travels between the steps: clips and their labels, shards, records, embeddings, predictions."""
