"""The hours that effects are learned from: what the roads measured and what the weather was, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.city.measured import list_measured_days, midnight
from lionrock.city.rain import CITY_MEAN, NOWCAST_ID, rain_reported
from lionrock.city.warnings import in_force_until
from lionrock.core.vocabulary import NotYet, Text
from lionrock.services.mobility.weather_effects.levels import Cube, Flags, Floats, Ints, WeatherHours
from lionrock.services.mobility.weather_effects.measures import (
    CAPACITY,
    FLOW,
    HOURS,
    REST_DAY,
    SATURDAY,
    SPEED,
    WORKDAY,
    RoadHours,
    capacity_hours,
    critical_occupancy,
)
from lionrock.services.mobility.weather_effects.roads import places_of_roads

LANES, SEGMENTS = "traffic.lanes", "traffic.segment_speeds"
WARNINGS = "weather.warnings"
SPEED_KMH, VOLUME, OCCUPANCY = "speed_kmh", "volume", "occupancy_pct"
NEXT_HALF_HOUR = "rain_30min_mm"

LOOKS_BACK = 90  # days; a season, and a minute's work
FEWEST_DAYS = 7  # before there is anything to compare with
CRITICAL_DAYS = 14  # whose five-minute periods tell each road's critical occupancy
DAY, HOUR, STEP = timedelta(days=1), timedelta(hours=1), timedelta(minutes=5)
STEPS_AN_HOUR = HOUR // STEP
PERIODS_AN_HOUR = 120  # of 30 seconds: what a volume counts
PERIODS_FOR_CAPACITY = 2  # of 30 seconds in five minutes; recordings of whole hours have one value
NOBODY = 0.5  # vehicles: the log of an hour that counted none
SLOWEST_KMH = 1.0
SATURDAY_NUMBER, SUNDAY_NUMBER = 5, 6


@dataclass(frozen=True, slots=True, eq=False)
class LearnedHours:
    """Everything that effects are estimated from."""

    days: tuple[date, ...]
    roads: RoadHours
    weather: WeatherHours


@dataclass(frozen=True, slots=True, eq=False)
class _Day:
    """One local day: logs ``[hour, road]`` of speed and flow; five-minute occupancy and flow of ``detectors``."""

    ids: tuple[str, ...]
    speed: Cube
    flow: Cube
    detectors: tuple[str, ...]
    occupancy_pct: Cube
    flow_5min: Cube


def gather_hours(city: City) -> LearnedHours:
    """Every whole local day of the last :data:`LOOKS_BACK` that was measured; raises NotYet while there are few."""
    measured = _measured_days(city)
    if len(measured) < FEWEST_DAYS:
        raise NotYet(
            Text(
                en=f"{len(measured)} whole days of traffic were measured; effects need {FEWEST_DAYS}",
                tc=f"只錄得 {len(measured)} 個整日的交通數據；估算影響最少需要 {FEWEST_DAYS} 日",
            )
        )
    roads = _roads(city, measured)
    return LearnedHours(measured, roads, _weather(city, measured, roads.ids))


def kind_of(day: date, holidays: frozenset[date]) -> int:
    """Working day, Saturday, or day of rest (Sundays and general holidays)."""
    if day.weekday() == SUNDAY_NUMBER or day in holidays:
        return REST_DAY
    return SATURDAY if day.weekday() == SATURDAY_NUMBER else WORKDAY


def _measured_days(city: City) -> tuple[date, ...]:
    """The days on which either the lanes or the segments were measured."""
    sources = [list_measured_days(city, city.dataset(name), SPEED_KMH, LOOKS_BACK) for name in (LANES, SEGMENTS)]
    return tuple(sorted(set().union(*sources)))


def _roads(city: City, measured: Sequence[date]) -> RoadHours:
    """The days' hours, read from the newest back: the newest tell at which occupancy each road is full."""
    read: list[_Day] = []
    capacity: list[Cube] = []
    critical: Floats | None = None
    order: tuple[str, ...] = ()
    for day in reversed(measured):
        one = _read_day(city, day)
        read.append(one)
        if critical is None and (len(read) == CRITICAL_DAYS or len(read) == len(measured)):
            order = tuple(dict.fromkeys(name for earlier in read for name in earlier.detectors))
            critical = _critical(read, order)
            capacity = [_capacity(earlier, order, critical) for earlier in read]
            read = [_without_steps(earlier) for earlier in read]
        elif critical is not None:
            capacity.append(_capacity(one, order, critical))
            read[-1] = _without_steps(one)
    ids = tuple(dict.fromkeys(name for one in read for name in one.ids))
    holidays = frozenset(list_holidays(city))
    newest_last = list(reversed(read))
    return RoadHours(
        ids=ids,
        values={
            SPEED: np.stack([_in_order(one.speed, one.ids, ids) for one in newest_last]),
            FLOW: np.stack([_in_order(one.flow, one.ids, ids) for one in newest_last]),
            CAPACITY: np.stack([_in_order(cube, order, ids) for cube in reversed(capacity)]),
        },
        kind=np.array([kind_of(day, holidays) for day in measured]),
        weekday=np.array([day.weekday() for day in measured]),
        day_number=np.array([(day - measured[0]).days for day in measured], np.float64),
    )


def _critical(read: Sequence[_Day], order: tuple[str, ...]) -> Floats:
    occupancy, flow = (
        np.concatenate([_in_order(cube, one.detectors, order) for one, cube in zip(read, cubes, strict=True)])
        for cubes in ([one.occupancy_pct for one in read], [one.flow_5min for one in read])
    )
    return critical_occupancy(occupancy, flow)


def _capacity(one: _Day, order: tuple[str, ...], critical: Floats) -> Cube:
    return capacity_hours(
        _in_order(one.occupancy_pct, one.detectors, order), _in_order(one.flow_5min, one.detectors, order), critical
    )


def _without_steps(one: _Day) -> _Day:
    """The same day without its five-minute periods: a season of them would fill the memory."""
    nothing = np.empty((0, 0), np.float32)
    return _Day(one.ids, one.speed, one.flow, (), nothing, nothing)


def _in_order(cube: Cube, names: tuple[str, ...], order: tuple[str, ...]) -> Cube:
    """The columns ``names`` of ``cube`` in ``order``; NaN where one is not among them."""
    column = {name: index for index, name in enumerate(order)}
    ordered: Cube = np.full((len(cube), len(order)), np.nan, np.float32)
    known = [index for index, name in enumerate(names) if name in column]
    ordered[:, [column[names[index]] for index in known]] = cube[:, known]
    return ordered


def _read_day(city: City, day: date) -> _Day:
    start = midnight(day)
    segments = city.aggregate(city.dataset(SEGMENTS), SPEED_KMH, start, start + DAY, STEP)
    lanes = city.dataset(LANES)
    speed = city.aggregate(lanes, SPEED_KMH, start, start + DAY, STEP)
    volume, occupancy = (
        city.aggregate(lanes, name, start, start + DAY, STEP, speed.sensors) for name in (VOLUME, OCCUPANCY)
    )
    detectors, order, first = lanes_by_detector(speed.sensors)
    hours = _hourly(segments.mean, np.isfinite(segments.mean))
    paced = np.where(np.isfinite(speed.mean) & (volume.count > 0), volume.mean * volume.count, 0.0)[:, order]
    kmh = np.nan_to_num(speed.mean)[:, order]
    with np.errstate(invalid="ignore", divide="ignore"):
        metres, vehicles = (_by_hour(_by_detector(values, first)) for values in (paced * kmh, paced))
        moving = np.where(vehicles > 0, metres / vehicles, np.nan)
        lane_flow = _by_hour(np.nan_to_num(volume.mean) * volume.count) / _by_hour(volume.count.astype(np.float64))
        flow = _by_detector(lane_flow[:, order], first) * PERIODS_AN_HOUR
        often = (volume.count >= PERIODS_FOR_CAPACITY) & (occupancy.count >= PERIODS_FOR_CAPACITY)
        steps = np.where(often, volume.mean, np.nan)[:, order]
        occupied = np.where(often, occupancy.mean, np.nan)[:, order]
        counted = np.log(np.maximum(flow, NOBODY))
        lanes_each = np.diff([*first.tolist(), len(speed.sensors)])
        logs = np.log(np.maximum(np.concatenate([hours, moving], axis=1), SLOWEST_KMH))
    return _Day(
        ids=(*segments.sensors, *detectors),
        speed=logs.astype(np.float32),
        flow=np.concatenate([np.full_like(hours, np.nan), counted], axis=1).astype(np.float32),
        detectors=detectors,
        occupancy_pct=(_by_detector(occupied, first) / lanes_each).astype(np.float32),
        flow_5min=(_by_detector(steps, first) * PERIODS_AN_HOUR).astype(np.float32),
    )


def lanes_by_detector(lanes: Sequence[str]) -> tuple[tuple[str, ...], Ints, Ints]:
    """The detectors, the order that brings each one's lanes together, and where in it each detector begins."""
    order = np.array(sorted(range(len(lanes)), key=lanes.__getitem__), np.int64)
    owners = [lanes[index].split("/", 1)[0] for index in order.tolist()]
    first = [index for index, owner in enumerate(owners) if index == 0 or owners[index - 1] != owner]
    return tuple(owners[index] for index in first), order, np.array(first, np.int64)


def _by_detector(values: Floats, first: Ints) -> Floats:
    """Sums over each detector's lanes; NaN where one of them is."""
    return np.add.reduceat(values, first, axis=1) if len(first) else values[:, :0]


def _by_hour(values: Floats) -> Floats:
    summed: Floats = values.reshape(HOURS, STEPS_AN_HOUR, values.shape[1]).sum(axis=1)
    return summed


def _hourly(values: Floats, known: Flags) -> Floats:
    with np.errstate(invalid="ignore"):
        return _by_hour(np.where(known, values, 0.0)) / _by_hour(known.astype(np.float64))


def _weather(city: City, measured: Sequence[date], ids: Sequence[str]) -> WeatherHours:
    first = measured[0]
    span = (measured[-1] - first).days + 1
    rows = np.array([(day - first).days for day in measured])
    start = midnight(first)
    places = places_of_roads(city)
    points = [(places[road].lon, places[road].lat) if road in places else None for road in ids]
    rain = rain_reported(city, points, start, span * HOURS)
    shape = (span, HOURS)
    shares = {code: share.reshape(shape)[rows] for code, share in _shares(city, start, span * HOURS).items()}
    return WeatherHours(
        rain_mm_h=rain.reshape(*shape, len(ids))[rows],
        in_force=shares,
        told=_told(city, start, span * HOURS).reshape(shape)[rows],
    )


def _shares(city: City, start: datetime, count: int) -> dict[str, Floats]:
    """The share of each hour in which a warning of each code was in force."""
    hours = start.timestamp() + np.arange(count) * HOUR.total_seconds()
    found: dict[str, Floats] = {}
    warnings = city.dataset(WARNINGS)
    heard = city.heard(warnings) or city.now()  # a warning whose source fell silent is in force as long as it was heard
    for kept in city.recent(warnings, start):
        end = min(in_force_until(kept) or heard, heard)
        overlap = np.minimum(hours + HOUR.total_seconds(), end.timestamp())
        overlap -= np.maximum(hours, kept.record.onset.timestamp())
        code = str(kept.record.properties["code"])
        found[code] = found.get(code, np.zeros(count)) + np.maximum(overlap, 0) / HOUR.total_seconds()
    return {code: np.minimum(share, 1.0) for code, share in found.items()}


def _told(city: City, start: datetime, count: int) -> Flags:
    """In which hours warnings were listened for: those in which the nowcast, which has no archive, was heard.

    None of them after the warnings themselves were heard last.
    """
    nowcast = city.dataset(NOWCAST_ID)
    if CITY_MEAN not in city.latest(nowcast, NEXT_HALF_HOUR).sensors:
        return np.zeros(count, bool)
    nowcasts = city.aggregate(nowcast, NEXT_HALF_HOUR, start, start + count * HOUR, HOUR, (CITY_MEAN,))
    told: Flags = np.any(nowcasts.count > 0, axis=1)
    heard = city.heard(city.dataset(WARNINGS))
    if heard is not None:
        told[max(0, -((start - heard) // HOUR)) :] = False
    return told
