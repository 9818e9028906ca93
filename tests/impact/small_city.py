"""Two ways from one end of a small city to the other, and the incident that closes half of the shorter."""

from __future__ import annotations

import numpy as np

from lionrock.engines.simulation.network import Closure, Demand, Junction, Road
from lionrock.engines.simulation.what_if import Scenario

JUNCTIONS = (
    Junction("west", 0, 0),
    Junction("fork", 2000, 0),
    Junction("bridge", 4000, 0),
    Junction("hill", 4000, 2500),
    Junction("join", 6000, 0),
    Junction("east", 8000, 0),
)
ROADS = (
    Road("in", "west", "fork", 2000, 3, 70),
    Road("bridge-in", "fork", "bridge", 2000, 2, 70),
    Road("bridge-out", "bridge", "join", 2000, 2, 70),
    Road("hill-in", "fork", "hill", 3200, 2, 60),
    Road("hill-out", "hill", "join", 3200, 2, 60),
    Road("out", "join", "east", 2000, 3, 70),
)
START_S, END_S, DURATION_S = 1800.0, 3600.0, 7200.0
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
