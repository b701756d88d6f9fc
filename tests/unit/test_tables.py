"""Tables come back as they were, whatever the fields hold."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meerkat import tables
from meerkat.errors import UserError

# What a file name may hold: anything but NUL and a slash, bytes that are no UTF-8 among it.
names = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)) | st.sampled_from("\udc80\udcff"), max_size=12)


@given(st.lists(st.tuples(names, st.floats(width=32), st.integers(-(10**9), 10**9), st.booleans()), min_size=1, max_size=8))
def test_a_frame_comes_back(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "table.csv"
    frame = pd.DataFrame(rows, columns=["path", "score", "number", "is"]).astype({"score": np.float32})
    tables.write_frame(frame, path)
    again = tables.read_frame(path, "a program", score=np.float32, number=int, **{"is": bool})
    assert again["path"].tolist() == frame["path"].tolist()
    assert np.array_equal(again["score"], frame["score"], equal_nan=True)
    assert again["number"].tolist() == frame["number"].tolist() and again["is"].tolist() == frame["is"].tolist()


@given(st.lists(st.lists(names, min_size=2, max_size=2), min_size=1, max_size=6))
def test_rows_come_back(tmp_path_factory, rows):
    path = tmp_path_factory.getbasetemp() / "rows.csv"
    path.write_bytes(tables.csv_text(rows).encode(errors="surrogateescape"))
    assert tables.read_rows(path) == rows


@pytest.mark.parametrize("read", [tables.read, tables.read_frame])
def test_a_table_that_is_missing_says_what_makes_it(tmp_path, read):
    with pytest.raises(UserError, match=r"Run again: evaluate\.py makes it"):
        read(tmp_path / "gone.csv", "evaluate.py")


@pytest.mark.parametrize("read", [tables.read, lambda path, made_by: tables.read_frame(path, made_by, score=float)])
@pytest.mark.parametrize("text", ["", "path,score\na,0.5\nb", 'path,score\na,0.5\n"b,0', "path,score\na,0.5"])
def test_a_table_that_is_cut_is_named_with_what_makes_it_anew(tmp_path, read, text):
    (tmp_path / "predictions.csv").write_text(text)
    with pytest.raises(UserError, match=r"predictions\.csv is damaged .*Delete it and run again: evaluate\.py makes it again"):
        read(tmp_path / "predictions.csv", "evaluate.py")


def test_another_table_is_refused(tmp_path):
    (tmp_path / "dict.txt").write_text("positive\nnegative\n")
    with pytest.raises(UserError, match=r"has no column score: it is not the table that evaluate\.py makes"):
        tables.read_frame(tmp_path / "dict.txt", "evaluate.py", score=float)
