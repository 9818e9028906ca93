"""The work behind detection: learn every station's usual day, look at the lanes, and tell alarms as messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from lionrock.city.city import City
from lionrock.city.holidays import is_day_off, list_holidays
from lionrock.city.measured import list_measured_days, midnight
from lionrock.city.place import ZONE
from lionrock.core.readings import Aggregates
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Event, EventStatus, Feature, NotYet, Text, moment_of
from lionrock.engines.anomaly.features import LOOKS_BACK
from lionrock.engines.anomaly.stations import NONE, Floats
from lionrock.engines.anomaly.usual import DAY, Usual, usual_days_of
from lionrock.services.mobility.incidents.datasets import ALARMS, USUAL_DAYS
from lionrock.services.mobility.incidents.detection import (
    PERIOD,
    QUIET_FOR,
    Station,
    end_alarm,
    find_downstream,
    place_stations,
    ring,
    settle_alarms,
    stations_from,
)
from lionrock.services.mobility.incidents.incident import FELL_SILENT, Message, Origin
from lionrock.services.mobility.incidents.sources import DETECTORS, LANES, read_atlas

SPEED, VOLUME, OCCUPANCY = "speed_kmh", "volume", "occupancy_pct"
BIN, HOUR = timedelta(minutes=15), timedelta(hours=1)
LEARNS_DAYS, FEWEST_DAYS = 28, 3  # four of each weekday where there are so many; with fewer nobody knows what is usual
WORKING, OFF = "working", "off"
WARM_UP = LOOKS_BACK + QUIET_FOR  # what the first judged period needs, and how far back an alarm is looked for
SILENT_FOR = timedelta(hours=1)
LATE = timedelta(minutes=3)  # the detectors' file lags; a period that has not come is no silence
DIGITS = 1


def learn_usual_days(city: City) -> Iterator[Feature]:
    """Every station's usual working day and day off from the last weeks; NotYet before three whole days."""
    days = [midnight(day) for day in list_measured_days(city, city.dataset(LANES), SPEED, LEARNS_DAYS)]
    if len(days) < FEWEST_DAYS:
        raise NotYet(f"{len(days)} days of lanes were measured; the usual day is known after {FEWEST_DAYS}")
    atlas = read_atlas(city)
    stations = place_stations((kept.record for kept in city.records(city.dataset(DETECTORS))), atlas)
    downstream = find_downstream(stations, atlas)
    measured = [stations_from(stations, downstream, *_lanes(city, day, day + DAY, BIN)) for day in days]
    speeds, occupancies = [one.speed_kmh for one in measured], [one.occupancy_pct for one in measured]
    holidays = list_holidays(city)
    off = np.array([is_day_off(holidays, day.date()) for day in days])
    usual = usual_days_of(np.stack(speeds), np.stack(occupancies), off, BIN)
    for column, station in enumerate(stations):
        after = downstream[column]
        place = {"link": station.link, "downstream": "" if after == NONE else stations[after].id}
        geometry = {"type": "Point", "coordinates": list(station.point)}
        for kind, known in ((WORKING, usual.working), (OFF, usual.off)):
            if not np.isnan(known.speed_kmh[:, column]).all():
                said = {"station": station.id, "kind_of_day": kind, "days": known.days}
                properties = said | place | _rounded(known, column)
                yield Feature(id=_key(station.id, kind), geometry=geometry, title=station.title, properties=properties)


def look_for_alarms(city: City) -> Iterator[Event]:
    """Open an alarm where stations ring now, and close those that ring no more; NotYet without a usual day.

    Where no lane has been measured for SILENT_FOR nobody knows of a jam any more: every alarm is closed.
    """
    end = _whole(city.now()) - LATE
    learned = _usual_of(city, end)
    if not learned:
        raise NotYet("no usual day was learned yet")
    start = end - WARM_UP
    lanes = _lanes(city, start, end, PERIOD)
    known = {kept.id: kept.record for kept in city.records(ALARMS)}
    if not lanes[0].count.any():
        heard = city.latest(city.dataset(LANES), SPEED).at_us
        last = moment_of(int(heard.max())) if len(heard) else end - SILENT_FOR
        if known and last <= end - SILENT_FOR:
            return (end_alarm(event, max(last, event.at), silent=True) for event in known.values())
        raise NotYet("no lane was measured in the last three quarters of an hour")
    order = [
        Station(one.properties["station"], one.title, one.geometry["coordinates"], one.properties["link"])
        for one in learned
    ]
    columns = {station.id: column for column, station in enumerate(order)}
    downstream = np.array([columns.get(one.properties["downstream"], NONE) for one in learned], np.int64)
    stations = stations_from(order, downstream, *lanes)
    ringing = ring(stations, _usual([one.properties for one in learned]), start - _midnight(start))
    return iter(settle_alarms(ringing, stations, order, start, known))


def _usual_of(city: City, moment: datetime) -> list[Any]:
    """Every station's usual day of the kind of the moment's; none of a time when they had no kinds."""
    off = is_day_off(list_holidays(city), moment.astimezone(ZONE).date())
    kind = OFF if off else WORKING
    return [kept.record for kept in city.records(USUAL_DAYS) if kept.record.properties.get("kind_of_day") == kind]


def _key(station: str, kind: str) -> str:
    return station if kind == WORKING else f"{station}/{kind}"


def _lanes(city: City, start: datetime, end: datetime, bucket: timedelta) -> tuple[Aggregates, Aggregates, Aggregates]:
    """Speed, volume and occupancy of every lane."""
    lanes = city.dataset(LANES)
    return (
        city.aggregate(lanes, SPEED, start, end, bucket),
        city.aggregate(lanes, VOLUME, start, end, bucket),
        city.aggregate(lanes, OCCUPANCY, start, end, bucket),
    )


def list_alarm_messages(alarms: Iterable[Kept]) -> Iterator[Message]:
    """The detectors' words: one when an alarm begins, one when it ends."""
    for kept in alarms:
        event: Event = kept.record
        begun = Message(
            origin=Origin.DETECTORS,
            thread=event.id,
            id=event.id,
            at=event.at,
            closes=False,
            title=event.title,
            place=event.place,
            lon=event.lon,
            lat=event.lat,
            links=tuple(event.properties["links"]),
        )
        yield begun
        if event.status is EventStatus.CLOSED:
            ended = datetime.fromisoformat(event.properties["ended_at"])
            yield Message(
                origin=Origin.DETECTORS,
                thread=event.id,
                id=event.id,
                at=ended,
                closes=True,
                title=event.title,
                detail=FELL_SILENT if event.properties.get("silent") else Text(),
                place=event.place,
                lon=event.lon,
                lat=event.lat,
                links=begun.links,
            )


def _rounded(usual: Usual, column: int) -> dict[str, list[float | None]]:
    """One station's usual day; None where nothing was measured."""
    said = {
        "speed_kmh": usual.speed_kmh,
        "speed_spread": usual.speed_spread,
        "occupancy_pct": usual.occupancy_pct,
        "occupancy_spread": usual.occupancy_spread,
    }
    return {
        what: [None if np.isnan(value) else round(float(value), DIGITS) for value in values[:, column]]
        for what, values in said.items()
    }


def _usual(kept: list[Mapping[str, Any]]) -> Usual:
    speed, speed_spread, occupancy, occupancy_spread = (
        _columns([one[what] for one in kept])
        for what in ("speed_kmh", "speed_spread", "occupancy_pct", "occupancy_spread")
    )
    return Usual(speed, speed_spread, occupancy, occupancy_spread, BIN, min(one["days"] for one in kept))


def _columns(lists: list[list[float | None]]) -> Floats:
    return np.array([[np.nan if value is None else value for value in values] for values in lists], np.float64).T


def _midnight(moment: datetime) -> datetime:
    return moment.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)


def _whole(moment: datetime) -> datetime:
    """The moment on the grid of periods."""
    return moment.replace(second=moment.second // 30 * 30, microsecond=0)
