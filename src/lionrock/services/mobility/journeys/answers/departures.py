"""When to leave: the same trip at every departure of three hours, from now on or around another time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.engines.routing.search import HOURS_SEARCHED_S, Bounds, Task, bounds_of, find_earliest
from lionrock.services.mobility.journeys.answers.asking import (
    Door,
    Freshness,
    RoadName,
    Trip,
    Where,
    freshness,
    read_trip,
)
from lionrock.services.mobility.journeys.answers.route import WayClosed, is_open, no_way, task_of
from lionrock.services.mobility.journeys.desk import Knowledge, know
from lionrock.services.mobility.journeys.journey import Shares, tell, usual_way

AHEAD_MIN = (0, 15, 30, 45, 60, 75, 90, 120, 150, 180)
BEFORE = timedelta(minutes=90)  # of a later time, the comparison begins so much earlier
FORECAST_UNTIL_MIN = 90
WORTH_WAITING_MIN = 3.0  # a smaller saving is not advised
WORTH_WAITING_SHARE = 0.08


@dataclass(frozen=True, slots=True)
class DeparturesQuery:
    """From ``start`` to ``end``, at every departure."""

    start: Where
    end: Where
    avoid_tolls: bool = False
    avoid_tunnels: bool = False
    avoid_road: RoadName = ""


@dataclass(frozen=True, slots=True)
class Departure:
    """The quickest journey of one departure; its fields are those of a journey.

    ``usual_min`` is the quickest way of a usual day, whichever that is: a closed road does not make a detour usual.
    """

    in_min: int
    depart_at: datetime
    arrive_at: datetime
    duration_min: float
    low_min: float
    high_min: float
    usual_min: float | None
    toll_hkd: float | None
    rests_on: Shares


@dataclass(frozen=True, slots=True)
class Advice:
    """A later departure within the forecast that is likely to save this much against leaving now."""

    in_min: int
    depart_at: datetime
    saves_min: float
    toll_saves_hkd: float | None


@dataclass(frozen=True, slots=True)
class Departures:
    """Every departure, and the one that is worth waiting for, if any is."""

    source: str
    simulated: bool
    now: datetime
    start: Door
    end: Door
    data: Freshness
    departures: list[Departure]
    advice: Advice | None


def compare_departures(city: City, query: DeparturesQuery, _caller: Caller) -> Departures:
    """Answer how long the trip takes at each departure. Raises as ``plan_route`` does."""
    known = know(city)
    avoid = (query.avoid_tolls, query.avoid_tunnels, query.avoid_road)
    return departures_of(city, known, read_trip(city, known, (query.start, query.end), avoid))


def departures_of(city: City, known: Knowledge, trip: Trip, around: datetime | None = None) -> Departures:
    """The departures of a trip: from now on, or around a later moment; raises NotFound where no way leads there."""
    task = task_of(known, trip)
    since = known.now if around is None else max(known.now, around - BEFORE)
    bounds = bounds_of(task, since.timestamp(), since.timestamp() + AHEAD_MIN[-1] * 60 + HOURS_SEARCHED_S)
    departures = [_departure(known, trip, task, bounds, since + timedelta(minutes=ahead)) for ahead in AHEAD_MIN]
    return Departures(
        source=city.source.value,
        simulated=city.simulated,
        now=known.now,
        start=trip.start,
        end=trip.end,
        data=freshness(known),
        departures=departures,
        advice=_advice(departures) if since == known.now else None,
    )


def _departure(known: Knowledge, trip: Trip, task: Task, bounds: Bounds, at: datetime) -> Departure:
    way = find_earliest(task, at.timestamp(), bounds)
    if way is None:
        raise no_way(trip)
    if not is_open(way):
        raise WayClosed
    told, usually = tell(known, way), usual_way(known, task, way.depart_s)
    return Departure(
        in_min=round((at - known.now).total_seconds() / 60),
        depart_at=told.depart_at,
        arrive_at=told.arrive_at,
        duration_min=told.duration_min,
        low_min=told.low_min,
        high_min=told.high_min,
        usual_min=None if usually is None else usually.minutes,
        toll_hkd=told.toll_hkd,
        rests_on=told.rests_on,
    )


def _advice(departures: list[Departure]) -> Advice | None:
    """The quickest departure within the forecast, the soonest of equals, where waiting for it is worth it."""
    now = departures[0]
    best = min(
        (one for one in departures if one.in_min <= FORECAST_UNTIL_MIN), key=lambda one: (one.duration_min, one.in_min)
    )
    saves = now.duration_min - best.duration_min
    if saves < max(WORTH_WAITING_MIN, WORTH_WAITING_SHARE * now.duration_min):
        return None
    tolls = None if now.toll_hkd is None or best.toll_hkd is None else now.toll_hkd - best.toll_hkd
    return Advice(best.in_min, best.depart_at, round(saves, 1), tolls)
