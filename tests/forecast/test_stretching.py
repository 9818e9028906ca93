"""Intervals that follow how the last hours went."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster
from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.intervals import STRETCHES, excess, stretch_of, stretched


def test_the_excess_is_one_at_either_edge() -> None:
    three = np.array([[10.0, 20, 25]] * 3, np.float32)
    assert excess(three, np.array([10, 25, 20], np.float32)).tolist() == [1, 1, 0]


def test_a_factor_makes_the_newest_errors_covered_as_promised() -> None:
    newest = np.random.default_rng(1).exponential(0.7, 1_000).astype(np.float32)
    assert (newest <= stretch_of(newest)).mean() == pytest.approx(0.8, abs=0.01)


def test_too_few_errors_and_unknown_ones_stretch_nothing() -> None:
    assert stretch_of(np.full(500, np.nan, np.float32)) == 1
    assert stretch_of(np.full(10, 3, np.float32)) == 1


def test_one_wild_hour_has_its_limits() -> None:
    assert stretch_of(np.full(500, 90, np.float32)) == pytest.approx(STRETCHES[1])
    assert stretch_of(np.zeros(500, np.float32)) == pytest.approx(STRETCHES[0])


def test_stretching_leaves_the_middle_where_it_is() -> None:
    three = np.array([[[10.0, 20, 25]]], np.float32)
    assert stretched(three, np.array([[2.0]], np.float32)).tolist() == [[[0, 20, 30]]]


def test_hours_that_went_wrong_widen_the_next_interval(fitted: FittedForecaster, fortnight: History) -> None:
    until = fortnight.before(12 * 96)
    values = until.values.copy()
    values[-20:] += np.random.default_rng(1).normal(0, 25, values[-20:].shape)
    wild = replace(until, values=np.maximum(values, 1))
    assert (fitted.stretch(wild, BLEND)[:3] > fitted.stretch(until, BLEND)[:3]).all()


def test_rows_that_were_learned_from_stretch_nothing(fitted: FittedForecaster, fortnight: History) -> None:
    assert (fitted.stretch(fortnight.before(9 * 96), BLEND) == 1).all()
