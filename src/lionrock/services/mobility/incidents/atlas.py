"""Where things are: roads by name, and landmarks, from the city's own data sets and the table of places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

from lionrock.city.gazetteer import list_places
from lionrock.core.vocabulary import Feature, Text, simplify
from lionrock.services.mobility.incidents.directions import BOTH, HEADINGS
from lionrock.services.mobility.incidents.metres import Point, distance_m
from lionrock.services.mobility.incidents.names import as_typed

AS_DRAWN, REVERSED = 3, 4  # TRAVEL_DIRECTION of the road network; others run both ways
SECTION = re.compile(r"\s*[-–—－]\s*.*$")
LOOSE_ENDS = re.compile(r"flyover|underpass|roundabout|service road|slip road|天桥|隧道管道|支路|回旋处|迴旋处|段$")
SPREAD_M = 1500.0  # one name whose places lie farther apart names no single place
NEAR_IN_NAME = re.compile(r"^(?P<road>.+?)(?: near |近)(?P<near>.+?)(?: ?[-–] ?[\w一-鿿 ]+)?$")
MTR = re.compile(r" ?(?:mtr )?station$|(?:港铁)?站$")


@dataclass(frozen=True, slots=True)
class Line:
    """One drawn road segment, and its length. ``one_way``: traffic runs as drawn; else both ways, or nobody knows."""

    id: str
    points: tuple[Point, ...]
    one_way: bool
    length_m: float = 0.0

    def __post_init__(self) -> None:
        length = sum(distance_m(a, b) for a, b in zip(self.points, self.points[1:], strict=False))
        object.__setattr__(self, "length_m", length)


def name_key(name: str) -> str:
    """A name as it is compared: simplified, small letters and digits alone, ``By-Pass`` as bypass."""
    return re.sub(r"[\W_]+", "", simplify(name).lower())


def road_keys(name: str) -> list[str]:
    """The keys under which a road may stand, the most exact first: as said, without flyover, without section."""
    bare = simplify(name).lower()
    loose = LOOSE_ENDS.sub("", bare)
    keys = [name_key(each) for each in (bare, loose, SECTION.sub("", bare), SECTION.sub("", loose))]
    return [key for key in dict.fromkeys(keys) if key]


@dataclass(slots=True)
class Atlas:
    """Roads and landmarks by the key of their names, in any language; lines by their segment's id."""

    roads: dict[str, list[Line]] = field(default_factory=dict)
    landmarks: dict[str, list[Point]] = field(default_factory=dict)
    lines: dict[str, Line] = field(default_factory=dict)
    names: dict[str, Text] = field(default_factory=dict)

    def called(self, words: str) -> Text:
        """A name in every language that is known of it; in the one that it was said in, where nothing is known."""
        return self.names.get(name_key(words)) or as_typed(words)

    def find_road(self, name: str) -> list[Line]:
        """The segments of the road called ``name``; of several roads named, the first that is known."""
        for one in (name, *re.split(r", | and |、|及|与", name)):
            for key in road_keys(one):
                if key in self.roads:
                    return self.roads[key]
        return []

    def find_landmark(self, name: str, by: list[Line]) -> Point | None:
        """Where a landmark is: a place, a detector's or a car park's name, or where the road of that name meets ``by``.

        Of a name that several places share the one nearest to ``by`` is meant; where nothing tells, None.
        """
        keys = dict.fromkeys((name_key(name), name_key(MTR.sub("", simplify(name).lower()))))
        for key in keys:
            if key in self.landmarks:
                return _one_of(self.landmarks[key], by)
        crossing = self.find_road(name)
        if not crossing:
            return None
        if not by:
            return _one_of([line.points[len(line.points) // 2] for line in crossing], by)
        return _meeting(crossing, by)


def build_atlas(
    roads: Iterable[Feature], detectors: Iterable[Feature] = (), car_parks: Iterable[Feature] = ()
) -> Atlas:
    """The atlas of the table of places and these features (``traffic.road_network`` and the two others)."""
    atlas = Atlas()
    for way in (*HEADINGS, BOTH):
        _call(atlas, way)
    for name, point in _landmarks(detectors, car_parks):
        _add(atlas.landmarks, name, point)
        _call(atlas, name)
    for feature in roads:
        _call(atlas, feature.title)
        if feature.geometry is not None:
            one_way = feature.properties.get("travel_direction") in (AS_DRAWN, REVERSED)
            backward = feature.properties.get("travel_direction") == REVERSED
            for points in _lines(feature.geometry):
                line = Line(feature.id, tuple(reversed(points)) if backward else points, one_way)
                _add(atlas.roads, feature.title, line)
                atlas.lines[feature.id] = line
    return atlas


def _landmarks(detectors: Iterable[Feature], car_parks: Iterable[Feature]) -> Iterator[tuple[Text, Point]]:
    """What an announcement may name beside roads: places of the gazetteer, car parks, and what detectors stand near."""
    yield from ((place.name, (place.lon, place.lat)) for place in list_places() if place.announced)
    yield from ((each.title, _point(each.geometry)) for each in car_parks if each.geometry is not None)
    for feature in detectors:
        near = _near(feature.title)
        if feature.geometry is not None and near is not None:
            yield near, _point(feature.geometry)


def nearest_of(lines: Iterable[Line], point: Point) -> tuple[float, Point, Line] | None:
    """The line of ``lines`` that is nearest to ``point``: how far in metres, where on it, and which; None of none."""
    best: tuple[float, Point, Line] | None = None
    for line in lines:
        # No point of a line is nearer than its beginning less the whole of its length.
        if best is None or distance_m(line.points[0], point) - line.length_m < best[0]:
            far, here = nearest_on(line, point)
            if best is None or far < best[0]:
                best = (far, here, line)
    return best


def far_m(lines: Iterable[Line], point: Point) -> float:
    """Metres from ``point`` to the nearest of ``lines``; infinite where there is none."""
    found = nearest_of(lines, point)
    return inf if found is None else found[0]


def nearest_on(line: Line, point: Point) -> tuple[float, Point]:
    """How many metres ``point`` is from ``line``, and the nearest point of the line."""
    best = (distance_m(line.points[0], point), line.points[0])
    for start, end in zip(line.points, line.points[1:], strict=False):
        span = distance_m(start, end)
        if span == 0:
            continue
        # A rectangular plane is good enough: a segment is some hundred metres long.
        east, north = end[0] - start[0], end[1] - start[1]
        share = ((point[0] - start[0]) * east * 0.856 + (point[1] - start[1]) * north) / (east**2 * 0.856 + north**2)
        share = min(1.0, max(0.0, share))
        here = (start[0] + share * east, start[1] + share * north)
        best = min(best, (distance_m(here, point), here))
    return best


def _add(where: dict[str, list[Any]], name: Text, what: Any) -> None:
    for key in dict.fromkeys((name_key(name.en), name_key(name.tc or name.sc))):
        if key:
            where.setdefault(key, []).append(what)


def _call(atlas: Atlas, name: Text) -> None:
    """Know a name by each language that it is given in; the first that has them all is kept."""
    if name.en and name.tc:
        for key in (name_key(name.en), name_key(name.tc)):
            atlas.names.setdefault(key, name)


def _near(title: Text) -> Text | None:
    """The landmark in a detector's name: ``Tolo Highway near Tai Po Kau - Northbound``."""
    english, chinese = NEAR_IN_NAME.match(title.en), NEAR_IN_NAME.match(title.tc)
    if english is None and chinese is None:
        return None
    return Text(en=english["near"].strip() if english else "", tc=chinese["near"].strip() if chinese else "")


def _one_of(points: list[Point], by: list[Line]) -> Point | None:
    if by:
        return points[0] if len(points) == 1 else min(points, key=lambda point: far_m(by, point))
    middle = (sum(p[0] for p in points) / len(points), sum(p[1] for p in points) / len(points))
    return middle if all(distance_m(point, middle) <= SPREAD_M for point in points) else None


def _meeting(crossing: list[Line], by: list[Line]) -> Point | None:
    """Where two roads come nearest to each other; None where they stay apart."""
    best: tuple[float, Point] = (inf, by[0].points[0])
    for other in crossing:
        for point in (other.points[0], other.points[-1], other.points[len(other.points) // 2]):
            found = nearest_of(by, point)
            if found is not None and found[0] < best[0]:
                best = found[:2]
    return best[1] if best[0] <= SPREAD_M else None


def _point(geometry: Mapping[str, Any]) -> Point:
    lon, lat = geometry["coordinates"][:2]
    return lon, lat


def _lines(geometry: Mapping[str, Any]) -> list[tuple[Point, ...]]:
    parts = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
    return [tuple((point[0], point[1]) for point in part) for part in parts]
