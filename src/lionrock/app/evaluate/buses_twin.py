"""Probe speeds against the twin's truth: the twin announces, we measure, the simulated links know better.

The truth of a run is what traffic did on its section while the bus was on it: the section's length over
the sum of each link's length by its speed, averaged over the periods between the two arrivals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, Quality, Reading
from lionrock.engines.bootstrap import mean_between
from lionrock.services.mobility.buses.datasets import SPEED, SPEED_DOUBT
from lionrock.services.mobility.buses.feeds import parse_arrivals, parse_route_stops, parse_stops
from lionrock.services.mobility.buses.passages import Told, follow
from lionrock.services.mobility.buses.roads import build_roads
from lionrock.services.mobility.buses.sections import Section, chosen_visits, find_sections
from lionrock.services.mobility.buses.speeds import LIMITER_KMH, is_live, section_speeds, tells
from lionrock.services.mobility.traffic.feeds.network import parse_road_network
from lionrock.twin.buses import run_line
from lionrock.twin.buslines import CITYBUS, KMB, BusLine, lines_of, list_stops
from lionrock.twin.calendar import midnight
from lionrock.twin.city import TwinCity
from lionrock.twin.day import PERIOD_S, DayTruth
from lionrock.twin.feeds import buses
from lionrock.twin.feeds.segments import render_centerlines
from lionrock.twin.network import list_links

QUARTER_S, ENOUGH_BUSES = 900, 3
BLOCK_S = 1800  # what traffic does in half an hour is alike: intervals draw whole ones
SEED = 1
BANDS_KMH = ((0.0, 20.0), (20.0, 40.0), (40.0, 62.0), (62.0, 200.0))


@dataclass(frozen=True, slots=True)
class Compared:
    """One measured speed with its doubt, beside what traffic did."""

    section: str
    at: datetime
    measured_kmh: float
    doubt_kmh: float
    true_kmh: float
    at_limit: bool


Scored = tuple[datetime, float, float]
"""A moment, the speed measured, and the true one."""


def compare_with_twin(
    city: TwinCity, day: date, start: timedelta, end: timedelta, routes: Iterable[str] | None = None
) -> tuple[list[Compared], int]:
    """Every probe speed of a span of a simulated day with its truth, and how many runs there were to measure."""
    lines = [line for line in (*lines_of(KMB), *lines_of(CITYBUS)) if routes is None or line.route in routes]
    sections = draw_twin_sections(lines)
    answers = read_day(city, day, start, end, lines)
    tracks = {visit: follow(told) for visit, told in answers.items()}
    truth = city.truth_of(day)
    compared = []
    for section, visits in sections:
        readings = list(section_speeds(section.id, section.length_m, visits, tracks))
        doubts = {(one.at, one.sensor): one.value for one in readings if one.property == SPEED_DOUBT.id}
        compared += [
            Compared(
                section=section.id,
                at=one.at,
                measured_kmh=one.value,
                doubt_kmh=doubts[one.at, one.sensor] or 0.0,
                true_kmh=true_speed(truth, section, day, one),
                at_limit=one.quality != Quality.GOOD,
            )
            for one in readings
            if one.property == SPEED.id and one.value is not None
        ]
    return compared, count_runs(city, day, start, end, lines, sections)


def draw_twin_sections(lines: Iterable[BusLine]) -> list[tuple[Section, list[str]]]:
    """The platform's own sections, from the bytes that the twin publishes of its roads, stops and lines."""
    published = midnight(date(2026, 1, 1))
    wanted = {(line.route, line.bound) for line in lines}
    network = list(parse_road_network(_download(render_centerlines(), published)))
    bodies = [buses.render_kmb_route_stops(published)]
    bodies += [buses.render_citybus_route_stops(published, line) for line in lines_of(CITYBUS)]
    routes = {
        feature.id: feature.properties["stops"]
        for body in bodies
        for feature in parse_route_stops(_download(body, published))
        if tuple(feature.id.split("/")[1:3]) in wanted
    }
    stops: list[Feature] = list(parse_stops(_download(buses.render_kmb_stops(published), published)))
    for stop in buses.list_stops_of(CITYBUS):
        stops += parse_stops(_download(buses.render_citybus_stop(published, stop), published))
    places = {stop.id: stop.geometry["coordinates"] for stop in stops if stop.geometry is not None}
    roads = build_roads((road.id, road.geometry, road.properties["travel_direction"]) for road in network)
    heard = frozenset(road.id for road in network)
    return list(chosen_visits(routes, find_sections(roads, routes, places, heard)))


def read_day(
    city: TwinCity, day: date, start: timedelta, end: timedelta, lines: Iterable[BusLine]
) -> dict[str, list[Told]]:
    """What the platform would have read, minute by minute, as answers by stop visit."""
    rows: dict[str, dict[float, list[Reading]]] = defaultdict(lambda: defaultdict(list))
    published = midnight(day) + start
    while published < midnight(day) + end:
        for body in _bodies(city, published, lines):
            for reading in parse_arrivals(_download(body, published)):
                rows[reading.sensor.rpartition("/")[0]][reading.at.timestamp()].append(reading)
        published += timedelta(minutes=1)
    return {visit: [_told(at_s, said[at_s]) for at_s in sorted(said)] for visit, said in rows.items()}


def true_speed(truth: DayTruth, section: Section, day: date, reading: Reading) -> float:
    """What traffic did on the section in the time that the bus took to run it, by the measured speed."""
    columns = {str(link.route_id): column for column, link in enumerate(list_links())}
    begin_s = (reading.at - midnight(day)).total_seconds()
    took_s = section.length_m / max(reading.value or 0.0, 1.0) * 3.6
    periods = slice(int(begin_s // PERIOD_S), int((begin_s + took_s) // PERIOD_S) + 1)
    hours_a_km = 0.0
    for name, share in section.shares.items():
        hours_a_km += share / max(float(truth.link_speed[periods, columns[name]].mean()) / 10, 1.0)
    return 1 / hours_a_km


def count_runs(
    city: TwinCity,
    day: date,
    start: timedelta,
    end: timedelta,
    lines: Iterable[BusLine],
    sections: Iterable[tuple[Section, list[str]]],
) -> int:
    """How many buses ran a section from end to end within the span."""
    visits = {visit for _, known in sections for visit in known}
    count = 0
    for line in lines:
        trips = run_line(city, day, line)
        route = "/".join((line.operator, line.route, line.bound, *(["1"] if line.operator == KMB else [])))
        inside = (trips.arrived_s[:, :-1] >= start.total_seconds()) & (trips.arrived_s[:, 1:] < end.total_seconds())
        wanted = [f"{route}/{position}" in visits for position in range(1, trips.arrived_s.shape[1])]
        count += int(inside[:, wanted].sum())
    return count


def summarize(compared: list[Compared], runs: int) -> dict[str, Any]:
    """Errors of the speeds that are called good, by the true speed, and how much of the traffic was measured.

    ``quarters``: the median of three or more buses of one section in a quarter of an hour, those at their limit
    too, beside the mean truth; both count as :data:`LIMITER_KMH` where they are above it.
    """
    good = [one for one in compared if not one.at_limit]
    within = [abs(one.measured_kmh - one.true_kmh) <= one.doubt_kmh for one in good]
    return {
        "runs": runs,
        "measured": len(compared),
        "at_limit": len(compared) - len(good),
        "at_limit_true_kmh": _quantiles([one.true_kmh for one in compared if one.at_limit]),
        "within_doubt": round(float(np.mean(within)), 3) if within else None,
        "all": _errors([(one.at, one.measured_kmh, one.true_kmh) for one in good]),
        "bands": [
            {"from_kmh": low, "to_kmh": high}
            | _errors([(one.at, one.measured_kmh, one.true_kmh) for one in good if low <= one.true_kmh < high])
            for low, high in BANDS_KMH
        ],
        "quarters": _errors(_quarters(compared)),
    }


def _quarters(compared: list[Compared]) -> list[Scored]:
    together: dict[tuple[str, int], list[Compared]] = defaultdict(list)
    for one in compared:
        together[one.section, int(one.at.timestamp() // QUARTER_S)].append(one)
    quarters = []
    for several in together.values():
        if len(several) >= ENOUGH_BUSES:
            measured = float(np.median([min(one.measured_kmh, LIMITER_KMH) for one in several]))
            true = float(np.mean([min(one.true_kmh, LIMITER_KMH) for one in several]))
            quarters.append((several[0].at, measured, true))
    return quarters


def _errors(scored: list[Scored]) -> dict[str, Any]:
    """Errors of speeds, and the block bootstrap's 95% interval of their mean."""
    if not scored:
        return {"count": 0}
    measured, true = np.array([pair for _, *pair in scored]).T
    error = measured - true
    _, block = np.unique([at.timestamp() // BLOCK_S for at, _, _ in scored], return_inverse=True)
    totals, counts = (np.bincount(block, each).astype(np.float64) for each in (np.abs(error), np.ones(len(error))))
    return {
        "count": len(scored),
        "mae_kmh": round(float(np.abs(error).mean()), 2),
        "mae_between_kmh": mean_between(totals, counts, SEED),
        "bias_kmh": round(float(error.mean()), 2),
        "median_share": round(float(np.median(np.abs(error) / true)), 3),
        "p90_share": round(float(np.quantile(np.abs(error) / true, 0.9)), 3),
    }


def _quantiles(values: list[float]) -> list[float]:
    return np.quantile(values, (0.1, 0.5, 0.9)).round(1).tolist() if values else []


def _bodies(city: TwinCity, published: datetime, lines: Iterable[BusLine]) -> Iterable[bytes]:
    for route in sorted({line.route for line in lines if line.operator == KMB}):
        yield buses.render_kmb_arrivals(city, published, route)
    for line in lines:
        if line.operator == CITYBUS and line.bound == "O":
            for stop in {stop.id for way in lines_of(CITYBUS) if way.route == line.route for stop in list_stops(way)}:
                yield buses.render_citybus_arrivals(city, published, stop, line.route)


def _told(at_s: float, readings: list[Reading]) -> Told:
    usable = sorted((at_s + r.value, is_live(r.quality)) for r in readings if tells(r.quality) and r.value is not None)
    return Told(at_s, tuple(arrival for arrival, _ in usable), tuple(live for _, live in usable))


def _download(body: bytes, published: datetime) -> Download:
    return Download(body=body, url="https://example.org/buses", received_at=published)
