"""UXsim's compiled world: built, filled with platoons, and run past closures, slowdowns and diversions.

A world can be neither copied nor saved: another course of events is another run from the seed.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from lionrock.engines.simulation.choice import UPDATE_S, RouteChoice
from lionrock.engines.simulation.network import Closure, Demand, Diversion, Junction, Road, Slowdown

KMH_PER_MS = 3.6
JAM_VEHICLES_PER_M_PER_LANE = 0.14
REACTION_S = 1.5  # with it a lane carries about 1,900 vehicles an hour at 70 km/h, as real lanes do
LEAST_SHARE = 0.02  # a wholly closed road still lets a trickle past (police escort), or the queue never moves
ONLOOKERS = 0.85  # what is left open beside an incident carries less than it would: drivers look
SEEDS = 2**31


@cache
def _compiled_engine() -> Any:
    """UXsim's compiled module alone: the package around it imports plotting libraries (1.5 s, 110 MB)."""
    package = importlib.util.find_spec("uxsim")
    if package is None:
        raise ModuleNotFoundError("No module named 'uxsim'", name="uxsim")
    found = importlib.machinery.PathFinder.find_spec("uxsim_cpp", package.submodule_search_locations)
    if found is None or found.loader is None:
        raise ModuleNotFoundError("uxsim was installed without its C++ engine", name="uxsim_cpp")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def lane_capacity(free_flow_kmh: float) -> float:
    """Vehicles an hour that one lane carries at most, by the engine's fundamental diagram."""
    return 3600 / (REACTION_S + KMH_PER_MS / (free_flow_kmh * JAM_VEHICLES_PER_M_PER_LANE))


def build_world(
    junctions: Sequence[Junction], roads: Sequence[Road], duration_s: float, platoon: float, seed: int
) -> Any:
    """A world without trips. Raises KeyError (from the engine) where a road names no junction."""
    uxsim_cpp = _compiled_engine()
    world = uxsim_cpp.create_world(
        "",
        float(duration_s),
        float(platoon),
        REACTION_S,
        UPDATE_S,
        0.0,  # the engine's own updates change nothing
        0.0,
        0,
        seed % SEEDS,
        False,
    )
    for junction in junctions:
        uxsim_cpp.add_node(world, junction.name, junction.x_m, junction.y_m, [0.0], 0.0, -1.0, -1)
    for road in roads:
        jam = JAM_VEHICLES_PER_M_PER_LANE * road.lanes
        speed_ms = road.free_flow_kmh / KMH_PER_MS
        uxsim_cpp.add_link(
            world, road.name, road.start, road.end, speed_ms, jam, road.length_m, road.lanes, 1.0, -1.0, -1.0, [0]
        )
    return world


def add_platoons(world: Any, demand: Demand, duration_s: float, platoon: float, seed: int) -> int:
    """Send platoons off at random moments of their slice; returns the vehicles sent."""
    uxsim_cpp = _compiled_engine()
    rng = np.random.default_rng(seed)
    step_s = platoon * REACTION_S
    sent = 0
    for index, expected in enumerate(demand.vehicles):
        counts = rng.poisson(expected / platoon)
        origins, destinations = np.nonzero(counts)
        times = counts[origins, destinations]
        pairs = np.repeat(np.column_stack((origins, destinations)), times, axis=0)
        starts = (index + rng.random(len(pairs))) * demand.slice_s
        for (origin, destination), start_s in zip(pairs.tolist(), starts.tolist(), strict=True):
            if start_s < duration_s - step_s:
                at_s = start_s // step_s * step_s
                uxsim_cpp.add_demand(
                    world,
                    demand.zones[origin],
                    demand.zones[destination],
                    at_s,
                    at_s + 1.5 * step_s,
                    platoon / step_s,
                    [],
                )
                sent += 1
    return round(sent * platoon)


def run_world(
    world: Any,
    roads: Sequence[Road],
    duration_s: float,
    closures: Sequence[Closure],
    slowdowns: Sequence[Slowdown],
    diversions: Sequence[Diversion],
) -> None:
    """Run in chunks between the moments at which something begins or ends, or at which drivers look again."""
    world.set_t_max(float(duration_s))
    world.initialize_adj_matrix()
    events: list[Closure | Slowdown] = [*closures, *slowdowns]
    begun = {event_s for event in events for event_s in (event.start_s, event.end_s)}
    drivers = RouteChoice(world, roads, diversions)
    looks = drivers.moments(duration_s)
    usual = {road.name: (road, world.get_link(road.name).capacity_out) for road in roads}
    for moment_s in sorted(moment for moment in begun | looks if moment < duration_s):
        if moment_s > 0:
            world.main_loop(-1.0, float(moment_s))
        changed = {event.road for event in events if moment_s in (event.start_s, event.end_s)}
        for name in sorted(changed):
            road, capacity_out = usual[name]
            _apply(road, world.get_link(name), capacity_out, moment_s, closures, slowdowns)
        if moment_s in looks:
            drivers.look_again(moment_s)
    world.main_loop(-1.0, float(duration_s))


def _apply(
    road: Road, link: Any, usual_out: float, at_s: float, closures: Sequence[Closure], slowdowns: Sequence[Slowdown]
) -> None:
    """Set a road's speed and exit capacity to what is in force at ``at_s``."""
    here = [s for s in slowdowns if s.road == road.name and s.start_s <= at_s < s.end_s]
    link.change_free_flow_speed(road.free_flow_kmh / KMH_PER_MS * min((s.factor for s in here), default=1.0))
    carries = min((s.capacity for s in here), default=1.0)
    closed = sum(c.lanes for c in closures if c.road == road.name and c.start_s <= at_s < c.end_s)
    share = max(LEAST_SHARE, (road.lanes - min(closed, road.lanes)) / road.lanes)
    # Unhindered, the exit takes twice the road's capacity (the engine's default): the road itself
    # is the limit. With lanes closed the exit becomes the bottleneck, and the rest is slowed by onlookers.
    if closed:
        link.capacity_out = link.capacity * share * ONLOOKERS * carries
    elif carries < 1:
        link.capacity_out = lane_capacity(road.free_flow_kmh) / 3600 * road.lanes * carries
    else:
        link.capacity_out = usual_out
