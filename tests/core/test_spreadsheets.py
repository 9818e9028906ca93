"""A table that a spreadsheet opens does nothing but show."""

from __future__ import annotations

import csv
import io

import pyarrow as pa
import pytest

from lionrock.core.spreadsheets import csv_text, inert_columns

TEXTS = ("=1+1", "+852 2345", "-", "@SUM(A1)", "\tx", "\r=x", "plain", "a=b", "", "路")
SHOWN = ("'=1+1", "'+852 2345", "'-", "'@SUM(A1)", "'\tx", "'\r=x", "plain", "a=b", "", "路")


def test_a_text_that_would_be_a_formula_is_shown_and_a_number_stays_one() -> None:
    table = csv_text(("a", "b", "c"), ((text, -1.5, None) for text in TEXTS))
    rows = list(csv.reader(io.StringIO(table, newline="")))
    assert rows == [["a", "b", "c"], *([shown, "-1.5", ""] for shown in SHOWN)]


@pytest.mark.parametrize("none", [None, ""])
def test_the_columns_of_a_batch_are_made_so_too(none: str | None) -> None:
    batch = pa.record_batch({"text": pa.array([*TEXTS, none]), "value": pa.array([-1.0] * (len(TEXTS) + 1))})
    told = inert_columns(batch)
    assert told.schema == batch.schema
    assert told.column(0).to_pylist() == [*SHOWN, none]
    assert told.column(1).to_pylist() == [-1.0] * (len(TEXTS) + 1)
