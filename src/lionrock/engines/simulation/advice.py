"""Drivers who are told to avoid a road: a share of them takes the best way around it.

UXsim's drivers follow one preference per destination and link, a running mean of the shortest ways so
far. Where a share of them is diverted, the preference is a mixture of what they would do unasked and
of the shortest way without the road at the travel times of the moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from lionrock.engines.simulation.network import Diversion, Doubles, Road

DETOUR_S = 1e6  # what an avoided road costs: those alone take it who have no other way


class Advice:
    """Mixes the preferences of one running world at each of its route updates."""

    def __init__(self, world: Any, roads: Sequence[Road], diversions: Sequence[Diversion]) -> None:
        names = {junction.name: number for number, junction in enumerate(world.NODES)}
        self._world, self._diversions = world, diversions
        self._update_s = max(1, int(world.duo_update_time / world.delta_t)) * world.delta_t
        self._names = [road.name for road in roads]
        self._starts = np.array([names[road.start] for road in roads])
        self._ends = np.array([names[road.end] for road in roads])
        self._unasked: Doubles | None = None  # what drivers would prefer without advice, while there is any
        self._given: Doubles | None = None

    def moments(self, duration_s: float) -> set[float]:
        """The route updates at which advice is given or taken back."""
        updates = np.arange(1, int(duration_s / self._update_s) + 1) * self._update_s
        first = min(diversion.start_s for diversion in self._diversions)
        last = max(diversion.end_s for diversion in self._diversions) + self._update_s
        return {float(update_s) for update_s in updates[(updates >= first) & (updates <= last)]}

    def give(self, at_s: float) -> None:
        """Set the preferences to what holds at ``at_s``, just after the engine's own update; else do nothing."""
        if at_s % self._update_s:
            return
        now = np.asarray(self._world.route_preference)
        weight = self._world.duo_update_weight
        if self._unasked is None or self._given is None:
            unasked = now
        else:
            # The engine moved the mixture towards its newest shortest ways; so would it have moved the unasked.
            newest = (now - (1 - weight) * self._given) / weight
            unasked = (1 - weight) * self._unasked + weight * newest
        here = [one for one in self._diversions if one.start_s <= at_s < one.end_s]
        if here:
            share = max(one.share for one in here)
            given = (1 - share) * unasked + share * self._ways_around({one.road for one in here})
            self._unasked, self._given = unasked, given
        else:
            given, self._unasked, self._given = unasked, None, None
        self._world.route_preference = np.clip(given, 0.0, 1.0).tolist()

    def _ways_around(self, avoided: set[str]) -> Doubles:
        """1 for each (destination, road) on a shortest way that avoids the roads, else 0."""
        times = np.asarray(self._world.adj_mat_time)[self._starts, self._ends]
        times[[self._names.index(name) for name in avoided]] += DETOUR_S
        nodes = len(self._world.NODES)
        apart = np.full((nodes, nodes), np.inf)
        np.fill_diagonal(apart, 0.0)
        np.minimum.at(apart, (self._starts, self._ends), times)
        for middle in range(nodes):  # Floyd-Warshall
            np.minimum(apart, apart[:, middle, None] + apart[None, middle, :], out=apart)
        through = times[:, None] + apart[self._ends, :]
        ways = np.zeros((nodes, len(times)))
        for start in np.unique(self._starts):
            out = np.flatnonzero(self._starts == start)
            best = through[out].argmin(axis=0)
            reached = np.isfinite(through[out].min(axis=0))
            ways[np.flatnonzero(reached), out[best[reached]]] = 1.0
        return ways
