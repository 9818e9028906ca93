"""What is counted of each model over the test part: errors at the horizon, in slow traffic, and what intervals held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from lionrock.app.evaluate.recordings import Recording
from lionrock.app.evaluate.scores import Summed, Tally, tally
from lionrock.engines.bootstrap import Sums
from lionrock.engines.forecast.features import LOOKS_BACK, Look
from lionrock.engines.forecast.forecaster import FittedForecaster
from lionrock.engines.forecast.history import Flags, Floats, History, Ints
from lionrock.engines.forecast.intervals import REMEMBERS, excess, stretch_of, stretched

ORIGINS_AT_ONCE = 288
SLOW_KMH, VERY_SLOW_KMH = 40.0, 32.19  # 40 km/h and 20 mph, below which published models fail


@dataclass(frozen=True)
class Sheet:
    """One model's tallies, one per chunk of origins.

    ``slow`` sums errors and counts by condition, per chunk too; ``bands`` what lay inside and counts, by band.
    """

    tallies: list[Tally] = field(default_factory=list)
    slow: dict[str, list[Summed]] = field(default_factory=dict)
    bands: dict[str, Summed] = field(default_factory=dict)


def fill_sheets(
    fitted: FittedForecaster, recording: Recording, train: int, seen: History, models: Sequence[str], every: int = 1
) -> dict[str, Sheet]:
    """Forecast from every ``every``-th row of the test part of ``seen`` and tally each model on what was measured.

    ``seen`` is the recording's history, or a copy with losses: the truth is always the recording's.
    """
    sheets = {model: Sheet() for model in models}
    memories = {model: Memory(seen.steps(REMEMBERS), fitted.rivals.horizons) for model in models}
    for rows, look in looks(fitted, recording, train, seen, every):
        shape = (len(rows), recording.history.series, look.truth.shape[1])
        told = {
            model: fitted.bounded(memories[model].stretched(rows, three.reshape(*shape, 3), look.truth.reshape(shape)))
            for model, three in fitted.quantiles(look, models).items()
        }
        truth = look.truth.reshape(shape)
        counted = np.logical_and.reduce([~np.isnan(three).any(axis=3) for three in told.values()], axis=0)
        counted &= ~np.isnan(truth)
        slow = slow_cells(recording, look)
        for model, three in told.items():
            sheet = sheets[model]
            sheet.tallies.append(tally(three, truth, counted))
            distance = np.abs(three[..., 1] - truth)
            for condition, cells in slow.items():
                sheet.slow.setdefault(condition, []).append(_summed(distance, counted & cells.reshape(shape), (1,)))
            inside = ((three[..., 0] <= truth) & (truth <= three[..., 2])).astype(np.float32)
            for band, cells in band_cells(recording, three[..., 1]).items():
                _add(sheet.bands, band, inside, counted & cells)
    return sheets


def slow_sums(sheet: Sheet) -> dict[str, Summed]:
    """Errors and counts in slow traffic by condition, each ``[O, H]``."""
    return {
        condition: (np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))
        for condition, parts in sheet.slow.items()
    }


@dataclass(frozen=True)
class Memory:
    """How far the newest truths lay from one model's forecasts: what stretches the next ones' intervals."""

    rows: int
    horizons: Ints
    excesses: dict[int, Floats] = field(default_factory=dict)

    def stretched(self, origins: Ints, three: Floats, truth: Floats) -> Floats:
        """The quantiles ``three[O, N, H, 3]``, each origin's stretched by what was known then, as ``predict`` does."""
        stretched_ones = np.empty_like(three)
        for place, origin in enumerate(origins.tolist()):
            for gone in [old for old in self.excesses if old <= origin - self.rows]:
                del self.excesses[gone]
            known = [
                [each[:, h] for old, each in self.excesses.items() if old + ahead <= origin]
                for h, ahead in enumerate(self.horizons.tolist())
            ]
            factor = [stretch_of(np.concatenate(each)) if each else 1.0 for each in known]
            stretched_ones[place] = stretched(three[place], np.array(factor, np.float32))
            self.excesses[origin] = excess(three[place], truth[place])
        return stretched_ones


def looks(
    fitted: FittedForecaster, recording: Recording, train: int, seen: History, every: int
) -> Iterator[tuple[Ints, Look]]:
    """Looks from the origins of the test part, some at a time, each with its rows of origin."""
    history = recording.history
    back, far = history.steps(LOOKS_BACK) + 1, int(fitted.rivals.horizons.max())
    for first in range(train - 1, history.rows - 1, ORIGINS_AT_ONCE):
        rows = np.arange(first, min(first + ORIGINS_AT_ONCE, history.rows - 1), every)
        begin = max(0, first - back)
        window = seen.before(first + ORIGINS_AT_ONCE + far).after(begin)
        origins = np.repeat(rows - begin, history.series)
        series = np.tile(np.arange(history.series), len(rows))
        look = fitted.rivals.look(window, origins, series)
        whole = np.full((history.rows + far, history.series), np.nan, np.float32)
        whole[: history.rows] = history.values
        yield (
            rows,
            replace(look, truth=whole[(origins + begin)[:, None] + fitted.rivals.horizons, series[:, None]]),
        )


def _add(sums: dict[str, Summed], name: str, what: Floats, cells: Flags) -> None:
    """Add ``what[O, N, H]`` where ``cells``."""
    nothing = np.zeros(what.shape[2])
    total, count = sums.get(name, (nothing, nothing))
    more, cases = _summed(what, cells, (0, 1))
    sums[name] = (total + more, count + cases)


def _summed(what: Floats, cells: Flags, axes: tuple[int, ...]) -> Summed:
    total: Sums = np.where(cells, what, np.float32(0)).sum(axis=axes, dtype=np.float64)
    count: Sums = cells.sum(axis=axes, dtype=np.float64)
    return total, count


def slow_cells(recording: Recording, look: Look) -> dict[str, Flags]:
    """Which cells ``[P, H]`` are slow traffic, by the speed that came true and by the last speed seen."""
    if recording.kmh is None:
        return {}
    true_kmh = look.truth * recording.kmh
    seen_kmh = np.broadcast_to(look.known[:, None] * recording.kmh, true_kmh.shape)
    return {
        "true speed below 40 km/h": true_kmh < SLOW_KMH,
        "true speed below 20 mph": true_kmh < VERY_SLOW_KMH,
        "last seen below 40 km/h": seen_kmh < SLOW_KMH,
        "last seen below 20 mph": seen_kmh < VERY_SLOW_KMH,
    }


def band_cells(recording: Recording, predicted: Floats) -> dict[str, Flags]:
    """Which cells ``[O, N, H]`` lie in which band of the predicted value."""
    edges = (0.0, *recording.bands, np.inf)
    names = [f"{low:g} to {high:g}" if np.isfinite(high) else f"{low:g} and more" for low, high in pairwise(edges)]
    return {
        name: (low <= predicted) & (predicted < high) for name, (low, high) in zip(names, pairwise(edges), strict=True)
    }
