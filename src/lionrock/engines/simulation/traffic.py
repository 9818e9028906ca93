"""Mesoscopic road traffic: a thin wrapper on UXsim's C++ engine with plain inputs and outputs.

Platoons of vehicles follow Newell's car-following model and choose routes by the travel times of
the moment (Seo, T. (2025), "UXsim: lightweight mesoscopic traffic flow simulator in pure Python",
Journal of Open Source Software). The compiled engine is driven directly: UXsim's Python ``World``
keeps an object per platoon, which costs a city's day more memory than the simulation itself.

The engine is deterministic: the same inputs and seed give the same arrays in every process.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

KMH_PER_MS = 3.6
JAM_VEHICLES_PER_M_PER_LANE = 0.14
REACTION_S = 1.5  # with it a lane carries about 1,900 vehicles an hour at 70 km/h, as real lanes do
ROUTE_UPDATE_S = 300.0
SPREAD_S = 75.0  # a platoon's passages are spread over some minutes, or counts would come in tens
SPEED_WINDOW_S = 162.0
CALM_VEHICLES_PER_KM_PER_LANE = 8.0  # free flow for certain (Highway Capacity Manual: level of service B)
PRIOR_PLATOON_STEPS = 14
LEAST_SHARE = 0.02  # a wholly closed road still lets a trickle past (police escort), or the queue never moves

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Junction:
    """A point where roads meet, with plane coordinates in metres."""

    name: str
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Road:
    """One direction of a road between two junctions."""

    name: str
    start: str
    end: str
    length_m: float
    lanes: int
    free_flow_kmh: float


@dataclass(frozen=True, slots=True)
class Closure:
    """``lanes`` of a road closed at its downstream end from ``start_s`` until ``end_s``."""

    road: str
    start_s: float
    end_s: float
    lanes: int


@dataclass(frozen=True, slots=True)
class Slowdown:
    """From ``start_s`` until ``end_s`` the free-flow speed of a road is ``factor`` of the usual."""

    road: str
    start_s: float
    end_s: float
    factor: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Trips by departure time, origin and destination.

    ``vehicles`` has the shape (slices, origins, destinations): expected vehicles that leave during
    each slice of ``slice_s`` seconds; ``zones`` names the junction of each origin and destination.
    """

    zones: tuple[str, ...]
    slice_s: float
    vehicles: Floats


@dataclass(frozen=True, slots=True)
class Flow:
    """What passed: arrays of the shape (periods, roads), roads in the order of the input.

    ``vehicles``: passages at mid-road in the period, spread over time (not whole platoons);
    ``speed_kmh``: mean speed over the road; ``density``: vehicles per km and lane;
    ``trips``: vehicles that were sent on their way.
    """

    period_s: float
    vehicles: Floats
    speed_kmh: Floats
    density: Floats
    trips: int


def simulate(  # the engine's whole input, named one by one
    junctions: Sequence[Junction],
    roads: Sequence[Road],
    demand: Demand,
    *,
    duration_s: float,
    period_s: float = 30.0,
    platoon: int = 12,
    closures: Sequence[Closure] = (),
    slowdowns: Sequence[Slowdown] = (),
    seed: int,
) -> Flow:
    """Move ``demand`` over ``roads`` for ``duration_s`` seconds.

    Raises ValueError where a road or zone names a junction that does not exist (from the engine:
    KeyError), or where ``duration_s`` is no multiple of ``period_s``.
    """
    if duration_s % period_s:
        raise ValueError(f"a duration of {duration_s} s is no whole number of periods of {period_s} s")
    world = _build_world(junctions, roads, duration_s, platoon, seed)
    trips = _add_platoons(world, demand, duration_s, platoon, seed)
    links = {road.name: world.get_link(road.name) for road in roads}
    _run(world, roads, links, duration_s, closures, slowdowns)
    step_s = platoon * REACTION_S
    periods = round(duration_s / period_s)
    shape = (periods, len(roads))
    vehicles, speed, density = (np.zeros(shape, np.float32) for _ in range(3))
    events: list[Closure | Slowdown] = [*closures, *slowdowns]
    edges_s: Doubles = np.arange(periods + 1, dtype=np.float64) * period_s
    for column, road in enumerate(roads):
        link = links[road.name]
        arrived, departed = link.get_cum_arrival_np(), link.get_cum_departure_np()
        entered = spread_platoons(arrived, step_s, edges_s)
        left = spread_platoons(departed, step_s, edges_s)
        present = np.maximum(entered - left, 0.0)
        vehicles[:, column] = _smooth((np.diff(entered) + np.diff(left)) / 2, period_s)
        density[:, column] = _smooth((present[1:] + present[:-1]) / 2, period_s) / (road.length_m / 1000 * road.lanes)
        hindered = [(event.start_s, event.end_s) for event in events if event.road == road.name]
        steps = _Steps(arrived - departed, road.length_m / link.get_traveltime_instant_np() * KMH_PER_MS, step_s)
        speed[:, column] = _mean_speed_kmh(road, steps, platoon, hindered, edges_s)
    return Flow(period_s=period_s, vehicles=vehicles, speed_kmh=speed, density=density, trips=trips)


def spread_platoons(cumulative: Doubles, step_s: float, edges_s: Doubles) -> Doubles:
    """Cumulative passages at ``edges_s``, each platoon spread evenly over the gap before it.

    ``cumulative`` counts whole platoons at steps of ``step_s``. Vehicles of a platoon really pass
    one after another, so counts rise along a line from one platoon's moment to the next.
    """
    rises = np.flatnonzero(np.diff(cumulative, prepend=0.0))
    times = np.concatenate(([0.0], (rises + 1) * step_s))
    counts = np.concatenate(([0.0], cumulative[rises]))
    return np.interp(edges_s, times, counts)


def _smooth(values: Doubles, period_s: float) -> Doubles:
    """``values`` under a bell of ``SPREAD_S``: platoons are a tool of the engine, roads know none."""
    reach = round(3 * SPREAD_S / period_s)
    bell = np.exp(-0.5 * (np.arange(-reach, reach + 1) * period_s / SPREAD_S) ** 2)
    return np.convolve(np.pad(values, reach, mode="edge"), bell / bell.sum(), mode="valid")


@dataclass(frozen=True, slots=True)
class _Steps:
    """A road at each step of the engine: vehicles on it, and their mean speed in km/h (free flow where empty)."""

    present: Doubles
    speed_kmh: Doubles
    step_s: float


def _mean_speed_kmh(
    road: Road, steps: _Steps, platoon: int, hindered: list[tuple[float, float]], edges_s: Doubles
) -> Doubles:
    """Mean speed in each period: distance over time of all vehicles within ``SPEED_WINDOW_S`` (Edie's definition).

    A platoon stands in the engine during its first step on a road, so that even free traffic seems slower
    than it is. What traffic does at low density outside ``hindered`` times is therefore taken as free
    flow, and counts as much as a few platoons do, lest a single one decides about a night's speed.
    """
    times_s = np.arange(len(steps.present)) * steps.step_s
    calm = steps.present < CALM_VEHICLES_PER_KM_PER_LANE * road.length_m / 1000 * road.lanes
    for start_s, end_s in hindered:
        calm &= (times_s < start_s) | (times_s > end_s + SPEED_WINDOW_S)
    weight = steps.present * calm
    usual_kmh = float((steps.speed_kmh * weight).sum() / weight.sum()) if weight.any() else road.free_flow_kmh
    window = max(1, round(SPEED_WINDOW_S / steps.step_s))
    prior = PRIOR_PLATOON_STEPS * platoon
    time, distance = (_moving_sum(values, window) for values in (steps.present, steps.present * steps.speed_kmh))
    relative = (distance + prior * usual_kmh) / (time + prior) / usual_kmh
    # Empty roads are as fast as the weather lets them be, which the engine's highest speed near the moment tells.
    fastest = np.lib.stride_tricks.sliding_window_view(_padded(steps.speed_kmh, window), window).max(axis=1)
    relative = np.where(time > 0, relative, fastest / road.free_flow_kmh)
    middles_s = (edges_s[1:] + edges_s[:-1]) / 2
    return road.free_flow_kmh * np.minimum(np.interp(middles_s, times_s, relative), 1.0)


def _moving_sum(values: Doubles, window: int) -> Doubles:
    return np.convolve(_padded(values, window), np.ones(window), mode="valid")


def _padded(values: Doubles, window: int) -> Doubles:
    return np.pad(values, (window // 2, window - 1 - window // 2), mode="edge")


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


def _build_world(
    junctions: Sequence[Junction], roads: Sequence[Road], duration_s: float, platoon: int, seed: int
) -> Any:
    uxsim_cpp = _compiled_engine()
    world = uxsim_cpp.create_world(
        "", float(duration_s), float(platoon), REACTION_S, ROUTE_UPDATE_S, 0.5, 0.02, 0, seed % 2**31, False
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


def _add_platoons(world: Any, demand: Demand, duration_s: float, platoon: int, seed: int) -> int:
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
                sent += platoon
    return sent


def _run(
    world: Any,
    roads: Sequence[Road],
    links: dict[str, Any],
    duration_s: float,
    closures: Sequence[Closure],
    slowdowns: Sequence[Slowdown],
) -> None:
    """Run in chunks between the moments at which a closure or slowdown begins or ends."""
    world.set_t_max(float(duration_s))
    world.initialize_adj_matrix()
    events: list[Closure | Slowdown] = [*closures, *slowdowns]
    moments = {event_s for event in events for event_s in (event.start_s, event.end_s)}
    usual = {road.name: (road, links[road.name].capacity_out) for road in roads}
    for moment_s in sorted(moment for moment in moments if moment < duration_s):
        if moment_s > 0:
            world.main_loop(-1.0, float(moment_s))
        changed = {event.road for event in events if moment_s in (event.start_s, event.end_s)}
        for name in sorted(changed):
            road, capacity_out = usual[name]
            _apply(road, links[name], capacity_out, moment_s, closures, slowdowns)
    world.main_loop(-1.0, float(duration_s))


def _apply(
    road: Road, link: Any, usual_out: float, at_s: float, closures: Sequence[Closure], slowdowns: Sequence[Slowdown]
) -> None:
    """Set a road's speed and exit capacity to what is in force at ``at_s``."""
    factor = min((s.factor for s in slowdowns if s.road == road.name and s.start_s <= at_s < s.end_s), default=1.0)
    link.change_free_flow_speed(road.free_flow_kmh / KMH_PER_MS * factor)
    closed = sum(c.lanes for c in closures if c.road == road.name and c.start_s <= at_s < c.end_s)
    share = max(LEAST_SHARE, (road.lanes - min(closed, road.lanes)) / road.lanes)
    # Unhindered, the exit takes twice the road's capacity (the engine's default): the road itself
    # is the limit. With lanes closed the exit becomes the bottleneck, and the rest is slowed by onlookers.
    link.capacity_out = usual_out if closed == 0 else link.capacity * share * 0.85
