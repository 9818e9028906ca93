"""What has been announced on the roads of a way: the forecast may not know of it yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.core.vocabulary import Event, Text
from lionrock.services.mobility.journeys.reads import INCIDENTS

ALL_LANES = "all"
STANDS = ("reported", "confirmed")  # its lanes are not open yet
A_WHILE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Hazard:
    """An open incident; where it ``closes`` its roads, no lane is left, and the way through them is the wait."""

    id: str
    title: Text
    place: Text
    since: datetime
    closes: bool


@dataclass(frozen=True, slots=True)
class Located:
    """An open incident and the ROUTE_IDs that it lies on; ``until`` when it is expected to have been cleared."""

    hazard: Hazard
    roads: frozenset[str]
    until: datetime


def open_incidents(city: City, now: datetime) -> tuple[Located, ...]:
    """Every open incident whose roads are known, as of ``now``."""
    found = []
    for kept in city.records(city.dataset(INCIDENTS)):
        event = kept.record
        roads = frozenset(event.properties["links"])
        if roads:
            said = event.properties
            closes = ALL_LANES in said.get("lanes", ()) and said["state"] in STANDS
            hazard = Hazard(event.id, event.title, event.place, event.at, closes)
            found.append(Located(hazard, roads, _expected_end(event, now)))
    return tuple(found)


def closures(incidents: Iterable[Located]) -> dict[str, float]:
    """The ROUTE_IDs that are wholly closed, and until when that is expected, in seconds since 1970."""
    shut: dict[str, float] = {}
    for one in incidents:
        if one.hazard.closes:
            for road in one.roads:
                shut[road] = max(shut.get(road, 0.0), one.until.timestamp())
    return shut


def _expected_end(event: Event, now: datetime) -> datetime:
    """When nine in ten of its kind have been cleared; once that is past, A_WHILE from now, and again."""
    expected = event.properties.get("expected")
    end = now if expected is None else event.at + timedelta(minutes=expected["p90_min"])
    return max(end, now + A_WHILE)


def hazards_on(incidents: Iterable[Located], roads: Collection[str]) -> list[Hazard]:
    """The incidents that lie on any of ``roads``, the newest first."""
    there = [one.hazard for one in incidents if not one.roads.isdisjoint(roads)]
    return sorted(there, key=lambda hazard: hazard.since, reverse=True)
