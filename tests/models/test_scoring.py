"""Stored forecasts are scored by what came true; drift raises an alert, and its end clears it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import numpy as np
import pytest
from tiny import MODEL, NOON, SENSORS, SERVICE, pack, remember
from tiny_decisions import decided, fitted_on, kept
from tiny_model import hindcast

from lionrock.app.house import House
from lionrock.app.jobs.model_watch import look_for_drift, score_hours
from lionrock.app.jobs.models import Champion, follow, publish_forecast
from lionrock.commons.governance.judging import compare
from lionrock.commons.governance.lately import reference_of, rolling_of
from lionrock.core.clock import SetClock
from lionrock.core.readings import ReadingColumns
from lionrock.core.records.model_scores import InputHour, ModelScores
from lionrock.core.records.standing import MACHINE, Decision, Standing, What
from lionrock.core.vocabulary import NotYet, Text, microseconds

HOUR, QUARTER, DAY = timedelta(hours=1), timedelta(minutes=15), timedelta(days=1)


def standing_champion(house: House) -> str:
    """A version that stands, judged on the day before noon."""
    fitted = fitted_on(house, 7, -DAY)
    version = kept(house, fitted, -DAY)
    seen = MODEL.gather(house.cities["tiny"], NOON, DAY + MODEL.looks_back)
    judged = compare(hindcast(fitted, pack(seen), NOON - DAY), None)
    Standing(house.engine).decide(
        Decision(
            service="tiny",
            model="ahead",
            version=version,
            what=What.PROMOTED,
            stands=version,
            by=MACHINE,
            why=Text(en="a test"),
            at=NOON,
            scores=msgspec.to_builtins(judged),
        )
    )
    return version


def live(house: House, clock: SetClock, hours: float, every: timedelta = QUARTER) -> None:
    """Let the city go on for some hours, with a forecast every quarter."""
    champion = Champion()
    follow(house, SERVICE, MODEL, champion)
    for _ in range(int(hours * HOUR / every)):
        clock.set(clock.now() + every)
        try:
            publish_forecast(house, SERVICE, MODEL, champion)
        except NotYet:
            continue


def alerts(house: House) -> set[str]:
    return {known.id for known in house.records.list_open(MODEL.alerts.id)}


def test_an_hour_is_scored_once_it_is_complete_and_only_once(house: House, clock: SetClock) -> None:
    version = standing_champion(house)
    remember(house, NOON, NOON + 4 * HOUR, seed=2)
    live(house, clock, 3.25)
    assert score_hours(house, SERVICE, MODEL) == 24
    assert score_hours(house, SERVICE, MODEL) == 0
    hours = ModelScores(house.engine).list_hours("tiny", "ahead", NOON)
    assert {one.version for one in hours} == {version}
    near = [one for one in hours if one.horizon_s == 900]
    # the first forecast was issued at a quarter past noon: it speaks of half past
    assert [(one.hour - NOON) / HOUR for one in near] == [0, 1, 2]
    assert [one.issued for one in near] == [2 * len(SENSORS), 4 * len(SENSORS), 4 * len(SENSORS)]
    assert all(0 < one.scored <= one.issued for one in near)
    assert 1 < sum(one.absolute for one in near) / sum(one.scored for one in near) < 3  # noise of 2


def test_the_score_is_the_plain_mean_of_what_was_said_and_what_came(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + 3 * HOUR, seed=2)
    live(house, clock, 2.5)
    score_hours(house, SERVICE, MODEL)
    (score,) = (
        one for one in ModelScores(house.engine).list_hours("tiny", "ahead", NOON + HOUR) if one.horizon_s == 900
    )
    told = house.readings.forecasts("tiny.ahead", "level", NOON + HOUR - QUARTER, NOON + 2 * HOUR - QUARTER)
    errors = []
    for one in told.forecasts():
        came = house.readings.window("tiny.levels", one.sensor, "level", one.issued_at + one.horizon, NOON + 3 * HOUR)
        errors += [abs(one.middle - came.value[0])] * (one.horizon == QUARTER)
    known = [error for error in errors if not np.isnan(error)]
    assert (score.issued, score.scored) == (len(errors), len(known))
    assert score.absolute / score.scored == pytest.approx(np.mean(known))
    assert score.rivals["last_value"].scored <= score.scored
    assert score.rivals["week_before"].absolute > 0


def test_a_stopped_feed_gives_no_score_and_not_a_zero_and_says_that_inputs_are_missing(
    house: House, clock: SetClock
) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + HOUR, seed=2)
    live(house, clock, 8.25)
    score_hours(house, SERVICE, MODEL)
    silent = ModelScores(house.engine).list_hours("tiny", "ahead", NOON + HOUR)
    assert sum(one.issued for one in silent) > 0
    assert all((one.scored, one.absolute, one.inside, one.rivals) == (0, 0.0, 0, {}) for one in silent)
    rolling, _ = rolling_of(house.engine, clock.now(), "tiny", "ahead")
    assert rolling is not None
    assert rolling.missing == 1.0
    assert rolling.hours == 1
    look_for_drift(house, SERVICE, MODEL, {})
    assert alerts(house) == {"ahead/missing"}


def test_a_usual_day_raises_no_alert(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + 9 * HOUR, seed=2)
    live(house, clock, 8.25)
    score_hours(house, SERVICE, MODEL)
    assert look_for_drift(house, SERVICE, MODEL, {}) == 0


def test_an_error_that_grows_raises_alerts_that_clear_when_it_ends(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + 9 * HOUR, lift=15, seed=2)
    remember(house, NOON + 9 * HOUR, NOON + 48 * HOUR, seed=3)
    live(house, clock, 8.25)
    score_hours(house, SERVICE, MODEL)
    last_seen = {}
    look_for_drift(house, SERVICE, MODEL, last_seen)
    assert {"ahead/error", "ahead/coverage", "ahead/baseline"} <= alerts(house)
    raised = house.records.get(MODEL.alerts.id, "ahead/error").record
    assert raised.properties["times"] > 3
    live(house, clock, 26, every=HOUR)
    score_hours(house, SERVICE, MODEL)
    look_for_drift(house, SERVICE, MODEL, last_seen)
    clock.set(clock.now() + timedelta(hours=3))
    look_for_drift(house, SERVICE, MODEL, last_seen)
    assert not {"ahead/error", "ahead/coverage", "ahead/baseline"} & alerts(house)


def test_one_broken_gauge_is_named(house: House, clock: SetClock) -> None:
    standing_champion(house)
    at_us = np.arange(microseconds(NOON), microseconds(NOON + 11 * HOUR), 900_000_000)
    columns = ReadingColumns.of_property("level", ["gauge3"] * len(at_us), at_us, np.full(len(at_us), 5.0))
    house.readings.append("tiny.levels", columns)
    remember(house, NOON, NOON + 11 * HOUR, seed=2)  # what is there already stands: the gauge is stuck
    live(house, clock, 10.25)
    score_hours(house, SERVICE, MODEL)
    look_for_drift(house, SERVICE, MODEL, {})
    assert "ahead/sensor/gauge3" in alerts(house)
    assert not {f"ahead/sensor/{other}" for other in SENSORS if other != "gauge3"} & alerts(house)


def test_a_version_that_was_never_judged_is_watched_only_against_the_naive_rival(house: House, clock: SetClock) -> None:
    version = kept(house, fitted_on(house, 7, -DAY), -DAY)
    decided(house, version, What.PROMOTED, version)
    assert reference_of(house.engine, "tiny", "ahead") is None
    remember(house, NOON, NOON + 9 * HOUR, lift=15, seed=2)
    live(house, clock, 8.25)
    score_hours(house, SERVICE, MODEL)
    look_for_drift(house, SERVICE, MODEL, {})
    assert alerts(house) == {"ahead/baseline", "ahead/coverage"}


def test_a_day_of_inputs_unlike_those_of_the_learning_is_told(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + 30 * HOUR, lift=25, seed=2)
    clock.set(NOON + 1.25 * HOUR)
    score_hours(house, SERVICE, MODEL)
    look_for_drift(house, SERVICE, MODEL, {})
    assert alerts(house) == set()
    clock.set(NOON + 25 * HOUR)
    score_hours(house, SERVICE, MODEL)
    look_for_drift(house, SERVICE, MODEL, {})
    assert alerts(house) == {"ahead/shift"}


def test_the_scores_of_another_version_are_not_held_against_the_champion(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + 9 * HOUR, lift=15, seed=2)
    live(house, clock, 8.25)
    score_hours(house, SERVICE, MODEL)
    other = kept(house, fitted_on(house, 3, -DAY), -DAY)
    decided(house, other, What.PROMOTED, other)
    rolling, _ = rolling_of(house.engine, clock.now(), "tiny", "ahead")
    assert rolling is not None
    assert (rolling.hours, rolling.horizons, rolling.sensors) == (0, [], [])


def test_a_clock_that_jumped_back_is_scored_again_from_where_it_stands(house: House) -> None:
    standing_champion(house)
    future = ModelScores(house.engine)
    ahead = InputHour(hour=NOON + 30 * HOUR, cells=0, measured=0, histogram=[])
    future.keep_hour("tiny", "ahead", ahead, [], [])
    assert score_hours(house, SERVICE, MODEL) == 23
    assert score_hours(house, SERVICE, MODEL) == 0


def test_what_was_filled_in_later_is_no_rival_of_a_forecast_that_did_not_know_it(house: House, clock: SetClock) -> None:
    standing_champion(house)
    remember(house, NOON, NOON + HOUR, seed=2)
    live(house, clock, 2.25)
    score_hours(house, SERVICE, MODEL)  # the hour from one on was silent
    remember(house, NOON + HOUR, NOON + 6 * HOUR, seed=2)  # and is filled in
    live(house, clock, 1)
    score_hours(house, SERVICE, MODEL)
    near, far = ModelScores(house.engine).list_hours("tiny", "ahead", NOON + 2 * HOUR)
    assert (near.horizon_s, far.horizon_s) == (900, 3600)
    assert far.scored > 0
    assert far.rivals.keys() == {"week_before"}  # all were issued between one and two
    assert 0 < near.rivals["last_value"].scored < near.scored


def test_the_hours_of_a_clock_that_ran_ahead_are_scored_when_they_come(house: House, clock: SetClock) -> None:
    standing_champion(house)
    noon = clock.now()
    clock.set(noon + 30 * HOUR)
    score_hours(house, SERVICE, MODEL)
    clock.moment = noon
    score_hours(house, SERVICE, MODEL)
    for hour in range(4):
        remember(house, noon + hour * HOUR, noon + (hour + 1) * HOUR, seed=hour)
        live(house, clock, 1)
    clock.set(clock.now() + QUARTER)
    score_hours(house, SERVICE, MODEL)
    scored = {one.hour for one in ModelScores(house.engine).list_hours("tiny", "ahead", noon) if one.scored}
    assert scored == {noon + hour * HOUR for hour in range(4)}
