"""One incident has one life, whoever speaks of it, and the same words twice change nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from lionrock.core.vocabulary import Event, EventStatus, Feature, Text
from lionrock.services.mobility.incidents.atlas import Atlas, build_atlas
from lionrock.services.mobility.incidents.incident import (
    Incident,
    Message,
    Origin,
    Override,
    Ruling,
    State,
    as_event,
    as_feature,
    from_event,
    from_feature,
)
from lionrock.services.mobility.incidents.joining import live
from lionrock.services.mobility.incidents.kinds import IncidentKind

START = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CLOSED = (
    "Due to traffic accident , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all traffic."
)
STILL = CLOSED.replace("is closed", "is still closed") + " Traffic is congested now."
OPENED = (
    "The fast lane of Tolo Highway Kowloon bound near Tai Po Kau which was closed due to traffic accident is re-opened."
)
ACCIDENT = Text(en="Traffic Accident", tc="交通意外")
SOUTH = [[114.190, 22.440], [114.187, 22.428], [114.200, 22.415]]


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    name = Text(en="Tolo Highway", tc="吐露港公路")
    roads = [
        Feature(id="1", geometry={"type": "LineString", "coordinates": SOUTH}, title=name,
                properties={"travel_direction": 3}),
        Feature(id="2", geometry={"type": "LineString", "coordinates": SOUTH[::-1]}, title=name,
                properties={"travel_direction": 3}),
    ]  # fmt: skip
    return build_atlas(roads)


def say(number: str, words: str, minute: float, *, closes: bool = False, origin: Origin = Origin.NEWS) -> Message:
    at = START + minute * MINUTE
    return Message(
        origin=origin,
        thread=number,
        id=f"{number}/{minute}",
        at=at,
        closes=closes,
        title=ACCIDENT,
        detail=Text(en=words),
    )


def spotted(minute: float, *, closes: bool = False) -> Message:
    return Message(
        origin=Origin.DETECTORS,
        thread="D-1",
        id=f"D-1/{closes}",
        at=START + minute * MINUTE,
        closes=closes,
        title=Text(en="Unusual traffic", tc="交通異常"),
        lon=114.188,
        lat=22.431,
        links=("1",),
    )


def unexpected(incident: Incident, _as_of: datetime) -> Incident:
    return incident


def tell(
    atlas: Atlas, messages: list[Message], known: list[Incident], minute: float, rulings: tuple[Ruling, ...] = ()
) -> list[Incident]:
    return live(messages, known, rulings, lambda: atlas, START + minute * MINUTE, unexpected)


def test_an_incident_goes_from_its_first_word_to_its_closing(atlas: Atlas) -> None:
    words = [
        say("IN-1", CLOSED, 0),
        say("IN-1", STILL, 20),
        say("IN-1", OPENED, 40),
        say("IN-1", OPENED, 55, closes=True),
    ]
    states = [tell(atlas, words[:count], [], 60)[0].state for count in range(1, 5)]
    assert states == [State.CONFIRMED, State.CONFIRMED, State.CLEARED, State.CLOSED]
    (whole,) = tell(atlas, words, [], 60)
    assert (whole.began, whole.cleared_at) == (START, START + 40 * MINUTE)
    assert (whole.closed_at, whole.closed_by) == (START + 55 * MINUTE, "news")
    assert (whole.kind, whole.road, whole.direction, whole.lanes) == (
        IncidentKind.ACCIDENT, "Tolo Highway", "Kowloon", ("fast",),
    )  # fmt: skip
    assert len(whole.messages) == 4


def test_words_alone_put_an_incident_on_its_segment_in_its_direction(atlas: Atlas) -> None:
    (incident,) = tell(atlas, [say("IN-1", CLOSED, 0)], [], 1)
    assert (incident.links, incident.heading, incident.located_by) == (("1",), "south", "landmark")
    assert incident.lon == pytest.approx(114.187, abs=0.002)
    assert incident.provenance["place"] == "matched by landmark"


def test_the_same_words_twice_change_nothing(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("IN-1", STILL, 20), spotted(2)]
    once = tell(atlas, words, [], 30)
    assert tell(atlas, words, once, 30) == once
    assert [as_event(each) for each in tell(atlas, words, once, 30)] == [as_event(each) for each in once]


def test_words_that_come_one_by_one_make_the_same_incident_as_all_at_once(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("IN-1", STILL, 20), say("IN-1", OPENED, 40)]
    known: list[Incident] = []
    for word in words:
        known = tell(atlas, [word], known, 41)
    assert known == tell(atlas, words, [], 41)


def test_an_incident_survives_storage(atlas: Atlas) -> None:
    ruling = Ruling(id="IN-1", overrides={"lanes": Override(value=["fast", "middle"], at=START)})
    (incident,) = tell(atlas, [say("IN-1", CLOSED, 0)], [], 1, (ruling,))
    stored = msgspec.json.decode(msgspec.json.encode(as_event(incident), order="deterministic"), type=Event)
    assert from_event(stored) == incident
    assert stored.status is EventStatus.UPDATED
    assert from_feature(as_feature(ruling)) == ruling


def test_news_joins_what_detectors_saw_first_and_keeps_its_name(atlas: Atlas) -> None:
    seen = tell(atlas, [spotted(0)], [], 1)
    assert [(each.id, each.state) for each in seen] == [("D-1", State.REPORTED)]
    (joined,) = tell(atlas, [say("IN-1", CLOSED, 9)], seen, 10)
    assert (joined.id, joined.state, joined.sources) == ("D-1", State.CONFIRMED, (Origin.NEWS, Origin.DETECTORS))
    assert joined.began == START
    assert joined.kind is IncidentKind.ACCIDENT
    assert joined.provenance["road"] == "news"


def test_the_other_direction_is_another_incident(atlas: Atlas) -> None:
    other = replace(spotted(0), links=("2",))
    told = tell(atlas, [other, say("IN-1", CLOSED, 9)], [], 10)
    assert len(told) == 1 + 1


def test_both_generations_of_the_news_say_the_same_sentence_once(atlas: Atlas) -> None:
    first = say("890001", CLOSED, 1, origin=Origin.NEWS_V1)
    (incident,) = tell(atlas, [say("IN-1", CLOSED, 0), first], [], 5)
    assert incident.sources == (Origin.NEWS, Origin.NEWS_V1)


def test_every_message_of_the_first_generation_has_its_own_number_and_is_known_by_its_words(atlas: Atlas) -> None:
    first = say("890001", CLOSED, 0, origin=Origin.NEWS_V1)
    gone = replace(first, at=START + 20 * MINUTE, closes=True)  # the file has the next message in its place
    following = say("890002", STILL, 20, origin=Origin.NEWS_V1)
    known = tell(atlas, [say("IN-1", CLOSED, 0), first], [], 2)
    (incident,) = tell(atlas, [gone, following], known, 21)
    assert (incident.id, incident.state) == ("IN-1", State.CONFIRMED)
    (alone,) = tell(atlas, [first, gone, following], [], 21)
    assert (alone.id, alone.congestion, alone.state) == ("v1-890001", "congested", State.CONFIRMED)


def test_the_other_generation_s_only_word_that_lanes_opened_ends_the_life_that_stands(atlas: Atlas) -> None:
    first = say("890001", CLOSED, 0, origin=Origin.NEWS_V1)
    gone = replace(first, at=START + 40 * MINUTE, closes=True)
    known = tell(atlas, [first, gone], [], 40)
    (incident,) = tell(atlas, [say("IN-9", OPENED, 42)], known, 43)
    assert (incident.id, incident.began) == ("v1-890001", START)
    assert incident.cleared_at is not None
    told = tell(atlas, [say("IN-9", OPENED, 120)], known, 121)
    assert {each.id for each in told} == {"v1-890001", "IN-9"}  # by then it is another's


def test_the_same_sentence_on_another_day_is_another_incident(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("890009", CLOSED, 24 * 60, origin=Origin.NEWS_V1)]
    assert {each.id for each in tell(atlas, words, [], 24 * 60)} == {"IN-1", "v1-890009"}


def test_what_detectors_alone_saw_closes_when_they_see_it_no_more(atlas: Atlas) -> None:
    (incident,) = tell(atlas, [spotted(0), spotted(12, closes=True)], [], 13)
    assert (incident.state, incident.closed_by) == (State.CLOSED, "detectors")


def test_a_closing_word_that_nobody_saw_is_waited_for_and_then_given_up(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0)]
    assert tell(atlas, words, [], 11 * 60)[0].state is State.CONFIRMED
    (silent,) = tell(atlas, words, [], 13 * 60)
    assert (silent.state, silent.closed_by, silent.cleared_at) == (State.CLOSED, "silence", None)


def test_lanes_that_opened_without_a_closing_word_close_within_the_hour_or_so(atlas: Atlas) -> None:
    (over,) = tell(atlas, [say("IN-1", CLOSED, 0), say("IN-1", OPENED, 30)], [], 120)
    assert (over.state, over.cleared_at, over.closed_by) == (State.CLOSED, START + 30 * MINUTE, "silence")


def test_lanes_closed_again_are_not_cleared(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("IN-1", OPENED, 30), say("IN-1", STILL, 40)]
    (again,) = tell(atlas, words, [], 45)
    assert (again.state, again.cleared_at) == (State.CONFIRMED, None)


def test_what_an_operator_says_stays_whatever_the_news_says_later(atlas: Atlas) -> None:
    ruling = Ruling(id="IN-1", overrides={"kind": Override(value="fire", at=START)})
    known = tell(atlas, [say("IN-1", CLOSED, 0)], [], 1, (ruling,))
    (later,) = tell(atlas, [say("IN-1", STILL, 20)], known, 21, (ruling,))
    assert (later.kind, later.provenance["kind"]) == (IncidentKind.FIRE, "operator")


def test_a_ruling_that_is_taken_back_leaves_no_trace(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0)]
    plain = tell(atlas, words, [], 1)
    ruling = Ruling(id="IN-1", overrides={"road": Override(value="Nathan Road", at=START)})
    ruled = tell(atlas, words, plain, 1, (ruling,))
    assert ruled[0].road == "Nathan Road"
    assert tell(atlas, words, ruled, 1) == plain


def test_an_operator_closes_what_the_news_still_calls_closed_to_traffic(atlas: Atlas) -> None:
    ruling = Ruling(id="IN-1", overrides={"state": Override(value="closed", at=START + 9 * MINUTE)})
    (incident,) = tell(atlas, [say("IN-1", CLOSED, 0)], [], 10, (ruling,))
    assert (incident.state, incident.closed_by, incident.closed_at) == (State.CLOSED, "operator", START + 9 * MINUTE)


def test_a_merged_incident_points_to_its_survivor_which_has_all_its_words(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("IN-2", STILL, 5)]
    apart = tell(atlas, words, [], 6)
    ruling = Ruling(id="IN-2", merged_into="IN-1")
    survivor, gone = sorted(tell(atlas, words, apart, 6, (ruling,)), key=lambda one: one.id)
    assert (gone.state, gone.merged_into, survivor.merged) == (State.MERGED, "IN-1", ("IN-2",))
    assert {message.thread for message in survivor.messages} == {"IN-1", "IN-2"}
    later = tell(atlas, [say("IN-2", OPENED, 30)], [survivor, gone], 31, (ruling,))
    assert [len(one.messages) for one in sorted(later, key=lambda one: one.id)] == [3, 2]
    assert sorted(tell(atlas, words, [survivor, gone], 6), key=lambda one: one.id) == apart


def test_an_incident_that_an_operator_opened_is_joined_by_the_news(atlas: Atlas) -> None:
    opened = Message(
        origin=Origin.OPERATOR, thread="OP-1", id="OP-1", at=START, closes=False, title=Text(en="Lorry on its side"),
        place=Text(en="Tolo Highway (Kowloon bound), near Tai Po Kau"), kind=IncidentKind.ACCIDENT,
    )  # fmt: skip
    (known,) = tell(atlas, [], [], 1, (Ruling(id="OP-1", opened=opened),))
    assert (known.id, known.state, known.links) == ("OP-1", State.CONFIRMED, ("1",))
    (joined,) = tell(atlas, [say("IN-1", CLOSED, 5)], [known], 6, (Ruling(id="OP-1", opened=opened),))
    assert (joined.id, joined.title.en) == ("OP-1", "Lorry on its side")
    assert joined.sources == (Origin.OPERATOR, Origin.NEWS)


def test_the_first_hearing_counts_though_its_words_are_lost(atlas: Atlas) -> None:
    word = replace(say("IN-1", OPENED, 40), heard=START)
    (incident,) = tell(atlas, [word], [], 41)
    assert (incident.began, incident.cleared_at) == (START, START + 40 * MINUTE)


def test_of_a_chain_of_merges_a_parted_link_takes_its_words_along_and_keeps_them(atlas: Atlas) -> None:
    words = [say("IN-1", CLOSED, 0), say("IN-2", STILL, 5), say("IN-3", STILL, 6)]
    chain = (Ruling(id="IN-1", merged_into="IN-2"), Ruling(id="IN-2", merged_into="IN-3"))
    merged = tell(atlas, words, tell(atlas, words, [], 7), 7, chain)
    assert {one.id: {message.thread for message in one.messages} for one in merged}["IN-3"] == {"IN-1", "IN-2", "IN-3"}
    parted = tell(atlas, words, merged, 8, chain[1:])
    spoken = tell(atlas, [*words, say("IN-1", OPENED, 30)], parted, 31, chain[1:])
    assert {one.id: (one.state, len(one.messages)) for one in spoken} == {
        "IN-1": (State.CLEARED, 2),
        "IN-2": (State.MERGED, 1),
        "IN-3": (State.CONFIRMED, 2),
    }


def test_what_its_source_says_otherwise_under_the_same_number_is_told_anew(atlas: Atlas) -> None:
    first = say("IN-1", CLOSED, 0)
    known = tell(atlas, [first], [], 1)
    corrected = replace(first, detail=Text(en=CLOSED.replace("the fast lane", "all lanes")))
    (incident,) = tell(atlas, [corrected], known, 2)
    assert (incident.lanes, len(incident.messages)) == (("all",), 1)


def test_an_ending_that_its_source_takes_back_is_none(atlas: Atlas) -> None:
    said = say("9", CLOSED, 0, origin=Origin.NEWS_V1)
    ended = tell(atlas, [said, replace(said, at=START + 5 * MINUTE, closes=True)], [], 6)
    assert [one.state for one in ended] == [State.CLOSED]
    (again,) = tell(atlas, [said], ended, 8)
    assert (again.state, again.closed_at, again.closed_by) == (State.CONFIRMED, None, "")


def test_words_that_two_incidents_were_told_are_those_of_the_one_that_they_name(atlas: Atlas) -> None:
    (own,) = tell(atlas, [say("IN-1", CLOSED, 0)], [], 1)
    (other,) = tell(atlas, [say("IN-2", STILL, 5)], [], 6)
    known = [replace(other, messages=(*own.messages, *other.messages)), own, replace(own, id="IN-9")]
    told = {one.id: one.messages for one in tell(atlas, [], known, 7)}
    assert told == {"IN-2": other.messages, "IN-1": own.messages}
