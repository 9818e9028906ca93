"""Everything that is learned from a history before anybody judges it: usual day, decay, trees."""

from __future__ import annotations

from dataclasses import dataclass

import lightgbm
import numpy as np

from lionrock.engines.forecast.baselines import DECAYING_RESIDUAL, NAIVE, fit_decay, naive_points
from lionrock.engines.forecast.companions import choose_companions
from lionrock.engines.forecast.features import Look, Traits, differences, look_at, rows_of, traits_of
from lionrock.engines.forecast.history import Floats, History, Ints
from lionrock.engines.forecast.usual_day import UsualDay, fold, usual_at_unseen, usual_day

BOOSTED_TREES = "boosted_trees"
TRAINING_ROWS = 600_000  # feature rows; more made METR-LA no better and the fit slower
ROUNDS = 150
THREADS = 1  # OpenMP's threads spin while they wait: two, beside a busy neighbour, took ten times as long as one
TREE_SETTINGS = {
    "num_threads": THREADS,
    "objective": "l1",
    "learning_rate": 0.05,
    "num_leaves": 63,
    "min_data_in_leaf": 600,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


@dataclass(frozen=True)
class Rivals:
    """The fitted models, without intervals and without a judgement which is best."""

    horizons: Ints
    step_s: int
    usual: UsualDay
    decay: Floats
    traits: Traits
    companions: Ints
    trees: lightgbm.Booster | None

    @property
    def names(self) -> tuple[str, ...]:
        """The models that can be asked for points."""
        return NAIVE if self.trees is None else (*NAIVE, BOOSTED_TREES)

    def look(self, history: History, origins: Ints, series: Ints) -> Look:
        """See a history with the usual day of the training data."""
        around = (*differences(history, self._usual_at, self.traits), self.companions)
        return look_at(history, (origins, series), self.horizons, self._usual_at, self.traits, around)

    def _usual_at(self, history: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
        usual = self.usual.of(block)
        return usual.at(history, rows), usual.spread_at(history, rows)

    def points(self, look: Look) -> dict[str, Floats]:
        """Every rival's forecasts ``[P, H]`` by name; NaN where nothing is known."""
        points = naive_points(look, self.decay)
        if self.trees is not None:
            base = points[DECAYING_RESIDUAL]
            rows = rows_of(look, base, minutes_of(self.horizons, self.step_s))
            correction = (
                np.asarray(self.trees.predict(rows, num_threads=THREADS), np.float32).reshape(base.shape[::-1]).T
            )
            corrected = base + correction * look.traits.scale[:, None]
            points[BOOSTED_TREES] = np.where(np.isnan(look.ahead), base, corrected)
        return points


def minutes_of(horizons: Ints, step_s: int) -> Floats:
    """Horizons in steps as minutes."""
    return (horizons * step_s / 60).astype(np.float32)


def learn(history: History, horizons: Ints, seed: int, *, trees: bool) -> Rivals:
    """Fit the baselines on a history, and the trees if asked for and if there is anything to learn from."""
    usual = usual_day(fold(history))
    traits = traits_of(history.values)
    now, lately = differences(history, _unseen, traits)
    companions = choose_companions(now, history)
    decay, forest = np.zeros(len(horizons), np.float32), None
    last = history.rows - int(horizons.max())
    if last > 0:
        pairs = sample_pairs(0, last, history.series, TRAINING_ROWS // len(horizons), seed)
        look = look_at(history, pairs, horizons, _unseen, traits, (now, lately, companions))
        decay = fit_decay(look)
        forest = fit_trees(look, decay, minutes_of(horizons, history.step_s), seed) if trees else None
    return Rivals(horizons, history.step_s, usual, decay, traits, companions, forest)


def _unseen(history: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
    return usual_at_unseen(history.narrowed(block), rows)


def sample_pairs(first: int, last: int, series: int, at_most: int, seed: int) -> tuple[Ints, Ints]:
    """Pairs of origin row in [first, last) and series: all of them, or ``at_most`` drawn by seed."""
    cells = (last - first) * series
    if cells <= at_most:
        chosen = np.arange(cells)
    else:
        chosen = np.sort(np.random.default_rng(seed).choice(cells, at_most, replace=False))
    return first + chosen // series, chosen % series


def fit_trees(look: Look, decay: Floats, minutes: Floats, seed: int) -> lightgbm.Booster | None:
    """Trees that correct the decaying residual, one forest for all series and horizons.

    They minimise the absolute error in the series' own unit: targets are divided by the series'
    scale and weighted by it. None where no training row has a usual day and a truth.
    """
    base = naive_points(look, decay)[DECAYING_RESIDUAL]
    target = ((look.truth - base) / look.traits.scale[:, None]).T.ravel()
    weight = np.broadcast_to(look.traits.scale, base.shape[::-1]).ravel()
    usable = ~np.isnan(target) & ~np.isnan(look.ahead.T.ravel())
    if not usable.any():
        return None
    rows = rows_of(look, base, minutes)[usable]
    data = lightgbm.Dataset(rows, target[usable], weight=weight[usable])
    return lightgbm.train({**TREE_SETTINGS, "seed": seed}, data, num_boost_round=ROUNDS)
