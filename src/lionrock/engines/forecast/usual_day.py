"""The usual day: what each series does at each time of each kind of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lionrock.engines.forecast.history import DAY_S, FIRST_REST_DAY, HOLIDAY, Flags, Floats, History, Ints

SLOT_S = 300  # the finest a usual day is told in; coarser data keep their own step
SMOOTHING_S = 900  # a slot looks this far to both sides; chosen by walk-forward, docs/models/traffic.md
KIND_TRUST_DAYS = 2.0  # days of one kind that weigh as much as its whole class (weekdays, rest days)
KINDS = HOLIDAY + 1
CROSS_FITS = 10  # at most this many groups of days are left out in turn


@dataclass(frozen=True)
class UsualDay:
    """``table[kind, slot, series]``: the usual value for Monday..Sunday and holidays; NaN where unknown.

    ``spread`` has the same shape: the median distance of single days from the usual value.
    """

    table: Floats
    spread: Floats
    slot_s: int

    def of(self, series: slice) -> UsualDay:
        """The usual day of some series."""
        return UsualDay(self.table[:, :, series], self.spread[:, :, series], self.slot_s)

    def at(self, history: History, rows: Ints) -> Floats:
        """Usual values ``[len(rows), N]`` at rows of ``history``, which may lie in the future."""
        return self._look_up(self.table, history, rows)

    def spread_at(self, history: History, rows: Ints) -> Floats:
        """How far single days usually are from the usual value, ``[len(rows), N]``."""
        return self._look_up(self.spread, history, rows)

    def _look_up(self, table: Floats, history: History, rows: Ints) -> Floats:
        seconds = history.local_seconds(rows)
        kinds = history.day_kinds(seconds // DAY_S)
        found: Floats = table[kinds, (seconds % DAY_S) // self.slot_s]
        return found


@dataclass(frozen=True)
class Days:
    """A history folded into days: ``grid[day, slot, series]``, with the kind of each day."""

    grid: Floats
    kinds: Ints
    first: int
    slot_s: int


def fold(history: History) -> Days:
    """Fold a history into local days of slots, smoothed over the neighbouring slots."""
    slot_s = next(
        slot for slot in range(history.step_s, DAY_S + 1, history.step_s) if slot >= SLOT_S and not DAY_S % slot
    )
    slots = DAY_S // slot_s
    keys = history.local_seconds(np.arange(history.rows)) // slot_s
    first = int(keys[0] // slots)
    days = int(keys[-1] // slots) - first + 1
    cells, starts = np.unique(keys - first * slots, return_index=True)
    known = ~np.isnan(history.values)
    total = np.zeros((days * slots, history.series), np.float32)
    count = np.zeros((days * slots, history.series), np.float32)
    total[cells] = np.add.reduceat(np.where(known, history.values, np.float32(0)), starts, axis=0)
    count[cells] = np.add.reduceat(known, starts, axis=0, dtype=np.float32)
    reach = SMOOTHING_S // slot_s
    total, count = _centred_sum(total, reach), _centred_sum(count, reach)
    grid = np.full_like(total, np.nan)
    np.divide(total, count, out=grid, where=count > 0)
    kinds = history.day_kinds(first + np.arange(days))
    return Days(grid.reshape(days, slots, history.series), kinds, first, slot_s)


def _centred_sum(values: Floats, reach: int) -> Floats:
    padded = np.pad(values, ((reach + 1, reach), (0, 0)))
    running = np.cumsum(padded, axis=0, dtype=np.float64)
    width = 2 * reach + 1
    summed: Floats = (running[width:] - running[:-width]).astype(np.float32)
    return summed


def usual_day(days: Days, leave_out: Flags | None = None) -> UsualDay:
    """The usual day of the folded days, without those that ``leave_out[day]`` marks.

    A kind of day is a blend of its own median and its class's (weekdays; Saturday, Sunday and
    holidays), by how many days of that kind were seen; a slot that no day of the class saw takes
    the median of all days. NaN where no day saw that slot of that series.
    """
    kept = np.ones(len(days.kinds), bool) if leave_out is None else ~leave_out
    rest = days.kinds >= FIRST_REST_DAY
    everything, _ = _median(days.grid[kept])
    classes = [_median(days.grid[kept & (rest == resting)])[0] for resting in (False, True)]
    table = np.empty((KINDS, *everything.shape), np.float32)
    spread = np.empty_like(table)
    for resting, own_class in enumerate(classes):
        backed = np.where(np.isnan(own_class), everything, own_class)
        for kind in range(FIRST_REST_DAY, KINDS) if resting else range(FIRST_REST_DAY):
            own, seen = _median(days.grid[kept & (days.kinds == kind)])
            trust = seen / (seen + np.float32(KIND_TRUST_DAYS))
            table[kind] = np.where(seen > 0, trust * own + (1 - trust) * backed, backed)
    of_class = [_spread(days, kept & (rest == resting), table) for resting in (False, True)]
    of_all = _spread(days, kept, table)
    for kind in range(KINDS):
        own_spread = of_class[kind >= FIRST_REST_DAY]
        spread[kind] = np.where(np.isnan(own_spread), of_all, own_spread)
    return UsualDay(table, spread, days.slot_s)


def _spread(days: Days, chosen: Flags, table: Floats) -> Floats:
    return _median(np.abs(days.grid[chosen] - table[days.kinds[chosen]]))[0]


def _median(grid: Floats) -> tuple[Floats, Floats]:
    """The median over the first axis past NaN, and how many values it had."""
    if not len(grid):
        empty = np.full(grid.shape[1:], np.nan, np.float32)
        return empty, np.zeros_like(empty)
    ordered = np.sort(grid, axis=0)  # NaN sort last
    count = (~np.isnan(grid)).sum(axis=0)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0)[None] // 2, axis=0)[0]
    high = np.take_along_axis(ordered, np.minimum(count // 2, len(grid) - 1)[None], axis=0)[0]
    return (low + high) / 2, count.astype(np.float32)


def usual_at_unseen(history: History, rows: Ints) -> tuple[Floats, Floats]:
    """Usual values and spreads at ``rows`` of the same history, each from days other than its own.

    What a model learns from must look like what it will meet: a usual day that has already seen
    the day that it is compared with is too good. Days are left out in up to CROSS_FITS groups.
    """
    days = fold(history)
    day_of_row = history.local_seconds(rows) // DAY_S - days.first
    groups = np.arange(len(days.kinds)) % CROSS_FITS
    usual = np.full((len(rows), history.series), np.nan, np.float32)
    spread = np.full_like(usual, np.nan)
    for group in range(min(CROSS_FITS, len(groups))):
        chosen = np.flatnonzero(np.take(groups, day_of_row, mode="clip") == group)
        table = usual_day(days, groups == group)
        usual[chosen] = table.at(history, rows[chosen])
        spread[chosen] = table.spread_at(history, rows[chosen])
    return usual, spread
