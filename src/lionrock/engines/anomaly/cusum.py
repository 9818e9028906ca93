"""Change from the usual: a robust cumulative sum of how much slower and fuller a station is than it usually is.

What a station usually does at this time of day comes from its history (medians and their spread). The
shortfall of speed and the excess of occupancy, in units of that spread and bounded so that one wild
reading counts little, add up over time (Page 1954). A queue that comes from the next station
downstream is not this one's: what that one falls short counts against it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import Flags, Floats, Stations, at_downstream, trailing_mean
from lionrock.engines.anomaly.usual import Usual


@dataclass(frozen=True, slots=True, kw_only=True)
class CusumSettings:
    """``allowance`` a period is forgiven, ``threshold`` rings; ``others`` weighs the next station's shortfall."""

    smooth: timedelta = timedelta(minutes=1)
    allowance: float = 1.5
    threshold: float = 12.0
    bound: float = 5.0
    others: float = 0.7
    occupancy: float = 0.3


def shortfall(stations: Stations, usual: Usual, first: timedelta, settings: CusumSettings) -> Floats:
    """How far each station is from its usual day, in spreads; ``first`` is the first period's time of day."""
    steps = stations.steps(settings.smooth)
    speed = trailing_mean(stations.speed_kmh, steps)
    occupancy = trailing_mean(stations.occupancy_pct, steps)
    bins = usual.bins(stations, first)
    slow = (usual.speed_kmh[bins] - speed) / usual.speed_spread[bins]
    full = (occupancy - usual.occupancy_pct[bins]) / usual.occupancy_spread[bins]
    both = (1 - settings.occupancy) * slow + settings.occupancy * full
    bounded: Floats = np.clip(both, -settings.bound, settings.bound)
    return bounded


def cusum(stations: Stations, usual: Usual, first: timedelta, settings: CusumSettings) -> Flags:
    """Which stations ring in which periods; causal in time. A period without a reading changes nothing."""
    own = shortfall(stations, usual, first, settings)
    beyond = np.nan_to_num(at_downstream(own, stations.downstream), nan=0.0)
    pushed = own - settings.others * np.maximum(beyond, 0.0) - settings.allowance
    ringing = np.zeros(own.shape, np.bool_)
    total, state = np.zeros(own.shape[1]), np.zeros(own.shape[1], np.bool_)
    for period in range(stations.periods):
        step = np.nan_to_num(pushed[period], nan=0.0)
        total = np.clip(total + step, 0.0, 2 * settings.threshold)
        state = (total >= settings.threshold) | (state & (total > 0))
        ringing[period] = state
    return ringing
