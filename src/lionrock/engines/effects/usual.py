"""What each series would have done in calm hours: the counterfactual that effects are measured against.

Only calm hours are learned from, and the others are imputed: the estimator of Borusyak, Jaravel and
Spiess (2024), "Revisiting Event-Study Designs: Robust and Efficient Estimation", Review of Economic
Studies 91(6). A regression with everything in it at once would compare wet hours with other wet
hours, which goes wrong where effects differ between days.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Cube = NDArray[np.float32]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

WEEKDAYS = 7
SHAPE_TRUST_DAYS = 1.0  # the city's own shape weighs as much as this many days of a series' own
WEEKDAY_TRUST_DAYS = 3.0  # a weekday's own habit is believed by half after so many of it
SLOPE_SD = 0.01 / 7  # a trend of one percent a week is usual; steeper ones need evidence


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Logs of something measured, ``values[day, slot, series]`` (NaN where unknown).

    By day: ``kind`` (0.. for working days, rest days and so on), ``weekday`` (0 is Monday) and
    ``day_number`` (days since any beginning, for the trend).
    """

    values: Cube
    kind: Ints
    weekday: Ints
    day_number: Floats

    def only(self, series: Ints) -> Panel:
        """The same days of some series."""
        return Panel(self.values[:, :, series], self.kind, self.weekday, self.day_number)


@dataclass(frozen=True, slots=True, eq=False)
class Usual:
    """A calm day: ``table[kind, slot, series]``, the city's ``habit[weekday, slot]`` and ``slope`` a day, all in logs.

    ``days[kind, slot, series]`` is how many (weighted) calm days stand behind each cell.
    """

    table: Cube
    days: Cube
    habit: Floats
    slope: float
    middle_day: float

    def expected(self, panel: Panel) -> Cube:
        """What each day would have been; NaN where no calm day of that kind was seen at that slot."""
        common = self.habit[panel.weekday] + (self.slope * (panel.day_number - self.middle_day))[:, None]
        expected: Cube = self.table[panel.kind] + common.astype(np.float32)[:, :, None]
        return expected


def fit_usual(panel: Panel, calm: Flags, weight: Floats | None = None) -> Usual:
    """Fit on the cells of ``calm[day, slot, series]``, each day counted ``weight[day]`` times (once, without)."""
    each = np.ones(len(panel.kind)) if weight is None else weight
    used = (calm & np.isfinite(panel.values)) * each.astype(np.float32)[:, None, None]
    weighed = used * np.nan_to_num(panel.values)
    table, days = _table(panel.kind, used, weighed)
    shock, count = _shocks(weighed - used * np.nan_to_num(table[panel.kind]), used * np.isfinite(table[panel.kind]))
    slope, middle = _slope(panel.day_number, shock, count)
    flat = shock - (slope * (panel.day_number - middle))[:, None]
    return Usual(table, days, _habit(panel.weekday, flat, each), slope, middle)


def _table(kind: Ints, used: Cube, weighed: Cube) -> tuple[Cube, Cube]:
    """Means by kind of day, slot and series, leaning on the series' level and the common shape where days are few."""
    kinds = int(kind.max()) + 1
    days = np.stack([used[kind == k].sum(axis=0) for k in range(kinds)])
    total = np.stack([weighed[kind == k].sum(axis=0) for k in range(kinds)])
    with np.errstate(invalid="ignore", divide="ignore"):
        level = total.sum(axis=(0, 1)) / days.sum(axis=(0, 1))
        above = np.where(np.isfinite(level), total - days * level, 0)
        counted = np.where(np.isfinite(level), days, 0).sum(axis=2)
        shape = above.sum(axis=2) / np.where(counted > 0, counted, np.nan)
    prior = level + shape[:, :, None]
    table: Cube = ((total + SHAPE_TRUST_DAYS * prior) / (days + SHAPE_TRUST_DAYS)).astype(np.float32)
    return table, days


def _shocks(residual: Cube, used: Cube) -> tuple[Floats, Floats]:
    """The mean residual over the series, ``[day, slot]``, and the weight behind it; NaN where nothing was calm."""
    count = used.sum(axis=2, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return residual.sum(axis=2, dtype=np.float64) / np.where(count > 0, count, np.nan), count


def _slope(day_number: Floats, shock: Floats, count: Floats) -> tuple[float, float]:
    weight = count.sum(axis=1)
    known = weight > 0
    if known.sum() <= 1:
        return 0.0, float(day_number.mean())
    mean = np.nansum(shock * count, axis=1)[known] / weight[known]
    middle = float(day_number[known].mean())
    along = day_number[known] - middle
    ridge = float(np.var(mean)) / SLOPE_SD**2
    return float((along * mean).sum() / max((along**2).sum() + ridge, 1e-12)), middle


def _habit(weekday: Ints, shock: Floats, each: Floats) -> Floats:
    habit = np.zeros((WEEKDAYS, shock.shape[1]))
    for day in np.unique(weekday).tolist():
        rows = weekday == day
        weight = np.where(np.isfinite(shock[rows]), each[rows, None], 0.0)
        habit[day] = np.nansum(shock[rows] * weight, axis=0) / (weight.sum(axis=0) + WEEKDAY_TRUST_DAYS)
    return habit
