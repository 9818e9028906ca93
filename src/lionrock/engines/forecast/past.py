"""The recent past itself, row by row, for models that find their own features in it."""

from __future__ import annotations

import numpy as np

from lionrock.engines.forecast.companions import COMPANIONS
from lionrock.engines.forecast.history import Floats, History, Ints, last_known

LAGS = 12  # rows back, the origin's own included
COMPANIONS_LAGS = (0, 1, 3, 6)  # rows back at which the companions are seen
LONGEST_SILENCE_ROWS = 48  # four hours of five minutes: what LOOKS_BACK holds
OWN_COLUMNS = 2 * LAGS + 2
PAST_COLUMNS = OWN_COLUMNS + COMPANIONS * len(COMPANIONS_LAGS)


def own_past(history: History, difference: Floats, distance: Floats, pairs: tuple[Ints, Ints]) -> Floats:
    """What each pair's series did, ``[P, OWN_COLUMNS]``; NaN where nothing was measured.

    The ``difference[T, N]`` from the usual day and the ``distance[T, N]`` from the series' level
    at each of LAGS rows, both in scales; the last difference within LONGEST_SILENCE_ROWS, and its
    age in hours.
    """
    last, age = last_known(difference, LONGEST_SILENCE_ROWS)
    origins, series = pairs
    back = np.arange(LAGS)
    lasted = np.stack([last[pairs], age[pairs] * np.float32(history.step_s / 3_600)], axis=1)
    lags = [_before(values, origins[:, None] - back, series[:, None]) for values in (difference, distance)]
    return np.concatenate([*lags, lasted], axis=1)


def past_of_others(now: Floats, pairs: tuple[Ints, Ints], near: Ints) -> Floats:
    """The differences ``now[T, N]`` of each pair's companions at COMPANIONS_LAGS; NaN where there are fewer."""
    origins, series = pairs
    seen = np.full((len(origins), COMPANIONS, len(COMPANIONS_LAGS)), np.nan, np.float32)
    rows = origins[:, None, None] - np.array(COMPANIONS_LAGS)
    seen[:, : near.shape[1]] = _before(now, rows, near[series][:, :, None])
    return seen.reshape(len(origins), -1)


def _before(values: Floats, rows: Ints, series: Ints) -> Floats:
    return np.where(rows >= 0, values[np.maximum(rows, 0), series], np.float32(np.nan))
