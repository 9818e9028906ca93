"""Rain: bands of cells that drift over the city, and the rainstorm signals that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lionrock.twin.calendar import DAY_S, local_day, midnight
from lionrock.twin.chance import stream_for
from lionrock.twin.cyclones import signal_at
from lionrock.twin.junctions import DISTRICTS, JUNCTIONS
from lionrock.twin.network import plane

Floats = NDArray[np.float64]

# How often each kind of day comes by month's wetness, and the peak of its cells in mm/h. A city's
# long record (the Observatory's) has about 140 wet days a year, 25 ambers, 5 reds and 1-2 blacks.
WETNESS = (0.5, 0.6, 0.8, 1.0, 1.4, 1.6, 1.5, 1.5, 1.3, 0.8, 0.6, 0.5)
KINDS = (("showers", 0.24, 3.0, 25.0), ("band", 0.08, 10.0, 24.0), ("storm", 0.02, 22.0, 50.0))
LEVELS_MM = (("A", 30.0), ("R", 50.0), ("B", 70.0))  # rainstorm warning: mm in an hour, over much of the city
CLEAR_MM = 12.0  # an hour with less ends the signal
STEP_S = 300
DRIZZLE_MM_H = 0.1  # no gauge shows less

# What rain takes from a road: free speed 2% as soon as it is wet and more with the rate, capacity with the rate.
# Between 2.5 and 6.35 mm/h and above it free speed falls by some 6% and 7%, capacity by 7.2% (5.7-10.1) and
# 14.1% (10.7-17.7): FHWA-HOP-13-042, appendix A, from the Highway Capacity Manual 2010, exhibit 10-15, and SHRP 2 L08.
# An amber hour lies far beyond their heaviest class.
WETTING_MM_H = 0.5  # less does not slow anybody
WET_LOSS, RAIN_LOSS, RAIN_SCALE_MM_H = 0.02, 0.34, 30.0
CAPACITY_LOSS, CAPACITY_SCALE_MM_H = 0.16, 6.5


@dataclass(frozen=True, slots=True)
class Cell:
    """A round patch of rain: where it is at ``start``, how it drifts, how wide and how heavy it is."""

    start: datetime
    life_s: float
    x_m: float
    y_m: float
    east_ms: float
    north_ms: float
    radius_m: float
    peak_mm_h: float


@dataclass(frozen=True, slots=True)
class Rainstorm:
    """A rainstorm signal in force from ``start`` until ``end``; ``colour`` is A, R or B."""

    colour: str
    start: datetime
    end: datetime


@lru_cache(maxsize=64)
def list_cells(seed: int, day: date) -> tuple[Cell, ...]:
    """The cells that begin on ``day``."""
    rng = stream_for(seed, day, "rain")
    wet, draw = WETNESS[day.month - 1], rng.random()
    kind = next((k for k in reversed(KINDS) if draw < sum(o[1] * wet for o in KINDS[KINDS.index(k) :])), None)
    if (signal_at(seed, midnight(day) + timedelta(hours=12)) or "").startswith(("8", "9", "10")):
        kind = KINDS[1]
    if kind is None:
        return ()
    name, _, low, high = kind
    bursts = rng.integers(2, 6) if name == "showers" else rng.integers(1, 3)
    cells: list[Cell] = []
    for _ in range(int(bursts)):
        begins_s = rng.uniform(0, DAY_S)
        east, north = rng.uniform(3, 8), rng.uniform(-2, 3)
        for _ in range(int(rng.integers(2, 5)) if name == "showers" else int(rng.integers(4, 8))):
            lag_s = rng.uniform(0, 4000)
            cells.append(
                Cell(
                    start=midnight(day) + timedelta(seconds=int(begins_s + lag_s)),
                    life_s=rng.uniform(5400, 10_800),
                    x_m=rng.uniform(-45_000, -15_000),
                    y_m=rng.uniform(-14_000, 14_000) - north * 3000,
                    east_ms=east,
                    north_ms=north,
                    radius_m=rng.uniform(4000, 7000) if name == "showers" else rng.uniform(7000, 12_000),
                    peak_mm_h=rng.uniform(low, high),
                )
            )
    return tuple(cells)


def rain_rate(seed: int, moment: datetime, x_m: Floats, y_m: Floats) -> Floats:
    """Rain in mm/h at points in the plane at ``moment``."""
    rate = np.zeros(np.shape(x_m))
    day = local_day(moment)
    for cell in (*list_cells(seed, day - timedelta(days=1)), *list_cells(seed, day)):
        age_s = (moment - cell.start).total_seconds()
        if 0 < age_s < cell.life_s:
            swell = np.sin(np.pi * age_s / cell.life_s)
            dx, dy = x_m - cell.x_m - cell.east_ms * age_s, y_m - cell.y_m - cell.north_ms * age_s
            rate += cell.peak_mm_h * swell * np.exp(-(dx**2 + dy**2) / (2 * cell.radius_m**2))
    return np.where(rate < DRIZZLE_MM_H, 0.0, rate)


def rain_shares(rate_mm_h: Floats, exposed: Floats) -> tuple[Floats, Floats]:
    """The shares of free speed and of capacity that rain leaves; ``exposed`` is the share of a road under the sky."""
    wet = exposed * (rate_mm_h > WETTING_MM_H)
    speed = 1 - wet * (WET_LOSS + RAIN_LOSS * (1 - np.exp(-rate_mm_h / RAIN_SCALE_MM_H)))
    capacity = 1 - wet * CAPACITY_LOSS * (1 - np.exp(-rate_mm_h / CAPACITY_SCALE_MM_H))
    return speed, capacity


def district_points() -> tuple[Floats, Floats]:
    """The middle of each district's junctions in the plane, in the order of ``DISTRICTS``."""
    points = [
        np.mean([plane((j.lon, j.lat)) for j in JUNCTIONS.values() if j.district == district], axis=0)
        for district in DISTRICTS
    ]
    return np.array([p[0] for p in points]), np.array([p[1] for p in points])


def rainfall_mm(seed: int, start: datetime, end: datetime, x_m: Floats, y_m: Floats) -> Floats:
    """Rain that falls between two moments at points in the plane, in mm."""
    steps = max(1, round((end - start).total_seconds() / STEP_S))
    step = (end - start) / steps
    total = np.zeros(np.shape(x_m))
    for index in range(steps):
        total += rain_rate(seed, start + step * (index + 0.5), x_m, y_m)
    return total * step.total_seconds() / 3600


@lru_cache(maxsize=64)
def list_rainstorms(seed: int, day: date) -> tuple[Rainstorm, ...]:
    """The rainstorm signals of one day, each level its own entry, as the Observatory's record has them."""
    if not (list_cells(seed, day) or list_cells(seed, day - timedelta(days=1))):
        return ()
    x_m, y_m = district_points()
    start = midnight(day)
    steps = np.array(
        [rain_rate(seed, start + timedelta(seconds=STEP_S * i), x_m, y_m) for i in range(-8, DAY_S // STEP_S + 4)]
    )
    # The hour that counts is 40 minutes of rain that fell and 20 that are expected.
    hourly = np.apply_along_axis(lambda column: np.convolve(column, np.full(12, STEP_S / 3600), "valid"), 0, steps)
    general = np.percentile(hourly, 65, axis=1)[: DAY_S // STEP_S]
    storms: list[Rainstorm] = []
    colour, since = "", start
    for index, amount in enumerate(general):
        now = start + timedelta(seconds=STEP_S * index)
        due = next((c for c, least in reversed(LEVELS_MM) if amount >= least), "")
        rank = "ARB".find
        if (due and (not colour or rank(due) > rank(colour))) or (colour and amount < CLEAR_MM):
            if colour:
                storms.append(Rainstorm(colour, since, now))
            colour, since = due, now
    if colour:
        storms.append(Rainstorm(colour, since, start + timedelta(days=1)))
    return tuple(storms)


def rainstorm_at(seed: int, moment: datetime) -> Rainstorm | None:
    """The rainstorm signal in force at ``moment``; one that began yesterday keeps its own beginning."""
    day = local_day(moment)
    storm = next((s for s in list_rainstorms(seed, day) if s.start <= moment < s.end), None)
    if storm is None or storm.start > midnight(day):
        return storm
    before = next((s for s in list_rainstorms(seed, day - timedelta(days=1)) if s.end == midnight(day)), None)
    return (
        storm if before is None or before.colour != storm.colour else Rainstorm(storm.colour, before.start, storm.end)
    )
