"""Which series go before which: neighbours found in the data, without a map."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from lionrock.engines.forecast.history import Floats, History, Ints

COMPANIONS = 5
AHEAD = timedelta(minutes=30)  # how much earlier a companion must tell; among 5-60 min no other was clearly better
LATER = timedelta(minutes=15)
FARTHEST = 4.0  # scales; one wild hour shall not choose a series' companions
ROWS = 6_000
COLUMNS = 6


def choose_companions(now: Floats, history: History) -> Ints:
    """The series ``[N, K]`` whose differences best foretell each series' half an hour later.

    ``now[T, N]`` are differences from the usual day in scales. K is COMPANIONS, or fewer where
    there are not so many other series.
    """
    lag = history.steps(AHEAD)
    count = min(COMPANIONS, now.shape[1] - 1)
    if len(now) <= lag + 1 or count < 1:
        return np.empty((now.shape[1], 0), np.int64)
    steady = np.clip(np.nan_to_num(now[-ROWS:]), -FARTHEST, FARTHEST)
    before, after = steady[:-lag] - steady[:-lag].mean(axis=0), steady[lag:] - steady[lag:].mean(axis=0)
    unit = np.outer(np.linalg.norm(before, axis=0), np.linalg.norm(after, axis=0))
    likeness = np.divide(before.T @ after, unit, out=np.zeros_like(unit), where=unit > 0)
    np.fill_diagonal(likeness, -np.inf)
    return np.argsort(-likeness, axis=0, kind="stable")[:count].T.astype(np.int64)


def companion_columns(history: History, now: Floats, lately: Floats, pairs: tuple[Ints, Ints], near: Ints) -> Floats:
    """What the companions of each pair's series do at its origin, ``[P, COLUMNS]``; NaN where unknown.

    Their mean and lowest difference, the two nearest companions' own, the mean of the last half
    hour, and the change of the mean over a quarter of an hour.
    """
    origins, series = pairs
    seen = np.full((len(origins), COLUMNS), np.nan, np.float32)
    if not near.shape[1]:
        return seen
    at = (origins[:, None], near[series])
    earlier = origins[:, None] - history.steps(LATER)
    mean = _mean(now[at])
    seen[:, 0] = mean
    seen[:, 1] = np.fmin.reduce(now[at], axis=1)
    seen[:, 2 : 2 + min(2, near.shape[1])] = now[at][:, :2]
    seen[:, 4] = _mean(lately[at])
    seen[:, 5] = mean - np.where(earlier[:, 0] >= 0, _mean(now[np.maximum(earlier, 0), near[series]]), np.nan)
    return seen


def _mean(values: Floats) -> Floats:
    count = (~np.isnan(values)).sum(axis=1)
    total = np.nansum(values, axis=1)
    mean = np.full(len(values), np.nan, np.float32)
    np.divide(total, count, out=mean, where=count > 0)
    return mean
