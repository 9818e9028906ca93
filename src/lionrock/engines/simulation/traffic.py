"""Mesoscopic road traffic: a thin wrapper on UXsim's C++ engine with plain inputs and outputs.

Platoons of vehicles follow Newell's car-following model and choose routes by the travel times of
the moment (Seo, T. (2025), "UXsim: lightweight mesoscopic traffic flow simulator in pure Python",
Journal of Open Source Software). The compiled engine is driven directly: UXsim's Python ``World``
keeps an object per platoon, which costs a city's day more memory than the simulation itself.

The engine is deterministic: the same inputs and seed give the same arrays in every process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lionrock.engines.simulation.network import (
    Closure,
    Demand,
    Diversion,
    Doubles,
    Floats,
    Junction,
    Road,
    Slowdown,
)
from lionrock.engines.simulation.passages import RoadSteps, mean_speed_kmh, smooth_passages, spread_platoons
from lionrock.engines.simulation.world import KMH_PER_MS, REACTION_S, add_platoons, build_world, run_world

PRIOR_PLATOON_STEPS = 14

__all__ = ["Closure", "Demand", "Diversion", "Flow", "Junction", "Road", "Slowdown", "simulate", "spend_time"]


@dataclass(frozen=True, slots=True)
class Flow:
    """What passed: arrays of the shape (periods, roads), roads in the order of the input.

    ``vehicles``: passages at mid-road in the period, spread over time (not whole platoons);
    ``speed_kmh``: mean speed over the road; ``free_kmh``: that of a road without a queue under the slowdowns of the
    moment; ``density``: vehicles per km and lane;
    ``trips``: vehicles that were sent on their way; ``under_way``: vehicles that set out and have not
    arrived at the end of each period, those included that wait to enter their first road.
    """

    period_s: float
    vehicles: Floats
    speed_kmh: Floats
    free_kmh: Floats
    density: Floats
    trips: int
    under_way: Doubles


def simulate(  # the engine's whole input, named one by one
    junctions: Sequence[Junction],
    roads: Sequence[Road],
    demand: Demand,
    *,
    duration_s: float,
    period_s: float = 30.0,
    platoon: float = 12,
    prior_steps: float = PRIOR_PLATOON_STEPS,
    closures: Sequence[Closure] = (),
    slowdowns: Sequence[Slowdown] = (),
    diversions: Sequence[Diversion] = (),
    seed: int,
    choices: int | None = None,
) -> Flow:
    """Move ``demand`` over ``roads`` for ``duration_s`` seconds.

    ``seed`` decides who sets out when, and how drivers choose and merge; ``choices`` replaces it for the
    latter: the same trips with other luck on the way. ``prior_steps`` is how many steps of one platoon at
    the usual speed are mixed into a road's mean speed: few show a standing queue as it stands, many keep
    nights calm.

    Raises ValueError where a road or zone names a junction that does not exist (from the engine:
    KeyError), or where ``duration_s`` is no multiple of ``period_s``.
    """
    if duration_s % period_s:
        raise ValueError(f"a duration of {duration_s} s is no whole number of periods of {period_s} s")
    world = build_world(junctions, roads, duration_s, platoon, seed if choices is None else choices)
    trips = add_platoons(world, demand, duration_s, platoon, seed)
    run_world(world, roads, duration_s, closures, slowdowns, diversions)
    edges_s: Doubles = np.arange(round(duration_s / period_s) + 1, dtype=np.float64) * period_s
    vehicles, speed, free, density = _measure(world, roads, platoon, prior_steps, (closures, slowdowns), edges_s)
    return Flow(
        period_s=period_s,
        vehicles=vehicles,
        speed_kmh=speed,
        free_kmh=free,
        density=density,
        trips=trips,
        under_way=_count_under_way(world, platoon, edges_s),
    )


def _measure(
    world: Any,
    roads: Sequence[Road],
    platoon: float,
    prior_steps: float,
    events: tuple[Sequence[Closure], Sequence[Slowdown]],
    edges_s: Doubles,
) -> tuple[Floats, Floats, Floats, Floats]:
    """Passages, speed, free speed and density (periods, roads)."""
    step_s = platoon * REACTION_S
    period_s = float(edges_s[1])
    vehicles, speed, free, density = (np.zeros((len(edges_s) - 1, len(roads)), np.float32) for _ in range(4))
    closures, slowdowns = events
    slowed: dict[str, list[Slowdown]] = {road.name: [] for road in roads}
    for each in slowdowns:
        slowed[each.road].append(each)
    for column, road in enumerate(roads):
        link = world.get_link(road.name)
        arrived, departed = link.get_cum_arrival_np(), link.get_cum_departure_np()
        entered = spread_platoons(arrived, step_s, edges_s)
        left = spread_platoons(departed, step_s, edges_s)
        present = np.maximum(entered - left, 0.0)
        vehicles[:, column] = smooth_passages((np.diff(entered) + np.diff(left)) / 2, period_s)
        middle = smooth_passages((present[1:] + present[:-1]) / 2, period_s)
        density[:, column] = middle / (road.length_m / 1000 * road.lanes)
        hindered = [(each.start_s, each.end_s) for each in closures if each.road == road.name]
        hindered += [(each.start_s, each.end_s) for each in slowed[road.name]]
        seen_kmh = road.length_m / link.get_traveltime_instant_np() * KMH_PER_MS
        steps = RoadSteps(arrived - departed, seen_kmh, _speed_left(slowed[road.name], len(arrived), step_s), step_s)
        speed[:, column], free[:, column] = mean_speed_kmh(road, steps, prior_steps * platoon, hindered, edges_s)
    return vehicles, speed, free, density


def _speed_left(slowdowns: Sequence[Slowdown], steps: int, step_s: float) -> Doubles:
    """The share of a road's free speed that is left at each step of the engine."""
    times_s = np.arange(steps) * step_s
    left = np.ones(steps)
    for each in slowdowns:
        during = (times_s >= each.start_s) & (times_s < each.end_s)
        left[during] = np.minimum(left[during], each.factor)
    return left


def spend_time(
    junctions: Sequence[Junction],
    roads: Sequence[Road],
    demand: Demand,
    *,
    duration_s: float,
    from_s: float,
    platoon: float,
    closures: Sequence[Closure],
    slowdowns: Sequence[Slowdown],
    diversions: Sequence[Diversion],
    seed: int,
    choices: int,
) -> float:
    """The vehicle-hours that all drivers together are under way from ``from_s`` until ``duration_s``.

    Arguments and errors as of :func:`simulate`; quicker, for roads are not looked at.
    """
    world = build_world(junctions, roads, duration_s, platoon, choices)
    add_platoons(world, demand, duration_s, platoon, seed)
    run_world(world, roads, duration_s, closures, slowdowns, diversions)
    set_out, arrived = _trips(world)
    ends = np.where(arrived < 0, duration_s, arrived)
    return float(np.maximum(ends - np.maximum(set_out, from_s), 0.0).sum()) * platoon / 3600


def _trips(world: Any) -> tuple[Doubles, Doubles]:
    """When each platoon set out, and when it arrived: -1 where it is still on the way."""
    trips = [(vehicle.departure_time, vehicle.arrival_time) for vehicle in world.VEHICLES]
    set_out, arrived = np.array(trips, np.float64).reshape(-1, 2).T
    return set_out, arrived


def _count_under_way(world: Any, platoon: float, edges_s: Doubles) -> Doubles:
    """Vehicles that set out and have not arrived at each period's end."""
    set_out, arrived = _trips(world)
    ends_s = edges_s[1:]
    gone = np.searchsorted(np.sort(set_out), ends_s, side="right")
    there = np.searchsorted(np.sort(arrived[arrived >= 0]), ends_s, side="right")
    under_way: Doubles = (gone - there).astype(np.float64) * platoon
    return under_way
