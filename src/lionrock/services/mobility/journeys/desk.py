"""What every journey needs and none should make anew: the network, the tolls, the usual day and the outlook.

Each is kept for a city's stores until what it was made from changes. Two threads that find the same
thing missing make it once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from lionrock.city.city import City
from lionrock.city.holidays import HOLIDAYS_ID
from lionrock.commons.spatial.roads import Roads, build_roads, detectors_on
from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import NotYet, Text
from lionrock.services.mobility.journeys.datasets import TIMED_TOLLS, TOLLS
from lionrock.services.mobility.journeys.hazards import Located, closures, open_incidents
from lionrock.services.mobility.journeys.outlook import Outlook, build_outlook
from lionrock.services.mobility.journeys.places import Index, index_places
from lionrock.services.mobility.journeys.reads import CAR_PARKS, DETECTORS, ROAD_NETWORK, SEGMENT_SPEEDS, SPEED_KMH
from lionrock.services.mobility.journeys.sensed import Sensed, sense
from lionrock.services.mobility.journeys.tolls import Tolls, list_tolls
from lionrock.services.mobility.journeys.usual import UsualDays, usual_days

T = TypeVar("T")
HOUR_S, YOUNG_S = 3600.0, 120.0
LEARNED_DAYS = 7  # of the fourteen looked at: from then on the usual day hardly changes within an hour
OUTLOOK_S = 30  # an outlook is made anew at most this often


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All that a journey is planned from, at one moment."""

    now: datetime
    roads: Roads
    tolls: Tolls
    sensed: Sensed
    usual: UsualDays
    outlook: Outlook
    incidents: tuple[Located, ...] = ()


@dataclass(slots=True)
class _Desk:
    """What was made for one city's stores, by name: from what, and what."""

    made: dict[str, tuple[tuple[Any, ...], Any]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)

    def keep(self, name: str, made_from: tuple[Any, ...], make: Callable[[], T]) -> T:
        """The thing of that name, made anew only where one of ``made_from`` is not the very one of before."""
        kept = self.made.get(name)
        if kept is None or not all(_same(old, new) for old, new in zip(kept[0], made_from, strict=True)):
            kept = (made_from, make())
            self.made[name] = kept
        thing: T = kept[1]
        return thing

    def usual_of(self, city: City, now: datetime) -> UsualDays:
        """The usual day, made anew each hour; more often while days are still being filled in."""
        known = self.made.get("usual")
        young = known is None or known[1].days < LEARNED_DAYS
        return self.keep(
            "usual", (int(now.timestamp() // (YOUNG_S if young else HOUR_S)), young), lambda: usual_days(city, now)
        )


_desks: WeakKeyDictionary[ReadingStore, _Desk] = WeakKeyDictionary()
_opening = threading.Lock()


def know(city: City) -> Knowledge:
    """Everything at the city's present moment; raises NotYet while there are no roads, or nothing is known of them."""
    desk = _desk_of(city)
    with desk.lock:
        return _know(city, desk)


def know_places(city: City) -> Index:
    """Every place that can be named."""
    desk = _desk_of(city)
    features, car_parks = city.records(city.dataset(ROAD_NETWORK)), city.records(city.dataset(CAR_PARKS))
    with desk.lock:
        return desk.keep("places", (features, car_parks), lambda: index_places(features, car_parks))


def _desk_of(city: City) -> _Desk:
    with _opening:
        return _desks.setdefault(city.reading_store, _Desk())


def _know(city: City, desk: _Desk) -> Knowledge:
    now = city.now()
    features = city.records(city.dataset(ROAD_NETWORK))
    heard = city.latest(city.dataset(SEGMENT_SPEEDS), SPEED_KMH).sensors
    roads = desk.keep("roads", (features, len(heard)), lambda: build_roads(features, frozenset(heard)))
    tables = (city.records(TOLLS), city.records(TIMED_TOLLS), city.records(city.dataset(HOLIDAYS_ID)))
    tolls = desk.keep("tolls", (roads, *tables), lambda: list_tolls(city, roads.links))
    detectors = city.records(city.dataset(DETECTORS))
    standing = desk.keep("detectors", (roads, detectors), lambda: detectors_on(roads, detectors))
    usual = desk.usual_of(city, now)
    stamp = int(now.timestamp()) // OUTLOOK_S
    sensed = desk.keep("sensed", (roads, stamp), lambda: sense(city, roads, standing, now))
    if not sensed.measured and not sensed.ahead and not usual.days:
        raise NotYet(_nothing(sensed))
    start_s = float(stamp * OUTLOOK_S)
    incidents = open_incidents(city, datetime.fromtimestamp(start_s, UTC))  # of the outlook's moment: it stands as long
    shut = closures(incidents)
    outlook = desk.keep(
        "outlook",
        (roads, sensed, usual, str(sorted(shut.items()))),
        lambda: build_outlook(roads, sensed, usual, start_s, shut),
    )
    return Knowledge(now, roads, tolls, sensed, usual, outlook, incidents)


def _nothing(sensed: Sensed) -> Text:
    if sensed.last_heard is None:
        return Text(en="no speed has been received yet", tc="尚未收到任何車速")
    heard = sensed.last_heard.isoformat()
    return Text(
        en=f"the last speed was measured at {heard}; there is no forecast and no usual day yet",
        tc=f"最後一次車速量度於 {heard}；尚未有預測及平常日",
    )


def _same(old: Any, new: Any) -> bool:
    return old is new or (isinstance(new, int | str) and old == new)
