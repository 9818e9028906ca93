"""The road network's centre lines (CSDI, WFS as GeoJSON): the line and the names of each segment.

Coordinates come as lon/lat, as lat/lon (WFS keeps EPSG:4326's order) or in metres of the
Hong Kong 1980 Grid, depending on how the server was asked; the numbers tell which.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyproj import Transformer

from lionrock.city.place import GRID, in_city
from lionrock.core.feeds.formats import FORMAT_CHANGED, json_as, number
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, MalformedDownload, Text, said

WORD = re.compile(r"(['’]S)\b|\w+")  # a genitive, or whatever else begins with a capital
DIGITS = 6  # a tenth of a metre
A_LINE = 2  # points
METRES = 1000  # no degree is as large
LIMIT = re.compile(r"\s*(\S+?)\s*(?:km/h)?\s*")
NO_NAME = ("", "-99", "-９９")  # how the network's table writes that there is none
Point = tuple[float, float]


@dataclass(frozen=True)
class Geometry:
    """A LineString or a MultiLineString; heights are let go."""

    type: str
    coordinates: list[Any]


@dataclass(frozen=True)
class Road:
    """What we read of a centre line's attributes."""

    ROUTE_ID: int
    STREET_ENAME: str | None = None
    STREET_CNAME: str | None = None
    TRAVEL_DIRECTION: int | None = None
    SPEED_LIMIT: float | str | None = None


@dataclass(frozen=True)
class Centreline:
    """One feature of the layer."""

    geometry: Geometry | None
    properties: Road


@dataclass(frozen=True)
class Centrelines:
    """The answer of the WFS."""

    type: str
    features: list[Centreline]


def parse_road_network(download: Download) -> Iterator[Feature]:
    """A LineString (or MultiLineString) Feature for each ROUTE_ID; pieces of one route are joined."""
    collection = json_as(download, Centrelines)
    if collection.type != "FeatureCollection":
        raise MalformedDownload(
            said(f"the type is {collection.type!r}", f"類型是 {collection.type!r}"),
            where="$.type",
            remedy=FORMAT_CHANGED,
        )
    if not collection.features:
        raise MalformedDownload(
            said("no centre line in the file", "檔案內沒有道路中線"), where="$.features", remedy=FORMAT_CHANGED
        )
    lines: dict[int, list[list[list[float]]]] = {}
    roads: dict[int, Road] = {}
    for index, feature in enumerate(collection.features):
        route = feature.properties.ROUTE_ID
        roads.setdefault(route, feature.properties)
        known = lines.setdefault(route, [])
        known += [line for line in _lines(feature.geometry, f"$.features[{index}].geometry") if line not in known]
    return (_feature(road, lines[route]) for route, road in roads.items())


def _feature(road: Road, lines: list[list[list[float]]]) -> Feature:
    geometry = {"type": "LineString", "coordinates": lines[0]} if len(lines) == 1 else None
    if len(lines) > 1:
        geometry = {"type": "MultiLineString", "coordinates": lines}
    return Feature(
        id=str(road.ROUTE_ID),
        geometry=geometry,
        title=Text(en=quieten(_name(road.STREET_ENAME)), tc=_name(road.STREET_CNAME)),
        properties={
            "speed_limit_kmh": _speed_limit(road.SPEED_LIMIT, f"ROUTE_ID {road.ROUTE_ID}, SPEED_LIMIT"),
            "travel_direction": road.TRAVEL_DIRECTION,
            "straight": False,
        },
    )


def quieten(name: str) -> str:
    """``CENTRAL-WAN CHAI BYPASS``, as the network's tables shout it, as a person writes it: Central-Wan Chai Bypass."""
    return WORD.sub(lambda word: word[0].lower() if word[1] else word[0].capitalize(), name)


def _name(words: str | None) -> str:
    stripped = (words or "").strip()
    return "" if stripped in NO_NAME else stripped


def _speed_limit(told: float | str | None, where: str) -> float | None:
    """50 from 50 or "50 km/h"; None where the layer does not say. Raises MalformedDownload for other words."""
    if isinstance(told, str):
        words = LIMIT.fullmatch(told)
        told = None if _name(told) == "" else number(words[1] if words else told, where)
    return told if told is not None and told > 0 else None


def _lines(geometry: Geometry | None, where: str) -> list[list[list[float]]]:
    if geometry is None:
        return []
    if geometry.type not in ("LineString", "MultiLineString"):
        raise MalformedDownload(
            said(f"a {geometry.type}, not a line", f"收到的是 {geometry.type}，而非線"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    parts = geometry.coordinates if geometry.type == "MultiLineString" else [geometry.coordinates]
    return [_line(part, where) for part in parts]


def _line(part: Any, where: str) -> list[list[float]]:
    if not isinstance(part, list) or len(part) < A_LINE:
        raise MalformedDownload(
            said("a line of less than two points", "線少於兩點"), where=where, remedy=FORMAT_CHANGED
        )
    return [_point(point, where) for point in part]


def _point(point: Any, where: str) -> list[float]:
    pair = point[:2] if isinstance(point, list) else []
    if len(pair) != A_LINE or not all(type(number) in (int, float) for number in pair):
        raise MalformedDownload(
            said(f"{point!r} is no point", f"{point!r} 並非一點"), where=where, remedy=FORMAT_CHANGED
        )
    first, second = pair
    if first > METRES:
        lon, lat = _from_grid().transform(first, second)
    elif first < second:  # every latitude of the city is smaller than every longitude
        lat, lon = first, second
    else:
        lon, lat = first, second
    if not in_city(lon, lat):
        raise MalformedDownload(
            said(f"{point!r} lies outside the city", f"{point!r} 在本市以外"),
            where=where,
            remedy=said("look which coordinates the server sends", "查看伺服器送出何種坐標"),
        )
    return [round(lon, DIGITS), round(lat, DIGITS)]


@cache
def _from_grid() -> Transformer:
    return Transformer.from_crs(GRID, "EPSG:4326", always_xy=True)
