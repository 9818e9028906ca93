"""Rain at places: what the gauges reported and what the nowcast expects, for every service that reads them.

A service names ``weather.rainfall`` and ``weather.rain_nowcast`` in its ``reads`` and asks
:func:`rain_reported` (the past, an hour fine and a district wide), :func:`rain_ahead` (the next two
hours, 2 km fine) or :func:`rain_foreseen` (what the nowcast had said at each moment of a span). Unknown is NaN
or NotYet, never dry.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.core.vocabulary import NotYet, Text, microseconds, moment_of

Cube = NDArray[np.float32]
Point = tuple[float, float]

RAINFALL_ID, NOWCAST_ID = "weather.rainfall", "weather.rain_nowcast"
RAIN_MM, CITY_MEAN = "rain_mm", "city"
AHEAD_MIN = (30, 60, 90, 120)
CELL_DEG = (0.01946, 0.01799)  # lon, lat: the nowcast's grid
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REPORT_LAG = timedelta(minutes=15)  # the hourly report's rain is that of the hour that ends a quarter to
EARLIER_SHARE = 0.75  # so much of an hour lies in the report that ends within it
FRESH_FOR = timedelta(minutes=45)
READ_AFTER = timedelta(minutes=12)  # from a nowcast's issue until it has been published (9 minutes) and read
A_DAY = timedelta(days=1)
REPORT_FOR = timedelta(hours=2, minutes=15)
HALF_HOURS_AN_HOUR = 2

# About the middle of each district's main roads, in degrees; the ids are those of weather.rainfall's sensors.
DISTRICTS: Mapping[str, Point] = {
    "central_western_district": (114.150, 22.282),
    "wan_chai": (114.180, 22.276),
    "eastern_district": (114.225, 22.280),
    "southern_district": (114.160, 22.245),
    "yau_tsim_mong": (114.170, 22.312),
    "sham_shui_po": (114.160, 22.331),
    "kowloon_city": (114.188, 22.325),
    "wong_tai_sin": (114.200, 22.343),
    "kwun_tong": (114.228, 22.312),
    "kwai_tsing": (114.115, 22.352),
    "tsuen_wan": (114.100, 22.372),
    "tuen_mun": (113.975, 22.395),
    "yuen_long": (114.030, 22.445),
    "north_district": (114.145, 22.500),
    "tai_po": (114.168, 22.450),
    "sha_tin": (114.190, 22.385),
    "sai_kung": (114.265, 22.330),
    "islands_district": (113.945, 22.290),
}


@dataclass(frozen=True, slots=True, eq=False)
class RainAhead:
    """Rain in mm/h by point: ``now_mm_h`` (NaN where no gauge reported lately) and ``ahead_mm_h[half hour, point]``."""

    issued_at: datetime
    now_mm_h: Cube
    ahead_mm_h: Cube


def nearest_district(point: Point) -> str:
    """The district whose middle is nearest to a point (lon, lat)."""
    return min(DISTRICTS, key=lambda name: _away(DISTRICTS[name], point))


def rain_reported(city: City, points: Sequence[Point | None], start: datetime, hours: int) -> Cube:
    """Rain in mm of each hour since ``start`` (a whole hour) at each point, ``[hour, point]``; NaN where unknown.

    It is that of the highest gauge of the point's district, and told no sooner than an hour and a
    quarter after the hour began. A point that is None has no known place.
    """
    begin = start - REPORT_LAG
    known = city.aggregate(city.dataset(RAINFALL_ID), RAIN_MM, begin, begin + HOUR * (hours + 1), HOUR)
    column = {name: index for index, name in enumerate(known.sensors)}
    reports: Cube = np.full((hours + 1, len(points)), np.nan, np.float32)
    for index, point in enumerate(points):
        district = None if point is None else nearest_district(point)
        if district in column:
            reports[:, index] = known.mean[:, column[district]]
    rain: Cube = EARLIER_SHARE * reports[:-1] + (1 - EARLIER_SHARE) * reports[1:]
    return rain


def rain_ahead(city: City, points: Sequence[Point], at: datetime | None = None) -> RainAhead:
    """The newest nowcast at ``at`` (now, without) for each point; raises NotYet where it is not fresh.

    A cell that the nowcast leaves out is dry: it stores wet ones alone. A point is given the cell that
    it lies in.
    """
    moment = at or city.now()
    first, dataset = f"rain_{AHEAD_MIN[0]}min_mm", city.dataset(NOWCAST_ID)
    if CITY_MEAN not in city.latest(dataset, first).sensors:
        raise NotYet(Text(en="no rainfall nowcast was read yet", tc="尚未讀取降雨臨近預報"))
    issues = city.window(dataset, CITY_MEAN, first, moment - FRESH_FOR, moment + MINUTE).at_us
    if not len(issues):
        raise NotYet(
            Text(
                en=f"no rainfall nowcast of the {FRESH_FOR} before {moment.isoformat()}",
                tc=f"{moment.isoformat()} 之前的 {FRESH_FOR} 內沒有降雨臨近預報",
            )
        )
    issued = moment_of(int(issues[-1]))
    ahead = np.stack([_half_hour(city, f"rain_{minutes}min_mm", issued, points) for minutes in AHEAD_MIN])
    return RainAhead(issued, _now(city, points, moment), ahead)


def rain_foreseen(
    city: City, points: Sequence[Point | None], start: datetime, rows: int, step: timedelta
) -> NDArray[np.float16]:
    """The rain of the next four half hours as it was known at the end of each step, ``[row, point, half hour]`` in mm.

    It is that of the newest issue that had been read by then, of the cell that the point lies in (the city's
    mean for a point that is None); NaN where no issue was fresh. Day by day: two weeks of all cells would fill the
    memory.
    """
    foreseen = np.full((rows, len(points), len(AHEAD_MIN)), np.nan, np.float16)
    at_once = max(1, A_DAY // step)
    for first in range(0, rows, at_once):
        last = min(first + at_once, rows)
        for half, minutes in enumerate(AHEAD_MIN):
            what = f"rain_{minutes}min_mm"
            foreseen[first:last, :, half] = _foreseen(city, what, points, (start + step * first, last - first, step))
    return foreseen


def _foreseen(city: City, what: str, points: Sequence[Point | None], span: tuple[datetime, int, timedelta]) -> Cube:
    """One half hour of :func:`rain_foreseen` over ``span`` (start, rows, step)."""
    start, rows, step = span
    late, fresh = -(-READ_AFTER // step), FRESH_FOR // step
    before = late + fresh
    told = city.aggregate(city.dataset(NOWCAST_ID), what, start - step * before, start + step * rows, step)
    if CITY_MEAN not in told.sensors:
        return np.full((rows, len(points)), np.nan, np.float32)
    mean = told.mean[:, told.sensors.index(CITY_MEAN)]
    places = np.arange(len(mean))
    newest = np.maximum.accumulate(np.where(np.isfinite(mean), places, -1))[fresh : fresh + rows]
    known = (newest >= 0) & (np.arange(fresh, fresh + rows) - newest <= fresh)
    column = _cells_of(told.sensors, points)
    cells = np.nan_to_num(told.mean[np.maximum(newest, 0)])
    rain = np.where(column >= 0, cells[:, np.maximum(column, 0)], 0.0)
    nowhere = np.array([point is None for point in points], bool)
    rain[:, nowhere] = mean[np.maximum(newest, 0)][:, None]
    rain[~known] = np.nan
    return rain.astype(np.float32)


def _cells_of(sensors: Sequence[str], points: Sequence[Point | None]) -> NDArray[np.int64]:
    """The column of the cell that holds each point; -1 where that cell never had rain, or the point no place."""
    column = np.full(len(points), -1, np.int64)
    cells = np.array([index for index, name in enumerate(sensors) if name != CITY_MEAN], np.int64)
    placed = np.array([index for index, point in enumerate(points) if point is not None], np.int64)
    if not len(cells) or not len(placed):
        return column
    middle = np.array([[float(part) for part in sensors[index].split(",")] for index in cells])
    lon, lat = np.array([points[index] for index in placed]).T[:, :, None]
    inside = (np.abs(lon - middle[:, 1]) <= CELL_DEG[0] / 2) & (np.abs(lat - middle[:, 0]) <= CELL_DEG[1] / 2)
    column[placed] = np.where(inside.any(axis=1), cells[inside.argmax(axis=1)], -1)
    return column


def _half_hour(city: City, what: str, issued: datetime, points: Sequence[Point]) -> Cube:
    """One half hour's rain in mm/h of the cell that holds each point; a cell is called by its middle (lat,lon)."""
    cells = city.aggregate(city.dataset(NOWCAST_ID), what, issued, issued + MINUTE, MINUTE)
    wet = [index for index, sensor in enumerate(cells.sensors) if sensor != CITY_MEAN and cells.count[0, index]]
    if not wet or not points:
        return np.zeros(len(points), np.float32)
    middle = np.array([[float(part) for part in cells.sensors[index].split(",")] for index in wet])
    lon, lat = (np.array(column)[:, None] for column in zip(*points, strict=True))
    inside = (np.abs(lon - middle[:, 1]) <= CELL_DEG[0] / 2) & (np.abs(lat - middle[:, 0]) <= CELL_DEG[1] / 2)
    held = np.where(inside.any(axis=1), cells.mean[0, wet][inside.argmax(axis=1)], 0.0)
    rain: Cube = (held * HALF_HOURS_AN_HOUR).astype(np.float32)
    return rain


def _now(city: City, points: Sequence[Point], moment: datetime) -> Cube:
    """The last report's rain of each point's district; NaN where none is recent."""
    dataset = city.dataset(RAINFALL_ID)
    latest = city.latest(dataset, RAIN_MM)
    if moment >= city.now():
        times, values = latest.good_at_us, latest.good_value
        fresh = times >= microseconds(moment - REPORT_FOR)
        newest = {name: float(values[i]) for i, name in enumerate(latest.sensors) if fresh[i]}
    else:
        by_hour = city.aggregate(dataset, RAIN_MM, moment - REPORT_FOR, moment - HOUR, HOUR)  # those that had ended
        newest = {}
        for row in by_hour.mean:
            newest |= {by_hour.sensors[i]: float(row[i]) for i in np.flatnonzero(~np.isnan(row)).tolist()}
    return np.array([newest.get(nearest_district(point), np.nan) for point in points], np.float32)


def _away(place: Point, point: Point) -> float:
    return ((place[0] - point[0]) * math.cos(math.radians(point[1]))) ** 2 + (place[1] - point[1]) ** 2
