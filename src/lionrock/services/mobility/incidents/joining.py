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
    Ruling,
    State,
    own_id,
)
from lionrock.services.mobility.incidents.kinds import IncidentKind
from lionrock.services.mobility.incidents.life import stand, tell
from lionrock.services.mobility.incidents.metres import distance_m
from lionrock.services.mobility.incidents.whose import Words, in_order, merge_targets

ALIKE_WITHIN = timedelta(minutes=45)  # detectors see a jam before it is announced, or a while after
SAID_WITHIN = timedelta(hours=12)  # the same sentence on another day is another incident
ENDS_WITHIN = timedelta(minutes=30)  # of one generation's last word, the other's only one tells that lanes opened
ALIKE_WITHIN_M = 2500.0  # half the distance between detectors, and the tail of a queue
Expect = Callable[[Incident, datetime], Incident]
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
    incidents; one that its source says otherwise now is told anew. Operators' ``rulings`` apply as they stand now;
    one that was taken back leaves no trace, and what they opened and nobody else spoke of is then not among the
    incidents. ``atlas`` is asked only where there is something new to find. ``expect`` adds how long each will
    last, whenever something new was said.
    """
    ruled = {ruling.id: ruling for ruling in rulings}
    find_atlas, given, stored = cache(atlas), sorted(messages, key=in_order), {one.id: one for one in known}
    standing = (_as_opened(incident, ruled.values()) for incident in stored.values())
    lives = {incident.id: incident for incident in standing if incident.messages}
    _open(lives, ruled, find_atlas, now, expect)
    words = Words(lives.values(), merge_targets(ruled))
    words.open_again(given)
    for incident in list(lives.values()):
        settled = _ruled(incident, words, ruled)
        if not settled.messages:  # all that it was told are words of others
            del lives[incident.id]
            continue
        unnamed = bool(incident.road) and not incident.names  # it was told before names were kept in every language
        if unnamed or settled != stored.get(incident.id, incident):
            lives[incident.id] = tell(settled, find_atlas(), now, words.came_to(incident.id))
    for message in given:
        if words.has(message):
            continue
        home = words.home_of(message)
        if home is None:
            alone = tell(_alone(message), find_atlas(), now)
            home = _find_same(alone, message, lives.values()) or alone.id
            lives.setdefault(home, alone)
        words.add(home, message)
        for number in words.chain(home):
            told = tell(_ruled(lives[number], words, ruled), find_atlas(), now, words.came_to(number))
            lives[number] = told if told.merged_into else expect(told, max(one.at for one in told.messages))
    return [stand(incident, now) for incident in lives.values()]


def _as_opened(incident: Incident, ruled: Iterable[Ruling]) -> Incident:
    """The incident without an operator's opening word that was taken back; without messages where no other is left."""
    stands = {ruling.opened.thread for ruling in ruled if ruling.opened is not None}
    kept = tuple(one for one in incident.messages if one.origin is not Origin.OPERATOR or one.thread in stands)
    return replace(incident, messages=kept)


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


def _ruled(incident: Incident, words: Words, ruled: Mapping[str, Ruling]) -> Incident:
    """The incident with its words and what operators decided of it, not told yet."""
    ruling = ruled.get(incident.id, Ruling(id=incident.id))
    return replace(
        incident,
        overrides=dict(ruling.overrides),
        merged_into=words.target_of(incident.id),
        merged=words.merged_into(incident.id),
        messages=words.of(incident.id),
    )


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
