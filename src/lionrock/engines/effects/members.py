"""How far single series stray from the effect on all of them, believed as far as their own days tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lionrock.engines.effects.usual import Cube, Flags, Floats, Ints

FEWEST_TOGETHER = 5  # series hit in one hour; with fewer, each is half of the mean that it is held against


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """By series: ``deviation`` from the common effect in logs (0 where nothing is known), its ``variance``, ``days``.

    ``spread`` is the standard deviation of the deviations, chance taken out.
    """

    deviation: Floats
    variance: Floats
    days: Ints
    spread: float


def list_members(residual: Cube, mask: Flags) -> Members:
    """Shrunken deviations of each series over the cells of ``mask[day, slot, series]`` (empirical Bayes).

    A series is held against the others of the same hour, so that the day's own shock cancels. Its
    deviation is drawn to 0 by the share of chance in it (Efron and Morris 1975).
    """
    known = mask & np.isfinite(residual)
    together = known.sum(axis=2)
    known &= (together >= FEWEST_TOGETHER)[:, :, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        common = np.where(known, residual, 0).sum(axis=2) / np.maximum(together, 1)
        apart = np.where(known, residual - common[:, :, None], 0)
        slots = known.sum(axis=1)
        by_day = np.where(slots > 0, apart.sum(axis=1, dtype=np.float64) / slots, np.nan)
    days = (slots > 0).sum(axis=0).astype(np.int64)
    mean = np.nansum(by_day, axis=0) / np.maximum(days, 1)
    freedom = int(np.maximum(days - 1, 0).sum())
    noise = float(np.nansum((by_day - mean) ** 2) / freedom) if freedom else float("inf")
    own = noise / np.maximum(days, 1)
    some = days > 0
    spread2 = max(0.0, float((mean[some] ** 2 - own[some]).mean())) if some.any() and freedom else 0.0
    trust = np.where(some, spread2 / (spread2 + own), 0.0) if spread2 > 0 else np.zeros(len(days))
    variance = np.where(some, trust * own, spread2) if freedom else np.full(len(days), spread2)
    return Members(trust * mean, variance, days, spread2**0.5)
