"""The roads as a network to drive on: links that meet, with names, limits, tunnels and the way each may be driven.

The source gives lines, not junctions: ends that meet become one node. A network that draws its lines to
the same points (as the city's does) is joined exactly; one that draws the two carriageways apart (its
ends at a junction lie metres from each other) is joined within the width of a junction.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.core.records import Kept
from lionrock.core.vocabulary import NotYet, Text
from lionrock.engines.routing.graph import Graph

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ORIGIN_LON, ORIGIN_LAT = 114.1, 22.35
M_PER_DEGREE = np.array([111_320.0 * math.cos(math.radians(ORIGIN_LAT)), 110_760.0])  # at 22 degrees north

MEETS_WITHIN_M = 1.5
JUNCTION_WITHIN_M = 25.0
MOST_LOOSE = 0.4  # with more ends that lead nowhere, the carriageways are drawn apart
SHORTEST_M = 1.0

MOST_WHOLE = 6000  # lines; of a larger network (every street) the strategic part is kept
SAME_PLACE_DIGITS = 5  # of a degree: a metre

STANDS_WITHIN_M = 40.0
COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
LOOKS_ALONG_DEG = 60.0

AS_DRAWN, AGAINST = 3, 4  # TRAVEL_DIRECTION; 1, and where nothing is said, both ways


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of one line. ``road`` is the ROUTE_ID that speeds and forecasts are told of.

    ``points`` are lon/lat in the direction of travel, ``along_m`` how far along each of them lies.
    """

    road: str
    name: Text
    points: Floats
    along_m: Floats
    limit_kmh: float | None
    tunnel: bool


@dataclass(frozen=True, eq=False)
class Roads:
    """The network: ``links[i]`` is the graph's link ``i``; ``pieces`` are its straight pieces, to find the nearest.

    ``pieces`` is [n, 4] (two ends in metres), ``piece_link`` the link of each, ``piece_along_m`` where
    on it the piece begins. ``main`` marks the links of the largest part within which one can come and go.
    """

    graph: Graph
    links: tuple[Link, ...]
    pieces: Floats
    piece_link: Ints
    piece_along_m: Floats
    main: NDArray[np.bool_]


def plane(points: Floats) -> Floats:
    """Metres east and north of the city's middle; true to a thousandth over the city."""
    flat: Floats = (points - np.array([ORIGIN_LON, ORIGIN_LAT])) * M_PER_DEGREE
    return flat


def build_roads(features: Sequence[Kept], heard: Collection[str]) -> Roads:
    """The network of the road network's features; raises NotYet while there are none.

    Of a network of every street only its strategic part is kept: the roads that are ``heard`` (whose
    speeds are told) and the ones that join two of them.
    """
    chosen = features if len(features) <= MOST_WHOLE or not heard else _strategic(features, heard)
    links = tuple(link for kept in chosen for link in _links(kept))
    if not links:
        raise NotYet("no road network has been received yet")
    ends = plane(np.array([[link.points[0], link.points[-1]] for link in links]).reshape(-1, 2))
    nodes = _joined(ends)
    tails, heads = nodes[0::2].tolist(), nodes[1::2].tolist()
    graph = Graph(int(nodes.max()) + 1, tails, heads, [float(link.along_m[-1]) for link in links])
    flat = [plane(link.points) for link in links]
    return Roads(
        graph=graph,
        links=links,
        pieces=np.concatenate([np.hstack([line[:-1], line[1:]]) for line in flat]),
        piece_link=np.repeat(np.arange(len(links)), [len(line) - 1 for line in flat]),
        piece_along_m=np.concatenate([link.along_m[:-1] for link in links]),
        main=_main_part(graph),
    )


def detectors_on(roads: Roads, detectors: Iterable[Kept]) -> dict[str, str]:
    """For each road (ROUTE_ID) the detector that stands nearest to it, within STANDS_WITHIN_M and looking its way."""
    found: dict[str, tuple[float, str]] = {}
    headings = np.degrees(np.arctan2(roads.pieces[:, 2] - roads.pieces[:, 0], roads.pieces[:, 3] - roads.pieces[:, 1]))
    for kept in detectors:
        looks = kept.record.properties["direction"].lower().replace(" ", "").replace("-", "")
        if kept.record.geometry is None or looks not in COMPASS:
            continue
        here = plane(np.array(kept.record.geometry["coordinates"][:2], float))
        begin, step = roads.pieces[:, :2], roads.pieces[:, 2:] - roads.pieces[:, :2]
        share = np.clip(((here - begin) * step).sum(axis=1) / np.maximum((step**2).sum(axis=1), 1e-9), 0, 1)
        apart = np.hypot(*(begin + step * share[:, None] - here).T)
        turned = np.abs((headings - COMPASS.index(looks) * 45 + 180) % 360 - 180)
        near = np.flatnonzero((apart <= STANDS_WITHIN_M) & (turned <= LOOKS_ALONG_DEG))
        if not len(near):
            continue
        piece = near[apart[near].argmin()]
        road = roads.links[int(roads.piece_link[piece])].road
        if road not in found or apart[piece] < found[road][0]:
            found[road] = (float(apart[piece]), kept.id)
    return {road: detector for road, (_, detector) in found.items()}


def is_tunnel(name: Text) -> bool:
    """Whether a road of this name is a tunnel, and not the road that leads to one."""
    english = name.en.casefold()
    return name.tc.endswith("隧道") or english.endswith(("tunnel", "tunnels", "harbour crossing"))


def _strategic(features: Sequence[Kept], heard: Collection[str]) -> list[Kept]:
    ends = {kept.id: _ends(kept) for kept in features}
    places = {place for kept in features if kept.id in heard for place in ends[kept.id]}
    return [kept for kept in features if kept.id in heard or (ends[kept.id] and ends[kept.id] <= places)]


def _ends(kept: Kept) -> set[tuple[float, float]]:
    """The places where a feature's lines begin and end."""
    return {
        (round(line[end][0], SAME_PLACE_DIGITS), round(line[end][1], SAME_PLACE_DIGITS))
        for line in _lines(kept)
        for end in (0, -1)
    }


def _lines(kept: Kept) -> list[list[list[float]]]:
    geometry = kept.record.geometry
    if geometry is None:
        return []
    lines: list[list[list[float]]] = geometry["coordinates"]
    return lines if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]


def _links(kept: Kept) -> Iterator[Link]:
    """Both directions of every line, or the one that may be driven."""
    feature = kept.record
    said = feature.properties
    tunnel = is_tunnel(feature.title)
    for line in _lines(kept):
        drawn = np.array(line, float)
        for points in _directions(drawn, said["travel_direction"]):
            along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(plane(points), axis=0).T))])
            if along[-1] >= SHORTEST_M:
                yield Link(kept.id, feature.title, points, along, said["speed_limit_kmh"], tunnel)


def _directions(drawn: Floats, direction: int | None) -> list[Floats]:
    if direction == AS_DRAWN:
        return [drawn]
    return [drawn[::-1]] if direction == AGAINST else [drawn, drawn[::-1]]


def _joined(ends: Floats) -> Ints:
    """The node of every end (tail and head of each link in turn)."""
    nodes = _clusters(ends, MEETS_WITHIN_M)
    tails, heads = set(nodes[0::2].tolist()), set(nodes[1::2].tolist())
    loose = len(tails ^ heads) / len(tails | heads)
    return nodes if loose <= MOST_LOOSE else _clusters(ends, JUNCTION_WITHIN_M)


def _clusters(points: Floats, within_m: float) -> Ints:
    """Numbers from 0 that are equal for points that lie (in chains) within ``within_m`` of each other."""
    parent = list(range(len(points)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    cells: dict[tuple[int, int], list[int]] = {}
    keys = np.floor(points / within_m).astype(int).tolist()
    places = points.tolist()
    for index, (column, row) in enumerate(keys):
        x_m, y_m = places[index]
        for near in ((column + east, row + north) for east in (-1, 0, 1) for north in (-1, 0, 1)):
            for other in cells.get(near, ()):
                if math.hypot(places[other][0] - x_m, places[other][1] - y_m) <= within_m:
                    parent[root(index)] = root(other)
        cells.setdefault((column, row), []).append(index)
    _, numbers = np.unique([root(index) for index in range(len(points))], return_inverse=True)
    return numbers.astype(np.int64)


def _main_part(graph: Graph) -> NDArray[np.bool_]:
    """Which links lie in the largest strongly connected part: Kosaraju's two passes, without recursion."""
    order: list[int] = []
    seen = [False] * graph.nodes
    for first in range(graph.nodes):
        if seen[first]:
            continue
        seen[first] = True
        stack = [(first, iter(graph.leaving[first]))]
        while stack:
            node, links = stack[-1]
            onward = next((graph.heads[link] for link in links if not seen[graph.heads[link]]), None)
            if onward is None:
                order.append(node)
                stack.pop()
            else:
                seen[onward] = True
                stack.append((onward, iter(graph.leaving[onward])))
    part = np.full(graph.nodes, -1)
    for number, first in enumerate(reversed(order)):
        reach = [first] if part[first] < 0 else []
        while reach:
            node = reach.pop()
            if part[node] < 0:
                part[node] = number
                reach += [graph.tails[link] for link in graph.reaching[node]]
    largest = np.bincount(part).argmax()
    main: NDArray[np.bool_] = (part[np.array(graph.tails)] == largest) & (part[np.array(graph.heads)] == largest)
    return main
