"""How a journey is asked for, and read: from where to where, when, and what to avoid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import numpy as np
from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.commons.spatial.roads import plane
from lionrock.core.vocabulary import BadInput, NotFound, NotYet, Text
from lionrock.engines.routing.search import Closed
from lionrock.services.mobility.journeys.access import FARTHEST_M, Doorway, doorway
from lionrock.services.mobility.journeys.desk import Knowledge, know_places
from lionrock.services.mobility.journeys.places import Place, get_place, plain

CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
A_DAY = timedelta(days=1)
A_DAY_MIN = 1440
MOST_AVOIDED = 10
SAME_PLACE_M = 50.0

Where = Annotated[
    str, Meta(max_length=120, description="A place or road by name in any language, or coordinates in either order.")
]
MinutesAhead = Annotated[int, Meta(ge=0, le=A_DAY_MIN, description="Leave so many minutes from now.")]
ArriveBy = Annotated[
    str, Meta(max_length=40, description="Be there by this time: 18:30 (the next one), or a moment in ISO 8601.")
]
RoadName = Annotated[
    str,
    Meta(max_length=200, description="Roads, by name or part of it, that are not to be driven, parted by semicolons."),
]


@dataclass(frozen=True, slots=True)
class Door:
    """One end of a journey. ``access_m`` is the straight way to the nearest road whose traffic is known."""

    name: Text
    kind: str
    lon: float
    lat: float
    access_m: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A journey that is asked for, its ends found in the network."""

    start: Door
    end: Door
    leave: Doorway
    reach: Doorway
    closed: Closed


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old what was used is. ``stale``: no speed of the last quarter of an hour, or no forecast of the last half."""

    measured_at: datetime | None
    age_s: float | None
    forecast_issued_at: datetime | None
    usual_days: int
    stale: bool


def read_trip(
    city: City,
    known: Knowledge,
    ends: tuple[str, str],
    avoid: tuple[bool, bool, str],
    farthest_m: tuple[float, float] = (FARTHEST_M, FARTHEST_M),
) -> Trip:
    """Find both ends and what is closed; raises BadInput and NotFound that name the end."""
    index = know_places(city)
    start, end = get_place(index, ends[0], "start"), get_place(index, ends[1], "end")
    leave, reach = (
        doorway(known.roads, place.lon, place.lat, reach_m)
        for place, reach_m in zip((start, end), farthest_m, strict=True)
    )
    refuse_standing_still(start, end)
    return Trip(door_of(start, leave), door_of(end, reach), leave, reach, closed_links(known, *avoid))


def refuse_standing_still(start: Place, end: Place) -> None:
    """Raise BadInput where both ends are one place."""
    ends = plane(np.array([(start.lon, start.lat), (end.lon, end.lat)]))
    if np.hypot(*(ends[1] - ends[0])) < SAME_PLACE_M:
        raise BadInput(
            Text(en="the journey begins where it ends", tc="出發地與目的地相同"),
            where="end",
            remedy=Text(en="choose another place", tc="請選另一地點"),
        )


def closed_links(known: Knowledge, tolls: bool, tunnels: bool, road: str) -> Closed:
    """The links that are not to be driven.

    Raises NotFound for a road to avoid that is not known, BadInput for too many, and NotYet where tolls are to be
    avoided and nobody knows them.
    """
    if tolls and not known.tolls.known:
        raise NotYet(
            Text(en="tolls are not known yet, so they cannot be avoided", tc="尚未有收費資料，未能避開收費道路")
        )
    closed: set[int] = set(known.tolls.closed()) if tolls else set()
    if tunnels:
        closed |= {number for number, link in enumerate(known.roads.links) if link.tunnel}
    roads = dict.fromkeys(one.strip() for one in road.replace("；", ";").split(";") if one.strip())
    if len(roads) > MOST_AVOIDED:
        raise BadInput(
            Text(en=f"{len(roads)} roads are to be avoided", tc=f"要避開的道路有 {len(roads)} 條"),
            where="avoid_road",
            remedy=Text(en=f"name {MOST_AVOIDED} at most", tc=f"最多可填 {MOST_AVOIDED} 條"),
        )
    for one in roads:
        closed |= _links_called(known, one)
    return frozenset(closed)


def _links_called(known: Knowledge, road: str) -> set[int]:
    wanted = plain(road)
    names = {
        link.name: wanted != "" and any(wanted in plain(name) for name in (link.name.en, link.name.tc, link.name.sc))
        for link in known.roads.links
    }
    named = {number for number, link in enumerate(known.roads.links) if names[link.name]}
    if not named:
        raise NotFound(Text(en=f"no road known here is called {road!r}", tc=f"沒有名為 {road} 的已知道路"))
    return named


def read_moment(words: str, now: datetime, where: str) -> datetime:
    """A coming moment within a day: 18:30 is the next half past six in the city, or ISO 8601; raises BadInput."""
    clock = CLOCK.fullmatch(words.strip())
    if clock is not None:
        local = now.astimezone(ZONE).replace(hour=int(clock[1]), minute=int(clock[2]), second=0, microsecond=0)
        return local if local >= now - timedelta(minutes=1) else local + A_DAY
    try:
        moment = datetime.fromisoformat(words.strip())
    except ValueError as error:
        raise BadInput(
            Text(en=f"{words!r} is no time", tc=f"「{words}」並非時間"),
            where=where,
            remedy=Text(en="write 18:30, or 2026-11-21T18:30", tc="請寫 18:30 或 2026-11-21T18:30"),
        ) from error
    moment = moment.replace(tzinfo=ZONE) if moment.tzinfo is None else moment
    if not now - timedelta(minutes=1) <= moment <= now + A_DAY:
        raise BadInput(
            Text(
                en=f"{moment.isoformat()} is not within the next 24 hours",
                tc=f"{moment.isoformat()} 不在未來 24 小時內",
            ),
            where=where,
        )
    return moment


def freshness(known: Knowledge) -> Freshness:
    """How old what every answer uses is."""
    sensed = known.sensed
    heard = sensed.at or sensed.last_heard
    return Freshness(
        measured_at=heard,
        age_s=None if heard is None else (known.now - heard).total_seconds(),
        forecast_issued_at=sensed.issued_at,
        usual_days=known.usual.days,
        stale=sensed.at is None or not sensed.ahead,
    )


def door_of(place: Place, way: Doorway) -> Door:
    """A place with how far it is from the network."""
    return Door(place.name, place.kind, place.lon, place.lat, round(way.nearest_m))
