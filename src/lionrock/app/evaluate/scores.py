"""Errors at the horizon, kept per origin so that a block bootstrap can say how sure they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lionrock.engines.bootstrap import Sums, resampled
from lionrock.engines.forecast.history import Flags, Floats, Ints


@dataclass(frozen=True)
class Tally:
    """Sums over the series at each origin and horizon, each ``[O, H]``."""

    count: Sums
    absolute: Sums
    squared: Sums
    percentage: Sums
    nonzero: Sums
    covered: Sums


def tally(quantiles: Floats, truth: Floats, counted: Flags) -> Tally:
    """Tally ``quantiles[O, N, H, 3]`` against ``truth[O, N, H]`` where ``counted``.

    A percentage error exists only where the truth is not zero.
    """
    error = np.where(counted, quantiles[..., 1] - truth, np.float32(0)).astype(np.float64)
    nonzero = counted & (truth != 0)
    share = np.abs(error) / np.where(nonzero, np.abs(truth), 1)
    inside = counted & (quantiles[..., 0] <= truth) & (truth <= quantiles[..., 2])
    sums = (counted, np.abs(error), error**2, np.where(nonzero, share, 0), nonzero, inside)
    return Tally(*(np.asarray(each, np.float64).sum(axis=1) for each in sums))


def joined(parts: list[Tally]) -> Tally:
    """Tallies of consecutive origins as one."""
    return Tally(*(np.concatenate([getattr(part, name) for part in parts]) for name in Tally.__annotations__))


def score(sums: Tally, minutes: Ints, block: int, seed: int) -> list[dict[str, Any]]:
    """One row per horizon: mae, rmse, mape (%), coverage80 (share), and the bootstrap interval of mae.

    Whole blocks of ``block`` consecutive origins are drawn, since errors an hour apart are not
    independent.
    """
    low, high = bootstrap(sums, block, seed)
    rows = []
    for h, ahead in enumerate(minutes):
        count = sums.count[:, h].sum()
        rows.append(
            {
                "minutes": int(ahead),
                "mae": ratio(sums.absolute[:, h].sum(), count),
                "rmse": ratio(sums.squared[:, h].sum(), count, root=True),
                "mape": ratio(100 * sums.percentage[:, h].sum(), sums.nonzero[:, h].sum()),
                "coverage80": ratio(sums.covered[:, h].sum(), count),
                "mae_low": round(float(low[h]), 4),
                "mae_high": round(float(high[h]), 4),
                "count": int(count),
            }
        )
    return rows


def ratio(total: float, count: float, *, root: bool = False) -> float | None:
    """Total over count to four places, None over nothing."""
    if not count:
        return None
    mean = float(total) / float(count)
    return round(mean**0.5 if root else mean, 4)


def bootstrap(sums: Tally, block: int, seed: int) -> tuple[Sums, Sums]:
    """The 95% interval of the mean absolute error at each horizon, by resampling blocks of origins."""
    return resampled(in_blocks(sums.absolute, block), in_blocks(sums.count, block), seed)


def in_blocks(each: Sums, block: int) -> Sums:
    """What was summed at each origin ``[O, H]`` as sums of ``block`` consecutive origins ``[B, H]``."""
    summed: Sums = np.add.reduceat(each, np.arange(0, len(each), block), axis=0)
    return summed


Summed = tuple[Sums, Sums]
"""Absolute errors and how many they are, summed over the series at each origin, ``[O, H]`` each."""


def slow_errors(
    errors: Mapping[str, Summed], rival: Mapping[str, Summed], minutes: Ints, block: int, seed: int
) -> list[dict[str, Any]]:
    """Mean absolute errors by condition, and how far they lie from a rival's on the same cells.

    Both have their bootstrap interval; that of the difference draws the same blocks of both. A negative
    ``difference`` is a smaller error than the rival's.
    """
    rows = []
    for condition, (total, count) in errors.items():
        blocks = in_blocks(count, block)
        own = resampled(in_blocks(total, block), blocks, seed)
        apart = total - rival[condition][0]
        between = resampled(in_blocks(apart, block), blocks, seed)
        sums, counts, aparts = (each.sum(axis=0) for each in (total, count, apart))
        rows += [
            {
                "when": condition,
                "minutes": int(ahead),
                "mae": ratio(sums[h], counts[h]),
                **_interval("mae", own, h, counts),
                "difference": ratio(aparts[h], counts[h]),
                **_interval("difference", between, h, counts),
                "count": int(counts[h]),
            }
            for h, ahead in enumerate(minutes)
        ]
    return rows


def _interval(what: str, limits: tuple[Sums, Sums], h: int, counts: Sums) -> dict[str, float | None]:
    low, high = (round(float(each[h]), 4) if counts[h] else None for each in limits)
    return {f"{what}_low": low, f"{what}_high": high}


def covered_by_band(bands: Mapping[str, tuple[Sums, Sums]], minutes: Ints) -> list[dict[str, Any]]:
    """The share of the truth inside the interval by band of the prediction: ``bands[band]`` is (inside, counts)."""
    return [
        {"predicted": band, "minutes": int(ahead), "coverage80": ratio(inside[h], count[h]), "count": int(count[h])}
        for band, (inside, count) in bands.items()
        for h, ahead in enumerate(minutes)
    ]
