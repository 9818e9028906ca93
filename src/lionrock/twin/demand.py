"""Demand: how many vehicles set out, from where to where, quarter by quarter of an hour."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

import numpy as np
from numpy.typing import NDArray

from lionrock.twin.calendar import SATURDAY, is_rest_day
from lionrock.twin.chance import stream_for
from lionrock.twin.cyclones import signal_at
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import plane

Floats = NDArray[np.float32]
Hours = tuple[float, ...]

SLICE_S = 900.0
TRIPS_A_DAY = 1_150_000  # a usual Wednesday on the strategic roads
REACH_M = 8500.0  # how far people go: trips fall by a factor e for every such distance
WEEKDAY = (0.98, 0.99, 1.0, 1.01, 1.06, 0.9, 0.74)  # Monday to Sunday
WORKING_HOURS = range(8, 20)
OTHER_TRIPS = 0.35  # deliveries, taxis, errands: no tide

# Shares of a day's trips by hour: to work, home again, and all others; for working days and days of rest.
TO_WORK: Hours = (0.2, 0.1, 0.1, 0.1, 0.5, 2.2, 7, 14, 15, 10, 6, 4, 4, 4.5, 4, 3.5, 3, 3, 2.5, 2, 1.5, 1, 0.7, 0.4)
TO_HOME: Hours = (1.2, 0.7, 0.4, 0.3, 0.3, 0.5, 1, 2, 2.5, 3, 3.5, 4, 5, 5, 5, 6, 8, 12, 13, 9.5, 6.5, 5, 4, 2.4)
ALL_DAY: Hours = (
    1.2,
    0.8,
    0.6,
    0.5,
    0.7,
    1.5,
    3,
    4.6,
    5.3,
    5.9,
    6.2,
    6.1,
    5.8,
    6.1,
    6.3,
    6.3,
    6.2,
    6.1,
    5.8,
    5,
    4.2,
    3.6,
    2.9,
    2,
)
REST_OUT: Hours = (0.6, 0.3, 0.2, 0.2, 0.3, 0.7, 1.6, 3, 5, 7.5, 9.5, 10, 9, 8.5, 8, 7, 6, 5, 4, 3.5, 3, 2.5, 1.8, 1)
REST_HOME: Hours = (
    2,
    1.2,
    0.7,
    0.4,
    0.4,
    0.5,
    0.8,
    1.5,
    2.2,
    3,
    3.8,
    4.6,
    5.3,
    6,
    6.6,
    7.4,
    8.6,
    9.8,
    9.5,
    8,
    6.5,
    5.5,
    4.2,
    2.8,
)


@cache
def _tides() -> tuple[tuple[str, ...], Floats, Floats]:
    """Zones, and the shares of trips between them towards work and in no direction (each sums to 1)."""
    zones = tuple(name for name, junction in JUNCTIONS.items() if junction.residents + junction.jobs > 0)
    flat = np.array([plane((JUNCTIONS[z].lon, JUNCTIONS[z].lat)) for z in zones])
    apart = np.hypot(*(flat[:, None, :] - flat[None, :, :]).transpose(2, 0, 1))
    homes = np.array([JUNCTIONS[z].residents for z in zones])
    jobs = np.array([JUNCTIONS[z].jobs for z in zones])
    pull = np.exp(-apart / REACH_M) * (apart > 0)
    # Everybody who lives somewhere goes somewhere: rows are balanced to the residents.
    work = homes[:, None] * jobs[None, :] * pull
    work *= (homes / np.maximum(work.sum(axis=1), 1e-9))[:, None]
    both = homes + jobs
    other = both[:, None] * both[None, :] * pull
    return zones, (work / work.sum()).astype(np.float32), (other / other.sum()).astype(np.float32)


def list_zones() -> tuple[str, ...]:
    """The junctions at which trips begin and end."""
    return _tides()[0]


def expected_trips(seed: int, start: datetime, slices: int, scale: float = 1.0) -> Floats:
    """Expected vehicles, shaped (slices, origins, destinations), that set out in each slice after ``start``."""
    _, work, other = _tides()
    expected = np.zeros((slices, *work.shape), np.float32)
    for index in range(slices):
        moment = start + timedelta(seconds=SLICE_S * index)
        out, home, rest = rates_at(seed, moment)
        expected[index] = (out * work + home * work.T + rest * other) * np.float32(scale)
    return expected


def rates_at(seed: int, moment: datetime) -> tuple[float, float, float]:
    """Vehicles per slice at ``moment``: to work, home, and all others."""
    day = moment.date()
    hour = moment.hour + moment.minute / 60
    total = TRIPS_A_DAY * day_factor(seed, day) * cyclone_factor(seed, moment) * SLICE_S / 3600
    out, home = (REST_OUT, REST_HOME) if is_rest_day(day) else (TO_WORK, TO_HOME)
    if day.weekday() == SATURDAY and not is_rest_day(day):
        out, home = (_mixed(TO_WORK, REST_OUT), _mixed(TO_HOME, REST_HOME))
    tidal = (1 - OTHER_TRIPS) / 2
    return (
        total * tidal * _share(out, hour),
        total * tidal * _share(home, hour),
        total * OTHER_TRIPS * _share(ALL_DAY, hour),
    )


def day_factor(seed: int, day: date) -> float:
    """How busy a day is against a usual Wednesday."""
    usual = WEEKDAY[6] if is_rest_day(day) else WEEKDAY[day.weekday()]
    return float(usual * np.exp(stream_for(seed, day, "busy").normal(0, 0.015)))


def cyclone_factor(seed: int, moment: datetime) -> float:
    """Signal 8 and above empty the roads, after a rush home in the first two hours."""
    number = signal_at(seed, moment)
    if number in (None, "1", "3"):
        return 1.0
    rushing = signal_at(seed, moment - timedelta(hours=2)) == "3"
    return 1.35 if rushing and number == "8" and moment.hour in WORKING_HOURS else 0.14


def _mixed(first: tuple[float, ...], second: tuple[float, ...]) -> tuple[float, ...]:
    return tuple((a + b) / 2 for a, b in zip(first, second, strict=True))


def _share(hours: tuple[float, ...], hour: float) -> float:
    """The share of a day's trips per hour at ``hour``, changing smoothly between the hours' middles."""
    middle = hour - 0.5
    low = int(np.floor(middle))
    part = middle - low
    value = hours[low % 24] * (1 - part) + hours[(low + 1) % 24] * part
    return float(value / sum(hours))
