"""Five-minute sums and counts of good readings, a matrix a channel and day, kept exact as rows arrive.

Begun with a day's first row, or read from the store when a day is asked for; added to by every append from
then on, late rows too; dropped, longest unused first, when they outgrow their memory. They are never
stored: what is on disk are readings.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

import duckdb
import numpy as np
from numpy.typing import NDArray

from lionrock.core.readings.days import Days
from lionrock.core.readings.layout import DAY_US
from lionrock.core.vocabulary import Quality

SLOT_US = 300_000_000
SLOTS = DAY_US // SLOT_US


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
        found = self._days.ask(
            connection,
            range(day, day + 1),
            "SELECT (at_us - $start) // $slot AS slot, series, sum(value) AS total, count(*) AS count FROM rows"
            " WHERE channel = $channel AND quality = $good GROUP BY ALL",
            {"start": day * DAY_US, "slot": SLOT_US, "channel": channel, "good": Quality.GOOD.value},
        ).fetchnumpy()
        sums = DaySums()
        if len(found["slot"]):
            sums.reach(int(found["series"].max()) + 1)
            sums.total[found["slot"], found["series"]] = found["total"]
            sums.count[found["slot"], found["series"]] = found["count"]
        self._keep(channel, day, sums)

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
