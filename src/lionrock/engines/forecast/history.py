"""What a forecaster sees: many series on one regular grid of time, and the local calendar above it."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import BadInput, microseconds

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

DAY_S = 86_400
HOLIDAY = 7  # the eighth kind of day, beside Monday (0) to Sunday (6)
FIRST_REST_DAY = 5  # Saturday; Saturday, Sunday and holidays make one class
UNIX_EPOCH_WEEKDAY = 3  # 1970-01-01 was a Thursday


@dataclass(frozen=True, kw_only=True)
class History:
    """Values ``[T, N]`` of N series at T regular moments; NaN is missing.

    ``start`` is the aware moment of row 0, ``step`` the time between rows, ``zone`` the offset of
    local clocks from UTC (what decides time of day and day of week), ``holidays`` local dates on
    which the city rests. ``also[T, C]`` is what else was known at each moment, for all series
    alike (rain now, rain expected, a warning in force), scaled to a few units; NaN is missing.
    ``each[T, N, D]`` is what else was known of each series by itself (the rain over its own road, lanes
    closed ahead of it), likewise scaled; half the digits, for there is much of it and little in it.
    Raises :class:`BadInput` for a wrong shape, an infinite value, or a step that does not divide
    the day.
    """

    values: Floats
    start: datetime
    step: timedelta
    zone: timedelta = timedelta(0)
    holidays: Collection[date] = field(default_factory=frozenset)
    also: Floats = field(default_factory=lambda: np.empty((0, 0), np.float32))
    each: Halves = field(default_factory=lambda: np.empty((0, 0, 0), np.float16))

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", np.asarray(self.values, dtype=np.float32))
        if self.values.ndim != 2:  # noqa: PLR2004 - a matrix has two dimensions
            raise BadInput(f"values have shape {self.values.shape}, not [T, N]", where="History.values")
        also = np.asarray(self.also, dtype=np.float32)
        object.__setattr__(self, "also", also if also.size else np.empty((len(self.values), 0), np.float32))
        if self.also.shape[:-1] != (len(self.values),):
            raise BadInput(f"also has shape {self.also.shape} beside {len(self.values)} rows", where="History.also")
        each = np.asarray(self.each, dtype=np.float16)
        object.__setattr__(self, "each", each if each.size else np.empty((*self.values.shape, 0), np.float16))
        if self.each.shape[:-1] != self.values.shape:
            problem = f"each has shape {self.each.shape} beside values of {self.values.shape}"
            raise BadInput(problem, where="History.each")
        if any(np.isinf(one).any() for one in (self.values, self.also, self.each)):
            raise BadInput("an infinite value", where="History.values", remedy="give NaN where nothing was measured")
        if self.start.tzinfo is None:
            raise BadInput("the start has no time zone", where="History.start")
        if self.step < timedelta(seconds=1) or timedelta(days=1) % self.step:
            raise BadInput(f"{self.step} does not divide a day", where="History.step")

    @property
    def rows(self) -> int:
        """The number of moments T."""
        return int(self.values.shape[0])

    @property
    def series(self) -> int:
        """The number of series N."""
        return int(self.values.shape[1])

    @property
    def step_s(self) -> int:
        """Seconds between rows."""
        return int(self.step.total_seconds())

    def before(self, row: int) -> History:
        """The rows before ``row``."""
        return replace(self, values=self.values[:row], also=self.also[:row], each=self.each[:row])

    def after(self, row: int) -> History:
        """The rows from ``row`` on."""
        rest = {name: getattr(self, name)[row:] for name in ("values", "also", "each")}
        return replace(self, **rest, start=self.start + row * self.step)

    def narrowed(self, series: slice) -> History:
        """Some of the series."""
        return replace(self, values=self.values[:, series], each=self.each[:, series])

    def steps(self, span: timedelta) -> int:
        """How many rows make up ``span``, at least one."""
        return max(1, round(span / self.step))

    def local_seconds(self, rows: Ints) -> Ints:
        """Local clock seconds since 1970-01-01 of the given rows, which may lie beyond the last."""
        first = (microseconds(self.start) + self.zone // timedelta(microseconds=1)) // 1_000_000
        return first + rows * self.step_s

    def day_kinds(self, local_days: Ints) -> Ints:
        """Monday 0 to Sunday 6, or HOLIDAY, of days counted from 1970-01-01."""
        kinds = (local_days + UNIX_EPOCH_WEEKDAY) % 7
        holidays = [(day - date(1970, 1, 1)).days for day in self.holidays]
        return np.where(np.isin(local_days, holidays), HOLIDAY, kinds)

    def describe(self) -> dict[str, Any]:
        """The data window of a model version: first row, rows, series, and a hash of all values."""
        digest, also, each = (
            hashlib.sha256(np.ascontiguousarray(one).tobytes()).hexdigest()
            for one in (self.values, self.also, self.each)
        )
        return {
            "start": self.start.isoformat(),
            "step_s": self.step_s,
            "zone_s": int(self.zone.total_seconds()),
            "holidays": sorted(day.isoformat() for day in self.holidays),
            "rows": self.rows,
            "series": self.series,
            "values_sha256": digest,
            "also": self.also.shape[1],
            "also_sha256": also,
            "each": self.each.shape[2],
            "each_sha256": each,
        }


def last_known(values: Floats, max_age: int) -> tuple[Floats, Floats]:
    """The last value at or before each row and its age in rows, both ``[T, N]``.

    NaN in both where nothing was measured within ``max_age`` rows.
    """
    rows = np.arange(len(values), dtype=np.int32)[:, None]
    seen = np.maximum.accumulate(np.where(np.isnan(values), np.int32(-1), rows), axis=0)
    age = (rows - seen).astype(np.float32)
    age[(seen < 0) | (age > max_age)] = np.nan
    known = np.take_along_axis(values, np.maximum(seen, 0), axis=0)
    return np.where(np.isnan(age), np.float32(np.nan), known), age


def window_mean(values: Floats, width: int) -> Floats:
    """The mean of the values known in the last ``width`` rows, this one included; NaN where none."""
    known = ~np.isnan(values)
    total = np.cumsum(np.where(known, values, 0.0), axis=0, dtype=np.float64)
    count = np.cumsum(known, axis=0, dtype=np.int32)
    total[width:] -= total[:-width].copy()
    count[width:] -= count[:-width].copy()
    mean = np.full(values.shape, np.nan, np.float32)
    np.divide(total, count, out=mean, where=count > 0, casting="same_kind")
    return mean
