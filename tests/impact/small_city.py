"""Two ways from one end of a small city to the other, and the incident that closes half of the shorter."""

from __future__ import annotations

import numpy as np

from lionrock.engines.impact.expected import Measured
from lionrock.engines.impact.graph import Graph, Link
from lionrock.engines.simulation.network import Closure, Demand, Junction, Road
from lionrock.engines.simulation.traffic import Flow, simulate
from lionrock.engines.simulation.what_if import Scenario

JUNCTIONS = (
    Junction("west", 0, 0),
    Junction("fork", 2000, 0),
    Junction("bridge", 5300, 0),
    Junction("hill", 4000, 2500),
    Junction("join", 6000, 0),
    Junction("east", 8000, 0),
)
ROADS = (
    Road("in", "west", "fork", 2000, 3, 70),
    Road("bridge-in", "fork", "bridge", 3300, 2, 70),
    Road("bridge-out", "bridge", "join", 700, 2, 70),
    Road("hill-in", "fork", "hill", 3200, 2, 60),
    Road("hill-out", "hill", "join", 3200, 2, 60),
    Road("out", "join", "east", 2000, 3, 70),
)
START_S, END_S, DURATION_S, PERIOD_S = 1800.0, 3600.0, 7200.0, 300.0
BRIDGE_CLOSED = Closure("bridge-out", START_S, END_S, 2)


def scenario(
    *, incident: Closure = BRIDGE_CLOSED, calibration: str | None = "it is the city", seed: int = 1
) -> Scenario:
    vehicles = np.zeros((8, 2, 2), np.float32)
    vehicles[:6, 0, 1] = 600  # 2,400 vehicles an hour
    return Scenario(
        junctions=JUNCTIONS,
        roads=ROADS,
        demand=Demand(("west", "east"), 900.0, vehicles),
        duration_s=DURATION_S,
        count_from_s=0.0,
        incident=incident,
        calibration=calibration,
        seed=seed,
    )


def graph() -> Graph:
    return Graph(tuple(Link(r.start, r.end, r.length_m / 1000, r.lanes, r.free_flow_kmh) for r in ROADS))


def live(seed: int, *closures: Closure) -> Flow:
    """The two hours of one seed's city, with the closures."""
    return simulate(
        JUNCTIONS,
        ROADS,
        scenario().demand,
        duration_s=DURATION_S,
        platoon=3,
        prior_steps=1,
        closures=closures,
        seed=seed,
    )


def see(flow: Flow) -> Measured:
    """What the small city measures of it in periods of five minutes."""
    each = round(PERIOD_S / flow.period_s)
    vehicles, speed, present = (
        values.reshape(-1, each, len(ROADS)).astype(np.float64)
        for values in (flow.vehicles, flow.speed_kmh, flow.density + 1e-6)
    )
    return Measured((speed * present).sum(axis=1) / present.sum(axis=1), vehicles.sum(axis=1) * 12)


def vehicle_hours(flow: Flow) -> float:
    return float(flow.under_way.sum() * flow.period_s / 3600)
