"""Which model is published at each horizon: decided by walk-forward, never on what it was fitted on."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np

from lionrock.engines.forecast.features import Traits
from lionrock.engines.forecast.history import DAY_S, Floats, History, Ints
from lionrock.engines.forecast.rivals import learn, sample_pairs

FOLD_PAIRS = 60_000  # origins x series that one fold is judged on
FOLDS = 3
TRUST_POWER = 8  # of a fold's share of the history; weights of the first two folds did best on the third so
FEWEST_ROWS = 6
DAYS_FOR_IDENTITIES = 14  # each day of the week twice; of fewer an identity learns the days by heart
DAYS_FOR_MODELS = 2.5  # with fewer, leaving a day out leaves nothing to learn from


@dataclass(frozen=True)
class Trial:
    """Forecasts of rows that the models had not seen: ``points[name][P, H]``, ``doubt``, ``truth``, ``fold[P]``.

    ``trust[P]`` is how much each counts when weights are chosen: models that had less history to
    learn from than the one to be published say less about it.
    """

    points: dict[str, Floats]
    doubt: Floats
    truth: Floats
    traits: Traits
    fold: Ints
    trust: Floats


def folds_of(history: History) -> list[tuple[int, int]]:
    """Rows (end of training, end of test) of each walk-forward fold, oldest first.

    Each fold tests one block: a day, or more where there are weeks, after at least DAYS_FOR_MODELS.
    With less history there is one fold, the second half; with fewer than FEWEST_ROWS rows none.
    """
    day = DAY_S // history.step_s
    days = history.rows / day
    if history.rows < FEWEST_ROWS:
        return []
    block = int(min(max(days / 8, 1), 7))
    count = min(FOLDS, int((days - DAYS_FOR_MODELS) / block))
    if count < 1:
        return [(history.rows // 2, history.rows)]
    return [(history.rows - k * block * day, history.rows - (k - 1) * block * day) for k in range(count, 0, -1)]


def models_can_be_judged(history: History) -> bool:
    """Whether every fold has days enough for trees and networks; only then do they forecast at all."""
    folds = folds_of(history)
    return bool(folds) and folds[0][0] * history.step_s >= DAYS_FOR_MODELS * DAY_S


def identities_pay(history: History) -> bool:
    """Whether the newest fold has days enough for networks that know one series from another: then all shall do so."""
    folds = folds_of(history)
    return bool(folds) and folds[-1][0] * history.step_s >= DAYS_FOR_IDENTITIES * DAY_S


def walk_forward(
    history: History, horizons: Ints, seed: int, *, besides: Collection[str] = (), executor: Executor | None = None
) -> Trial | None:
    """Fit on each fold's past and forecast its block; None where there is no past to speak of.

    The folds are done one after the other, or by ``executor`` side by side.
    """
    run = executor.map if executor else map
    judge = partial(
        _judge_fold,
        history,
        horizons=horizons,
        seed=seed,
        grow=models_can_be_judged(history),
        identities=identities_pay(history),
        besides=besides,
    )
    newest_first = list(enumerate(folds_of(history)))[::-1]  # it takes longest
    parts = list(run(judge, newest_first))[::-1]
    return joined(parts) if parts else None


def _judge_fold(
    history: History,
    fold: tuple[int, tuple[int, int]],
    *,
    horizons: Ints,
    seed: int,
    grow: bool,
    identities: bool,
    besides: Collection[str],
) -> Trial:
    number, (end, until) = fold
    rivals = learn(history.before(end), horizons, seed, models=grow, identities=identities, besides=besides)
    origins, series = sample_pairs(end - 1, until - 1, history.series, FOLD_PAIRS, seed)
    look = rivals.look(history.before(until), origins, series)
    trust = np.full(len(origins), (end / history.rows) ** TRUST_POWER, np.float32)
    said = rivals.say(look)
    return Trial(said.points, said.doubt, look.truth, look.traits, np.full(len(origins), number), trust)


def joined(parts: list[Trial]) -> Trial:
    """The trials of all folds as one, with the models that every fold has."""
    shared = [name for name in parts[0].points if all(name in part.points for part in parts)]
    return Trial(
        points={name: np.concatenate([part.points[name] for part in parts]) for name in shared},
        doubt=np.concatenate([part.doubt for part in parts]),
        truth=np.concatenate([part.truth for part in parts]),
        traits=Traits.joined([part.traits for part in parts]),
        fold=np.concatenate([part.fold for part in parts]),
        trust=np.concatenate([part.trust for part in parts]),
    )


def error_of(points: Floats, truth: Floats) -> float:
    """The mean absolute error over what was measured; infinite where nothing was."""
    distance = np.abs(points - truth)
    measured = ~np.isnan(distance)
    return float(distance[measured].mean(dtype=np.float64)) if measured.any() else float("inf")
