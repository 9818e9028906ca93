"""Boosted trees that correct a forecast: a forest that all horizons share, from which each goes on with its own.

What all horizons have in common is learned from the pairs of all; what is particular to one, most of
all how a jam that stands goes on for the next quarter of an hour, from its own (docs/models/traffic.md).
"""

from __future__ import annotations

import numpy as np

from lionrock.engines import lightgbm
from lionrock.engines.forecast.features import Look, rows_of
from lionrock.engines.forecast.history import Flags, Floats

SHARED_ROUNDS, OWN_ROUNDS = 40, 110
SHARED_EVERY = 2  # pairs: six horizons of every second are three times what one horizon goes on with
THREADS = 1  # OpenMP's threads spin while they wait: two, beside a busy neighbour, took ten times as long as one
SETTINGS = {
    "num_threads": THREADS,
    "objective": "l1",
    "learning_rate": 0.05,
    "num_leaves": 63,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
LEAST_SHARED, LEAST_OWN = 600, 300  # pairs in a leaf


def grow_trees(look: Look, base: Floats, target: Floats, minutes: Floats, seed: int) -> tuple[lightgbm.Booster, ...]:
    """A forest for each horizon that corrects ``base[P, H]`` towards ``target[P, H]``, NaN or not."""
    some = slice(None, None, SHARED_EVERY)
    shared = grow_shared(look.of(some), base[some], target[some], minutes, seed, rounds=SHARED_ROUNDS)
    usable = ~np.isnan(target)
    settings = {**SETTINGS, "min_data_in_leaf": LEAST_OWN, "seed": seed}
    wanted = (usable & (np.arange(len(minutes)) == h) for h in range(len(minutes)))
    return tuple(
        lightgbm.train(settings, _data(look, base, target, minutes, own), OWN_ROUNDS, init_model=shared)
        if own.any()
        else shared
        for own in wanted
    )


def grow_shared(
    look: Look, base: Floats, target: Floats, minutes: Floats, seed: int, *, rounds: int
) -> lightgbm.Booster:
    """One forest for all horizons that corrects ``base[P, H]`` towards ``target[P, H]``, NaN or not."""
    settings = {**SETTINGS, "min_data_in_leaf": LEAST_SHARED, "seed": seed}
    return lightgbm.train(settings, _data(look, base, target, minutes, ~np.isnan(target)), rounds)


def corrections_of(trees: tuple[lightgbm.Booster, ...], look: Look, base: Floats, minutes: Floats) -> Floats:
    """What the forests say of P pairs, ``[P, H]``, in the unit of their target."""
    told = np.empty_like(base)
    for h, forest in enumerate(trees):
        rows = rows_of(look, base, minutes, np.broadcast_to(np.arange(len(minutes)) == h, base.shape))
        told[:, h] = forest.predict(rows, num_threads=THREADS)
    return told


def _data(look: Look, base: Floats, target: Floats, minutes: Floats, wanted: Flags) -> lightgbm.Dataset:
    weights = np.broadcast_to(look.traits.scale, target.shape[::-1])[wanted.T]
    return lightgbm.Dataset(rows_of(look, base, minutes, wanted), target.T[wanted.T], weight=weights)
