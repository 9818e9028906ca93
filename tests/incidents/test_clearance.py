"""How long incidents last is learned honestly: priors first, censored lives counted, elapsed time taken in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import NormalDist

import msgspec
import numpy as np
import pytest

from lionrock.services.mobility.incidents.answers.clearance import ClearanceQuery
from lionrock.services.mobility.incidents.clearance import (
    Lasted,
    as_features,
    from_features,
    learn,
    remaining_min,
)
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.tails import FIRST, Pace, follow

NOW = datetime(2026, 11, 21, tzinfo=UTC)
ACCIDENT = IncidentKind.ACCIDENT
LEVELS = (0.1, 0.5, 0.9)


def lasted(minutes: list[float], *, ended: bool = True, days: float = 60) -> list[Lasted]:
    step = timedelta(days=days) / max(len(minutes), 1)
    return [Lasted(ACCIDENT, NOW - timedelta(days=days) + step * n, each, ended) for n, each in enumerate(minutes)]


def test_without_history_the_prior_speaks_and_says_so() -> None:
    clearance = learn((), NOW)
    low, middle, high = remaining_min(clearance, ACCIDENT, 0, LEVELS)
    assert middle == pytest.approx(27, abs=2)
    assert low < middle < high
    assert clearance.learned_from[ACCIDENT] == 0


def test_history_moves_the_prior() -> None:
    rng = np.random.default_rng(1)
    clearance = learn(lasted(rng.lognormal(np.log(60), 0.3, 400).tolist()), NOW)
    low, middle, high = remaining_min(clearance, ACCIDENT, 0, LEVELS)
    assert (low, middle, high) == pytest.approx((41, 60, 88), rel=0.1)


def test_an_incident_that_still_goes_on_has_less_left_than_its_whole_but_more_than_nothing() -> None:
    rng = np.random.default_rng(1)
    clearance = learn(lasted(rng.lognormal(np.log(60), 0.3, 400).tolist()), NOW)
    at_once, later = (remaining_min(clearance, ACCIDENT, elapsed, LEVELS)[1] for elapsed in (0, 60))
    assert 0 < later < at_once


def test_ends_that_nobody_saw_make_durations_longer_not_shorter() -> None:
    ended = lasted([30.0] * 100)
    unseen = [Lasted(one.kind, one.began, 60.0, ended=False) for one in lasted([30.0] * 100)]
    with_them = learn([*ended, *unseen], NOW)
    assert remaining_min(with_them, ACCIDENT, 0, (0.9,))[0] > 60
    assert remaining_min(learn(ended, NOW), ACCIDENT, 0, (0.9,))[0] < 40


def test_nothing_after_now_is_learned() -> None:
    future = [Lasted(ACCIDENT, NOW + timedelta(days=1), 500.0, ended=True)] * 50
    assert learn(future, NOW).learned_from[ACCIDENT] == 0
    going_on = [Lasted(ACCIDENT, NOW - timedelta(minutes=10), 500.0, ended=True)] * 50
    assert remaining_min(learn(going_on, NOW), ACCIDENT, 0, (0.5,))[0] > 10


def test_an_end_moves_out_when_incidents_fall_beyond_it_and_the_other_one_moves_in() -> None:
    rng = np.random.default_rng(1)
    calm = rng.lognormal(np.log(30), 0.2, 300).tolist()
    longer = rng.lognormal(np.log(90), 0.2, 30).tolist()
    before, after = learn(lasted(calm), NOW).first, learn(lasted(calm + longer), NOW).first
    assert after.long > 1.3 * before.long
    assert after.short < before.short


def test_tails_come_to_rest_where_one_in_ten_falls_beyond_each() -> None:
    levels = NormalDist().cdf
    rng = np.random.default_rng(3)
    wild = [levels(z * (1.6 if z > 0 else 0.8)) for z in rng.standard_normal(3000).tolist()]
    tails = follow(wild, Pace(step=0.02, narrowest=-1.0))
    assert tails.long == pytest.approx(1.6, rel=0.15)
    assert tails.short == pytest.approx(0.8, rel=0.15)


def test_tails_keep_the_middle_and_are_bounded_whatever_happens() -> None:
    tails = follow([1.0] * 500, FIRST)
    assert tails.moved(0.5) == pytest.approx(0.5)
    assert 0.9 < tails.moved(0.9) < 1
    assert tails.long == pytest.approx(2, rel=0.01)
    assert tails.short == pytest.approx(np.exp(FIRST.narrowest), rel=0.01)


def test_old_incidents_give_way_to_new_ones() -> None:
    old = [Lasted(ACCIDENT, NOW - timedelta(days=200, minutes=n), 200.0, ended=True) for n in range(300)]
    clearance = learn([*old, *lasted([20.0] * 60, days=20)], NOW)
    assert remaining_min(clearance, ACCIDENT, 0, (0.5,))[0] == pytest.approx(22.5, abs=2.5)
    assert clearance.learned_from[ACCIDENT] == 60


def test_what_was_kept_in_an_older_form_is_learned_anew_and_never_misread() -> None:
    feature = as_features(learn(lasted([300.0] * 50), NOW), NOW)[0]
    older = replace(feature, properties={"hazard": feature.properties["hazard"], "stretch": 1.2, "incidents": 50})
    assert remaining_min(from_features([older]), ACCIDENT, 0, (0.5,))[0] == pytest.approx(27, abs=2)


def test_bands_cover_what_they_say_week_by_week() -> None:
    rng = np.random.default_rng(2)
    history = lasted(rng.lognormal(np.log(30), 0.9, 800).tolist(), days=80)
    fresh = rng.lognormal(np.log(30), 0.9, 2000)
    covered = []
    for days_ago in range(0, 60, 3):
        clearance = learn(history, NOW - timedelta(days=days_ago))
        low, _, high = remaining_min(clearance, ACCIDENT, 0, LEVELS)
        covered.append(((fresh >= low) & (fresh <= high)).mean())
    assert np.mean(covered) == pytest.approx(0.8, abs=0.03)


def test_quantiles_rise_with_their_levels_at_every_elapsed_time() -> None:
    clearance = learn(lasted([5, 20, 33, 70, 400]), NOW)
    for elapsed in (0.0, 4.9, 100.0, 9000.0, 50_000.0):
        told = remaining_min(clearance, ACCIDENT, elapsed, (0.05, 0.1, 0.5, 0.9, 0.95))
        assert told == sorted(told)
        assert all(left >= 0 and np.isfinite(left) for left in told)


def test_what_was_learned_survives_storage() -> None:
    clearance = learn(lasted([10, 20, 30, 40, 200]), NOW)
    again = from_features(as_features(clearance, NOW))
    assert remaining_min(again, ACCIDENT, 12, LEVELS) == pytest.approx(
        remaining_min(clearance, ACCIDENT, 12, LEVELS), abs=0.5
    )
    assert again.learned_from[ACCIDENT] == len([10, 20, 30, 40, 200])


@pytest.mark.parametrize("minutes", ["-1", "nan", "inf", "1e23"])
def test_minutes_that_no_incident_lasts_are_refused(minutes: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"elapsed_min": minutes}, ClearanceQuery, strict=False)
