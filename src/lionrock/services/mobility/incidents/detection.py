"""The detectors' own eye: which stations ring now, and the alarms that this opens and closes.

``lionrock.engines.anomaly`` judges the last three quarters of an hour against the usual day. An alarm that
rings on neighbouring stations is one; it closes when none of them has rung for a while.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lionrock.city.place import ZONE
from lionrock.core.readings import Aggregates
from lionrock.core.vocabulary import Event, EventStatus, Feature, Text
from lionrock.engines.anomaly.boosted import BoostedSettings, boosted, probabilities, shipped_model
from lionrock.engines.anomaly.features import LOOKS_BACK, features
from lionrock.engines.anomaly.lanes import idle_lane
from lionrock.engines.anomaly.stations import NONE, Flags, Floats, Numbers, Stations, neighbours
from lionrock.engines.anomaly.usual import Usual
from lionrock.services.mobility.incidents.atlas import Atlas, Line, nearest_on
from lionrock.services.mobility.incidents.metres import M_PER_DEGREE_LAT, M_PER_DEGREE_LON, Point, distance_m

PERIOD = timedelta(seconds=30)
SETTINGS = BoostedSettings()
QUIET_FOR = timedelta(minutes=10)  # an alarm that has not rung for so long is over
BESIDE_M, JOINED_M, ONWARD_M = 60.0, 40.0, 5000.0
COMPASS = ("north", "north east", "east", "south east", "south", "south west", "west", "north west")
ALIKE_DEG = 70.0
TITLE = Text(en="Unusual traffic", tc="交通異常")
ROAD_OF = re.compile(r" near |近| - \w+bound$")


@dataclass(frozen=True, slots=True)
class Station:
    """One detector: the segment that it stands on ("" where none is known), and metres from that one's beginning."""

    id: str
    title: Text
    point: Point
    link: str = ""
    line: Line | None = None
    along_m: float = 0.0


def place_stations(detectors: Iterable[Feature], atlas: Atlas) -> list[Station]:
    """Every detector that has a place, on the segment of its road that leads where it looks."""
    stations = []
    for feature in sorted(detectors, key=lambda one: one.id):
        if feature.geometry is not None:
            lon, lat = feature.geometry["coordinates"][:2]
            line = _line_of(feature, (lon, lat), atlas)
            along = _along_m(line, (lon, lat)) if line else 0.0
            link = line.id if line else ""
            stations.append(Station(feature.id, feature.title, (lon, lat), link, line, along))
    return stations


def find_downstream(stations: Sequence[Station], atlas: Atlas) -> Numbers:
    """The next station on the same road within five kilometres, by column; NONE where there is none."""
    on_line: dict[str, list[int]] = {}
    for column, station in enumerate(stations):
        if station.line is not None:
            on_line.setdefault(station.line.id, []).append(column)
    downstream = np.full(len(stations), NONE, np.int64)
    for column, station in enumerate(stations):
        if station.line is not None:
            downstream[column] = _next(column, stations, on_line, atlas)
    return downstream


def stations_from(
    order: Sequence[Station], downstream: Numbers, speed: Aggregates, volume: Aggregates, occupancy: Aggregates
) -> Stations:
    """Lanes' readings, (buckets, lanes), as stations' arrays: speeds weighted by volume, the others lanes' means."""
    columns = {station.id: column for column, station in enumerate(order)}
    kmh, lanes, full = (_by_lane(each, columns) for each in (speed, volume, occupancy))
    shape = (len(speed.starts_us), len(order))
    weighted, weights, counted, heard = (np.zeros(shape) for _ in range(4))
    for lane, (column, counts) in lanes.items():
        known = ~np.isnan(counts)
        counted[:, column] += np.where(known, counts, 0.0)
        heard[:, column] += known
        if lane in kmh:
            moving = known & ~np.isnan(kmh[lane][1])
            weighted[:, column] += np.where(moving, counts * kmh[lane][1], 0.0)
            weights[:, column] += np.where(moving, counts, 0.0)
    percent, measured = np.zeros(shape), np.zeros(shape)
    for column, values in full.values():
        known = ~np.isnan(values)
        percent[:, column] += np.where(known, values, 0.0)
        measured[:, column] += known
    period = timedelta(microseconds=int(speed.starts_us[1] - speed.starts_us[0]))
    return Stations(
        occupancy_pct=_ratio(percent, measured),
        volume=_ratio(counted, heard),
        speed_kmh=_ratio(weighted, weights),
        idle_lane=_idle_lane(lanes, shape, period),
        downstream=downstream,
        period=period,
    )


def ring(stations: Stations, usual: Usual, first: timedelta) -> Flags:
    """Which stations ring in which periods, by the model that the engine ships; the first periods only warm up."""
    likely = np.full(stations.speed_kmh.shape, np.nan)
    judged = slice(stations.steps(LOOKS_BACK), None)
    likely[judged] = probabilities(shipped_model(), features(stations, usual, first)[judged])
    return boosted(likely, stations, SETTINGS)


def settle_alarms(
    ringing: Flags, stations: Stations, order: Sequence[Station], start: datetime, known: Mapping[str, Event]
) -> list[Event]:
    """New alarms of what rings at the end of ``ringing``, and ends of those ``known`` that ring no more."""
    last_rang = {order[column].id: _last(ringing[:, column]) for column in range(len(order))}
    now, quiet = len(ringing) - 1, stations.steps(QUIET_FOR)
    column_of = {station.id: column for column, station in enumerate(order)}
    events, taken = [], set[int]()
    for event in known.values():
        members = [column_of[name] for name in event.properties["stations"] if name in column_of]
        taken |= set(members)
        rang = max((last_rang[order[column].id] for column in members), default=-1)
        if rang < now - quiet:
            gone = start + max(rang + 1, 0) * stations.period
            events.append(end_alarm(event, max(gone, event.at)))
    for column in np.flatnonzero(ringing[-1]).tolist():
        if not any(column == each or neighbours(column, each, stations.downstream) for each in taken):
            taken.add(column)
            events.append(_begun(order[column], start + _first(ringing[:, column]) * stations.period))
    return events


def _begun(station: Station, at: datetime) -> Event:
    return Event(
        id=f"D-{station.id}-{at.astimezone(ZONE):%Y%m%d%H%M}",
        kind="unusual_traffic",
        at=at,
        status=EventStatus.NEW,
        title=TITLE,
        place=station.title,
        lon=station.point[0],
        lat=station.point[1],
        properties={"stations": [station.id], "links": [station.link] if station.link else []},
    )


def end_alarm(event: Event, at: datetime, *, silent: bool = False) -> Event:
    """The alarm's last word: it rings no more, or its detectors were ``silent`` from then on."""
    properties = {**event.properties, "ended_at": at.isoformat()} | ({"silent": True} if silent else {})
    return Event(
        id=event.id, kind=event.kind, at=event.at, status=EventStatus.CLOSED, title=event.title, place=event.place,
        lon=event.lon, lat=event.lat, properties=properties,
    )  # fmt: skip


def _last(flags: Flags) -> int:
    on = np.flatnonzero(flags)
    return int(on[-1]) if len(on) else -1


def _first(flags: Flags) -> int:
    """Where the spell begins that lasts until the end."""
    off = np.flatnonzero(~flags)
    return int(off[-1]) + 1 if len(off) else 0


def _by_lane(readings: Aggregates, columns: Mapping[str, int]) -> dict[str, tuple[int, Floats]]:
    return {
        sensor: (columns[sensor.split("/")[0]], readings.mean[:, number])
        for number, sensor in enumerate(readings.sensors)
        if sensor.split("/")[0] in columns
    }


def _idle_lane(lanes: Mapping[str, tuple[int, Floats]], shape: tuple[int, int], period: timedelta) -> Floats:
    if not lanes:
        return np.full(shape, np.nan)
    columns, counts = zip(*lanes.values(), strict=True)
    return idle_lane(np.column_stack(counts), np.array(columns), shape[1], period)


def _ratio(above: Floats, below: Floats) -> Floats:
    ratio: Floats = np.where(below > 0, above / np.where(below > 0, below, 1.0), np.nan)
    return ratio


def _line_of(feature: Feature, point: Point, atlas: Atlas) -> Line | None:
    road = ROAD_OF.split(feature.title.en or feature.title.tc)[0]
    direction = str(feature.properties["direction"]).strip().lower()
    looks = COMPASS.index(direction) * 45.0 if direction in COMPASS else None
    near = [(nearest_on(line, point)[0], line.id, line) for line in atlas.find_road(road)]
    near = [one for one in near if one[0] <= BESIDE_M and (looks is None or _leads(one[2], point, looks))]
    return min(near)[2] if near else None


def _leads(line: Line, point: Point, looks: float) -> bool:
    """Whether traffic on ``line`` runs, where it passes ``point``, the way that the detector looks."""
    pieces = [Line(line.id, pair, line.one_way) for pair in zip(line.points, line.points[1:], strict=False)]
    beside = min(pieces, key=lambda piece: nearest_on(piece, point)[0])
    return _turn(_bearing(beside), looks) < ALIKE_DEG


def _next(column: int, stations: Sequence[Station], on_line: Mapping[str, list[int]], atlas: Atlas) -> int:
    line, gone = stations[column].line, -stations[column].along_m
    beyond, seen = stations[column].along_m, set[str]()
    road = ROAD_OF.split(stations[column].title.en or stations[column].title.tc)[0]
    while line is not None and line.id not in seen and gone <= ONWARD_M:
        seen.add(line.id)
        ahead = [each for each in on_line.get(line.id, []) if each != column and stations[each].along_m > beyond]
        if ahead:
            return min(ahead, key=lambda each: stations[each].along_m)
        gone, beyond = gone + line.length_m, -1.0
        end = line.points[-1]
        onward = [one for one in atlas.find_road(road) if distance_m(one.points[0], end) <= JOINED_M]
        onward = [one for one in onward if _turn(_bearing(one), _bearing(line)) < 2 * ALIKE_DEG]
        line = min(onward, key=lambda one: distance_m(one.points[0], end), default=None)
    return NONE


def _along_m(line: Line, point: Point) -> float:
    """Metres from the line's beginning to the place on it that is nearest to ``point``."""
    gone, best = 0.0, (float("inf"), 0.0)
    for start, end in zip(line.points, line.points[1:], strict=False):
        far, here = nearest_on(Line(line.id, (start, end), line.one_way), point)
        best = min(best, (far, gone + distance_m(start, here)))
        gone += distance_m(start, end)
    return best[1]


def _bearing(line: Line) -> float:
    (lon0, lat0), (lon1, lat1) = line.points[0], line.points[-1]
    return math.degrees(math.atan2((lon1 - lon0) * M_PER_DEGREE_LON, (lat1 - lat0) * M_PER_DEGREE_LAT)) % 360


def _turn(one: float, other: float) -> float:
    return abs((one - other + 180) % 360 - 180)
