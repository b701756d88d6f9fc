"""Labels as users write them, and the digest of a clip."""

import pytest
from conftest import SAMPLES
from meerkat.data import labels
from meerkat.data.clips import Clip
from meerkat.errors import UserError


@pytest.mark.parametrize("name, number", [("Positive", 0), ("positives", 0), (" NEGATIVE ", 1), ("Negatives", 1), ("unsure", None)])
def test_label_names(name, number):
    assert labels.parse_label(name) == number


def test_dict_in_another_order_is_refused(tmp_path):
    (tmp_path / "dict.txt").write_text("negative\npositive\n")
    with pytest.raises(UserError, match="positive, negative"):
        labels.read_dict(tmp_path / "dict.txt")


def test_digest_of_a_clip(tmp_path):
    path = next((SAMPLES / "Testing/Positive").glob("*.jpg"))
    assert len(Clip(str(path), 0).with_digest().digest) == 64
    with pytest.raises(UserError, match=r"gone\.jpg"):
        Clip(str(tmp_path / "gone.jpg"), 0).with_digest()
