"""Answers of the bus operators' arrival services, read strictly.

KMB and Long Win: "Real-time Arrival data of KMB and LWB" (``data.etabus.gov.hk``, version 1). Citybus:
"Real-time Next Bus arrival time" (``rt.data.gov.hk``, version 2). Both wrap their rows in ``type``,
``version``, ``generated_timestamp`` and ``data``. KMB's service type is a string in static data and
a number in arrivals, and so may a position be; ``data`` is an empty list, or an empty object, where
there is nothing; an ``eta`` is null (Citybus also: empty) where no bus is expected.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from lionrock.city.place import in_city
from lionrock.core.feeds.formats import FORMAT_CHANGED, filled, json_as, number, one_of, other_shape
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, MalformedDownload, Quality, Reading, Text, said
from lionrock.services.mobility.buses.datasets import ARRIVAL

T = TypeVar("T")

KMB, CITYBUS = "KMB", "CTB"
OPERATORS = {"KMB": KMB, "LWB": KMB, "CTB": CITYBUS}  # Long Win's rows come from KMB's service
DIRECTIONS = {"O": "O", "I": "I"}
TIMETABLED = ("Scheduled Bus", "原定班次")
ARRIVAL_TYPES = ("ETA", "StopETA", "RouteETA")


@dataclass(frozen=True)
class Wrapper:
    """What every answer has around its rows."""

    type: str
    data: Any


@dataclass(frozen=True)
class Route:
    """A row of a route list; Citybus names its operator and neither direction nor service type."""

    route: str
    orig_en: str
    orig_tc: str
    dest_en: str
    dest_tc: str
    orig_sc: str = ""
    dest_sc: str = ""
    co: str = KMB
    bound: str | None = None
    service_type: str | int | None = None


@dataclass(frozen=True)
class Stop:
    """A bus stop; its degrees are written as text."""

    stop: str
    name_en: str
    name_tc: str
    lat: str | float
    long: str | float
    name_sc: str = ""


@dataclass(frozen=True)
class RouteStop:
    """One stop of one route: KMB says ``bound`` and a service type, Citybus ``co`` and ``dir``."""

    route: str
    seq: str | int
    stop: str
    co: str = KMB
    bound: str | None = None
    dir: str | None = None
    service_type: str | int | None = None


@dataclass(frozen=True)
class Arrival:
    """One announced arrival."""

    co: str
    route: str
    dir: str
    seq: int
    eta_seq: int
    eta: str | None
    data_timestamp: str
    service_type: str | int | None = None
    rmk_en: str | None = None
    rmk_tc: str | None = None


def parse_routes(download: Download) -> Iterator[Feature]:
    """A Feature without a place for every route of a RouteList."""
    rows = _rows(download, Route, ("RouteList",))
    if not rows:
        raise MalformedDownload(said("no route in the file", "檔案內沒有路線"), where="$.data", remedy=FORMAT_CHANGED)
    for index, row in enumerate(rows):
        where = f"data[{index}]"
        ends = (
            Text(en=row.orig_en, tc=row.orig_tc, sc=row.orig_sc),
            Text(en=row.dest_en, tc=row.dest_tc, sc=row.dest_sc),
        )
        start, end = (_stripped(words) for words in ends)
        yield Feature(
            id=_route_id(row.co, row.route, row.bound, row.service_type, where),
            geometry=None,
            title=Text(
                en=f"{row.route} {start.en} - {end.en}",
                tc=f"{row.route} {start.tc} － {end.tc}",
                sc=f"{row.route} {start.sc} － {end.sc}",
            ),
            properties={
                "operator": one_of(row.co, OPERATORS, f"{where}.co"),
                "route": row.route,
                "direction": row.bound,
            },
        )


def parse_stops(download: Download) -> Iterator[Feature]:
    """A point Feature for every stop of a StopList, or for the one stop of a Stop; none for an unknown one."""
    for index, row in enumerate(_rows(download, Stop, ("StopList", "Stop"))):
        where = f"data[{index}]"
        lon, lat = number(str(row.long), f"{where}.long"), number(str(row.lat), f"{where}.lat")
        if not in_city(lon, lat):
            raise MalformedDownload(
                said(f"({lon}, {lat}) lies outside the city", f"({lon}, {lat}) 在本市以外"),
                where=where,
                remedy=FORMAT_CHANGED,
            )
        yield Feature(
            id=filled(row.stop.strip(), f"{where}.stop"),
            geometry={"type": "Point", "coordinates": [lon, lat]},
            title=_stripped(Text(en=row.name_en, tc=row.name_tc, sc=row.name_sc)),
        )


def parse_route_stops(download: Download) -> Iterator[Feature]:
    """A Feature for every route and direction with its stops in order.

    Positions must count up from 1 without a gap: a list with a hole cannot tell which stops are neighbours.
    """
    stops: dict[str, dict[int, str]] = {}
    for index, row in enumerate(_rows(download, RouteStop, ("RouteStopList", "RouteStop"))):
        where = f"data[{index}]"
        route = _route_id(row.co, row.route, row.bound or row.dir, row.service_type, where)
        position = int(number(str(row.seq), f"{where}.seq"))
        known = stops.setdefault(route, {}).setdefault(position, filled(row.stop.strip(), f"{where}.stop"))
        if known != row.stop.strip():
            raise MalformedDownload(
                said(f"{route} has two stops at {position}", f"{route} 的第 {position} 站出現兩次"),
                where=where,
                remedy=FORMAT_CHANGED,
            )
    for route, at in stops.items():
        if sorted(at) != list(range(1, len(at) + 1)):
            raise MalformedDownload(
                said(f"{route} has stops at {sorted(at)}", f"{route} 的車站次序是 {sorted(at)}"),
                where="$.data",
                remedy=FORMAT_CHANGED,
            )
        yield Feature(id=route, geometry=None, properties={"stops": [at[position] for position in sorted(at)]})


def parse_arrivals(download: Download) -> Iterator[Reading]:
    """A Reading for each announced arrival: seconds from the row's own moment until the bus is there.

    PLACEHOLDER where the time is the timetable's; MISSING where none is announced.
    """
    for index, row in enumerate(_rows(download, Arrival, ARRIVAL_TYPES)):
        yield _arrival(row, f"data[{index}]", download)


def _arrival(row: Arrival, where: str, download: Download) -> Reading:
    route = _route_id(row.co, row.route, row.dir, row.service_type, where)
    sensor = f"{route}/{_counted(row.seq, where)}/{_counted(row.eta_seq, where)}"
    at = moment_in_time(_moment(row.data_timestamp, f"{where}.data_timestamp"), download.received_at, where)
    if not row.eta:
        return Reading(sensor, ARRIVAL.id, at, None, Quality.MISSING)
    seconds = (_moment(row.eta, f"{where}.eta") - at).total_seconds()
    timetabled = row.rmk_en in TIMETABLED or row.rmk_tc in TIMETABLED
    quality = Quality.PLACEHOLDER if timetabled else Quality.GOOD
    return Reading(sensor, ARRIVAL.id, at, seconds, quality | ARRIVAL.judge(seconds))


def _rows(download: Download, form: type[T], types: tuple[str, ...]) -> list[T]:
    """The rows of an answer whose type is one of ``types``: a list, one object, or nothing."""
    whole = json_as(download, Wrapper)
    if whole.type not in types:
        raise MalformedDownload(
            said(f"a {whole.type}, not a {types[0]}", f"收到的是 {whole.type}，而非 {types[0]}"),
            where="$.type",
            remedy=FORMAT_CHANGED,
        )
    rows = whole.data if isinstance(whole.data, list) else [whole.data] if whole.data else []
    found = []
    for index, row in enumerate(rows):
        try:
            found.append(msgspec.convert(row, form))
        except msgspec.ValidationError as error:
            problem, _, where = str(error).partition(" - at ")
            place = f"data[{index}]{where.strip('`').removeprefix('$')}"
            raise MalformedDownload(other_shape(problem), where=place, remedy=FORMAT_CHANGED) from error
    return found


def _route_id(operator: str, route: str, direction: str | None, service_type: str | int | None, where: str) -> str:
    """``KMB/960/O/1`` or ``CTB/A21/I``; ``CTB/A21`` where a list names no direction."""
    parts = [one_of(operator, OPERATORS, f"{where}.co"), filled(route.strip(), f"{where}.route")]
    if direction is not None:
        parts.append(one_of(direction, DIRECTIONS, f"{where}.dir"))
    if parts[0] == KMB:
        parts.append(filled(str(service_type or "").strip(), f"{where}.service_type"))
    if any("/" in part for part in parts):
        raise MalformedDownload(
            said(f"{parts} has a /, which joins the parts of an id", f"{parts} 含有用作連接編號的 /"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    return "/".join(parts)


def _counted(position: int, where: str) -> int:
    if position < 1:
        raise MalformedDownload(
            said(f"a position {position}, where they count from 1", f"站序為 {position}，應由 1 起"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    return position


def _moment(text: str, where: str) -> datetime:
    """An ISO 8601 moment with its offset; raises MalformedDownload."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise MalformedDownload(
            said(f"{text!r} is no ISO 8601 moment", f"{text!r} 並非 ISO 8601 時間"), where=where, remedy=FORMAT_CHANGED
        ) from error
    if moment.tzinfo is None:
        raise MalformedDownload(
            said(f"{text!r} has no offset", f"{text!r} 沒有時差"), where=where, remedy=FORMAT_CHANGED
        )
    return moment


def _stripped(words: Text) -> Text:
    return Text(en=words.en.strip(), tc=words.tc.strip(), sc=words.sc.strip())
