"""The road graph as an impact estimate needs it: what feeds a link, and how much longer the ways around it are."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

NEAR_H = 0.4  # how far from the link, in hours of driving, trips that use it are looked for
MOST_ENDS = 60  # places on either side of the link between which such trips are drawn
MEAN_KMH = 55.0  # turns hours of driving into kilometres where only the former are at hand
REACH_KM = 4.0  # trips fall by a factor e for every such distance


@dataclass(frozen=True, slots=True)
class Link:
    """One direction of a road; ``free_kmh`` is what traffic does where nothing hinders it."""

    start: str
    end: str
    length_km: float
    lanes: int
    free_kmh: float


@dataclass(frozen=True)
class Graph:
    """Links between named places, in the order of every array's second axis."""

    links: tuple[Link, ...]

    @cached_property
    def length_km(self) -> Doubles:
        """Lengths."""
        return np.array([link.length_km for link in self.links])

    @cached_property
    def leaving(self) -> dict[str, list[int]]:
        """The links that leave each place."""
        return _by_place([link.start for link in self.links])

    @cached_property
    def entering(self) -> dict[str, list[int]]:
        """The links that enter each place."""
        return _by_place([link.end for link in self.links])

    def beside(self, link: int) -> list[int]:
        """The links that share a place with ``link``."""
        here = self.links[link]
        places = (self.entering, self.leaving)
        return [other for end in (here.start, here.end) for links in places for other in links.get(end, [])]

    def feeders(self, link: int) -> list[int]:
        """The links whose traffic may go on into ``link``; not its own opposite direction."""
        here = self.links[link]
        return [other for other in self.entering.get(here.start, []) if self.links[other].start != here.end]


def _by_place(places: Sequence[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for index, place in enumerate(places):
        found.setdefault(place, []).append(index)
    return found


def away_km(graph: Graph, link: int) -> Doubles:
    """How far every link is from ``link`` by road, whichever way one drives; 0 for itself and what touches it."""
    ends = {graph.links[link].start, graph.links[link].end}
    known: dict[str, float] = {}
    open_places = [(0.0, place) for place in sorted(ends)]
    while open_places:
        so_far, here = heapq.heappop(open_places)
        if here in known:
            continue
        known[here] = so_far
        for index in (*graph.leaving.get(here, ()), *graph.entering.get(here, ())):
            there = graph.links[index].end if graph.links[index].start == here else graph.links[index].start
            if there not in known:
                heapq.heappush(open_places, (so_far + graph.links[index].length_km, there))
    far = np.inf
    return np.array([min(known.get(each.start, far), known.get(each.end, far)) for each in graph.links])


def detour_h(graph: Graph, hours: Doubles, link: int) -> float:
    """How much longer, on average, a trip through ``link`` takes by the best way that avoids it.

    ``hours`` is the time over each link on a usual day. Trips are all pairs of places near the link whose
    fastest way leads over it, the fewer the farther apart they are. 0 where no such trip has another way.
    """
    here = graph.links[link]
    before = _times(graph, hours, here.start, backward=True, limit_h=NEAR_H)
    after = _times(graph, hours, here.end, backward=False, limit_h=NEAR_H)
    without = hours.copy()
    without[link] = np.inf
    far_ends = _nearest(after)
    total, weights = 0.0, 0.0
    for start, to_link in _nearest(before):
        usual = _times(graph, hours, start, backward=False, limit_h=3 * NEAR_H)
        around = _times(graph, without, start, backward=False, limit_h=6 * NEAR_H)
        for end, from_link in far_ends:
            through = to_link + float(hours[link]) + from_link
            if end == start or end not in around or through > usual.get(end, np.inf) * 1.001:
                continue
            weight = float(np.exp(-through * MEAN_KMH / REACH_KM))
            total += weight * (around[end] - through)
            weights += weight
    return total / weights if weights else 0.0


def _nearest(times: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(times.items(), key=lambda one: one[1])[:MOST_ENDS]


def _times(graph: Graph, hours: Doubles, place: str, *, backward: bool, limit_h: float) -> dict[str, float]:
    """Hours between ``place`` and all others within ``limit_h`` (Dijkstra), towards it when ``backward``."""
    beside = graph.entering if backward else graph.leaving
    known: dict[str, float] = {}
    open_places = [(0.0, place)]
    while open_places:
        so_far, here = heapq.heappop(open_places)
        if here in known:
            continue
        known[here] = so_far
        for index in beside.get(here, ()):
            there = graph.links[index].start if backward else graph.links[index].end
            then = so_far + float(hours[index])
            if there not in known and then <= limit_h:
                heapq.heappush(open_places, (then, there))
    return known
