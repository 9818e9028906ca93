"""The weather service's parsers read the twin's bytes back to the twin's weather, and the real recordings."""

from __future__ import annotations

import csv
import io
import json
import math
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from parsing_back import parsed, parsed_recording
from twin_days import SEED, WEDNESDAY

from lionrock.city.place import BOUNDS
from lionrock.core.vocabulary import Language, Severity
from lionrock.services.environment.weather.feeds.current import parse_current
from lionrock.services.environment.weather.feeds.nowcast import parse_nowcast
from lionrock.services.environment.weather.feeds.regional import parse_temperature, parse_wind
from lionrock.services.environment.weather.feeds.warnings import parse_warnings
from lionrock.services.environment.weather.stations import district_id, station_id
from lionrock.twin.air import humidity_percent, temperature_c, wind_at
from lionrock.twin.calendar import HONG_KONG, floor_minutes, midnight
from lionrock.twin.city import TwinCity
from lionrock.twin.cyclones import CycloneSignal, find_cyclone_signal, list_cyclone_signals
from lionrock.twin.feeds.regional import nowcast_mm
from lionrock.twin.junctions import DISTRICTS
from lionrock.twin.network import plane
from lionrock.twin.rain import Rainstorm, district_points, list_rainstorms, rain_rate, rainfall_mm, rainstorm_at
from lionrock.twin.stations import STATIONS

WHEN = ["fine", "storm", "gale"]
COMPASS_DEG = {
    point: 45.0 * turn
    for turn, point in enumerate(("North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest"))
} | {"Calm": None, "Variable": None}
REGIONAL_LAG = timedelta(minutes=8)
NOWCAST_LAG = timedelta(minutes=9)
GRID_LATS = [f"{lat:.3f}" for lat in np.linspace(23.487, 21.328, 121)]
GRID_LONS = [f"{lon:.3f}" for lon in np.linspace(112.956, 115.291, 121)]
DISTRICT_WORDS = {
    "Eastern": "Eastern District",
    "Southern": "Southern District",
    "North": "North District",
    "Islands": "Islands District",
    "Central & Western": "Central & Western District",
}
AHEAD = [f"rain_{minutes}min_mm" for minutes in (30, 60, 90, 120)]


@cache
def list_year_of_rainstorms() -> list[Rainstorm]:
    return [storm for back in range(365) for storm in list_rainstorms(SEED, WEDNESDAY - timedelta(days=back))]


@cache
def moments() -> dict[str, datetime]:
    storm = next(s for s in list_year_of_rainstorms() if 7 <= s.start.hour <= 16)
    gale = next(s for s in list_cyclone_signals(SEED, WEDNESDAY.year) if s.number == "3")
    return {
        "fine": midnight(WEDNESDAY) + timedelta(hours=8, minutes=31),
        "storm": storm.start + timedelta(minutes=45),
        "gale": gale.start + timedelta(hours=3),
    }


@pytest.mark.parametrize("when", WHEN)
def test_each_stations_wind_comes_back(city: TwinCity, when: str) -> None:
    published, readings = parsed(city, "wind", parse_wind, moments()[when])
    at = published - REGIONAL_LAG
    assert {r.at for r in readings} == {at}
    truth: dict[tuple[str, str], float | None] = {}
    for station in (s for s in STATIONS if s.wind):
        point, mean, gust = wind_at(SEED, at, station)
        sensor = station_id(station.name)
        truth |= {
            (sensor, "wind_kmh"): mean,
            (sensor, "gust_kmh"): gust,
            (sensor, "wind_from_deg"): COMPASS_DEG[point],
        }
    said = {(r.sensor, r.property): r.value for r in readings if r.value is not None}
    assert {(r.sensor, r.property) for r in readings} == set(truth)
    assert said == {key: truth[key] for key in said}
    assert len(said) > 0.85 * sum(value is not None for value in truth.values())


@pytest.mark.parametrize("when", WHEN)
def test_each_stations_temperature_comes_back(city: TwinCity, when: str) -> None:
    published, readings = parsed(city, "temperature", parse_temperature, moments()[when])
    at = published - REGIONAL_LAG
    assert {(r.property, r.at) for r in readings} == {("temperature_c", at)}
    truth = {station_id(s.name): temperature_c(SEED, at, s) for s in STATIONS if s.warmth}
    said = {r.sensor: r.value for r in readings if r.value is not None}
    assert {r.sensor for r in readings} == set(truth)
    assert said == {sensor: truth[sensor] for sensor in said}
    assert len(said) > 0.9 * len(truth)


@pytest.mark.parametrize("lang", [Language.EN, Language.TC])
@pytest.mark.parametrize("when", WHEN)
def test_the_reports_warmth_damp_and_ultraviolet_come_back(city: TwinCity, when: str, lang: Language) -> None:
    published, found = parsed(city, f"weather-report-{lang}", parse_current, moments()[when], lang=lang)
    record = floor_minutes(published, 60)
    said = {(dataset.id, r.sensor, r.property, r.at): r.value for dataset, r in found}
    current = {key[1:]: value for key, value in said.items() if key[0] == "weather.current"}
    observatory = next(s for s in STATIONS if s.name == "HK Observatory")
    uv = {key: current.pop(key) for key in list(current) if key[1] == "uv_index"}
    assert current == {
        (station_id(s.report.en), "temperature_c", record): round(temperature_c(SEED, record, s))
        for s in STATIONS
        if s.warmth and s.report.en and s.report.tc
    } | {("hong_kong_observatory", "humidity_pct", record): humidity_percent(SEED, record, observatory)}
    hour = published.astimezone(HONG_KONG).hour
    cloudy = bool(rain_rate(SEED, published, *district_points()).mean() > 0.1)
    value = pytest.approx(7 * math.sin(math.pi * (hour - 6) / 12) * (1.0, 0.3)[cloudy], abs=0.5)
    assert list(uv.items()) == [(("kings_park", "uv_index", published), value)] * (7 <= hour <= 17)


@pytest.mark.parametrize("lang", [Language.EN, Language.TC])
@pytest.mark.parametrize("when", WHEN)
def test_each_districts_rain_comes_back(city: TwinCity, when: str, lang: Language) -> None:
    published, found = parsed(city, f"weather-report-{lang}", parse_current, moments()[when], lang=lang)
    end = floor_minutes(published, 60) - timedelta(minutes=15)
    start = end - timedelta(hours=1)
    amounts = rainfall_mm(SEED, start, end, *district_points()).tolist()
    said = {(r.sensor, r.property, r.at): r.value for dataset, r in found if dataset.id == "weather.rainfall"}
    assert said == {
        (district_id(DISTRICT_WORDS.get(name, name)), "rain_mm", start): pytest.approx(amount, abs=0.5)
        for name, amount in zip(DISTRICTS, amounts, strict=True)
    }


def test_the_moments_compared_have_rain_and_wind() -> None:
    rain = {when: rain_rate(SEED, moment, *district_points()).max() for when, moment in moments().items()}
    assert rain["storm"] > 10
    assert rain["fine"] == 0
    winds = {when: [wind_at(SEED, at, s)[1] for s in STATIONS if s.wind] for when, at in moments().items()}
    assert np.mean(winds["gale"]) > 2 * np.mean(winds["fine"])


def test_the_nowcasts_cells_come_back_in_their_places(city: TwinCity) -> None:
    published, readings = parsed(city, "rainfall-nowcast", parse_nowcast, moments()["storm"])
    updated = published - NOWCAST_LAG
    west, south, east, north = BOUNDS
    rows = [(row, lat) for row, lat in enumerate(GRID_LATS) if south <= float(lat) <= north]
    columns = [(column, lon) for column, lon in enumerate(GRID_LONS) if west <= float(lon) <= east]
    truth = {
        (what, f"{lat},{lon}"): float(f"{amounts[row, column]:.2f}")
        for what, amounts in zip(AHEAD, nowcast_mm(SEED, updated), strict=True)
        for row, lat in rows
        for column, lon in columns
    }
    means = {what: np.mean([amount for (half, _), amount in truth.items() if half == what]) for what in AHEAD}
    assert {r.at for r in readings} == {updated}
    cells = {(r.property, r.sensor): r.value for r in readings if r.sensor != "city"}
    assert len(cells) > 1000
    assert cells == {key: amount for key, amount in truth.items() if amount != 0}
    assert {r.property: r.value for r in readings if r.sensor == "city"} == pytest.approx(means)


def test_the_first_half_hours_nowcast_is_nearly_the_rain_that_falls(city: TwinCity) -> None:
    published, readings = parsed(city, "rainfall-nowcast", parse_nowcast, moments()["storm"])
    updated = published - NOWCAST_LAG
    cells = [r for r in readings if r.sensor != "city" and r.property == AHEAD[0]]
    places = [plane((float(r.sensor.split(",")[1]), float(r.sensor.split(",")[0]))) for r in cells]
    x_m, y_m = (np.array(values) for values in zip(*places, strict=True))
    said = np.array([r.value for r in cells])
    falls = rainfall_mm(SEED, updated, updated + timedelta(minutes=30), x_m, y_m)
    assert np.corrcoef(said, falls)[0, 1] > 0.95
    assert 0.6 < said.mean() / falls.mean() < 1.6


def signals_at(moment: datetime) -> dict[str, datetime]:
    """The codes of the signals in force, and since when."""
    storm, cyclone = rainstorm_at(SEED, moment), find_cyclone_signal(SEED, moment)
    rain = {f"WRAIN{s.colour}": s.start.astimezone(UTC) for s in [storm] if s}
    return rain | {f"TC{s.code}": s.start.astimezone(UTC) for s in [cyclone] if s}


@pytest.mark.parametrize("lang", [Language.EN, Language.TC])
def test_the_signals_in_force_come_back_from_issue_to_cancellation(city: TwinCity, lang: Language) -> None:
    signals: list[Rainstorm | CycloneSignal] = [*list_year_of_rainstorms()]
    signals += list_cyclone_signals(SEED, WEDNESDAY.year)
    seen: set[str] = set()
    for moment in sorted({at for signal in signals for at in (signal.start, signal.end)}):
        published, alerts = parsed(city, f"warning-summary-{lang}", parse_warnings, moment, lang=lang)
        assert {a.properties["code"]: a.onset for a in alerts} == signals_at(published)
        assert {a.id for a in alerts} == {f"{c}/{at:%Y%m%dT%H%MZ}" for c, at in signals_at(published).items()}
        seen |= set(signals_at(published))
    assert {"WRAINA", "TC1", "TC3"} <= seen


def test_a_signal_comes_back_with_its_name_and_severity(city: TwinCity) -> None:
    names = {"A": ("Amber", "黃色", Severity.MODERATE), "R": ("Red", "紅色", Severity.SEVERE)}
    names["B"] = ("Black", "黑色", Severity.EXTREME)
    for storm in list_year_of_rainstorms():
        english, chinese, severity = names[storm.colour]
        _, en = parsed(city, "warning-summary-en", parse_warnings, storm.start, lang="en")
        _, tc = parsed(city, "warning-summary-tc", parse_warnings, storm.start, lang="tc")
        rain_en, rain_tc = (next(a for a in alerts if a.event == "WRAIN") for alerts in (en, tc))
        assert rain_en.headline.en == f"{english} Rainstorm Warning Signal"
        assert rain_tc.headline.tc == f"{chinese}暴雨警告信號"
        assert (rain_en.severity, rain_tc.severity) == (severity, severity)


# The same parsers over the real recordings


def test_the_wind_parser_reads_the_real_recording(recordings: Path) -> None:
    body, readings = parsed_recording(recordings, "hko/latest_10min_wind.csv", parse_wind)
    rows = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]
    real = {(station_id(row[1]), "gust_kmh"): float(row[4]) for row in rows if row[4].isdigit()}
    said = {(r.sensor, r.property): r.value for r in readings}
    assert len(readings) == 3 * len(rows)
    assert len(real) > 20
    assert real == {key: said[key] for key in real}


def test_the_report_parser_reads_the_real_recording(recordings: Path) -> None:
    body, found = parsed_recording(recordings, "hko/current_0.json", parse_current)
    report = json.loads(body)
    said = {(r.sensor, r.property): r.value for _, r in found}
    real = {(station_id(row["place"]), "temperature_c"): row["value"] for row in report["temperature"]["data"]}
    real |= {(district_id(row["place"]), "rain_mm"): row["max"] for row in report["rainfall"]["data"]}
    real |= {(station_id(row["place"]), "humidity_pct"): row["value"] for row in report["humidity"]["data"]}
    assert len(real) > 3
    assert real == {key: said[key] for key in real}


def test_the_warnings_parser_reads_the_real_recording(recordings: Path) -> None:
    body, alerts = parsed_recording(recordings, "hko/summary_0.json", parse_warnings)
    real = {kind: warned for kind, warned in json.loads(body).items() if warned["actionCode"] != "CANCEL"}
    assert {a.event: (a.properties["code"], a.onset) for a in alerts} == {
        kind: (warned["code"], datetime.fromisoformat(warned["issueTime"])) for kind, warned in real.items()
    }
    assert "WRAIN" in real


def test_the_temperature_parser_reads_the_real_recording(recordings: Path) -> None:
    body, readings = parsed_recording(recordings, "hko/latest_1min_temperature.csv", parse_temperature)
    assert len(readings) == len(body.decode("utf-8-sig").splitlines()) - 1


def test_the_nowcast_parser_reads_the_real_recording(recordings: Path) -> None:
    _, readings = parsed_recording(recordings, "hko/Gridded_rainfall_nowcast.csv", parse_nowcast)
    assert [r.property for r in readings if r.sensor == "city"] == AHEAD
