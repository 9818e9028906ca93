"""What each incident has cost so far, and how far it reaches, from what the roads measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.city.holidays import is_day_off, list_holidays
from lionrock.city.place import ZONE
from lionrock.commons.spatial.roads import Roads, build_roads, detectors_on
from lionrock.core.vocabulary import Event, EventStatus, NotYet, microseconds, moment_of
from lionrock.engines.impact.estimate import FEWEST_USUAL_DAYS, Impact, estimate_impact
from lionrock.engines.impact.estimate import Incident as Place
from lionrock.engines.impact.expected import Measured
from lionrock.engines.impact.graph import Graph, Link
from lionrock.services.mobility.incidents.datasets import IMPACTS, INCIDENTS
from lionrock.services.mobility.incidents.incident import Incident, from_event
from lionrock.services.mobility.incidents.kin import find_stored
from lionrock.services.mobility.incidents.sources import DETECTORS, LANES, ROAD_NETWORK, SEGMENT_SPEEDS

SPEED_KMH, VOLUME = "speed_kmh", "volume"
STEP = timedelta(minutes=5)
PERIODS_AN_HOUR = 120  # of the detectors' half minutes
BEFORE = timedelta(hours=1)  # how the roads were just before
AFTER = timedelta(minutes=90)  # a queue outlives its cause
LONGEST = timedelta(hours=8)
LOOKS_BACK_DAYS = 21
LEAST_SHARE = 0.1  # of the time measured: with less the upper end is ten times what was seen
MOST_DAYS = 6
USUAL_LANES, USUAL_LIMIT_KMH = 3, 70.0  # of a strategic road of which nobody says

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The roads as the estimate sees them: each link's road, and the lanes of the detector that counts it."""

    graph: Graph
    roads: tuple[str, ...]
    lanes: Mapping[str, tuple[str, ...]]


def tell_costs(city: City) -> Iterator[Event]:
    """What every incident on a known link has cost by now: those that go on, and those whose queue may still stand."""
    now = _whole(city.now())
    incidents = [from_event(kept.record) for kept in city.recent(INCIDENTS, now - AFTER)]
    left = {kept.id for kept in city.records(IMPACTS)} - {incident.id for incident in incidents}  # we were away
    incidents += [stored for number in sorted(left) if (stored := find_stored(city, number)) is not None]
    wanted = [one for one in incidents if one.links and not one.merged_into and one.began <= now - STEP]
    if not wanted:
        return
    network, told, too_young = read_network(city), 0, None
    for incident in wanted:
        until = min(now, _end(incident) or now, incident.began + LONGEST)
        try:
            impact = estimate(city, network, incident, until)
        except NotYet as error:  # this road's past; another's may be longer
            too_young = error
            continue
        if impact is not None:
            told += 1
            yield _event(incident, impact, network, until)
    if too_young is not None and not told:
        raise too_young


def read_network(city: City) -> Network:
    """The network with its counting lanes; raises NotYet while there is none."""
    features = city.records(city.dataset(ROAD_NETWORK))
    heard = city.latest(city.dataset(SEGMENT_SPEEDS), SPEED_KMH).sensors
    roads = build_roads(features, frozenset(heard))
    counting = detectors_on(roads, city.records(city.dataset(DETECTORS)))
    lanes: dict[str, list[str]] = {}
    for lane in city.latest(city.dataset(LANES), VOLUME).sensors:
        lanes.setdefault(lane.split("/", 1)[0], []).append(lane)
    counted = {road: tuple(lanes[detector]) for road, detector in counting.items() if detector in lanes}
    return Network(_graph(roads, counted), tuple(link.road for link in roads.links), counted)


def estimate(city: City, network: Network, incident: Incident, until: datetime) -> Impact | None:
    """The incident's impact until then; None where its roads were not measured since it began.

    Raises NotYet with too few past days.
    """
    start = _whole(incident.began) - BEFORE
    observed = _measured(city, network, start, until)
    link = _link(network, incident, observed.speed_kmh[(incident.began - start) // STEP :])
    if link is None:
        return None
    usual = [
        _measured(city, network, start - timedelta(days=back), until - timedelta(days=back))
        for back in _days_alike(city, start)
    ]
    usual = [day for day in usual if not np.isnan(day.speed_kmh[:, link]).all()]
    if len(usual) < FEWEST_USUAL_DAYS:
        raise NotYet(f"{len(usual)} past days of this kind were measured; an estimate takes {FEWEST_USUAL_DAYS}")
    place = Place(link, (incident.began - start).total_seconds())
    return estimate_impact(network.graph, observed, usual, place, (until - start).total_seconds())


def _measured(city: City, network: Network, start: datetime, until: datetime) -> Measured:
    """Speeds and counts of every link in buckets of five minutes."""
    speeds = city.aggregate(city.dataset(SEGMENT_SPEEDS), SPEED_KMH, start, until, STEP)
    lanes = tuple(lane for each in network.lanes.values() for lane in each)
    counts = city.aggregate(city.dataset(LANES), VOLUME, start, until, STEP, lanes)
    column = {sensor: index for index, sensor in enumerate(speeds.sensors)}
    place = {lane: index for index, lane in enumerate(counts.sensors)}
    shape = (len(speeds.starts_us), len(network.roads))
    speed_kmh, vehicles_h = np.full(shape, np.nan), np.full(shape, np.nan)
    for index, road in enumerate(network.roads):
        if road in column:
            speed_kmh[:, index] = speeds.mean[:, column[road]]
        if road in network.lanes:
            of_lanes = counts.mean[:, [place[lane] for lane in network.lanes[road]]]
            vehicles_h[:, index] = _of_all_lanes(of_lanes) * PERIODS_AN_HOUR
    return Measured(speed_kmh, vehicles_h)


def _of_all_lanes(counts: Floats) -> Floats:
    """Vehicles of all lanes in half a minute; where a lane said nothing, as many as the middle of the others."""
    known = ~np.isnan(counts)
    heard = known.sum(axis=1)
    with np.errstate(invalid="ignore"):
        total: Floats = np.where(known, counts, 0.0).sum(axis=1) * counts.shape[1] / heard
    return total


def _link(network: Network, incident: Incident, since_kmh: Floats) -> int | None:
    """The incident's link: the first of its segments whose speed was measured since it began."""
    for segment in incident.links:
        for index, road in enumerate(network.roads):
            if road == segment and not np.isnan(since_kmh[:, index]).all():
                return index
    return None


def _days_alike(city: City, start: datetime) -> list[int]:
    """How many days back the newest days of the same kind (weekdays or rest days) lie."""
    holidays = list_holidays(city)
    today = start.astimezone(ZONE).date()

    def rests(back: int) -> bool:
        return is_day_off(holidays, today - timedelta(days=back))

    alike = [back for back in range(1, LOOKS_BACK_DAYS + 1) if rests(back) == rests(0)]
    return alike[:MOST_DAYS]


def _graph(roads: Roads, counted: Mapping[str, tuple[str, ...]]) -> Graph:
    ends = zip(roads.graph.tails, roads.graph.heads, strict=True)
    return Graph(
        tuple(
            Link(
                start=str(tail),
                end=str(head),
                length_km=float(link.along_m[-1]) / 1000,
                lanes=len(counted.get(link.road, ())) or USUAL_LANES,
                free_kmh=link.limit_kmh or USUAL_LIMIT_KMH,
            )
            for link, (tail, head) in zip(roads.links, ends, strict=True)
        )
    )


def _end(incident: Incident) -> datetime | None:
    """Until when a queue is put down to an incident that is over."""
    over = incident.cleared_at or incident.closed_at
    return None if over is None else _whole(over) + AFTER


def _event(incident: Incident, impact: Impact, network: Network, until: datetime) -> Event:
    """The estimate as the record that is stored and published; vehicle-hours to the tenth."""
    start = _whole(incident.began) - BEFORE
    over = _end(incident)
    final = over is not None and until >= min(over, incident.began + LONGEST)
    moments = [start + timedelta(seconds=each.at_s) for each in impact.extent]
    extent = [
        {"at": at, "links": len(each.links), "queue_km": round(each.queue_km, 2)}
        for at, each in zip(moments, impact.extent, strict=True)
    ]
    reached = [sorted({network.roads[link] for link in each.links}) for each in impact.extent]
    told: dict[str, Any] = {
        "as_of": until,
        "vehicle_hours": round(impact.middle, 1),
        "low": round(max(impact.low, 0.0), 1),
        "high": round(impact.high / max(impact.measured, LEAST_SHARE), 1),  # what was not measured may be as bad
        "queue": round(impact.queue, 1),
        "spread": round(impact.spread, 1),
        "detours": round(impact.detours, 1),
        "links": reached[-1] if reached else [],
        "queue_km": extent[-1]["queue_km"] if extent else 0.0,
        "longest_queue_km": round(max((each.queue_km for each in impact.extent), default=0.0), 2),
        "extent": extent,
        "slowed": _spells(moments, reached),
        "cleared_at": None if impact.cleared_s is None else start + timedelta(seconds=impact.cleared_s),
        "measured": round(impact.measured, 3),
    }
    return Event(
        id=incident.id,
        kind="impact",
        at=incident.began,
        status=EventStatus.CLOSED if final else EventStatus.UPDATED,
        title=incident.title,
        place=incident.place,
        lon=incident.lon,
        lat=incident.lat,
        properties=told,
    )


def _spells(moments: Sequence[datetime], reached: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """From when until when each segment was slowed without a gap, in the order of their beginnings."""
    spells, going_on = list[dict[str, Any]](), dict[str, dict[str, Any]]()
    for at, links in zip(moments, reached, strict=True):
        going_on = {link: going_on.get(link, {"link": link, "from": at}) for link in links}
        spells += [spell for spell in going_on.values() if "until" not in spell]
        for spell in going_on.values():
            spell["until"] = at + STEP
    return spells


def _whole(moment: datetime) -> datetime:
    """The last whole five minutes."""
    us = microseconds(moment)
    return moment_of(us - us % (STEP // timedelta(microseconds=1)))
