"""What the weather may change: speed, flow and capacity, hour by hour, and the estimates of all of them.

Capacity is the flow that a road carries when it is full: the mean flow of five-minute periods whose
occupancy is near the critical one, where the curve of flow over occupancy has its top. At a given
occupancy the flow says how the road is driven, not how many people set out, so that fewer trips in
the rain are not taken for a narrower road. A detector that never saw its curve fall again was never
full, and says nothing of capacity.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from lionrock.core.vocabulary import Text
from lionrock.engines.effects.estimates import Estimates, estimate
from lionrock.engines.effects.members import Members, list_members
from lionrock.engines.effects.usual import Panel
from lionrock.services.mobility.weather_effects.levels import (
    FACTORS,
    HOUR_GROUPS,
    Cube,
    Flags,
    Floats,
    Ints,
    WeatherHours,
    blocks_of,
    levels_of,
    states_of,
)

SPEED, FLOW, CAPACITY = "speed", "flow", "capacity"
MEASURES = (SPEED, FLOW, CAPACITY)
MEASURE_TITLES: Mapping[str, Text] = {
    SPEED: Text(en="Speed", tc="車速"),
    FLOW: Text(en="Flow (vehicles an hour)", tc="車流量（每小時車輛）"),
    CAPACITY: Text(en="Capacity (flow when the road is full)", tc="容量（道路飽和時的流量）"),
}
WORKDAY, SATURDAY, REST_DAY = 0, 1, 2
KINDS = ("workday", "saturday", "rest_day")
BIN_PCT, HIGHEST_PCT = 2.0, 60.0
PERIODS_A_BIN = 15  # five-minute periods before a bin's mean flow is believed
FALLEN = 0.95  # of the top: the curve has turned
NEAR = 0.2  # of the critical occupancy, to both sides
HOURS = 24
SEED = 852


@dataclass(frozen=True, slots=True, eq=False)
class RoadHours:
    """Logs ``[day, hour, road]`` of each measure (NaN where unknown), and which days they are."""

    ids: tuple[str, ...]
    values: Mapping[str, Cube]
    kind: Ints
    weekday: Ints
    day_number: Floats

    def panel(self, measure: str) -> Panel:
        """One measure as the engine wants it."""
        return Panel(self.values[measure], self.kind, self.weekday, self.day_number)


@dataclass(frozen=True, slots=True, eq=False)
class FactorEffects:
    """The effects of one factor's levels on one measure: on all roads, and how single roads stray by level."""

    measure: str
    factor: str
    estimates: Estimates
    members: tuple[Members, ...]


def estimate_all(hours: RoadHours, weather: WeatherHours) -> list[FactorEffects]:
    """Estimate every factor's effect on every measure that was measured at all."""
    found = []
    for factor in FACTORS:
        states, block = states_of(factor, weather), blocks_of(factor, weather)
        levels = levels_of(factor)
        for measure in MEASURES:
            if not np.isfinite(hours.values[measure]).any():
                continue
            panel = hours.panel(measure)
            said = estimate(panel, states, len(levels), HOUR_GROUPS, block=block, seed=SEED)
            members = tuple(list_members(said.residual, states == level) for level in range(1, len(levels) + 1))
            found.append(FactorEffects(measure, factor, said, members))
    return found


def critical_occupancy(occupancy_pct: Cube, flow: Cube) -> Floats:
    """The occupancy at which each road ``[road]`` carried most, from five-minute periods ``[period, road]``.

    NaN where the flow was not seen to fall beyond it: there the road was never full.
    """
    bins = int(HIGHEST_PCT / BIN_PCT)
    known = np.isfinite(occupancy_pct) & np.isfinite(flow) & (occupancy_pct < HIGHEST_PCT)
    place = (np.nan_to_num(occupancy_pct) / BIN_PCT).astype(np.int64).clip(0, bins - 1)
    roads = occupancy_pct.shape[1]
    index = (place * roads + np.arange(roads))[known]
    count = np.bincount(index, minlength=bins * roads).reshape(bins, roads)
    total = np.bincount(index, flow[known], minlength=bins * roads).reshape(bins, roads)
    with np.errstate(invalid="ignore"):
        mean = np.where(count >= PERIODS_A_BIN, total / np.maximum(count, 1), -np.inf)
    top = mean.argmax(axis=0)
    highest = mean.max(axis=0)
    beyond = np.arange(bins)[:, None] > top
    turned = (beyond & np.isfinite(mean) & (mean <= FALLEN * highest)).any(axis=0)
    return np.where(turned, (top + 0.5) * BIN_PCT, np.nan)


def capacity_hours(occupancy_pct: Cube, flow: Cube, critical_pct: Floats) -> Cube:
    """Logs of the flow at critical occupancy ``[hour, road]`` of one day; NaN where it was never near.

    Wants the five-minute periods ``[period, road]`` of the day.
    """
    near: Flags = (
        (np.abs(occupancy_pct - critical_pct) <= NEAR * critical_pct) & np.isfinite(flow) & (np.nan_to_num(flow) > 0)
    )
    shape = (HOURS, len(occupancy_pct) // HOURS, occupancy_pct.shape[1])
    count = near.reshape(shape).sum(axis=1)
    total = np.where(near, np.nan_to_num(flow), 0).reshape(shape).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs: Cube = np.log(np.where(count > 0, total / count, np.nan)).astype(np.float32)
    return logs
