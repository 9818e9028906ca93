"""Small networks with changing speeds, and their journeys by brute force: every simple way, driven in short steps."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.routing.field import SpeedField
from lionrock.engines.routing.graph import Graph, Terminal

STEP_S = 1.0
Floats = NDArray[np.float64]


def field_of(times_s: Floats, speed_kmh: Floats) -> SpeedField:
    """A field in which every link has a column of its own."""
    return SpeedField(times_s, speed_kmh, np.arange(speed_kmh.shape[-1]))


def some_world(seed: int, nodes: int = 7, links: int = 18) -> tuple[Graph, SpeedField]:
    """A network of a ring (so that every node is reached) and random links; speeds that fall, rise and jump."""
    rng = np.random.default_rng(seed)
    tails = [*range(nodes), *rng.integers(0, nodes, links - nodes).tolist()]
    heads = [(node + 1) % nodes for node in range(nodes)]
    heads += [int((tail + rng.integers(1, nodes)) % nodes) for tail in tails[nodes:]]
    graph = Graph(nodes, tails, heads, rng.uniform(200, 6000, links).tolist())
    moments = np.sort(rng.choice(np.arange(0, 5400, 300), 7, replace=False)).astype(float)
    moments[3] = moments[4]  # a jump
    return graph, field_of(moments, rng.uniform(4, 110, (7, links)))


def some_place(graph: Graph, rng: np.random.Generator) -> Terminal:
    """Anywhere on any link, some way from the door."""
    link = int(rng.integers(graph.links))
    return Terminal(link, float(rng.uniform(0, graph.metres[link])), float(rng.uniform(0, 120)))


class SteppedDrive:
    """How far one comes on every link, added up in short steps: nothing of the engine's formulas."""

    def __init__(self, field: SpeedField, start_s: float, end_s: float) -> None:
        self._clock = np.arange(start_s, end_s, STEP_S)
        middles = self._clock[:-1] + STEP_S / 2
        self._gone = [
            np.concatenate([[0.0], np.cumsum(_speed(field, link, middles) / 3.6 * STEP_S)])
            for link in range(field.speed_kmh.shape[1])
        ]

    def leave_s(self, link: int, enter_s: float, metres: float) -> float:
        gone = self._gone[link]
        before = np.interp(enter_s, self._clock, gone)
        return float(np.interp(before + metres, gone, self._clock))


def _speed(field: SpeedField, link: int, at_s: Floats) -> Floats:
    """Straight lines between the moments; of a moment that is given twice, the later speed counts from it on."""
    nudged = field.times_s + np.arange(len(field.times_s)) * 1e-6
    return np.interp(at_s, nudged, field.speed_kmh[:, link])


def every_simple_way(graph: Graph, start: Terminal, end: Terminal) -> Iterator[list[tuple[int, float]]]:
    """Every way that passes no node twice, as (link, metres driven on it)."""
    if start.link == end.link and end.along_m >= start.along_m:
        yield [(start.link, end.along_m - start.along_m)]
    first = (start.link, graph.metres[start.link] - start.along_m)
    stack = [([first], {graph.heads[start.link]}, graph.heads[start.link])]
    while stack:
        way, seen, node = stack.pop()
        if node == graph.tails[end.link]:
            yield [*way, (end.link, end.along_m)]
        for link in graph.leaving[node]:
            head = graph.heads[link]
            if head not in seen:
                stack.append(([*way, (link, graph.metres[link])], seen | {head}, head))


def brute_arrival_s(graph: Graph, drive: SteppedDrive, start: Terminal, end: Terminal, depart_s: float) -> float:
    """The earliest arrival over every simple way; a way through the whole network always exists."""
    arrivals = []
    for way in every_simple_way(graph, start, end):
        now = depart_s + start.access_s
        for link, metres in way:
            now = drive.leave_s(link, now, metres)
        arrivals.append(now + end.access_s)
    return min(arrivals)
