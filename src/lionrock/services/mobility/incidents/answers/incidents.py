"""Incidents: a list to filter, and one in its whole life."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.core.manifest import Caller
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Dataset, EventStatus, NotFound, Text
from lionrock.services.mobility.incidents.answers.shown import (
    Moment,
    Shown,
    corrections,
    done,
    read_shown,
    settle,
    timeline,
)
from lionrock.services.mobility.incidents.atlas import road_keys
from lionrock.services.mobility.incidents.datasets import DECISIONS, INCIDENTS, RULINGS, WHAT_IFS
from lionrock.services.mobility.incidents.durations import is_first_heard_ending
from lionrock.services.mobility.incidents.incident import Incident, Message, Ruling, from_event, from_feature, own_id
from lionrock.services.mobility.incidents.joining import live
from lionrock.services.mobility.incidents.kin import with_kin
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind
from lionrock.services.mobility.incidents.names import PARTS
from lionrock.services.mobility.incidents.sources import (
    NEWS,
    NEWS_V1,
    ROAD_NETWORK,
    back,
    list_messages,
    list_messages_at,
    read_atlas,
)

OTHERS_HOURS = 1.0
NOT_YET_TOLD = timedelta(minutes=15)  # an incident that an operator opened is stored by the next run of a job
Hours = Annotated[float, Meta(ge=0, le=24 * 366, description="How far back, for incidents that are closed.")]


@dataclass(frozen=True, slots=True)
class IncidentsQuery:
    """Which incidents: open ones, closed ones of the last ``hours``, or both; of one kind, road or source.

    Or what was open ``at`` a past moment, as the news of then says it.
    """

    state: Literal["open", "closed", "all"] = "open"
    kind: IncidentKind | None = None
    road: str = ""
    source: Literal["", "news", "news_v1", "detectors", "operator"] = ""
    hours: Hours = 24
    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class IncidentQuery:
    """One incident by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Incidents:
    """Those asked for: the open ones first, and of each the newest word first.

    With ``heard`` false no news of that moment was ever read: that none is listed says nothing.
    """

    at: datetime
    source: str
    simulated: bool
    incidents: list[Shown]
    kinds: Mapping[str, Text]
    heard: bool


@dataclass(frozen=True, slots=True)
class Noted:
    """A measure that was tried or decided on; ``detail`` is what the trial took for granted of the incident."""

    id: str
    at: datetime
    title: Text
    detail: Text
    properties: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Other:
    """Another incident that goes on, which this one may be the same as."""

    id: str
    title: Text
    place: Text
    began: datetime


@dataclass(frozen=True, slots=True)
class Life:
    """One incident from its first word on. ``provenance`` names whose word each field is, ``kinds`` all there are.

    ``what_ifs`` are the measures that were tried in the simulation, the newest first, and ``decisions``
    those that were taken, as they stand in their data sets. ``others`` go on too, the newest first;
    ``akin`` are those that this one was merged with or into, by id. ``begun_unheard``: it began before
    its first word, which already tells of its end. ``segments`` names those of its segments that are known.
    """

    at: datetime
    source: str
    simulated: bool
    incident: Shown
    begun_unheard: bool
    provenance: Mapping[str, str]
    timeline: list[Moment]
    kinds: Mapping[str, Text]
    what_ifs: list[Noted]
    decisions: list[Noted]
    others: list[Other]
    akin: Mapping[str, Other]
    segments: Mapping[str, Text]


def list_incidents(city: City, query: IncidentsQuery, _caller: Caller) -> Incidents:
    """Answer which incidents there are; raises BadInput for a moment that has not been."""
    at = city.now() if query.at is None else past_moment(city, query.at)
    all_of_them = find_incidents(city, query.hours) if query.at is None else find_incidents_at(city, at)
    found = [one for one in all_of_them if _asked_for(one, query)]
    found.sort(key=lambda one: (one.is_open, one.last_change), reverse=True)
    heard = bool(found) or _had_heard(city, None if query.at is None else at)
    return Incidents(at, city.source.value, city.simulated, read_shown(city, found, at), list_kinds(), heard)


def _had_heard(city: City, at: datetime | None) -> bool:
    """Whether any news had come by a past moment, or was ever read, though it may have had nothing to say."""
    news = [city.dataset(name) for name in (NEWS, NEWS_V1)]
    if at is None:
        return any(map(city.ever_heard, news))
    return any(first is not None and first <= at for first in map(city.first_record, news))


def tell_incident(city: City, query: IncidentQuery, _caller: Caller) -> Life:
    """Answer one incident's whole life; raises NotFound."""
    incident, akin = _get_with_akin(city, query.id)
    (shown,) = read_shown(city, [incident], city.now())
    trials, decisions = _notes(city, WHAT_IFS, incident), _notes(city, DECISIONS, incident)
    return Life(
        at=city.now(),
        source=city.source.value,
        simulated=city.simulated,
        incident=shown,
        begun_unheard=is_first_heard_ending(incident.messages),
        provenance=incident.provenance,
        timeline=_story(city, incident, trials, decisions),
        kinds=list_kinds(),
        what_ifs=trials,
        decisions=decisions,
        others=_others(city, incident),
        akin={one.id: _other(one) for one in akin},
        segments=dict(_segments(city, incident)),
    )


def _segments(city: City, incident: Incident) -> Iterator[tuple[str, Text]]:
    network = city.dataset(ROAD_NETWORK)
    for link in incident.links:
        with suppress(NotFound):
            yield link, city.record(network, link).record.title


def _story(city: City, incident: Incident, trials: list[Noted], decisions: list[Noted]) -> list[Moment]:
    """Everything that was said of it and done about it, in its order."""
    moments = timeline(incident) + _named(city, corrections(_rulings_on(city, incident)))
    moments += [done(_merged_at(city, gone), "merged", about=gone) for gone in incident.merged]
    if incident.merged_into:
        moments.append(done(_merged_at(city, incident.id), "merged_into", about=incident.merged_into))
    moments += [done(one.at, "tried", one.title) for one in trials]
    moments += [done(one.at, f"decided: {one.properties['measure']}") for one in decisions]
    return sorted(moments, key=lambda moment: moment.at)


def _named(city: City, corrected: list[Moment]) -> list[Moment]:
    """The corrections, with what a road, a direction or a landmark was then called in the place of ``place``."""
    said = [moment.what.partition(": ") for moment in corrected]
    if not any(field in PARTS for field, _, _ in said):
        return corrected
    atlas = read_atlas(city)
    return [
        replace(moment, place=atlas.called(value)) if field in PARTS and value else moment
        for moment, (field, _, value) in zip(corrected, said, strict=True)
    ]


def _rulings_on(city: City, incident: Incident) -> list[Ruling]:
    """Every version of what was decided about an incident; one that was taken back decides nothing."""
    versions = [kept for kept in city.versions(RULINGS, incident.began) if kept.id == incident.id]
    return [from_feature(kept.record) if kept.closed_at is None else Ruling(id=incident.id) for kept in versions]


def _merged_at(city: City, gone: str) -> datetime:
    kept = city.record(RULINGS, gone)
    return from_feature(kept.record).merged_at or kept.changed_at


def _others(city: City, incident: Incident) -> list[Other]:
    going_on = [one for one in find_incidents(city, OTHERS_HOURS) if one.is_open and one.id != incident.id]
    going_on.sort(key=lambda one: one.began, reverse=True)
    return [_other(one) for one in going_on]


def _other(incident: Incident) -> Other:
    return Other(incident.id, incident.title, incident.place, incident.began)


def _notes(city: City, dataset: Dataset, incident: Incident) -> list[Noted]:
    """What was tried or decided for the incident and not taken back, the newest first."""
    notes = [
        Noted(kept.id, kept.record.at, kept.record.title, kept.record.detail, kept.record.properties)
        for kept in city.recent(dataset, incident.began)
        if kept.record.properties["incident"] == incident.id and stands(kept)
    ]
    return sorted(notes, key=lambda note: note.at, reverse=True)


def stands(kept: Kept) -> bool:
    """Whether a question or a decision stands: one that was taken back is closed before its last word says so."""
    return kept.closed_at is None or kept.record.status is EventStatus.CLOSED


def list_kinds() -> dict[str, Text]:
    """Every kind of incident, with its title."""
    return {kind.value: title for kind, title in TITLES.items()}


def find_incidents(city: City, hours: float) -> list[Incident]:
    """Every incident that was open in the last ``hours``, with the rulings of this moment."""
    since = city.now() - max(timedelta(hours=hours), NOT_YET_TOLD)
    return settle(city, [from_event(kept.record) for kept in city.recent(INCIDENTS, since)], since)


def find_incidents_at(city: City, at: datetime) -> list[Incident]:
    """Every incident that was open at a past moment, told from the words that stood then."""
    told = live(list_messages_at(city, at), (), (), lambda: read_atlas(city), at, lambda incident, _: incident)
    return [incident for incident in told if incident.is_open]


def get_incident(city: City, incident_id: str) -> Incident:
    """One incident with what was merged into it; raises NotFound."""
    return _get_with_akin(city, incident_id)[0]


def _get_with_akin(city: City, incident_id: str) -> tuple[Incident, list[Incident]]:
    """One incident, and those that it was merged with or into; raises NotFound."""
    rulings = [from_feature(kept.record) for kept in city.records(RULINGS)]
    asked = next((ruling for ruling in rulings if ruling.id == incident_id), Ruling(id=incident_id))
    known, untold = with_kin(city, (), [incident_id], rulings), list[Message]()
    if asked.opened is None and all(each.id != incident_id for each in known):
        # The news may have come after the last run of the job.
        untold = [message for message in list_messages(city, back(city.now())) if own_id(message) == incident_id]
        if not untold:
            raise _missing(city, incident_id)
    kin = {incident_id, asked.merged_into, *(each.id for each in known)}
    concerned = [ruling for ruling in rulings if ruling.id in kin or ruling.merged_into in kin - {""}]
    told = live(untold, known, concerned, lambda: read_atlas(city), city.now(), lambda incident, _: incident)
    found = next((incident for incident in told if incident.id == incident_id), None)
    if found is None:
        raise _missing(city, incident_id)
    return found, [incident for incident in told if incident.id != incident_id]


def _missing(city: City, incident_id: str) -> NotFound:
    """Why there is no such incident: it never was, or an operator took back that they opened it."""
    try:
        city.record(RULINGS, incident_id)  # what was taken back is kept, closed
    except NotFound:
        return NotFound(Text(en=f"no incident is called {incident_id!r}", tc=f"沒有編號為 {incident_id} 的事故"))
    return NotFound(Text(en=f"{incident_id} was opened, and that was taken back", tc=f"{incident_id} 的開立已被復原"))


def _asked_for(incident: Incident, query: IncidentsQuery) -> bool:
    if query.state != "all" and incident.is_open != (query.state == "open"):
        return False
    if query.kind is not None and incident.kind is not query.kind:
        return False
    if query.source and query.source not in incident.sources:
        return False
    return not query.road or bool(set(road_keys(query.road)) & set(road_keys(incident.road)))
