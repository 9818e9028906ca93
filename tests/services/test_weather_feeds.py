"""The Observatory's feeds: silence is missing, calm is no wind, empty is cleared."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from feeds_at_hand import Take, download, recording, sample_of

from lionrock.app.house import House
from lionrock.core.vocabulary import Alert, MalformedDownload, Quality, Reading, Severity
from lionrock.services.environment.weather.feeds.current import parse_current
from lionrock.services.environment.weather.feeds.nowcast import parse_nowcast
from lionrock.services.environment.weather.feeds.regional import parse_temperature, parse_wind
from lionrock.services.environment.weather.feeds.warnings import parse_warnings
from lionrock.services.environment.weather.stations import STATIONS, district_id, station_id

TC_WARNINGS = """{"WRAIN":{"name":"暴雨警告信號","code":"WRAINR","type":"紅色","actionCode":"ISSUE",
"issueTime":"2026-11-21T07:55:00+08:00","updateTime":"2026-11-21T07:55:00+08:00"},
"WTCSGNL":{"name":"熱帶氣旋警告信號","code":"TC3","type":"三號強風信號","actionCode":"REISSUE",
"issueTime":"2026-11-20T22:20:00+08:00","updateTime":"2026-11-21T07:45:00+08:00"}}""".encode()


def wind(body: bytes) -> dict[tuple[str, str], Reading]:
    return {(reading.sensor, reading.property): reading for reading in parse_wind(download(body))}


def test_wind_comes_with_gust_and_direction_in_degrees() -> None:
    readings = wind(sample_of("weather.wind"))
    assert readings["central_pier", "wind_kmh"].value == 16
    assert readings["central_pier", "gust_kmh"].value == 27
    assert readings["central_pier", "wind_from_deg"].value == 90
    assert readings["central_pier", "wind_kmh"].at == datetime(2026, 11, 21, 0, 20, tzinfo=UTC)


def test_calm_is_a_wind_of_zero_from_nowhere_and_the_extra_comma_is_let_go() -> None:
    readings = wind(sample_of("weather.wind"))
    assert readings["wetland_park", "wind_kmh"][3:] == (0, Quality.GOOD)
    assert readings["wetland_park", "wind_from_deg"][3:] == (None, Quality.MISSING)


@pytest.mark.parametrize(
    ("station", "of"),
    [("green_island", "wind_from_deg"), ("sha_tin", "wind_kmh"), ("waglan_island", "gust_kmh"),
     ("kings_park", "wind_from_deg")],
)  # fmt: skip
def test_every_way_of_saying_nothing_is_missing_and_never_zero(station: str, of: str) -> None:
    assert wind(sample_of("weather.wind"))[station, of][3:] == (None, Quality.MISSING)


def test_temperatures_keep_their_tenths_and_the_silent_station_is_missing() -> None:
    readings = {r.sensor: r for r in parse_temperature(download(sample_of("weather.station_temperature")))}
    assert readings["hong_kong_observatory"].value == 19.8
    assert readings["tap_mun"].quality == Quality.MISSING


def test_an_impossible_temperature_is_flagged() -> None:
    body = sample_of("weather.station_temperature").replace(b"20.3", b"203")
    assert next(parse_temperature(download(body))).quality == Quality.OUT_OF_RANGE


def current(body: bytes, received: str = "2026-11-21T08:31:00+08:00") -> dict[tuple[str, str, str], Reading]:
    return {
        (dataset.id, reading.sensor, reading.property): reading
        for dataset, reading in parse_current(download(body, datetime.fromisoformat(received)))
    }


def test_the_hourly_report_gives_temperature_by_station_and_rain_by_district() -> None:
    readings = current(sample_of("weather.current"))
    assert readings["weather.current", "kings_park", "temperature_c"].value == 19
    assert readings["weather.current", "hong_kong_observatory", "humidity_pct"].value == 93
    assert readings["weather.rainfall", "sha_tin", "rain_mm"].value == 12
    assert readings["weather.rainfall", "sha_tin", "rain_mm"].at == datetime(2026, 11, 20, 22, 45, tzinfo=UTC)


def test_a_gauge_under_maintenance_is_missing() -> None:
    readings = current(sample_of("weather.current"))
    assert readings["weather.rainfall", "islands_district", "rain_mm"][3:] == (None, Quality.MISSING)


def test_parts_that_have_nothing_to_say_come_as_empty_text() -> None:
    body = sample_of("weather.current")
    start = body.index(b'{"data":[{"unit":"mm"')
    end = body.index(b"}", body.index(b'"endTime"')) + 1
    readings = current(body[:start] + b'""' + body[end:])
    assert {dataset for dataset, _, _ in readings} == {"weather.current"}


def test_the_recorded_chinese_report_names_the_same_stations_and_districts() -> None:
    body = recording("hko/current_0.json").read_bytes()
    readings = current(body, "2021-09-28T16:05:00+08:00")
    assert readings["weather.current", "kings_park", "temperature_c"].value == 31
    assert readings["weather.current", "kings_park", "uv_index"].value == 2
    assert readings["weather.rainfall", "central_western_district", "rain_mm"].value == 0


def test_the_recorded_wind_reads() -> None:
    body = recording("hko/latest_10min_wind.csv").read_bytes()
    readings = list(parse_wind(download(body)))
    known = {station.id for station in STATIONS}
    assert len(readings) == 90
    assert {reading.sensor for reading in readings} <= known


def warnings(body: bytes) -> dict[str, Alert]:
    return {str(alert.properties["code"]): alert for alert in parse_warnings(download(body))}


def test_rainstorm_and_cyclone_signals_become_alerts_with_a_severity() -> None:
    alerts = warnings(sample_of("weather.warnings"))
    assert (alerts["WRAINR"].severity, alerts["TC3"].severity) == (Severity.SEVERE, Severity.MODERATE)
    assert alerts["WRAINR"].headline.en == "Red Rainstorm Warning Signal"
    assert alerts["TC3"].headline.en == "No. 3 Strong Wind Signal"
    assert alerts["WTS"].expires == datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "stamp", [b"0001-01-01T00:00:00+08:00", b"9999-12-31T23:59:59-08:00", b"2028-11-21T10:30:00+08:00"]
)
def test_a_warning_that_would_last_for_years_is_set_aside(stamp: bytes) -> None:
    body = re.sub(rb'("expireTime": ?")[^"]+', rb"\g<1>" + stamp, sample_of("weather.warnings"))
    with pytest.raises(MalformedDownload, match="it expires at"):
        warnings(body)


def test_a_cancelled_warning_is_not_in_force() -> None:
    assert "WHOT" not in warnings(sample_of("weather.warnings"))


def test_a_code_without_a_mapping_is_of_unknown_severity_and_not_left_out() -> None:
    body = sample_of("weather.warnings").replace(b'"code":"WTS"', b'"code":"WNEW"')
    assert warnings(body)["WNEW"].severity is Severity.UNKNOWN


def test_no_warnings_is_an_empty_object() -> None:
    assert warnings(b"{}") == {}


def test_both_editions_of_a_warning_are_one_alert_in_three_languages(house: House, take: Take) -> None:
    take("weather.warnings")
    take("weather.warnings", TC_WARNINGS)
    headlines = {kept.id: kept.record.headline for kept in house.records.list_open("weather.warnings")}
    red = headlines["WRAINR/20261120T2355Z"]
    assert (red.en, red.tc, red.sc) == ("Red Rainstorm Warning Signal", "紅色暴雨警告信號", "红色暴雨警告信号")


def test_the_recorded_warnings_read() -> None:
    body = recording("hko/summary_0.json").read_bytes()
    alerts = {
        alert.id: alert for alert in parse_warnings(download(body, datetime.fromisoformat("2020-09-24T12:00:00+08:00")))
    }
    assert set(alerts) == {
        "WHOT/20200923T2300Z", "WRAINR/20200924T0315Z", "WTS/20200924T0340Z", "TC3/20200924T0315Z",
    }  # fmt: skip


def nowcast(body: bytes) -> list[Reading]:
    return list(parse_nowcast(download(body)))


def test_wet_cells_of_the_city_are_read_and_the_dry_and_the_distant_are_not() -> None:
    readings = nowcast(sample_of("weather.rain_nowcast"))
    first = {r.sensor: r.value for r in readings if r.property == "rain_30min_mm"}
    assert set(first) == {"22.353,114.123", "22.353,114.143", "22.335,114.143", "city"}
    assert first["22.353,114.143"] == 3.5
    assert first["city"] == pytest.approx(5.5 / 12)


def test_a_dry_half_hour_says_so() -> None:
    readings = nowcast(sample_of("weather.rain_nowcast"))
    assert [(*r[:2], r.value) for r in readings if r.property == "rain_120min_mm"] == [("city", "rain_120min_mm", 0)]


def test_the_nowcast_s_moment_is_its_issue() -> None:
    moments = {reading.at for reading in nowcast(sample_of("weather.rain_nowcast"))}
    assert moments == {datetime(2026, 11, 21, 0, 24, tzinfo=UTC)}


def test_negative_rain_is_flagged_and_left_out_of_the_mean() -> None:
    body = sample_of("weather.rain_nowcast").replace(b",3.50", b",-1.00", 1)
    first = {r.sensor: r for r in nowcast(body) if r.property == "rain_30min_mm"}
    assert first["22.353,114.143"].quality == Quality.OUT_OF_RANGE
    assert first["city"].value == pytest.approx(2.0 / 11)


def test_stations_stand_in_the_city_once_each_and_a_stranger_keeps_its_name() -> None:
    assert len({station.id for station in STATIONS}) == len(STATIONS)
    assert all(113.8 < station.lon < 114.45 and 22.13 < station.lat < 22.58 for station in STATIONS)
    assert (station_id("HK Observatory"), station_id("新站"), district_id("新區")) == (
        "hong_kong_observatory",
        "新站",
        "新區",
    )
