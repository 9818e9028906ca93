"""What the buses service answers: how fast the roads let buses run, and when the next ones come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import NotFound, Quality, Text, moment_of
from lionrock.services.mobility.buses.datasets import (
    ARRIVAL,
    ARRIVALS,
    PROBE_SPEEDS,
    ROUTE_STOPS,
    ROUTES,
    SECTIONS,
    SPEED,
    SPEED_DOUBT,
    STOPS,
)
from lionrock.services.mobility.buses.speeds import is_live, tells

STALE_AFTER = timedelta(minutes=30)  # an older speed says nothing of the road now
GONE_AFTER = timedelta(minutes=1)  # a bus that was to be there so long ago has left
ANNOUNCED_FOR = timedelta(minutes=5)  # an older announcement is not repeated


@dataclass(frozen=True, slots=True)
class ProbesQuery:
    """Every section; nothing to say."""


@dataclass(frozen=True, slots=True)
class Probe:
    """The newest speed measured on one section, with its age.

    ``doubt_kmh`` is the standard doubt. ``at_limit``: the bus ran near its own limit, or too fast for so short
    a section, so that the road is about so fast or faster.
    """

    section: str
    start: Text
    end: Text
    length_m: float
    segments: list[str]
    speed_kmh: float
    doubt_kmh: float
    at_limit: bool
    at: datetime
    age_s: float


@dataclass(frozen=True, slots=True)
class Probes:
    """What buses measured in the last half hour, the slowest first; ``sections`` counts all that are watched."""

    at: datetime
    simulated: bool
    sections: int
    measured: list[Probe]


@dataclass(frozen=True, slots=True)
class StopQuery:
    """One stop, by the operator's id."""

    stop: Annotated[str, Meta(max_length=20)]


@dataclass(frozen=True, slots=True)
class NextBus:
    """One announced arrival; ``timetabled`` where it is the timetable's and no bus was seen yet."""

    route: Text
    arrives_at: datetime
    in_s: float
    timetabled: bool
    announced_at: datetime


@dataclass(frozen=True, slots=True)
class NextBuses:
    """The next buses of the probed routes at one stop, the first first; empty where none is announced."""

    at: datetime
    simulated: bool
    stop: str
    name: Text
    buses: list[NextBus]


def list_probes(city: City, _query: ProbesQuery, _caller: Caller) -> Probes:
    """Answer the newest speed of every section that a bus ran in the last half hour."""
    now = city.now()
    names = {kept.id: kept.record.title for kept in city.records(STOPS)}
    sections = {kept.id: kept.record.properties for kept in city.records(SECTIONS)}
    latest, doubts = (city.latest(PROBE_SPEEDS, what.id) for what in (SPEED, SPEED_DOUBT))
    doubt_kmh = dict(zip(doubts.sensors, doubts.value.tolist(), strict=True))
    measured = []
    columns = (latest.at_us.tolist(), latest.value.tolist(), latest.quality.tolist())
    for section, at_us, speed_kmh, quality in zip(latest.sensors, *columns, strict=True):
        at = moment_of(at_us)
        if now - at > STALE_AFTER or section not in sections:
            continue
        first, _, second = section.partition("-")
        measured.append(
            Probe(
                section=section,
                start=names[first],
                end=names[second],
                length_m=sections[section]["length_m"],
                segments=[use["id"] for use in sections[section]["segments"]],
                speed_kmh=speed_kmh,
                doubt_kmh=doubt_kmh[section],
                at_limit=bool(Quality(quality) & Quality.INVALID),
                at=at,
                age_s=(now - at).total_seconds(),
            )
        )
    measured.sort(key=lambda probe: (probe.speed_kmh, probe.section))
    watched = sum(bool(said["visits"]) for said in sections.values())
    return Probes(at=now, simulated=city.simulated, sections=watched, measured=measured)


def list_next_buses(city: City, query: StopQuery, _caller: Caller) -> NextBuses:
    """Answer the next buses at a stop, of the routes that are asked as probes; raises NotFound for an unknown stop."""
    now, stop = city.now(), city.record(STOPS, query.stop)
    visits = {
        f"{kept.id}/{position}": kept.id
        for kept in city.records(ROUTE_STOPS)
        for position, one in enumerate(kept.record.properties["stops"], 1)
        if one == query.stop
    }
    if not visits:
        raise NotFound(Text(en=f"no known route stops at {query.stop}", tc=f"沒有已知路線停靠 {query.stop}"))
    titles = {kept.id: kept.record.title for kept in city.records(ROUTES)}
    latest = city.latest(ARRIVALS, ARRIVAL.id)
    buses, spoken = [], dict[str, int]()
    for sensor, at_us in zip(latest.sensors, latest.at_us.tolist(), strict=True):
        visit = sensor.rpartition("/")[0]
        spoken[visit] = max(at_us, spoken.get(visit, at_us))
    columns = (latest.at_us.tolist(), latest.value.tolist(), latest.quality.tolist())
    for sensor, at_us, in_s, quality in zip(latest.sensors, *columns, strict=True):
        visit, at = sensor.rpartition("/")[0], moment_of(at_us)
        route = visits.get(visit)
        if route is None or now - at > ANNOUNCED_FOR or not tells(quality):
            continue
        arrives_at = at + timedelta(seconds=in_s)
        if at_us < spoken[visit] or now - arrives_at > GONE_AFTER:
            continue  # the second bus of an earlier answer is the first of a newer one; who has come is not next
        title = titles.get(route) or titles.get(route.rpartition("/")[0]) or Text(en=route.split("/")[1])
        left_s = (arrives_at - now).total_seconds()
        buses.append(NextBus(title, arrives_at, left_s, not is_live(quality), at))
    buses.sort(key=lambda bus: bus.arrives_at)
    return NextBuses(at=now, simulated=city.simulated, stop=stop.id, name=stop.record.title, buses=buses)
