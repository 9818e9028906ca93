"""A linear model for each series: it sees what the networks see, and is drawn towards the one model of all series.

Hundreds of inputs and some days of one series' own past would be learned by heart; so the coefficients of a
series are those of all series together, moved only as far as its own past says so (ridge regression whose
origin is the pooled solution).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.forecast.history import Floats, Ints
from lionrock.engines.forecast.training import Lessons, standard_of

Doubles = NDArray[np.float64]

POOLED_PENALTY = 10.0  # of squared coefficients, where an error of one scale counts 1
OWN_PENALTY = 3_000.0  # of squared differences from the pooled coefficients
ROUNDS = 3  # of reweighting; more moved nothing
LEAST_ERROR = 0.05  # scales; smaller errors count as if they were squared: keeps the weights finite


@dataclass(frozen=True)
class Linear:
    """``weights[N, F + 1, H]`` on standardised inputs and a constant; ``mean`` and ``width`` of each input."""

    weights: Floats
    mean: Floats
    width: Floats

    def correct(self, inputs: Floats, series: Ints) -> Floats:
        """Corrections ``[P, H]`` in scales for ``inputs[P, F]`` of ``series[P]``."""
        told = np.empty((len(inputs), self.weights.shape[2]), np.float32)
        for one, mine in _by_series(series):
            told[mine] = with_constant((inputs[mine] - self.mean) / self.width) @ self.weights[one]
        return told


def fit_linear(lessons: Lessons) -> Linear:
    """Coefficients with the least absolute error, by reweighted least squares (Schlossmacher 1973)."""
    mean, width = standard_of(lessons.inputs)
    columns, horizons = lessons.inputs.shape[1] + 1, lessons.target.shape[1]
    own = [(one, mine) for one, mine in _by_series(lessons.series)]
    nothing = np.zeros((columns, horizons), np.float32)

    def read(mine: Ints) -> tuple[Floats, Floats]:
        return with_constant((lessons.inputs[mine] - mean) / width), lessons.target[mine]

    pooled = nothing
    for _round in range(ROUNDS):
        squares, products = np.zeros((horizons, columns, columns)), np.zeros((horizons, columns))
        for _one, mine in own:
            seen, target = read(mine)
            more = sums_of(seen, target, pooled, lessons.weight[mine])
            squares += more[0]
            products += more[1]
        pooled = solved(squares, products, POOLED_PENALTY, nothing)
    weights = np.repeat(pooled[None], lessons.series_count, axis=0)
    for one, mine in own:
        seen, target = read(mine)
        for _round in range(ROUNDS):
            squares, products = sums_of(seen, target, weights[one], np.ones(len(mine), np.float32))
            weights[one] = solved(squares, products, OWN_PENALTY, pooled)
    return Linear(weights, mean, width)


def sums_of(seen: Floats, target: Floats, weights: Floats, counts: Floats) -> tuple[Doubles, Doubles]:
    """The weighted squares ``[H, F, F]`` and products ``[H, F]`` of one round, from where ``weights`` err."""
    missed = np.abs(target - seen @ weights)
    worth = np.where(np.isnan(missed), 0, counts[:, None] / np.maximum(missed, LEAST_ERROR)).astype(np.float32)
    wanted = np.nan_to_num(target)
    squares = np.stack([(seen * worth[:, h : h + 1]).T @ seen for h in range(worth.shape[1])])
    products = np.stack([seen.T @ (wanted[:, h] * worth[:, h]) for h in range(worth.shape[1])])
    return squares, products


def solved(squares: Doubles, products: Doubles, penalty: float, origin: Floats) -> Floats:
    """Coefficients ``[F, H]`` with the least penalised error, drawn towards ``origin[F, H]``."""
    held = penalty * np.eye(squares.shape[1])
    found = np.linalg.solve(squares + held, (products + penalty * origin.T)[:, :, None])
    return found[:, :, 0].T.astype(np.float32)


def with_constant(inputs: Floats) -> Floats:
    """``inputs[P, F]`` with a column of ones."""
    return np.concatenate([inputs, np.ones((len(inputs), 1), np.float32)], axis=1, dtype=np.float32)


def _by_series(series: Ints) -> Iterator[tuple[int, Ints]]:
    order = np.argsort(series, kind="stable")
    starts = np.flatnonzero(np.diff(series[order], prepend=-1))
    for mine in np.split(order, starts[1:]):
        if len(mine):
            yield int(series[mine[0]]), mine
