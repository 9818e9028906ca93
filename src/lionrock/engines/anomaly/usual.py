"""What each station usually does at each time of a working day, and of a day off: medians and spreads of past days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import Flags, Floats, Numbers, Stations

DAY = timedelta(days=1)
FREE_PERCENTILE = 90.0
MAD_TO_SIGMA = 1.4826
FEWEST_ALIKE = 3  # days of one kind; with fewer, all days together speak for it
LEAST_SPREAD = 0.04  # of the usual speed: drivers wander by as much within minutes
LEAST_SPREAD_PCT = 1.5  # of occupancy


@dataclass(frozen=True, slots=True)
class Usual:
    """What each station usually does: medians and spreads, (bins of the day, stations), from so many ``days``."""

    speed_kmh: Floats
    speed_spread: Floats
    occupancy_pct: Floats
    occupancy_spread: Floats
    bin: timedelta
    days: int

    @property
    def free_speed_kmh(self) -> Floats:
        """How fast each station is when it is free: its usual day's 90th percentile; NaN where nothing is known."""
        free = np.full(self.speed_kmh.shape[1], np.nan)
        known = ~np.isnan(self.speed_kmh).all(axis=0)
        free[known] = np.nanpercentile(self.speed_kmh[:, known], FREE_PERCENTILE, axis=0)
        return free

    def bins(self, stations: Stations, first: timedelta) -> Numbers:
        """The bin of the day of every period; ``first`` is the first one's time of day."""
        seconds = first.total_seconds() + np.arange(stations.periods) * stations.period.total_seconds()
        found: Numbers = (seconds % DAY.total_seconds() // self.bin.total_seconds()).astype(np.int64)
        return found


@dataclass(frozen=True, slots=True)
class UsualDays:
    """The usual working day and the usual day off: a Sunday's free morning is no measure of a Monday's."""

    working: Usual
    off: Usual

    def of(self, *, off: bool) -> Usual:
        """The usual day of one kind."""
        return self.off if off else self.working


def learn_usual_days(history: Stations, off: Flags, bin_of_day: timedelta = timedelta(minutes=15)) -> UsualDays:
    """The usual days of whole days that stand one after the other in ``history``; ``off[day]`` says of which kind."""
    return usual_days_of(*_by_day(history, len(off), bin_of_day), off, bin_of_day)


def usual_days_of(speed_kmh: Floats, occupancy_pct: Floats, off: Flags, bin_of_day: timedelta) -> UsualDays:
    """The usual days of means (days, bins of the day, stations); a kind that was hardly seen takes after all days."""

    def of(alike: Flags) -> Usual:
        chosen = alike if alike.sum() >= FEWEST_ALIKE else np.ones(len(off), np.bool_)
        return usual_of(speed_kmh[chosen], occupancy_pct[chosen], bin_of_day)

    return UsualDays(working=of(~off), off=of(off))


def _by_day(history: Stations, days: int, bin_of_day: timedelta) -> tuple[Floats, Floats]:
    bins, each = DAY // bin_of_day, history.steps(bin_of_day)
    speed, occupancy = (
        _mean(values.reshape(days * bins, each, -1)).reshape(days, bins, -1)
        for values in (history.speed_kmh, history.occupancy_pct)
    )
    return speed, occupancy


def usual_of(speed_kmh: Floats, occupancy_pct: Floats, bin_of_day: timedelta) -> Usual:
    """The usual day of means (days, bins of the day, stations); NaN where a bin was never measured."""
    speed, speed_spread = _profile(speed_kmh)
    occupancy, occupancy_spread = _profile(occupancy_pct)
    return Usual(
        speed,
        np.maximum(speed_spread, LEAST_SPREAD * speed),
        occupancy,
        np.maximum(occupancy_spread, LEAST_SPREAD_PCT),
        bin_of_day,
        len(speed_kmh),
    )


def _profile(means: Floats) -> tuple[Floats, Floats]:
    """Median and spread of each bin over all days, with the bins beside it: a queue comes now earlier, now later."""
    wide = np.concatenate([np.roll(means, 1, axis=1), means, np.roll(means, -1, axis=1)], axis=0)
    middle = middle_of(wide)
    return middle, MAD_TO_SIGMA * middle_of(np.abs(wide - middle))


def middle_of(values: Floats) -> Floats:
    """The median along the first axis; NaN where nothing was measured, which numpy would warn of.

    Its warnings are switched off for a whole process at a time, and other threads switch them on again.
    """
    middle = np.full(values.shape[1:], np.nan)
    known = ~np.isnan(values).all(axis=0)
    middle[known] = np.nanmedian(values[:, known], axis=0)
    return middle


def _mean(values: Floats) -> Floats:
    counts = (~np.isnan(values)).sum(axis=1)
    means: Floats = np.where(counts > 0, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)
    return means
