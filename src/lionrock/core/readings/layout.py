"""How rows lie in the store: one DuckDB table a book and UTC day, one Parquet file once the day is sealed.

Days are UTC days: the store knows no city, a UTC day always has 24 hours, and five-minute sums
never straddle two of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from lionrock.core.vocabulary import microseconds

DAY_US = 86_400_000_000
NEVER_US = int(np.iinfo(np.int64).min)
FIRST_DAY = date(1970, 1, 1).toordinal()
CLOCKS_DIFFER = timedelta(minutes=15)  # by so much at most, where nothing is wrong: ours and the publishers'


@dataclass(frozen=True, slots=True)
class Layout:
    """A book's columns (name, DuckDB type), those that make a row's key, and the one that says its day."""

    book: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    moment: str

    def table(self, day: int) -> str:
        """The DuckDB table of a day, counted from 1970."""
        return f"{self.book}_{day_date(day):%Y%m%d}"

    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(name for name, _ in self.columns)

    def definition(self) -> str:
        """The columns as CREATE TABLE wants them."""
        return ", ".join(f"{name} {kind}" for name, kind in self.columns)


READINGS = Layout(
    book="readings",
    columns=(
        ("channel", "USMALLINT"),
        ("series", "UINTEGER"),
        ("at_us", "BIGINT"),
        ("value", "DOUBLE"),
        ("quality", "USMALLINT"),
    ),
    key=("channel", "series", "at_us"),
    moment="at_us",
)
FORECASTS = Layout(
    book="forecasts",
    columns=(
        ("channel", "USMALLINT"),
        ("series", "UINTEGER"),
        ("issued_us", "BIGINT"),
        ("horizon_us", "BIGINT"),
        ("low", "DOUBLE"),
        ("middle", "DOUBLE"),
        ("high", "DOUBLE"),
        ("model", "USMALLINT"),
    ),
    key=("channel", "series", "issued_us", "horizon_us"),
    moment="issued_us",
)


def day_date(day: int) -> date:
    """The calendar date of a day counted from 1970."""
    return date.fromordinal(FIRST_DAY + day)


def day_of(moment: datetime) -> int:
    """The UTC day that holds ``moment``, counted from 1970."""
    return microseconds(moment) // DAY_US


def days_between(start_us: int, end_us: int) -> range:
    """The days that [start, end) touches."""
    return range(start_us // DAY_US, (end_us - 1) // DAY_US + 1)


def present_us(clock_now: Callable[[], datetime]) -> int:
    """The last moment that is not the future; what lies after it is newest only where there is nothing else."""
    return microseconds(clock_now() + CLOCKS_DIFFER)
