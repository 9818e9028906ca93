"""The road network as directed links, built once from the typed roads and junctions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from lionrock.core.vocabulary import Text
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.roads import ROADS, StrategicRoad

ORIGIN_LON, ORIGIN_LAT = 114.1, 22.35
M_PER_DEGREE_LAT = 110_760.0  # at 22 degrees north
M_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(ORIGIN_LAT))
HALF_MEDIAN_M = 9.0  # each carriageway is drawn this far left of the middle: the city drives on the left
FIRST_ROUTE_ID = 900_001  # above every ROUTE_ID that the real network used by 2025

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of a road between two junctions.

    ``points`` are (lon, lat) along the travel direction; ``route_id`` is the network's ROUTE_ID and the
    segment_id of the segment speeds; ``bound`` says where it leads, as traffic news would.
    """

    route_id: int
    road: Text
    bound: Text
    route: str
    start: str
    end: str
    points: tuple[Point, ...]
    length_m: float
    lanes: int
    limit_kmh: int
    tunnel: bool

    @property
    def key(self) -> str:
        """The link's name in the simulation."""
        return str(self.route_id)


@cache
def list_links() -> tuple[Link, ...]:
    """Every directed link, in the order of ``route_id``; the index is the column of all link arrays."""
    links: list[Link] = []
    for road in ROADS:
        for path, bound in ((road.path, road.forward), (tuple(reversed(road.path)), road.backward)):
            for start, end, points in _between_junctions(path):
                links.append(_link(FIRST_ROUTE_ID + len(links), road, bound, start, end, points))
    return tuple(links)


def plane(point: Point) -> Point:
    """Metres east and north of the city's middle; true to 0.1% over the city."""
    return (point[0] - ORIGIN_LON) * M_PER_DEGREE_LON, (point[1] - ORIGIN_LAT) * M_PER_DEGREE_LAT


def sphere(x_m: float, y_m: float) -> Point:
    """The inverse of :func:`plane`."""
    return x_m / M_PER_DEGREE_LON + ORIGIN_LON, y_m / M_PER_DEGREE_LAT + ORIGIN_LAT


def point_along(link: Link, share: float) -> tuple[Point, float]:
    """The point at ``share`` (0 to 1) of a link's length, and the bearing there in degrees from north."""
    remaining = share * length_m(link.points)
    for start, end in pairwise(link.points):
        (x0, y0), (x1, y1) = plane(start), plane(end)
        piece = math.hypot(x1 - x0, y1 - y0)
        if remaining <= piece:
            along = remaining / piece
            bearing = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360
            return sphere(x0 + (x1 - x0) * along, y0 + (y1 - y0) * along), bearing
        remaining -= piece
    (x0, y0), (x1, y1) = plane(link.points[-2]), plane(link.points[-1])
    return link.points[-1], math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360


def length_m(points: tuple[Point, ...]) -> float:
    """Length of a line in metres."""
    flat = [plane(point) for point in points]
    return sum(math.dist(a, b) for a, b in pairwise(flat))


def _link(route_id: int, road: StrategicRoad, bound: Text, start: str, end: str, points: tuple[Point, ...]) -> Link:
    return Link(
        route_id=route_id,
        road=road.name,
        bound=bound,
        route=road.route,
        start=start,
        end=end,
        points=_left_of(points),
        length_m=round(length_m(points), 1),
        lanes=road.lanes,
        limit_kmh=road.limit_kmh,
        tunnel=road.tunnel,
    )


def _between_junctions(path: tuple[str | Point, ...]) -> list[tuple[str, str, tuple[Point, ...]]]:
    pieces: list[tuple[str, str, tuple[Point, ...]]] = []
    start = ""
    points: list[Point] = []
    for step in path:
        if isinstance(step, str):
            here = (JUNCTIONS[step].lon, JUNCTIONS[step].lat)
            if start:
                pieces.append((start, step, (*points, here)))
            start, points = step, [here]
        else:
            points.append(step)
    return pieces


def _left_of(points: tuple[Point, ...]) -> tuple[Point, ...]:
    """The line moved to the left of its direction by half a median, so that both directions are seen."""
    flat = [plane(point) for point in points]
    moved = []
    for index, (x_m, y_m) in enumerate(flat):
        before, after = flat[max(index - 1, 0)], flat[min(index + 1, len(flat) - 1)]
        heading = math.atan2(after[1] - before[1], after[0] - before[0])
        lon, lat = sphere(x_m - HALF_MEDIAN_M * math.sin(heading), y_m + HALF_MEDIAN_M * math.cos(heading))
        moved.append((round(lon, 6), round(lat, 6)))
    return tuple(moved)
