"""One incident in all its versions: what is stored, and how it goes into an Event and comes out again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from lionrock.core.vocabulary import Event, EventStatus, Feature, Text
from lionrock.services.mobility.incidents.kinds import IncidentKind

FELL_SILENT = Text(en="The detectors fell silent.", tc="探測器再無傳回數據。")


class State(StrEnum):
    """Where an incident stands in its life."""

    REPORTED = "reported"  # by detectors alone
    CONFIRMED = "confirmed"  # by the news or by an operator
    CLEARED = "cleared"  # lanes open again; the queue may still stand
    CLOSED = "closed"
    MERGED = "merged"  # it was the same as another, which carries on


OPEN = (State.REPORTED, State.CONFIRMED, State.CLEARED)


class Origin(StrEnum):
    """Who says so."""

    OPERATOR = "operator"
    NEWS = "news"
    NEWS_V1 = "news_v1"
    DETECTORS = "detectors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One word of one source. ``thread`` is the source's own number of the incident, ``id`` the message's own.

    ``closes`` says that the source has nothing more to say. ``heard`` is when the source first spoke of
    it, where that is earlier than ``at`` and the words of then are lost. ``links`` are given by
    detectors, whose words are places.
    """

    origin: Origin
    thread: str
    id: str
    at: datetime
    closes: bool
    title: Text
    detail: Text = field(default_factory=Text)
    place: Text = field(default_factory=Text)
    lon: float | None = None
    lat: float | None = None
    kind: IncidentKind | None = None
    links: tuple[str, ...] = ()
    heard: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What an operator says of one field, which wins over every source until it is released.

    Who said so and why stands in the journal, not in a public record.
    """

    value: Any
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """Everything that operators decided about one incident; ``opened`` is their own word where they opened it.

    ``released`` says since when the sources speak for a field again.
    """

    id: str
    overrides: Mapping[str, Override] = field(default_factory=dict)
    released: Mapping[str, datetime] = field(default_factory=dict)
    merged_into: str = ""
    merged_at: datetime | None = None
    opened: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """How long after its first word an incident is expected to be cleared, in minutes, as of its newest word."""

    p10_min: float
    p50_min: float
    p90_min: float
    as_of: datetime
    learned_from: int  # incidents; 0 where only our own priors speak


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One incident. ``provenance`` names each field's source; ``names`` says road, direction, near in all languages."""

    id: str
    state: State
    kind: IncidentKind
    began: datetime
    updated: datetime
    cleared_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    title: Text = field(default_factory=Text)
    detail: Text = field(default_factory=Text)
    place: Text = field(default_factory=Text)
    road: str = ""
    direction: str = ""
    near: str = ""
    names: Mapping[str, Text] = field(default_factory=dict)
    heading: str = ""
    links: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    congestion: str = ""
    queue_end: str = ""
    lon: float | None = None
    lat: float | None = None
    error_m: float | None = None
    located_by: str = "nothing"
    messages: tuple[Message, ...] = ()
    sources: tuple[Origin, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, Override] = field(default_factory=dict)
    merged_into: str = ""
    merged: tuple[str, ...] = ()
    expected: Expected | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still goes on, or has just been cleared."""
        return self.state in OPEN

    @property
    def last_change(self) -> datetime:
        """When anything was last said of it, by a source or by an operator."""
        return max([self.updated, *(said.at for said in self.overrides.values())])

    @property
    def threads(self) -> frozenset[tuple[Origin, str]]:
        """The sources' own numbers of this incident."""
        return frozenset((message.origin, message.thread) for message in self.messages)


KEY = {Origin.NEWS: "", Origin.NEWS_V1: "v1-", Origin.DETECTORS: "", Origin.OPERATOR: ""}


def own_id(message: Message) -> str:
    """What an incident is called that this message is the first word of."""
    return f"{KEY[message.origin]}{message.thread}"


IN_EVENT = ("id", "kind", "began", "title", "detail", "place", "lon", "lat")


def as_feature(ruling: Ruling) -> Feature:
    """A ruling as the record that is stored."""
    said = msgspec.to_builtins(ruling)
    return Feature(
        id=ruling.id, geometry=None, properties={name: value for name, value in said.items() if name != "id"}
    )


def from_feature(feature: Feature) -> Ruling:
    """The ruling that :func:`as_feature` stored."""
    return msgspec.convert({**feature.properties, "id": feature.id}, Ruling)


def as_event(incident: Incident) -> Event:
    """The incident as the record that is stored and published."""
    said = msgspec.to_builtins(incident)
    status = EventStatus.UPDATED if len(incident.messages) > 1 or incident.overrides else EventStatus.NEW
    return Event(
        id=incident.id,
        kind=incident.kind.value,
        at=incident.began,
        status=status if incident.is_open else EventStatus.CLOSED,
        title=incident.title,
        detail=incident.detail,
        place=incident.place,
        lon=incident.lon,
        lat=incident.lat,
        properties={name: value for name, value in said.items() if name not in IN_EVENT},
    )


def from_event(event: Event) -> Incident:
    """The incident that :func:`as_event` stored."""
    own = {name: msgspec.to_builtins(getattr(event, name)) for name in IN_EVENT if name != "began"}
    return msgspec.convert({**event.properties, **own, "began": event.at}, Incident)
