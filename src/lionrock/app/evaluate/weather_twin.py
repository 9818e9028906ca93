"""Hours of the twin's detectors under known weather, and the same hours as if it had stayed dry.

A day is simulated, folded into hours and kept small; its raw periods are thrown away. What rain did
is the difference between two simulations of one day, one of them without rain, as the detectors saw
both: the truth that the estimates are judged by.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lionrock.twin.calendar import HONG_KONG, is_rest_day, midnight
from lionrock.twin.cyclones import list_cyclone_signals
from lionrock.twin.day import PERIOD_S, PERIODS, DayTruth, simulate_day
from lionrock.twin.day import VERSION as MODEL_VERSION
from lionrock.twin.detectors import lane_count, list_detectors
from lionrock.twin.junctions import DISTRICTS, JUNCTIONS
from lionrock.twin.network import list_links
from lionrock.twin.rain import district_points, list_cells, list_rainstorms, rainfall_mm

Cube = NDArray[np.float32]
HOURS = 24
FIVE_MINUTES = 300 // PERIOD_S
FASTEST_KMH = 180
REPORTED_AT_MINUTE = 45  # the hourly report's rain is that of the hour that ends a quarter to
SLOWEST_KMH = 1.0
NOBODY = 0.5  # vehicles: the log of an hour that counted none
FORMAT = 5
FINE = ("occupancy_pct", "flow_5min")  # many and rough: half the digits


@dataclass(frozen=True, slots=True, eq=False)
class TwinDays:
    """Hours ``[day, hour, road]``, logs of km/h and of vehicles an hour; NaN where unknown.

    Roads are all detectors and then all links, whose speeds the segments' feed gives; links count
    nobody. ``dry_speed`` and ``dry_flow`` are the same hours without rain. ``occupancy_pct`` and ``flow_5min``
    are ``[day, 288, detector]``. ``rain_mm_h`` is what the hourly report said of the road's
    district; ``warning`` and ``signal`` ``[day, hour]`` are the shares of the hour by code.
    """

    days: tuple[date, ...]
    rest: NDArray[np.bool_]
    speed: Cube
    flow: Cube
    dry_speed: Cube
    dry_flow: Cube
    occupancy_pct: Cube
    flow_5min: Cube
    rain_mm_h: Cube
    warning: tuple[dict[str, NDArray[np.float64]], ...]
    signal: tuple[dict[str, NDArray[np.float64]], ...]


def gather_twin_days(
    seed: int, first: date, count: int, folder: Path, tell: Callable[[str, int, int], None]
) -> TwinDays:
    """Simulate (or read, where ``folder`` keeps them) ``count`` days of the twin from ``first``."""
    days = tuple(first + timedelta(days=index) for index in range(count))
    kept = []
    for index, day in enumerate(days):
        tell(f"twin {seed}", index, count)
        kept.append(_day(seed, day, folder))
    tell(f"twin {seed}", count, count)
    stacked = {name: np.stack([one[name] for one in kept]).astype(np.float32) for name in kept[0]}
    return TwinDays(
        days=days,
        rest=np.array([is_rest_day(day) for day in days]),
        warning=tuple(_storm_shares(seed, day) for day in days),
        signal=tuple(_signal_shares(seed, day) for day in days),
        **stacked,
    )


def _day(seed: int, day: date, folder: Path) -> dict[str, Cube]:
    path = folder / f"weather-v{FORMAT}-m{MODEL_VERSION}-s{seed}-{day:%Y%m%d}.npz"
    if path.exists():
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    hours = hours_of(simulate_day(seed, day))
    wet = bool(list_cells(seed, day) or list_cells(seed, day - timedelta(days=1)))
    dry = hours_of(simulate_day(seed, day, rain=False)) if wet else hours
    made = hours | {"dry_speed": dry["speed"], "dry_flow": dry["flow"], "rain_mm_h": _reported_rain(seed, day)}
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial.npz")
    small = {name: values.astype(np.float16) if name in FINE else values for name, values in made.items()}
    np.savez_compressed(partial, **small)  # type: ignore[arg-type]  # numpy's stub takes one for allow_pickle
    partial.replace(path)
    return made


def hours_of(truth: DayTruth) -> dict[str, Cube]:
    """Hours of all roads, and detectors' five minutes, from the lanes' periods as the platform would weigh them."""
    first = [detector.first_lane for detector in list_detectors()]
    lanes = np.diff([*first, lane_count()])
    heard = np.repeat(truth.valid, lanes, axis=1)
    volume = np.where(heard, truth.volume, 0).astype(np.float32)
    good = heard & (truth.volume > 0) & (truth.speed > 0) & (truth.speed <= FASTEST_KMH)
    paced = np.where(good, volume, 0)
    metres = np.add.reduceat(paced * truth.speed, first, axis=1)
    vehicles = np.add.reduceat(paced, first, axis=1)
    counted = np.add.reduceat(volume, first, axis=1)
    known = heard & (truth.occupancy >= 0)
    occupied = np.add.reduceat(np.where(known, truth.occupancy, 0).astype(np.float32), first, axis=1) / lanes
    per_hour = PERIODS // HOURS
    heard_h = _folded(truth.valid.astype(np.float32), per_hour) == per_hour
    heard_5 = _folded(truth.valid.astype(np.float32), FIVE_MINUTES) == FIVE_MINUTES
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.log(_folded(metres, per_hour) / _folded(vehicles, per_hour))
        flow = np.log(np.where(heard_h, np.maximum(_folded(counted, per_hour), NOBODY), np.nan))
    links = np.log(
        np.maximum(truth.link_speed.astype(np.float32) / 10, SLOWEST_KMH).reshape(HOURS, per_hour, -1).mean(1)
    )
    return {
        "speed": np.hstack([np.where(np.isfinite(speed), speed, np.nan), links]).astype(np.float32),
        "flow": np.hstack([np.where(np.isfinite(flow), flow, np.nan), np.full_like(links, np.nan)]).astype(np.float32),
        "occupancy_pct": np.where(heard_5, _folded(occupied, FIVE_MINUTES) / FIVE_MINUTES, np.nan).astype(np.float32),
        "flow_5min": np.where(heard_5, _folded(counted, FIVE_MINUTES) * 12, np.nan).astype(np.float32),
    }


def _folded(values: Cube, periods: int) -> Cube:
    folded: Cube = values.reshape(-1, periods, values.shape[1]).sum(axis=1)
    return folded


def _reported_rain(seed: int, day: date) -> Cube:
    """Rain of each hour in mm at each road's district, from the two reports that each hour lies in."""
    x_m, y_m = district_points()
    start = midnight(day) - timedelta(minutes=60 - REPORTED_AT_MINUTE)
    reports = np.array(
        [
            rainfall_mm(seed, start + timedelta(hours=index), start + timedelta(hours=index + 1), x_m, y_m).round()
            for index in range(HOURS + 1)
        ]
    )
    share = REPORTED_AT_MINUTE / 60
    by_district = share * reports[:-1] + (1 - share) * reports[1:]
    names = [detector.district for detector in list_detectors()]
    names += [JUNCTIONS[link.start].district for link in list_links()]
    column = [list(DISTRICTS).index(name) for name in names]
    rain: Cube = by_district[:, column].astype(np.float32)
    return rain


def _storm_shares(seed: int, day: date) -> dict[str, NDArray[np.float64]]:
    return _shares(day, [(f"WRAIN{storm.colour}", storm.start, storm.end) for storm in list_rainstorms(seed, day)])


def _signal_shares(seed: int, day: date) -> dict[str, NDArray[np.float64]]:
    signals = list_cyclone_signals(seed, day.year)
    return _shares(day, [(f"TC{signal.code}", signal.start, signal.end) for signal in signals])


def _shares(day: date, spans: list[tuple[str, datetime, datetime]]) -> dict[str, NDArray[np.float64]]:
    """The share of each hour of ``day`` that each code was in force."""
    found: dict[str, NDArray[np.float64]] = {}
    starts = np.array(
        [datetime(day.year, day.month, day.day, hour, tzinfo=HONG_KONG).timestamp() for hour in range(HOURS)]
    )
    for code, start, end in spans:
        overlap = np.minimum(starts + 3600, end.timestamp()) - np.maximum(starts, start.timestamp())
        if (overlap > 0).any():
            found[code] = found.get(code, np.zeros(HOURS)) + np.maximum(overlap, 0) / 3600
    return found
