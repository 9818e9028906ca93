"""A small drawing of where a data set's features lie, as SVG paths: a preview without JavaScript."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from lionrock.app.house import House
from lionrock.app.pages.render import STATIC, read_manifest
from lionrock.city.place import BOUNDS
from lionrock.core.vocabulary import Dataset, Kind

WIDTH = 640
WEST, SOUTH, EAST, NORTH = BOUNDS
SCALE = WIDTH / (EAST - WEST)
STRETCH = 1 / math.cos(math.radians((SOUTH + NORTH) / 2))
HEIGHT = round((NORTH - SOUTH) * SCALE * STRETCH)
MOST_DRAWN = 3000


@dataclass(frozen=True, slots=True)
class Shapes:
    """An SVG of ``width`` x ``height``: the land, ``lines`` and ``points``, a path each; ``left_out`` were too many."""

    width: int
    height: int
    land: str
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
    lines: list[str] = []
    points: list[str] = []
    for geometry in places[:MOST_DRAWN]:
        for path in _paths(geometry):
            drawn = _drawn(path)
            (points if len(path) == 1 else lines).append(f"{drawn}h0" if len(path) == 1 else drawn)
    shown = min(len(places), MOST_DRAWN)
    return Shapes(WIDTH, HEIGHT, _land(), "".join(lines), "".join(points), shown, len(places) - shown)


@cache
def _land() -> str:
    """The land as one path, from the built coastline; raises NotYet while the web assets are not built."""
    coastline = json.loads((STATIC / read_manifest()["coastline.json"]).read_text(encoding="utf-8"))
    return "".join(
        f"{_drawn(path)}Z"
        for feature in coastline["features"]
        if feature["properties"]["part"] == "land"
        for path in _paths(feature["geometry"])
    )


def _drawn(path: list[list[float]]) -> str:
    """A line as an SVG path, without the points that fall on one another."""
    places = [f"{(lon - WEST) * SCALE:.1f} {(NORTH - lat) * SCALE * STRETCH:.1f}" for lon, lat in path]
    kept = [place for number, place in enumerate(places) if number == 0 or place != places[number - 1]]
    return f"M{'L'.join(kept)}"


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
