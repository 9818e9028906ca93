"""Where each bar of the departures chart stands: minutes upwards from nothing, departures from left to right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lionrock.city.moments import tell_clock

WIDTH, HEIGHT = 400, 210
LEFT, RIGHT, TOP, BOTTOM = 26, 4, 22, 24
BAR = 0.56  # of a column
FORECAST_UNTIL_MIN = 90
STEPS = (5, 10, 15, 20, 30, 60, 120)
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One departure in pixels; ``later`` lies beyond the forecast, ``usual_y`` is None where nothing is usual."""

    x: float
    width: float
    y: float
    height: float
    low_y: float
    high_y: float
    usual_y: float | None
    label: str
    minutes: int
    low: int
    high: int
    in_min: int
    later: bool

    @property
    def middle(self) -> float:
        """Where the bar has its middle."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole chart: its bars, and the levels (y, minutes) that are drawn across."""

    width: int
    height: int
    left: int
    floor: float
    bars: list[Bar]
    levels: list[tuple[float, int]]


def draw_departures(departures: Sequence[Mapping[str, Any]]) -> Chart:
    """Lay out departures as the journeys service answers them."""
    floor = HEIGHT - BOTTOM
    most: float = max(1.0, *(max(one["high_min"], one["usual_min"] or 0.0) for one in departures))
    step = next((step for step in STEPS if most / step <= MOST_LINES), STEPS[-1])
    column = (WIDTH - LEFT - RIGHT) / len(departures)

    def level(minutes: float) -> float:
        return round(floor - minutes / most * (floor - TOP), 1)

    bars = [
        Bar(
            x=round(LEFT + column * (place + (1 - BAR) / 2), 1),
            width=round(column * BAR, 1),
            y=level(one["duration_min"]),
            height=round(floor - level(one["duration_min"]), 1),
            low_y=level(one["low_min"]),
            high_y=level(one["high_min"]),
            usual_y=None if one["usual_min"] is None else level(one["usual_min"]),
            label=tell_clock(one["depart_at"]),
            minutes=round(one["duration_min"]),
            low=math.floor(one["low_min"]),
            high=math.ceil(one["high_min"]),
            in_min=one["in_min"],
            later=one["in_min"] > FORECAST_UNTIL_MIN,
        )
        for place, one in enumerate(departures)
    ]
    levels = [(level(minutes), minutes) for minutes in range(0, int(most) + 1, step)]
    return Chart(WIDTH, HEIGHT, LEFT, floor, bars, levels)
