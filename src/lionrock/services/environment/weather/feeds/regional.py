"""Regional weather CSVs: ten-minute wind and one-minute temperature of each automatic station.

``N/A``, ``M``, ``////`` and an empty cell mean that the station says nothing; ``Calm`` is a wind of
0 km/h from nowhere, ``Variable`` a wind without direction. Rows may end in one comma too many.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lionrock.core.feeds.formats import FORMAT_CHANGED, csv_rows, number, one_of
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Property, Quality, Reading, said
from lionrock.services.environment.weather.datasets import GUST, TEMPERATURE, WIND, WIND_FROM
from lionrock.services.environment.weather.feeds.stamps import stamped
from lionrock.services.environment.weather.stations import station_id

SILENT = ("", "N/A", "M", "////", "***")
CALM = "Calm"
COMPASS_DEG = {
    "North": 0.0,
    "Northeast": 45.0,
    "East": 90.0,
    "Southeast": 135.0,
    "South": 180.0,
    "Southwest": 225.0,
    "West": 270.0,
    "Northwest": 315.0,
}
NO_DIRECTION = (*SILENT, CALM, "Variable")

MOMENT, STATION = "Date time", "Automatic Weather Station"
DIRECTION = "10-Minute Mean Wind Direction(Compass points)"
SPEED = "10-Minute Mean Speed(km/hour)"
HIGHEST = "10-Minute Maximum Gust(km/hour)"
AIR_TEMPERATURE = "Air Temperature(degree Celsius)"


def parse_wind(download: Download) -> Iterator[Reading]:
    """Three Readings a station: mean speed, gust, and the direction that the wind blows from."""
    for line, row in csv_rows(download, (MOMENT, STATION, DIRECTION, SPEED, HIGHEST)):
        sensor, at = _station_and_moment(row, line, download.received_at)
        yield _reading(sensor, WIND, at, row[SPEED], f"line {line}, {SPEED}")
        yield _reading(sensor, GUST, at, row[HIGHEST], f"line {line}, {HIGHEST}")
        if row[DIRECTION] in NO_DIRECTION:
            yield Reading(sensor, WIND_FROM.id, at, None, Quality.MISSING)
        else:
            degrees = one_of(row[DIRECTION], COMPASS_DEG, f"line {line}, {DIRECTION}")
            yield Reading(sensor, WIND_FROM.id, at, degrees)


def parse_temperature(download: Download) -> Iterator[Reading]:
    """One Reading a station."""
    for line, row in csv_rows(download, (MOMENT, STATION, AIR_TEMPERATURE)):
        sensor, at = _station_and_moment(row, line, download.received_at)
        yield _reading(sensor, TEMPERATURE, at, row[AIR_TEMPERATURE], f"line {line}, {AIR_TEMPERATURE}")


def _station_and_moment(row: dict[str, str], line: int, received_at: datetime) -> tuple[str, datetime]:
    where = f"line {line}, {MOMENT}"
    if not row[STATION]:
        raise MalformedDownload(
            said("a row without its station", "此行欠缺站名"), where=f"line {line}", remedy=FORMAT_CHANGED
        )
    return station_id(row[STATION]), stamped(row[MOMENT], received_at, where)


def _reading(sensor: str, what: Property, at: datetime, text: str, where: str) -> Reading:
    if text in SILENT:
        return Reading(sensor, what.id, at, None, Quality.MISSING)
    value = 0.0 if text == CALM else number(text, where)
    return Reading(sensor, what.id, at, value, what.judge(value))
