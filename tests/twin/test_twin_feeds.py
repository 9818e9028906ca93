"""The twin's bytes have the structure of the real recordings, and their quirks at their rates."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from lxml import etree
from twin_days import SEED, SUNDAY, WEDNESDAY

from lionrock.core.vocabulary import Language, NotYet
from lionrock.twin.archive import list_captures
from lionrock.twin.calendar import HOLIDAYS, HONG_KONG, midnight
from lionrock.twin.catalogue import Feed, find_feed, find_named, list_feeds
from lionrock.twin.city import TwinCity
from lionrock.twin.detectors import list_detectors
from lionrock.twin.feeds import detectors, observatory, parking, regional, segments
from lionrock.twin.feeds.news import render_v1, render_v2
from lionrock.twin.news import list_messages
from lionrock.twin.rain import list_rainstorms


def named(name: str) -> Feed:
    feed = find_named(name)
    assert feed is not None
    return feed


def bytes_of(city: TwinCity, name: str, moment: datetime) -> bytes:
    feed = named(name)
    return feed.render(city, feed.published_at(city.seed, moment))


def element_paths(body: bytes) -> set[tuple[str, ...]]:
    """The path of tags to every element, with the names of its attributes."""
    paths = set()
    for element in etree.fromstring(body).iter():
        tags = [str(e.tag) for e in (*reversed(list(element.iterancestors())), element)]
        paths.add((*tags, *sorted(str(name) for name in element.attrib)))
    return paths


def json_paths(value: Any, prefix: tuple[str, ...] = ()) -> set[tuple[str, ...]]:
    if isinstance(value, dict):
        return {prefix}.union(*(json_paths(inner, (*prefix, key)) for key, inner in value.items()))
    if isinstance(value, list):
        return {prefix}.union(*(json_paths(inner, (*prefix, "[]")) for inner in value))
    return {prefix}


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def lanes_of(body: bytes) -> list[dict[str, str]]:
    return [{str(field.tag): field.text or "" for field in lane} for lane in etree.fromstring(body).iter("lane")]


@pytest.mark.parametrize(
    ("name", "recording"),
    [
        ("detectors", "td_detectors/rawSpeedVol-all.xml"),
        ("segment-speeds", "td_irn_speed/irnAvgSpeed-all.2024.xml"),
        ("journey-times", "td_journey_time/journeytime_v1.2017.xml"),
    ],
)
def test_xml_has_exactly_the_elements_of_the_recording(
    city: TwinCity, morning: datetime, recordings: Path, name: str, recording: str
) -> None:
    assert element_paths(bytes_of(city, name, morning)) == element_paths((recordings / recording).read_bytes())


def test_xml_heads_are_those_of_the_recordings_byte_for_byte(
    city: TwinCity, morning: datetime, recordings: Path
) -> None:
    for name, recording in (
        ("detectors", "td_detectors/rawSpeedVol-all.xml"),
        ("segment-speeds", "td_irn_speed/irnAvgSpeed-all.2024.xml"),
    ):
        head = (recordings / recording).read_bytes().split(b"<date>")[0]
        assert bytes_of(city, name, morning).split(b"<date>")[0] == head


def test_detector_places_have_the_columns_and_the_mark_of_the_recording(
    city: TwinCity, morning: datetime, recordings: Path
) -> None:
    real = (recordings / "td_detectors/traffic_speed_volume_occ_info.csv").read_bytes()
    ours = bytes_of(city, "detector-places", morning)
    assert ours.split(b"\n")[0] == real.split(b"\n")[0]
    assert {row["Direction"] for row in rows_of(ours)} == {row["Direction"] for row in rows_of(real)}
    assert {row["District"] for row in rows_of(ours)} <= {row["District"] for row in rows_of(real)}


def test_lanes_are_named_as_in_the_recording(city: TwinCity, morning: datetime, recordings: Path) -> None:
    real = Counter(lane["lane_id"] for lane in lanes_of((recordings / "td_detectors/rawSpeedVol-all.xml").read_bytes()))
    ours = Counter(lane["lane_id"] for lane in lanes_of(bytes_of(city, "detectors", morning)))
    assert set(ours) == set(real)


def test_news_v2_has_the_fields_of_the_recorded_table(city: TwinCity, morning: datetime, recordings: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = recordings / "td_special_traffic_news/traffic_accident_20200925-20201231.xlsx"
    book = openpyxl.load_workbook(path, read_only=True)
    header = [cell for cell in next(book.active.iter_rows(values_only=True)) if cell]
    book.close()
    message = etree.fromstring(render_v2(city, morning, Language.SC)).find("message")
    assert message is not None
    assert [str(field.tag).lower() for field in message] == header


def test_news_v1_has_the_elements_of_the_recording(city: TwinCity, recordings: Path) -> None:
    busy = next(m.shown for m in list_messages(SEED, WEDNESDAY) if m.status == "NEW")
    real = (recordings / "td_specialnews_v1/specialtrafficnews.excerpt.xml").read_bytes()
    assert element_paths(render_v1(city, busy)) == element_paths(real)


@pytest.mark.parametrize(
    ("name", "recording"),
    [
        ("car-park-vacancy", "td_carpark/vacancy_all.excerpt.json"),
        ("car-parks", "td_carpark/basic_info_all.excerpt.json"),
    ],
)
def test_parking_has_exactly_the_fields_of_the_recording(
    city: TwinCity, morning: datetime, recordings: Path, name: str, recording: str
) -> None:
    ours = bytes_of(city, name, morning)
    assert ours.startswith(b"\xef\xbb\xbf{")
    assert json_paths(json.loads(ours.decode("utf-8-sig"))) == json_paths(
        json.loads((recordings / recording).read_bytes())
    )


def test_the_weather_report_has_the_fields_of_the_recording(
    city: TwinCity, morning: datetime, recordings: Path
) -> None:
    real = json_paths(json.loads((recordings / "hko/current_0.json").read_bytes()))
    ours = json_paths(json.loads(bytes_of(city, "weather-report-tc", morning)))
    only_with_thunder_or_warnings = {path for path in real if path[:1] in {("lightning",), ("warningMessage",)}}
    assert real - only_with_thunder_or_warnings <= ours
    assert ours - real <= {("warningMessage",), ("rainfall", "data", "[]", "min")}


def test_warnings_have_the_fields_of_the_recording_and_are_empty_when_idle(city: TwinCity, recordings: Path) -> None:
    real = json.loads((recordings / "hko/summary_0.json").read_bytes())["WRAIN"]
    storm = next(s for n in range(365) for s in list_rainstorms(SEED, WEDNESDAY - timedelta(days=n)))
    ours = json.loads(observatory.render_summary(city, storm.start, Language.TC))["WRAIN"]
    assert set(ours) == set(real)
    assert ours["name"] == real["name"]
    assert ours["code"] in {"WRAINA", "WRAINR", "WRAINB"}
    assert observatory.render_summary(city, midnight(WEDNESDAY), Language.TC) == b"{}"
    details = json.loads(observatory.render_details(city, storm.start, Language.TC))["details"]
    assert details[0]["warningStatementCode"] == "WRAIN"


def test_wind_names_the_stations_of_the_recording_in_its_form(
    city: TwinCity, morning: datetime, recordings: Path
) -> None:
    real = (recordings / "hko/latest_10min_wind.csv").read_bytes().decode().splitlines()
    ours = bytes_of(city, "wind", morning).decode().splitlines()
    assert ours[0] == real[0]
    assert [line.split(",")[1] for line in ours[1:]] == [line.split(",")[1] for line in real[1:]]
    assert [line.count(",") for line in ours] == [line.count(",") for line in real]


def test_the_nowcast_is_a_grid_of_four_half_hours(city: TwinCity, morning: datetime) -> None:
    lines = bytes_of(city, "rainfall-nowcast", morning).decode().splitlines()
    assert len(lines) == 1 + 4 * 121 * 121
    assert lines[0] == regional.NOWCAST_HEAD
    rows = [line.split(",") for line in lines[1:]]
    assert len({row[1] for row in rows}) == 4
    assert (rows[0][2], rows[0][3]) == ("23.487", "112.956")
    assert (rows[-1][2], rows[-1][3]) == ("21.328", "115.291")


def test_metered_spaces_begin_with_a_date_and_commas(city: TwinCity, morning: datetime) -> None:
    lines = bytes_of(city, "meter-spaces", morning).decode("utf-8-sig").split("\r\n")
    assert lines[0] == f"{WEDNESDAY:%Y-%m-%d}"
    assert set(lines[1]) == {","}
    assert lines[2] == parking.SPACE_COLUMNS
    assert sum(line.startswith("9000") for line in lines[3:]) == 2


def test_holidays_are_the_calendars_in_each_language(city: TwinCity, morning: datetime) -> None:
    for lang in Language:
        calendar = json.loads(bytes_of(city, f"holidays-{lang}", morning).decode("utf-8-sig"))["vcalendar"][0]
        assert [event["dtstart"][0] for event in calendar["vevent"]] == [f"{day:%Y%m%d}" for day in sorted(HOLIDAYS)]
    assert Counter(day.year for day in HOLIDAYS) == {2025: 17, 2026: 17, 2027: 17}


def test_the_network_names_every_segment_that_has_a_speed(city: TwinCity, morning: datetime) -> None:
    network = json.loads(bytes_of(city, "road-network", morning))
    routes = {str(feature["properties"]["ROUTE_ID"]) for feature in network["features"]}
    speeds = etree.fromstring(bytes_of(city, "segment-speeds", morning))
    assert {element.text for element in speeds.iter("segment_id")} == routes


# The quirks


def test_readings_lack_some_detectors_of_the_places_file(city: TwinCity, morning: datetime) -> None:
    placed = {row["AID_ID_Number"] for row in rows_of(bytes_of(city, "detector-places", morning))}
    reporting = {e.text for e in etree.fromstring(bytes_of(city, "detectors", morning)).iter("detector_id")}
    assert reporting < placed
    assert 0.01 < 1 - len(reporting) / len(placed) < 0.08


def test_zero_volume_comes_with_the_placeholder_speed(city: TwinCity) -> None:
    lanes = lanes_of(bytes_of(city, "detectors", midnight(WEDNESDAY) + timedelta(hours=4)))
    idle = [lane["speed"] for lane in lanes if lane["volume"] == "0"]
    assert len(idle) > 500
    assert set(idle) <= {"50", "70", "80", "100", "110"}
    assert {lane["s.d."] for lane in lanes if lane["volume"] == "0"} == {"0"}


def test_faults_of_detectors_come_at_the_recorded_rates(city: TwinCity) -> None:
    truth = city.truth_of(WEDNESDAY)
    counted = truth.volume > 0
    assert 0.0005 < (truth.speed[counted] == 0).mean() < 0.004
    assert 0.0001 < (truth.speed > 130).mean() < 0.006
    assert 180 <= truth.speed.max() <= 300
    assert 10 < (truth.occupancy == -1).sum() < 200
    assert 0.001 < (~truth.valid).mean() < 0.03


def test_invalid_lanes_still_carry_numbers(city: TwinCity) -> None:
    truth = city.truth_of(WEDNESDAY)
    periods, rows = np.nonzero(~truth.valid)
    reporting = {d.id for d in detectors.list_reporting(SEED)}
    period, row = next(
        (p, r)
        for p, r in zip(periods, rows, strict=True)
        if list_detectors()[r].id in reporting and p > 60 and p % 2 == 0
    )
    published = midnight(WEDNESDAY) + timedelta(minutes=int(period) // 2 + 2)
    start = detectors.content_start(SEED, published)
    lag = published - start
    body = detectors.render_readings(city, midnight(WEDNESDAY) + timedelta(minutes=int(period) // 2) + lag)
    found = next(
        d for d in etree.fromstring(body).iter("detector") if d.findtext("detector_id") == list_detectors()[row].id
    )
    marks = [lane.findtext("valid") for lane in found.iter("lane")]
    assert set(marks) == {"N"}
    assert all((lane.findtext("speed") or "").isdigit() for lane in found.iter("lane"))


def test_the_period_from_midnight_bears_the_day_before(city: TwinCity) -> None:
    lag = (
        midnight(SUNDAY) + timedelta(minutes=3) - detectors.content_start(SEED, midnight(SUNDAY) + timedelta(minutes=3))
    )
    at_midnight = etree.fromstring(detectors.render_readings(city, midnight(SUNDAY) + lag))
    a_minute_later = etree.fromstring(detectors.render_readings(city, midnight(SUNDAY) + lag + timedelta(minutes=1)))
    assert at_midnight.findtext(".//period_from") == "00:00:00"
    assert at_midnight.findtext("date") == (SUNDAY - timedelta(days=1)).isoformat()
    assert a_minute_later.findtext("date") == SUNDAY.isoformat()


def test_files_are_minutes_late(city: TwinCity, morning: datetime) -> None:
    feed = named("detectors")
    published = feed.published_at(SEED, morning)
    first = etree.fromstring(feed.render(city, published)).findtext(".//period_from")
    assert first is not None
    at = datetime.strptime(f"{WEDNESDAY} {first}", "%Y-%m-%d %H:%M:%S").replace(tzinfo=HONG_KONG)
    assert timedelta(minutes=2) <= published - at <= timedelta(minutes=4)


def test_some_directions_end_in_a_space_and_one_detector_names_a_lane_twice(city: TwinCity, morning: datetime) -> None:
    root = etree.fromstring(bytes_of(city, "detectors", morning))
    spaced = {d.text for d in root.iter("direction") if (d.text or "").endswith(" ")}
    assert spaced
    assert spaced <= {"North ", "South "}
    first_period = next(root.iter("period"))
    doubled = [
        d
        for d in first_period.iter("detector")
        if len({e.text for e in d.iter("lane_id")}) < len(list(d.iter("lane_id")))
    ]
    assert [d.findtext("detector_id") for d in doubled] == [detectors.doubled_lane_detector(SEED)]


def test_a_truncated_file_is_the_beginning_of_a_whole_one(city: TwinCity, tmp_path: Path) -> None:
    seed, published = next(
        (seed, at)
        for seed in range(1000)
        for at in (midnight(WEDNESDAY) + timedelta(minutes=n) for n in range(10, 1440))
        if detectors.is_truncated(seed, at)
    )
    unlucky = TwinCity(seed=seed, folder=tmp_path)
    shutil.copy(city.path_of(WEDNESDAY), unlucky.path_of(WEDNESDAY))
    cut, whole = detectors.render_readings(unlucky, published), detectors.render_whole(unlucky, published)
    assert whole.startswith(cut)
    assert len(cut) < len(whole)
    assert len(cut) % 65_536 == 0


def test_speeds_not_valid_are_whole_numbers_and_valid_ones_decimals(city: TwinCity) -> None:
    bodies = [segments.render_speeds(city, midnight(WEDNESDAY) + timedelta(hours=h, minutes=1)) for h in range(1, 24)]
    found = [
        (s.findtext("valid"), "." in (s.findtext("speed") or ""))
        for b in bodies
        for s in etree.fromstring(b).iter("segment")
    ]
    assert set(found) == {("Y", True), ("N", False)}
    assert 0.004 < found.count(("N", False)) / len(found) < 0.05


def test_the_archive_misses_four_in_ten_periods_and_keeps_some_files_twice() -> None:
    feed = named("detectors")
    published = [feed.published_at(SEED, at) for at in list_captures(SEED, feed, WEDNESDAY)]
    periods = {detectors.content_start(SEED, at) for at in published}
    assert 0.33 < 1 - len(periods) / 1440 < 0.47
    assert 0.03 < 1 - len(periods) / len(published) < 0.12


def test_every_tenth_of_a_feed_is_there_or_said_to_be_missing(city: TwinCity) -> None:
    rows = [
        row
        for h in range(24)
        for row in rows_of(bytes_of(city, "temperature", midnight(WEDNESDAY) + timedelta(hours=h)))
    ]
    values = [row["Air Temperature(degree Celsius)"] for row in rows]
    assert 0 < values.count("N/A") < 0.05 * len(values)
    assert all(0 < float(value) < 40 for value in values if value != "N/A")


def test_vacancies_say_minus_one_when_not_known_and_fill_in_the_morning(city: TwinCity) -> None:
    def vacancies(hour: int) -> list[int]:
        body = json.loads(parking.render_vacancy(city, midnight(WEDNESDAY) + timedelta(hours=hour)).decode("utf-8-sig"))
        return [c["vacancy"] for p in body["car_park"] for t in p["vehicle_type"] for c in t["service_category"]]

    everything = [vacancy for hour in range(24) for vacancy in vacancies(hour)]
    assert 0 < everything.count(-1) < 0.1 * len(everything)
    assert sum(vacancies(4)) > 1.5 * sum(vacancies(11))


def test_every_feed_has_its_own_address_and_is_found_by_it() -> None:
    assert len({feed.url for feed in list_feeds()}) == len(list_feeds())
    assert all(find_feed(f"https://{feed.url}") is feed for feed in list_feeds())
    long = (
        "https://"
        + named("road-network").url.replace("?", "?service=wfs&request=GetFeature&")
        + "&outputFormat=geojson"
    )
    assert find_feed(long) is named("road-network")
    assert find_feed("https://www.td.gov.hk/nothing.xml") is None


@pytest.mark.parametrize("feed", list_feeds(), ids=lambda feed: feed.id)
def test_every_feed_gives_the_same_bytes_again(city: TwinCity, morning: datetime, feed: Feed) -> None:
    published = feed.published_at(city.seed, morning)
    again = TwinCity(seed=city.seed, folder=city.folder, scale=city.scale)
    assert published <= morning
    assert feed.render(city, published) == feed.render(again, published) != b""


def test_a_day_not_simulated_is_an_error_not_an_empty_file(city: TwinCity) -> None:
    with pytest.raises(NotYet, match="2026-11-15"):
        bytes_of(city, "detectors", midnight(WEDNESDAY) - timedelta(days=2, hours=6))
