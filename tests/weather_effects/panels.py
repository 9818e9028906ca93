"""Small cities made up from known numbers, so that an estimate can be held against the truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.effects.usual import Panel

HOURS = 24
GROUPS = {"night": tuple(range(6)), "day": tuple(range(6, 18)), "evening": tuple(range(18, 24))}


@dataclass(frozen=True)
class MadeUp:
    """A panel, its states, and the log effect of levels 1.. that was put into it."""

    panel: Panel
    states: NDArray[np.int8]
    truth: tuple[float, ...]


def made_up(
    seed: int,
    *,
    days: int = 42,
    roads: int = 40,
    truth: tuple[float, ...] = (-0.05, -0.2),
    wet_share: tuple[float, ...] = (0.3, 0.15),
    slope: float = 0.0,
    wet_on: int | None = None,
    missing: float = 0.1,
    road_spread: float = 0.0,
) -> MadeUp:
    """Days with a shape, shocks of the day (2%) and of the hour (1%), and wet spells of three hours.

    Level ``i`` falls on ``wet_share[i]`` of the days, on ``wet_on`` days in all where that is given.
    """
    rng = np.random.default_rng(seed)
    weekday = np.arange(days) % 7
    kind = np.where(weekday == 6, 2, np.where(weekday == 5, 1, 0))
    shape = 0.2 * np.sin(np.arange(HOURS) / HOURS * 2 * np.pi)[None, :] * np.array([1.0, 0.7, 0.4])[kind][:, None]
    values = 4.2 + rng.normal(0, 0.2, roads) + shape[:, :, None] * rng.uniform(0.5, 1.5, roads)
    values = values + slope * np.arange(days)[:, None, None]
    values = values + rng.normal(0, 0.02, (days, 1, 1)) + rng.normal(0, 0.01, (days, HOURS, 1))
    values = values + rng.normal(0, 0.05, values.shape)
    own = 1 + road_spread * rng.standard_normal(roads)
    states = np.zeros(values.shape, np.int8)
    for level, (effect, share) in enumerate(zip(truth, wet_share, strict=True), start=1):
        chosen = rng.permutation(days)[:wet_on] if wet_on is not None else np.flatnonzero(rng.random(days) < share)
        for day in chosen:
            first = int(rng.integers(0, HOURS - 3))
            states[day, first : first + 3] = level
        values = values + np.where(states == level, effect * own, 0)
    values[rng.random(values.shape) < missing] = np.nan
    panel = Panel(values.astype(np.float32), kind, weekday, np.arange(days, dtype=np.float64))
    return MadeUp(panel, states, truth)
