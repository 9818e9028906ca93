"""What road detectors measured, station by station, and the alarms that methods raise on it.

A station is all lanes of one detector. Arrays are (periods, stations), NaN where nothing was measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

NONE = -1
BRIDGED = timedelta(minutes=10)  # two alarms of one station that lie nearer are one
TOGETHER = timedelta(minutes=10)  # alarms of neighbours that begin or overlap within this are one


@dataclass(frozen=True, slots=True)
class Stations:
    """Occupancy in %, vehicles a lane and period, km/h; ``downstream`` is the next station's column or NONE.

    ``idle_lane`` is how surely one lane carries less than its share, in standard deviations (:mod:`lanes`).
    """

    occupancy_pct: Floats
    volume: Floats
    speed_kmh: Floats
    idle_lane: Floats
    downstream: Numbers
    period: timedelta

    @property
    def periods(self) -> int:
        """How many periods there are."""
        return len(self.speed_kmh)

    def steps(self, span: timedelta) -> int:
        """How many periods ``span`` is, at least one."""
        return max(1, round(span / self.period))


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm: the stations that rang, the first of them, and the periods [begin, end) in which any did."""

    station: int
    stations: tuple[int, ...]
    begin: int
    end: int


def trailing_mean(values: Floats, steps: int) -> Floats:
    """The mean of the last ``steps`` periods at every period, of what was measured; NaN where nothing was."""
    measured = ~np.isnan(values)
    sums = np.cumsum(np.where(measured, values, 0.0), axis=0)
    counts = np.cumsum(measured, axis=0, dtype=np.int64)
    sums[steps:], counts[steps:] = sums[steps:] - sums[:-steps].copy(), counts[steps:] - counts[:-steps].copy()
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Floats = np.where(counts > 0, sums / counts, np.nan)
    return means


def at_downstream(values: Floats, downstream: Numbers) -> Floats:
    """What the next station measured; NaN where there is none."""
    moved: Floats = np.where(downstream == NONE, np.nan, values[:, downstream])
    return moved


def list_alarms(ringing: Flags, stations: Stations) -> list[Alarm]:
    """The alarms that (periods, stations) flags come to: gaps bridged, neighbours that ring together taken as one."""
    spells = [
        Alarm(column, (column,), begin, end)
        for column in np.flatnonzero(ringing.any(axis=0)).tolist()
        for begin, end in _spells(ringing[:, column], stations.steps(BRIDGED))
    ]
    alarms: list[Alarm] = []
    slack = stations.steps(TOGETHER)
    for spell in sorted(spells, key=lambda one: (one.begin, one.station)):
        near = next((index for index, one in enumerate(alarms) if _together(one, spell, stations, slack)), None)
        if near is None:
            alarms.append(spell)
        else:
            one = alarms[near]
            members = tuple(dict.fromkeys((*one.stations, spell.station)))
            alarms[near] = Alarm(one.station, members, one.begin, max(one.end, spell.end))
    return alarms


def _spells(flags: Flags, bridged: int) -> list[tuple[int, int]]:
    on = np.flatnonzero(flags)
    breaks = np.flatnonzero(np.diff(on) > bridged)
    firsts, lasts = on[np.concatenate([[0], breaks + 1])], on[np.concatenate([breaks, [len(on) - 1]])]
    return list(zip(firsts.tolist(), (lasts + 1).tolist(), strict=True))


def _together(one: Alarm, other: Alarm, stations: Stations, slack: int) -> bool:
    if other.begin > one.end + slack:
        return False
    return any(other.station == each or neighbours(other.station, each, stations.downstream) for each in one.stations)


def neighbours(one: int, other: int, downstream: Sequence[int] | Numbers) -> bool:
    """Whether one station is the next of the other, in either direction."""
    return int(downstream[one]) == other or int(downstream[other]) == one
