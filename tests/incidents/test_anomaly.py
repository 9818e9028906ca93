"""Methods of incident detection on roads of a few stations, where it is plain what they must see."""

from __future__ import annotations

from datetime import timedelta

import lightgbm as lgb
import numpy as np
import pytest

from lionrock.engines.anomaly.apid import ApidSettings, apid
from lionrock.engines.anomaly.boosted import BoostedSettings, boosted, probabilities, shipped_model, train
from lionrock.engines.anomaly.cusum import CusumSettings, cusum
from lionrock.engines.anomaly.features import LANE_COLUMNS, SHARE_OF_USUAL, features
from lionrock.engines.anomaly.lanes import idle_lane
from lionrock.engines.anomaly.mcmaster import McMasterSettings, fit_diagram, mcmaster
from lionrock.engines.anomaly.stations import NONE, Alarm, Stations, list_alarms, trailing_mean
from lionrock.engines.anomaly.usual import Usual, learn_usual_days, middle_of

PERIOD = timedelta(seconds=30)
A_DAY, NOON = 2880, 1440
MIDNIGHT = timedelta(0)


def road(days: int = 1, seed: int = 1) -> Stations:
    """Three stations one after the other, free all day, with the noise of real ones."""
    rng = np.random.default_rng(seed)
    shape = (days * A_DAY, 3)
    volume = rng.poisson(8, shape).astype(np.float64)
    speed = 80 + rng.normal(0, 2, shape)
    return Stations(
        occupancy_pct=volume * 6.2 / (speed / 3.6 * 30) * 100,
        volume=volume,
        speed_kmh=speed,
        idle_lane=rng.normal(0, 0.5, shape),
        downstream=np.array([1, 2, NONE]),
        period=PERIOD,
    )


def with_incident(stations: Stations) -> Stations:
    """An hour from noon: a queue at the first station, few vehicles at the second."""
    hour = slice(NOON, NOON + 120)
    stations.speed_kmh[hour, 0] = 12
    stations.occupancy_pct[hour, 0] = 45
    stations.volume[hour, 0] = 4
    stations.volume[hour, 1:] = 4
    stations.occupancy_pct[hour, 1:] = 4
    stations.idle_lane[hour, 0] = 5.0
    return stations


def begins(alarms: list[Alarm]) -> list[tuple[int, bool]]:
    return [(alarm.station, NOON <= alarm.begin < NOON + 30) for alarm in alarms]


def learn_usual(history: Stations, days: int) -> Usual:
    """The usual day of days that are all of one kind."""
    return learn_usual_days(history, np.zeros(days, np.bool_)).working


def test_apid_sees_a_queue_before_free_road_and_nothing_else() -> None:
    assert begins(list_alarms(apid(with_incident(road()), ApidSettings()), road())) == [(0, True)]


def test_apid_waits_until_the_difference_has_persisted() -> None:
    ringing = apid(with_incident(road()), ApidSettings(persistence=timedelta(minutes=10)))
    assert not ringing[: NOON + 20].any()
    assert ringing[NOON + 30, 0]


def test_mcmaster_tells_a_queue_of_its_own_from_one_that_comes_from_farther_on() -> None:
    settings = McMasterSettings()
    diagram = fit_diagram(road(3), settings)
    assert begins(list_alarms(mcmaster(with_incident(road()), diagram, settings), road())) == [(0, True)]
    spilled = with_incident(road())
    spilled.speed_kmh[NOON - 60 : NOON + 120, 1], spilled.volume[NOON - 60 : NOON + 120, 1] = 12, 4
    spilled.occupancy_pct[NOON - 60 : NOON + 120, 1] = 45
    ringing = mcmaster(spilled, diagram, settings)
    assert not ringing[:, 0].any()
    assert ringing[NOON, 1]


def test_a_station_with_too_little_history_never_rings_in_mcmaster() -> None:
    settings, history = McMasterSettings(), road()
    history.speed_kmh[50:] = np.nan
    assert not mcmaster(with_incident(road()), fit_diagram(history, settings), settings).any()


def test_cusum_rings_for_a_departure_from_the_usual_day_but_not_for_the_usual_jam() -> None:
    usual = learn_usual(road(4), 4)
    assert begins(list_alarms(cusum(with_incident(road()), usual, MIDNIGHT, CusumSettings()), road())) == [(0, True)]
    jammed = road(4)
    jammed.speed_kmh.reshape(4, A_DAY, 3)[:, NOON - 30 : NOON + 150, 0] = 12
    used_to = learn_usual(jammed, 4)
    spelled = cusum(with_incident(road()), used_to, MIDNIGHT, CusumSettings(occupancy=0.0))
    assert not spelled[:, 0].any()


def test_methods_are_causal() -> None:
    whole, cut = with_incident(road()), with_incident(road())
    for values in (cut.speed_kmh, cut.occupancy_pct, cut.volume, cut.idle_lane):
        values[NOON + 60 :] = np.nan
    usual = learn_usual(road(4), 4)
    until = NOON + 60
    assert (apid(whole, ApidSettings())[:until] == apid(cut, ApidSettings())[:until]).all()
    settings = CusumSettings()
    assert (cusum(whole, usual, MIDNIGHT, settings)[:until] == cusum(cut, usual, MIDNIGHT, settings)[:until]).all()
    seen, seen_cut = features(whole, usual, MIDNIGHT), features(cut, usual, MIDNIGHT)
    assert np.array_equal(seen[:until], seen_cut[:until], equal_nan=True)


def test_missing_readings_ring_nowhere_and_break_nothing() -> None:
    gone = road()
    for values in (gone.speed_kmh, gone.occupancy_pct, gone.volume, gone.idle_lane):
        values[:] = np.nan
    usual = learn_usual(road(4), 4)
    assert not apid(gone, ApidSettings()).any()
    assert not cusum(gone, usual, MIDNIGHT, CusumSettings()).any()
    likely = probabilities(shipped_model(), features(gone, usual, MIDNIGHT))
    assert np.isnan(likely).all()
    assert not boosted(likely, gone, BoostedSettings()).any()


def test_the_shipped_trees_suspect_a_queue_before_free_road_and_nothing_else() -> None:
    usual = learn_usual(road(4), 4)
    likely = probabilities(shipped_model(), features(with_incident(road()), usual, MIDNIGHT))
    assert likely[NOON + 6 : NOON + 120, 0].min() > 0.7
    assert likely[:NOON].max() < 0.05
    assert likely[:, 1:].max() < 0.05


def test_the_shipped_trees_suspect_a_queue_more_where_a_lane_idles() -> None:
    usual = learn_usual(road(4), 4)
    queue = with_incident(road())
    beside = probabilities(shipped_model(), features(queue, usual, MIDNIGHT))
    queue.idle_lane[:, 0] = 0.0
    far = probabilities(shipped_model(), features(queue, usual, MIDNIGHT))
    assert (far[NOON + 6 : NOON + 120, 0] < beside[NOON + 6 : NOON + 120, 0]).all()
    assert far[NOON + 6 : NOON + 120, 0].mean() > 0.2


def test_what_is_named_as_looking_at_lanes_is_all_that_does() -> None:
    usual, queue = learn_usual(road(4), 4), with_incident(road())
    seen = features(queue, usual, MIDNIGHT)
    queue.idle_lane[:] += 1.0
    changed = (features(queue, usual, MIDNIGHT) - seen)[NOON + 60]
    assert tuple(np.flatnonzero(np.nan_to_num(changed).any(axis=0))) == LANE_COLUMNS


def test_in_a_gridlock_nothing_is_suspected_and_in_a_common_jam_it_is() -> None:
    usual = learn_usual(road(4), 4)
    queue, free = features(with_incident(road()), usual, MIDNIGHT), features(road(seed=2), usual, MIDNIGHT)
    seen = np.concatenate([queue, *[free] * 19], axis=1)
    common, standing = seen.copy(), seen.copy()
    common[NOON:, 1:16, SHARE_OF_USUAL] = 0.4
    standing[NOON:, 1:31, SHARE_OF_USUAL] = 0.4
    assert probabilities(shipped_model(), common)[NOON + 6 : NOON + 120, 0].min() > 0.7
    assert probabilities(shipped_model(), standing)[NOON + 6 : NOON + 120].max() == 0


def test_trained_trees_are_told_without_what_only_training_needs() -> None:
    rng = np.random.default_rng(3)
    seen = rng.random((4000, 2))
    model = lgb.Booster(model_str=train(seen, seen[:, 0] > 0.5))
    assert model.predict([[0.9, 0.5]])[0] > 0.95
    assert model.predict([[0.1, 0.5]])[0] < 0.05
    assert "split_gain" not in shipped_model().model_to_string().split("Tree=0")[0]


def test_what_was_never_measured_has_no_middle_and_warns_nobody() -> None:
    nan = np.nan
    values = np.array([[1.0, nan, 7.0], [nan, nan, 3.0], [5.0, nan, 4.0]])
    np.testing.assert_array_equal(middle_of(values), [3.0, nan, 4.0])


def test_an_hour_without_readings_keeps_an_alarm_as_it_was() -> None:
    likely = np.array([[0.1], [0.9], [0.9], [np.nan], [np.nan], [np.nan], [0.1]])
    ringing = boosted(likely, road(), BoostedSettings(threshold=0.7, persistence=timedelta(minutes=1)))
    assert ringing[:, 0].tolist() == [False, False, True, True, True, True, False]


def test_one_sure_moment_outweighs_a_doubtful_one_and_not_a_sure_denial() -> None:
    settings = BoostedSettings(threshold=0.7, persistence=timedelta(minutes=1))
    doubtful, denied = np.array([[0.5], [0.99]]), np.array([[0.001], [0.99]])
    assert boosted(doubtful, road(), settings)[1, 0]
    assert not boosted(denied, road(), settings)[1, 0]


def test_a_lane_that_falls_silent_stands_out_and_a_thin_night_does_not() -> None:
    rng = np.random.default_rng(2)
    station = np.array([0, 0, 0, 1, 1, 1, 2])
    counts = rng.poisson(np.tile([5.0, 4.0, 3.0, 0.2, 0.2, 0.1, 4.0], (A_DAY, 1))).astype(np.float64)
    counts[NOON:, 1] = 0
    idle = idle_lane(counts, station, 3, PERIOD)
    assert idle[NOON + 5 : NOON + 40, 0].min() > 3
    assert (idle[60:NOON, 0] > 3).mean() < 0.01
    assert (idle[60:, 1] > 3).mean() < 0.01
    assert np.isnan(idle[:, 2]).all()


def test_a_lane_that_was_always_empty_is_not_idle() -> None:
    counts = np.tile([6.0, 0.0], (200, 1))
    assert idle_lane(counts, np.array([0, 0]), 1, PERIOD)[100:, 0].max() < 1


def test_a_lane_that_nobody_measured_is_not_called_idle() -> None:
    counts = np.tile([6.0, 6.0], (200, 1))
    counts[120:, 1] = np.nan
    assert idle_lane(counts, np.array([0, 0]), 1, PERIOD)[120:, 0].max() < 1


def test_neighbours_that_ring_together_are_one_alarm_and_strangers_are_not() -> None:
    ringing = np.zeros((100, 3), np.bool_)
    ringing[10:20, 1] = ringing[15:30, 0] = ringing[90:95, 2] = True
    alarms = list_alarms(ringing, road())
    assert alarms == [Alarm(1, (1, 0), 10, 30), Alarm(2, (2,), 90, 95)]


def test_a_trailing_mean_takes_what_was_measured() -> None:
    means = trailing_mean(np.array([[np.nan], [2.0], [np.nan], [4.0]]), 2)
    assert means[:, 0] == pytest.approx([np.nan, 2.0, 2.0, 4.0], nan_ok=True)


def test_a_day_off_is_measured_against_days_off_once_enough_were_seen() -> None:
    week = road(7)
    rush = slice(8 * 120, 9 * 120)
    for day in range(5):
        week.speed_kmh[day * A_DAY : (day + 1) * A_DAY][rush] = 30.0
    off = np.arange(7) >= 5
    few = learn_usual_days(week, off)
    assert (few.working.days, few.off.days) == (5, 7)
    assert few.off.speed_kmh[33, 0] == pytest.approx(30, abs=1)  # two days say too little
    more = learn_usual_days(week, np.arange(7) >= 4)
    assert (more.working.days, more.off.days) == (4, 3)
    assert more.of(off=True).speed_kmh[33, 0] == pytest.approx(80, abs=2)
    assert more.of(off=False).speed_kmh[33, 0] == pytest.approx(30, abs=1)
