"""Segment speeds, journey times, both generations of news, and the road network."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta

import openpyxl
import pytest
from feeds_at_hand import download, readings_in, recording, sample_of
from lxml import etree
from pyproj import Transformer

from lionrock.core.vocabulary import Event, EventStatus, Feature, MalformedDownload, Quality
from lionrock.services.mobility.traffic.feeds.journeys import parse_journey_times
from lionrock.services.mobility.traffic.feeds.network import parse_road_network, quieten
from lionrock.services.mobility.traffic.feeds.news import parse_news, parse_news_v1
from lionrock.services.mobility.traffic.feeds.segments import parse_segment_speeds


def test_a_segment_speed_carries_its_moment_and_its_validity() -> None:
    good, slow, invalid = readings_in("traffic.segment_speeds", sample_of("traffic.segment_speeds"))
    assert good == ("900001", "speed_kmh", datetime(2026, 11, 21, 0, 27, tzinfo=UTC), 63.4, Quality.GOOD)
    assert (slow.value, invalid.value, invalid.quality) == (21.7, 50, Quality.INVALID)


def test_a_segment_given_twice_differently_keeps_the_first() -> None:
    body = sample_of("traffic.segment_speeds")
    last = body.rindex(b"21.7")
    _, slow, _ = readings_in("traffic.segment_speeds", body[:last] + b"44.0" + body[last + 4 :])
    assert (slow.value, slow.quality) == (21.7, Quality.CONFLICT)


def test_a_segment_given_twice_alike_says_so_and_is_as_good_as_once() -> None:
    _, slow, _ = readings_in("traffic.segment_speeds", sample_of("traffic.segment_speeds"))
    assert (slow.value, slow.quality, slow.quality.is_good) == (21.7, Quality.REPEATED, True)


def test_the_recorded_segment_speeds_read() -> None:
    body = recording("td_irn_speed/irnAvgSpeed-all.2024.xml").read_bytes()
    readings = list(parse_segment_speeds(download(body, datetime.fromisoformat("2024-04-06T21:31:00+08:00"))))
    assert len(readings) == 4376
    assert sum(reading.quality == Quality.INVALID for reading in readings) == 55
    assert {reading.at for reading in readings} == {datetime(2024, 4, 6, 13, 27, tzinfo=UTC)}


def test_a_pictogram_in_place_of_a_time_says_so_and_leaves_the_time_missing() -> None:
    readings = {reading[:2]: reading for reading in parse_journey_times(download(sample_of("traffic.journey_times")))}
    assert readings["H1/CH", "journey_min"].value == 14
    assert readings["K02/WH", "journey_min"].quality == Quality.MISSING
    assert readings["K02/WH", "journey_sign"].value == 3
    assert readings["SJ2/TCT", "journey_min"][3:] == (None, Quality.MISSING)
    assert readings["SJ2/TCT", "journey_colour"].quality == Quality.MISSING


def test_the_recorded_journey_times_of_the_first_version_read_too() -> None:
    body = recording("td_journey_time/journeytime_v1.2017.xml").read_bytes()
    readings = list(parse_journey_times(download(body, datetime.fromisoformat("2017-09-14T11:34:00+08:00"))))
    assert [(r.sensor, r.value) for r in readings if r.property == "journey_min"] == [("H2/CH", 10), ("H1/EH", 11)]


def news_by_id(body: bytes) -> dict[str, Event]:
    return {event.id: event for event in parse_news(download(body))}


def test_news_speaks_english_and_both_chineses() -> None:
    event = news_by_id(sample_of("traffic.news"))["IN-26-00901"]
    assert (event.title.en, event.title.tc, event.title.sc) == ("Traffic Accident", "交通意外", "交通意外")
    assert event.place.en == "Waterloo Road (Sha Tin bound), near Lion Rock Tunnel"
    assert event.place.tc == "窩打老道（往沙田方向）近獅子山隧道"
    assert (event.kind, event.status, event.lon, event.lat) == ("road_incident", EventStatus.NEW, 114.1792, 22.347)
    assert event.at == datetime(2026, 11, 21, 0, 5, tzinfo=UTC)


def test_news_without_a_place_has_none_and_not_zero() -> None:
    event = news_by_id(sample_of("traffic.news"))["IN-26-00897"]
    assert (event.lon, event.lat, event.status) == (None, None, EventStatus.CLOSED)


def test_the_english_edition_reads_without_its_chinese_elements() -> None:
    root = etree.fromstring(sample_of("traffic.news"))
    for element in list(root.iter()):
        if str(element.tag).endswith("_CN"):
            element.getparent().remove(element)
    event = news_by_id(etree.tostring(root))["IN-26-00901"]
    assert (event.title.en, event.title.tc) == ("Traffic Accident", "")


def test_an_ampersand_that_was_not_escaped_is_read_as_one() -> None:
    for written in (b"Trade & Exhibition &amp; Arts<", b"<![CDATA[Trade & Exhibition & Arts]]><"):
        body = sample_of("traffic.news").replace(b"Lion Rock Tunnel<", written)
        assert news_by_id(body)["IN-26-00901"].place.en.endswith("near Trade & Exhibition & Arts")


def test_markup_that_never_ends_is_refused_at_once() -> None:
    with pytest.raises(MalformedDownload):
        news_by_id(b"<list>" + b"<![CDATA[" * 400_000)


def test_no_news_is_an_empty_list() -> None:
    assert news_by_id(b'<?xml version="1.0"?><list/>') == {}


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("2026/11/20 下午 12:10:11", datetime(2026, 11, 20, 4, 10, 11, tzinfo=UTC)),
        ("2026/11/20 上午 12:10:11", datetime(2026, 11, 19, 16, 10, 11, tzinfo=UTC)),
        ("2026/9/1 下午 01:00:00", datetime(2026, 9, 1, 5, tzinfo=UTC)),
        ("2026/9/1 上午 11:59:59", datetime(2026, 9, 1, 3, 59, 59, tzinfo=UTC)),
        ("2026/9/1 PM 01:00:00", datetime(2026, 9, 1, 5, tzinfo=UTC)),
    ],
)
def test_dates_with_morning_and_afternoon_in_chinese_are_read(words: str, moment: datetime) -> None:
    body = sample_of("traffic.news_v1").replace("2026/11/20 下午 12:10:11".encode(), words.encode())
    _, second = parse_news_v1(download(body))
    assert second.at == moment


def test_first_generation_news_is_titled_by_its_first_line() -> None:
    first, second = parse_news_v1(download(sample_of("traffic.news_v1")))
    assert (first.status, second.status) == (EventStatus.UPDATED, EventStatus.NEW)
    assert second.title.tc == "因強風關係，青馬大橋下層行車道現已實施臨時交通安排。"
    assert second.detail.en.endswith("advised to take care.")


def test_the_recorded_first_generation_news_reads() -> None:
    body = recording("td_specialnews_v1/specialtrafficnews.excerpt.xml").read_bytes()
    events = list(parse_news_v1(download(body, datetime.fromisoformat("2026-09-19T13:12:00+08:00"))))
    assert [(event.id, event.status) for event in events] == [
        ("265282", EventStatus.UPDATED),
        ("265267", EventStatus.CLOSED),
    ]
    assert events[0].at == datetime(2026, 9, 19, 5, 10, 11, tzinfo=UTC)


def test_four_months_of_recorded_news_read_message_by_message() -> None:
    path = recording("td_special_traffic_news/traffic_accident_20200925-20201231.xlsx")
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        header, *rows = book.worksheets[0].iter_rows(values_only=True)
    root = etree.Element("list")
    for row in rows:
        message = etree.SubElement(root, "message")
        for name, value in zip(header[1:], row[1:], strict=True):
            etree.SubElement(message, str(name).upper()).text = None if value is None else str(value)
    events = list(parse_news(download(etree.tostring(root), datetime.fromisoformat("2021-01-01T00:00:00+08:00"))))
    assert len(events) == 3008
    assert len({event.id for event in events}) == 1100
    assert sum(event.status is EventStatus.CLOSED for event in events) == 851
    assert [event.at for event in events] == sorted(event.at for event in events)


def roads(body: bytes) -> dict[str, Feature]:
    return {road.id: road for road in parse_road_network(download(body))}


def test_a_route_of_one_piece_is_a_line_and_of_several_a_multi_line() -> None:
    network = roads(sample_of("traffic.road_network"))
    assert network["900001"].geometry == {
        "type": "LineString",
        "coordinates": [[114.179, 22.3455], [114.1793, 22.3478], [114.1799, 22.352]],
    }
    assert network["900002"].geometry["type"] == "MultiLineString"  # type: ignore[index]
    assert (network["900001"].title.en, network["900001"].title.tc) == ("Lion Rock Tunnel Road", "獅子山隧道公路")


@pytest.mark.parametrize(
    "written",
    ["Central-Wan Chai Bypass", "Queen’s Road Central", "Queen's Road East", "D'Aguilar Street", "Route 1 (1st)"],
)
def test_a_road_s_name_is_not_shouted(written: str) -> None:
    assert quieten(written.upper()) == written


def test_a_road_without_a_name_has_none_and_not_minus_99() -> None:
    body = (
        sample_of("traffic.road_network")
        .replace(b"TUEN MUN ROAD", b"-99")
        .replace("屯門公路".encode(), "-９９".encode())
    )
    assert (roads(body)["900003"].title.en, roads(body)["900003"].title.tc) == ("", "")


def test_latitude_first_and_grid_metres_are_told_by_their_numbers() -> None:
    to_grid = Transformer.from_crs("EPSG:4326", "EPSG:2326", always_xy=True)
    east, north = to_grid.transform(114.06, 22.366)
    body = sample_of("traffic.road_network")
    swapped = body.replace(b"[114.0600, 22.3660]", b"[22.3660, 114.0600]")
    in_metres = body.replace(b"[114.0600, 22.3660]", f"[{east}, {north}]".encode())
    assert roads(swapped)["900003"].geometry == roads(body)["900003"].geometry
    assert roads(in_metres)["900003"].geometry == roads(body)["900003"].geometry


def test_the_same_line_twice_is_drawn_once() -> None:
    body = sample_of("traffic.road_network").replace(b'"ROUTE_ID": 900003', b'"ROUTE_ID": 900001')
    assert roads(body)["900001"].geometry["type"] == "MultiLineString"  # type: ignore[index]
    start, end = body.index(b'{"type": "Feature", "geometry": {"type": "LineString"'), body.index(b",\n{")
    doubled = body[:end] + b",\n" + body[start:end] + body[end:]
    assert roads(doubled)["900001"].geometry == roads(body)["900001"].geometry


def test_news_a_little_ahead_of_the_receipt_is_a_slip_and_not_an_error() -> None:
    body = sample_of("traffic.news")
    early = datetime.fromisoformat("2026-11-21T08:05:00+08:00") - timedelta(hours=12)
    assert len(list(parse_news(download(body, early)))) == 2
