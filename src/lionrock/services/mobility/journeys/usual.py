"""The usual day of every road: its speed at each half hour of the weekdays and rest days that were measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.city.holidays import SATURDAY, is_day_off, list_holidays
from lionrock.city.place import ZONE
from lionrock.commons.spatial.roads import Floats, Ints
from lionrock.services.mobility.journeys.reads import SEGMENT_SPEEDS, SPEED_KMH

SLOT = timedelta(minutes=30)
SLOTS = timedelta(days=1) // SLOT
DAY_S = 86_400
LOOKS_BACK_DAYS = 14
QUANTILES = (0.1, 0.5, 0.9)
ENOUGH_DAYS = 2  # of the same class; with fewer, all days together speak
WHOLE_DAY = 0.75  # of a day's half hours were measured: it counts as a day seen


@dataclass(frozen=True, slots=True, eq=False)
class UsualDays:
    """``speed_kmh[class, slot, quantile, road]``: classes are weekdays and rest days; NaN where nothing is usual yet.

    ``days`` is how many whole days were seen, ``holidays`` are days since 1970 that are rest days too.
    """

    roads: tuple[str, ...]
    speed_kmh: NDArray[np.float64]
    days: int
    holidays: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def at(self, moments_s: Floats) -> Floats:
        """Quantiles ``[moment, quantile, road]`` at moments in seconds since 1970, in straight lines between slots."""
        local = moments_s + _offset_s(moments_s)
        slot = local / SLOT.total_seconds() - 0.5  # a slot speaks of its middle
        first = np.floor(slot).astype(np.int64)
        share = (slot - first)[:, None, None]
        return self._slots(first) * (1 - share) + self._slots(first + 1) * share

    def _slots(self, slots: Ints) -> Floats:
        days = slots // SLOTS
        weekdays = (days + 3) % 7  # 1970 began on a Thursday
        rest = ((weekdays >= SATURDAY) | np.isin(days, self.holidays)).astype(int)
        found: Floats = self.speed_kmh[rest, slots % SLOTS]
        return found


def usual_days(city: City, now: datetime) -> UsualDays:
    """What the last two weeks before today make usual; no roads while nothing was measured."""
    today = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    start = today - timedelta(days=LOOKS_BACK_DAYS)
    seen = city.aggregate(city.dataset(SEGMENT_SPEEDS), SPEED_KMH, start, today, SLOT)
    grid = seen.mean.reshape(LOOKS_BACK_DAYS, SLOTS, -1)
    heard = (~np.isnan(grid)).any(axis=2).mean(axis=1) >= WHOLE_DAY if grid.size else np.zeros(LOOKS_BACK_DAYS, bool)
    holidays = list_holidays(city)
    past = [(start + timedelta(days=day)).date() for day in range(LOOKS_BACK_DAYS)]
    rest = np.array([is_day_off(holidays, day) for day in past])
    everything, _ = _quantiles(grid)
    table = np.empty((2, *everything.shape))
    for resting in (False, True):
        own, count = _quantiles(grid[rest == resting])
        table[int(resting)] = np.where((count >= ENOUGH_DAYS)[:, None, :], own, everything)
    numbers = np.array([(day - date(1970, 1, 1)).days for day in holidays], np.int64)
    return UsualDays(seen.sensors, table, int(heard.sum()), numbers)


def _offset_s(moments_s: Floats) -> float:
    """What the city's clocks are ahead of UTC."""
    offset = datetime.fromtimestamp(float(moments_s[0]), ZONE).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def _quantiles(grid: Floats) -> tuple[Floats, Ints]:
    """Quantiles ``[slot, quantile, road]`` over the days (first axis) past NaN, and how many days had a value."""
    ordered = np.sort(grid, axis=0)  # NaN sort last
    count = (~np.isnan(grid)).sum(axis=0)
    last = np.maximum(count - 1, 0)
    found = np.full((grid.shape[1], len(QUANTILES), grid.shape[2]), np.nan)
    for place, quantile in enumerate(QUANTILES):
        rank = last * quantile
        low = np.floor(rank).astype(np.int64)
        share = rank - low
        below = np.take_along_axis(ordered, low[None], axis=0)[0]
        above = np.take_along_axis(ordered, np.minimum(low + 1, last)[None], axis=0)[0]
        found[:, place] = np.where(count > 0, below + (above - below) * share, np.nan)
    return found, count
