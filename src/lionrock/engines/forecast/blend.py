"""What is published: a convex mix of the rivals for each horizon, other in a jam than out of it.

A jam that is seen is foretold best with some of the last value in it: the models learn from few
jams, and let go of one too soon. Everywhere else they need no such help.
"""

from __future__ import annotations

from itertools import product

import numpy as np

from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY
from lionrock.engines.forecast.features import Traits
from lionrock.engines.forecast.history import Flags, Floats, Ints
from lionrock.engines.forecast.intervals import position
from lionrock.engines.forecast.judgement import Trial, error_of

BLEND = "blend"
"""The champion: the convex mix of the rivals that walk-forward chose, or the better baseline."""

LOW_END = 0.1  # of the way from a series' usual low to its high: at a last value below, it is at its low
LOW_NEEDS = 500  # forecasts from such a low, for weights of their own
SHARES = 10  # blend weights are multiples of a tenth: finer ones won nothing on unseen folds
WEIGHING_PAIRS = 30_000  # enough to choose among a few hundred blends


def at_its_low(known: Floats, traits: Traits) -> Flags:
    """Whether each of P series was last seen ``known[P]`` at its usual low: a jam, where the values are speeds."""
    return np.asarray(position(known, traits) < LOW_END)


def with_blend(points: dict[str, Floats], weights: Floats, low: Flags) -> dict[str, Floats]:
    """The rivals' points and, by ``weights[2, H, M]`` in their order, the blend's; the second where ``low[P]``."""
    shares = weights[low.astype(np.int64)]
    parts = [shares[:, :, rival] * own for rival, own in enumerate(points.values())]
    return {**points, BLEND: np.sum(parts, axis=0, dtype=np.float32)}


def last_value_alone(names: tuple[str, ...], horizons: int) -> Floats:
    """Weights that publish the last value: what remains before anything could be judged."""
    return np.tile(np.array([name == LAST_VALUE for name in names], np.float32), (2, horizons, 1))


def choose_weights(trial: Trial) -> Floats:
    """The weight of each model of the trial ``[2, H, M]``, each row adding up to 1; the second from a low.

    The blend must prove itself: weights chosen on the other folds must beat the better of last
    value and usual day on the fold left out. Where they do not, that better baseline is published
    alone.
    """
    names = tuple(trial.points)
    low = at_its_low(trial.known, trial.traits)
    weights = np.zeros((2, trial.truth.shape[1], len(names)), np.float32)
    for h in range(weights.shape[1]):
        stacked = np.stack([trial.points[name][:, h] for name in names], axis=1)
        blended = blended_unseen(stacked, trial.truth[:, h], low, trial.fold, trial.trust)
        truth = np.where(np.isnan(blended), np.float32(np.nan), trial.truth[:, h])  # the same cells for all
        naive = min((LAST_VALUE, USUAL_DAY), key=lambda name: error_of(trial.points[name][:, h], truth))
        if error_of(blended, truth) <= error_of(trial.points[naive][:, h], truth):
            weights[:, h] = best_blends(stacked, trial.truth[:, h], low, trial.trust)
        else:
            weights[:, h, names.index(naive)] = 1
    return weights


def blended_unseen(stacked: Floats, truth: Floats, low: Flags, fold: Ints, trust: Floats) -> Floats:
    """Blends ``[P]`` of ``stacked[P, M]`` whose weights were chosen on the other folds.

    With a single fold its second half is blended by weights chosen on the first, which is NaN.
    """
    parts = [fold == number for number in np.unique(fold)]
    if len(parts) == 1:
        parts = [np.arange(len(fold)) >= len(fold) // 2]
    blended = np.full_like(truth, np.nan)
    for left_out in parts:
        chosen = best_blends(stacked[~left_out], truth[~left_out], low[~left_out], trust[~left_out])
        blended[left_out] = (stacked[left_out] * chosen[low[left_out].astype(np.int64)]).sum(axis=1)
    return blended


def best_blends(stacked: Floats, truth: Floats, low: Flags, trust: Floats) -> Floats:
    """The best weights ``[2, M]``, the second for what was at its low; the same where that was seen too seldom."""
    usable = ~np.isnan(stacked.sum(axis=1) + truth)
    apart = (usable & low).sum() >= LOW_NEEDS <= (usable & ~low).sum()
    parts = (usable & ~low, usable & low) if apart else (usable, usable)
    return np.stack([best_blend(stacked[part], truth[part], trust[part]) for part in parts])


def best_blend(stacked: Floats, truth: Floats, trust: Floats) -> Floats:
    """The convex weights ``[M]``, in tenths, with the least trusted absolute error on ``[P, M]``."""
    some = slice(None, None, max(1, len(truth) // WEIGHING_PAIRS))
    simplex = [w for w in product(range(SHARES + 1), repeat=stacked.shape[1]) if sum(w) == SHARES]
    candidates = np.array(simplex, np.float32) / SHARES
    errors = [trust[some] @ np.abs(stacked[some] @ candidate - truth[some]) for candidate in candidates]
    chosen: Floats = candidates[int(np.argmin(errors))]
    return chosen
