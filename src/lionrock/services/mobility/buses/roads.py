"""The road network as a graph that a bus can be followed on from one stop to the next.

Ends of lines that lie within :data:`JOIN_M` of each other are one junction: the real network's ends
coincide, a drawn one's may not. Distances are metres in the plane of the Hong Kong 1980 Grid.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from lionrock.city.place import GRID

JOIN_M = 30.0
SNAP_M = 45.0  # a stop's bay lies beside the carriageway; the opposite one is tried too and loses by its detour
CANDIDATES = 4
DETOUR = 1.7  # a way longer than so many times the straight line is another road than the bus takes
DETOUR_M = 250.0
FORWARD_ONLY = 3  # TRAVEL_DIRECTION of the network's table: traffic runs as the line is drawn

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the network in metres; ``along_m`` is the distance of each point from its first one."""

    id: str
    points: Points
    along_m: NDArray[np.float64]
    one_way: bool

    @property
    def length_m(self) -> float:
        """From end to end."""
        return float(self.along_m[-1])


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of a line, from ``start_m`` to ``end_m`` along it (``end_m`` is the smaller against its drawing)."""

    line: int
    start_m: float
    end_m: float

    @property
    def length_m(self) -> float:
        """How long it is."""
        return abs(self.end_m - self.start_m)


@dataclass(frozen=True, slots=True)
class Place:
    """A point of a line, ``off_m`` away from where a stop stands."""

    line: int
    at_m: float
    off_m: float


@dataclass(frozen=True, slots=True)
class Roads:
    """The network: lines, their pieces for snapping (from west to east), and what leads on from each junction."""

    lines: tuple[Line, ...]
    ends: tuple[tuple[int, int], ...]
    leaving: Mapping[int, tuple[tuple[int, bool], ...]]
    piece_line: NDArray[np.int64]
    piece_start: Points
    piece_step: Points
    piece_along_m: NDArray[np.float64]
    reach_m: float

    def snap(self, point: Points) -> list[Place]:
        """The nearest places on the nearest lines within :data:`SNAP_M`, nearest first."""
        near = slice(*np.searchsorted(self.piece_start[:, 0], (point[0] - self.reach_m, point[0] + self.reach_m)))
        step = self.piece_step[near]
        offset = point - self.piece_start[near]
        square = np.maximum((step**2).sum(axis=1), 1e-9)
        share = np.clip((offset * step).sum(axis=1) / square, 0.0, 1.0)
        away_m = np.hypot(*(offset - share[:, None] * step).T)
        found: dict[int, Place] = {}
        for piece in np.flatnonzero(away_m <= SNAP_M)[np.argsort(away_m[away_m <= SNAP_M])].tolist():
            line = int(self.piece_line[near][piece])
            at_m = float(self.piece_along_m[near][piece] + share[piece] * math.sqrt(square[piece]))
            found.setdefault(line, Place(line, at_m, float(away_m[piece])))
        return list(found.values())[:CANDIDATES]

    def way(self, start: list[Place], end: list[Place], longest_m: float) -> list[Use] | None:
        """The shortest way between any two of the places; None where there is none within ``longest_m``.

        What lies off the road counts against a place.
        """
        best: tuple[float, list[Use]] | None = None
        for first in start:
            for cost_m, uses in self._ways_from(first, end, longest_m):
                if best is None or cost_m < best[0]:
                    best = (cost_m, uses)
        return None if best is None else best[1]

    def drawn(self, uses: Iterable[Use]) -> list[list[float]]:
        """A way as (x, y) points in metres."""
        path: list[list[float]] = []
        for use in uses:
            line = self.lines[use.line]
            low, high = sorted((use.start_m, use.end_m))
            inner = line.points[(line.along_m > low) & (line.along_m < high)]
            piece = [_at(line, low), *inner.tolist(), _at(line, high)]
            path += piece if use.start_m <= use.end_m else piece[::-1]
        return [point for index, point in enumerate(path) if index == 0 or point != path[index - 1]]

    def _ways_from(self, first: Place, end: list[Place], longest_m: float) -> Iterable[tuple[float, list[Use]]]:
        goals: dict[int, list[Place]] = {}
        for place in end:
            goals.setdefault(place.line, []).append(place)
        line = self.lines[first.line]
        for goal in goals.get(first.line, ()):
            if goal.at_m > first.at_m or (not line.one_way and goal.at_m < first.at_m):
                length_m = abs(goal.at_m - first.at_m)
                yield length_m + _penalty_m(first, goal), [Use(first.line, first.at_m, goal.at_m)]
        node_from, node_to = self.ends[first.line]
        waiting = [(line.length_m - first.at_m, node_to, [Use(first.line, first.at_m, line.length_m)])]
        if not line.one_way:
            waiting.append((first.at_m, node_from, [Use(first.line, first.at_m, 0.0)]))
        heapq.heapify(waiting)
        settled: set[int] = set()
        while waiting:
            gone_m, node, uses = heapq.heappop(waiting)
            if node in settled or gone_m > longest_m:
                continue
            settled.add(node)
            for number, forward in self.leaving.get(node, ()):
                on = self.lines[number]
                begin_m = 0.0 if forward else on.length_m
                for goal in goals.get(number, ()):
                    reached_m = gone_m + abs(goal.at_m - begin_m)
                    if reached_m <= longest_m and number != first.line:
                        yield reached_m + _penalty_m(first, goal), [*uses, Use(number, begin_m, goal.at_m)]
                finish_m = on.length_m - begin_m
                after = self.ends[number][1 if forward else 0]
                heapq.heappush(waiting, (gone_m + on.length_m, after, [*uses, Use(number, begin_m, finish_m)]))


def build_roads(network: Iterable[tuple[str, Mapping[str, Any] | None, int | None]]) -> Roads:
    """Join (id, geometry in lon/lat, TRAVEL_DIRECTION) of the network's centre lines to a graph."""
    lines = [
        _line(name, coordinates, direction) for name, geometry, direction in network for coordinates in _parts(geometry)
    ]
    ends = _junctions(lines)
    leaving: dict[int, list[tuple[int, bool]]] = {}
    for number, (line, (start, end)) in enumerate(zip(lines, ends, strict=True)):
        leaving.setdefault(start, []).append((number, True))
        if not line.one_way:
            leaving.setdefault(end, []).append((number, False))
    starts, steps = (
        _joined([line.points[:-1] for line in lines]),
        _joined([np.diff(line.points, axis=0) for line in lines]),
    )
    along_m = np.concatenate([line.along_m[:-1] for line in lines] or [np.empty(0)])
    east = np.argsort(starts[:, 0], kind="stable")
    return Roads(
        lines=tuple(lines),
        ends=tuple(ends),
        leaving={node: tuple(numbers) for node, numbers in leaving.items()},
        piece_line=np.repeat(np.arange(len(lines)), [len(line.points) - 1 for line in lines])[east],
        piece_start=starts[east],
        piece_step=steps[east],
        piece_along_m=along_m[east],
        reach_m=float(np.abs(steps[:, 0]).max(initial=0.0)) + SNAP_M,
    )


def to_plane(lon: Any, lat: Any) -> Points:
    """Degrees as metres of the grid, (n, 2) or (2,)."""
    return np.stack(_to_grid().transform(lon, lat), axis=-1)


def to_degrees(points: list[list[float]]) -> list[list[float]]:
    """Metres of the grid as [lon, lat], to a tenth of a metre."""
    x_m, y_m = zip(*points, strict=True)
    lon, lat = _from_grid().transform(x_m, y_m)
    return [[round(a, 6), round(b, 6)] for a, b in zip(lon, lat, strict=True)]


def _penalty_m(first: Place, last: Place) -> float:
    return 2 * (first.off_m + last.off_m)


def _parts(geometry: Mapping[str, Any] | None) -> list[list[list[float]]]:
    if geometry is None:
        return []
    return [geometry["coordinates"]] if geometry["type"] == "LineString" else list(geometry["coordinates"])


def _line(name: str, coordinates: list[list[float]], direction: int | None) -> Line:
    points = to_plane(*np.array(coordinates).T)
    along_m = np.concatenate(([0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()))
    return Line(name, points, along_m, one_way=direction == FORWARD_ONLY)


def _junctions(lines: list[Line]) -> list[tuple[int, int]]:
    """A junction's number for both ends of each line: the first end met within reach gives the number."""
    known: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
    count = 0

    def number_of(x_m: float, y_m: float) -> int:
        nonlocal count
        cell = (int(x_m // JOIN_M), int(y_m // JOIN_M))
        near = (
            place for dx in (-1, 0, 1) for dy in (-1, 0, 1) for place in known.get((cell[0] + dx, cell[1] + dy), ())
        )
        closest = min(((math.dist((x_m, y_m), (x, y)), n) for x, y, n in near), default=(math.inf, -1))
        if closest[0] <= JOIN_M:
            return closest[1]
        known.setdefault(cell, []).append((x_m, y_m, count))
        count += 1
        return count - 1

    return [(number_of(*line.points[0].tolist()), number_of(*line.points[-1].tolist())) for line in lines]


def _at(line: Line, along_m: float) -> list[float]:
    return [float(np.interp(along_m, line.along_m, line.points[:, axis])) for axis in (0, 1)]


def _joined(parts: list[Points]) -> Points:
    return np.concatenate(parts) if parts else np.empty((0, 2))


@cache
def _to_grid() -> Transformer:
    return Transformer.from_crs("EPSG:4326", GRID, always_xy=True)


@cache
def _from_grid() -> Transformer:
    return Transformer.from_crs(GRID, "EPSG:4326", always_xy=True)
