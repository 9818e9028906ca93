"""One way, told: how long with its range, on what that rests, the roads one by one, and the tolls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import groupby

import numpy as np

from lionrock.commons.spatial.roads import Floats, Link
from lionrock.core.vocabulary import Text
from lionrock.engines.routing.field import SpeedField, leave_s
from lionrock.engines.routing.graph import Path
from lionrock.engines.routing.search import Task, find_earliest, retimed
from lionrock.engines.routing.spread import Correlation, total_quantiles
from lionrock.services.mobility.journeys.desk import Knowledge
from lionrock.services.mobility.journeys.hazards import Hazard, hazards_on
from lionrock.services.mobility.journeys.outlook import Basis
from lionrock.services.mobility.journeys.tolls import Charge, charges

# Chosen on two of the twin's days (learned from ten before): docs/performance.md has what it covers on others.
# The twin knows no error that all roads share, such as a storm that nobody forecast: a live city must choose anew.
TOGETHER = Correlation(common=0.0, reach_m=1000.0)
ACCESS_QUICK, ACCESS_SLOW = 0.6, 1.6  # local streets are assumed: this much less or more
DIGITS = 5  # of a degree: a metre
NAMED = 2  # roads that tell one way from another


@dataclass(frozen=True, slots=True)
class Shares:
    """What parts of the duration rest on what; they add up to 1."""

    measured: float
    forecast: float
    usual: float
    assumed: float


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of one road. ``basis`` is what most of its time rests on; ``coordinates`` are lon/lat.

    ``road_ids`` are the network's ROUTE_IDs in the order driven.
    """

    road: Text
    road_ids: list[str]
    distance_km: float
    minutes: float
    speed_kmh: float
    limit_kmh: float | None
    tunnel: bool
    basis: str
    coordinates: list[list[float]]


@dataclass(frozen=True, slots=True)
class Journey:
    """One way from door to door. ``low_min`` and ``high_min`` hold eight journeys in ten between them.

    ``usual_min`` is the same way on a usual day, None while none is known; ``toll_hkd`` is for a private
    car, None where the tables received do not say it. ``access_min`` is what local streets are assumed
    to take at both ends, and part of the duration. ``hazards`` are open incidents on its roads.
    """

    via: Text
    depart_at: datetime
    arrive_at: datetime
    duration_min: float
    low_min: float
    high_min: float
    usual_min: float | None
    distance_km: float
    speed_kmh: float
    toll_hkd: float | None
    tolls: list[Charge]
    access_min: float
    rests_on: Shares
    hazards: list[Hazard]
    legs: list[Leg]


def tell(known: Knowledge, path: Path) -> Journey:
    """A found way as a journey."""
    bases = _bases(known, path)
    seconds = np.diff(path.times_s)
    access_s = path.duration_s - float(seconds.sum())
    low_s, high_s = spread_of(known, path)
    metres = sum(path.metres)
    due = charges(known.tolls, path.links, (_moment(moment) for moment in path.times_s[:-1]))
    return Journey(
        via=_via(known, path),
        depart_at=_moment(path.depart_s),
        arrive_at=_moment(path.arrive_s),
        duration_min=_minutes(path.duration_s),
        low_min=_minutes(low_s),
        high_min=_minutes(high_s),
        usual_min=usual_minutes(known, path),
        distance_km=round(metres / 1000, 2),
        speed_kmh=round(metres / float(seconds.sum()) * 3.6, 1) if seconds.sum() > 0 else 0.0,
        toll_hkd=None if due is None else sum(charge.hkd for charge in due),
        tolls=due or [],
        access_min=_minutes(access_s),
        rests_on=_shares(bases, seconds, access_s),
        hazards=hazards_on(known.incidents, {known.roads.links[link].road for link in path.links}),
        legs=_legs(known, path, bases),
    )


def usual_minutes(known: Knowledge, path: Path) -> float | None:
    """How long the same way takes on a usual day when left at the same time."""
    usual = known.outlook.usual
    return None if usual is None else _minutes(retimed(usual, path, path.depart_s).duration_s)


@dataclass(frozen=True, slots=True)
class UsualWay:
    """The quickest way of a usual day, without what was announced today: its minutes, and its roads."""

    minutes: float
    roads: frozenset[str]


def usual_way(known: Knowledge, task: Task, depart_s: float) -> UsualWay | None:
    """The quickest way of a usual day between the ends of a task; None while no day is usual."""
    usual = known.outlook.usual
    way = None if usual is None else find_earliest(replace(task, field=usual), depart_s)
    if way is None:
        return None
    return UsualWay(_minutes(way.duration_s), frozenset(known.roads.links[link].road for link in way.links))


def spread_of(known: Knowledge, path: Path, together: Correlation = TOGETHER) -> tuple[float, float]:
    """The low and the high end of a way's duration in seconds: eight journeys in ten lie between."""
    before_s, after_s = path.times_s[0] - path.depart_s, path.arrive_s - path.times_s[-1]
    slow, quick = (_seconds(field, path) for field in (known.outlook.low, known.outlook.high))
    middle = np.concatenate([[before_s], np.diff(path.times_s), [after_s]])
    slow = np.concatenate([[before_s * ACCESS_SLOW], slow, [after_s * ACCESS_SLOW]])
    quick = np.concatenate([[before_s * ACCESS_QUICK], quick, [after_s * ACCESS_QUICK]])
    ends = np.concatenate([[0.0], np.cumsum(path.metres)])
    along = np.concatenate([[0.0], (ends[:-1] + ends[1:]) / 2, [ends[-1]]])
    low, _, high = total_quantiles(middle, np.minimum(quick, middle), np.maximum(slow, middle), along, together)
    return low, high


def _seconds(field: SpeedField, path: Path) -> Floats:
    """How long each link takes at another field's speeds, entered when the path enters it."""
    moments, speeds = field.moments, field.speeds
    return np.array(
        [
            leave_s(moments, speeds[link], entered, metres) - entered
            for link, entered, metres in zip(path.links, path.times_s, path.metres, strict=False)
        ]
    )


def _bases(known: Knowledge, path: Path) -> list[Basis]:
    """What the speed of each link rests on at the moment of its middle."""
    field = known.outlook.middle
    middles = (np.array(path.times_s[:-1]) + np.array(path.times_s[1:])) / 2
    edges = (field.times_s[:-1] + field.times_s[1:]) / 2  # each moment speaks for the time nearest to it
    rows = np.searchsorted(edges, middles)
    found = known.outlook.basis[rows, field.columns[list(path.links)]]
    return [Basis(value) for value in found.tolist()]


def _shares(bases: list[Basis], seconds: Floats, access_s: float) -> Shares:
    total = dict.fromkeys(Basis, 0.0)
    for basis, taken in zip(bases, seconds.tolist(), strict=True):
        total[basis] += taken
    total[Basis.ASSUMED] += access_s
    whole = sum(total.values())
    return Shares(*(round(total[basis] / whole, 3) if whole > 0 else 0.0 for basis in Basis))


def _legs(known: Knowledge, path: Path, bases: list[Basis]) -> list[Leg]:
    legs = []
    for _, numbered in groupby(range(len(path.links)), key=lambda place: known.roads.links[path.links[place]].name):
        places = list(numbered)
        links = [known.roads.links[path.links[place]] for place in places]
        metres = sum(path.metres[place] for place in places)
        seconds = path.times_s[places[-1] + 1] - path.times_s[places[0]]
        longest = max(places, key=lambda place: path.times_s[place + 1] - path.times_s[place])
        coordinates: list[list[float]] = []
        for place, link in zip(places, links, strict=True):
            drawn = _driven(link, path, place)
            coordinates += drawn if not coordinates else drawn[1:]
        legs.append(
            Leg(
                road=links[0].name,
                road_ids=[link.road for link in links],
                distance_km=round(metres / 1000, 2),
                minutes=_minutes(seconds),
                speed_kmh=round(metres / seconds * 3.6, 1) if seconds > 0 else 0.0,
                limit_kmh=links[0].limit_kmh,
                tunnel=links[0].tunnel,
                basis=bases[longest].name.lower(),
                coordinates=coordinates,
            )
        )
    return legs


def _driven(link: Link, path: Path, place: int) -> list[list[float]]:
    """The part of a link that is driven."""
    begin = path.begin_m if place == 0 else 0.0
    end = min(begin + path.metres[place], float(link.along_m[-1]))
    inside = [
        point for point, along in zip(link.points.tolist(), link.along_m.tolist(), strict=True) if begin < along < end
    ]
    points = [_at(link, begin), *inside, _at(link, end)]
    return [[round(lon, DIGITS), round(lat, DIGITS)] for lon, lat in points]


def _at(link: Link, along_m: float) -> list[float]:
    return [float(np.interp(along_m, link.along_m, link.points[:, axis])) for axis in (0, 1)]


def _via(known: Knowledge, path: Path) -> Text:
    """The roads that make up most of the way, in the order driven: its tunnels first of all."""
    length: dict[Text, float] = {}
    tunnels: set[Text] = set()
    for link, metres in zip(path.links, path.metres, strict=True):
        road = known.roads.links[link]
        if road.name.en or road.name.tc:
            length[road.name] = length.get(road.name, 0.0) + metres
            tunnels |= {road.name} if road.tunnel else set()
    chosen = sorted(length, key=lambda name: (name not in tunnels, -length[name]))[:NAMED]
    names = [name for name in length if name in chosen]
    return Text(en=", ".join(name.en or name.tc for name in names), tc="、".join(name.tc or name.en for name in names))


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(round(seconds), UTC)


def _minutes(seconds: float) -> float:
    return round(seconds / 60, 1)
