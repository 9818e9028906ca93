"""Where the words come from: the city's news of both generations, as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Event, EventStatus
from lionrock.services.mobility.incidents.atlas import Atlas, build_atlas
from lionrock.services.mobility.incidents.incident import Message, Origin
from lionrock.services.mobility.incidents.kinds import IncidentKind, kind_of

NEWS, NEWS_V1 = "traffic.news", "traffic.news_v1"
ROAD_NETWORK, DETECTORS, CAR_PARKS = "traffic.road_network", "traffic.detectors", "parking.car_parks"
LANES, SEGMENT_SPEEDS, HOLIDAYS = "traffic.lanes", "traffic.segment_speeds", "holidays.days"
READS = (NEWS, NEWS_V1, ROAD_NETWORK, DETECTORS, CAR_PARKS, LANES, SEGMENT_SPEEDS, HOLIDAYS)
# Ferries, trains and trams have their own services; what stands in the road news under these headings is no incident
# on a road.
ELSEWHERE = ("mtr_incident", "ferry_incident", "tram_incident")


def list_messages(city: City, since: datetime) -> Iterator[Message]:
    """Every word that the news of either generation spoke since ``since``, also those that newer ones replaced."""
    for kept in _words(city.versions(city.dataset(NEWS), since)):
        if kept.record.kind not in ELSEWHERE and kept.record.at >= since:
            yield _second(kept)
    for kept in city.recent(city.dataset(NEWS_V1), since):
        if kept.closed_at is not None or kept.record.at >= since:
            yield from _first(kept)


def list_messages_at(city: City, at: datetime) -> Iterator[Message]:
    """The word that stood of each incident at a past moment."""
    for kept in city.records(city.dataset(NEWS), at):
        if kept.record.kind not in ELSEWHERE:
            yield _second(kept)
    for kept in city.records(city.dataset(NEWS_V1), at):
        yield from _first(kept)


def read_atlas(city: City) -> Atlas:
    """Roads, detectors and car parks by name."""
    features = (
        [kept.record for kept in city.records(city.dataset(name))] for name in (ROAD_NETWORK, DETECTORS, CAR_PARKS)
    )
    return build_atlas(*features)


def _words(versions: Iterable[Kept]) -> Iterator[Kept]:
    """Each word of the second generation in its fullest form, and its end where it did not come back since."""
    spoken: dict[tuple[str, str], Kept] = {}
    ended: dict[tuple[str, str], Kept] = {}
    for kept in versions:
        word = kept.id, str(kept.record.properties["message_id"])
        if kept.closed_at is None:
            spoken[word] = kept
            ended.pop(word, None)
        else:
            ended[word] = kept
    yield from spoken.values()
    yield from ended.values()


def _second(kept: Kept) -> Message:
    """A word of the second generation. A closing word bears the date of the one before: it came when it was seen."""
    event: Event = kept.record
    closes = event.status is EventStatus.CLOSED or kept.closed_at is not None
    said = _message(kept, Origin.NEWS, str(event.properties["message_id"]), closes=closes)
    said = replace(said, heard=kept.first_seen if kept.first_seen < said.at else None)
    return replace(said, at=max(said.at, kept.closed_at)) if kept.closed_at else said


def _first(kept: Kept) -> Iterator[Message]:
    """A word of the first generation, and its end once the file no longer has it."""
    event: Event = kept.record
    number = str(event.properties["incident_number"])
    said = _message(kept, Origin.NEWS_V1, kept.id, closes=event.status is EventStatus.CLOSED)
    said = replace(said, thread=number or kept.id)
    yield said
    if kept.closed_at is not None and not said.closes:
        yield replace(said, at=max(said.at, kept.closed_at), closes=True)


def _message(kept: Kept, origin: Origin, message_id: str, *, closes: bool) -> Message:
    """A word, at the moment that it bears; nobody hears one before it is said, so that a later one is a slip."""
    event: Event = kept.record
    kind = kind_of(event.title.en, event.title.tc or event.title.sc)
    return Message(
        origin=origin,
        thread=event.id,
        id=message_id,
        at=min(event.at, kept.changed_at),
        closes=closes,
        title=event.title,
        detail=event.detail,
        place=event.place,
        lon=event.lon,
        lat=event.lat,
        kind=None if kind is IncidentKind.OTHER else kind,
    )


def back(now: datetime) -> datetime:
    """How far back the news is read: works may be silent for three days."""
    return now - timedelta(days=4)
