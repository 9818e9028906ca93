"""An incident's life, told from all that was said of it: its fields, who said each, and where it stands.

Operators come first, then the news of the second generation, of the first, then detectors; within a
source the newest word wins, and of two at one moment the incident's own. What an operator overrides
stays, whatever the sources say later.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.atlas import Atlas, name_key
from lionrock.services.mobility.incidents.directions import BOTH, as_direction
from lionrock.services.mobility.incidents.incident import FELL_SILENT, Incident, Message, Origin, Override, State
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind, kind_of
from lionrock.services.mobility.incidents.matching import Match, heading_of, match
from lionrock.services.mobility.incidents.metres import Point
from lionrock.services.mobility.incidents.names import PARTS, as_typed, compose_place, read_names
from lionrock.services.mobility.incidents.told import Effect, Told
from lionrock.services.mobility.incidents.whose import Thread
from lionrock.services.mobility.incidents.wording import read_message

RANK = {Origin.OPERATOR: 0, Origin.NEWS: 1, Origin.NEWS_V1: 2, Origin.DETECTORS: 3}
OFFICIAL = (Origin.NEWS, Origin.NEWS_V1)
# The second generation's file holds one message, so that a closing which is replaced between two downloads is never
# seen. In the news of September to December 2020 nine in ten words about an incident came within 5.3 hours of the
# last one; works are silent for a day and more.
FORGOTTEN_AFTER = timedelta(hours=12)
WORKS_FORGOTTEN_AFTER = timedelta(hours=72)
DISPERSED_AFTER = timedelta(hours=1)  # of lanes that opened without a closing word
LONG_WORKS = (IncidentKind.BURST_MAIN, IncidentKind.ROADWORKS, IncidentKind.SUBSIDENCE)
SAID_BEFORE = ("road", "direction", "near", "between", "lanes")


def tell(incident: Incident, atlas: Atlas, now: datetime, came: Collection[Thread] = ()) -> Incident:
    """The incident with every field derived anew from its messages and overrides, as of ``now``.

    The threads that ``came`` with a merge change none of its facts where its own words name a place.
    """
    spoken = sorted(
        _words(incident), key=lambda one: (RANK[one.origin], -one.at.timestamp(), one.thread != incident.id, one.id)
    )
    spoken = _own_first(spoken, came)
    read = [(message, read_message(message.place, message.detail)) for message in spoken]
    told, provenance = _told(read)
    kind = _kind(read, provenance)
    newest = spoken[0]
    told = _overridden(told, incident.overrides)
    given = next((message for message in spoken if message.lon is not None), None)
    found = _found(told, atlas, _stated(given, incident.overrides), read)
    if found.how != "nothing":
        provenance["place"] = given.origin.value if found.how == "message" and given else f"matched by {found.how}"
    names = _names(told, read, atlas)
    fields: dict[str, Any] = {
        "kind": kind,
        "began": min(message.heard or message.at for message in incident.messages),
        "updated": max(message.at for message in incident.messages),
        "title": newest.title if newest.title.en or newest.title.tc else TITLES[kind],
        "detail": newest.detail,
        "place": _place(read, names, incident.overrides),
        "names": names,
        "road": told.road,
        "direction": "both" if told.both else told.direction,
        "near": told.near,
        "lanes": told.lanes,
        "congestion": told.congestion,
        "queue_end": told.queue_end,
        "links": found.links,
        "heading": found.heading,
        "lon": found.lon,
        "lat": found.lat,
        "error_m": found.error_m,
        "located_by": found.how,
        "sources": tuple(sorted({message.origin for message in incident.messages}, key=lambda origin: RANK[origin])),
        "provenance": provenance,
    }
    return stand(_with_overrides(replace(incident, **fields)), now)


def _own_first(spoken: list[Message], came: Collection[Thread]) -> list[Message]:
    """The words without those that came with a merge, unless the others name no place: then these carry on."""
    own = [message for message in spoken if (message.origin, message.thread) not in came]
    placed = any(message.links or message.lon is not None or message.place != Text() for message in own)
    return own if placed else own + [message for message in spoken if message not in own]


def stand(incident: Incident, now: datetime) -> Incident:
    """The incident with its state as of ``now``; cheap, for those of whom nothing new was said."""
    if incident.merged_into:
        return replace(incident, state=State.MERGED)
    cleared, closed, by = _ends(incident, now)
    firm = any(message.origin is not Origin.DETECTORS for message in incident.messages)
    state = State.CONFIRMED if firm else State.REPORTED
    if closed:
        state = State.CLOSED
    elif cleared:
        state = State.CLEARED
    said = incident.overrides.get("state")
    if said is not None:
        state = State(said.value)
        if state is State.CLOSED:
            cleared, closed, by = cleared or said.at, said.at, Origin.OPERATOR.value
        else:
            cleared, closed, by = (cleared or said.at) if state is State.CLEARED else None, None, ""
    return replace(incident, state=state, cleared_at=cleared, closed_at=closed, closed_by=by)


def _words(incident: Incident) -> list[Message]:
    """The messages without those that close by saying again what they said before: they are no newer words."""
    said = {(message.origin, message.id) for message in incident.messages if not message.closes}
    return [message for message in incident.messages if not message.closes or (message.origin, message.id) not in said]


def _ends(incident: Incident, now: datetime) -> tuple[datetime | None, datetime | None, str]:
    """When lanes opened, when it was closed, and by whom; None for what has not been."""
    official = [message for message in incident.messages if message.origin in OFFICIAL]
    second = [message for message in official if message.origin is Origin.NEWS]
    words = sorted(second or official, key=lambda one: (one.at, one.closes, one.id))
    if not words:
        seen = [message for message in incident.messages if message.origin is Origin.DETECTORS]
        spotted = max(seen, key=lambda one: (one.at, one.closes)) if len(seen) == len(incident.messages) else None
        gone = spotted if spotted and spotted.closes else None
        if gone is None:
            return None, None, ""
        if gone.detail == FELL_SILENT:
            return None, gone.at, "silence"
        return gone.at, gone.at, Origin.DETECTORS.value
    threads = {message.thread: message for message in words}  # the newest of each
    over = all(_is_over(message) or message.closes for message in threads.values())
    cleared = _opened(words) if over else None
    if all(message.closes for message in threads.values()):
        closed = max(message.at for message in threads.values())
        return min(cleared or closed, closed), closed, words[-1].origin.value
    if not second:  # the first generation's file leaves out what is over: what it still says is not silence
        return cleared, None, ""
    quiet = DISPERSED_AFTER if cleared else WORKS_FORGOTTEN_AFTER if incident.kind in LONG_WORKS else FORGOTTEN_AFTER
    silent_since = words[-1].at + quiet
    return cleared, silent_since if silent_since <= now else None, "silence" if silent_since <= now else ""


def _opened(words: Sequence[Message]) -> datetime | None:
    """The first word of the last run of words that say that it is over."""
    opened: datetime | None = None
    for message in words:
        if _is_over(message):
            opened = opened or message.at
        elif not message.closes:
            opened = None
    return opened


def _is_over(message: Message) -> bool:
    return read_message(message.place, message.detail).effect is Effect.OVER


def _told(read: list[tuple[Message, Told]]) -> tuple[Told, dict[str, str]]:
    """What all messages together say, and whose word each part is. How it stands is the newest message's alone."""
    told, provenance = read[0][1], {}
    for message, says in read:
        for part in SAID_BEFORE:
            if part not in provenance and getattr(says, part):
                provenance[part] = message.origin.value
        told = told.filled(
            Told(**{part: getattr(says, part) for part in SAID_BEFORE}, both=says.both and not told.direction)
        )
    return told, provenance


def _kind(read: list[tuple[Message, Told]], provenance: dict[str, str]) -> IncidentKind:
    for message, says in read:
        kind = message.kind or kind_of(message.title.en, message.title.tc or message.title.sc, says.cause)
        if kind is not IncidentKind.OTHER:
            provenance["kind"] = message.origin.value
            return kind
    return IncidentKind.OTHER


def _overridden(told: Told, overrides: Mapping[str, Override]) -> Told:
    """What was told, with the words that operators put in its place."""
    said: dict[str, Any] = {n: overrides[n].value for n in ("road", "direction", "near", "lanes") if n in overrides}
    if "near" in said:
        said["between"] = ""
    if "direction" in said:
        said |= {"both": as_direction(said["direction"]) == BOTH.en}
        said["direction"] = "" if said["both"] else said["direction"]
    if "lanes" in said:
        said["lanes"] = tuple(said["lanes"])
    return replace(told, **said)


def _stated(given: Message | None, overrides: Mapping[str, Override]) -> Point | None:
    """The point that an operator put, or else a message gave; the segments are those beside it."""
    if {"lon", "lat"} <= overrides.keys():
        return overrides["lon"].value, overrides["lat"].value
    return (given.lon, given.lat) if given and given.lon is not None and given.lat is not None else None


def _found(told: Told, atlas: Atlas, stated: Point | None, read: list[tuple[Message, Told]]) -> Match:
    found = match(told, atlas, stated)
    links = next((message.links for message, _ in read if message.links), ())
    if found.links or not links:
        return found
    return replace(found, links=links, heading=heading_of(links, atlas))


def _names(told: Told, read: list[tuple[Message, Told]], atlas: Atlas) -> dict[str, Text]:
    """What road, direction and landmark are called: by the atlas, and by the messages that speak of the same."""
    said = {"road": told.road, "direction": "both" if told.both else told.direction, "near": told.near}
    spoken = [read_names(message.place, message.detail) for message, _ in read]
    return {part: _called(name, [names[part] for names in spoken], atlas) for part, name in said.items() if name}


def _called(name: str, spoken: list[Text], atlas: Atlas) -> Text:
    key = name_key(name)
    for words in spoken:
        if key in (name_key(words.en), name_key(words.tc)):
            return atlas.called(name).merged(words)
    return atlas.called(name)


def _place(read: list[tuple[Message, Told]], names: Mapping[str, Text], overrides: Mapping[str, Override]) -> Text:
    """Where it is, in the best witness's own words; what these leave out is made of the names."""
    composed = compose_place(*(names.get(part, Text()) for part in PARTS))
    placed = ((message.place, says) for message, says in read if message.place != Text())
    place, says = next(placed, (Text(), Told()))
    corrected, fuller = set(PARTS) & overrides.keys(), "near" in names and not says.near
    return composed if corrected or fuller else composed.merged(place)


def _with_overrides(incident: Incident) -> Incident:
    """The incident with what operators said in the place of what was derived, and their names in the provenance."""
    said = {name: override.value for name, override in incident.overrides.items() if name != "state"}
    fields: dict[str, Any] = {name: said[name] for name in ("road", "direction", "near", "lon", "lat") if name in said}
    if "kind" in said:
        fields["kind"] = IncidentKind(said["kind"])
        fields["title"] = TITLES[fields["kind"]]  # the sources' words stay in the timeline
    fields |= {name: tuple(said[name]) for name in ("lanes", "links") if name in said}
    if "title" in said:
        fields["title"] = as_typed(said["title"])
    if "lon" in said and "lat" in said:
        fields |= {"error_m": 0.0, "located_by": "operator"}
    put = {*incident.overrides, *({"place"} if {"lon", "lat"} <= said.keys() else ())}
    provenance = {**incident.provenance, **dict.fromkeys(put, Origin.OPERATOR.value)}
    return replace(incident, **fields, provenance=provenance)
