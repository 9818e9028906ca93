from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from rainy_weeks import AMBER_DAYS, DAYS, FIRST, NOW, SEGMENTS, STATIONS, WET_DAYS, WET_HOURS, fill

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.app.pages import render
from lionrock.city.rain import DISTRICTS
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Caller
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Alert, BadInput, Language, NotFound, NotYet, Reading, Severity, Source, Text
from lionrock.services.environment.weather.datasets import WARNINGS
from lionrock.services.mobility.weather_effects.answers import Prediction, PredictQuery, predict
from lionrock.services.mobility.weather_effects.by_road import RoadsQuery, change_pct, list_road_effects
from lionrock.services.mobility.weather_effects.chart import draw_effects
from lionrock.services.mobility.weather_effects.datasets import EFFECTS
from lionrock.services.mobility.weather_effects.kept import Road, SpeedEffect, grade_of
from lionrock.services.mobility.weather_effects.service import SERVICE

NOBODY = Caller("")
JOB = SERVICE.jobs[0]
PAGE = SERVICE.pages[0]
CATALOGUE = discover()
TEMPLATES = render.Templates(CATALOGUE.words)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that lived three weeks and learned from them."""
    settings = Settings(data=tmp_path_factory.mktemp("rainy"), source=Source.RECORDING)
    with House.open(settings, SetClock(NOW), discover()) as house:
        fill(house)
        assert do_job(house, SERVICE, JOB)
        yield house


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), SetClock(NOW), discover()) as house:
        yield house


def said(house: House, query: PredictQuery) -> Prediction:
    return predict(house.cities[SERVICE.id], query, NOBODY)


def properties(house: House, record: str) -> dict:
    return house.records.get(EFFECTS.id, record).record.properties


def test_heavy_rain_is_found_to_take_a_tenth_of_the_speed(house: House) -> None:
    heavy = properties(house, "city/speed/heavy_rain")
    assert heavy["effect_pct"] == pytest.approx(-10, abs=1.0)
    assert heavy["low_pct"] < -10 < heavy["high_pct"]
    assert (heavy["days"], heavy["hours"], heavy["grade"]) == (len(WET_DAYS), len(WET_DAYS) * 3, "few")


def test_flow_that_did_not_change_is_found_unchanged(house: House) -> None:
    flow = properties(house, "city/flow/heavy_rain")
    assert flow["low_pct"] < 0 < flow["high_pct"]
    assert abs(flow["effect_pct"]) < 2


def test_amber_counts_its_own_days_alone(house: House) -> None:
    amber = properties(house, "city/speed/amber")
    assert (amber["days"], amber["independent_days"]) == (len(AMBER_DAYS), len(AMBER_DAYS))
    assert amber["effect_pct"] == pytest.approx(-10, abs=1.5)


def test_a_warning_never_seen_has_no_effect_rather_than_none_at_all(house: House) -> None:
    black = properties(house, "city/speed/black")
    assert (black["effect_pct"], black["seen"], black["grade"], black["hours"]) == (None, None, "never", 0)


def test_a_detector_that_was_never_full_says_nothing_of_capacity(house: House) -> None:
    with pytest.raises(NotFound):
        house.records.get(EFFECTS.id, "city/capacity/heavy_rain")


def test_every_road_is_kept_with_its_place_and_usual_speeds(house: House) -> None:
    roads = [kept for kept in house.records.list_open(EFFECTS.id) if kept.id.startswith("road/")]
    assert len(roads) == SEGMENTS + STATIONS
    first = properties(house, "road/90000")
    assert first["usual_kmh"]["workday"][3] == pytest.approx(60, abs=1)
    assert first["usual_kmh"]["workday"][8] == pytest.approx(48, abs=1)


def test_learning_again_from_the_same_weeks_changes_nothing(house: House) -> None:
    assert do_job(house, SERVICE, JOB) == 0


def test_a_week_is_the_least_to_learn_from(empty: House) -> None:
    with pytest.raises(NotYet, match="0 whole days"):
        do_job(empty, SERVICE, JOB)


def test_amber_at_two_slows_the_hours_that_it_lasts_and_no_others(house: House) -> None:
    told = said(house, PredictQuery(level="amber", hour=14, lasts=3, day=date(2026, 6, 24)))
    predicted = [hour.hour for hour in told.profile if hour.predicted_kmh is not None]
    assert predicted == list(WET_HOURS)
    at_two = told.profile[14]
    assert at_two.predicted_kmh / at_two.usual_kmh == pytest.approx(0.9, abs=0.02)
    assert at_two.low_kmh < at_two.predicted_kmh < at_two.high_kmh


def test_minutes_lost_are_those_of_ten_kilometres(house: House) -> None:
    told = said(house, PredictQuery(level="heavy_rain", hour=14))
    first = told.profile[14]
    middle, least, most = told.minutes_lost
    assert middle == pytest.approx(600 / first.predicted_kmh - 600 / first.usual_kmh, abs=0.1)
    assert least < middle < most


def test_nothing_is_predicted_from_weather_never_seen(house: House) -> None:
    told = said(house, PredictQuery(level="black"))
    assert (told.grade, told.minutes_lost, told.most_affected) == ("never", None, [])
    assert all(hour.predicted_kmh is None for hour in told.profile)
    assert told.profile[18].usual_kmh is not None


def test_before_anything_was_learned_the_answer_says_so(empty: House) -> None:
    told = said(empty, PredictQuery())
    assert (told.grade, told.learned_from, told.calm_days, told.effects) == ("never", None, 0, [])
    assert all(hour.usual_kmh is None for hour in told.profile)


def test_a_road_is_found_by_id_by_name_and_by_a_part_of_it_in_any_language(house: House) -> None:
    asked = [said(house, PredictQuery(level="heavy_rain", hour=14, road=words)) for words in
             ("90003", "rain road 3", "雨路3", "UMBRELLA", "雨傘")]  # fmt: skip
    assert [one.where.en for one in asked] == ["Rain Road 3"] * 3 + ["Umbrella Street"] * 2
    assert [one.roads_asked for one in asked] == [1, 1, 1, STATIONS, STATIONS]


def test_an_unknown_road_is_an_error_not_the_whole_city(house: House) -> None:
    with pytest.raises(BadInput, match=r"'Xyzzy'$"):
        said(house, PredictQuery(road="Xyzzy"))


def test_a_road_that_was_misspelt_is_told_what_there_is(house: House) -> None:
    with pytest.raises(BadInput, match="there is Umbrella Street"):
        said(house, PredictQuery(road="Umbrela Stret"))


def test_every_road_is_told_its_change_with_an_interval_and_the_days_behind_it(house: House) -> None:
    told = list_road_effects(house.cities[SERVICE.id], RoadsQuery("heavy_rain", date(2026, 6, 24), 14), NOBODY)
    assert len(told.ids) == SEGMENTS + STATIONS == len(told.effect_pct) == len(told.grades)
    assert all(
        low < middle < high for low, middle, high in zip(told.low_pct, told.effect_pct, told.high_pct, strict=True)
    )
    assert told.effect_pct == pytest.approx([-10.0] * len(told.ids), abs=2.5)
    assert (set(told.own_days), set(told.grades), told.grade) == ({len(WET_DAYS)}, {"few"}, "few")


def test_no_road_is_told_a_change_by_weather_never_seen(house: House) -> None:
    told = list_road_effects(house.cities[SERVICE.id], RoadsQuery("black"), NOBODY)
    assert (told.grade, set(told.effect_pct), set(told.grades)) == ("never", {None}, {"never"})
    assert None not in told.usual_kmh


def test_a_road_that_hardly_saw_the_weather_is_told_to_lean_on_the_city() -> None:
    assert [grade_of(days).value for days in (0, 2, 3, 7, 8)] == ["never", "too_few", "few", "few", "enough"]
    effect = SpeedEffect(math.log(0.9), 0.02)
    stranger = Road("90000", Text(en="New Road"), None, {}, {})
    assert change_pct(effect, stranger, "heavy_rain") == change_pct(effect, stranger, "amber")
    assert change_pct(effect, stranger, "amber")[0] == pytest.approx(-10.0)


def test_the_list_and_the_map_tell_a_road_the_same(house: House) -> None:
    listed = said(house, PredictQuery(level="heavy_rain", hour=14, day=date(2026, 6, 24))).most_affected
    told = list_road_effects(house.cities[SERVICE.id], RoadsQuery("heavy_rain", date(2026, 6, 24), 14), NOBODY)
    on_map = dict(zip(told.ids, zip(told.effect_pct, told.low_pct, told.high_pct, strict=True), strict=True))
    assert listed
    assert all(on_map[road.id] == (road.effect_pct, road.low_pct, road.high_pct) for road in listed)


def test_a_sunday_is_held_against_days_of_rest(house: House) -> None:
    kinds = [said(house, PredictQuery(day=date(2026, 6, day))).kind for day in (26, 27, 28)]
    assert kinds == ["workday", "saturday", "rest_day"]


def rendered(house: House, language: str, query: PredictQuery) -> str:
    return TEMPLATES.render(
        "weather_effects",
        Language(language),
        path=PAGE.path,
        title=PAGE.title,
        source="recording",
        simulated=False,
        service={"id": SERVICE.id, "title": SERVICE.title},
        question=PAGE.title,
        api_href="/api/v1/weather_effects/predict",
        answer=msgspec.to_builtins(said(house, query)),
        caller={"name": None, "roles": [], "csrf": ""},
        own=CATALOGUE.pages_of(SERVICE),
        draw_effects=draw_effects,
    ).decode()


@pytest.mark.usefixtures("built_assets")
@pytest.mark.parametrize("language", ["en", "tc", "sc"])
def test_the_page_draws_the_day_in_every_language(house: House, language: str) -> None:
    page = rendered(house, language, PredictQuery(level="heavy_rain", hour=14))
    assert page.count('class="band" x=') == 2
    assert 'data-testid="minutes"' in page
    assert "None" not in page


@pytest.mark.usefixtures("built_assets")
def test_the_page_has_a_map_of_the_hour_and_a_list_that_says_the_same(house: House) -> None:
    page = rendered(house, "en", PredictQuery(level="heavy_rain", hour=14, day=date(2026, 6, 24)))
    assert 'data-level="heavy_rain" data-day="2026-06-24" data-hour="14"' in page
    listed = said(house, PredictQuery(level="heavy_rain", hour=14, day=date(2026, 6, 24))).most_affected
    assert page.count("<tr data-road=") == len(listed)
    assert f"−{-listed[0].effect_pct:.1f}%" in page
    assert "few days" in page


@pytest.mark.usefixtures("built_assets")
def test_there_is_no_map_of_weather_never_seen(house: House) -> None:
    page = rendered(house, "en", PredictQuery(level="black"))
    assert "No road is told anything" in page
    assert "effects-map" not in page
    assert "weather_effects.js" not in page


@pytest.mark.usefixtures("built_assets")
def test_the_page_says_that_it_knows_nothing_of_weather_never_seen(house: House) -> None:
    page = rendered(house, "en", PredictQuery(level="black"))
    assert "Not seen here yet: nothing can be said." in page
    assert 'data-testid="minutes"' not in page
    assert "not known" in page


@pytest.mark.usefixtures("built_assets")
def test_the_page_before_anything_was_learned_says_what_it_waits_for(empty: House) -> None:
    page = rendered(empty, "en", PredictQuery())
    assert "at least 7 whole days" in page
    assert "<figure" not in page


def test_segments_alone_teach_speeds_and_nothing_of_flow(empty: House) -> None:
    fill(empty, lanes=False)
    assert do_job(empty, SERVICE, JOB)
    told = said(empty, PredictQuery(level="heavy_rain", hour=14))
    assert [one.measure for one in told.effects] == ["speed"]
    assert told.effects[0].effect_pct == pytest.approx(-10, abs=1.5)


def test_rain_that_nobody_reported_teaches_nothing(empty: House) -> None:
    fill(empty, rain=False)
    assert do_job(empty, SERVICE, JOB)
    assert said(empty, PredictQuery(level="heavy_rain")).grade == "never"
    assert all(hour.usual_kmh is None for hour in said(empty, PredictQuery()).profile)


def test_a_warning_whose_source_fell_silent_is_not_in_force_for_ever(empty: House) -> None:
    fill(empty)
    last = NOW - timedelta(days=3, hours=8)
    onset = last - timedelta(hours=1)
    amber = Alert(
        id="WRAINA/left", event="WRAIN", severity=Severity.MODERATE, headline=Text(en="Amber"), onset=onset,
        properties={"code": "WRAINA"},
    )  # fmt: skip
    empty.records.save(WARNINGS, [amber], onset)
    empty.states.succeeded("weather.warnings", last, 1)
    do_job(empty, SERVICE, JOB)
    told = properties(empty, "city/speed/amber")
    assert told["hours"] <= len(AMBER_DAYS) * len(WET_HOURS) + 1


def test_a_few_readings_are_no_day(empty: House) -> None:
    moments = [NOW - timedelta(days=back) for back in range(1, 12)]
    empty.readings.append("traffic.segment_speeds", [Reading("1", "speed_kmh", at, 50.0) for at in moments])
    with pytest.raises(NotYet, match="0 whole days"):
        do_job(empty, SERVICE, JOB)


def test_a_wet_day_is_no_dry_one(empty: House) -> None:
    fill(empty, rain=False)
    for hour in range(DAYS * 24 + 1):
        at, amount = FIRST - timedelta(minutes=15) + timedelta(hours=hour), 20.0 * (hour // 24 in WET_DAYS)
        empty.readings.append("weather.rainfall", [Reading(name, "rain_mm", at, amount) for name in DISTRICTS])
    do_job(empty, SERVICE, JOB)
    dry = properties(empty, "city/usual")["calm_days"]
    assert sum(dry.values()) == DAYS - len(WET_DAYS)


def test_a_year_whose_holidays_nobody_announced_is_said_to_be(house: House) -> None:
    assert not said(house, PredictQuery(day=date(2030, 12, 25))).holidays_announced
