"""What a measure against an incident would save: asked by an operator, answered by a simulation, decided by a person.

The simulation is the twin's own, at an address that we invented (docs/models/impact.md); its answer comes
like every other feed's. Only the simulated city has one: a live city is refused until a simulation
has been calibrated to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.moments import tell_clock
from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import json_as
from lionrock.core.manifest import Actor, Download, Outcome
from lionrock.core.vocabulary import BadInput, Event, EventStatus, NotFound, Refused, Text
from lionrock.services.mobility.incidents.answers.incidents import get_incident, stands
from lionrock.services.mobility.incidents.datasets import DECISIONS, IMPACTS, WHAT_IFS
from lionrock.services.mobility.incidents.incident import Incident
from lionrock.services.mobility.incidents.numbers import first_free

OPEN_LANES, DIVERT, BOTH, NOTHING = "open lanes", "divert", "both", "nothing"
MEASURES = {
    OPEN_LANES: Text(en="open lanes", tc="重開行車線"),
    DIVERT: Text(en="divert drivers", tc="分流車輛"),
    BOTH: Text(en="both measures", tc="同時採取兩者"),
    NOTHING: Text(en="leave it as it is", tc="不採取措施"),
}
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=4)
SEEDS = 3
Minutes = Annotated[float, Meta(ge=0, le=180)]


@dataclass(frozen=True, slots=True, kw_only=True)
class TryMeasures:
    """Measures: ``open_lanes`` of the ``lanes_closed`` after ``in_min`` minutes, or ``divert_percent`` of drivers away.

    ``lasts_min`` is how much longer the incident is thought to last if nothing is done; ``link`` the road segment,
    where the incident's own is not known.
    """

    id: str
    link: Annotated[str, Meta(pattern=r"^\d{0,9}$")] = ""
    lanes_closed: Annotated[int, Meta(ge=1, le=6)] = 1
    lasts_min: Minutes = 30
    open_lanes: Annotated[int, Meta(ge=0, le=6)] = 0
    in_min: Minutes = 10
    divert_percent: Annotated[float, Meta(ge=0, le=100)] = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decide:
    """Take a measure of a simulated answer, or none of them; what is expected of that is what the incident costs."""

    what_if: str
    measure: Literal["open lanes", "divert", "both", "nothing"]


class Told(msgspec.Struct):
    """Vehicle-hours with their 80% interval."""

    name: str
    low: float
    middle: float
    high: float


class Estimate(msgspec.Struct):
    """The simulation's answer: what the incident costs with nothing done, and what each measure saves."""

    cost: Told
    saved: list[Told]


class Answer(msgspec.Struct):
    """How far the simulation is, or what it came to."""

    state: Literal["waiting", "running", "done", "failed", "refused", "busy"]
    simulated: bool
    done: int = 0
    of: int = 0
    problem: str = ""
    problem_tc: str = ""
    estimate: Estimate | None = None


def try_measures(city: City, asked: TryMeasures, _actor: Actor) -> Outcome:
    """Ask the simulation; raises NotFound, BadInput, and Refused in a city that it was not calibrated to."""
    incident = get_incident(city, asked.id)
    if not city.simulated:
        raise Refused(
            Text(
                en="only the simulated city can try measures: no simulation has been calibrated to measured flows and "
                "speeds of this one, and an uncalibrated one would only seem to know",
                tc="只有模擬城市可測試措施：尚未有模擬按本市實測的車流及車速校準，未經校準的結果並不可信",
            )
        )
    if not incident.is_open:
        raise Refused(
            Text(
                en=f"{incident.id} is {incident.state.value}: nothing is left to be saved",
                tc=f"{incident.id} 已經完結，無從節省",
            )
        )
    link = asked.link or next(iter(incident.links), "")
    if not link.isdecimal():
        problem = Text(en=f"no road segment of {incident.id} is known", tc=f"不知道 {incident.id} 在哪個路段")
        remedy = Text(
            en="correct its road or place, or name a segment by its number", tc="請更正其道路或位置，或提供路段編號"
        )
        raise BadInput(problem, where="link", remedy=remedy)
    if not asked.open_lanes and not asked.divert_percent:
        problem = Text(en="no measure was given", tc="沒有填寫任何措施")
        remedy = Text(en="give at least one", tc="請填寫最少一項")
        raise BadInput(problem, where="open_lanes, divert_percent", remedy=remedy)
    if asked.open_lanes > asked.lanes_closed:
        problem = Text(
            en=f"{asked.open_lanes} of {asked.lanes_closed} closed lanes",
            tc=f"只封閉了 {asked.lanes_closed} 條行車線，不能重開 {asked.open_lanes} 條",
        )
        raise BadInput(problem, where="open_lanes")
    now = city.now().replace(microsecond=0)
    scenario = _scenario(incident, asked, int(link), now)
    event = Event(
        id=first_free(city, WHAT_IFS, f"{incident.id}@{now.astimezone(ZONE):%Y%m%dT%H%M%S}"),
        kind="what_if",
        at=now,
        status=EventStatus.NEW,
        title=_title(asked),
        detail=_assumed(scenario),
        place=incident.place,
        properties={"incident": incident.id, "scenario": scenario, "state": "waiting"},
    )
    says = Text(
        en=f"Asked the simulation about {incident.id}; it answers within a few minutes.",
        tc=f"已就 {incident.id} 進行模擬，數分鐘內有結果。",
    )
    return Outcome(says, ((WHAT_IFS, event),))


def decide(city: City, asked: Decide, _actor: Actor) -> Outcome:
    """Keep that a measure was taken; raises NotFound, and Refused while it is not estimated or where it was taken."""
    what_if: Event = city.record(WHAT_IFS, asked.what_if).record
    said = what_if.properties
    told = [*said.get("saved", ()), *([{**said["cost"], "name": NOTHING}] if "cost" in said else [])]
    expected = next((one for one in told if one["name"] == asked.measure), None)
    if expected is None:
        raise Refused(
            Text(
                en=f"{asked.what_if} has no estimate of {asked.measure!r}; wait for the simulation, or try it first",
                tc=f"{asked.what_if} 尚未有此措施的估算；請等候模擬完成，或先行模擬",
            )
        )
    now, number = city.now(), f"{what_if.id}/{asked.measure.replace(' ', '-')}"
    taken = _find_decision(city, number)
    if taken is not None:
        raise Refused(
            Text(
                en=f"{asked.measure!r} was decided on at {tell_clock(taken.at)}; take that back in the journal first",
                tc=f"已於 {tell_clock(taken.at)} 決定{MEASURES[asked.measure].tc}；如要更改，請先在日誌撤回",
            )
        )
    event = Event(
        id=number,
        kind="decision",
        at=now,
        status=EventStatus.NEW,
        title=what_if.title,
        place=what_if.place,
        properties={
            "incident": said["incident"],
            "what_if": what_if.id,
            "measure": asked.measure,
            "expected": expected,
        },
    )
    says = Text(
        en=f"Decided for {said['incident']}: {MEASURES[asked.measure].en}.",
        tc=f"已就 {said['incident']} 決定：{MEASURES[asked.measure].tc}。",
    )
    return Outcome(says, ((DECISIONS, event),))


def _find_decision(city: City, number: str) -> Event | None:
    try:
        kept = city.record(DECISIONS, number)
    except NotFound:
        return None
    return kept.record if stands(kept) else None


SAMPLE_PARAMS = {
    "what_if": "IN-26-00901@20261121T083300",
    "scenario": "{}",
    "incident": "IN-26-00901",
    "asked_at": "2026-11-21T08:33:00+08:00",
    "title_en": "open 1 lane in 10 min",
    "title_tc": "10 分鐘後重開 1 條行車線",
    "place_en": "Waterloo Road",
    "place_tc": "窩打老道",
}


def list_waiting(city: City) -> list[dict[str, str]]:
    """The questions that have no answer yet, as the parameters of their requests."""
    return [
        {
            "what_if": kept.id,
            "scenario": kept.record.properties["scenario"],
            "incident": kept.record.properties["incident"],
            "asked_at": kept.record.at.isoformat(),
            "title_en": kept.record.title.en,
            "title_tc": kept.record.title.tc,
            "place_en": kept.record.place.en,
            "place_tc": kept.record.place.tc,
        }
        for kept in city.records(WHAT_IFS)
    ]


def parse_what_if(download: Download) -> Iterator[Event]:
    """The question with what the simulation says of it by now; closed once that is final."""
    told = json_as(download, Answer)
    said = download.params
    properties: dict[str, Any] = {
        "incident": said["incident"],
        "scenario": said["scenario"],
        "state": told.state,
        "done": told.done,
        "of": told.of,
        "problem": told.problem,
        "problem_tc": told.problem_tc,
    }
    if told.estimate is not None:
        properties |= msgspec.to_builtins(told.estimate)
    final = told.state in ("done", "failed", "refused")
    yield Event(
        id=said["what_if"],
        kind="what_if",
        at=datetime.fromisoformat(said["asked_at"]),
        status=EventStatus.CLOSED if final else EventStatus.UPDATED,
        title=Text(en=said["title_en"], tc=said["title_tc"]),
        detail=_assumed(said["scenario"]),
        place=Text(en=said["place_en"], tc=said["place_tc"]),
        properties=properties,
    )


def tell_outcomes(city: City) -> Iterator[Event]:
    """Each decision with what its incident has cost by now; closed once that estimate is final."""
    for kept in city.records(DECISIONS):
        decision: Event = kept.record
        try:
            impact = city.record(IMPACTS, decision.properties["incident"])
        except NotFound:
            continue
        cost = {name: impact.record.properties[name] for name in ("vehicle_hours", "low", "high", "as_of")}
        final = impact.closed_at is not None
        yield replace(
            decision,
            status=EventStatus.CLOSED if final else EventStatus.UPDATED,
            properties={**decision.properties, "cost": cost},
        )


def _scenario(incident: Incident, asked: TryMeasures, link: int, now: datetime) -> str:
    """The question in the twin's own words."""
    end = max(now + timedelta(minutes=asked.lasts_min), incident.began + SHORTEST)
    start = max(incident.began, end - LONGEST)
    opening = {"from": now + timedelta(minutes=asked.in_min), "open_lanes": asked.open_lanes}
    diversion = {"from": now, "until": end, "avoid": link, "share": asked.divert_percent / 100}
    measures: list[dict[str, Any]] = []
    if asked.open_lanes:
        measures.append({"name": OPEN_LANES, **opening})
    if asked.divert_percent:
        measures.append({"name": DIVERT, **diversion})
    if len(measures) > 1:
        measures.append({"name": BOTH, **opening, **diversion})
    question = {
        "link": link,
        "start": start,
        "end": end,
        "lanes_closed": asked.lanes_closed,
        "measures": measures,
        "seeds": SEEDS,
    }
    return msgspec.json.encode(question).decode()


class Assumed(msgspec.Struct):
    """What a question takes for granted of its incident."""

    lanes_closed: int
    start: datetime
    end: datetime


def _assumed(scenario: str) -> Text:
    """What the simulation is told of the incident, in words; nothing for a sample's empty question."""
    try:
        asked = msgspec.json.decode(scenario, type=Assumed)
    except msgspec.ValidationError:
        return Text()
    start, end = tell_clock(asked.start), tell_clock(asked.end)
    lanes = "1 lane" if asked.lanes_closed == 1 else f"{asked.lanes_closed} lanes"
    longest = asked.end - asked.start >= LONGEST
    hours = LONGEST // timedelta(hours=1)
    return Text(
        en=f"assuming {lanes} closed from {start} until {end} if nothing is done"
        + f"; {hours} hours is the longest that can be simulated" * longest,
        tc=f"假設若不採取措施，{start} 至 {end} 封閉 {asked.lanes_closed} 條行車線"
        + f"；最長只能模擬 {hours} 小時" * longest,
    )


def _title(asked: TryMeasures) -> Text:
    en, tc = [], []
    if asked.open_lanes:
        lanes = "1 lane" if asked.open_lanes == 1 else f"{asked.open_lanes} lanes"
        en.append(f"open {lanes} in {asked.in_min:.0f} min")
        tc.append(f"{asked.in_min:.0f} 分鐘後重開 {asked.open_lanes} 條行車線")
    if asked.divert_percent:
        en.append(f"divert {asked.divert_percent:.0f}% of drivers")
        tc.append(f"分流 {asked.divert_percent:.0f}% 車輛")
    return Text(en=", ".join(en), tc="，".join(tc))
