"""Which incident a word belongs to: by the source's number, by its sentence, or by being near in place and time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from lionrock.services.mobility.incidents.atlas import Atlas, name_key
from lionrock.services.mobility.incidents.incident import (
    Incident,
    Message,
    Origin,
    Override,
    Ruling,
    State,
    own_id,
)
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.life import stand, tell
from lionrock.services.mobility.incidents.places import distance_m

ALIKE_WITHIN = timedelta(minutes=45)  # detectors see a jam before it is announced, or a while after
SAID_WITHIN = timedelta(hours=12)  # the same sentence on another day is another incident
ENDS_WITHIN = timedelta(minutes=30)  # of one generation's last word, the other's only one tells that lanes opened
ALIKE_WITHIN_M = 2500.0  # half the distance between detectors, and the tail of a queue
Expect = Callable[[Incident, datetime], Incident]
Said = set[tuple[Origin, str, bool]]
OFFICIAL = {Origin.NEWS, Origin.NEWS_V1}


def live(
    messages: Iterable[Message],
    known: Iterable[Incident],
    rulings: Iterable[Ruling],
    atlas: Callable[[], Atlas],
    now: datetime,
    expect: Expect,
) -> list[Incident]:
    """Every incident that the words of all sources make of those ``known``, as of ``now``; those unchanged too.

    A word that an incident already has changes nothing, so that the same words twice give the same
    incidents. Operators' ``rulings`` apply as they stand now; one that was taken back leaves no trace, and what
    they opened and nobody else spoke of is then not among the incidents.
    ``atlas`` is asked only where there is something new to find. ``expect`` adds how long each will
    last, whenever something new was said.
    """
    find_atlas = cache(atlas)
    ruled = {ruling.id: ruling for ruling in rulings}
    standing = (_as_opened(incident, ruled, find_atlas, now) for incident in known)
    lives = {incident.id: incident for incident in standing if incident.messages}
    _open(lives, ruled, find_atlas, now, expect)
    _rule(lives, ruled, find_atlas, now)
    belongs = {thread: incident.id for incident in lives.values() for thread in incident.threads}
    carried = [message for incident in lives.values() if incident.merged_into for message in incident.messages]
    for message in sorted((*messages, *carried), key=lambda one: (one.at, one.closes, one.origin, one.id)):
        home = belongs.get((message.origin, message.thread))
        if home is not None and _key(message) in {_key(one) for one in _survivor(lives, home).messages}:
            continue
        alone = tell(_alone(message), find_atlas(), now)
        home = home or _find_same(alone, message, lives.values())
        survivor = alone if home is None else _survivor(lives, home)
        spoken = () if home is None else survivor.messages
        belongs[message.origin, message.thread] = home or alone.id
        said = replace(survivor, messages=_in_order((*spoken, message)), overrides=_overrides(ruled, survivor.id))
        told = tell(said, find_atlas(), now)
        lives[survivor.id] = expect(told, max(one.at for one in told.messages))
    return [stand(incident, now) for incident in lives.values()]


def _as_opened(incident: Incident, ruled: Mapping[str, Ruling], atlas: Callable[[], Atlas], now: datetime) -> Incident:
    """The incident without an operator's opening word that was taken back; without messages where no other is left."""
    opened = [ruling.opened for ruling in ruled.values() if ruling.opened is not None]
    stands = {one.thread for one in opened}
    kept = tuple(one for one in incident.messages if one.origin is not Origin.OPERATOR or one.thread in stands)
    unnamed = bool(incident.road) and not incident.names  # it was told before names were kept in every language
    if kept == incident.messages and not unnamed:
        return incident
    left = replace(incident, messages=kept)
    return tell(left, atlas(), now) if kept else left


def _open(
    lives: dict[str, Incident],
    ruled: Mapping[str, Ruling],
    atlas: Callable[[], Atlas],
    now: datetime,
    expect: Expect,
) -> None:
    """Begin what operators opened. It is never joined to another: they saw the others, and can merge it."""
    spoken = {thread for incident in lives.values() for thread in incident.threads}
    for ruling in ruled.values():
        opened = ruling.opened
        if opened is not None and (opened.origin, opened.thread) not in spoken:
            alone = replace(_alone(opened), overrides=dict(ruling.overrides))
            lives[ruling.id] = expect(tell(alone, atlas(), now), opened.at)


def _rule(lives: dict[str, Incident], ruled: Mapping[str, Ruling], atlas: Callable[[], Atlas], now: datetime) -> None:
    """Apply what operators decided, and forget what they took back."""
    targets = merge_targets(ruled)
    for incident in list(lives.values()):
        ruling = ruled.get(incident.id, Ruling(id=incident.id))
        merged = tuple(sorted(gone for gone, into in targets.items() if into == incident.id))
        target = targets[incident.id] if targets.get(incident.id) in lives else ""
        overrides = dict(ruling.overrides)
        if (dict(incident.overrides), incident.merged_into, incident.merged) == (overrides, target, merged):
            continue
        left = {
            thread for one in incident.merged if one not in merged and one in lives for thread in lives[one].threads
        }
        kept = tuple(message for message in incident.messages if (message.origin, message.thread) not in left)
        settled = replace(incident, overrides=overrides, merged_into=target, merged=merged, messages=kept)
        lives[incident.id] = tell(settled, atlas(), now)


def merge_targets(ruled: Mapping[str, Ruling]) -> dict[str, str]:
    """What each incident was merged into. Of merges that lead in a circle, which undoing can make, the oldest is void.

    Otherwise each of them would be part of another, and none be shown.
    """
    targets: dict[str, str] = {}
    merges = [(each.merged_at, each.id, each.merged_into) for each in ruled.values() if each.merged_into]
    for _, gone, into in sorted(merges, key=lambda one: (one[0] is not None, one[0], one[1]), reverse=True):
        home = into
        while home in targets:
            home = targets[home]
        if home != gone:
            targets[gone] = into
    return targets


def _overrides(ruled: Mapping[str, Ruling], incident_id: str) -> dict[str, Override]:
    return dict(ruled[incident_id].overrides) if incident_id in ruled else {}


def _key(message: Message) -> tuple[Origin, str, bool]:
    return message.origin, message.id, message.closes


def _in_order(messages: Iterable[Message]) -> tuple[Message, ...]:
    return tuple(sorted(messages, key=lambda one: (one.at, one.closes, one.origin.value, one.id)))


def _alone(message: Message) -> Incident:
    """An incident of which this is the only word."""
    return Incident(
        id=own_id(message),
        state=State.REPORTED,
        kind=IncidentKind.OTHER,
        began=message.at,
        updated=message.at,
        messages=(message,),
    )


def _survivor(lives: dict[str, Incident], home: str) -> Incident:
    """The incident that carries on for ``home``; merges may follow each other, never in a circle."""
    seen = {home}
    while lives[home].merged_into in lives and lives[home].merged_into not in seen:
        home = lives[home].merged_into
        seen.add(home)
    return lives[home]


def _find_same(alone: Incident, message: Message, lives: Iterable[Incident]) -> str | None:
    """The incident that the first word of a source speaks of; None for one that nobody spoke of before."""
    alike = [incident for incident in lives if _same(alone, message, incident)]
    return max(alike, key=lambda one: (one.is_open, one.updated)).id if alike else None


def _same(alone: Incident, message: Message, incident: Incident) -> bool:
    """Whether another source's word says the same sentence as ``incident``, or is near it in place and time."""
    # The first generation gives every message a number of its own: its words are known by what they say.
    again = message.origin is Origin.NEWS_V1
    if incident.merged_into or (message.origin in incident.sources and not again):
        return False
    apart = min(abs(message.at - incident.began), abs(message.at - incident.updated))
    letters = _letters(message)
    if letters and apart <= SAID_WITHIN and any(_letters(one) == letters for one in incident.messages):
        return True
    if message.origin in OFFICIAL and OFFICIAL & set(incident.sources):
        fits = (again and incident.is_open) or (alone.cleared_at is not None and apart <= ENDS_WITHIN)
        return fits and apart <= SAID_WITHIN and _named_alike(alone, incident)
    at_once = incident.is_open and (apart <= ALIKE_WITHIN or incident.began <= message.at <= incident.updated)
    return at_once and _near(alone, incident)


def _named_alike(alone: Incident, incident: Incident) -> bool:
    """Whether both name the same road, direction and landmark."""
    one, other = (tuple(map(name_key, (each.road, each.direction, each.near))) for each in (alone, incident))
    return bool(alone.road and alone.near) and one == other


def _near(alone: Incident, incident: Incident) -> bool:
    if alone.road and incident.road and name_key(alone.road) != name_key(incident.road):
        return False
    if set(alone.links) & set(incident.links):
        return True
    if alone.heading and incident.heading and alone.heading != incident.heading:
        return False
    if alone.lon is None or alone.lat is None or incident.lon is None or incident.lat is None:
        return False
    return distance_m((alone.lon, alone.lat), (incident.lon, incident.lat)) <= ALIKE_WITHIN_M


def _letters(message: Message) -> str:
    """The announcement's letters and digits alone: both generations carry the same sentences."""
    return re.sub(r"\W+", "", (message.detail.en or message.detail.tc).lower())
