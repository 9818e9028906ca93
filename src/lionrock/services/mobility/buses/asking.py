"""Whom to ask: the addresses of each round, bounded and polite.

KMB tells all its stops and routes in three answers, Citybus one stop and one direction at a time.
Of Citybus only :data:`PROBING` routes are looked at, those by the numbers that cross the harbour or
use the expressways, and their static data are asked in turns: first what is unknown, then a part of the
rest, so that all of it is read again within :data:`TURNS` rounds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from lionrock.city.city import City
from lionrock.core.vocabulary import microseconds
from lionrock.services.mobility.buses.datasets import ROUTE_STOPS, ROUTES, SECTIONS, STOPS
from lionrock.services.mobility.buses.feeds import CITYBUS, KMB
from lionrock.services.mobility.buses.sections import asked_as

PROBING = re.compile(r"[1369]\d\d[A-Z]?|[AE]\d+[A-Z]?")  # cross-harbour, expressway and airport numbers
ROUND = timedelta(minutes=5)
AT_ONCE = 40  # requests a round
TURNS = 2016  # rounds of five minutes in a week

Asked = dict[str, str]


def list_kmb_routes(city: City) -> list[Asked]:
    """The chosen KMB routes; one answer has every stop in both directions."""
    groups = sorted({asked_as(visit.rpartition("/")[0]) for visit in _visits(city) if visit.startswith(f"{KMB}/")})
    return [{"route": route, "service_type": kind} for _, route, kind in (group.split("/") for group in groups)]


def list_citybus_visits(city: City) -> list[Asked]:
    """The stops of the chosen Citybus routes at which a section begins or ends."""
    stops = {kept.id: kept.record.properties["stops"] for kept in city.records(ROUTE_STOPS)}
    wanted = set()
    for visit in _visits(city):
        route, _, position = visit.rpartition("/")
        if route.startswith(f"{CITYBUS}/") and route in stops:
            wanted |= {(stop, route.split("/")[1]) for stop in stops[route][int(position) - 1 : int(position) + 1]}
    return [{"stop": stop, "route": number} for stop, number in sorted(wanted)]


def list_citybus_directions(city: City) -> list[Asked]:
    """Directions of Citybus routes whose stops are to be asked in this round."""
    words = {"O": "outbound", "I": "inbound"}
    numbers = (kept.id.partition("/")[2] for kept in city.records(ROUTES) if kept.id.startswith(f"{CITYBUS}/"))
    routes = [f"{CITYBUS}/{number}/{letter}" for number in numbers if PROBING.fullmatch(number) for letter in words]
    known = {kept.id for kept in city.records(ROUTE_STOPS)}
    parts = (route.split("/") for route in _this_round(city, routes, known))
    return [{"route": number, "direction": words[letter]} for _, number, letter in parts]


def list_citybus_stops(city: City) -> list[Asked]:
    """Citybus stops whose place is to be asked in this round."""
    of_citybus = (kept for kept in city.records(ROUTE_STOPS) if kept.id.startswith(f"{CITYBUS}/"))
    stops = sorted({stop for kept in of_citybus for stop in kept.record.properties["stops"]})
    return [{"stop": stop} for stop in _this_round(city, stops, {kept.id for kept in city.records(STOPS)})]


def _this_round(city: City, wanted: Sequence[str], known: set[str]) -> list[str]:
    """Unknown ones first, then those whose turn it is; never none (the feed shows its age), at most AT_ONCE."""
    if not wanted:
        return []
    number = microseconds(city.now()) // (ROUND // timedelta(microseconds=1))
    in_turn = [one for place, one in enumerate(wanted) if one not in known or (number + place) % TURNS == 0]
    return sorted(in_turn, key=lambda one: one in known)[:AT_ONCE] or [wanted[number % len(wanted)]]


def _visits(city: City) -> list[str]:
    return [visit for kept in city.records(SECTIONS) for visit in kept.record.properties["visits"]]
