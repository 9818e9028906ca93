"""What the page of journeys shows: one trip with its ways and its departures, or why there is none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, LionrockError, NotFound, NotYet
from lionrock.services.mobility.journeys.access import doorway
from lionrock.services.mobility.journeys.answers.asking import (
    RoadName,
    Trip,
    Where,
    closed_links,
    door_of,
    read_moment,
    refuse_standing_still,
)
from lionrock.services.mobility.journeys.answers.departures import Departures, departures_of
from lionrock.services.mobility.journeys.answers.route import Route, WayClosed, route_of
from lionrock.services.mobility.journeys.desk import know, know_places
from lionrock.services.mobility.journeys.places import get_place, plain

When = Literal["now", "leave", "arrive"]


@dataclass(frozen=True, slots=True)
class PlanQuery:
    """A trip as the form sends it; ``time`` is that of leaving or arriving. Without places nothing is planned yet."""

    start: Where = ""
    end: Where = ""
    when: When = "now"
    time: Annotated[str, Meta(max_length=40)] = ""
    avoid_tolls: bool = False
    avoid_tunnels: bool = False
    avoid_road: RoadName = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no plan: ``kind`` is a word of the page's own, ``detail`` says it in English."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked and what came of it; route and departures are None where there is a problem or no trip yet."""

    source: str
    simulated: bool
    now: datetime
    asked: PlanQuery
    problem: Problem | None
    route: Route | None
    departures: Departures | None


def plan_trip(city: City, query: PlanQuery, _caller: Caller) -> Plan:
    """Answer a trip's ways and departures; what is wrong with it is part of the answer."""
    problem, route, departures = None, None, None
    if query.start.strip() or query.end.strip():
        try:
            route, departures = _planned(city, query)
        except _Told as told:
            problem = told.problem
    return Plan(city.source.value, city.simulated, city.now(), query, problem, route, departures)


OTHERWISE: dict[tuple[str, type[LionrockError]], str] = {
    ("start", BadInput): "start_outside",  # coordinates, and no name
    ("end", BadInput): "end_outside",
    ("avoid", BadInput): "avoid_many",
    ("avoid", NotYet): "avoid_tolls",
    ("no_way", WayClosed): "closed",
    ("too_late", WayClosed): "closed",
}
"""What a problem is where it is not what mostly goes wrong there."""


class _Told(Exception):
    """A problem, on its way to the page."""

    def __init__(self, kind: str, error: LionrockError) -> None:
        self.problem = Problem(kind, str(error))
        super().__init__(kind)


@contextmanager
def _telling(kind: str) -> Iterator[None]:
    """What goes wrong within is told as a problem of this kind."""
    try:
        yield
    except (BadInput, NotFound, NotYet) as error:
        raise _Told(OTHERWISE.get((kind, type(error)), kind), error) from error


def _planned(city: City, query: PlanQuery) -> tuple[Route, Departures]:
    index = know_places(city)
    with _telling("start" if plain(query.start) else "start_missing"):
        start = get_place(index, query.start, "start")
    with _telling("end" if plain(query.end) else "end_missing"):
        end = get_place(index, query.end, "end")
    with _telling("same"):
        refuse_standing_still(start, end)
    with _telling("not_yet"):
        known = know(city)
    with _telling("start_far"):
        leave = doorway(known.roads, start.lon, start.lat)
    with _telling("end_far"):
        reach = doorway(known.roads, end.lon, end.lat)
    with _telling("avoid"):
        closed = closed_links(known, query.avoid_tolls, query.avoid_tunnels, query.avoid_road)
    with _telling("time"):
        moment = known.now if query.when == "now" else read_moment(query.time, known.now, "time")
    trip = Trip(door_of(start, leave), door_of(end, reach), leave, reach, closed)
    arrive = query.when == "arrive"
    with _telling("too_late" if arrive else "no_way"):
        route = route_of(city, known, trip, max(moment, known.now), arrive=arrive)
    with _telling("no_way"):
        around = None if query.when == "now" else route.journeys[0].depart_at
        return route, departures_of(city, known, trip, around)
