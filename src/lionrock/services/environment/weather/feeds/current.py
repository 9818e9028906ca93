"""The hourly report, ``weather.php?dataType=rhrread``: temperature, humidity, UV and rain by place.

A part that has nothing to say comes as "" in place of an object or a list (the UV index at night).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from lionrock.core.feeds.formats import FORMAT_CHANGED, json_as
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Dataset, MalformedDownload, Property, Quality, Reading, said
from lionrock.services.environment.weather.datasets import CURRENT, HUMIDITY, RAIN, RAINFALL, TEMPERATURE, UV_INDEX
from lionrock.services.environment.weather.stations import district_id, station_id

Moment = Annotated[datetime, Meta(tz=True)]
Nothing = Literal[""]


@dataclass(frozen=True)
class Measured:
    """One place's value; null where the station is silent."""

    place: str
    value: float | None
    unit: str


@dataclass(frozen=True)
class Table:
    """Values of one moment."""

    data: list[Measured] | Nothing
    recordTime: Moment  # noqa: N815 - the publisher's name


@dataclass(frozen=True)
class RainOfDistrict:
    """The highest rainfall of a district; ``main`` is TRUE while its gauges are maintained."""

    unit: str
    place: str
    main: Literal["TRUE", "FALSE"]
    max: float | None = None


@dataclass(frozen=True)
class RainTable:
    """Rain of one hour by district."""

    data: list[RainOfDistrict] | Nothing
    startTime: Moment  # noqa: N815 - the publisher's name


@dataclass(frozen=True)
class Ultraviolet:
    """The UV index of one place."""

    place: str
    value: float


@dataclass(frozen=True)
class UltravioletTable:
    """The UV index of the past hour."""

    data: list[Ultraviolet] | Nothing


@dataclass(frozen=True)
class Report:
    """rhrread, as far as it is read here."""

    temperature: Table | Nothing
    humidity: Table | Nothing
    rainfall: RainTable | Nothing
    updateTime: Moment  # noqa: N815 - the publisher's name
    uvindex: UltravioletTable | Nothing = field(default="")


def parse_current(download: Download) -> Iterator[tuple[Dataset, Reading]]:
    """Yield temperature, humidity and UV by station, and rain by district; the moment is the table's own."""
    report = json_as(download, Report)
    updated = moment_in_time(report.updateTime, download.received_at, "$.updateTime")
    for table, what, unit in ((report.temperature, TEMPERATURE, "C"), (report.humidity, HUMIDITY, "percent")):
        yield from _stations(table, what, unit, download.received_at)
    if report.uvindex:
        for row in report.uvindex.data or ():
            yield CURRENT, _reading(station_id(_named(row.place, UV_INDEX)), UV_INDEX, updated, row.value)
    if report.rainfall:
        at = moment_in_time(report.rainfall.startTime, download.received_at, "$.rainfall.startTime")
        for district in report.rainfall.data or ():
            _must_be(district.unit, "mm", RAIN)
            silent = district.main == "TRUE"
            sensor = district_id(_named(district.place, RAIN))
            yield RAINFALL, _reading(sensor, RAIN, at, None if silent else district.max)


def _stations(
    table: Table | Nothing, what: Property, unit: str, received_at: datetime
) -> Iterator[tuple[Dataset, Reading]]:
    if not table:
        return
    at = moment_in_time(table.recordTime, received_at, f"{what.id}, recordTime")
    for measured in table.data or ():
        _must_be(measured.unit, unit, what)
        yield CURRENT, _reading(station_id(_named(measured.place, what)), what, at, measured.value)


def _reading(sensor: str, what: Property, at: datetime, value: float | None) -> Reading:
    if value is None:
        return Reading(sensor, what.id, at, None, Quality.MISSING)
    return Reading(sensor, what.id, at, value, what.judge(value))


def _must_be(unit: str, expected: str, what: Property) -> None:
    if unit != expected:
        raise MalformedDownload(
            said(f"the unit is {unit!r}, not {expected!r}", f"單位是 {unit!r}，而非 {expected!r}"),
            where=what.id,
            remedy=FORMAT_CHANGED,
        )


def _named(place: str, what: Property) -> str:
    if not place.strip():
        raise MalformedDownload(said("a value without its place", "數值欠缺地點"), where=what.id, remedy=FORMAT_CHANGED)
    return place.strip()
