"""The traffic forecast from the store to the store: what it sees, learns and says."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from feeds_at_hand import CATALOGUE, Take

from lionrock.app.house import House
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.core.clock import SetClock
from lionrock.core.readings import ReadingColumns
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Alert, Forecast, NotYet, Reading, Severity, Source, Text, microseconds
from lionrock.engines.forecast.series import Seen, pack_seen, unpack_seen
from lionrock.services.mobility.traffic.model import HORIZONS, SPEEDS, fit_speeds, gather_speeds, predict_speeds
from lionrock.services.mobility.traffic.roads import list_roads, middle_of
from lionrock.services.mobility.traffic.service import SERVICE

DAYS = timedelta(days=2)  # too few for trees, which the engine's own tests grow
ROADS = ("900001", "900002", "900003")


def remember(house: House, until: datetime, roads: tuple[str, ...] = ROADS) -> None:
    """Two days of segments that slow down every morning, with holes."""
    rng = np.random.default_rng(SPEEDS.seed)
    steps = int(DAYS / timedelta(minutes=5))
    moments = np.array([microseconds(until - timedelta(minutes=5 * step)) for step in range(1, steps + 1)])
    hour = moments / 3.6e9 % 24
    for index, road in enumerate(roads):
        speeds = 70 + 5 * index - 35 * np.exp(-((hour - 0.5) ** 2)) + rng.normal(0, 2, steps)
        speeds[rng.random(steps) < 0.1] = np.nan
        house.readings.append(
            "traffic.segment_speeds", ReadingColumns.of_property("speed_kmh", [road] * steps, moments, speeds)
        )


def seen(house: House, span: timedelta) -> Seen:
    return gather_speeds(house.cities["traffic"], house.clock.now(), span)


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    settings = Settings(data=tmp_path_factory.mktemp("learned"), source=Source.RECORDING)
    with House.open(settings, SetClock(SAMPLES_RECEIVED), CATALOGUE) as house:
        remember(house, SAMPLES_RECEIVED)
        return fit_speeds(pack_seen(seen(house, timedelta(days=14))))


def test_without_any_speed_there_is_nothing_to_learn_from_yet(house: House) -> None:
    with pytest.raises(NotYet, match="no speed was measured"):
        seen(house, SPEEDS.recent)


def test_it_sees_segments_and_detectors_until_the_last_whole_five_minutes(house: House, take: Take) -> None:
    take("traffic.segment_speeds")
    take("traffic.lanes")
    sight = seen(house, SPEEDS.recent)
    assert sight.issued_at == datetime.fromisoformat("2026-11-21T08:30:00+08:00")
    assert set(sight.ids) == {"900001", "900002", "900003", "AID90101", "TDS90002", "TDSTN90003"}
    assert sight.history.values[-1, sight.ids.index("900001")] == pytest.approx(63.4)
    assert sight.history.zone == timedelta(hours=8)


def test_beside_the_speeds_it_sees_the_rain_over_each_road_and_the_warnings_in_force(house: House, take: Take) -> None:
    take("traffic.segment_speeds")
    take("traffic.road_network")
    take("traffic.detectors")
    road = next(road for road in list_roads(house.cities["traffic"]) if road.id == "900001")
    lon, lat = middle_of(road)
    issued = SAMPLES_RECEIVED - timedelta(minutes=30)
    rain = {f"{lat:.3f},{lon:.3f}": 9.0, "city": 1.0}
    house.readings.append(
        "weather.rain_nowcast",
        [Reading(cell, f"rain_{ahead}min_mm", issued, mm) for cell, mm in rain.items() for ahead in (30, 60, 90, 120)],
    )
    red = Alert(
        id="WRAINR",
        event="WRAIN",
        severity=Severity.SEVERE,
        headline=Text(en="Red"),
        onset=issued,
        properties={"code": "WRAINR"},
    )
    house.records.save(house.catalogue.datasets["weather.warnings"], [red], issued)
    sight = seen(house, SPEEDS.recent)
    assert sight.history.also[-1].tolist() == [2, 0]
    wet = sight.history.each[-1, sight.ids.index("900001")]
    assert wet.tolist() == pytest.approx([np.log1p(9.0)] * 4, abs=1e-3)
    assert sight.history.each[-1, sight.ids.index("900002")].max() < 0.1
    kept = unpack_seen(pack_seen(sight)).history
    assert np.array_equal(kept.each, sight.history.each, equal_nan=True)
    turned = sight.in_order(("900002", "elsewhere", "900001"))
    assert np.array_equal(turned.each[:, 2], sight.history.each[:, sight.ids.index("900001")], equal_nan=True)
    assert np.isnan(turned.each[:, 1]).all()


def test_the_same_data_and_seed_make_the_same_model(house: House, clock: SetClock, learned: bytes) -> None:
    remember(house, clock.now())
    assert fit_speeds(pack_seen(seen(house, timedelta(days=14)))) == learned


def test_every_road_is_forecast_at_every_horizon_in_order_and_without_nan(
    house: House, clock: SetClock, learned: bytes
) -> None:
    remember(house, clock.now())
    forecasts = predict_speeds(learned, seen(house, SPEEDS.recent))
    assert {(one.sensor, one.horizon) for one in forecasts} == {
        (road, horizon) for road in ROADS for horizon in HORIZONS
    }
    assert all(0 <= one.low <= one.middle <= one.high for one in forecasts)
    assert {one.issued_at for one in forecasts} == {datetime.fromisoformat("2026-11-21T08:30:00+08:00")}


def test_the_forecast_knows_the_morning(house: House, clock: SetClock, learned: bytes) -> None:
    remember(house, clock.now())
    ahead = {(one.sensor, one.horizon): one for one in predict_speeds(learned, seen(house, SPEEDS.recent))}
    truth_at_ten = 70 - 35 * np.exp(-(1.5**2))
    assert ahead["900001", timedelta(minutes=90)].middle == pytest.approx(truth_at_ten, abs=5)
    assert ahead["900001", timedelta(minutes=15)].middle < truth_at_ten - 10


def test_a_road_that_is_new_since_the_training_is_left_out(house: House, clock: SetClock, learned: bytes) -> None:
    remember(house, clock.now(), (*ROADS, "900777"))
    assert {one.sensor for one in predict_speeds(learned, seen(house, SPEEDS.recent))} == set(ROADS)


def test_before_the_first_training_two_hours_are_enough_for_the_last_speed_with_a_band(
    house: House, clock: SetClock
) -> None:
    steps = [clock.now() - timedelta(minutes=5 * step) for step in range(1, 25)]
    at_us = np.array([microseconds(moment) for moment in steps])
    for road in ROADS:
        batch = ReadingColumns.of_property("speed_kmh", [road] * 24, at_us, [50.0 + step % 3 for step in range(24)])
        house.readings.append("traffic.segment_speeds", batch)
    forecasts = [one for one in predict_speeds(None, seen(house, SPEEDS.recent)) if one.sensor == ROADS[0]]
    assert [one.horizon for one in forecasts] == list(HORIZONS)
    assert forecasts[0].middle == pytest.approx(51, abs=2)
    assert forecasts[-1].low < forecasts[-1].middle < forecasts[-1].high


def test_one_speed_alone_is_no_ground_for_a_forecast(house: House, take: Take) -> None:
    take("traffic.segment_speeds")
    assert predict_speeds(None, seen(house, SPEEDS.recent)) == []


def test_what_it_says_can_be_stored(house: House, clock: SetClock, learned: bytes) -> None:
    remember(house, clock.now())
    forecasts = predict_speeds(learned, seen(house, SPEEDS.recent))
    stored = house.readings.append_forecasts("traffic.speeds_ahead", forecasts)
    assert stored.new == len(ROADS) * len(HORIZONS)
    assert all(isinstance(one, Forecast) for one in forecasts)


def test_the_declaration_covers_fifteen_to_ninety_minutes_and_is_of_low_risk() -> None:
    (model,) = SERVICE.models
    assert [horizon / timedelta(minutes=1) for horizon in model.horizons] == [15, 30, 45, 60, 75, 90]
    assert {trial.data for trial in model.trials} == {"metr-la-week1", "scats"}
