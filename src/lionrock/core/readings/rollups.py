"""Five-minute sums and counts of good readings, a matrix a channel and day, kept exact as rows arrive.

Begun with a day's first row, or read from the store when a day is asked for; added to by every append from
then on, late rows too; dropped, longest unused first, when they outgrow their memory. Sealing leaves a day's
sums beside its file, so that they need not be added up again; what counts are the readings.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import duckdb
import numpy as np
from numpy.typing import NDArray

from lionrock.core.readings.days import Days
from lionrock.core.readings.layout import DAY_US
from lionrock.core.readings.numbered import IS_GOOD

SLOT_US = 300_000_000
SLOTS = DAY_US // SLOT_US
# UTC days begin where the count of microseconds is a multiple of a day, so a slot's number needs no day.
SUMS_OF_ROWS = f"""
    SELECT channel, (at_us % {DAY_US}) // {SLOT_US} AS slot, series, sum(value) AS total, count(*) AS count
    FROM rows WHERE {IS_GOOD} GROUP BY ALL
"""  # noqa: S608 -- numbers of this house alone


class DaySums:
    """One channel and day: ``total`` (float64) and ``count`` (uint32), both [288 slots, series]."""

    def __init__(self) -> None:
        self.total = np.zeros((SLOTS, 0))
        self.count = np.zeros((SLOTS, 0), np.uint32)

    def reach(self, series: int) -> None:
        """Make room for ``series`` columns."""
        more = series - self.total.shape[1]
        if more > 0:
            self.total = np.pad(self.total, ((0, 0), (0, more)))
            self.count = np.pad(self.count, ((0, 0), (0, more)))

    def bytes(self) -> int:
        """Memory held."""
        return self.total.nbytes + self.count.nbytes


class Rollups:
    """The days' sums that are in memory, up to ``limit_bytes`` (one day is kept whatever its size)."""

    def __init__(self, days: Days, limit_bytes: int) -> None:
        self._days, self._limit = days, limit_bytes
        self._sums: OrderedDict[tuple[int, int], DaySums] = OrderedDict()
        self._lock = threading.Lock()

    def add(
        self, channel: int, day: int, series: NDArray[np.int64], at_us: NDArray[np.int64], value: NDArray[np.float64]
    ) -> None:
        """Add stored good readings to their sums, where the day is in memory."""
        with self._lock:
            sums = self._sums.get((channel, day))
            if sums is None or not len(series):
                return
            sums.reach(int(series.max()) + 1)
            slot = (at_us - day * DAY_US) // SLOT_US
            np.add.at(sums.total, (slot, series), value)
            np.add.at(sums.count, (slot, series), np.uint32(1))

    def copy(
        self, channel: int, day: int, slots: slice, series: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.uint32]] | None:
        """Totals and counts [slots, series] (series -1 has none), or None when the day is not in memory."""
        with self._lock:
            sums = self._sums.get((channel, day))
            if sums is None:
                return None
            self._sums.move_to_end((channel, day))
            known = (series >= 0) & (series < sums.total.shape[1])
            shape = (slots.stop - slots.start, len(series))
            total, count = np.zeros(shape), np.zeros(shape, np.uint32)
            total[:, known] = sums.total[slots, series[known]]
            count[:, known] = sums.count[slots, series[known]]
            return total, count

    def read(self, connection: duckdb.DuckDBPyConnection, channel: int, day: int) -> None:
        """Read a day from the store into memory. The caller holds ``writing``: no row may arrive meanwhile."""
        found = connection.execute(self._question(connection, day), {"channel": channel}).fetchnumpy()
        sums = DaySums()
        if len(found["slot"]):
            sums.reach(int(found["series"].max()) + 1)
            at = (found["slot"], found["series"])
            np.add.at(sums.total, at, found["total"])
            np.add.at(sums.count, at, found["count"].astype(np.uint32))
        self._keep(channel, day, sums)

    def _question(self, connection: duckdb.DuckDBPyConnection, day: int) -> str:
        """The SQL of a channel's sums on ``day``: those beside its sealed file, and those of rows that came since."""
        state = self._days.known().get(day)
        stored = None if state is None or state.file is None else self._days.find_sums(state.file)
        added_up = f"SELECT * FROM ({SUMS_OF_ROWS}) WHERE channel = $channel"  # noqa: S608 -- constants of this file
        if state is None or stored is None:
            return self._days.question(connection, range(day, day + 1), added_up)
        since = [self._days.layout.table(day)] if state.open else []
        beside = f"SELECT * FROM read_parquet('{stored}') WHERE channel = $channel"  # noqa: S608 -- quoted there
        return f"{self._days.of_tables(since, added_up)} UNION ALL {beside}"

    def begin(self, channel: int, day: int) -> None:
        """Start the sums of a day that has no rows yet."""
        self._keep(channel, day, DaySums())

    def _keep(self, channel: int, day: int, sums: DaySums) -> None:
        with self._lock:
            self._sums[channel, day] = sums
            self._sums.move_to_end((channel, day))
            while len(self._sums) > 1 and sum(held.bytes() for held in self._sums.values()) > self._limit:
                self._sums.popitem(last=False)

    def clear(self) -> None:
        """Let go of every day."""
        with self._lock:
            self._sums.clear()

    def forget(self, day: int) -> None:
        """Let go of a day."""
        with self._lock:
            for key in [key for key in self._sums if key[1] == day]:
                del self._sums[key]
