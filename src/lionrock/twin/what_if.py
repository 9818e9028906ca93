"""What measures against an incident would save in the twin: the question as JSON, and its answer.

The hours around the incident are simulated anew from the twin's seed, with the day's demand, rain and other
incidents, at the platoon size that impact estimates are judged by. Run as a module, it reads a checked
question on stdin and writes lines of JSON: how far it is, then the answer.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from lionrock.core.vocabulary import BadInput, Text
from lionrock.engines.simulation.network import Closure, Demand, Diversion
from lionrock.engines.simulation.what_if import (
    FEWEST_SEEDS,
    MOST_MEASURES,
    MOST_SEEDS,
    LaneOpening,
    Measure,
    Outcome,
    Progress,
    Scenario,
    compare_measures,
)
from lionrock.twin.calendar import local_day
from lionrock.twin.chance import number_for
from lionrock.twin.day import list_slowdowns
from lionrock.twin.demand import SLICE_S, expected_trips, list_zones
from lionrock.twin.incidents import list_incidents
from lionrock.twin.network import list_links
from lionrock.twin.pairs import PLATOON, SETTLING_S, list_junctions, list_roads

SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=4)
RECOVERY = timedelta(minutes=60)  # counted after the incident, while its queue dissolves
FARTHEST = timedelta(days=31)
LONGEST_NAME = 80
POLITENESS = 5
USUAL_SEEDS = 3


class Proposal(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"since": "from"}):
    """A measure: lanes opened from a moment on, or drivers diverted from a road, or both."""

    name: str
    since: datetime
    until: datetime | None = None
    open_lanes: int = 0
    avoid: int | None = None
    share: float = 0.0


class Asked(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The question: an incident on a link (its ROUTE_ID) with a foreseen end, and measures against it."""

    link: int
    start: datetime
    end: datetime
    lanes_closed: int
    measures: tuple[Proposal, ...]
    seeds: int = USUAL_SEEDS


@dataclass(frozen=True, slots=True)
class Question:
    """A checked question in the engine's words."""

    scenario: Scenario
    measures: tuple[Measure, ...]
    seeds: int


def read_asked(body: bytes | str, now: datetime) -> Asked:
    """The question in ``body`` (JSON); raises BadInput with the field and what would be right."""
    try:
        asked = msgspec.json.decode(body, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadInput(str(error), where="what-if", remedy="see docs/models/impact.md for the fields") from error
    moments = {"start": asked.start, "end": asked.end}
    for number, proposal in enumerate(asked.measures):
        moments[f"measures[{number}].from"] = proposal.since
        if proposal.until is not None:
            moments[f"measures[{number}].until"] = proposal.until
    for where, moment in moments.items():
        if moment.tzinfo is None:
            raise BadInput("a moment without a time zone", where=where, remedy="for instance 2026-11-21T08:10:00+08:00")
        if abs(moment - now) > FARTHEST:
            raise BadInput("too far from the present", where=where, remedy=f"within {FARTHEST.days} days of it")
    _check_incident(asked)
    for number, proposal in enumerate(asked.measures):
        _check_measure(asked, proposal, f"measures[{number}]")
    return asked


def _check_incident(asked: Asked) -> None:
    if not SHORTEST <= asked.end - asked.start <= LONGEST:
        problem = Text(en="an incident takes 5 minutes to 4 hours", tc="事故須歷時 5 分鐘至 4 小時")
        raise BadInput(problem, where="end")
    links = {link.route_id: link for link in list_links()}
    if asked.link not in links:
        problem = Text(en=f"there is no link {asked.link}", tc=f"沒有編號 {asked.link} 的路段")
        remedy = Text(en="a segment's id, as in the speed feeds", tc="須為車速資料所載的路段編號")
        raise BadInput(problem, where="link", remedy=remedy)
    lanes = links[asked.link].lanes
    if not 1 <= asked.lanes_closed <= lanes:
        problem = Text(
            en=f"{asked.lanes_closed} lanes closed of a road that has {lanes}",
            tc=f"該路段只有 {lanes} 條行車線，不能封閉 {asked.lanes_closed} 條",
        )
        remedy = Text(en=f"1 to {lanes}", tc=f"1 至 {lanes} 條")
        raise BadInput(problem, where="lanes_closed", remedy=remedy)
    if not 1 <= len(asked.measures) <= MOST_MEASURES:
        raise BadInput(f"{len(asked.measures)} measures", where="measures", remedy=f"1 to {MOST_MEASURES}")
    if not FEWEST_SEEDS <= asked.seeds <= MOST_SEEDS:
        raise BadInput(f"{asked.seeds} seeds", where="seeds", remedy=f"{FEWEST_SEEDS} to {MOST_SEEDS}")


def _check_measure(asked: Asked, proposal: Proposal, where: str) -> None:
    if not 1 <= len(proposal.name) <= LONGEST_NAME:
        raise BadInput("a name has 1 to 80 characters", where=f"{where}.name")
    if not 0 <= proposal.open_lanes <= asked.lanes_closed:
        raise BadInput("opens more lanes than are closed", where=f"{where}.open_lanes")
    if proposal.avoid is None:
        if proposal.open_lanes == 0:
            raise BadInput("neither open_lanes nor avoid", where=where, remedy="say what to do")
        return
    if proposal.avoid not in {link.route_id for link in list_links()}:
        raise BadInput(f"there is no link {proposal.avoid}", where=f"{where}.avoid")
    if not 0 < proposal.share <= 1:
        raise BadInput("a share above 0 and up to 1", where=f"{where}.share")
    if (proposal.until or asked.end) <= proposal.since:
        raise BadInput("ends before it starts", where=f"{where}.until")


def put_question(asked: Asked, seed: int, scale: float) -> Question:
    """The question as the simulation takes it."""
    slice_s = timedelta(seconds=SLICE_S)
    day = local_day(asked.start)
    first = asked.start - timedelta(seconds=SETTLING_S)
    start = first - timedelta(seconds=first.timestamp() % SLICE_S)
    slices = -((start - asked.end - RECOVERY) // slice_s)
    duration_s = slices * SLICE_S
    keys = {link.route_id: link.key for link in list_links()}

    def second(moment: datetime) -> float:
        return (moment - start).total_seconds() // 30 * 30

    others = tuple(
        Closure(list_links()[other.link].key, second(other.start), second(other.end), other.lanes_closed)
        for near in {local_day(start), day, local_day(asked.end)}
        for other in list_incidents(seed, near)
        if list_links()[other.link].route_id != asked.link and second(other.end) > 0
    )
    scenario = Scenario(
        junctions=list_junctions(),
        roads=list_roads(),
        demand=Demand(list_zones(), SLICE_S, expected_trips(seed, start, slices, scale)),
        duration_s=duration_s,
        count_from_s=second(asked.start),
        incident=Closure(keys[asked.link], second(asked.start), second(asked.end), asked.lanes_closed),
        calibration="the twin is this simulation",
        seed=number_for(seed, day, "what-if", start.timestamp()) % 2**31,
        others=others,
        slowdowns=tuple(list_slowdowns(seed, start, duration_s)),
        platoon=PLATOON,
    )
    measures = tuple(
        Measure(
            name=proposal.name,
            openings=(LaneOpening(second(proposal.since), proposal.open_lanes),) if proposal.open_lanes else (),
            diversions=(
                ()
                if proposal.avoid is None
                else (
                    Diversion(
                        keys[proposal.avoid],
                        second(proposal.since),
                        second(proposal.until or asked.end),
                        proposal.share,
                    ),
                )
            ),
        )
        for proposal in asked.measures
    )
    return Question(scenario, measures, asked.seeds)


def answer(asked: Asked, seed: int, scale: float, progress: Progress | None = None) -> dict[str, Any]:
    """The estimate as JSON carries it; the same question gets the same answer."""
    question = put_question(asked, seed, scale)
    compared = compare_measures(question.scenario, question.measures, seeds=question.seeds, progress=progress)
    return {
        "cost": _told(compared.cost),
        "saved": [_told(outcome) for outcome in compared.saved],
        "unit": "vehicle-hours",
        "interval": 0.8,
        "seeds": question.seeds,
        "platoon": compared.platoon,
        "counted_from": asked.start.isoformat(),
        "counted_until": (asked.end + RECOVERY).isoformat(),
    }


def _told(outcome: Outcome) -> Mapping[str, Any]:
    return {
        "name": outcome.name,
        "low": round(outcome.low, 1),
        "middle": round(outcome.middle, 1),
        "high": round(outcome.high, 1),
        "by_seed": [round(each, 1) for each in outcome.by_seed],
    }


def main(seed: str, scale: str) -> None:
    """Answer the question on stdin, line by line on stdout."""
    os.nice(POLITENESS)
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)

    def say(line: Mapping[str, Any]) -> None:
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()

    estimate = answer(
        asked, int(seed), float(scale), lambda done, of, doing: say({"done": done, "of": of, "doing": doing})
    )
    say({"estimate": estimate})


if __name__ == "__main__":
    main(*sys.argv[1:])
