"""The roads as the console knows them: segments that report speeds, and detectors, under one shape."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

import numpy as np

from lionrock.city.city import City
from lionrock.city.place import GENERAL_LIMIT_KMH
from lionrock.core.records import Kept
from lionrock.core.vocabulary import NotFound, Source, Text, moment_of
from lionrock.services.mobility.traffic.datasets import DETECTORS, LANES, ROAD_NETWORK, SEGMENT_SPEEDS, SPEED
from lionrock.services.mobility.traffic.measured import STEP, lanes_of, measured_speeds, step_before

COMPASS = ("North", "North East", "East", "South East", "South", "South West", "West", "North West")
FREE_FLOW_FROM = timedelta(days=3)
FREE_FLOW_BUCKET = timedelta(hours=1)
FREE_FLOW_HOURS = 6  # with fewer, nobody knows how fast the road is when it is free: it is assumed
FREE_FLOW_PERCENTILE = 85.0  # three days hold enough night hours that this is a free one

RECORDED_SINCE = timedelta(days=3653)  # how far back a recording's days are looked for
SAMPLED = 20  # sensors asked on which days there were data

RoadKind = Literal["segment", "detector"]


@dataclass(frozen=True, slots=True)
class Road:
    """One segment or detector. ``straight``: the line is drawn between its ends, its shape is not known."""

    id: str
    name: Text
    kind: RoadKind
    direction: str
    geometry: Mapping[str, Any] | None
    limit_kmh: float | None
    straight: bool


def list_roads(city: City) -> list[Road]:
    """Every segment that ever reported a speed and has a line, and every detector that has a place."""
    heard = set(city.latest(SEGMENT_SPEEDS, SPEED.id).sensors)
    segments = [_segment(kept) for kept in city.records(ROAD_NETWORK) if kept.id in heard]
    detectors = [_detector(kept) for kept in city.records(DETECTORS)]
    return [road for road in (*segments, *detectors) if road.geometry is not None]


def get_road(city: City, road_id: str) -> Road:
    """One segment or detector; one that only its readings name has no geometry. Raises NotFound."""
    for kept in city.records(ROAD_NETWORK):
        if kept.id == road_id:
            return _segment(kept)
    for kept in city.records(DETECTORS):
        if kept.id == road_id:
            return _detector(kept)
    if road_id in city.latest(SEGMENT_SPEEDS, SPEED.id).sensors:
        return Road(road_id, Text(), "segment", "", None, None, straight=False)
    if lanes_of(city, road_id):
        return Road(road_id, Text(), "detector", "", None, None, straight=False)
    raise NotFound(
        Text(en=f"no road segment or detector is called {road_id!r}", tc=f"沒有編號為 {road_id} 的路段或探測器")
    )


class FreeFlow(NamedTuple):
    """How fast a road is when it is free; ``assumed`` where too little was seen of it to know."""

    kmh: float
    assumed: bool = False


def free_flow(city: City, roads: list[Road], only: str | None = None) -> dict[str, FreeFlow]:
    """Of each road its limit, or the 85th percentile of its hours of the last three days.

    Where fewer hours were measured it is assumed: the fastest of them, and no less than the city's general
    limit. A recording's last three days are those that it recorded, however long ago. Roads without a limit
    that were never measured are left out.
    """
    known = {road.id: FreeFlow(road.limit_kmh) for road in roads if road.limit_kmh}
    if all(road.id in known for road in roads):
        return known
    end = _last_measured_day(city) if city.source is Source.RECORDING else step_before(city.now())
    hours = measured_speeds(city, end - FREE_FLOW_FROM, end, FREE_FLOW_BUCKET, only)
    seen = (~np.isnan(hours.speed_kmh)).sum(axis=0)
    found: dict[str, FreeFlow] = {}
    for enough in (False, True):
        which = seen >= FREE_FLOW_HOURS if enough else (seen > 0) & (seen < FREE_FLOW_HOURS)
        if which.any():
            fast = np.nanpercentile(hours.speed_kmh[:, which], FREE_FLOW_PERCENTILE if enough else 100, axis=0)
            least = 0.0 if enough else GENERAL_LIMIT_KMH
            ids = np.array(hours.ids, object)[which].tolist()
            told = np.maximum(np.round(fast, 1), least).tolist()
            found |= {road: FreeFlow(kmh, not enough) for road, kmh in zip(ids, told, strict=True)}
    return found | known


def _last_measured_day(city: City) -> datetime:
    """The end of the last day that has hours enough for a free flow, or any; now, with what was just read, else."""
    now = step_before(city.now()) + STEP
    ends = [now]
    for dataset in (SEGMENT_SPEEDS, LANES):
        sensors = city.latest(dataset, SPEED.id).sensors
        sample = sensors[:: max(1, len(sensors) // SAMPLED)]
        days = city.aggregate(dataset, SPEED.id, now - RECORDED_SINCE, now, timedelta(days=1), sample)
        full = np.flatnonzero((days.count >= FREE_FLOW_HOURS).any(axis=1))
        full = full if len(full) else np.flatnonzero((days.count > 0).any(axis=1))
        if len(full):
            ends.append(min(now, moment_of(int(days.starts_us[full[-1]])) + timedelta(days=1)))
    return min(ends)


def middle_of(road: Road) -> tuple[float, float] | tuple[None, None]:
    """The point half-way along a road's points."""
    if road.geometry is None:
        return None, None
    points = points_of(road.geometry)
    lon, lat = points[len(points) // 2]
    return lon, lat


def points_of(geometry: Mapping[str, Any]) -> list[list[float]]:
    """All points of a Point, LineString or MultiLineString."""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return [coordinates]
    if geometry["type"] == "LineString":
        return list(coordinates)
    return [point for line in coordinates for point in line]


def _segment(kept: Kept) -> Road:
    said = kept.record.properties
    geometry = kept.record.geometry
    return Road(
        id=kept.id,
        name=kept.record.title,
        kind="segment",
        direction=_compass(points_of(geometry)) if geometry else "",
        geometry=geometry,
        limit_kmh=said["speed_limit_kmh"],
        straight=said["straight"],
    )


def _detector(kept: Kept) -> Road:
    return Road(
        id=kept.id,
        name=kept.record.title,
        kind="detector",
        direction=kept.record.properties["direction"],
        geometry=kept.record.geometry,
        limit_kmh=None,
        straight=False,
    )


def _compass(points: list[list[float]]) -> str:
    """The compass point from the first to the last point, in the words that the detectors use."""
    (lon0, lat0), (lon1, lat1) = points[0], points[-1]
    east = (lon1 - lon0) * math.cos(math.radians(lat0))
    return COMPASS[round(math.degrees(math.atan2(east, lat1 - lat0)) / 45) % 8]
