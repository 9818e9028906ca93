"""Detectors' alarms: who is downstream of whom, when an alarm opens and closes, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Job
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Event, EventStatus, Feature, NotYet, Reading, Source, Text
from lionrock.engines.anomaly.stations import NONE, Stations
from lionrock.services.mobility.incidents.alarms import list_alarm_messages
from lionrock.services.mobility.incidents.atlas import build_atlas
from lionrock.services.mobility.incidents.detection import Station, find_downstream, place_stations, settle_alarms
from lionrock.services.mobility.incidents.incident import Origin

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=ZONE)
PERIOD = timedelta(seconds=30)
LANE = ("Fast Lane", "Slow Lane")


def line(name: str, number: str, points: list[list[float]]) -> Feature:
    geometry = {"type": "LineString", "coordinates": points}
    return Feature(id=number, geometry=geometry, title=Text(en=name), properties={"travel_direction": 3})


def detector(name: str, lon: float, lat: float, direction: str) -> Feature:
    geometry = {"type": "Point", "coordinates": [lon, lat]}
    title = Text(en=f"Tolo Highway near {name} - Northbound")
    return Feature(id=name, geometry=geometry, title=title, properties={"direction": direction})


ROADS = [
    line("Tolo Highway", "1", [[114.2000, 22.400], [114.2000, 22.420]]),
    line("Tolo Highway", "2", [[114.2000, 22.420], [114.2000, 22.440]]),
    line("Tolo Highway", "9", [[114.2002, 22.440], [114.2002, 22.400]]),
]
DETECTORS = [
    detector("A", 114.2000, 22.405, "North "),
    detector("B", 114.2000, 22.415, "North"),
    detector("C", 114.2000, 22.430, "North"),
    detector("Z", 114.2002, 22.430, "South"),
]


def test_the_next_station_is_the_one_that_traffic_meets_next() -> None:
    atlas = build_atlas(ROADS)
    stations = place_stations(DETECTORS, atlas)
    downstream = find_downstream(stations, atlas)
    assert [station.link for station in stations] == ["1", "1", "2", "9"]
    assert downstream.tolist() == [1, 2, NONE, NONE]


def watched() -> tuple[list[Station], Stations]:
    order = [Station(name, Text(en=name), (114.2, 22.4), "1") for name in ("A", "B", "C")]
    nothing = np.zeros((60, 3))
    return order, Stations(nothing, nothing, nothing, nothing, np.array([1, NONE, NONE]), PERIOD)


def test_an_alarm_opens_once_for_neighbours_and_closes_when_it_was_quiet() -> None:
    order, stations = watched()
    ringing = np.zeros((60, 3), np.bool_)
    ringing[40:, 0] = ringing[45:, 1] = True
    (alarm,) = settle_alarms(ringing, stations, order, NOW, {})
    assert (alarm.at, alarm.status, alarm.properties["stations"]) == (NOW + 40 * PERIOD, EventStatus.NEW, ["A"])
    assert settle_alarms(ringing, stations, order, NOW, {alarm.id: alarm}) == []
    quiet = np.zeros((60, 3), np.bool_)
    quiet[:30, 0] = True
    (ended,) = settle_alarms(quiet, stations, order, NOW + 30 * PERIOD, {alarm.id: alarm})
    assert (ended.id, ended.status) == (alarm.id, EventStatus.CLOSED)
    assert ended.properties["ended_at"] == (NOW + 60 * PERIOD).isoformat()


def test_a_strange_station_is_an_alarm_of_its_own() -> None:
    order, stations = watched()
    ringing = np.zeros((60, 3), np.bool_)
    ringing[50:, 0] = ringing[50:, 2] = True
    assert [alarm.properties["stations"] for alarm in settle_alarms(ringing, stations, order, NOW, {})] == [
        ["A"],
        ["C"],
    ]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with three stations that were free for four days, and jammed at the first since a quarter of an hour."""
    catalogue = discover()
    folder: Path = tmp_path_factory.mktemp("alarms")
    with House.open(Settings(data=folder, source=Source.RECORDING), SetClock(NOW), catalogue) as opened:
        opened.records.save(catalogue.datasets["traffic.road_network"], ROADS, NOW)
        opened.records.save(catalogue.datasets["traffic.detectors"], DETECTORS[:3], NOW)
        opened.readings.append("traffic.lanes", list(_lanes(timedelta(minutes=15), NOW - timedelta(days=4), NOW)))
        opened.readings.append("traffic.lanes", list(_lanes(PERIOD, NOW - timedelta(hours=1), NOW)))
        yield opened


def _lanes(step: timedelta, start: datetime, end: datetime) -> Iterator[Reading]:
    rng = np.random.default_rng(1)
    for count in range((end - start) // step):
        at = start + count * step
        jam = step == PERIOD and at >= NOW - timedelta(minutes=25)
        for name in ("A", "B", "C"):
            for lane in LANE:
                slow = jam and name == "A"
                speed = (20 if slow else 80) + rng.normal(0, 2)
                volume = float(rng.poisson(5 if jam else 8))
                yield Reading(f"{name}/{lane}", "speed_kmh", at, speed)
                yield Reading(f"{name}/{lane}", "volume", at, volume)
                yield Reading(f"{name}/{lane}", "occupancy_pct", at, min(100.0, 25 * volume / speed * 3))


def _job(name: str) -> Job[City]:
    service = next(service for service in discover().services if service.id == "incidents")
    return next(job for job in service.jobs if job.name == name)


def test_without_a_usual_day_the_alarms_wait(tmp_path: Path) -> None:
    catalogue = discover()
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), SetClock(NOW), catalogue) as empty:
        city = empty.cities["incidents"]
        for name, words in (("usual_days", "0 days"), ("alarms", "no usual day")):
            with pytest.raises(NotYet, match=words):
                list(_job(name).does(city))


def test_usual_days_and_alarms_are_worked_out_from_what_the_house_keeps(house: House) -> None:
    service = next(service for service in house.catalogue.services if service.id == "incidents")
    jobs = {job.name: job for job in service.jobs}
    assert do_job(house, service, jobs["usual_days"]) == 2 * len(DETECTORS[:3])  # a working day and a day off
    assert do_job(house, service, jobs["usual_days"]) == 0
    usual = {kept.id: kept.record.properties for kept in house.records.list_open("incidents.usual_days")}
    assert (usual["A"]["downstream"], usual["A"]["link"]) == ("B", "1")
    assert np.nanmedian(np.array(usual["B"]["speed_kmh"], float)) == pytest.approx(80, abs=1)
    assert (usual["B"]["kind_of_day"], usual["B/off"]["kind_of_day"], usual["B/off"]["station"]) == (
        "working",
        "off",
        "B",
    )
    assert usual["B/off"]["speed_kmh"] == usual["B"]["speed_kmh"]  # no Sunday was seen: all days speak for it
    do_job(house, service, jobs["alarms"])
    again = do_job(house, service, jobs["alarms"])
    alarms = house.records.list_open("incidents.alarms")
    assert again == 0
    assert {kept.record.properties["stations"][0] for kept in alarms} <= {"A"}
    do_job(house, service, jobs["lives"])
    told = {kept.id: kept.record.properties["state"] for kept in house.records.list_open("incidents.incidents")}
    assert told == {kept.id: "reported" for kept in alarms}


def test_an_alarm_speaks_when_it_begins_and_when_it_ends(house: House) -> None:
    order, stations = watched()
    ringing = np.zeros((60, 3), np.bool_)
    ringing[40:, 0] = True
    (alarm,) = settle_alarms(ringing, stations, order, NOW, {})
    (ended,) = settle_alarms(~ringing & False, stations, order, NOW + timedelta(hours=1), {alarm.id: alarm})
    dataset = house.catalogue.datasets["incidents.alarms"]
    house.records.save(dataset, [ended], NOW)
    words = list(list_alarm_messages([house.records.get(dataset.id, ended.id)]))
    assert [(word.origin, word.closes) for word in words] == [(Origin.DETECTORS, False), (Origin.DETECTORS, True)]
    assert words[0].at < words[1].at


def test_an_alarm_whose_detectors_fell_silent_ends_by_silence(tmp_path: Path) -> None:
    catalogue, clock = discover(), SetClock(NOW)
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), clock, catalogue) as house:
        service = next(service for service in catalogue.services if service.id == "incidents")
        usual = {"speed_kmh": [80.0] * 96, "speed_spread": [4.0] * 96, "occupancy_pct": [8.0] * 96}
        known = {"station": "A", "days": 5, "link": "1", "downstream": "", **usual, "occupancy_spread": [2.0] * 96}
        point = {"type": "Point", "coordinates": [114.2, 22.405]}
        stations = [
            Feature(id=f"A/{kind}", geometry=point, properties={**known, "kind_of_day": kind})
            for kind in ("working", "off")
        ]
        house.records.save(catalogue.datasets["incidents.usual_days"], stations, NOW)
        ringing = Event(
            id="D-A", kind="unusual_traffic", at=NOW - timedelta(minutes=5), status=EventStatus.NEW,
            title=Text(en="Unusual traffic", tc="交通異常"), properties={"stations": ["A"], "links": ["1"]},
        )  # fmt: skip
        house.records.save(catalogue.datasets["incidents.alarms"], [ringing], NOW)
        last = NOW - timedelta(minutes=2)
        house.readings.append("traffic.lanes", [Reading("A/Fast Lane", "speed_kmh", last, 20.0)])
        clock.set(NOW + timedelta(minutes=55))
        with pytest.raises(NotYet, match="no lane was measured"):
            list(_job("alarms").does(house.cities["incidents"]))
        clock.set(NOW + timedelta(minutes=65))
        do_job(house, service, _job("alarms"))
        do_job(house, service, _job("lives"))
        told = house.records.get("incidents.incidents", "D-A").record.properties
        assert (told["state"], told["closed_by"], told["cleared_at"]) == ("closed", "silence", None)
        assert datetime.fromisoformat(told["closed_at"]) == last
