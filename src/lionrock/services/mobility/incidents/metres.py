"""Metres between points of the city."""

from __future__ import annotations

import math

Point = tuple[float, float]

M_PER_DEGREE_LAT = 110_760.0  # at 22 degrees north
M_PER_DEGREE_LON = 111_320.0 * math.cos(math.radians(22.35))


def distance_m(one: Point, other: Point) -> float:
    """Metres between two points (lon, lat) of the city; true to 0.2%."""
    return math.hypot((one[0] - other[0]) * M_PER_DEGREE_LON, (one[1] - other[1]) * M_PER_DEGREE_LAT)
