"""What has been announced on the roads of a way: the forecast may not know of it yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from lionrock.city.city import City
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.journeys.reads import INCIDENTS


@dataclass(frozen=True, slots=True)
class Hazard:
    """An open incident."""

    id: str
    title: Text
    place: Text
    since: datetime


@dataclass(frozen=True, slots=True)
class Located:
    """An open incident and the ROUTE_IDs that it lies on."""

    hazard: Hazard
    roads: frozenset[str]


def open_incidents(city: City) -> tuple[Located, ...]:
    """Every open incident whose roads are known."""
    found = []
    for kept in city.records(city.dataset(INCIDENTS)):
        event = kept.record
        roads = frozenset(event.properties["links"])
        if roads:
            found.append(Located(Hazard(event.id, event.title, event.place, event.at), roads))
    return tuple(found)


def hazards_on(incidents: Iterable[Located], roads: Collection[str]) -> list[Hazard]:
    """The incidents that lie on any of ``roads``, the newest first."""
    there = [one.hazard for one in incidents if not one.roads.isdisjoint(roads)]
    return sorted(there, key=lambda hazard: hazard.since, reverse=True)
