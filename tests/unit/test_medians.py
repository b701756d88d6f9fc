"""The median of pictures."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from meerkat.video.medians import upper_median


@given(st.integers(1, 40).flatmap(lambda number: arrays(np.uint8, st.just((number, 3, 5)))))
def test_it_is_the_value_in_the_upper_middle(pictures: np.ndarray) -> None:
    before = pictures.copy()
    assert np.array_equal(upper_median(pictures), np.sort(pictures, axis=0)[len(pictures) // 2])
    assert np.array_equal(pictures, before), "the pictures are left as they are"
