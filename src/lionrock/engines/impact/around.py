"""The ways around a link: how much longer they take, and which other links they use.

Trips that use the link are all pairs of places near it, the fewer the farther apart they are. Drivers do not tell
ways apart that take about as long (a logit choice), so that closing one of two equal ways costs something too.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import numpy as np

from lionrock.engines.impact.graph import Doubles, Graph

NEAR_H = 0.4  # how far from the link, in hours of driving, trips that use it are looked for
MOST_ENDS = 60  # places on either side of the link between which such trips are drawn
MEAN_KMH = 55.0  # turns hours of driving into kilometres where only the former are at hand
REACH_KM = 4.0  # trips fall by a factor e for every such distance
UNTOLD_H = 1 / 60  # ways that differ by less are taken by nearly as many
MOST_UNTOLD = 40.0  # as many times that a way is never taken, or always


@dataclass(frozen=True, slots=True)
class Around:
    """What a trip through a link loses, in hours, when it cannot; ``use`` is the share of such trips on each link."""

    longer_h: float
    use: Doubles


def ways_around(graph: Graph, hours: Doubles, link: int) -> Around:
    """The ways around ``link`` at ``hours`` over each link.

    Nothing is longer and nothing used where no trip through the link has another way.
    """
    here = graph.links[link]
    without = hours.copy()
    without[link] = np.inf
    starts = _nearest(_times(graph, hours, here.start, backward=True, limit_h=NEAR_H))
    ends = _nearest(_times(graph, hours, here.end, backward=False, limit_h=NEAR_H))
    places = {place: number for number, place in enumerate(dict.fromkeys((*graph.leaving, *graph.entering)))}
    ahead = _table(graph, without, [place for place, _ in starts], places, backward=False)
    behind = _table(graph, without, [place for place, _ in ends], places, backward=True)
    through = np.array([h for _, h in starts])[:, None] + hours[link] + np.array([h for _, h in ends])[None, :]
    around = ahead[:, [places[place] for place, _ in ends]]
    apart = np.array([[start != end for end, _ in ends] for start, _ in starts])
    possible = apart & np.isfinite(around)
    if not possible.any():
        return Around(0.0, np.zeros(len(graph.links)))
    saved = np.clip((np.where(possible, around, 0.0) - through) / UNTOLD_H, -MOST_UNTOLD, MOST_UNTOLD)
    trips = np.where(possible, np.exp(-through * MEAN_KMH / REACH_KM), 0.0)
    using = trips / (1 + np.exp(-saved))
    lost = (trips * np.log1p(np.exp(saved))).sum() / using.sum() * UNTOLD_H
    share = using / using.sum()
    use = np.zeros(len(graph.links))
    for number, other in enumerate(graph.links):
        by_h = ahead[:, places[other.start]][:, None] + without[number] + behind[:, places[other.end]][None, :]
        longer = np.where(possible, by_h, np.inf) - np.where(possible, around, 0.0)
        use[number] = (share * np.exp(-np.maximum(longer, 0.0) / UNTOLD_H)).sum()
    return Around(float(lost), use)


def _table(graph: Graph, hours: Doubles, ends: list[str], places: dict[str, int], *, backward: bool) -> Doubles:
    """Hours (ends, places) from each end to all places, or from all to it when ``backward``; inf where too far."""
    table = np.full((len(ends), len(places)), np.inf)
    for row, end in enumerate(ends):
        for place, h in _times(graph, hours, end, backward=backward, limit_h=6 * NEAR_H).items():
            table[row, places[place]] = h
    return table


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
