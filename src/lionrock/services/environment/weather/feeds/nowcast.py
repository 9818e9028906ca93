"""Gridded rainfall nowcast, ``F3/Gridded_rainfall_nowcast.csv``: four half hours on 121 x 121 cells, mm.

Only the city's cells are read into the store, and only those with rain; the raw file in the archive
has the rest. The mean over the city's cells is written at every issue and every half hour.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from lionrock.city.place import in_city
from lionrock.core.feeds.formats import ASK_AGAIN, FORMAT_CHANGED, csv_rows, number
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Property, Quality, Reading, said
from lionrock.services.environment.weather.datasets import RAIN_AHEAD
from lionrock.services.environment.weather.feeds.stamps import stamped

HALF_HOUR = timedelta(minutes=30)
CITY = "city"
ISSUED, ENDS = "Updated Date and Time (in Hong Kong Time)", "Ending Date and Time (in Hong Kong Time)"
LAT, LON = "Latitude (degree)", "Longitude (degree)"
RAIN_MM = "Half-hourly Nowcast Accumulated Rainfall (mm)"
COLUMNS = (ISSUED, ENDS, LAT, LON, RAIN_MM)
PROPERTY_BY_AHEAD = {HALF_HOUR * (index + 1): what for index, what in enumerate(RAIN_AHEAD)}
CELL_DEG = (0.01946, 0.01799)  # lon, lat: 2.335 and 2.159 degrees over 120 steps
CellAndRain = tuple[str, str, float]


def parse_nowcast(download: Download) -> Iterator[Reading]:
    """Readings at the moment of issue: ``lat,lon`` cells with rain, and ``city``, for each half hour ahead."""
    halves = _half_hours(download)
    _refuse_uneven(halves)
    for (issued, what), cells in halves.items():
        inside = [cell for cell in cells if _in_city(cell)]
        if not inside:
            raise MalformedDownload(
                said("no cell of the grid lies in the city", "網格中沒有一格在本市範圍內"), remedy=FORMAT_CHANGED
            )
        for lat, lon, rain_mm in inside:
            if rain_mm != 0:
                yield Reading(f"{lat},{lon}", what.id, issued, rain_mm, what.judge(rain_mm))
        possible = [rain_mm for _, _, rain_mm in inside if what.judge(rain_mm) is Quality.GOOD]
        if possible:
            yield Reading(CITY, what.id, issued, sum(possible) / len(possible))
        else:
            yield Reading(CITY, what.id, issued, None, Quality.MISSING)


def _half_hours(download: Download) -> dict[tuple[datetime, Property], list[CellAndRain]]:
    """The cells of each half hour; the few distinct stamps are read once."""
    halves: dict[tuple[str, str], tuple[datetime, Property]] = {}
    cells: dict[tuple[datetime, Property], list[CellAndRain]] = {}
    for line, row in csv_rows(download, COLUMNS):
        stamps = (row[ISSUED], row[ENDS])
        if stamps not in halves:
            halves[stamps] = _half_hour(stamps, download.received_at, f"line {line}")
            cells[halves[stamps]] = []
        rain_mm = number(row[RAIN_MM], f"line {line}, rainfall")
        cells[halves[stamps]].append((row[LAT], row[LON], rain_mm))
    return cells


def _half_hour(stamps: tuple[str, str], received_at: datetime, where: str) -> tuple[datetime, Property]:
    issued, ends = (stamped(stamp, received_at, where) for stamp in stamps)
    ahead = ends - issued
    if ahead not in PROPERTY_BY_AHEAD:
        raise MalformedDownload(
            said(f"a half hour ending {ahead} after the issue", f"有一段半小時在發出後 {ahead} 才完結"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    return issued, PROPERTY_BY_AHEAD[ahead]


def _refuse_uneven(halves: dict[tuple[datetime, Property], list[CellAndRain]]) -> None:
    """A file that was cut, or that gives a cell twice, has half hours of different cells."""
    grids = [[(lat, lon) for lat, lon, _ in cells] for cells in halves.values()]
    if len({issued for issued, _ in halves}) != 1 or len(halves) != len(PROPERTY_BY_AHEAD):
        raise MalformedDownload(
            said(
                f"{len(halves)} half hours, not {len(PROPERTY_BY_AHEAD)} of one issue",
                f"共有 {len(halves)} 段半小時，而非同一次發出的 {len(PROPERTY_BY_AHEAD)} 段",
            ),
            remedy=ASK_AGAIN,
        )
    if any(grid != grids[0] for grid in grids) or len(set(grids[0])) != len(grids[0]):
        raise MalformedDownload(
            said("the half hours cover different cells", "各段半小時涵蓋的網格不同"), remedy=ASK_AGAIN
        )


def _in_city(cell: CellAndRain) -> bool:
    lat, lon = number(cell[0], LAT), number(cell[1], LON)
    return in_city(lon, lat)
