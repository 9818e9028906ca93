"""Which way, how long, and what it costs: now, later, or to be there by a given time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, NotFound, Text
from lionrock.engines.routing.alternatives import list_ways
from lionrock.engines.routing.graph import Path
from lionrock.engines.routing.search import Task
from lionrock.services.mobility.journeys.answers.asking import (
    ArriveBy,
    Door,
    Freshness,
    MinutesAhead,
    RoadName,
    Trip,
    Where,
    freshness,
    read_moment,
    read_trip,
)
from lionrock.services.mobility.journeys.desk import Knowledge, know
from lionrock.services.mobility.journeys.hazards import Hazard, hazards_on
from lionrock.services.mobility.journeys.journey import Journey, tell, usual_way
from lionrock.services.mobility.journeys.outlook import REACH

MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class RouteQuery:
    """From ``start`` to ``end``, leaving in so many minutes or arriving by a time (not both)."""

    start: Where
    end: Where
    depart_in: MinutesAhead = 0
    arrive_by: ArriveBy = ""
    avoid_tolls: bool = False
    avoid_tunnels: bool = False
    avoid_road: RoadName = ""


@dataclass(frozen=True, slots=True)
class Route:
    """The best way first, then up to two that differ from it.

    ``usual_min`` is the quickest way of a usual day for the same departure; ``avoided`` are roads of that way that
    are announced as wholly closed, where the best way does not take them.
    """

    source: str
    simulated: bool
    now: datetime
    start: Door
    end: Door
    data: Freshness
    journeys: list[Journey]
    usual_min: float | None
    avoided: list[Hazard]


def plan_route(city: City, query: RouteQuery, _caller: Caller) -> Route:
    """Answer the quickest way and its alternatives.

    Raises BadInput and NotFound for what was asked, NotYet while nothing is known of the roads.
    """
    if query.arrive_by and query.depart_in:
        raise BadInput(
            Text(en="a journey has one time", tc="行程只有一個時間"),
            where="arrive_by",
            remedy=Text(en="give depart_in or arrive_by", tc="請只填 depart_in 或 arrive_by"),
        )
    known = know(city)
    trip = read_trip(city, known, (query.start, query.end), (query.avoid_tolls, query.avoid_tunnels, query.avoid_road))
    if query.arrive_by:
        return route_of(city, known, trip, read_moment(query.arrive_by, known.now, "arrive_by"), arrive=True)
    return route_of(city, known, trip, known.now + timedelta(minutes=query.depart_in))


def route_of(city: City, known: Knowledge, trip: Trip, moment: datetime, *, arrive: bool = False) -> Route:
    """The ways of a trip at a moment; raises NotFound where there is none."""
    task = task_of(known, trip)
    ways = list_ways(task, moment.timestamp(), arrive=arrive, most=MOST_WAYS)
    if not ways:
        raise no_way(trip)
    ways = [way for way in ways if is_open(way)]
    if not ways:
        raise WayClosed
    if arrive and ways[0].depart_s < known.now.timestamp():
        raise NotFound(
            Text(
                en=f"it is too late to be there by {moment.isoformat()}: the quickest way takes longer",
                tc=f"已來不及在 {moment.isoformat()} 到達：最快的路線亦需更長時間",
            )
        )
    in_time = [way for way in ways if not arrive or way.depart_s >= known.now.timestamp()]
    journeys = [tell(known, way) for way in in_time]
    usual = usual_way(known, task, ways[0].depart_s)
    met = {hazard.id for hazard in journeys[0].hazards}
    shut = [] if usual is None else [one for one in hazards_on(known.incidents, usual.roads) if one.closes]
    return Route(
        source=city.source.value,
        simulated=city.simulated,
        now=known.now,
        start=trip.start,
        end=trip.end,
        data=freshness(known),
        journeys=journeys,
        usual_min=None if usual is None else usual.minutes,
        avoided=[hazard for hazard in shut if hazard.id not in met],
    )


class WayClosed(NotFound):
    """Every way leads over a road that stays closed for longer than anything is known ahead."""

    def __init__(self) -> None:
        super().__init__(
            Text(
                en="every way there leads over a road that is closed, and not expected to open within a day",
                tc="前往該處的所有路線均經過已封閉的道路，預計一天內不會重開",
            )
        )


def is_open(way: Path) -> bool:
    """Whether a way does not wait before a closed road for longer than anything is known ahead."""
    return way.duration_s < REACH.total_seconds()


def no_way(trip: Trip) -> NotFound:
    """That no way leads from start to end."""
    if trip.closed:
        return NotFound(Text(en="no way leads there without what is to be avoided", tc="避開所選項目後沒有路線可到達"))
    return NotFound(Text(en="no way leads there over the roads that are known", tc="已知道路中沒有路線可到達"))


def task_of(known: Knowledge, trip: Trip) -> Task:
    """A trip as the search takes it."""
    return Task(known.roads.graph, known.outlook.middle, trip.leave.terminals, trip.reach.terminals, trip.closed)
