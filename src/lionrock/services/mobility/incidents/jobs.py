"""What the service does by itself: tell every incident's life, and learn how long incidents last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.core.vocabulary import Dataset, Event, Feature
from lionrock.services.mobility.incidents.alarms import list_alarm_messages
from lionrock.services.mobility.incidents.clearance import Clearance, as_features, from_features, learn
from lionrock.services.mobility.incidents.datasets import ALARMS, CLEARANCE_TIMES, INCIDENTS, RULINGS
from lionrock.services.mobility.incidents.durations import expectation, find_lasted
from lionrock.services.mobility.incidents.incident import (
    Incident,
    Message,
    Ruling,
    State,
    as_event,
    from_event,
    from_feature,
    own_id,
)
from lionrock.services.mobility.incidents.joining import live
from lionrock.services.mobility.incidents.kin import with_kin
from lionrock.services.mobility.incidents.sources import back, list_messages, read_atlas

LEARNS_FROM = timedelta(days=2 * 365)
TAKEN_BACK = "taken back"


def tell_lives(city: City) -> Iterator[Event]:
    """Every incident that changed, from the words of all sources and the rulings of operators."""
    now, since = city.now(), back(city.now())
    recent = [from_event(kept.record) for kept in city.recent(INCIDENTS, since)]
    messages = (*list_messages(city, since), *list_alarm_messages(city.recent(ALARMS, since)))
    rulings = read_rulings(city, recent, since)
    spoken = {thread for incident in recent for thread in incident.threads}
    again = {own_id(each) for each in messages if (each.origin, each.thread) not in spoken}  # new, or long silent
    return _changed(city, messages, with_kin(city, recent, again, rulings), rulings, now)


def learn_from_the_past(city: City) -> Iterator[tuple[Dataset, Event | Feature]]:
    """The lives that nobody told when they were lived (a replayed recording's), and what all lives teach.

    That is the chances of being cleared by kind, from every incident of the last two years that this
    store has seen.
    """
    now = city.now()
    seen = [from_event(kept.record) for kept in city.recent(INCIDENTS, now - LEARNS_FROM)]
    told = {thread for incident in seen for thread in incident.threads}
    untold = [
        message
        for message in list_messages(city, now - LEARNS_FROM)
        if message.at < back(now) and (message.origin, message.thread) not in told
    ]
    found = list(_changed(city, untold, [], [], now))
    yield from ((INCIDENTS, event) for event in found)
    lasted = [one for one in map(find_lasted, (*seen, *map(from_event, found))) if one is not None]
    yield from ((CLEARANCE_TIMES, feature) for feature in as_features(learn(lasted, now), now))


def read_rulings(city: City, known: Iterable[Incident], since: datetime) -> list[Ruling]:
    """What operators decided; an incident that they opened before ``since`` and that is not ``known`` is over."""
    ids = {incident.id for incident in known}
    rulings = [from_feature(kept.record) for kept in city.records(RULINGS)]
    return [
        ruling
        if ruling.opened is None or ruling.id in ids or ruling.opened.at >= since
        else replace(ruling, opened=None)
        for ruling in rulings
    ]


def read_clearance(city: City) -> Clearance:
    """What was learned last; our own priors before that."""
    return from_features(kept.record for kept in city.records(CLEARANCE_TIMES))


def _changed(
    city: City, messages: Iterable[Message], known: list[Incident], rulings: list[Ruling], now: datetime
) -> Iterator[Event]:
    before = {incident.id: incident for incident in known}
    told = live(messages, known, rulings, lambda: read_atlas(city), now, expectation(read_clearance(city)))
    yield from (as_event(incident) for incident in told if incident != before.pop(incident.id, None))
    for gone in before.values():  # an operator took back that they opened it
        if gone.closed_by != TAKEN_BACK:
            yield as_event(replace(gone, state=State.CLOSED, closed_at=now, closed_by=TAKEN_BACK))
