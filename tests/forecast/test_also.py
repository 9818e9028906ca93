"""What else was known beside the series: rain, a warning; and beside each of them: a closure ahead."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series import speeds

from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster, fit
from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.rivals import PAIRS_RARE, with_rare_pairs
from lionrock.engines.forecast.stored import pack, unpack

MANY = 10  # series: with fewer the trees have too little to split, and alone, without PyTorch, they learn nothing
AHEAD = 4  # rows: what is told of the rain comes an hour before it


def rainy(days: float = 10, seed: int = 5) -> History:
    """Roads that lose 25 km/h while it rains; ``also`` says an hour before whether it will."""
    dry = speeds(days, series=MANY, missing=0.0)
    dice = np.random.default_rng(seed)
    rain = np.repeat(dice.random(dry.rows // 8 + 2) < 0.15, 8).astype(np.float32)
    wet = np.maximum(dry.values - 25 * rain[: dry.rows, None], 3)
    return replace(dry, values=wet, also=rain[AHEAD : AHEAD + dry.rows, None])


@pytest.fixture(scope="module")
def told() -> FittedForecaster:
    return fit(rainy().before(5 * 96), (AHEAD,), seed=1)


def error_in_rain(fitted: FittedForecaster, history: History) -> float:
    """Over the origins whose target is wet."""
    rows = np.arange(5 * 96, history.rows - AHEAD)[rainy().also[5 * 96 : -AHEAD, 0] > 0]
    pairs = np.repeat(rows, history.series), np.tile(np.arange(history.series), len(rows))
    look = fitted.rivals.look(history, *pairs)
    return float(np.nanmean(np.abs(fitted.quantiles(look, (BLEND,))[BLEND][:, :, 1] - look.truth)))


def test_rain_that_is_known_before_is_worth_something(told: FittedForecaster) -> None:
    history = rainy()
    silent = replace(history, also=np.empty((history.rows, 0), np.float32))
    ignorant = fit(silent.before(5 * 96), (AHEAD,), seed=1)
    assert error_in_rain(told, history) < 0.85 * error_in_rain(ignorant, silent)


def test_more_than_was_ever_seen_is_taken_for_the_most_that_was(told: FittedForecaster) -> None:
    history = rainy()
    flood = replace(history, also=history.also + 100)
    pour = replace(history, also=np.ones_like(history.also))
    assert np.array_equal(told.predict(flood).quantiles, told.predict(pour).quantiles)


def test_without_any_word_of_the_rain_there_is_still_a_forecast(told: FittedForecaster) -> None:
    history = rainy()
    unknown = replace(history, also=np.full_like(history.also, np.nan))
    assert told.predict(unknown).known.all()


def test_other_things_than_were_learned_from_are_refused(told: FittedForecaster) -> None:
    history = rainy()
    with pytest.raises(BadInput, match="known beside"):
        told.predict(replace(history, also=np.zeros((history.rows, 2), np.float32)))
    with pytest.raises(BadInput, match="beside"):
        replace(history, also=np.zeros((3, 1), np.float32))


def closed(days: float = 10, seed: int = 6, series: int = 4) -> History:
    """Roads of which one at a time loses 25 km/h; ``each`` says an hour before which."""
    dry = speeds(days, series=series, missing=0.0)
    dice = np.random.default_rng(seed)
    shut = np.repeat(dice.random((dry.rows // 8 + 2, series)) < 0.15, 8, axis=0).astype(np.float32)
    held = np.maximum(dry.values - 25 * shut[: dry.rows], 3)
    return replace(dry, values=held, each=shut[AHEAD : AHEAD + dry.rows, :, None])


def error_where_closed(fitted: FittedForecaster, history: History) -> float:
    told = closed(series=MANY).each[:, :, 0] > 0
    told[: 5 * 96] = told[-AHEAD:] = False
    look = fitted.rivals.look(history, *np.nonzero(told))
    return float(np.nanmean(np.abs(fitted.quantiles(look, (BLEND,))[BLEND][:, :, 1] - look.truth)))


def test_a_closure_that_is_known_of_one_road_is_worth_something_to_it_alone() -> None:
    history = closed(series=MANY)
    told = fit(history.before(5 * 96), (AHEAD,), seed=1)
    silent = replace(history, each=np.empty((0, 0, 0)))
    ignorant = fit(silent.before(5 * 96), (AHEAD,), seed=1)
    assert error_where_closed(told, history) < 0.85 * error_where_closed(ignorant, silent)
    again = unpack(pack(told))
    assert np.array_equal(again.predict(history).quantiles, told.predict(history).quantiles)
    with pytest.raises(BadInput, match="known beside"):
        told.predict(silent)


def test_what_is_rarely_known_of_a_series_is_learned_from_wherever_it_was_known() -> None:
    few = (np.array([0, 3]), np.array([1, 2]))
    history = replace(closed(), each=closed().each * (np.arange(960) < 100)[:, None, None])
    rows, series = with_rare_pairs(history, history.rows, few, seed=1)
    known = set(zip(*(each.tolist() for each in np.nonzero(history.each[:, :, 0])), strict=True))
    assert set(zip(rows.tolist(), series.tolist(), strict=True)) == known | {(0, 1), (3, 2)}
    assert len(rows) < PAIRS_RARE
    silent = replace(history, each=np.empty((0, 0, 0)))
    assert with_rare_pairs(silent, silent.rows, few, seed=1) is few


def test_what_is_known_of_each_series_has_a_row_and_a_series() -> None:
    history = closed()
    with pytest.raises(BadInput, match="each has shape"):
        replace(history, each=np.zeros((history.rows, 3, 1)))
    assert history.before(7).after(2).narrowed(slice(1, 3)).each.shape == (5, 2, 1)
