"""The naive rivals: the last value, the usual day, and the usual day plus what is left of today's difference."""

from __future__ import annotations

import numpy as np

from lionrock.engines.forecast.features import Look
from lionrock.engines.forecast.history import Floats

LAST_VALUE, USUAL_DAY, DECAYING_RESIDUAL = "last_value", "usual_day", "decaying_residual"
NAIVE = (LAST_VALUE, USUAL_DAY, DECAYING_RESIDUAL)


def naive_points(look: Look, decay: Floats) -> dict[str, Floats]:
    """The three baselines' forecasts ``[P, H]`` by name.

    Where the last value is too old, or there is no usual day yet, each falls back on the other;
    NaN is left only where neither is known.
    """
    last = np.broadcast_to(look.known[:, None], look.ahead.shape)
    decayed = look.ahead + decay * (look.known - look.here)[:, None]
    usual = np.where(np.isnan(look.ahead), last, look.ahead)
    return {
        LAST_VALUE: np.where(np.isnan(last), look.ahead, last),
        USUAL_DAY: usual,
        DECAYING_RESIDUAL: np.where(np.isnan(decayed), usual, decayed),
    }


def fit_decay(look: Look) -> Floats:
    """How much of today's difference from the usual day is left at each horizon, ``[H]`` in [0, 1].

    Minimises the mean absolute error exactly: a median of ratios, weighted by the difference.
    Where nothing can be learned yet, the usual day is kept as it is (0).
    """
    difference = look.known - look.here
    fitted = np.zeros(look.ahead.shape[1], np.float32)
    for h in range(len(fitted)):
        change = look.truth[:, h] - look.ahead[:, h]
        usable = ~np.isnan(change) & (np.abs(difference) > np.finfo(np.float32).eps)
        if not usable.any():
            continue
        weights = np.abs(difference[usable]).astype(np.float64)
        ratios = change[usable] / difference[usable]
        order = np.argsort(ratios)
        middle = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
        fitted[h] = np.clip(ratios[order][middle], 0, 1)
    return fitted
