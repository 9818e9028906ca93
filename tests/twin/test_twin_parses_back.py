"""The services' parsers read the twin's bytes back to the twin's truth."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from parsing_back import parsed
from twin_days import SEED, WEDNESDAY

from lionrock.core.vocabulary import EventStatus, Quality
from lionrock.services.mobility.parking.feeds import (
    parse_car_parks,
    parse_vacancy,
)
from lionrock.services.mobility.traffic.feeds.detectors import parse_detectors, parse_lanes
from lionrock.services.mobility.traffic.feeds.network import parse_road_network
from lionrock.services.mobility.traffic.feeds.news import parse_news
from lionrock.services.mobility.traffic.feeds.segments import parse_segment_speeds
from lionrock.twin.calendar import midnight
from lionrock.twin.carparks import CAR_PARKS
from lionrock.twin.city import TwinCity
from lionrock.twin.detectors import list_detectors
from lionrock.twin.feeds.detectors import content_start, doubled_lane_detector
from lionrock.twin.feeds.parking import vacancy_of
from lionrock.twin.feeds.segments import content_time, is_offline, segment_speeds
from lionrock.twin.network import list_links
from lionrock.twin.news import find_latest, list_messages


def test_lanes_come_back_with_their_counts_and_speeds(city: TwinCity, morning: datetime) -> None:
    published, readings = parsed(city, "detectors", parse_lanes, morning)
    start = content_start(SEED, published)
    truth, period = city.period_at(start)
    by_key = {(r.sensor, r.property, r.at): r for r in readings}
    absent = {d.id for d in list_detectors()} - {r.sensor.split("/")[0] for r in readings}
    properties = {r.property for r in readings}
    volume = next(p for p in properties if p.startswith("volume"))
    speed = next(p for p in properties if p == "speed_kmh")
    checked = 0
    for detector in (d for d in list_detectors() if d.id not in absent and d.id != doubled_lane_detector(SEED)):
        for row, lane in enumerate(detector.lanes, start=detector.first_lane):
            at = start.astimezone(UTC)
            assert by_key[f"{detector.id}/{lane}", volume, at].value == truth.volume[period, row]
            assert by_key[f"{detector.id}/{lane}", speed, at].value == truth.speed[period, row]
            checked += 1
    assert checked > 800


def test_placeholders_and_offline_lanes_come_back_flagged(city: TwinCity) -> None:
    _, readings = parsed(city, "detectors", parse_lanes, midnight(WEDNESDAY) + timedelta(hours=4))
    idle = {(r.sensor, r.at) for r in readings if r.property.startswith("volume") and r.value == 0}
    speeds = [r for r in readings if r.property == "speed_kmh" and (r.sensor, r.at) in idle]
    assert all(r.quality & Quality.PLACEHOLDER for r in speeds)


def test_a_lane_named_twice_comes_back_as_a_conflict(city: TwinCity) -> None:
    moments = [midnight(WEDNESDAY) + timedelta(hours=hour) for hour in range(7, 20)]
    readings = [r for moment in moments for r in parsed(city, "detectors", parse_lanes, moment)[1]]
    conflicts = {r.sensor.split("/")[0] for r in readings if r.quality & Quality.CONFLICT}
    assert conflicts == {doubled_lane_detector(SEED)}


def test_detector_places_come_back(city: TwinCity, morning: datetime) -> None:
    _, features = parsed(city, "detector-places", parse_detectors, morning)
    places = {feature.id: feature.geometry["coordinates"] for feature in features}
    assert places == {d.id: [d.lon, d.lat] for d in list_detectors()}


def test_segment_speeds_come_back_and_those_offline_are_flagged(city: TwinCity, morning: datetime) -> None:
    published, readings = parsed(city, "segment-speeds", parse_segment_speeds, morning)
    at = content_time(published)
    truth = dict(zip((str(link.route_id) for link in list_links()), segment_speeds(city, at), strict=True))
    offline = {str(link.route_id) for link in list_links() if is_offline(SEED, link, at)}
    assert {r.sensor for r in readings if r.quality & Quality.INVALID} == offline
    assert {r.sensor: r.value for r in readings if r.sensor not in offline} == {
        route: speed for route, speed in truth.items() if route not in offline
    }


def test_the_network_comes_back_line_for_line(city: TwinCity, morning: datetime) -> None:
    _, features = parsed(city, "road-network", parse_road_network, morning)
    lines = {feature.id: [tuple(p) for p in feature.geometry["coordinates"]] for feature in features}
    assert lines == {str(link.route_id): list(link.points) for link in list_links()}


@pytest.mark.parametrize("lang", ["en", "tc", "sc"])
def test_the_latest_news_comes_back(city: TwinCity, lang: str) -> None:
    for message in list_messages(SEED, WEDNESDAY):
        _, events = parsed(city, f"traffic-news-{lang}", parse_news, message.shown)
        assert find_latest(SEED, message.shown) == message
        assert [(e.id, e.at, e.status) for e in events] == [
            (message.incident.number, message.announced.astimezone(UTC), EventStatus(message.status.lower()))
        ]
        assert events[0].detail.en.split() == message.content.en.split()


def test_vacancies_come_back(city: TwinCity, morning: datetime) -> None:
    published, readings = parsed(city, "car-park-vacancy", parse_vacancy, morning)
    truth = {f"{p.id}/{v}/HOURLY": vacancy_of(SEED, p, v, published)[1] for p in CAR_PARKS for v, _ in p.spaces}
    assert {r.sensor: -1 if r.value is None else r.value for r in readings} == truth
    _, features = parsed(city, "car-parks", parse_car_parks, morning)
    assert {f.id: f.geometry["coordinates"] for f in features} == {p.id: [p.lon, p.lat] for p in CAR_PARKS}
