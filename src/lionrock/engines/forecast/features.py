"""What a model sees: pairs of an origin (the last row that is known) and a series, as plain numbers."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import timedelta

import numpy as np

from lionrock.engines.forecast.companions import COLUMNS, companion_columns
from lionrock.engines.forecast.history import DAY_S, Flags, Floats, History, Ints, last_known, window_mean
from lionrock.engines.forecast.past import OWN_COLUMNS, PAST_COLUMNS, own_past, past_of_others

LOOKS_BACK = timedelta(hours=4)  # the recent history that a forecast needs to see everything it can use
LAST_VALUE_LIMIT = timedelta(hours=1)  # an older value says less than the usual day does
MEANS_OVER = (timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3))
CHANGES_SINCE = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40))
COMPANION_LIMIT = timedelta(minutes=15)  # an older value of another series is not its present
LATELY = timedelta(minutes=30)
RECENT_COLUMNS = 3 + len(MEANS_OVER) + len(CHANGES_SINCE)
OWN_AHEAD = 5  # columns of a row that differ by horizon
BLOCK_CELLS = 1_000_000  # rows x series looked at together: bounds memory, changes no result
PAIRS_AT_ONCE = 16_384  # the same for pairs

UsualAt = Callable[[History, slice, Ints], tuple[Floats, Floats]]
"""The usual values and spreads of the series in a slice at rows of a history, each ``[rows, series]``."""

Around = tuple[Floats, Floats, Ints]
"""Differences of all series now and lately ``[T, N]``, and each series' companions ``[N, K]``."""


@dataclass(frozen=True)
class Traits:
    """What is lasting about each series ``[N]``: its level, how far it moves, its usual low and high."""

    level: Floats
    scale: Floats
    low: Floats
    high: Floats

    def of(self, series: Ints | slice) -> Traits:
        """The traits of some series."""
        return Traits(*(getattr(self, field.name)[series] for field in fields(self)))

    @staticmethod
    def joined(parts: list[Traits]) -> Traits:
        """The traits of several groups of series, one after the other."""
        return Traits(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Traits)))


def traits_of(values: Floats) -> Traits:
    """The traits of each series of ``[T, N]``.

    The scale (mean distance from the median) is kept above a hundredth of the median series', so
    that a stuck detector divides nothing by zero. A series that was never measured takes after
    the others: their median level, the scale of the most unsteady of them. All NaN where no
    series was ever measured.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # series without any value are expected: NaN
        low, level, high = np.nanpercentile(values, (5, 50, 95), axis=0).astype(np.float32)
        scale = np.nanmean(np.abs(values - level), axis=0).astype(np.float32)
        floor = np.fmax(np.nanmedian(scale) / 100, np.float32(1e-6))
        return Traits(
            level=np.where(np.isnan(level), np.nanmedian(level), level),
            scale=np.maximum(np.where(np.isnan(scale), np.nanmax(scale), scale), floor),
            low=np.where(np.isnan(low), np.nanmedian(low), low),
            high=np.where(np.isnan(high), np.nanmedian(high), high),
        )


@dataclass(frozen=True)
class Look:
    """P pairs of origin and series, seen at H horizons.

    ``series[P]`` and ``clock[P]``, the share of the local day at the origin; ``known[P]`` last
    value within the age limit; ``here[P]`` the usual value at the origin; ``ahead``, ``spread``,
    ``truth`` ``[P, H]`` the usual value, its spread and what happened at the target (NaN in the
    future); ``recent[P, F]`` features of the recent past; ``past[P, D]`` the recent past itself;
    ``also[P, C + D]`` what else was known at the origin, of all series and of this one; ``traits`` of P.
    """

    series: Ints
    clock: Floats
    known: Floats
    here: Floats
    ahead: Floats
    spread: Floats
    truth: Floats
    recent: Floats
    past: Floats
    also: Floats
    traits: Traits

    def of(self, pairs: slice) -> Look:
        """Some of the pairs."""
        parts = {field.name: getattr(self, field.name)[pairs] for field in fields(self) if field.name != "traits"}
        return Look(**parts, traits=self.traits.of(pairs))

    def parts(self) -> Iterator[Look]:
        """The pairs, at most PAIRS_AT_ONCE together; one empty part where there are none."""
        for first in range(0, max(1, len(self.series)), PAIRS_AT_ONCE):
            yield self.of(slice(first, first + PAIRS_AT_ONCE))

    @staticmethod
    def joined(looks: Sequence[Look]) -> Look:
        """Several looks, one after the other."""
        names = [field.name for field in fields(Look) if field.name != "traits"]
        parts = {name: np.concatenate([getattr(look, name) for look in looks]) for name in names}
        return Look(**parts, traits=Traits.joined([look.traits for look in looks]))


def blocks_of(history: History, rows: int) -> Iterator[slice]:
    """The series in blocks small enough to be looked at together over ``rows`` rows."""
    width = max(1, BLOCK_CELLS // rows)
    for first in range(0, history.series, width):
        yield slice(first, min(first + width, history.series))


def differences(history: History, usual_at: UsualAt, traits: Traits) -> tuple[Floats, Floats]:
    """Every series' difference from its usual day in scales, now and over half an hour, each ``[T, N]``."""
    now, lately = np.empty_like(history.values), np.empty_like(history.values)
    rows = np.arange(history.rows)
    for block in blocks_of(history, history.rows):
        usual, _ = usual_at(history, block, rows)
        own = (history.values[:, block] - usual) / traits.of(block).scale
        now[:, block], _ = last_known(own, history.steps(COMPANION_LIMIT))
        lately[:, block] = window_mean(own, history.steps(LATELY))
    return now, lately


def look_at(
    history: History, pairs: tuple[Ints, Ints], horizons: Ints, usual_at: UsualAt, traits: Traits, around: Around
) -> Look:
    """See ``history`` from each pair of origin row and series, a block of series at a time."""
    origins, series = pairs
    count, far = len(origins), len(horizons)
    known, here = np.empty(count, np.float32), np.empty(count, np.float32)
    ahead, spread, truth = (np.empty((count, far), np.float32) for _ in range(3))
    recent = np.empty((count, RECENT_COLUMNS + COLUMNS), np.float32)
    past = np.empty((count, PAST_COLUMNS), np.float32)
    rows = np.arange(history.rows + int(horizons.max()))
    for block in blocks_of(history, len(rows)):
        lasting = traits.of(block)
        mine = np.flatnonzero((series >= block.start) & (series < block.stop))
        own, when = series[mine] - block.start, origins[mine]
        usual, usual_spread = usual_at(history, block, rows)
        values = history.values[:, block]
        columns = recent_columns(history, values, usual[: history.rows], lasting)
        known[mine], here[mine] = columns[0][when, own], usual[when, own]
        recent[mine, :RECENT_COLUMNS] = np.stack([column[when, own] for column in columns], axis=1)
        difference, distance = (
            (values - usual[: history.rows]) / lasting.scale,
            (values - lasting.level) / lasting.scale,
        )
        past[mine, :OWN_COLUMNS] = own_past(history, difference, distance, (when, own))
        targets = when[:, None] + horizons
        ahead[mine] = usual[targets, own[:, None]]
        spread[mine] = usual_spread[targets, own[:, None]]
        future = np.full((int(horizons.max()), values.shape[1]), np.nan, np.float32)
        truth[mine] = np.concatenate([values, future])[targets, own[:, None]]
    now, lately, near = around
    recent[:, RECENT_COLUMNS:] = companion_columns(history, now, lately, pairs, near)
    past[:, OWN_COLUMNS:] = past_of_others(now, pairs, near)
    clock = ((history.local_seconds(origins) % DAY_S) / DAY_S).astype(np.float32)
    also = np.concatenate([history.also[origins], history.each[origins, series]], axis=1, dtype=np.float32)
    return Look(series, clock, known, here, ahead, spread, truth, recent, past, also, traits.of(series))


def recent_columns(history: History, values: Floats, usual: Floats, traits: Traits) -> list[Floats]:
    """Features of the recent past at every row, each ``[T, N]``; differences in units of the scale.

    Deliberately nothing about the clock, the city as a whole or yesterday: on a few days of
    history the trees learned those days by heart (docs/models/traffic.md).
    """
    known, age = last_known(values, history.steps(LAST_VALUE_LIMIT))
    difference = values - usual
    columns = [known, age * np.float32(history.step_s / 60), (known - usual) / traits.scale]
    columns += [window_mean(difference, history.steps(span)) / traits.scale for span in MEANS_OVER]
    for span in CHANGES_SINCE:
        rows = history.steps(span)
        earlier = np.full_like(known, np.nan)
        earlier[rows:] = known[:-rows]
        columns.append((known - earlier) / traits.scale)
    return columns


def rows_of(look: Look, base: Floats, minutes: Floats, wanted: Flags) -> Floats:
    """The feature rows of the ``wanted[P, H]``, horizon by horizon; ``base[P, H]`` is what is to be corrected.

    They are written once, in place: there are many.
    """
    traits = look.traits
    lasting = np.stack([traits.level, traits.scale, traits.low, traits.high], axis=1)
    counts = wanted.sum(axis=0).tolist()
    ends = np.cumsum([look.recent.shape[1], OWN_AHEAD, lasting.shape[1], look.also.shape[1]])
    rows, first = np.empty((sum(counts), ends[-1]), np.float32), 0
    for h, (ahead_min, count) in enumerate(zip(minutes, counts, strict=True)):
        ahead = look.ahead[:, h]
        change = (ahead - look.here) / traits.scale
        own = np.stack([base[:, h], ahead, change, look.spread[:, h], np.full_like(ahead, ahead_min)], axis=1)
        told = np.split(rows[first : first + count], ends[:-1], axis=1)
        for part, source in zip(told, (look.recent, own, lasting, look.also), strict=True):
            part[:] = source[wanted[:, h]]
        first += count
    return rows
