"""Where the lines of a predicted day lie: the usual hours as steps, the predicted ones with their band."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH, HEIGHT = 560, 280
LEFT, RIGHT, TOP, BOTTOM = 44, 12, 14, 34
HOURS, TICK_KMH, TICK_H = 24, 10, 6
ROOM_KMH = 4  # above and below what is drawn


@dataclass(frozen=True, slots=True)
class Line:
    """A grid line: its place in pixels and its label."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Band:
    """The band of one hour, in pixels."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class EffectsChart:
    """The whole chart in pixels; ``usual`` and ``predicted`` are SVG path data, empty where nothing is known."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    across: list[Line]
    upright: list[Line]
    usual: str
    predicted: str
    bands: list[Band]


def draw_effects(profile: Sequence[Mapping[str, Any]]) -> EffectsChart | None:
    """Lay out hours of ``{"hour", "usual_kmh", "predicted_kmh", "low_kmh", "high_kmh"}``; None where none is known."""
    names = ("usual_kmh", "low_kmh", "high_kmh")
    known: list[float] = [hour[name] for hour in profile for name in names if hour[name] is not None]
    if not known:
        return None
    low = math.floor((min(known) - ROOM_KMH) / TICK_KMH) * TICK_KMH
    high = math.ceil((max(known) + ROOM_KMH) / TICK_KMH) * TICK_KMH
    low = max(0, low)

    def x(hour: float) -> float:
        return round(LEFT + hour / HOURS * (WIDTH - LEFT - RIGHT), 1)

    def y(kmh: float) -> float:
        return round(HEIGHT - BOTTOM - (kmh - low) / (high - low) * (HEIGHT - TOP - BOTTOM), 1)

    def steps(name: str) -> str:
        path, open_ = [], False
        for hour in profile:
            kmh = hour[name]
            if kmh is None:
                open_ = False
                continue
            path.append(f"{'L' if open_ else 'M'}{x(hour['hour'])} {y(kmh)}L{x(hour['hour'] + 1)} {y(kmh)}")
            open_ = True
        return "".join(path)

    bands = [
        Band(
            x(hour["hour"]),
            y(hour["high_kmh"]),
            round(x(1) - x(0), 1),
            round(y(hour["low_kmh"]) - y(hour["high_kmh"]), 1),
        )
        for hour in profile
        if hour["predicted_kmh"] is not None
    ]
    return EffectsChart(
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        top=TOP,
        bottom=HEIGHT - BOTTOM,
        across=[Line(y(kmh), str(kmh)) for kmh in range(low, high + 1, TICK_KMH)],
        upright=[Line(x(hour), f"{hour:02d}:00") for hour in range(0, HOURS, TICK_H)],
        usual=steps("usual_kmh"),
        predicted=steps("predicted_kmh"),
        bands=bands,
    )
