"""From words to the map: which segments an announcement means, which way, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from statistics import median

from lionrock.services.mobility.incidents.atlas import Atlas, Line, far_m, nearest_on
from lionrock.services.mobility.incidents.directions import COMPASS, bearing_of
from lionrock.services.mobility.incidents.metres import M_PER_DEGREE_LAT, M_PER_DEGREE_LON, Point, distance_m
from lionrock.services.mobility.incidents.told import Told

ASTRAY_M = 3000.0  # a landmark farther than this from the road is another place of that name
BESIDE_M = 200.0  # segments this much farther from the landmark than the nearest may be meant too
LANDMARK_ERROR_M = 500.0  # "near": half of the landmarks of messages lie within this of the incident
MOST_LINKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where an announcement is: segments (the likeliest first), a point, and how far off that may be.

    ``how`` is message (its own coordinates), landmark, road (its middle) or nothing.
    """

    links: tuple[str, ...] = ()
    lon: float | None = None
    lat: float | None = None
    error_m: float | None = None
    heading: str = ""
    how: str = "nothing"


def match(told: Told, atlas: Atlas, stated: Point | None = None) -> Match:
    """Find the segments and the point of what was told; ``stated`` are the message's own coordinates."""
    lines = _leading_to(told, atlas.find_road(told.road) if told.road else [], atlas)
    if stated is not None:
        return replace(_beside(lines, stated), lon=stated[0], lat=stated[1], error_m=0.0, how="message")
    spot = _landmark(told, atlas, lines)
    if spot is not None:
        return replace(_beside(lines, spot), how="landmark")
    if not lines:
        return Match()
    # A line that is nearest to the middle of them all stands for the road.
    middle = (median(_middle(line)[0] for line in lines), median(_middle(line)[1] for line in lines))
    reach = max(distance_m(middle, point) for line in lines for point in (line.points[0], line.points[-1]))
    found = _beside(lines, middle)
    links = tuple(dict.fromkeys(line.id for line in lines))
    return replace(found, links=links if len(links) <= MOST_LINKS else (), error_m=round(reach), how="road")


def heading_of(links: tuple[str, ...], atlas: Atlas) -> str:
    """The compass point that traffic on the first of ``links`` goes to; "" where it is not known."""
    line = atlas.lines.get(links[0]) if links else None
    return _compass(line) if line is not None and line.one_way else ""


def _landmark(told: Told, atlas: Atlas, lines: list[Line]) -> Point | None:
    spots = [atlas.find_landmark(name, lines) for name in (told.near, told.between) if name]
    known = [spot for spot in spots if spot is not None]
    known = [spot for spot in known if not lines or far_m(lines, spot) <= ASTRAY_M]
    if not known:
        return None
    return (sum(p[0] for p in known) / len(known), sum(p[1] for p in known) / len(known))


def _beside(lines: list[Line], spot: Point) -> Match:
    """The segments beside ``spot``, those that lead to it first, and the point of the road nearest to it."""
    if not lines:
        return Match(lon=round(spot[0], 6), lat=round(spot[1], 6), error_m=LANDMARK_ERROR_M)
    nearest_m = far_m(lines, spot)
    reached = [line for line in lines if distance_m(line.points[0], spot) - line.length_m <= nearest_m + BESIDE_M]
    near = sorted(((*nearest_on(line, spot), line) for line in reached), key=lambda one: one[0])
    beside = [(line, here) for far, here, line in near if far <= nearest_m + BESIDE_M]
    beside.sort(key=lambda one: distance_m(one[0].points[-1], one[1]) > distance_m(one[0].points[0], one[1]))
    first, (lon, lat) = beside[0]
    return Match(
        links=tuple(dict.fromkeys(line.id for line, _ in beside))[:MOST_LINKS],
        lon=round(lon, 6),
        lat=round(lat, 6),
        error_m=round(max(LANDMARK_ERROR_M, nearest_m)),
        heading=_compass(first) if first.one_way else "",
    )


def _leading_to(told: Told, lines: list[Line], atlas: Atlas) -> list[Line]:
    """The lines whose traffic goes where the message says; all of them where nobody can tell."""
    if not told.direction or told.both:
        return lines
    bearing = bearing_of(told.direction)
    goal = None if bearing is not None else _goal(told.direction, atlas)
    if bearing is None and goal is None:
        return lines
    kept = [line for line in lines if not line.one_way or _progress(line, goal, bearing) > 0]
    return kept or lines


def knows_direction(direction: str, atlas: Atlas) -> bool:
    """Whether anybody can tell where a direction leads."""
    return bearing_of(direction) is not None or _goal(direction, atlas) is not None


def _goal(direction: str, atlas: Atlas) -> Point | None:
    goal = atlas.find_landmark(direction, [])
    if goal is not None:
        return goal
    lines = atlas.find_road(direction)
    if not lines:
        return None
    return median(_middle(line)[0] for line in lines), median(_middle(line)[1] for line in lines)


def _progress(line: Line, goal: Point | None, bearing: float | None) -> float:
    """Metres that a drive along ``line`` comes nearer to ``goal``, or goes towards ``bearing``."""
    start, end = line.points[0], line.points[-1]
    if goal is not None:
        return distance_m(start, goal) - distance_m(end, goal)
    turn = math.radians(bearing or 0.0)
    east, north = (end[0] - start[0]) * M_PER_DEGREE_LON, (end[1] - start[1]) * M_PER_DEGREE_LAT
    return east * math.sin(turn) + north * math.cos(turn)


def _middle(line: Line) -> Point:
    return line.points[len(line.points) // 2]


def _compass(line: Line) -> str:
    (lon0, lat0), (lon1, lat1) = line.points[0], line.points[-1]
    bearing = math.degrees(math.atan2((lon1 - lon0) * M_PER_DEGREE_LON, (lat1 - lat0) * M_PER_DEGREE_LAT))
    return COMPASS[round(bearing / 45) % 8]
