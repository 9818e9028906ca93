"""What a recording brings is told word by word, each at its own time, and teaches how long incidents last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Caller
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Event, EventStatus, Source, Text
from lionrock.services.mobility.incidents.answers.incidents import IncidentQuery, Life, tell_incident

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=ZONE)
LATELY = NOW - timedelta(days=40)
CATALOGUE = discover()
NEWS = CATALOGUE.datasets["traffic.news"]
SERVICE = next(service for service in CATALOGUE.services if service.id == "incidents")
JOBS = {job.name: job for job in SERVICE.jobs}
CLOSED = (
    "Due to traffic accident , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all traffic."
)
STILL = CLOSED.replace("is closed", "is still closed") + " Traffic is congested now."
OPENED = (
    "The fast lane of Tolo Highway Kowloon bound near Tai Po Kau which was closed due to traffic accident is re-opened."
)


def word(number: str, at: datetime, words: str, status: EventStatus = EventStatus.UPDATED) -> Event:
    return Event(
        id=number, kind="road_incident", at=at, status=status, title=Text(en="Traffic Accident", tc="交通意外"),
        detail=Text(en=words), properties={"message_id": f"{number}/{at:%H%M}"},
    )  # fmt: skip


def replay(house: House, number: str, began: datetime) -> None:
    """Three words within 50 minutes, each kept when it was recorded; the file is without them an hour later."""
    for minute, words in ((0, CLOSED), (20, STILL), (50, OPENED)):
        at = began + timedelta(minutes=minute)
        house.records.save(NEWS, [word(number, at, words)], at)
    house.records.close_absent(NEWS, set(), began + timedelta(minutes=110))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), SetClock(NOW), CATALOGUE) as opened:
        yield opened


def life_of(house: House, number: str) -> Life:
    return tell_incident(house.cities["incidents"], IncidentQuery(id=number), Caller(""))


def test_an_incident_of_a_recording_has_all_its_words_with_their_times(house: House) -> None:
    replay(house, "IN-20-1", LATELY)
    do_job(house, SERVICE, JOBS["clearance"])
    life = life_of(house, "IN-20-1")
    assert [entry.at - LATELY for entry in life.timeline if entry.detail.en] == [
        timedelta(minutes=minutes) for minutes in (0, 20, 50, 110)
    ]
    assert [entry.what for entry in life.timeline][-1] == "withdrawn"  # the file says nothing anew by leaving it out
    assert life.incident.began == LATELY
    assert life.incident.cleared_at == LATELY + timedelta(minutes=50)


def test_what_was_replayed_teaches_how_long_incidents_last(house: House) -> None:
    for number in range(30):
        replay(house, f"IN-20-{number}", LATELY + timedelta(hours=3 * number))
    do_job(house, SERVICE, JOBS["clearance"])
    (accident,) = (
        kept.record for kept in house.records.list_open("incidents.clearance_times") if kept.id == "accident"
    )
    assert accident.properties["incidents"] == 30
    assert accident.properties["median_min"] == pytest.approx(52, abs=3)


def test_a_word_that_is_gone_for_a_moment_and_comes_back_ends_nothing(house: House) -> None:
    at = NOW - timedelta(hours=2)
    house.records.save(NEWS, [word("IN-1", at, CLOSED)], at)
    house.records.close_absent(NEWS, set(), at + timedelta(minutes=5))
    house.records.save(NEWS, [word("IN-1", at, CLOSED)], at + timedelta(minutes=6))
    do_job(house, SERVICE, JOBS["lives"])
    life = life_of(house, "IN-1")
    assert life.incident.state == "confirmed"
    assert life.incident.cleared_at is None


def test_two_words_between_two_looks_are_both_told(house: House) -> None:
    at = NOW - timedelta(minutes=30)
    house.records.save(NEWS, [word("IN-1", at, CLOSED)], at)
    house.records.save(NEWS, [word("IN-1", at + timedelta(minutes=10), STILL)], at + timedelta(minutes=10))
    do_job(house, SERVICE, JOBS["lives"])
    assert [entry.at for entry in life_of(house, "IN-1").timeline] == [at, at + timedelta(minutes=10)]
