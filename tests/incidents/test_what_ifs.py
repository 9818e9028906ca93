"""Measures are tried where a simulation is calibrated, and only what was estimated is decided on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from lionrock.app.acting import act, undo
from lionrock.app.discovery import discover
from lionrock.app.house import House, feed_id
from lionrock.app.jobs.background import do_job
from lionrock.app.status import SAMPLES_RECEIVED, sample_download
from lionrock.city.place import address
from lionrock.core.clock import SetClock
from lionrock.core.feeds.runner import Asked, list_requests
from lionrock.core.manifest import Actor, Caller, Download
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadInput, Event, EventStatus, Language, MalformedDownload, Refused, Source
from lionrock.services.mobility.incidents.answers.incidents import IncidentQuery, Life, tell_incident
from lionrock.services.mobility.incidents.datasets import WHAT_IFS
from lionrock.services.mobility.incidents.service import SERVICE
from lionrock.services.mobility.incidents.what_ifs import Decide, TryMeasures, decide, parse_what_if, try_measures
from lionrock.twin.network import list_links
from lionrock.twin.what_if import read_asked

ACTOR = Actor("chan", frozenset({"traffic-operator"}), "to see")
OPERATOR = Caller("chan", frozenset({"traffic-operator"}))
CRASH = "IN-26-00901"
LINK = str(list_links()[0].route_id)
CATALOGUE = discover()


def opened(folder: Path, source: Source) -> Iterator[House]:
    with House.open(Settings(data=folder, source=source), SetClock(SAMPLES_RECEIVED), CATALOGUE) as house:
        for found in CATALOGUE.found:
            for feed in found.service.feeds:
                house.intake.take(feed_id(found.service, feed), feed, sample_download(found, feed))
        do_job(house, SERVICE, SERVICE.jobs[0])
        yield house


@pytest.fixture
def simulated(tmp_path: Path) -> Iterator[House]:
    yield from opened(tmp_path, Source.TWIN)


@pytest.fixture
def live(tmp_path: Path) -> Iterator[House]:
    yield from opened(tmp_path, Source.LIVE)


def asked(house: House, **fields: float) -> Event:
    """The record of a question that was put."""
    command = TryMeasures(id=CRASH, link=LINK, **fields)  # type: ignore[arg-type]  # limits are annotations
    [(dataset, event)] = try_measures(house.cities["incidents"], command, ACTOR).writes
    house.records.save(dataset, [event], house.clock.now())
    assert isinstance(event, Event)
    return event


def question(house: House) -> Asked:
    """Where the one question that waits is put to the simulation."""
    [feed] = SERVICE.feeds
    asked = list_requests(feed, house.cities["incidents"], address)
    [request] = [one for one in asked if one.params["incident"] == CRASH]
    return request


def take_answer(house: House, request: Asked, said: dict[str, object]) -> None:
    """What happens when a question's address says this."""
    [feed] = SERVICE.feeds
    body = json.dumps({"simulated": True} | said).encode()
    download = Download(body=body, url=request.url, received_at=house.clock.now(), params=request.params)
    house.intake.take("incidents.what_ifs", feed, download)


def answered(house: House, said: dict[str, object]) -> Event:
    """What becomes of the one question that waits, when its address says this."""
    request = question(house)
    take_answer(house, request, said)
    found: Event = house.records.get(WHAT_IFS.id, request.params["what_if"]).record
    return found


def test_a_live_city_is_refused_with_the_reason(live: House) -> None:
    with pytest.raises(Refused, match="no simulation has been calibrated"):
        asked(live, open_lanes=1)


def test_what_is_asked_is_what_the_twin_reads(simulated: House) -> None:
    event = asked(simulated, lanes_closed=2, open_lanes=1, in_min=5, divert_percent=25, lasts_min=40)
    read = read_asked(event.properties["scenario"], simulated.clock.now())
    assert (str(read.link), read.lanes_closed) == (LINK, 2)
    assert read.end == simulated.clock.now() + timedelta(minutes=40)
    assert [(one.name, one.open_lanes, one.share) for one in read.measures] == [
        ("open lanes", 1, 0.0),
        ("divert", 0, 0.25),
        ("both", 1, 0.25),
    ]
    assert read.measures[0].since == simulated.clock.now() + timedelta(minutes=5)


@pytest.mark.parametrize(("fields", "says"), [({}, "no measure was given"), ({"open_lanes": 2}, "2 of 1 closed lanes")])
def test_a_question_without_sense_is_refused(simulated: House, fields: dict[str, float], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        asked(simulated, **fields)


def test_progress_is_told_until_the_answer_closes_the_question(simulated: House) -> None:
    asked(simulated, open_lanes=1)
    running = answered(simulated, {"state": "running", "done": 2, "of": 9, "doing": "open lanes"})
    assert (running.status, running.properties["done"], running.properties["of"]) == (EventStatus.UPDATED, 2, 9)
    outcome = {"name": "open lanes", "low": 10.0, "middle": 20.0, "high": 30.0, "by_seed": [20.0]}
    done = answered(simulated, {"state": "done", "estimate": {"cost": outcome, "saved": [outcome]}})
    assert (done.status, done.properties["saved"][0]["middle"]) == (EventStatus.CLOSED, 20.0)
    assert simulated.records.list_open(WHAT_IFS.id) == []


def test_an_answer_that_was_under_way_does_not_bring_back_a_trial_that_was_taken_back(simulated: House) -> None:
    asking = {"id": CRASH, "link": LINK, "open_lanes": 1, "why": "to see"}
    tried = act(simulated, "incidents/try", asking, OPERATOR)
    request = question(simulated)
    taken_back = undo(simulated, tried.entry, {"why": "the wrong road"}, OPERATOR)
    take_answer(simulated, request, {"state": "running", "done": 2, "of": 9})
    assert simulated.records.list_open(WHAT_IFS.id) == []
    undo(simulated, taken_back.entry, {"why": "it was right"}, OPERATOR)
    assert answered(simulated, {"state": "running", "done": 3, "of": 9}).properties["done"] == 3


def test_a_refusal_of_the_simulation_is_told_and_is_not_asked_again(simulated: House) -> None:
    asked(simulated, open_lanes=1)
    told = answered(simulated, {"state": "refused", "problem": "there is no link 7"})
    assert (told.status, told.properties["problem"]) == (EventStatus.CLOSED, "there is no link 7")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>", "HTML"),
        (b'{"state": "run', "not whole JSON"),
        (b'{"state": 7}', "Expected"),
        (b'{"state": "\xff"}', "utf-8"),
    ],
)
def test_what_is_no_answer_is_set_aside(simulated: House, body: bytes, reason: str) -> None:
    with pytest.raises(MalformedDownload, match=reason):
        list(parse_what_if(Download(body=body, url="x", received_at=simulated.clock.now())))


def test_only_an_estimated_measure_is_decided_on(simulated: House) -> None:
    event, city = asked(simulated, open_lanes=1), simulated.cities["incidents"]
    with pytest.raises(Refused, match="has no estimate"):
        decide(city, Decide(what_if=event.id, measure="open lanes"), ACTOR)
    outcome = {"name": "open lanes", "low": 10.0, "middle": 20.0, "high": 30.0}
    answered(simulated, {"state": "done", "estimate": {"cost": outcome, "saved": [outcome]}})
    [(_, decision)] = decide(city, Decide(what_if=event.id, measure="open lanes"), ACTOR).writes
    assert isinstance(decision, Event)
    assert decision.properties["expected"]["middle"] == 20.0
    with pytest.raises(Refused, match="has no estimate"):
        decide(city, Decide(what_if=event.id, measure="divert"), ACTOR)


def test_leaving_an_incident_alone_is_a_decision_too_and_expects_its_cost(simulated: House) -> None:
    event, city = asked(simulated, open_lanes=1), simulated.cities["incidents"]
    with pytest.raises(Refused, match="has no estimate"):
        decide(city, Decide(what_if=event.id, measure="nothing"), ACTOR)
    cost = {"name": "nothing done", "low": 90.0, "middle": 100.0, "high": 120.0}
    saved = {"name": "open lanes", "low": 1.0, "middle": 2.0, "high": 3.0}
    answered(simulated, {"state": "done", "estimate": {"cost": cost, "saved": [saved]}})
    outcome = decide(city, Decide(what_if=event.id, measure="nothing"), ACTOR)
    assert outcome.says.en.endswith(": leave it as it is.")
    [(_, decision)] = outcome.writes
    assert isinstance(decision, Event)
    assert decision.properties["expected"] == {**cost, "name": "nothing"}


def test_a_trial_says_what_it_takes_for_granted_also_when_it_is_answered(simulated: House) -> None:
    event = asked(simulated, lanes_closed=2, open_lanes=1, lasts_min=40)
    english, chinese = (event.detail.say(language) for language in (Language.EN, Language.TC))
    assert english.startswith("assuming 2 lanes closed from ")
    assert english.endswith(" until 09:11 if nothing is done")
    assert "09:11 封閉 2 條行車線" in chinese
    told_then = answered(simulated, {"state": "running", "done": 2, "of": 9})
    assert told_then.detail == event.detail
    assert {one.id: one.detail for one in told(simulated).what_ifs}[event.id] == event.detail


def test_a_measure_is_decided_on_once_unless_that_is_taken_back(simulated: House) -> None:
    event = asked(simulated, open_lanes=1)
    outcome = {"name": "open lanes", "low": 10.0, "middle": 20.0, "high": 30.0}
    answered(simulated, {"state": "done", "estimate": {"cost": outcome, "saved": [outcome]}})
    decision = {"what_if": event.id, "measure": "open lanes", "why": "the jam grows"}
    done = act(simulated, "incidents/decide", decision, OPERATOR)
    with pytest.raises(Refused, match=r"was decided on at 08:31; take that back in the journal first"):
        act(simulated, "incidents/decide", decision, OPERATOR)
    assert len(told(simulated).decisions) == 1
    undo(simulated, done.entry, {"why": "too early"}, OPERATOR)
    assert told(simulated).decisions == []
    act(simulated, "incidents/decide", decision, OPERATOR)
    assert len(told(simulated).decisions) == 1


def told(house: House) -> Life:
    return tell_incident(house.cities["incidents"], IncidentQuery(id=CRASH), OPERATOR)
