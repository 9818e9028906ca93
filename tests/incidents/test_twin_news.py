"""A simulated day of both generations of the news makes one life for each incident that truly happened."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from lionrock.core.vocabulary import Feature, Text
from lionrock.services.mobility.incidents.atlas import Atlas, build_atlas
from lionrock.services.mobility.incidents.incident import Incident, Message, Origin, State
from lionrock.services.mobility.incidents.joining import live
from lionrock.twin.incidents import list_incidents
from lionrock.twin.network import list_links
from lionrock.twin.news import Message as TwinMessage
from lionrock.twin.news import list_current, list_messages

SEED, DAY = 7, date(2026, 3, 2)
LATEST_WORD = timedelta(minutes=8)  # the news is up to seven minutes late


def atlas() -> Atlas:
    return build_atlas(
        Feature(
            id=link.key,
            geometry={"type": "LineString", "coordinates": [list(point) for point in link.points]},
            title=link.road,
            properties={"travel_direction": 3},
        )
        for link in list_links()
    )


def second(word: TwinMessage) -> Message:
    link = list_links()[word.incident.link]
    place = f"{link.road.en} ({link.bound.en} bound), near {word.incident.landmark.en}"
    return Message(
        origin=Origin.NEWS,
        thread=word.incident.number,
        id=str(word.id),
        at=word.shown,
        closes=word.status == "CLOSED",
        title=word.incident.cause,
        detail=word.content,
        place=Text(en=place),
    )


def first(word: TwinMessage) -> Message:
    over = "re-opened" in word.content.en
    return Message(
        origin=Origin.NEWS_V1, thread=str(word.id), id=str(word.id), at=word.shown, closes=over, title=Text(),
        detail=word.content,
    )  # fmt: skip


def rounds() -> Iterator[list[Message]]:
    """What both files say at every change, and the ends of what the first generation's file no longer has."""
    standing: dict[str, Message] = {}
    for word in list_messages(SEED, DAY):
        now = {one.id: one for one in map(first, list_current(SEED, word.shown))}
        gone = [replace(one, at=word.shown, closes=True) for name, one in standing.items() if name not in now]
        standing = now
        yield [second(word), *now.values(), *gone]


def test_a_day_of_news_makes_one_life_for_each_incident() -> None:
    known: list[Incident] = []
    places = atlas()
    for messages in rounds():
        known = live(messages, known, (), lambda: places, messages[0].at, lambda incident, _: incident)
    truth = {incident.number: incident for incident in list_incidents(SEED, DAY)}
    assert {one.id for one in known} == set(truth)
    assert {one.state for one in known} == {State.CLOSED}
    late = [one.cleared_at - truth[one.id].end for one in known if one.cleared_at is not None]
    assert len(late) == len(truth)
    assert timedelta(0) < min(late) <= max(late) < LATEST_WORD
