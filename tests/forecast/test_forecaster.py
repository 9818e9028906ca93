from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import zstandard
from series import MONDAY, QUARTER, speeds

from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY, fit_decay
from lionrock.engines.forecast.features import Look
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster, fit
from lionrock.engines.forecast.history import Floats, History
from lionrock.engines.forecast.rivals import BOOSTED_TREES
from lionrock.engines.forecast.stored import pack, unpack

HORIZONS = (1, 2, 4, 6)


def unseen(fitted: FittedForecaster, history: History, first: int) -> tuple[Look, dict[str, Floats]]:
    origins = np.repeat(np.arange(first, history.rows - 1), history.series)
    series = np.tile(np.arange(history.series), history.rows - 1 - first)
    look = fitted.rivals.look(history, origins, series)
    return look, fitted.quantiles(look, fitted.models)


def mean_error(three: Floats, truth: Floats) -> Floats:
    return np.nanmean(np.abs(three[:, :, 1] - truth), axis=0)


def test_no_nan_is_published_whatever_is_missing(fitted: FittedForecaster, fortnight: History) -> None:
    values = fortnight.values.copy()
    values[np.random.default_rng(1).random(values.shape) < 0.4] = np.nan
    values[-40:, 0] = np.nan
    prediction = fitted.predict(replace(fortnight, values=values))
    assert not np.isnan(prediction.quantiles).any()
    assert prediction.known.all()
    assert (np.diff(prediction.quantiles, axis=2) >= 0).all()
    assert (prediction.quantiles >= 0).all()


def test_a_series_never_seen_is_masked_and_one_seen_only_now_is_not(fortnight: History) -> None:
    values = fortnight.values[: 4 * 96].copy()
    values[:, :2] = np.nan
    young = fit(replace(fortnight, values=values), HORIZONS, seed=3)
    recent = fortnight.values[4 * 96 - 20 : 4 * 96].copy()
    recent[:, 0] = np.nan
    known = young.predict(replace(fortnight, values=recent, start=MONDAY + (4 * 96 - 20) * QUARTER)).known
    assert not known[:, 0].any()
    assert known[:, 1:].all()


def test_the_published_model_is_not_worse_than_the_better_baseline(
    fitted: FittedForecaster, fortnight: History
) -> None:
    look, told = unseen(fitted, fortnight, 10 * 96 - 1)
    naive = np.minimum(mean_error(told[LAST_VALUE], look.truth), mean_error(told[USUAL_DAY], look.truth))
    assert (mean_error(told[BLEND], look.truth) <= naive).all()


def test_trees_learn_more_than_the_baselines_know(fitted: FittedForecaster, fortnight: History) -> None:
    look, told = unseen(fitted, fortnight, 10 * 96 - 1)
    naive = np.minimum(mean_error(told[LAST_VALUE], look.truth), mean_error(told[USUAL_DAY], look.truth))
    assert (mean_error(told[BOOSTED_TREES], look.truth)[1:] < naive[1:]).all()


def test_eighty_per_cent_intervals_cover_about_eighty_per_cent(fitted: FittedForecaster, fortnight: History) -> None:
    look, told = unseen(fitted, fortnight, 10 * 96 - 1)
    for three in told.values():
        inside = (three[:, :, 0] <= look.truth) & (look.truth <= three[:, :, 2])
        coverage = inside.sum(axis=0) / (~np.isnan(look.truth)).sum(axis=0)
        assert ((coverage > 0.7) & (coverage < 0.9)).all()


def test_what_is_stored_forecasts_exactly_the_same(fitted: FittedForecaster, fortnight: History) -> None:
    again = unpack(pack(fitted))
    for model in fitted.models:
        assert np.array_equal(again.predict(fortnight, model).quantiles, fitted.predict(fortnight, model).quantiles)
    assert again.version == fitted.version
    assert again.errors == fitted.errors


def test_a_forecaster_of_the_format_before_still_forecasts(fitted: FittedForecaster, fortnight: History) -> None:
    with np.load(io.BytesIO(zstandard.decompress(pack(fitted)))) as stored:
        arrays = dict(stored)
    arrays["about"] = np.frombuffer(
        json.dumps(json.loads(arrays["about"].tobytes()) | {"format": 5}).encode(), np.uint8
    )
    del arrays["pull"]
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    undrawn = replace(fitted, mix=replace(fitted.mix, pull=np.zeros(len(fitted.mix.pull), np.float32)))
    again = unpack(zstandard.compress(stream.getvalue()))
    assert np.array_equal(again.predict(fortnight).quantiles, undrawn.predict(fortnight).quantiles)


def test_bytes_that_hold_no_forecaster_are_refused() -> None:
    with pytest.raises(BadInput):
        unpack(b"not a zip")
    with pytest.raises(BadInput):
        unpack(b"")


def test_a_forecaster_cut_short_is_refused(fitted: FittedForecaster) -> None:
    with pytest.raises(BadInput):
        unpack(pack(fitted)[:-500])


def test_the_same_seed_gives_the_same_model_and_another_seed_another_version() -> None:
    history = speeds(3.6, series=2)
    first, again, other = (fit(history, (1, 4), seed=seed) for seed in (3, 3, 4))
    assert np.array_equal(first.predict(history).quantiles, again.predict(history).quantiles)
    assert first.version == again.version != other.version


def test_one_changed_value_changes_the_version() -> None:
    history = speeds(1, series=3)
    values = history.values.copy()
    values[5, 1] += 1
    assert fit(history, (1,), seed=1).version != fit(replace(history, values=values), (1,), seed=1).version


def test_a_few_hours_give_the_last_value_in_intervals_that_widen() -> None:
    history = speeds(0.25, missing=0.0)
    prediction = fit(history, HORIZONS, seed=3).predict(history)
    width = prediction.quantiles[:, :, 2] - prediction.quantiles[:, :, 0]
    assert prediction.known.all()
    assert (width.mean(axis=1)[-1] > 1.5 * width.mean(axis=1)[0]).all()
    assert np.allclose(prediction.quantiles[:, :, 1], history.values[-1], atol=12)


@pytest.mark.parametrize("silent", [0, 60], ids=["a first hour", "an hour after a long gap"])
def test_roads_that_held_still_for_an_hour_are_not_forecast_without_a_doubt(silent: int) -> None:
    values = np.full((16 + silent, 40), 60, np.float32)
    values[4 : 4 + silent] = np.nan
    history = replace(speeds(1, series=40), values=values, step=timedelta(minutes=5))
    prediction = fit(history, (3, 18), seed=3).predict(history)
    width = prediction.quantiles[:, :, 2] - prediction.quantiles[:, :, 0]
    assert prediction.known.all()
    assert (width[0] > 3).all()
    assert (width[1] > 8).all()


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_almost_no_history_is_masked_and_not_guessed(rows: int) -> None:
    history = speeds(1, series=3, missing=0.0).before(rows)
    prediction = fit(history, HORIZONS, seed=3).predict(history)
    assert not prediction.known.any()
    assert not prediction.quantiles.any()


@pytest.mark.parametrize("days", [0.2, 0.6, 1.1, 1.9, 2.6, 3.4, 3.6])
def test_every_length_of_first_days_forecasts_without_nan(days: float) -> None:
    history = speeds(days)
    prediction = fit(history, HORIZONS, seed=3).predict(history)
    assert np.isfinite(prediction.quantiles).all()
    assert prediction.known.mean() > 0.9


def test_a_detector_silent_beyond_the_limit_gets_its_usual_day(fitted: FittedForecaster, fortnight: History) -> None:
    values = fortnight.values.copy()
    values[-5:, 0] = np.nan
    silent = replace(fortnight, values=values)
    usual = fitted.rivals.usual.at(silent, silent.rows - 1 + np.array(HORIZONS))
    assert np.allclose(fitted.predict(silent, LAST_VALUE).quantiles[:, 0, 1], usual[:, 0])
    assert not np.allclose(fitted.predict(fortnight, LAST_VALUE).quantiles[:, 0, 1], usual[:, 0], atol=0.01)


def test_only_the_recent_past_is_looked_at(fitted: FittedForecaster, fortnight: History) -> None:
    recent = fortnight.after(fortnight.rows - 40)
    assert np.allclose(fitted.predict(recent).quantiles, fitted.predict(fortnight).quantiles, atol=1e-3)


def test_the_future_is_never_looked_at(fitted: FittedForecaster, fortnight: History) -> None:
    origin = 12 * 96
    pairs = np.full(fortnight.series, origin), np.arange(fortnight.series)
    changed = fortnight.values.copy()
    changed[origin + 1 :] = 1.0
    with_future = fitted.rivals.say(fitted.rivals.look(fortnight, *pairs)).points
    without = fitted.rivals.say(fitted.rivals.look(replace(fortnight, values=changed), *pairs)).points
    for name, points in with_future.items():
        assert np.array_equal(points, without[name])


def test_a_difference_that_halves_has_a_decay_of_a_half() -> None:
    known = np.array([10.0, 20, 30, 40], np.float32)
    here = np.zeros(4, np.float32)
    ahead = np.full((4, 1), 5, np.float32)
    nothing, nobody = np.zeros((4, 0), np.float32), np.zeros(4, np.int64)
    truth = ahead + known[:, None] / 2
    look = Look(nobody, known, known, here, ahead, ahead, truth, nothing, nothing, nothing, speeds_traits())
    assert fit_decay(look).tolist() == [0.5]


def speeds_traits() -> object:
    return fit(speeds(0.5, series=4), (1,), seed=1).rivals.traits


@pytest.mark.parametrize("horizons", [(), (0, 1), (2, 1), (1, 1), (1.5,)])
def test_horizons_that_are_not_steps_ahead_are_refused(horizons: tuple[int, ...]) -> None:
    with pytest.raises(BadInput):
        fit(speeds(0.5), horizons, seed=1)


def test_a_forecast_of_other_series_or_steps_is_refused(fitted: FittedForecaster, fortnight: History) -> None:
    with pytest.raises(BadInput):
        fitted.predict(fortnight.narrowed(slice(0, 3)))
    with pytest.raises(BadInput):
        fitted.predict(replace(fortnight, step=QUARTER / 3))
    with pytest.raises(BadInput):
        fitted.predict(fortnight.before(0))
    with pytest.raises(BadInput):
        fitted.predict(fortnight, "crystal_ball")


@pytest.mark.parametrize("shape", [(0, 3), (5, 0)])
def test_a_history_without_rows_or_series_is_refused(shape: tuple[int, int]) -> None:
    with pytest.raises(BadInput, match=f"nothing can be learned from {shape[0]} rows of {shape[1]} series"):
        fit(replace(speeds(1, series=3), values=np.empty(shape, np.float32)), HORIZONS, seed=1)
