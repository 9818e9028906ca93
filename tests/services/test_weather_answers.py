"""The weather that people are told: now, and as it was."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from feeds_at_hand import Take, sample_of

from lionrock.app.house import House
from lionrock.app.web.sessions import NOBODY
from lionrock.core.clock import SetClock
from lionrock.core.vocabulary import BadInput
from lionrock.services.environment.weather.answers import StationWeather, Weather, WeatherQuery, tell_weather

FEEDS = ("current", "warnings", "wind", "station_temperature", "rain_nowcast")


@pytest.fixture
def rained(take: Take) -> None:
    for feed in FEEDS:
        take(f"weather.{feed}")


def told(house: House, at: datetime | None = None) -> Weather:
    return tell_weather(house.cities["weather"], WeatherQuery(at=at), NOBODY)


def station(weather: Weather, wanted: str) -> StationWeather:
    (found,) = [one for one in weather.stations if one.id == wanted]
    return found


@pytest.mark.usefixtures("rained")
def test_a_station_shows_its_finest_temperature_and_its_wind(house: House) -> None:
    weather = told(house)
    assert station(weather, "hong_kong_observatory").temperature_c == 19.8
    pier = station(weather, "central_pier")
    assert (pier.wind_kmh, pier.gust_kmh, pier.wind_from, pier.temperature_c) == (16, 27, "East", None)


@pytest.mark.usefixtures("rained")
def test_a_calm_has_no_direction_and_a_silent_station_is_not_shown(house: House) -> None:
    weather = told(house)
    assert station(weather, "wetland_park").wind_from is None
    assert "tap_mun" not in {one.id for one in weather.stations}


@pytest.mark.usefixtures("rained")
def test_warnings_in_force_come_with_their_code(house: House) -> None:
    assert sorted(warning.code for warning in told(house).warnings) == ["TC3", "WRAINR", "WTS"]


@pytest.mark.usefixtures("rained")
def test_rain_is_the_wet_cells_of_the_next_half_hour(house: House) -> None:
    rain = told(house).rain
    assert sorted(rain.cells) == [(114.123, 22.353, 1.25), (114.143, 22.335, 0.75), (114.143, 22.353, 3.5)]


@pytest.mark.usefixtures("rained")
def test_a_dry_issue_clears_the_map_of_rain(house: House, take: Take, clock: SetClock) -> None:
    dry = sample_of("weather.rain_nowcast").replace(b"202611210824,202611210854", b"202611210836,202611210906")
    dry = dry.replace(b"202611210824,202611210924", b"202611210836,202611210936")
    dry = dry.replace(b"202611210824,202611210954", b"202611210836,202611211006")
    dry = dry.replace(b"202611210824,202611211024", b"202611210836,202611211036")
    for amount in (b",1.25", b",3.50", b",0.75"):
        dry = dry.replace(amount, b",0.00")
    then = clock.now()
    clock.set(then + timedelta(minutes=7))
    take("weather.rain_nowcast", dry)
    assert told(house).rain.cells == []
    assert len(told(house, then).rain.cells) == 3


@pytest.mark.usefixtures("rained")
def test_the_past_is_told_as_it_was(house: House, take: Take, clock: SetClock) -> None:
    then = clock.now()
    clock.set(then + timedelta(hours=3))
    take("weather.warnings", b"{}")
    assert told(house).warnings == []
    assert told(house).stations == []
    weather = told(house, then)
    assert len(weather.warnings) == 3
    assert station(weather, "central_pier").wind_from == "East"
    assert station(weather, "hong_kong_observatory").temperature_c == 19.8


def test_before_any_download_nothing_is_claimed(house: House) -> None:
    weather = told(house)
    assert not weather.warnings_known
    assert (weather.stations, weather.warnings, weather.rain.issued_at, weather.rain.cells) == ([], [], None, [])


def test_the_future_cannot_be_asked_for(house: House, clock: SetClock) -> None:
    with pytest.raises(BadInput, match="in the future"):
        told(house, clock.now() + timedelta(hours=1))


@pytest.mark.usefixtures("rained")
def test_a_warning_that_ran_out_is_over_though_its_feed_fell_silent(house: House, clock: SetClock) -> None:
    ends = {warning.code: warning.expires for warning in told(house).warnings if warning.expires is not None}
    assert ends
    clock.set(max(ends.values()) + timedelta(minutes=14))
    assert ends.keys() <= {warning.code for warning in told(house).warnings}
    clock.set(clock.now() + timedelta(minutes=2))
    weather = told(house)
    assert not ends.keys() & {warning.code for warning in weather.warnings}
    assert weather.warnings_known


@pytest.mark.usefixtures("rained")
def test_that_no_warning_is_in_force_is_known_once_they_were_read(house: House, take: Take) -> None:
    take("weather.warnings", b"{}")
    assert (told(house).warnings, told(house).warnings_known) == ([], True)
