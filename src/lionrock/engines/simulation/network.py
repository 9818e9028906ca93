"""What a simulation is told: roads between junctions, trips, and what hinders or steers them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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
    """From ``start_s`` until ``end_s`` a road's free-flow speed is ``factor`` of the usual, and its flow is bounded.

    ``capacity`` of what it carries at the usual speed passes at most; 1 leaves the flow to the slower speed alone.
    """

    road: str
    start_s: float
    end_s: float
    factor: float
    capacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Diversion:
    """From ``start_s`` until ``end_s`` a ``share`` (0 to 1) of drivers choose their way as if ``road`` were closed.

    With a share of 1 the road takes those alone who have no other way to where they go.
    """

    road: str
    start_s: float
    end_s: float
    share: float


@dataclass(frozen=True, slots=True)
class Demand:
    """Trips by departure time, origin and destination.

    ``vehicles`` has the shape (slices, origins, destinations): expected vehicles that leave during
    each slice of ``slice_s`` seconds; ``zones`` names the junction of each origin and destination.
    """

    zones: tuple[str, ...]
    slice_s: float
    vehicles: Floats
