"""What is published: a convex mix of the models, drawn to the usual day where it is nearly there."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY
from lionrock.engines.forecast.history import Floats, Ints
from lionrock.engines.forecast.judgement import Trial, error_of
from lionrock.engines.forecast.rivals import LINEAR

SHARES = 10  # weights and pulls are multiples of a tenth: finer ones won nothing on unseen folds
STRONGEST_PULL = 0.5
NEAR = 0.2  # scales
ONLY_COMPARED = (LINEAR,)  # what is published is trained without it (docs/models/traffic.md)
WEIGHING_PAIRS = 30_000  # enough to choose among a few hundred blends


@dataclass(frozen=True)
class Blend:
    """``weights[H, M]`` of the models in their order, each row adding up to 1, and the ``pull[H]`` of the usual day.

    Of what is left between a mix and the usual day a share of ``pull`` is taken away where there is next
    to nothing left, e times less of it for each NEAR scales that the mix is away.
    """

    weights: Floats
    pull: Floats

    def of(self, points: dict[str, Floats], scale: Floats) -> Floats:
        """The published points ``[P, H]`` from those of every model; ``scale[P]`` of each pair's series."""
        shares = zip(self.weights.T, points.values(), strict=True)
        mixed: Floats = np.sum([share * own for share, own in shares], axis=0, dtype=np.float32)
        return drawn(mixed, points[USUAL_DAY], self.pull, scale[:, None])


def drawn(mixed: Floats, usual: Floats, pull: Floats | float, scale: Floats) -> Floats:
    """``mixed`` drawn to the ``usual`` day as :class:`Blend` says."""
    away = mixed - usual
    nearer: Floats = usual + away * (1 - pull * np.exp(-np.abs(away) / (NEAR * scale)))
    return nearer.astype(np.float32)


def last_value_alone(names: tuple[str, ...], horizons: int) -> Blend:
    """A blend that publishes the last value: what remains before anything could be judged."""
    alone = np.array([name == LAST_VALUE for name in names], np.float32)
    return Blend(np.tile(alone, (horizons, 1)), np.zeros(horizons, np.float32))


def choose_blend(trial: Trial) -> Blend:
    """The blend with the least error on the trial, by horizon.

    It must prove itself: weights chosen on the other folds must beat the better of last
    value and usual day on the fold left out. Where they do not, that better baseline is published
    alone. Models that are ONLY_COMPARED have no weight.
    """
    names = tuple(trial.points)
    mixed = [index for index, name in enumerate(names) if name not in ONLY_COMPARED]
    weights = np.zeros((trial.truth.shape[1], len(names)), np.float32)
    pull = np.zeros(len(weights), np.float32)
    for h in range(len(weights)):
        stacked = np.stack([trial.points[names[index]][:, h] for index in mixed], axis=1)
        blended = blended_unseen(stacked, trial.truth[:, h], trial.fold, trial.trust)
        truth = np.where(np.isnan(blended), np.float32(np.nan), trial.truth[:, h])  # the same cells for all
        naive = min((LAST_VALUE, USUAL_DAY), key=lambda name: error_of(trial.points[name][:, h], truth))
        if error_of(blended, truth) <= error_of(trial.points[naive][:, h], truth):
            weights[h, mixed] = best_weights(stacked, trial.truth[:, h], trial.trust)
            pull[h] = best_pull(stacked @ weights[h, mixed], trial.points[USUAL_DAY][:, h], trial, h)
        else:
            weights[h, names.index(naive)] = 1
    return Blend(weights, pull)


def blended_unseen(stacked: Floats, truth: Floats, fold: Ints, trust: Floats) -> Floats:
    """Blends ``[P]`` of ``stacked[P, M]`` whose weights were chosen on the other folds.

    With a single fold its second half is blended by weights chosen on the first, which is NaN.
    """
    parts = [fold == number for number in np.unique(fold)]
    if len(parts) == 1:
        parts = [np.arange(len(fold)) >= len(fold) // 2]
    blended = np.full_like(truth, np.nan)
    for left_out in parts:
        chosen = best_weights(stacked[~left_out], truth[~left_out], trust[~left_out])
        blended[left_out] = stacked[left_out] @ chosen
    return blended


def best_weights(stacked: Floats, truth: Floats, trust: Floats) -> Floats:
    """The convex weights ``[M]``, in tenths, with the least trusted absolute error on ``[P, M]``."""
    usable = np.flatnonzero(~np.isnan(stacked.sum(axis=1) + truth))
    usable = usable[:: max(1, len(usable) // WEIGHING_PAIRS)]
    simplex = [w for w in product(range(SHARES + 1), repeat=stacked.shape[1]) if sum(w) == SHARES]
    candidates = np.array(simplex, np.float32) / SHARES
    errors = [trust[usable] @ np.abs(stacked[usable] @ candidate - truth[usable]) for candidate in candidates]
    chosen: Floats = candidates[int(np.argmin(errors))]
    return chosen


def best_pull(mixed: Floats, usual: Floats, trial: Trial, h: int) -> float:
    """The pull, in tenths up to STRONGEST_PULL, with the least trusted absolute error of ``mixed[P]`` at a horizon."""
    truth, scale = trial.truth[:, h], trial.traits.scale
    usable = ~np.isnan(mixed + usual + truth)
    candidates = np.arange(round(STRONGEST_PULL * SHARES) + 1) / SHARES
    told = (drawn(mixed, usual, pull, scale) for pull in candidates.tolist())
    errors = [trial.trust[usable] @ np.abs(each - truth)[usable] for each in told]
    return float(candidates[int(np.argmin(errors))])
