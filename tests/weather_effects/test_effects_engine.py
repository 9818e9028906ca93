from __future__ import annotations

import numpy as np
import pytest
from panels import GROUPS, made_up

from lionrock.engines.effects.estimates import LEFT_OUT, PRIOR_DAYS, Estimates, Grade, estimate, student_quantile
from lionrock.engines.effects.members import list_members
from lionrock.engines.effects.placebo import shifted
from lionrock.engines.effects.usual import Panel, fit_usual

SEEDS = range(12)
Found = list[tuple[tuple[float, ...], Estimates]]


@pytest.fixture(scope="module")
def estimates() -> Found:
    """Estimates of twelve made-up cities, each with the truth that was put in."""
    cities = [made_up(seed, slope=0.001) for seed in SEEDS]
    return [(city.truth, estimate(city.panel, city.states, 2, GROUPS, seed=1)) for city in cities]


def test_effects_are_found_within_their_intervals(estimates: Found) -> None:
    inside = [one.low <= truth[i] <= one.high for truth, said in estimates for i, one in enumerate(said.whole)]
    assert sum(inside) / len(inside) >= 0.9


def test_effects_of_hour_groups_are_found_within_their_intervals(estimates: Found) -> None:
    inside = [
        one.low <= truth[i] <= one.high
        for truth, said in estimates
        for group in said.by_group.values()
        for i, one in enumerate(group)
    ]
    assert sum(inside) / len(inside) >= 0.9


def test_effects_have_no_bias_of_a_percent(estimates: Found) -> None:
    off = [[one.log_ratio - truth[i] for i, one in enumerate(said.whole)] for truth, said in estimates]
    assert np.abs(np.mean(off, axis=0)).max() < 0.01


def test_enough_days_give_intervals_that_tell_something(estimates: Found) -> None:
    widths = [one.high - one.low for _, said in estimates for one in said.whole]
    assert np.median(widths) < 0.06


def test_weather_that_never_was_has_no_effect() -> None:
    cities = [made_up(seed) for seed in SEEDS]
    said = [estimate(city.panel, shifted(city.states, 7), 2, {}, seed=1).whole for city in cities]
    inside = [one.low <= 0 <= one.high for whole in said for one in whole if one.low is not None]
    assert len(inside) > 15
    assert sum(inside) / len(inside) >= 0.9


def test_a_level_never_seen_is_none_and_not_zero() -> None:
    city = made_up(1)
    said = estimate(city.panel, city.states, 3, GROUPS, seed=1)
    never = (said.whole[2], said.by_group["evening"][2])
    assert [(one.log_ratio, one.low, one.high, one.grade) for one in never] == [(None, None, None, Grade.NEVER)] * 2


def test_one_day_alone_is_too_few_to_say_and_very_unsure() -> None:
    once, often = made_up(3, wet_on=1), made_up(3)
    alone, many = (estimate(city.panel, city.states, 2, {}, seed=1).whole[1] for city in (once, often))
    assert (alone.grade, alone.blocks, alone.hours) == (Grade.TOO_FEW, 1, 3)
    assert alone.high - alone.low > 2 * (many.high - many.low)


def test_days_of_one_typhoon_count_once() -> None:
    city = made_up(4, wet_on=4)
    affected = np.unique(np.nonzero((city.states == 2).any(axis=(1, 2)))[0])
    block = np.arange(len(city.panel.kind))
    block[affected] = affected[0]
    apart, together = (estimate(city.panel, city.states, 2, {}, block=one, seed=1).whole[1] for one in (None, block))
    assert (apart.blocks, together.blocks, together.days) == (4, 1, 4)
    assert together.grade is Grade.TOO_FEW


def test_a_trend_is_not_taken_for_an_effect() -> None:
    city = made_up(5, truth=(0.0,), wet_share=(0.0,), slope=-0.004)
    states = city.states.copy()
    states[-8::2, 8:12] = 1
    said = estimate(city.panel, states, 1, {}, seed=1).whole[0]
    assert abs(said.log_ratio) < 0.03
    assert said.low <= 0 <= said.high


def test_hours_that_are_left_out_say_nothing() -> None:
    city = made_up(6)
    states = city.states.copy()
    states[:, 20:22] = LEFT_OUT
    absurd = city.panel.values.copy()
    absurd[:, 20:22] = 99.0
    other = Panel(absurd, city.panel.kind, city.panel.weekday, city.panel.day_number)
    first, second = (estimate(panel, states, 2, {}, seed=1).whole for panel in (city.panel, other))
    assert first == second


def test_a_kind_of_day_never_seen_calm_has_no_counterfactual() -> None:
    city = made_up(7)
    usual = fit_usual(city.panel, (city.states == 0) & (city.panel.kind != 2)[:, None, None])
    expected = usual.expected(city.panel)
    assert np.isnan(expected[city.panel.kind == 2]).all()
    assert np.isfinite(expected[city.panel.kind != 2]).all()


def test_an_hour_group_without_its_own_hours_says_that_it_borrows() -> None:
    city = made_up(8)
    states = np.where(np.isin(np.arange(24), GROUPS["night"])[None, :, None] & (city.states > 0), 0, city.states)
    night = estimate(city.panel, states.astype(np.int8), 2, GROUPS, seed=1).by_group["night"][1]
    assert (night.pooled, night.hours) == (True, 0)
    assert night.log_ratio == pytest.approx(city.truth[1], abs=0.05)


def test_roads_that_suffer_more_are_told_from_chance() -> None:
    city = made_up(9, days=90, road_spread=0.4)
    said = estimate(city.panel, city.states, 2, {}, seed=1)
    members = list_members(said.residual, city.states == 2)
    alike = list_members(said.residual, city.states == 1)
    assert members.spread == pytest.approx(0.08, abs=0.03)
    assert alike.spread < members.spread


def test_roads_that_are_all_alike_do_not_deviate() -> None:
    city = made_up(10, days=60)
    said = estimate(city.panel, city.states, 2, {}, seed=1)
    assert np.abs(list_members(said.residual, city.states == 2).deviation).max() < 0.03


def test_quantiles_of_student_agree_with_the_tables() -> None:
    assert [student_quantile(freedom) for freedom in (PRIOR_DAYS, 10, 30)] == pytest.approx(
        [2.776, 2.228, 2.042], abs=0.01
    )


@pytest.mark.parametrize(
    ("days", "grade"), [(2, Grade.TOO_FEW), (3, Grade.FEW), (7, Grade.FEW), (8, Grade.ENOUGH)], ids=str
)
def test_how_much_is_enough(days: int, grade: Grade) -> None:
    city = made_up(12, wet_on=days, truth=(-0.1,), wet_share=(0.0,))
    said = estimate(city.panel, city.states, 1, {}, seed=1).whole[0]
    assert (said.blocks, said.grade) == (days, grade)


def test_hours_that_differ_are_told_apart() -> None:
    city = made_up(13, days=90, truth=(0.0,), wet_share=(0.5,))
    evening = np.isin(np.arange(24), GROUPS["evening"])[None, :, None] & (city.states == 1)
    values = city.panel.values + np.where(evening, np.float32(-0.2), np.float32(0))
    panel = Panel(values, city.panel.kind, city.panel.weekday, city.panel.day_number)
    groups = estimate(panel, city.states, 1, GROUPS, seed=1).by_group
    assert groups["evening"][0].high < -0.1
    assert groups["day"][0].low > -0.1


def test_calm_days_alone_that_differ_make_every_effect_less_sure() -> None:
    steady, moody = (made_up(14, wet_on=1, truth=(-0.1,), wet_share=(0.0,)) for _ in range(2))
    mood = np.random.default_rng(3).normal(0, 0.1, (len(moody.panel.kind), 1, 1)).astype(np.float32)
    rough = Panel(moody.panel.values + mood, moody.panel.kind, moody.panel.weekday, moody.panel.day_number)
    sure, unsure = (estimate(one, steady.states, 1, {}, seed=1).whole[0] for one in (steady.panel, rough))
    assert unsure.high - unsure.low > 2 * (sure.high - sure.low)


@pytest.mark.parametrize("seed", range(24))
def test_odd_histories_give_effects_that_are_numbers_or_none(seed: int) -> None:
    rng = np.random.default_rng(seed)
    days, roads = int(rng.integers(7, 20)), int(rng.integers(1, 8))
    values = rng.normal(4, rng.choice([0, 1]), (days, 24, roads)).astype(np.float32)
    values[rng.random(values.shape) < rng.choice([0, 0.5, 0.95])] = np.nan
    if seed % 3 == 0:
        values[:, rng.random(24) < 0.9] = np.nan
    states = rng.choice([-1, 0, 0, 0, 1, 2], size=values.shape).astype(np.int8)
    weekday = np.arange(days) % 7
    kind = np.where(weekday == 6, 2, np.where(weekday == 5, 1, 0))
    said = estimate(Panel(values, kind, weekday, np.arange(days, dtype=float)), states, 2, GROUPS, seed=1)
    for one in (*said.whole, *(each for group in said.by_group.values() for each in group)):
        told = (one.log_ratio, one.error, one.low, one.high)
        assert one.log_ratio is None or all(number is not None and np.isfinite(number) for number in told)
