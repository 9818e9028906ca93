"""Journey times, traffic news and parking come back as the twin's truth; the same parsers read the real recordings."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from lxml import etree
from parsing_back import Parse, parsed, parsed_recording
from scipy.sparse.csgraph import dijkstra
from twin_days import SEED, WEDNESDAY

from lionrock.core.vocabulary import EventStatus, Quality
from lionrock.services.mobility.parking.feeds import (
    parse_car_parks,
    parse_meter_occupancy,
    parse_meter_spaces,
    parse_vacancy,
)
from lionrock.services.mobility.traffic.feeds.journeys import parse_journey_times
from lionrock.services.mobility.traffic.feeds.news import parse_news_v1
from lionrock.twin.calendar import midnight
from lionrock.twin.carparks import CAR_PARKS, list_metered_spaces, meter_state, vacant_spaces
from lionrock.twin.city import TwinCity
from lionrock.twin.feeds.journeys import Journey, list_journeys
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import list_links
from lionrock.twin.news import list_current, list_messages

HOURS = [4, 8, 18]
JOURNEY_LAG = timedelta(minutes=2)
TD = "{http://data.one.gov.hk/td}"


@cache
def links_of(journey: Journey) -> tuple[int, ...]:
    """The links of a journey's fastest way at the limits, found apart from the twin's own search."""
    names = list(JUNCTIONS)
    hours = np.full((len(names), len(names)), np.inf)
    columns: dict[tuple[int, int], int] = {}
    for column, link in sorted(enumerate(list_links()), key=lambda pair: -pair[1].length_m / pair[1].limit_kmh):
        ends = names.index(link.start), names.index(link.end)
        hours[ends], columns[ends] = link.length_m / link.limit_kmh, column
    _, before = dijkstra(hours, return_predecessors=True)
    found: list[int] = []
    for start, end in pairwise(journey.via):
        here = names.index(end)
        while here != names.index(start):
            found.append(columns[int(before[names.index(start), here]), here])
            here = int(before[names.index(start), here])
    return tuple(found)


def minutes_at(speeds_kmh: np.ndarray[tuple[int], np.dtype[np.float64]], journey: Journey) -> float:
    way = list(links_of(journey))
    lengths_km = np.array([list_links()[column].length_m / 1000 for column in way])
    return float((lengths_km / np.maximum(speeds_kmh[way], 3) * 60).sum())


@pytest.mark.parametrize("hour", HOURS)
def test_journeys_come_back_as_the_minutes_that_the_links_speeds_take(city: TwinCity, hour: int) -> None:
    published, readings = parsed(
        city, "journey-times", parse_journey_times, midnight(WEDNESDAY) + timedelta(hours=hour, minutes=31)
    )
    at = published - JOURNEY_LAG
    truth, period = city.period_at(at)
    speeds = np.minimum(truth.link_speed[period - 4 : period].mean(axis=0) / 10, 121)
    limits = np.array([float(link.limit_kmh) for link in list_links()])
    minutes = {f"{j.location}/{j.destination}": minutes_at(speeds, j) for j in list_journeys()}
    free = {f"{j.location}/{j.destination}": minutes_at(limits, j) for j in list_journeys()}
    shown = {r.sensor: r.value for r in readings if r.property == "journey_min" and r.value is not None}
    colours = {r.sensor: r.value for r in readings if r.property == "journey_colour" and r.value is not None}
    assert {r.sensor for r in readings} == set(minutes)
    assert {r.at for r in readings} == {at}
    assert len(shown) >= 0.9 * len(minutes)
    # The signs round up; a segment's speed to a tenth of km/h moves the minute by less than a twentieth.
    assert [s for s, value in shown.items() if not -0.05 <= value - minutes[s] < 1.05] == []
    assert colours == {s: 3 - (minutes[s] >= 1.5 * free[s]) - (minutes[s] >= 2.2 * free[s]) for s in shown}


def test_news_in_force_comes_back_word_for_word_from_the_first_version(city: TwinCity) -> None:
    statuses = set()
    for changed in list_messages(SEED, WEDNESDAY):
        _, events = parsed(city, "traffic-news-v1-tc", parse_news_v1, changed.shown)
        current = list_current(SEED, changed.shown)
        assert [(e.id, e.at) for e in events] == [(str(m.id), changed.shown.astimezone(UTC)) for m in current]
        assert [e.detail.en.split() for e in events] == [m.content.en.split() for m in current]
        assert [e.detail.tc.split() for e in events] == [m.content.tc.split() for m in current]
        # The first version says that a road is open again as soon as it is.
        assert [e.status is EventStatus.CLOSED for e in events] == [
            m.shown >= m.incident.end_announced for m in current
        ]
        statuses |= {e.status for e in events}
    assert statuses == {EventStatus.UPDATED, EventStatus.CLOSED}


def test_car_parks_come_back_with_their_names_and_heights(city: TwinCity, morning: datetime) -> None:
    _, features = parsed(city, "car-parks", parse_car_parks, morning)
    assert [
        (f.id, f.title.en, f.title.tc, f.properties["address_en"], f.properties["address_tc"]) for f in features
    ] == [(p.id, p.name.en, p.name.tc, p.address.en, p.address.tc) for p in CAR_PARKS]
    assert [f.properties["height_limit_m"] for f in features] == [p.height_m for p in CAR_PARKS]
    assert [f.geometry["coordinates"] for f in features] == [[p.lon, p.lat] for p in CAR_PARKS]


@pytest.mark.parametrize("hour", HOURS)
def test_vacancies_come_back_as_the_spaces_free_when_they_were_counted(city: TwinCity, hour: int) -> None:
    moment = midnight(WEDNESDAY) + timedelta(hours=hour, minutes=31)
    published, readings = parsed(city, "car-park-vacancy", parse_vacancy, moment)
    counted = {f"{p.id}/{v}/HOURLY": (p, v) for p in CAR_PARKS for v, _ in p.spaces if not p.flagged}
    known = [r for r in readings if r.property == "vacant_spaces" and r.value is not None]
    assert len(known) > 0.8 * len(counted)
    assert [r.value for r in known] == [vacant_spaces(SEED, *counted[r.sensor], r.at) for r in known]
    assert all(timedelta() <= published - r.at < timedelta(minutes=3) for r in readings)
    flagged = {f"{p.id}/{v}/HOURLY" for p in CAR_PARKS for v, _ in p.spaces if p.flagged}
    assert {r.sensor for r in readings if r.property == "has_vacancy"} == flagged


@pytest.mark.parametrize("hour", HOURS)
def test_each_meter_comes_back_with_its_state_and_since_when(city: TwinCity, hour: int) -> None:
    moment = midnight(WEDNESDAY) + timedelta(hours=hour, minutes=31)
    published, readings = parsed(city, "meter-occupancy", parse_meter_occupancy, moment)
    truth = {space.id: meter_state(SEED, space, published) for space in list_metered_spaces()}
    assert {r.sensor: (r.quality == Quality.GOOD, bool(r.value), r.at) for r in readings} == truth
    assert {works for works, _, _ in truth.values()} == {True, False}


def test_metered_spaces_come_back_in_their_places(city: TwinCity, morning: datetime) -> None:
    _, features = parsed(city, "meter-spaces", parse_meter_spaces, morning)
    real = [space for space in list_metered_spaces() if space.pole <= 90_000]
    assert [(f.id, f.geometry["coordinates"]) for f in features] == [(s.id, [s.lon, s.lat]) for s in real]
    assert [(f.title.en, f.title.tc, f.properties["vehicle_type"]) for f in features] == [
        (s.street.en, s.street.tc, s.vehicle) for s in real
    ]


# The same parsers over the real recordings


def test_the_journey_parser_reads_the_real_recording(recordings: Path) -> None:
    body, readings = parsed_recording(recordings, "td_journey_time/journeytime_v1.2017.xml", parse_journey_times)
    rows = [{str(field.tag).removeprefix(TD): field.text for field in row} for row in etree.fromstring(body)]
    assert {r.sensor: r.value for r in readings if r.property == "journey_min"} == {
        f"{row['LOCATION_ID']}/{row['DESTINATION_ID']}": float(row["JOURNEY_DATA"] or "") for row in rows
    }


def test_the_first_news_parser_reads_the_real_recording(recordings: Path) -> None:
    body, events = parsed_recording(recordings, "td_specialnews_v1/specialtrafficnews.excerpt.xml", parse_news_v1)
    root = etree.fromstring(body)
    assert [e.id for e in events] == [element.text for element in root.iter(f"{TD}msgID")]
    assert [e.detail.tc for e in events] == [(element.text or "").strip() for element in root.iter(f"{TD}ChinText")]


def test_the_car_park_parsers_read_the_real_recordings(recordings: Path) -> None:
    body, features = parsed_recording(recordings, "td_carpark/basic_info_all.excerpt.json", parse_car_parks)
    parks = json.loads(body.decode("utf-8-sig"))["car_park"]
    assert [(f.id, f.geometry["coordinates"]) for f in features] == [
        (park["park_id"], [park["longitude"], park["latitude"]]) for park in parks
    ]
    body, readings = parsed_recording(recordings, "td_carpark/vacancy_all.excerpt.json", parse_vacancy)
    tariffs = [
        (f"{park['park_id']}/{kind['type']}/{tariff['category']}", tariff["vacancy"])
        for park in json.loads(body.decode("utf-8-sig"))["car_park"]
        for kind in park["vehicle_type"]
        for tariff in kind["service_category"]
    ]
    known = [(r.sensor, r.value) for r in readings if r.value is not None]
    assert [r.sensor for r in readings] == [sensor for sensor, _ in tariffs]
    assert known == [pair for pair, reading in zip(tariffs, readings, strict=True) if reading.value is not None]


@pytest.mark.parametrize(
    ("name", "parse"),
    [
        ("td_parking_meters/occupancystatus.csv", parse_meter_occupancy),
        ("td_parking_meters/parkingspaces.csv", parse_meter_spaces),
    ],
)
def test_the_meter_parsers_read_the_real_recordings(recordings: Path, name: str, parse: Parse) -> None:
    _, rows = parsed_recording(recordings, name, parse)
    assert len(rows) > 1000
