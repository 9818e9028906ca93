"""The road graph as an impact estimate needs it: what feeds a link, what lies beside it, and how far all is."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


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
