"""Which rows are certainly new: those outside what their series already spans on their day.

The store's answer to "have I this row?" for twenty million rows, in 16 bytes a series and day. A
row before the first or after the last of its series and day is new without asking; only the others
(repeats and gaps filled late) are looked up. Live feeds and back-fills both pass without a look-up,
because each day has its own spans.
"""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

from lionrock.core.readings.days import Days

DAYS_IN_MEMORY = 64
EMPTY_FIRST, EMPTY_LAST = int(np.iinfo(np.int64).max), int(np.iinfo(np.int64).min)
NOTHING = np.empty(0, np.int64), np.empty(0, np.int64)


class Spans:
    """First and last moment of every series, by day and channel; read from the store when a day is first touched."""

    def __init__(self, days: Days) -> None:
        self._days = days
        self._spans: dict[int, dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]] = {}

    def within(
        self,
        connection: duckdb.DuckDBPyConnection,
        day: int,
        channel: int,
        series: NDArray[np.int64],
        at_us: NDArray[np.int64],
    ) -> NDArray[np.bool_]:
        """Whether each row lies within its series' span, and so may be there already."""
        first, last = self._span(connection, day, channel, int(series.max()) + 1)
        found: NDArray[np.bool_] = (at_us >= first[series]) & (at_us <= last[series])
        return found

    def widen(
        self,
        connection: duckdb.DuckDBPyConnection,
        day: int,
        channel: int,
        series: NDArray[np.int64],
        at_us: NDArray[np.int64],
    ) -> None:
        """Take stored rows into their series' spans."""
        first, last = self._span(connection, day, channel, int(series.max()) + 1)
        np.minimum.at(first, series, at_us)
        np.maximum.at(last, series, at_us)

    def empty(self, day: int, channel: int) -> bool:
        """Whether a day that :meth:`within` was asked of has no rows of a channel yet."""
        _, last = self._spans.get(day, {}).get(channel, NOTHING)
        return day in self._spans and bool((last == EMPTY_LAST).all())

    def forget(self, day: int) -> None:
        """Let go of a day."""
        self._spans.pop(day, None)

    def clear(self) -> None:
        """Let go of every day."""
        self._spans.clear()

    def _span(
        self, connection: duckdb.DuckDBPyConnection, day: int, channel: int, count: int
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if day not in self._spans:
            while len(self._spans) >= DAYS_IN_MEMORY:
                self._spans.pop(next(iter(self._spans)))
            self._spans[day] = self._read(connection, day)
        first, last = self._spans[day].get(channel, NOTHING)
        if count > len(first):
            more = max(count, 2 * len(first)) - len(first)
            first, last = np.append(first, np.full(more, EMPTY_FIRST)), np.append(last, np.full(more, EMPTY_LAST))
            self._spans[day][channel] = first, last
        return first, last

    def _read(
        self, connection: duckdb.DuckDBPyConnection, day: int
    ) -> dict[int, tuple[NDArray[np.int64], NDArray[np.int64]]]:
        found = self._days.ask(
            connection,
            range(day, day + 1),
            "SELECT channel, series, min(at_us) AS first, max(at_us) AS last FROM rows GROUP BY ALL",
        ).fetchnumpy()
        spans = {}
        for channel in np.unique(found["channel"]).tolist():
            here = found["channel"] == channel
            series = found["series"][here].astype(np.int64)
            first = np.full(int(series.max()) + 1, EMPTY_FIRST)
            last = np.full(int(series.max()) + 1, EMPTY_LAST)
            first[series], last[series] = found["first"][here], found["last"][here]
            spans[channel] = first, last
        return spans
