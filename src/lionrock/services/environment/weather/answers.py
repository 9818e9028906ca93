"""What the weather service answers: the warnings in force, every station now, and the rain about to fall."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.city.warnings import in_force_until
from lionrock.core.manifest import Caller
from lionrock.core.records import Kept
from lionrock.core.vocabulary import Dataset, NotFound, Property, Severity, Text, microseconds, moment_of
from lionrock.services.environment.weather.datasets import (
    CURRENT,
    GUST,
    RAIN_AHEAD,
    RAIN_NOWCAST,
    STATION_TEMPERATURE,
    STATION_WIND,
    TEMPERATURE,
    WARNINGS,
    WIND,
    WIND_FROM,
)
from lionrock.services.environment.weather.feeds.nowcast import CELL_DEG, CITY
from lionrock.services.environment.weather.feeds.regional import COMPASS_DEG
from lionrock.services.environment.weather.stations import STATIONS, Station

FIRST_HALF_HOUR = RAIN_AHEAD[0]
COMPASS = tuple(COMPASS_DEG)
COMPASS_STEP_DEG = 360 / len(COMPASS)
FRESH_FOR = timedelta(minutes=90)  # the hourly report is the slowest of what is shown
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class WeatherQuery:
    """Now, or ``at`` a past moment."""

    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning in force."""

    id: str
    event: str
    code: str
    severity: Severity
    headline: Text
    onset: datetime
    expires: datetime | None


@dataclass(frozen=True, slots=True)
class StationWeather:
    """One station; None where it says nothing good. ``wind_from`` is a compass point."""

    id: str
    name: Text
    lon: float
    lat: float
    temperature_c: float | None
    wind_kmh: float | None
    gust_kmh: float | None
    wind_from: str | None


@dataclass(frozen=True, slots=True)
class Rain:
    """Rain of the half hour after ``issued_at``: (lon, lat, mm) of each wet cell, whose middle it is."""

    issued_at: datetime | None
    cell_deg: tuple[float, float]
    cells: list[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Weather:
    """The weather of one moment; where warnings are not ``warnings_known`` nobody read whether there were any."""

    at: datetime
    source: str
    simulated: bool
    warnings: list[Warned]
    warnings_known: bool
    stations: list[StationWeather]
    rain: Rain


def tell_weather(city: City, query: WeatherQuery, _caller: Caller) -> Weather:
    """Answer the weather now or then; raises BadInput for a moment that has not been."""
    now = city.now()
    then = None if query.at is None else past_moment(city, query.at)
    at = then or now
    values = {
        what.id: _values(city, dataset, what, at, now)
        for dataset, what in (
            (CURRENT, TEMPERATURE),
            (STATION_WIND, WIND),
            (STATION_WIND, GUST),
            (STATION_WIND, WIND_FROM),
        )
    }
    rain = _rain(city, at)
    values[TEMPERATURE.id] |= _values(city, STATION_TEMPERATURE, TEMPERATURE, at, now)
    return Weather(
        at=at,
        source=city.source.value,
        simulated=city.simulated,
        warnings=[_warned(kept) for kept in city.records(WARNINGS, then) if _in_force(kept, at)],
        warnings_known=_were_read(city, then is None, rain),
        stations=[one for station in STATIONS if (one := _station(station, values)) is not None],
        rain=rain,
    )


def _values(city: City, dataset: Dataset, what: Property, at: datetime, now: datetime) -> dict[str, float]:
    """The last good value of every sensor in the FRESH_FOR before ``at``."""
    if at >= now - MINUTE:
        latest = city.latest(dataset, what.id)
        since_us = microseconds(at - FRESH_FOR)
        rows = zip(latest.sensors, latest.good_at_us.tolist(), latest.good_value.tolist(), strict=True)
        return {sensor: value for sensor, at_us, value in rows if at_us >= since_us}
    means = city.aggregate(dataset, what.id, at - FRESH_FOR, at + MINUTE, timedelta(minutes=5))
    found: dict[str, float] = {}
    for row in means.mean:
        found |= {means.sensors[index]: float(row[index]) for index in np.flatnonzero(~np.isnan(row)).tolist()}
    return found


def _station(station: Station, values: dict[str, dict[str, float]]) -> StationWeather | None:
    """One station's values; None where it has none."""
    temperature, wind, gust, wind_from = (
        values[what.id].get(station.id) for what in (TEMPERATURE, WIND, GUST, WIND_FROM)
    )
    if temperature is None and wind is None and gust is None:
        return None
    return StationWeather(
        id=station.id,
        name=station.name,
        lon=station.lon,
        lat=station.lat,
        temperature_c=temperature,
        wind_kmh=wind,
        gust_kmh=gust,
        wind_from=None if wind_from is None or not wind else _compass_point(wind_from),
    )


def _compass_point(degrees: float) -> str:
    return COMPASS[round(degrees / COMPASS_STEP_DEG) % len(COMPASS)]


def _were_read(city: City, now: bool, rain: Rain) -> bool:
    """Whether warnings were listened for: of a past moment the nowcast, read as often, bears witness."""
    return city.ever_heard(WARNINGS) if now else rain.issued_at is not None


def _in_force(kept: Kept, at: datetime) -> bool:
    end = in_force_until(kept)
    return end is None or end > at


def _warned(kept: Kept) -> Warned:
    alert = kept.record
    return Warned(
        id=kept.id,
        event=alert.event,
        code=alert.properties["code"],
        severity=alert.severity,
        headline=alert.headline,
        onset=alert.onset,
        expires=alert.expires,
    )


def _rain(city: City, at: datetime) -> Rain:
    """The wet cells of the last issue in the FRESH_FOR before ``at``; an issue without any is a dry one."""
    try:
        issues = city.window(RAIN_NOWCAST, CITY, FIRST_HALF_HOUR.id, at - FRESH_FOR, at + MINUTE).at_us
    except NotFound:
        issues = np.empty(0, np.int64)
    if not len(issues):
        return Rain(None, CELL_DEG, [])
    issued_at = moment_of(int(issues[-1]))
    means = city.aggregate(RAIN_NOWCAST, FIRST_HALF_HOUR.id, issued_at, issued_at + MINUTE, MINUTE)
    cells = []
    for index in np.flatnonzero(means.count[0]).tolist():
        sensor = means.sensors[index]
        if sensor != CITY:
            lat, lon = sensor.split(",")
            cells.append((float(lon), float(lat), float(means.mean[0, index])))
    return Rain(issued_at, CELL_DEG, cells)
