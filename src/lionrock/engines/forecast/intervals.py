"""80% intervals from what the models got wrong on days they had not seen, stretched by how the last hours went.

Split conformal by band of the prediction, in units of the models' own doubt; then one factor per
horizon from the newest errors of all series together, since what goes wrong goes wrong for hours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from lionrock.engines.forecast.features import Traits
from lionrock.engines.forecast.history import Floats, History, Ints

HIGH, INSIDE = 0.9, 0.8
REMEMBERS = timedelta(hours=6)  # the newest errors that stretch an interval
STRETCHES = (0.7, 1.6)
BANDS = 8  # by where the forecast stands between the series' usual low and high
BAND_NEEDS = 400  # errors that a band must have seen; with fewer it takes those of all bands
YOUNG = timedelta(hours=6)  # a history shorter than this has seen one sort of hour: its calm is no knowledge
LEAST_SCALE = 0.06  # of the level; in a history that is YOUNG no series is taken to be steadier
LEAST_WALK = 0.5  # of the scale in FIVE_MINUTES, nor to move less
FIVE_MINUTES = timedelta(minutes=5)
HORIZON_NEEDS = 40  # errors that a horizon must have seen; with fewer a random walk stands in


@dataclass(frozen=True)
class Intervals:
    """``edges[H, B - 1]`` of bands of position, and offsets ``low[H, B]``, ``high[H, B]`` in units of doubt.

    NaN offsets mean that nothing has been seen from which a doubt could be told.
    """

    edges: Floats
    low: Floats
    high: Floats

    def around(self, points: Floats, doubt: Floats, traits: Traits) -> tuple[Floats, Floats]:
        """The 10% and 90% quantiles ``[P, H]`` around ``points``, by their ``doubt[P, H, 2]``; they never cross."""
        low, high = np.empty_like(points), np.empty_like(points)
        for h in range(points.shape[1]):
            band = np.searchsorted(self.edges[h], position(points[:, h], traits))
            low[:, h] = points[:, h] + np.minimum(self.low[h][band], 0) * doubt[:, h, 0]
            high[:, h] = points[:, h] + np.maximum(self.high[h][band], 0) * doubt[:, h, 1]
        return low, high


def position(points: Floats, traits: Traits) -> Floats:
    """Where each point stands between its series' usual low (0) and high (1), as far as [-1, 2]."""
    width = np.maximum(traits.high - traits.low, traits.scale / 10)
    placed: Floats = np.clip((points - traits.low) / width, -1, 2)
    return np.nan_to_num(placed, nan=0.5)


def calibrate(
    points: Floats, doubt: Floats, truth: Floats, traits: Traits, walk: tuple[float, float], steps: Ints
) -> Intervals:
    """Fit the intervals of one model on forecasts ``[P, H]`` of unseen days and their ``doubt[P, H, 2]``.

    ``walk`` is the 10% and 90% change over one step in scales: where a horizon (``steps[H]``) has
    too few errors to learn from, the series is taken for a random walk, which widens with the root
    of the horizon.
    """
    far = points.shape[1]
    edges = np.empty((far, BANDS - 1), np.float32)
    low, high = np.empty((far, BANDS), np.float32), np.empty((far, BANDS), np.float32)
    for h in range(far):
        error = truth[:, h] - points[:, h]
        seen = ~np.isnan(error)
        error = np.where(error < 0, error / doubt[:, h, 0], error / doubt[:, h, 1])[seen]
        where = position(points[:, h], traits)[seen]
        if len(error) < HORIZON_NEEDS:
            edges[h] = np.inf
            low[h], high[h] = (change * math.sqrt(steps[h]) for change in walk)
            continue
        edges[h] = np.quantile(where, np.arange(1, BANDS) / BANDS)
        band = np.searchsorted(edges[h], where)
        for b in range(BANDS):
            own = error[band == b]
            low[h, b], high[h, b] = bounds(own if len(own) >= BAND_NEEDS else error)
    return Intervals(edges, low, high)


def bounds(errors: Floats) -> tuple[float, float]:
    """The 10% and 90% quantiles, widened for a finite sample (Lei et al. 2018, split conformal)."""
    reach = min(1.0, HIGH * (1 + 1 / len(errors)))
    return float(np.quantile(errors, 1 - reach)), float(np.quantile(errors, reach))


def walk_of(history: History, traits: Traits) -> tuple[float, float]:
    """The 10% and 90% quantiles of the change over one step, in scales; NaN with too few changes."""
    changes = np.diff(history.values[-2_000:], axis=0) / traits.scale
    changes = changes[~np.isnan(changes)]
    return bounds(changes) if len(changes) >= HORIZON_NEEDS else (math.nan, math.nan)


def unsteadied(traits: Traits) -> Traits:
    """The traits of a history that is YOUNG: no series moves less than LEAST_SCALE of its level.

    Series that held still for their first hour would otherwise be forecast without a doubt.
    """
    return replace(traits, scale=np.fmax(traits.scale, LEAST_SCALE * np.abs(traits.level)))


def young_walk(history: History, traits: Traits) -> tuple[float, float]:
    """As :func:`walk_of`, for a history that is YOUNG: values that were told twice say nothing of the next."""
    low, high = walk_of(history, traits)
    least = LEAST_WALK * math.sqrt(history.step / FIVE_MINUTES)
    return min(low, -least), max(high, least)


def is_young(history: History) -> bool:
    """Whether so little was seen that past errors say too little of those to come."""
    return int((~np.isnan(history.values)).any(axis=1).sum()) * history.step < YOUNG


def excess(three: Floats, truth: Floats) -> Floats:
    """How far the truth ``[...]`` lay from the middle of ``three[..., 3]``, where 1 is the edge; NaN where unknown."""
    away = truth - three[..., 1]
    reach = np.where(away < 0, three[..., 1] - three[..., 0], three[..., 2] - three[..., 1])
    away_in_reaches: Floats = np.abs(away) / np.maximum(reach, np.finfo(np.float32).eps)
    return away_in_reaches


def stretch_of(newest: Floats) -> float:
    """The factor for an interval's reach by the :func:`excess` of its newest errors; 1 where there are too few."""
    known = newest[~np.isnan(newest)]
    if len(known) < HORIZON_NEEDS:
        return 1.0
    return float(np.clip(np.quantile(known, INSIDE), *STRETCHES))


def stretched(three: Floats, factor: Floats) -> Floats:
    """Quantiles ``[..., H, 3]`` with their reach multiplied by ``factor[..., H]``."""
    middle = three[..., 1:2]
    return middle + (three - middle) * factor[..., None]
