"""What else was known beside the series: rain, a warning; and beside each of them: a closure ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series import speeds

from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster, fit
from lionrock.engines.forecast.history import Floats, History
from lionrock.engines.forecast.rivals import PAIRS_RARE, with_rare_pairs
from lionrock.engines.forecast.stored import pack, unpack

MANY = 10  # series: with fewer the trees have too little to split, and alone, without PyTorch, they learn nothing
AHEAD = 4  # rows: what is told of the rain comes an hour before it


def hindered(days: float = 10, seed: int = 5, series: int = MANY) -> History:
    """Roads that lose 25 km/h while it rains, and one at a time where it is closed.

    ``also`` says an hour before whether it will rain, ``each`` which road will be closed.
    """
    free = speeds(days, series=series, missing=0.0)
    dice = np.random.default_rng(seed)
    rain = np.repeat(dice.random((free.rows // 8 + 2, 1)) < 0.15, 8, axis=0).astype(np.float32)
    shut = np.repeat(dice.random((free.rows // 8 + 2, series)) < 0.15, 8, axis=0).astype(np.float32)
    held = np.maximum(free.values - 25 * np.maximum(rain, shut)[: free.rows], 3)
    ahead = slice(AHEAD, AHEAD + free.rows)
    return replace(free, values=held, also=rain[ahead], each=shut[ahead, :, None])


@pytest.fixture(scope="module")
def told() -> FittedForecaster:
    return fit(hindered().before(5 * 96), (AHEAD,), seed=1)


@pytest.fixture(scope="module")
def ignorant() -> FittedForecaster:
    return fit(silent().before(5 * 96), (AHEAD,), seed=1)


def silent() -> History:
    """The same roads, of which nothing is told."""
    history = hindered()
    return replace(history, also=np.empty((history.rows, 0), np.float32), each=np.empty((0, 0, 0)))


def error_where(fitted: FittedForecaster, history: History, so: Floats) -> float:
    """Over the unseen origins and series of which something is ``so`` an hour later."""
    rows, series = np.nonzero(np.broadcast_to(so, history.values.shape)[5 * 96 : -AHEAD])
    look = fitted.rivals.look(history, rows + 5 * 96, series)
    return float(np.nanmean(np.abs(fitted.quantiles(look, (BLEND,))[BLEND][:, :, 1] - look.truth)))


def test_rain_that_is_known_before_is_worth_something(told: FittedForecaster, ignorant: FittedForecaster) -> None:
    rain = hindered().also
    assert error_where(told, hindered(), rain) < 0.85 * error_where(ignorant, silent(), rain)


def test_more_than_was_ever_seen_is_taken_for_the_most_that_was(told: FittedForecaster) -> None:
    history = hindered()
    flood = replace(history, also=history.also + 100)
    pour = replace(history, also=np.ones_like(history.also))
    assert np.array_equal(told.predict(flood).quantiles, told.predict(pour).quantiles)


def test_without_any_word_of_the_rain_there_is_still_a_forecast(told: FittedForecaster) -> None:
    history = hindered()
    unknown = replace(history, also=np.full_like(history.also, np.nan))
    assert told.predict(unknown).known.all()


def test_other_things_than_were_learned_from_are_refused(told: FittedForecaster) -> None:
    history = hindered()
    with pytest.raises(BadInput, match="known beside"):
        told.predict(replace(history, also=np.zeros((history.rows, 2), np.float32)))
    with pytest.raises(BadInput, match="beside"):
        replace(history, also=np.zeros((3, 1), np.float32))


def test_a_closure_that_is_known_of_one_road_is_worth_something_to_it_alone(
    told: FittedForecaster, ignorant: FittedForecaster
) -> None:
    history = hindered()
    shut = history.each[:, :, 0] * (1 - history.also)  # where rain alone does not slow it
    assert error_where(told, history, shut) < 0.85 * error_where(ignorant, silent(), shut)
    again = unpack(pack(told))
    assert np.array_equal(again.predict(history).quantiles, told.predict(history).quantiles)
    with pytest.raises(BadInput, match="known beside"):
        told.predict(silent())


def test_what_is_rarely_known_of_a_series_is_learned_from_wherever_it_was_known() -> None:
    few = (np.array([0, 3]), np.array([1, 2]))
    history = replace(hindered(series=4), each=hindered(series=4).each * (np.arange(960) < 100)[:, None, None])
    rows, series = with_rare_pairs(history, history.rows, few, seed=1)
    known = set(zip(*(each.tolist() for each in np.nonzero(history.each[:, :, 0])), strict=True))
    assert set(zip(rows.tolist(), series.tolist(), strict=True)) == known | {(0, 1), (3, 2)}
    assert len(rows) < PAIRS_RARE
    untold = replace(history, each=np.empty((0, 0, 0)))
    assert with_rare_pairs(untold, untold.rows, few, seed=1) is few


def test_what_is_known_of_each_series_has_a_row_and_a_series() -> None:
    history = hindered(series=4)
    with pytest.raises(BadInput, match="each has shape"):
        replace(history, each=np.zeros((history.rows, 3, 1)))
    assert history.before(7).after(2).narrowed(slice(1, 3)).each.shape == (5, 2, 1)
