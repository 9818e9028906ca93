from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from series import MONDAY, QUARTER, speeds

from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.history import HOLIDAY, History, last_known, window_mean
from lionrock.engines.forecast.usual_day import fold, usual_at_unseen, usual_day


def flat_days(*levels: float) -> History:
    return History(values=np.repeat(levels, 96)[:, None], start=MONDAY, step=QUARTER)


def test_an_unseen_weekday_takes_after_the_weekdays_and_not_the_weekend() -> None:
    usual = usual_day(fold(flat_days(10, 20, 30, 40, 50, 90, 90)))
    thursday_noon = flat_days(10, 20, 30).narrowed(slice(0, 1))
    seen_three = usual_day(fold(thursday_noon))
    assert seen_three.table[3, 48, 0] == 20
    assert usual.table[5, 48, 0] == 90


def test_a_day_seen_often_outweighs_its_class() -> None:
    weeks = flat_days(*([10, 50, 50, 50, 50, 50, 50] * 4))
    monday = usual_day(fold(weeks)).table[0, 48, 0]
    assert 10 < monday < 25


def test_a_weekend_never_seen_falls_back_on_all_days() -> None:
    assert usual_day(fold(flat_days(10, 20, 30))).table[6, 48, 0] == 20


def test_a_holiday_on_a_weekday_is_a_rest_day() -> None:
    week = flat_days(10, 10, 10, 10, 10, 90, 90)
    easter = History(values=week.values, start=MONDAY, step=QUARTER, holidays={date(2024, 4, 8)})
    usual = usual_day(fold(easter))
    assert easter.day_kinds(np.array([19_821, 19_822])).tolist() == [HOLIDAY, 1]
    assert usual.at(easter, np.array([7 * 96 + 48]))[0, 0] == 90


def test_a_slot_that_no_day_saw_is_unknown_and_not_zero() -> None:
    values = np.full((96, 1), 50.0)
    values[40:60] = np.nan
    usual = usual_day(fold(History(values=values, start=MONDAY, step=QUARTER)))
    assert np.isnan(usual.table[0, 45, 0])
    assert usual.table[0, 30, 0] == 50


@pytest.mark.parametrize(("step_s", "slot_s"), [(60, 300), (120, 360), (300, 300), (900, 900), (86_400, 86_400)])
def test_a_usual_day_is_told_in_slots_of_five_minutes_or_a_little_more(step_s: int, slot_s: int) -> None:
    history = History(values=np.ones((8, 1)), start=MONDAY, step=timedelta(seconds=step_s))
    assert fold(history).slot_s == slot_s


def test_a_window_without_values_has_no_mean_whatever_came_before() -> None:
    values = np.full((400, 3), np.nan, np.float32)
    values[:200] = np.random.default_rng(2).normal(0.1, 3, (200, 3))
    assert np.isnan(window_mean(values, 7)[210:]).all()


def test_the_local_clock_decides_the_time_of_day() -> None:
    history = History(values=speeds(2).values, start=MONDAY, step=QUARTER, zone=timedelta(hours=8))
    assert history.local_seconds(np.array([0]))[0] % 86_400 == 8 * 3_600


def test_a_day_is_compared_with_other_days_only() -> None:
    history = flat_days(10, 20, 60)
    usual, _ = usual_at_unseen(history, np.arange(history.rows))
    assert usual[48, 0] == 40
    assert usual[96 + 48, 0] == 35


def test_a_single_day_has_nothing_to_be_compared_with() -> None:
    usual, _ = usual_at_unseen(flat_days(10), np.arange(96))
    assert np.isnan(usual).all()


def test_the_last_value_is_forgotten_at_its_age_limit_exactly() -> None:
    values = np.array([[5.0], [np.nan], [np.nan], [np.nan]], np.float32)
    known, age = last_known(values, max_age=2)
    assert known[:3, 0].tolist() == [5, 5, 5]
    assert age[:3, 0].tolist() == [0, 1, 2]
    assert np.isnan(known[3, 0])
    assert np.isnan(age[3, 0])


def test_a_window_mean_counts_only_what_was_measured() -> None:
    values = np.array([[2.0], [np.nan], [4.0], [np.nan], [np.nan]], np.float32)
    means = window_mean(values, 2)[:, 0]
    assert means[:4].tolist() == [2, 2, 4, 4]
    assert np.isnan(means[4])


@pytest.mark.parametrize(
    ("values", "step"),
    [
        (np.zeros(5), QUARTER),
        (np.full((5, 1), np.inf), QUARTER),
        (np.zeros((5, 1)), timedelta(minutes=7)),
        (np.zeros((5, 1)), timedelta(0)),
    ],
)
def test_a_history_that_makes_no_sense_is_refused(values: np.ndarray, step: timedelta) -> None:
    with pytest.raises(BadInput):
        History(values=values, start=MONDAY, step=step)


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput):
        History(values=np.zeros((5, 1)), start=MONDAY.replace(tzinfo=None), step=QUARTER)
