"""Incidents on the roads: the second generation of the news first, the first where it says more."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.core.manifest import Caller
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Event, EventStatus, Text
from lionrock.services.mobility.traffic.datasets import NEWS, NEWS_V1

CLOSED_SHOWN_FOR = timedelta(hours=1)
# The second generation's file holds one message, so that a closing which is replaced between two downloads is never
# seen. In the news of September to December 2020 nine in ten words about an incident came within 5.3 hours of the last.
FORGOTTEN_AFTER = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class IncidentsQuery:
    """Now, or what was open ``at`` a past moment."""

    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident in its latest version."""

    id: str
    status: EventStatus
    kind: str
    heading: Text
    detail: Text
    place: Text
    lon: float | None
    lat: float | None
    announced_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Incidents:
    """What is open first, and of that the newest word first."""

    at: datetime
    source: str
    simulated: bool
    incidents: list[Incident]


def list_incidents(city: City, query: IncidentsQuery, _caller: Caller) -> Incidents:
    """Answer what is open, and what was closed within the hour; raises BadInput for a moment that has not been."""
    now = city.now()
    then = None if query.at is None else past_moment(city, query.at)
    second, first = (
        city.records(dataset, then) if then else city.recent(dataset, now - CLOSED_SHOWN_FOR)
        for dataset in (NEWS, NEWS_V1)
    )
    at = then or now
    second = [kept for kept in second if at - kept.record.at < FORGOTTEN_AFTER]
    told = {_as_said(kept.record) for kept in second} | {kept.id for kept in second}
    added = [kept for kept in first if _as_said(kept.record) not in told and _number(kept.record) not in told]
    newest_first = sorted((_incident(kept) for kept in (*second, *added)), key=lambda one: one.updated_at, reverse=True)
    incidents = sorted(newest_first, key=lambda one: one.status is EventStatus.CLOSED)
    return Incidents(at, city.source.value, city.simulated, incidents)


def _as_said(event: Event) -> str:
    """The announcement's letters and digits alone: both generations carry the same sentences."""
    return re.sub(r"\W+", "", (event.detail.en or event.detail.tc).lower())


def _number(event: Event) -> str:
    return str(event.properties["incident_number"])


def _incident(kept: Kept) -> Incident:
    event = kept.record
    return Incident(
        id=kept.id,
        status=EventStatus.CLOSED if kept.closed_at else event.status,
        kind=event.kind,
        heading=event.title,
        detail=event.detail,
        place=event.place,
        lon=event.lon,
        lat=event.lat,
        announced_at=min(event.at, kept.first_seen),
        updated_at=max(event.at, kept.closed_at) if kept.closed_at else event.at,
    )
