"""The McMaster method (Persaud, Hall and Hall 1990; Hall, Shi and Atala 1993): congestion first, then its cause.

Each station has a lower bound of uncongested flow as a function of occupancy (LUD), fitted on its own
history, and a critical occupancy. A station whose points stay below the bound for some periods is
congested; what the next station downstream does tells why. There traffic flows freely below
capacity: something between them holds it back, an incident. There it flows at capacity: a
bottleneck that comes back every day. There it is congested too: the queue comes from farther on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import Flags, Floats, Stations, at_downstream, trailing_mean

FEWEST = 100  # periods of free traffic that a bound can be fitted on
FREE_SHARE, FREE_PERCENTILE = 0.75, 85.0  # traffic slower than this share of the free speed is not free


@dataclass(frozen=True, slots=True)
class Diagram:
    """Each station's flow and occupancy when traffic is free: flow = slope x occ + bend x occ², and its edges."""

    slope: Floats
    bend: Floats
    critical_occupancy: Floats
    capacity: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class McMasterSettings:
    """``bound`` is the share of the fitted free flow that the LUD stands at, ``at_capacity`` that of the capacity."""

    smooth: timedelta = timedelta(minutes=1)
    bound: float = 0.7
    at_capacity: float = 0.8
    persistence: timedelta = timedelta(minutes=2)


def fit_diagram(history: Stations, settings: McMasterSettings) -> Diagram:
    """Fit every station's diagram on its history; NaN for one with too little free traffic, which never rings."""
    steps = history.steps(settings.smooth)
    occupancy, flow, speed = (
        trailing_mean(values, steps) for values in (history.occupancy_pct, history.volume, history.speed_kmh)
    )
    count = occupancy.shape[1]
    slope, bend, critical, capacity = (np.full(count, np.nan) for _ in range(4))
    for column in range(count):
        known = ~np.isnan(speed[:, column]) & ~np.isnan(occupancy[:, column]) & ~np.isnan(flow[:, column])
        if known.sum() < FEWEST:
            continue
        free = known & (speed[:, column] >= FREE_SHARE * np.percentile(speed[known, column], FREE_PERCENTILE))
        occ, vol = occupancy[free, column], flow[free, column]
        if len(occ) < FEWEST or occ.max() <= 0:
            continue
        design = np.column_stack([occ, occ**2])
        slope[column], bend[column] = np.linalg.lstsq(design, vol, rcond=None)[0]
        critical[column], capacity[column] = np.percentile(occ, 99.5), np.percentile(vol, 99.5)
    return Diagram(slope, bend, critical, capacity)


def mcmaster(stations: Stations, diagram: Diagram, settings: McMasterSettings) -> Flags:
    """Which pairs of stations ring in which periods, named by the upstream one; causal in time."""
    steps = stations.steps(settings.smooth)
    occupancy = trailing_mean(stations.occupancy_pct, steps)
    flow = trailing_mean(stations.volume, steps)
    with np.errstate(invalid="ignore"):
        inside = np.minimum(occupancy, diagram.critical_occupancy)
        bound = settings.bound * (diagram.slope * inside + diagram.bend * inside**2)
        congested = (flow < bound) | ((occupancy > diagram.critical_occupancy) & (flow < diagram.capacity))
        congested &= occupancy > diagram.critical_occupancy / 2
        saturated = flow >= settings.at_capacity * diagram.capacity
    lasting = _persisting(congested, stations.steps(settings.persistence))
    below = at_downstream(np.where(congested, 1.0, 0.0), stations.downstream)
    full = at_downstream(np.where(saturated, 1.0, 0.0), stations.downstream)
    known = ~np.isnan(at_downstream(flow, stations.downstream))
    incident = lasting & known & (below == 0) & (full == 0)
    return _until(incident, lasting)


def _persisting(flags: Flags, periods: int) -> Flags:
    """Where a flag stood for the last ``periods``."""
    counts = np.zeros(flags.shape[1], np.int64)
    lasting = np.zeros_like(flags)
    for period in range(len(flags)):
        counts = np.where(flags[period], counts + 1, 0)
        lasting[period] = counts >= periods
    return lasting


def _until(begins: Flags, lasts: Flags) -> Flags:
    """An alarm that begins stays as long as the congestion does."""
    ringing = np.zeros_like(begins)
    state = np.zeros(begins.shape[1], np.bool_)
    for period in range(len(begins)):
        state = (state | begins[period]) & lasts[period]
        ringing[period] = state
    return ringing
