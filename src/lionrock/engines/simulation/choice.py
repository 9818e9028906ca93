"""Which way drivers go: preferences by destination and road, moved towards the newest shortest ways.

UXsim knows the way from a junction to the next by the pair of them alone: of two roads between the same
junctions it takes the mean time and sends half of the drivers over each, closed or not. Its own updates are
therefore left out, and this does what they do (dynamic user optimum, taken up gradually) for every road by
itself. Roads between the same two junctions share their drivers by a logit of their times. Where a share of
drivers is diverted, what holds is a mixture of what they would do unasked and of the shortest way without the
road at the travel times of the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lionrock.engines.simulation.network import Diversion, Doubles, Road

UPDATE_S = 300.0
UPDATE_WEIGHT = 0.5  # the share of drivers that take up the newest shortest way at each update
NOISE = 0.02  # how much longer than it takes a road may seem
UNTOLD_S = 60.0  # of two roads between the same junctions, one that is faster by this is taken by e times as many
DETOUR_S = 1e6  # what an avoided road costs: those alone take it who have no other way


class RouteChoice:
    """The preferences of one running world, from its second step on: at the first the engine insists on its own."""

    def __init__(self, world: Any, roads: Sequence[Road], diversions: Sequence[Diversion]) -> None:
        numbers = {junction.name: number for number, junction in enumerate(world.NODES)}
        self._world, self._diversions = world, diversions
        self._links = [world.get_link(road.name) for road in roads]
        self._names = [road.name for road in roads]
        ends = np.array([(numbers[road.start], numbers[road.end]) for road in roads])
        hops, self._hop_of = np.unique(ends, axis=0, return_inverse=True)
        self._starts, self._ends = hops.T  # of each hop: a pair of junctions with one road or more between them
        leaving = [np.flatnonzero(self._starts == junction) for junction in range(len(numbers))]
        most = max(map(len, leaving))
        no_hop = len(self._starts)  # where fewer hops leave a junction than leave the busiest
        self._leaving = np.array([np.pad(hops, (0, most - len(hops)), constant_values=no_hop) for hops in leaving])
        self._rng = np.random.default_rng(world.random_seed)
        self._unasked: Doubles | None = None  # what drivers prefer whom nobody advised

    def moments(self, duration_s: float) -> set[float]:
        """When drivers look again."""
        step_s = self._world.delta_t
        return set(np.arange(step_s, duration_s, max(1, int(UPDATE_S / step_s)) * step_s).tolist())

    def look_again(self, at_s: float) -> None:
        """Move the preferences towards the shortest ways of the moment, and advise those who are to be diverted."""
        step = self._world.timestep - 1
        times = np.array([link.get_traveltime_instant_np()[step] for link in self._links])
        times *= 1 + NOISE * self._rng.random(len(times))
        newest = self._ways(times)
        if self._unasked is None:
            self._unasked = newest
        else:
            self._unasked = (1 - UPDATE_WEIGHT) * self._unasked + UPDATE_WEIGHT * newest
        preferred = self._unasked
        here = [one for one in self._diversions if one.start_s <= at_s < one.end_s]
        if here:
            share = max(one.share for one in here)
            times[[self._names.index(one.road) for one in here]] += DETOUR_S
            preferred = (1 - share) * preferred + share * self._ways(times)
        self._world.route_preference = preferred.tolist()

    def _ways(self, times: Doubles) -> Doubles:
        """The share of drivers that each road on a shortest way takes, 0 on others; shape (destinations, roads)."""
        hop_s = np.full(len(self._starts), np.inf)
        np.minimum.at(hop_s, self._hop_of, times)
        taken = np.exp((hop_s[self._hop_of] - times) / UNTOLD_S)
        share = taken / np.bincount(self._hop_of, taken)[self._hop_of]
        ways: Doubles = self._shortest(hop_s)[:, self._hop_of] * share
        return ways

    def _shortest(self, hop_s: Doubles) -> Doubles:
        """1 for each hop on a shortest way to a destination, else 0; shape (destinations, hops)."""
        junctions = len(self._leaving)
        apart = np.full((junctions, junctions), np.inf)
        np.fill_diagonal(apart, 0.0)
        apart[self._starts, self._ends] = hop_s
        over = np.empty_like(apart)
        for middle in range(junctions):  # Floyd-Warshall
            np.add(apart[:, middle, None], apart[middle], out=over)
            np.minimum(apart, over, out=apart)
        through = np.full((len(hop_s) + 1, junctions), np.inf)
        through[:-1] = hop_s[:, None] + apart[self._ends]
        leaving = through[self._leaving]
        best = leaving.argmin(axis=1)  # of each junction (rows) to each destination
        start, destination = np.nonzero(np.isfinite(leaving.min(axis=1)))
        ways = np.zeros((junctions, len(hop_s) + 1))
        ways[destination, self._leaving[start, best[start, destination]]] = 1.0
        return ways[:, :-1]
