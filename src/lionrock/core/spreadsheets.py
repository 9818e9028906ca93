"""Tables as CSV that a spreadsheet opens without doing what a cell says.

A text that begins with one of FORMULA_SIGNS is a formula to a spreadsheet, and may send what stands beside it
elsewhere; texts come from feeds and from people. Such a one gets an apostrophe in front, as OWASP advises
(CSV injection); numbers stay as they are.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BEGINS_A_FORMULA = r"^[=+\-@\t\r]"
UTF8_MARK = "\ufeff".encode()  # a spreadsheet knows by it what the letters are


def csv_text(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> str:
    """A header and a row each, every text inert; None is an empty cell."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([inert(value) for value in row] for row in rows)
    return text.getvalue()


def inert(value: Any) -> Any:
    """The value as a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def inert_columns(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The same for every column of texts of an Arrow batch."""
    return pa.RecordBatch.from_arrays([_inert_column(column) for column in batch.columns], schema=batch.schema)


def _inert_column(column: pa.Array) -> pa.Array:
    if not pa.types.is_string(column.type):
        return column
    begins = pc.match_substring_regex(column, BEGINS_A_FORMULA)
    return (
        pc.if_else(begins, pc.binary_join_element_wise("'", column, ""), column) if pc.any(begins).as_py() else column
    )
