"""The road network as the Transport Department's FileGDB, ``RdNet_IRNP.gdb``, where its centre lines are missing.

What is known of a route: the two intersections that it ends at (INTERSECTION names up to ten roads
each), and for some its speed limit with the line that it holds on (SPEED_LIMIT). A route is drawn by
that line where the line joins both ends, else as a straight line between them, and says so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from lionrock.city.place import GRID
from lionrock.core.feeds.formats import FORMAT_CHANGED
from lionrock.core.vocabulary import BadInput, Dataset, Feature, MalformedDownload, Record, Text, moment_of, said
from lionrock.services.mobility.traffic.datasets import ROAD_NETWORK
from lionrock.services.mobility.traffic.feeds.network import quieten

ROADS_OF_AN_INTERSECTION = tuple(f"RD_ID_{number}" for number in range(1, 11))
INTERSECTION_COLUMNS = ("INT_ENAME", "INT_CNAME", "LAST_UPD_DATE_V", *ROADS_OF_AN_INTERSECTION)
LIMIT_COLUMNS = ("ROAD_ROUTE_ID", "SPEED_LIMIT")
BOTH_ENDS = 2
JOINS_WITHIN_M = 30.0
DIGITS = 6  # a tenth of a metre
NO_NAME = {"-99", "–９９", "SLIP ROAD", "ROUNDABOUT", "支路", "迴旋處", ""}

POINT = struct.Struct("<BIdd")
HEADER = struct.Struct("<BII")
Coordinates = NDArray[np.float64]
Table = tuple[dict[str, NDArray[Any]], list[bytes]]


@dataclass(slots=True)
class Intersections:
    """Where roads meet: by row, names and places in metres; by route, the rows that it ends at."""

    english: list[str]
    chinese: list[str]
    places: Coordinates
    ends: dict[int, list[int]] = field(default_factory=dict)
    newest: datetime = datetime(2000, 1, 1, tzinfo=UTC)


def parse_irn(path: Path) -> Iterator[tuple[datetime, Dataset, list[Record]]]:
    """Yield every route whose two ends are known, as received on the day of the network's last change."""
    gis = _gis(path)
    meeting = _intersections(_layer(gis, path, "INTERSECTION", INTERSECTION_COLUMNS))
    limits, lines = _limits(_layer(gis, path, "SPEED_LIMIT", LIMIT_COLUMNS))
    features: list[Record] = []
    to_degrees = Transformer.from_crs(GRID, "EPSG:4326", always_xy=True)
    for route, ends in meeting.ends.items():
        if len(ends) != BOTH_ENDS:
            continue
        between = meeting.places[ends]
        shape = _shape(lines.get(route), between)
        metres = between if shape is None else shape
        lon, lat = to_degrees.transform(metres[:, 0], metres[:, 1])
        points = np.column_stack([lon, lat]).round(DIGITS).tolist()
        features.append(
            Feature(
                id=str(route),
                geometry={"type": "LineString", "coordinates": points},
                title=Text(
                    en=quieten(_name([meeting.english[row] for row in ends])),
                    tc=_name([meeting.chinese[row] for row in ends]),
                ),
                properties={
                    "speed_limit_kmh": limits.get(route),
                    "travel_direction": None,
                    "straight": shape is None,
                },
            )
        )
    yield meeting.newest, ROAD_NETWORK, features


def _gis(path: Path) -> Any:
    try:
        import pyogrio  # noqa: PLC0415 - optional: nothing but this recording needs it
    except ImportError as error:
        raise BadInput(
            "reading a FileGDB needs pyogrio", where=path.name, remedy="pip install 'lionrock[gis]'"
        ) from error
    return pyogrio


def _layer(gis: Any, path: Path, layer: str, columns: tuple[str, ...]) -> Table:
    try:
        with catch_warnings():
            simplefilter("ignore")  # it says that it lets go of the measures along lines, which nobody needs here
            meta, _, geometry, values = gis.raw.read(path, layer=layer, force_2d=True)
    except (gis.errors.DataSourceError, gis.errors.DataLayerError) as error:
        raise MalformedDownload(
            said(f"no layer {layer}: {error}", f"沒有圖層 {layer}"), where=path.name, remedy=FORMAT_CHANGED
        ) from error
    found = dict(zip(meta["fields"].tolist(), values, strict=True))
    missing = [name for name in columns if name not in found]
    if missing:
        raise MalformedDownload(
            said(f"{layer} lacks {', '.join(missing)}", f"{layer} 欠缺 {', '.join(missing)}"),
            where=path.name,
            remedy=FORMAT_CHANGED,
        )
    return found, list(geometry)


def _intersections(table: Table) -> Intersections:
    columns, geometry = table
    places = np.array([POINT.unpack(shape)[2:] for shape in geometry])
    meeting = Intersections(
        english=[str(words or "") for words in columns["INT_ENAME"]],
        chinese=[str(words or "") for words in columns["INT_CNAME"]],
        places=places,
        newest=moment_of(int(columns["LAST_UPD_DATE_V"].max().astype("datetime64[us]").astype(np.int64))),
    )
    for name in ROADS_OF_AN_INTERSECTION:
        for row in np.flatnonzero(~np.isnan(columns[name])).tolist():
            meeting.ends.setdefault(int(columns[name][row]), []).append(row)
    return meeting


def _limits(table: Table) -> tuple[dict[int, float], dict[int, Coordinates]]:
    """Each route's limit in km/h (the lowest, where several hold) and the longest line that one holds on."""
    columns, geometry = table
    limits: dict[int, float] = {}
    lines: dict[int, Coordinates] = {}
    for route, words, shape in zip(columns["ROAD_ROUTE_ID"].tolist(), columns["SPEED_LIMIT"], geometry, strict=True):
        limit = float(str(words).split()[0])
        limits[route] = min(limit, limits.get(route, limit))
        line = _line(shape)
        if line is not None and (route not in lines or len(line) > len(lines[route])):
            lines[route] = line
    return limits, lines


def _line(shape: bytes) -> Coordinates | None:
    """The points of a MultiLineString (WKB) of one line; None where it has several."""
    _, _, count = HEADER.unpack_from(shape)
    if count != 1:
        return None
    _, _, points = HEADER.unpack_from(shape, HEADER.size)
    return np.frombuffer(shape, "<f8", points * 2, 2 * HEADER.size).reshape(points, 2)


def _shape(line: Coordinates | None, ends: Coordinates) -> Coordinates | None:
    """``line`` where it joins both ``ends``, in either direction."""
    if line is None:
        return None
    for two in (ends, ends[::-1]):
        if np.hypot(*(line[[0, -1]] - two).T).max() <= JOINS_WITHIN_M:
            return line
    return None


def _name(ends: list[str]) -> str:
    """The road that is named at both ends; where there is none, the one named at each."""
    first, second = (
        [part for part in (piece.strip() for piece in end.split("/")) if part.upper() not in NO_NAME] for end in ends
    )
    shared = [part for part in first if part in second]
    if shared:
        return shared[0]
    return " – ".join(dict.fromkeys(names[0] for names in (first, second) if names))
