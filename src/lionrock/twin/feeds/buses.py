"""The bus operators' arrival services: KMB's (version 1) and Citybus's (version 2).

What an operator announces is its own guess: from where each bus is, at the speeds of the moment,
wrong by some percent of the time to go. Rows speak of ``data_timestamp``, half a minute before the answer.
A bus stays announced for about a minute after it came, with the time at which it did. KMB knows its
service type as text in static data and as a number in arrivals; Citybus writes nothing for "not known".
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import Text
from lionrock.twin.buses import DWELL_MEDIAN_S, Trips, run_line, section_times
from lionrock.twin.buslines import CITYBUS, KMB, BusLine, BusStop, lines_of, list_stops
from lionrock.twin.calendar import HONG_KONG, local_day, second_of_day
from lionrock.twin.chance import number_for, stream_for
from lionrock.twin.city import TwinCity

SERVICE_TYPE = 1
ANNOUNCED = 3  # arrivals of a stop at once
STAYS_S = 60.0  # how long a bus is announced after it came
FARTHEST_S = 75 * 60.0
GUESS = 0.06  # standard deviation of an announced time to go, in shares of it
PLACED_S = 3.0  # and of where the bus is
SEEN_BEFORE_S = 120.0  # a bus at its terminus is seen so long before it leaves
LAG_S = (12, 45)
SCHEDULED = Text(en="Scheduled Bus", tc="原定班次")
LAST = Text(en="The final bus has departed from this stop", tc="尾班車已過本站")
VERSIONS = {KMB: "1.0", CITYBUS: "2.0"}

Floats = NDArray[np.float64]
Shown = tuple[float | None, bool]


def data_moment(seed: int, operator: str, published: datetime) -> datetime:
    """The moment that an answer of ``published`` speaks of."""
    early, late = LAG_S
    lag_s = early + number_for(seed, operator, published.isoformat(), "bus lag") % (late - early)
    return (published - timedelta(seconds=lag_s)).replace(microsecond=0)


@lru_cache(maxsize=64)
def announce(city: TwinCity, line: BusLine, at: datetime) -> tuple[tuple[Shown, ...], ...]:
    """What is announced at each stop: (seconds since midnight, whether from the timetable), the first bus first."""
    day, now_s = local_day(at), second_of_day(at)
    trips = run_line(city, day, line)
    truth, period = city.period_at(at)
    times_s = section_times(line, truth.link_speed[period].astype(np.float64) / 10)
    arrivals_s, seen = guess_arrivals(city.seed, line, trips, times_s, now_s)
    stops = []
    for stop in range(arrivals_s.shape[1]):
        shown = (arrivals_s[:, stop] > now_s - STAYS_S) & (arrivals_s[:, stop] < now_s + FARTHEST_S)
        order = np.flatnonzero(shown)[np.argsort(arrivals_s[shown, stop], kind="stable")][:ANNOUNCED]
        rows: list[Shown] = [(float(np.round(arrivals_s[trip, stop])), not seen[trip]) for trip in order.tolist()]
        stops.append(tuple(rows) or ((None, False),))
    return tuple(stops)


def guess_arrivals(
    seed: int, line: BusLine, trips: Trips, times_s: Floats, now_s: float
) -> tuple[Floats, NDArray[np.bool_]]:
    """When each bus arrives at each stop as the operator sees it at ``now_s``, and which buses it sees at all.

    What has been is known to some seconds; what is ahead is where the bus is now plus ``times_s`` for each section.
    """
    chance = stream_for(seed, line.operator, line.route, line.bound, round(now_s // 86_400), "bus guesses")
    bias = 1 + GUESS * np.clip(chance.standard_normal((len(trips.scheduled_s), 1)), -2, 2)
    placed_s = PLACED_S * np.clip(chance.standard_normal(trips.arrived_s.shape), -2, 2)
    seen = trips.arrived_s[:, 0] - SEEN_BEFORE_S <= now_s
    been = trips.arrived_s <= now_s
    reached = been.sum(axis=1)  # how many stops each bus has reached
    stops = trips.arrived_s.shape[1]
    standing_s = np.where(np.arange(stops - 1) > 0, DWELL_MEDIAN_S, 0.0)  # a bus leaves its terminus when it departs
    ahead = np.concatenate(([0.0], (times_s + standing_s).cumsum()))
    guessed = trips.arrived_s + placed_s
    for trip in range(len(reached)):
        done = int(reached[trip])
        if done >= stops:
            continue
        if done == 0:
            start_s = trips.arrived_s[trip, 0] if seen[trip] else trips.scheduled_s[trip]
            guessed[trip] = start_s + ahead * bias[trip]
            continue
        into = (now_s - trips.left_s[trip, done - 1]) / (trips.arrived_s[trip, done] - trips.left_s[trip, done - 1])
        waiting_s = max(0.0, trips.left_s[trip, done - 1] - now_s)
        next_s = now_s + waiting_s + (1 - max(0.0, into)) * times_s[done - 1] * bias[trip, 0]
        guessed[trip, done:] = next_s + (ahead[done:] - ahead[done]) * bias[trip] + placed_s[trip, done]
    return guessed, seen


def render_kmb_arrivals(city: TwinCity, published: datetime, route: str) -> bytes:
    """``route-eta/{route}/1``: every stop of both directions."""
    at = data_moment(city.seed, KMB, published)
    rows = []
    for line in (line for line in lines_of(KMB) if line.route == route):
        for seq, shown in enumerate(announce(city, line, at), 1):
            rows += [
                {
                    "co": KMB,
                    "route": route,
                    "dir": line.bound,
                    "service_type": SERVICE_TYPE,
                    "seq": seq,
                    **_three("dest", line.end, upper=True),
                    "eta_seq": place,
                    "eta": None if arrival_s is None else _stamp(at, arrival_s),
                    **_three("rmk", _remark(arrival_s, scheduled=scheduled)),
                    "data_timestamp": _iso(at),
                }
                for place, (arrival_s, scheduled) in enumerate(shown, 1)
            ]
    return _answer(KMB, "RouteETA", rows, published)


def render_citybus_arrivals(city: TwinCity, published: datetime, stop_id: str, route: str) -> bytes:
    """``eta/CTB/{stop}/{route}``: one stop, both directions where it serves both; an empty list where none comes."""
    at = data_moment(city.seed, CITYBUS, published)
    rows: list[dict[str, Any]] = []
    for line in (line for line in lines_of(CITYBUS) if line.route == route):
        for seq, (stop, shown) in enumerate(zip(list_stops(line), announce(city, line, at), strict=True), 1):
            if stop.id != stop_id:
                continue
            rows += [
                {
                    "co": CITYBUS,
                    "route": route,
                    "dir": line.bound,
                    "seq": seq,
                    "stop": stop_id,
                    **_three("dest", line.end),
                    "eta": _stamp(at, arrival_s),
                    **_three("rmk", SCHEDULED if scheduled else Text()),
                    "eta_seq": place,
                    "data_timestamp": _iso(at),
                }
                for place, (arrival_s, scheduled) in enumerate(shown, 1)
                if arrival_s is not None
            ]
    return _answer(CITYBUS, "ETA", rows, published)


def render_kmb_routes(published: datetime) -> bytes:
    """``route/``."""
    rows = [
        {"route": line.route, "bound": line.bound, "service_type": str(SERVICE_TYPE)}
        | _three("orig", line.start, upper=True)
        | _three("dest", line.end, upper=True)
        for line in lines_of(KMB)
    ]
    return _answer(KMB, "RouteList", rows, published)


def render_kmb_stops(published: datetime) -> bytes:
    """``stop``: degrees are text."""
    return _answer(KMB, "StopList", [_stop(stop) for stop in list_stops_of(KMB)], published)


def render_kmb_route_stops(published: datetime) -> bytes:
    """``route-stop``: positions and service types are text."""
    rows = [
        {"route": line.route, "bound": line.bound, "service_type": str(SERVICE_TYPE), "seq": str(seq), "stop": stop.id}
        for line in lines_of(KMB)
        for seq, stop in enumerate(list_stops(line), 1)
    ]
    return _answer(KMB, "RouteStopList", rows, published)


def render_citybus_routes(published: datetime) -> bytes:
    """``route/CTB``: a route without its directions."""
    rows = [
        {"co": CITYBUS, "route": line.route}
        | _three("orig", line.start)
        | _three("dest", line.end)
        | {"data_timestamp": _iso(published)}
        for line in lines_of(CITYBUS)
        if line.bound == "O"
    ]
    return _answer(CITYBUS, "RouteList", rows, published)


def render_citybus_route_stops(published: datetime, line: BusLine) -> bytes:
    """``route-stop/CTB/{route}/{direction}``: positions are numbers."""
    rows = [
        {"co": CITYBUS, "route": line.route, "dir": line.bound, "seq": seq, "stop": stop.id}
        | {"data_timestamp": _iso(published)}
        for seq, stop in enumerate(list_stops(line), 1)
    ]
    return _answer(CITYBUS, "RouteStop", rows, published)


def render_citybus_stop(published: datetime, stop: BusStop) -> bytes:
    """``stop/{stop}``: one object, no list."""
    return _answer(CITYBUS, "Stop", _stop(stop) | {"data_timestamp": _iso(published)}, published)


@cache
def list_stops_of(operator: str) -> tuple[BusStop, ...]:
    """Every stop of an operator once, by id."""
    stops = {stop.id: stop for line in lines_of(operator) for stop in list_stops(line)}
    return tuple(stops[known] for known in sorted(stops))


def _stop(stop: BusStop) -> dict[str, Any]:
    place = {"lat": f"{stop.lat:.6f}", "long": f"{stop.lon:.6f}"}
    return {"stop": stop.id} | _three("name", stop.name) | place


def _remark(arrival_s: float | None, *, scheduled: bool) -> Text:
    if arrival_s is None:
        return LAST
    return SCHEDULED if scheduled else Text()


def _three(key: str, text: Text, *, upper: bool = False) -> dict[str, str]:
    return {f"{key}_tc": text.tc, f"{key}_sc": text.sc, f"{key}_en": text.en.upper() if upper else text.en}


def _stamp(at: datetime, second: float) -> str:
    return _iso(at - timedelta(seconds=second_of_day(at)) + timedelta(seconds=second))


def _iso(moment: datetime) -> str:
    return moment.astimezone(HONG_KONG).isoformat(timespec="seconds")


def _answer(operator: str, kind: str, data: Any, published: datetime) -> bytes:
    body = {"type": kind, "version": VERSIONS[operator], "generated_timestamp": _iso(published), "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
