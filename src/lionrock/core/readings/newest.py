"""The newest reading of every sensor of a channel, in memory."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lionrock.core.readings.answers import Latest
from lionrock.core.readings.layout import NEVER_US
from lionrock.core.readings.numbered import Rows, are_good
from lionrock.core.vocabulary import Quality


class Newest:
    """One channel's newest readings; arrays by series number, with room to grow.

    What lies in the future (a publisher's clock is wrong, or this machine's was and has been set back)
    is held only until something comes that does not.
    """

    def __init__(self) -> None:
        self._at_us = np.empty(0, np.int64)
        self._value = np.empty(0, np.float64)
        self._quality = np.empty(0, np.uint16)
        self._good_at_us = np.empty(0, np.int64)
        self._good_value = np.empty(0, np.float64)

    def _reach(self, count: int) -> None:
        room = max(count, 2 * len(self._at_us))
        more = room - len(self._at_us)
        self._at_us = np.append(self._at_us, np.full(more, NEVER_US))
        self._value = np.append(self._value, np.full(more, np.nan))
        self._quality = np.append(self._quality, np.full(more, Quality.MISSING, np.uint16))
        self._good_at_us = np.append(self._good_at_us, np.full(more, NEVER_US))
        self._good_value = np.append(self._good_value, np.full(more, np.nan))

    def take(self, rows: Rows, present_us: int) -> None:
        """Take over what is newer than what is held; rows of this channel, sorted by series, then moment.

        What lies after ``present_us`` lies in the future.
        """
        present = rows.at_us <= present_us
        for some in (rows,) if present.all() else (rows.take(present), rows.take(~present)):
            self._take(some, present_us)

    def _take(self, rows: Rows, present_us: int) -> None:
        if len(rows) and rows.series[-1] >= len(self._at_us):
            self._reach(int(rows.series[-1]) + 1)
        newest = rows.take(last_of_each(rows.series))
        newest = newest.take(supersedes(newest.at_us, self._at_us[newest.series], present_us))
        self._at_us[newest.series] = newest.at_us
        self._value[newest.series] = newest.value
        self._quality[newest.series] = newest.quality
        good = rows.take(are_good(rows.quality))
        good = good.take(last_of_each(good.series))
        good = good.take(supersedes(good.at_us, self._good_at_us[good.series], present_us))
        self._good_at_us[good.series] = good.at_us
        self._good_value[good.series] = good.value

    def forget(self, before_us: int) -> None:
        """Let go of what is older than ``before_us``."""
        old = self._at_us < before_us
        self._at_us[old], self._value[old], self._quality[old] = NEVER_US, np.nan, Quality.MISSING
        old = self._good_at_us < before_us
        self._good_at_us[old], self._good_value[old] = NEVER_US, np.nan

    def heard(self) -> NDArray[np.int64]:
        """The series that have a reading."""
        return np.flatnonzero(self._at_us != NEVER_US)

    def answer(self, sensors: tuple[str, ...], series: NDArray[np.int64]) -> Latest:
        """The newest readings of ``series``, which are named ``sensors``, as they stand now."""
        if len(series) and series.max() >= len(self._at_us):
            self._reach(int(series.max()) + 1)
        return Latest(
            sensors=sensors,
            at_us=self._at_us[series],
            value=self._value[series],
            quality=self._quality[series],
            good_at_us=self._good_at_us[series],
            good_value=self._good_value[series],
        )


def supersedes(at_us: NDArray[np.int64], held_us: NDArray[np.int64], present_us: int) -> NDArray[np.bool_]:
    """Whether each moment is newer than the one held: the present before the future, then the later one."""
    ahead, held_ahead = at_us > present_us, held_us > present_us
    never_held = held_us == NEVER_US
    newer: NDArray[np.bool_] = np.where(ahead == held_ahead, at_us > held_us, held_ahead | never_held)
    return newer


def last_of_each(series: NDArray[np.int64]) -> NDArray[np.int64]:
    """The positions of the last row of each series, where rows are sorted by series."""
    return np.flatnonzero(np.append(series[1:] != series[:-1], True)) if len(series) else np.empty(0, np.int64)
