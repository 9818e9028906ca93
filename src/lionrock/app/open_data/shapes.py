"""A small drawing of where a data set's features lie, as SVG paths: a preview without JavaScript."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lionrock.app.house import House
from lionrock.city.place import BOUNDS
from lionrock.core.vocabulary import Dataset, Kind

WIDTH = 640
MOST_DRAWN = 3000


@dataclass(frozen=True, slots=True)
class Shapes:
    """An SVG of ``width`` x ``height``: ``lines`` as one path, ``points`` as another; ``left_out`` were too many."""

    width: int
    height: int
    lines: str
    points: str
    drawn: int
    left_out: int


def draw_shapes(house: House, dataset: Dataset) -> Shapes | None:
    """Where the open features or events lie; None for other kinds, and where none has a place."""
    if dataset.kind not in (Kind.FEATURES, Kind.EVENTS):
        return None
    records = [kept.record for kept in house.records.list_open(dataset.id)]
    places = [geometry for geometry in map(_geometry_of, records) if geometry is not None]
    if not places:
        return None
    west, south, east, north = BOUNDS
    scale = WIDTH / (east - west)
    stretch = 1 / math.cos(math.radians((south + north) / 2))
    lines: list[str] = []
    points: list[str] = []
    for geometry in places[:MOST_DRAWN]:
        for path in _paths(geometry):
            drawn = [f"{(lon - west) * scale:.1f} {(north - lat) * scale * stretch:.1f}" for lon, lat in path]
            (points if len(drawn) == 1 else lines).append(
                f"M{drawn[0]}h0" if len(drawn) == 1 else f"M{'L'.join(drawn)}"
            )
    height = round((north - south) * scale * stretch)
    shown = min(len(places), MOST_DRAWN)
    return Shapes(WIDTH, height, "".join(lines), "".join(points), shown, len(places) - shown)


def _geometry_of(record: Any) -> Mapping[str, Any] | None:
    if hasattr(record, "geometry"):
        geometry: Mapping[str, Any] | None = record.geometry
        return geometry
    return None if record.lon is None else {"type": "Point", "coordinates": [record.lon, record.lat]}


def _paths(geometry: Mapping[str, Any]) -> Iterable[list[list[float]]]:
    """Every line of a geometry as [lon, lat] pairs; a point is a line of one."""
    coordinates = geometry["coordinates"]
    if geometry["type"] == "Point":
        return [[coordinates[:2]]]
    if geometry["type"] in ("LineString", "MultiPoint"):
        return [[point[:2] for point in coordinates]]
    if geometry["type"] in ("MultiLineString", "Polygon"):
        return [[point[:2] for point in line] for line in coordinates]
    return [[point[:2] for point in line] for polygon in coordinates for line in polygon]
