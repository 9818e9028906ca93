"""Which routes are asked as probes, and the road between their stops.

The operators answer for one route (KMB) or one stop of one route (Citybus) at a time: thousands of
addresses. Only those are asked whose stops are joined by roads that report speeds, at most
:data:`KMB_ROUTES` and :data:`CITYBUS_VISITS` of them each minute, chosen so that they measure the most
metres of road that no route before them measures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from lionrock.city.city import City
from lionrock.core.vocabulary import Feature, Language, NotYet, Text
from lionrock.services.mobility.buses.datasets import ROUTE_STOPS, ROUTES, SECTIONS, STOPS
from lionrock.services.mobility.buses.feeds import CITYBUS, KMB
from lionrock.services.mobility.buses.roads import DETOUR, DETOUR_M, Roads, Use, build_roads, to_degrees, to_plane

KMB_ROUTES = 40  # requests a minute
CITYBUS_VISITS = 120  # requests a minute
ON_KNOWN_ROADS = 0.5  # of a section's length, on segments that report speeds
SHORTEST_M, LONGEST_M = 150.0, 12_000.0  # a shorter section tells of the stop, not of the road

ROAD_NETWORK_ID, SEGMENT_SPEEDS_ID, SPEED_ID = "traffic.road_network", "traffic.segment_speeds", "speed_kmh"


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """The way from one stop to the next; ``shares`` is how much of its length lies on which road segment."""

    first: str
    second: str
    length_m: float
    shares: Mapping[str, float]
    points: list[list[float]]

    @property
    def id(self) -> str:
        """The sensor of its speeds."""
        return f"{self.first}-{self.second}"


def draw_sections(city: City) -> Iterator[Feature]:
    """The sections of the chosen routes that still run; one that is chosen no more keeps its line, loses its visits.

    Raises NotYet before stops, routes, roads and speeds are known.
    """
    running = {kept.id for kept in city.records(ROUTES)}
    lists = {kept.id: kept.record.properties["stops"] for kept in city.records(ROUTE_STOPS)}
    routes = {route: stops for route, stops in lists.items() if is_running(route, running)}
    stops = {kept.id: kept.record for kept in city.records(STOPS)}
    places = {known: stop.geometry["coordinates"] for known, stop in stops.items()}
    network = city.records(city.dataset(ROAD_NETWORK_ID))
    heard = frozenset(city.latest(city.dataset(SEGMENT_SPEEDS_ID), SPEED_ID).sensors)
    if not (routes and places and network and heard):
        raise NotYet("sections between stops wait for the stops, the routes, the road network and its speeds")
    roads = build_roads((kept.id, kept.record.geometry, kept.record.properties["travel_direction"]) for kept in network)
    chosen = dict(chosen_visits(routes, find_sections(roads, routes, places, heard)))
    for section, visits in chosen.items():
        yield Feature(
            id=section.id,
            geometry={"type": "LineString", "coordinates": section.points},
            title=_from_to(stops[section.first].title, stops[section.second].title),
            properties={
                "length_m": round(section.length_m, 1),
                "segments": [{"id": name, "share": round(share, 3)} for name, share in section.shares.items()],
                "visits": visits,
            },
        )
    still = {section.id for section in chosen}
    for kept in city.records(SECTIONS):
        if kept.id not in still:
            yield replace(kept.record, properties=kept.record.properties | {"visits": []})


def is_running(route: str, running: Collection[str]) -> bool:
    """Whether a route whose stops are known is still listed; Citybus lists its routes without a direction."""
    return route in running or route.rpartition("/")[0] in running


def _from_to(first: Text, second: Text) -> Text:
    both = {code: f"{first.say(code)} → {second.say(code)}" for code in Language}
    return Text(en=both[Language.EN], tc=both[Language.TC], sc=both[Language.SC])


def find_sections(
    roads: Roads, routes: Mapping[str, list[str]], places: Mapping[str, list[float]], heard: frozenset[str]
) -> dict[tuple[str, str], Section]:
    """The section between every two neighbouring stops that known roads join. ``heard``: segments with speeds."""
    pairs = sorted({pair for stops in routes.values() for pair in pairwise(stops) if pair[0] != pair[1]})
    named = sorted({stop for pair in pairs for stop in pair if stop in places})
    if not named:
        return {}
    plane = to_plane(*zip(*(places[stop] for stop in named), strict=True))
    at = dict(zip(named, plane, strict=True))
    snapped = {stop: roads.snap(point) for stop, point in at.items()}
    found: dict[tuple[str, str], Section] = {}
    for first, second in pairs:
        if not (snapped.get(first) and snapped.get(second)):
            continue
        straight_m = float(((at[first] - at[second]) ** 2).sum() ** 0.5)
        uses = roads.way(snapped[first], snapped[second], min(straight_m * DETOUR + DETOUR_M, LONGEST_M))
        section = None if uses is None else _section(roads, first, second, uses)
        if (
            section is not None
            and sum(section.shares[name] for name in section.shares if name in heard) >= ON_KNOWN_ROADS
        ):
            found[first, second] = section
    return found


def chosen_visits(
    routes: Mapping[str, list[str]], sections: Mapping[tuple[str, str], Section]
) -> Iterator[tuple[Section, list[str]]]:
    """Every section of the chosen routes with the visits (``route/position of its first stop``) that run it."""
    of_route = {
        route: {position: sections[pair] for position, pair in enumerate(pairwise(stops), 1) if pair in sections}
        for route, stops in routes.items()
    }
    visits: dict[str, list[str]] = {}
    chosen: dict[str, Section] = {}
    for route in choose_routes(of_route):
        for position, section in of_route[route].items():
            chosen[section.id] = section
            visits.setdefault(section.id, []).append(f"{route}/{position}")
    for name in sorted(chosen):
        yield chosen[name], sorted(visits[name])


def choose_routes(of_route: Mapping[str, Mapping[int, Section]]) -> list[str]:
    """Routes by the metres of road that each adds, until the allowance of requests is used up.

    Both directions of a KMB route come in one answer and count once; a Citybus route costs a request
    for each stop.
    """
    groups: dict[str, list[str]] = {}
    for route in sorted(of_route):
        groups.setdefault(asked_as(route), []).append(route)
    left = {KMB: KMB_ROUTES, CITYBUS: CITYBUS_VISITS}
    covered: set[str] = set()
    chosen: list[str] = []
    waiting = dict(groups)
    while waiting:
        gains = Counter({group: _new_metres(waiting[group], of_route, covered) for group in sorted(waiting)})
        group, gain_m = gains.most_common(1)[0]
        routes = waiting.pop(group)
        operator = group.partition("/")[0]
        cost = 1 if operator == KMB else len(asked_positions(routes, of_route))
        if gain_m <= 0:
            break
        if cost > left[operator]:
            continue
        left[operator] -= cost
        covered |= {section.id for route in routes for section in of_route[route].values()}
        chosen += routes
    return chosen


def asked_as(route: str) -> str:
    """What one answer covers: ``KMB/960/1`` (both directions), or ``CTB/A21``."""
    operator, number, *rest = route.split("/")
    return f"{operator}/{number}/{rest[-1]}" if operator == KMB else f"{operator}/{number}"


def asked_positions(routes: Iterable[str], of_route: Mapping[str, Mapping[int, Section]]) -> set[tuple[str, int]]:
    """Every (route, position) of which an arrival is needed: both ends of each section."""
    return {(route, end) for route in routes for position in of_route[route] for end in (position, position + 1)}


def _new_metres(routes: list[str], of_route: Mapping[str, Mapping[int, Section]], covered: set[str]) -> float:
    new = {section.id: section.length_m for route in routes for section in of_route[route].values()}
    return sum(length_m for name, length_m in new.items() if name not in covered)


def _section(roads: Roads, first: str, second: str, uses: list[Use]) -> Section | None:
    length_m = sum(use.length_m for use in uses)
    if not SHORTEST_M <= length_m <= LONGEST_M:
        return None
    shares: dict[str, float] = {}
    for use in uses:
        name = roads.lines[use.line].id
        shares[name] = shares.get(name, 0.0) + use.length_m / length_m
    return Section(first, second, length_m, shares, to_degrees(roads.drawn(uses)))
