"""What a run came to, in a form that two runs can be compared by."""

from pathlib import Path

import numpy as np
from meerkat.data import records
from meerkat.train import head


def outcome(folder: Path) -> dict:
    """Lists, embeddings, head, predictions, metrics and model of the results in `folder`."""
    results = folder / "results"
    found = {
        str(path.relative_to(results)): path.read_bytes()
        for path in [*results.glob("docs/*.csv"), *results.glob("docs/*.txt"), *results.glob("evaluation/**/*.*")]
    }
    for split in ("train", "eval"):
        data = records.read(sorted((results / "preprocessed").glob(f"{split}-*.tfrecord.gz")), results)
        found[split] = (data.paths, data.digests.tolist(), data.labels.tobytes(), data.embeddings[:].tobytes(), data.fingerprints)
    trained = head.load(results / "head/head.npz")
    found["head"] = [np.asarray(array).tobytes() for array in (trained.hidden_kernel, trained.hidden_bias, trained.output_kernel)]
    found["facts"] = trained.facts
    found["model"] = (results / "model/saved_model.pb").read_bytes()
    found["half-written"] = sorted(path.name for path in results.rglob(".tmp-*") if "state" not in path.parts)
    return found


def assert_same(one: dict, other: dict) -> None:
    """Fail with the names of what differs."""
    assert sorted(one) == sorted(other)
    assert [name for name in one if one[name] != other[name]] == []
