"""From the twin's bytes to probe speeds in a house: the same speeds as the twin's links have."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.evaluate.buses_table import render_buses
from lionrock.app.evaluate.buses_twin import compare_with_twin, summarize
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.app.web.sessions import NOBODY
from lionrock.city.place import address
from lionrock.core.clock import SetClock
from lionrock.core.feeds.runner import list_requests
from lionrock.core.manifest import Download
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Feature, NotFound, NotYet, Quality, Reading, Source, Text
from lionrock.services.mobility.buses.answers import ProbesQuery, StopQuery, list_next_buses, list_probes
from lionrock.services.mobility.buses.datasets import ARRIVALS, ROUTE_STOPS, STOPS
from lionrock.services.mobility.buses.service import SERVICE
from lionrock.twin.buslines import KMB, lines_of, list_stops
from lionrock.twin.calendar import midnight
from lionrock.twin.catalogue import find_feed
from lionrock.twin.city import TwinCity
from lionrock.twin.day import keep_day, simulate_day

SEED, DAY = 1, date(2026, 11, 18)
ROUTES = {"1R", "101R"}
BEGIN = midnight(DAY) + timedelta(hours=8)
MINUTES = 40
JOBS = {job.name: job for job in SERVICE.jobs}
FEEDS = {feed.name: feed for feed in SERVICE.feeds}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> TwinCity:
    city = TwinCity(seed=SEED, folder=tmp_path_factory.mktemp("twin"))
    keep_day(city.path_of(DAY), simulate_day(SEED, DAY, until_s=9 * 3600))
    return city


def body_of(city: TwinCity, url: str, moment: datetime) -> bytes:
    feed = find_feed(url)
    assert feed is not None, url
    return feed.render(city, feed.published_at(city.seed, moment))


@pytest.fixture(scope="module")
def house(city: TwinCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house that read the twin's roads, speeds and two bus routes, minute by minute."""
    settings = Settings(data=tmp_path_factory.mktemp("house"), source=Source.TWIN)
    clock = SetClock(BEGIN)
    with House.open(settings, clock, discover()) as house:
        traffic = next(service for service in house.catalogue.services if service.id == "traffic")
        taken = [(traffic, feed) for feed in traffic.feeds if feed.name in ("road_network", "segment_speeds")]
        taken += [(SERVICE, FEEDS[name]) for name in ("routes", "kmb_stops", "kmb_route_stops")]
        for service, feed in taken:
            for asked in list_requests(feed, house.cities[service.id], address):
                given = Download(body=body_of(city, asked.url, BEGIN), url=asked.url, received_at=BEGIN)
                house.intake.take(f"{service.id}.{feed.name}", feed, given)
        do_job(house, SERVICE, JOBS["sections"])
        feed = FEEDS["kmb_arrivals"]
        for minute in range(MINUTES):
            clock.set(BEGIN + timedelta(minutes=minute))
            for asked in list_requests(feed, house.cities["buses"], address):
                if asked.params["route"] in ROUTES:
                    given = Download(body=body_of(city, asked.url, clock.now()), url=asked.url, received_at=clock.now())
                    house.intake.take("buses.kmb_arrivals", feed, given)
        do_job(house, SERVICE, JOBS["probe_speeds"])
        yield house


def test_every_line_of_the_twin_is_chosen_and_asked_once(house: House) -> None:
    asked = [request.params for request in list_requests(FEEDS["kmb_arrivals"], house.cities["buses"], address)]
    assert {params["route"] for params in asked} == {line.route for line in lines_of(KMB)}
    assert len(asked) == len({line.route for line in lines_of(KMB)})


def test_probe_speeds_are_told_of_sections_that_have_a_place(house: House) -> None:
    told = list_probes(house.cities["buses"], ProbesQuery(), NOBODY)
    assert told.simulated
    assert len(told.measured) > 10
    assert [probe.speed_kmh for probe in told.measured] == sorted(probe.speed_kmh for probe in told.measured)
    sections = {kept.id: kept.record for kept in house.records.list_open("buses.sections")}
    assert all(sections[probe.section].geometry["type"] == "LineString" for probe in told.measured)
    assert all(0 < probe.speed_kmh <= 70 for probe in told.measured)


def test_measuring_again_says_the_same_and_changes_nothing(house: House) -> None:
    assert do_job(house, SERVICE, JOBS["probe_speeds"]) == 0
    assert do_job(house, SERVICE, JOBS["sections"]) == 0
    assert house.readings.list_conflicts("buses.probe_speeds") == []


def test_the_next_buses_at_a_stop_are_those_that_are_announced(house: House) -> None:
    stop = list_stops(lines_of(KMB)[0])[3]
    told = list_next_buses(house.cities["buses"], StopQuery(stop=stop.id), NOBODY)
    assert told.name.tc == stop.name.tc
    assert 1 <= len(told.buses) <= 3
    assert [bus.arrives_at for bus in told.buses] == sorted(bus.arrives_at for bus in told.buses)
    with pytest.raises(NotFound):
        list_next_buses(house.cities["buses"], StopQuery(stop="nowhere"), NOBODY)


def test_a_bus_is_announced_once_by_the_newest_answer_and_not_when_it_has_come(tmp_path: Path) -> None:
    clock = SetClock(BEGIN)
    with House.open(Settings(data=tmp_path, source=Source.TWIN), clock, discover()) as house:
        stop = Feature(id="S1", geometry={"type": "Point", "coordinates": [114.1, 22.3]}, title=Text(en="Stop"))
        house.records.save(STOPS, [stop], BEGIN)
        house.records.save(ROUTE_STOPS, [Feature(id="KMB/1/O/1", geometry=None, properties={"stops": ["S1"]})], BEGIN)

        def announce(at: datetime, *in_s: float) -> None:
            told = [Reading(f"KMB/1/O/1/1/{place}", "arrival_s", at, s) for place, s in enumerate(in_s, 1)]
            house.readings.append(ARRIVALS.id, told)

        def waits() -> list[float]:
            return [bus.in_s for bus in list_next_buses(house.cities["buses"], StopQuery("S1"), NOBODY).buses]

        announce(BEGIN, 60, 720)
        assert waits() == [60, 720]
        clock.set(BEGIN + timedelta(minutes=2))
        announce(clock.now(), 600)
        assert waits() == [600]
        announce(clock.now() + timedelta(seconds=1), 20)
        clock.set(BEGIN + timedelta(minutes=5))
        assert waits() == []


def test_before_anything_is_known_the_jobs_wait(tmp_path: Path) -> None:
    with House.open(Settings(data=tmp_path, source=Source.TWIN), SetClock(BEGIN), discover()) as empty:
        for job in SERVICE.jobs:
            with pytest.raises(NotYet):
                do_job(empty, SERVICE, job)


def test_probe_speeds_recover_the_links_speeds(city: TwinCity) -> None:
    span = (timedelta(hours=7, minutes=30), timedelta(hours=8, minutes=40))
    compared, runs = compare_with_twin(city, DAY, *span, ROUTES)
    summary = summarize(compared, runs)
    assert summary["measured"] > 0.7 * runs
    slow = [one for one in compared if one.true_kmh < 40 and one.at_limit is False]
    assert slow
    assert np.mean([abs(one.measured_kmh - one.true_kmh) for one in slow]) < 6
    assert np.median([one.true_kmh for one in compared if one.at_limit]) > 50
    assert 0.5 < summary["within_doubt"] < 0.9
    low, high = summary["all"]["mae_between_kmh"]
    assert low < summary["all"]["mae_kmh"] < high
    table = next(render_buses({"twin": summary, "absent": "no recording"}))
    assert list(table.columns[2].cells)[4].endswith(f" ({low:.1f} to {high:.1f})")


def test_what_a_bus_cannot_tell_is_not_called_good(house: House) -> None:
    latest = house.readings.latest("buses.probe_speeds", "speed_kmh")
    doubt = house.readings.latest("buses.probe_speeds", "speed_doubt_kmh", latest.sensors)
    vague = (latest.value > 62) | (doubt.value > latest.value / 2 + 0.1)
    assert (latest.at_us == doubt.at_us).all()
    assert vague.any()
    assert (~vague).any()
    assert (latest.quality[vague] == Quality.INVALID).all()
    assert (latest.quality[doubt.value < latest.value / 2 - 0.1] == Quality.GOOD).any()
