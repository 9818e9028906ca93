"""The linear models: what each series says of itself, and what all say together where one has said little."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from series import speeds

from lionrock.engines.forecast.forecaster import fit
from lionrock.engines.forecast.linear import fit_linear
from lionrock.engines.forecast.rivals import LINEAR
from lionrock.engines.forecast.stored import pack, unpack
from lionrock.engines.forecast.training import Lessons

OPPOSITE, SPARSE = 2, 3


def lessons(pairs: int = 60_000) -> Lessons:
    """Four series that follow their input: two as it is, one the other way, and one of which hardly a pair is known."""
    dice = np.random.default_rng(1)
    inputs = dice.normal(0, 1, (pairs, 3)).astype(np.float32)
    series = np.where(np.arange(pairs) < 20, SPARSE, dice.integers(0, 3, pairs))
    sign = np.where(series == OPPOSITE, -1, 1)
    target = (sign * inputs[:, 0] + dice.normal(0, 0.3, pairs))[:, None]
    return Lessons(inputs, series, target.astype(np.float32), np.ones(pairs, np.float32), 4)


def answer(taught: Lessons) -> list[float]:
    """What each series answers to an input of 1."""
    inputs = np.tile(np.array([1, 0, 0], np.float32), (4, 1))
    told: list[float] = fit_linear(taught).correct(inputs, np.arange(4))[:, 0].tolist()
    return told


def test_a_series_with_much_to_say_goes_its_own_way() -> None:
    first, second, opposite, _ = answer(lessons())
    assert min(first, second) > 0.8
    assert opposite < -0.6


def test_a_series_with_little_to_say_follows_all_the_others() -> None:
    sparse = answer(lessons())[SPARSE]
    assert 0.2 < sparse < 0.9  # the pooled answer lies between one and the other way


def test_outliers_move_a_median_little() -> None:
    taught = lessons()
    spoilt = taught.target.copy()
    spoilt[::20] += 50
    told = answer(replace(taught, target=spoilt))
    assert abs(told[0] - answer(taught)[0]) < 0.2


def test_what_was_not_measured_teaches_nothing() -> None:
    taught = lessons()
    assert answer(replace(taught, target=np.full_like(taught.target, np.nan))) == [0, 0, 0, 0]


def test_it_is_fitted_where_it_is_asked_for_and_stored_with_the_others() -> None:
    history = speeds(4, series=4)
    fitted = fit(history, [3, 6], seed=1, besides=(LINEAR,))
    assert LINEAR in fitted.models
    told = fitted.predict(history, LINEAR)
    again = unpack(pack(fitted)).predict(history, LINEAR)
    assert np.array_equal(told.quantiles, again.quantiles)
    assert told.known.all()
    assert fitted.mix.weights[:, fitted.rivals.names.index(LINEAR)].tolist() == [0, 0]  # compared, never mixed in
    assert fitted.mix.weights.sum(axis=1).tolist() == pytest.approx([1, 1])
    assert LINEAR not in fit(history.before(history.steps(timedelta(days=1))), [3], seed=1, besides=(LINEAR,)).models
