"""Rain now and in the next two hours at each road: what a forecast of speeds can take as its covariates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.core.vocabulary import NotYet, moment_of
from lionrock.services.mobility.weather_effects.gather import CITY_MEAN, NEXT_HALF_HOUR, NOWCAST, RAIN_MM, RAINFALL
from lionrock.services.mobility.weather_effects.levels import Cube
from lionrock.services.mobility.weather_effects.roads import Place

AHEAD_MIN = (30, 60, 90, 120)
CELL_DEG = (0.01946, 0.01799)  # lon, lat: the nowcast's grid
FRESH_FOR = timedelta(minutes=45)
REPORT_FOR = timedelta(hours=2, minutes=15)
HALF_HOURS_A_HOUR = 2
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, eq=False)
class RainAhead:
    """Rain in mm/h: ``now`` by road (NaN where the gauges say nothing new) and ``ahead[half hour, road]``."""

    issued_at: datetime
    roads: tuple[str, ...]
    now_mm_h: Cube
    ahead_mm_h: Cube


def rain_ahead(city: City, places: Mapping[str, Place], at: datetime | None = None) -> RainAhead:
    """The newest nowcast at ``at`` (now, without) for the roads of ``places``; raises NotYet where it is not fresh.

    A cell that the nowcast leaves out is dry: it stores wet ones alone. Roads are given the cell that
    they stand in, and the gauges of the district whose middle is nearest.
    """
    moment = at or city.now()
    dataset = city.dataset(NOWCAST)
    if CITY_MEAN not in city.latest(dataset, NEXT_HALF_HOUR).sensors:
        raise NotYet("no rainfall nowcast was read yet")
    issues = city.window(dataset, CITY_MEAN, NEXT_HALF_HOUR, moment - FRESH_FOR, moment + MINUTE).at_us
    if not len(issues):
        raise NotYet(f"no rainfall nowcast of the {FRESH_FOR} before {moment.isoformat()}")
    issued = moment_of(int(issues[-1]))
    standing = list(places.values())
    ahead = np.stack([_half_hour(city, f"rain_{minutes}min_mm", issued, standing) for minutes in AHEAD_MIN])
    return RainAhead(issued, tuple(places), _now(city, standing, moment), ahead)


def _half_hour(city: City, what: str, issued: datetime, places: Sequence[Place]) -> Cube:
    """One half hour's rain in mm/h of the cell that holds each place; a cell is called by its middle (lat,lon)."""
    cells = city.aggregate(city.dataset(NOWCAST), what, issued, issued + MINUTE, MINUTE)
    wet = [index for index, sensor in enumerate(cells.sensors) if sensor != CITY_MEAN and cells.count[0, index]]
    rain: Cube = np.zeros(len(places), np.float32)
    if wet and places:
        middle = np.array([[float(part) for part in cells.sensors[index].split(",")] for index in wet])
        lat, lon = (np.array([getattr(place, name) for place in places])[:, None] for name in ("lat", "lon"))
        inside = (np.abs(lon - middle[:, 1]) <= CELL_DEG[0] / 2) & (np.abs(lat - middle[:, 0]) <= CELL_DEG[1] / 2)
        held = np.where(inside.any(axis=1), cells.mean[0, wet][inside.argmax(axis=1)], 0.0)
        rain = (held * HALF_HOURS_A_HOUR).astype(np.float32)
    return rain


def _now(city: City, places: Sequence[Place], moment: datetime) -> Cube:
    """The last report's rain of each road's district; NaN where none is recent."""
    known = city.aggregate(city.dataset(RAINFALL), RAIN_MM, moment - REPORT_FOR, moment, REPORT_FOR)
    newest = {
        sensor: float(mean)
        for sensor, mean, count in zip(known.sensors, known.mean[0], known.count[0], strict=True)
        if count
    }
    return np.array([newest.get(place.district, np.nan) for place in places], np.float32)
