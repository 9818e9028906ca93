"""What the readings store answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import Quality


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of a batch: rows stored, rows already there, and rows that contradict what is there.

    A contradicting row changes nothing (the first is kept); ``list_conflicts`` shows it.
    """

    new: int
    duplicate: int
    conflicting: int


@dataclass(frozen=True, slots=True, eq=False)
class Latest:
    """The newest reading of every sensor, and its newest good one; all arrays are as long as ``sensors``.

    ``at_us``, ``value`` (NaN where missing) and ``quality`` are of the newest reading of any quality.
    ``good_at_us`` and ``good_value`` are of the newest GOOD one; where a sensor never had one,
    ``good_value`` is NaN and ``good_at_us`` is ``NEVER_US``; so is ``at_us`` of a named sensor all of whose readings
    were forgotten.
    """

    sensors: tuple[str, ...]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint16]
    good_at_us: NDArray[np.int64]
    good_value: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Aggregates:
    """Good readings by time bucket and sensor: ``mean`` and ``count`` are [buckets, sensors].

    ``starts_us`` are the buckets' first moments. A bucket without a good reading has count 0 and mean NaN.
    """

    sensors: tuple[str, ...]
    starts_us: NDArray[np.int64]
    mean: NDArray[np.float64]
    count: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A value that was offered for a moment which had another one already; the kept one stands.

    ``offered_quality`` carries CONFLICT on top of what the source said of the offered value.
    """

    sensor: str
    property: str
    at: datetime
    kept: float | None
    kept_quality: Quality
    offered: float | None
    offered_quality: Quality
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class StoreStats:
    """What the store holds, for the status page. A day is a UTC day; bytes are on disk."""

    readings: int
    forecasts: int
    conflicts: int
    series: int
    open_days: int
    sealed_days: int
    database_bytes: int
    sealed_bytes: int
