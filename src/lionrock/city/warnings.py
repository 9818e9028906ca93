"""Warnings in force as ordered levels, for every service that reads ``weather.warnings``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.core.records import Kept

WARNINGS_ID = "weather.warnings"
RAINSTORM: Mapping[str, int] = {"WRAINA": 1, "WRAINR": 2, "WRAINB": 3}
CYCLONE: Mapping[str, int] = {
    "TC1": 1,
    "TC3": 2,
    "TC8NE": 3,
    "TC8SE": 3,
    "TC8SW": 3,
    "TC8NW": 3,
    "TC9": 4,
    "TC10": 5,
}
SCALES = (RAINSTORM, CYCLONE)
EXTENDED_WITHIN = timedelta(minutes=15)  # an extension may be read a little after the end that it puts off


def in_force_until(kept: Kept) -> datetime | None:
    """When a warning was cancelled, or at the latest ran out; None for one that goes on until it is."""
    expires = None if kept.record.expires is None else kept.record.expires + EXTENDED_WITHIN
    return min((end for end in (kept.closed_at, expires) if end is not None), default=None)


def warning_levels(city: City, start: datetime, rows: int, step: timedelta) -> NDArray[np.float32]:
    """The ranks of the rainstorm and the cyclone warning known to be in force at the end of each step, ``[row, 2]``.

    0 is none. A warning counts from when it was first read, not from the hour that it bears; whether anybody
    listened at all, only other feeds can tell.
    """
    ends = np.array([(start + step * (row + 1)).timestamp() for row in range(rows)])
    levels = np.zeros((rows, len(SCALES)), np.float32)
    for kept in city.recent(city.dataset(WARNINGS_ID), start):
        code = str(kept.record.properties["code"])
        since = max(kept.record.onset, kept.first_seen).timestamp()
        end = in_force_until(kept)
        until = np.inf if end is None else end.timestamp()
        for column, scale in enumerate(SCALES):
            rank = scale.get(code)
            if rank is not None:
                in_force = (ends >= since) & (ends < until)
                levels[in_force, column] = np.maximum(levels[in_force, column], rank)
    return levels
