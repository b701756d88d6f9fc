"""What the samples give stays what it was: an upgrade of a package cannot shift results unnoticed."""

import csv
import json
import runpy

import numpy as np
import pytest
from conftest import ROOT
from meerkat.preprocess.backbones import LITE

GOLDEN = ROOT / "tests/golden"
RENEW = runpy.run_path(str(GOLDEN / "renew.py"))


@pytest.mark.parametrize("name", LITE)
def test_embeddings_are_the_golden_ones(name):
    golden = json.loads((GOLDEN / f"{name}.json").read_text())
    found = RENEW["embeddings"](name)
    assert list(found) == list(golden)
    for clip, numbers in golden.items():
        # Other processors round otherwise; another decoder, resize or network would differ by a hundred times more.
        np.testing.assert_allclose(found[clip], numbers, atol=2e-3, rtol=2e-3)


def test_boxes_of_the_sample_video_are_the_golden_ones():
    with (GOLDEN / "meadow_boxes.csv").open(newline="") as file:
        golden = [[int(value) for value in row] for row in list(csv.reader(file))[1:]]
    found = RENEW["boxes"]()
    frames = {box[0] for box in golden}
    assert len(frames) > 100 and abs(len(found) - len(golden)) <= 0.02 * len(golden)
    # Nine in ten boxes to the pixel or two; a rounding may tip a pixel of a mask.
    near = [any(np.abs(np.subtract(box, other)).max() <= 2 for other in found if other[0] == box[0]) for box in golden]
    assert np.mean(near) >= 0.9
