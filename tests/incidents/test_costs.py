"""What an incident cost, from measured speeds and counts on a road of six links and eight days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.readings import ReadingColumns
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Event, Feature, NotYet, Source, Text, microseconds
from lionrock.services.mobility.incidents.datasets import IMPACTS, INCIDENTS
from lionrock.services.mobility.incidents.incident import Incident, Message, Origin, State, as_event, from_event
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.service import SERVICE

CATALOGUE = discover()
[COSTS] = [job for job in SERVICE.jobs if job.name == "costs"]
NOON = datetime(2026, 11, 19, 12, tzinfo=ZONE)  # a Thursday
LINKS, BLOCKED, KM_OF_A_LINK = 6, 4, 1.03
FREE_KMH, JAM_KMH = 70.0, 10.0
VEHICLES_IN_HALF_A_MINUTE = 10.0  # 1,200 an hour
STEP = timedelta(minutes=5)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    clock = SetClock(NOON + timedelta(hours=1))
    with House.open(Settings(data=tmp_path, source=Source.LIVE), clock, CATALOGUE) as house:
        _draw(house)
        yield house


def _draw(house: House) -> None:
    """Six links in a row, heading east, with a detector in the middle of each."""
    at = house.clock.now()
    line = [[114.10 + 0.01 * index, 22.30] for index in range(LINKS + 1)]
    roads = [
        Feature(
            id=str(index),
            geometry={"type": "LineString", "coordinates": [line[index], line[index + 1]]},
            title=Text(en="Long Road", tc="長路"),
            properties={"speed_limit_kmh": FREE_KMH, "travel_direction": 3, "straight": False},
        )
        for index in range(LINKS)
    ]
    detectors = [
        Feature(
            id=f"D{index}",
            geometry={"type": "Point", "coordinates": [line[index][0] + 0.005, 22.30]},
            title=Text(en="Long Road", tc="長路"),
            properties={"direction": "East"},
        )
        for index in range(LINKS)
    ]
    house.records.save(CATALOGUE.datasets["traffic.road_network"], roads, at)
    house.records.save(CATALOGUE.datasets["traffic.detectors"], detectors, at)


def _drive(house: House, days: int, jam: range, today: int = 36, new: int | None = None) -> None:
    """Measure all links from 10:00 to 13:00, today and on ``days`` before; ``jam`` are the slow steps after noon.

    ``today`` is after how many steps the roads fall silent; the link ``new`` is measured today only.
    """
    for back in range(days + 1):
        start = NOON - timedelta(days=back, hours=2)
        steps = range(36 if back else today)
        moments = np.repeat([microseconds(start + STEP * step) for step in steps], LINKS)
        speed = np.full((len(steps), LINKS), FREE_KMH)
        if back == 0:
            speed[[step for step in steps if step - 24 in jam], BLOCKED - 1 : BLOCKED + 1] = JAM_KMH
        elif new is not None:
            speed[:, new] = np.nan
        roads = [str(index) for index in range(LINKS)] * len(steps)
        lanes = [f"D{index}/Fast Lane" for index in range(LINKS)] * len(steps)
        counts = np.full(speed.size, VEHICLES_IN_HALF_A_MINUTE)
        speeds = ReadingColumns.of_property("speed_kmh", roads, moments, speed.ravel())
        house.readings.append("traffic.segment_speeds", speeds)
        house.readings.append("traffic.lanes", ReadingColumns.of_property("volume", lanes, moments, counts))


def _happen(house: House, number: str = "IN-1", link: int = BLOCKED) -> None:
    """An accident on a link, the blocked one, at noon that still goes on."""
    word = Message(origin=Origin.NEWS, thread=number, id="1", at=NOON, closes=False, title=Text(en="Crash", tc="意外"))
    incident = Incident(
        id=number,
        state=State.CONFIRMED,
        kind=IncidentKind.ACCIDENT,
        began=NOON,
        updated=NOON,
        title=word.title,
        links=(str(link),),
        messages=(word,),
        sources=(Origin.NEWS,),
    )
    house.records.save(INCIDENTS, [as_event(incident)], NOON)


def _cost(house: House) -> Event:
    assert do_job(house, SERVICE, COSTS) == 1
    found: Event = house.records.get(IMPACTS.id, "IN-1").record
    return found


def test_a_queue_costs_what_its_vehicles_lost_and_says_how_far_it_reaches(house: House) -> None:
    _drive(house, 7, jam=range(2, 10))
    _happen(house)
    told = _cost(house).properties
    hours, km = 8 * 5 / 60, 2 * KM_OF_A_LINK
    lost = 1200 * hours * km * (1 / JAM_KMH - 1 / FREE_KMH)
    # Speeds and counts show less than what is lost; the engine's weights, fitted on simulated pairs, add the rest.
    assert lost <= told["vehicle_hours"] <= 2.4 * lost
    assert told["low"] < told["vehicle_hours"] < told["high"]
    assert told["longest_queue_km"] == pytest.approx(km, rel=0.1)
    assert (told["links"], told["queue_km"]) == ([], 0.0)  # it has dissolved by now
    assert told["measured"] == 1.0


def test_it_says_from_when_until_when_each_segment_was_slowed(house: House) -> None:
    _drive(house, 7, jam=range(2, 10))
    _happen(house)
    told = _cost(house).properties
    since, until = NOON + 2 * STEP, NOON + 10 * STEP
    spells = [(one["link"], *(datetime.fromisoformat(one[end]) for end in ("from", "until"))) for one in told["slowed"]]
    assert spells == [(str(link), since, until) for link in (BLOCKED - 1, BLOCKED)]
    then = [one["links"] for one in told["extent"] if since <= datetime.fromisoformat(one["at"]) < until]
    assert then == [len(spells)] * 8


def test_an_incident_that_slows_nobody_costs_nothing(house: House) -> None:
    _drive(house, 7, jam=range(0))
    _happen(house)
    told = _cost(house).properties
    assert (told["vehicle_hours"], told["longest_queue_km"], told["low"]) == (0.0, 0.0, 0.0)
    assert told["slowed"] == []


def test_an_incident_since_which_nothing_was_measured_has_no_cost_rather_than_none(house: House) -> None:
    _drive(house, 7, jam=range(0), today=24)
    _happen(house)
    assert do_job(house, SERVICE, COSTS) == 0


def test_an_incident_whose_roads_fell_silent_says_how_little_was_measured(house: House) -> None:
    _drive(house, 7, jam=range(0), today=27)
    _happen(house)
    little = _cost(house).properties
    assert little["measured"] == pytest.approx(3 / 12)
    _drive(house, 7, jam=range(0))
    whole = _cost(house).properties
    assert little["high"] > 2 * whole["high"], "what was not measured may be as bad"


def test_the_same_moment_again_changes_nothing(house: House) -> None:
    _drive(house, 7, jam=range(2, 10))
    _happen(house)
    _cost(house)
    assert do_job(house, SERVICE, COSTS) == 0


@pytest.mark.parametrize("days", [1, 3])  # three are one too few: each is also judged by the others
def test_without_past_days_there_is_no_estimate_and_no_number(house: House, days: int) -> None:
    _drive(house, days, jam=range(2, 10))
    _happen(house)
    with pytest.raises(NotYet, match="past days of this kind were measured"):
        do_job(house, SERVICE, COSTS)


def test_a_road_without_a_past_keeps_no_other_incident_from_its_estimate(house: House) -> None:
    _drive(house, 7, jam=range(2, 10), new=0)
    _happen(house, "IN-0", link=0)
    _happen(house)
    assert _cost(house).properties["vehicle_hours"] > 0
    assert [kept.id for kept in house.records.list_open(IMPACTS.id)] == ["IN-1"]


def test_where_the_road_is_not_measured_nothing_is_told(house: House) -> None:
    _happen(house)
    assert do_job(house, SERVICE, COSTS) == 0
    assert house.records.count(IMPACTS.id) == 0


@pytest.mark.parametrize(("hours", "asked"), [(1, (1, 5)), (10, (1, 9, 11, 12)), (10, (1, 30))])
def test_the_cost_of_what_is_over_is_final_however_long_it_was_and_when_we_were_away(
    tmp_path: Path, hours: int, asked: tuple[int, ...]
) -> None:
    clock = SetClock(NOON)
    with House.open(Settings(data=tmp_path, source=Source.LIVE), clock, CATALOGUE) as house:
        _draw(house)
        _drive(house, 7, jam=range(2, 10))
        _happen(house)
        over = NOON + timedelta(hours=hours)
        for hour in asked:
            clock.set(NOON + timedelta(hours=hour))
            if house.records.get(INCIDENTS.id, "IN-1").closed_at is None and clock.now() >= over:
                incident = from_event(house.records.get(INCIDENTS.id, "IN-1").record)
                ended = replace(incident, state=State.CLOSED, cleared_at=over, closed_at=over, closed_by="news")
                house.records.save(INCIDENTS, [as_event(ended)], over)
            do_job(house, SERVICE, COSTS)
        assert house.records.list_open(IMPACTS.id) == []
