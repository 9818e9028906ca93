"""How one incident is shown in every answer: its fields, how long it has left, and its timeline."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from lionrock.city.city import City
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.clearance import Clearance, remaining_min
from lionrock.services.mobility.incidents.datasets import IMPACTS
from lionrock.services.mobility.incidents.incident import Incident, Message, Override, Ruling, State, own_id
from lionrock.services.mobility.incidents.jobs import read_clearance, read_rulings
from lionrock.services.mobility.incidents.joining import live
from lionrock.services.mobility.incidents.kinds import TITLES
from lionrock.services.mobility.incidents.sources import read_atlas
from lionrock.services.mobility.incidents.wording import read_message

LEVELS = (0.1, 0.25, 0.5, 0.75, 0.9)
IMPACTS_SHOWN_FOR = timedelta(days=31)
WITHDRAWN = "withdrawn"
RELEASED = None  # where an operator's word would be: the sources speak for the field again


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """Quantiles of the minutes until lanes open again, from now, given that they have not yet.

    ``learned_from`` counts incidents of the kind in this store; 0 means that only our priors speak.
    """

    p10_min: float
    p25_min: float
    p50_min: float
    p75_min: float
    p90_min: float
    likely_over_at: datetime
    surely_over_at: datetime
    learned_from: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One incident as it stands. ``names`` are its road, direction and landmark in every language that is known."""

    id: str
    state: State
    kind: str
    kind_title: Text
    title: Text
    detail: Text
    place: Text
    road: str
    direction: str
    near: str
    names: Mapping[str, Text]
    heading: str
    links: tuple[str, ...]
    lanes: tuple[str, ...]
    congestion: str
    queue_end: str
    lon: float | None
    lat: float | None
    error_m: float | None
    located_by: str
    began: datetime
    updated: datetime
    cleared_at: datetime | None
    closed_at: datetime | None
    closed_by: str
    sources: tuple[str, ...]
    overridden: tuple[str, ...]
    merged_into: str
    merged: tuple[str, ...]
    messages: int
    left: Left | None
    impact: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One moment of an incident's life: a word of a source, or what followed from it.

    ``about`` is another incident by its id: the one that was merged, or whose word this was before it was.
    ``place`` of a correction is what the road, direction or landmark that was put in is called.
    """

    at: datetime
    source: str
    what: str
    title: Text
    detail: Text
    place: Text = field(default_factory=Text)
    lanes: tuple[str, ...] = ()
    congestion: str = ""
    about: str = ""


def show(incident: Incident, clearance: Clearance, now: datetime, impact: Mapping[str, Any] | None = None) -> Shown:
    """The incident as it stands at ``now``."""
    return Shown(
        id=incident.id,
        state=incident.state,
        kind=incident.kind.value,
        kind_title=TITLES[incident.kind],
        title=incident.title,
        detail=incident.detail,
        place=incident.place,
        road=incident.road,
        direction=incident.direction,
        near=incident.near,
        names=incident.names,
        heading=incident.heading,
        links=incident.links,
        lanes=incident.lanes,
        congestion=incident.congestion,
        queue_end=incident.queue_end,
        lon=incident.lon,
        lat=incident.lat,
        error_m=incident.error_m,
        located_by=incident.located_by,
        began=incident.began,
        updated=incident.last_change,
        cleared_at=incident.cleared_at,
        closed_at=incident.closed_at,
        closed_by=incident.closed_by,
        sources=tuple(origin.value for origin in incident.sources),
        overridden=tuple(sorted(incident.overrides)),
        merged_into=incident.merged_into,
        merged=incident.merged,
        messages=len(incident.messages),
        left=_left(incident, clearance, now),
        impact=impact,
    )


def timeline(incident: Incident) -> list[Moment]:
    """The words of all sources with what followed from them.

    A message that its source's file leaves out is closed with its last words, which say nothing anew: WITHDRAWN.
    """
    said = {(message.origin, message.id, message.detail) for message in incident.messages if not message.closes}
    moments = []
    for message in incident.messages:
        again = message.closes and (message.origin, message.id, message.detail) in said
        number = own_id(message)
        told = _moment(message)
        what, about = WITHDRAWN if again else told.what, number if number in incident.merged else ""
        moments.append(replace(told, what=what, about=about))
    return moments


def corrections(rulings: Iterable[Ruling]) -> list[Moment]:
    """What operators said instead of the sources, from all versions of an incident's ruling, the oldest first.

    What was said anew or released stays; what was taken back is no part of it.
    """
    said = dict[str, list[Override]]()
    for ruling in rulings:
        released = {name: Override(value=RELEASED, at=at) for name, at in ruling.released.items()}
        stated = {**released, **ruling.overrides}
        for name in {**said, **stated}:  # in one order, whoever asks
            words, stands = said.get(name, []), stated.get(name)
            if stands in words:
                words = words[: words.index(stands)]
            said[name] = [] if stands is None else [*(one for one in words if one.at <= stands.at), stands]
    return [_corrected(name, one) for name, words in said.items() for one in words]


def _corrected(name: str, said: Override) -> Moment:
    return done(said.at, f"released: {name}" if said.value is RELEASED else f"{name}: {_as_words(said.value)}")


def done(at: datetime, what: str, title: Text | None = None, about: str = "") -> Moment:
    """What an operator did."""
    return Moment(at=at, source="operator", what=what, title=title or Text(), detail=Text(), about=about)


def _as_words(value: Any) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)


def settle(city: City, incidents: list[Incident], since: datetime) -> list[Incident]:
    """The incidents with every ruling applied, those of the last seconds too, and their states as of now."""
    rulings = read_rulings(city, incidents, since)
    return live((), incidents, rulings, lambda: read_atlas(city), city.now(), lambda incident, _: incident)


def read_shown(city: City, incidents: list[Incident], at: datetime) -> list[Shown]:
    """How ``incidents`` stand ``at`` that moment."""
    clearance = read_clearance(city)
    impacts = {kept.id: kept.record.properties for kept in city.recent(IMPACTS, at - IMPACTS_SHOWN_FOR)}
    return [show(incident, clearance, at, impacts.get(incident.id)) for incident in incidents]


def _left(incident: Incident, clearance: Clearance, now: datetime) -> Left | None:
    if not incident.is_open or incident.cleared_at is not None:
        return None
    elapsed = max(0.0, (now - incident.began).total_seconds() / 60)
    low, early, middle, late, high = remaining_min(clearance, incident.kind, elapsed, LEVELS)
    return Left(
        p10_min=round(low, 1),
        p25_min=round(early, 1),
        p50_min=round(middle, 1),
        p75_min=round(late, 1),
        p90_min=round(high, 1),
        likely_over_at=_minute(now + timedelta(minutes=middle)),
        surely_over_at=_minute(now + timedelta(minutes=high)),
        learned_from=clearance.learned_from.get(incident.kind, 0),
    )


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _moment(message: Message) -> Moment:
    told = read_message(message.place, message.detail)
    what = "closed" if message.closes else told.effect.value
    return Moment(
        at=message.at,
        source=message.origin.value,
        what=what,
        title=message.title,
        detail=message.detail,
        place=message.place,
        lanes=told.lanes,
        congestion=told.congestion,
    )
