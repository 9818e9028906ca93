"""The Observatory's regional files: wind and temperature of every station, and the rainfall nowcast."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import numpy as np

from lionrock.twin.air import temperature_c, wind_at
from lionrock.twin.calendar import HONG_KONG
from lionrock.twin.chance import share_for, stream_for
from lionrock.twin.city import TwinCity
from lionrock.twin.network import M_PER_DEGREE_LAT, M_PER_DEGREE_LON, ORIGIN_LAT, ORIGIN_LON
from lionrock.twin.rain import Floats, rain_rate
from lionrock.twin.stations import STATIONS

WIND_HEAD = (
    "Date time,Automatic Weather Station,10-Minute Mean Wind Direction(Compass points),"
    "10-Minute Mean Speed(km/hour),10-Minute Maximum Gust(km/hour)"
)
WARMTH_HEAD = "Date time,Automatic Weather Station,Air Temperature(degree Celsius)"
NOWCAST_HEAD = (
    "Updated Date and Time (in Hong Kong Time),Ending Date and Time (in Hong Kong Time),"
    "Latitude (degree),Longitude (degree),Half-hourly Nowcast Accumulated Rainfall (mm)"
)
REGIONAL_LAG = timedelta(minutes=8)
NOWCAST_LAG = timedelta(minutes=9)
SIDE = 121
NORTH, SOUTH, WEST, EAST = 23.487, 21.328, 112.956, 115.291
HALF_HOURS = 4
STEPS_A_HALF_HOUR = 3
NO_VANE, NO_READING = 0.05, 0.01  # shares of rows without a direction and without any value
EXTRA_COMMA = "Wetland Park"  # one row of the recorded file ends in a comma too many


def stamp(moment: datetime) -> str:
    """A moment as these files write it."""
    return f"{moment.astimezone(HONG_KONG):%Y%m%d%H%M}"


def render_wind(city: TwinCity, published: datetime) -> bytes:
    """``latest_10min_wind.csv``: words for what has no number, as recorded."""
    at = published - REGIONAL_LAG
    lines = [WIND_HEAD]
    for station in (s for s in STATIONS if s.wind):
        point, mean, gust = wind_at(city.seed, at, station)
        chance = share_for(city.seed, station.name, at.isoformat(), "vane")
        row = f"{point},{'Calm' if point == 'Calm' else mean},{gust}"
        if chance < NO_READING:
            row = "N/A,N/A,N/A"
        elif chance < NO_VANE:
            row = f"N/A,{mean},{gust}"
        lines.append(f"{stamp(at)},{station.name},{row}" + ("," if station.name == EXTRA_COMMA else ""))
    return ("\n".join(lines) + "\n").encode()


def render_warmth(city: TwinCity, published: datetime) -> bytes:
    """``latest_1min_temperature.csv``, with a byte-order mark."""
    at = published - REGIONAL_LAG
    lines = [WARMTH_HEAD]
    for station in (s for s in STATIONS if s.warmth):
        missing = share_for(city.seed, station.name, at.isoformat(), "thermometer") < NO_READING
        lines.append(f"{stamp(at)},{station.name},{'N/A' if missing else temperature_c(city.seed, at, station)}")
    return b"\xef\xbb\xbf" + ("\n".join(lines) + "\n").encode()


def nowcast_mm(seed: int, updated: datetime) -> Floats:
    """Forecast rain, shaped (half-hours, latitudes from the north, longitudes from the west), in mm."""
    return nowcast_at(seed, updated, *_grid())


def nowcast_at(seed: int, updated: datetime, x_m: Floats, y_m: Floats) -> Floats:
    """Forecast rain of each half hour at points of the plane, in mm, half hours first.

    It is what will fall, displaced and misjudged more the further ahead it looks.
    """
    rng = stream_for(seed, updated.isoformat(), "nowcast")
    amounts = np.zeros((HALF_HOURS, *np.shape(x_m)))
    for half in range(HALF_HOURS):
        east_m, north_m = rng.normal(0, 1500, 2) * (half + 1)
        misjudged = np.exp(rng.normal(0, 0.12) * (half + 1))
        for step in range(STEPS_A_HALF_HOUR):
            moment = updated + timedelta(minutes=30 * half + (step + 0.5) * 30 / STEPS_A_HALF_HOUR)
            amounts[half] += rain_rate(seed, moment, x_m + east_m, y_m + north_m) / (2 * STEPS_A_HALF_HOUR)
        amounts[half] *= misjudged
    return amounts


def render_nowcast(city: TwinCity, published: datetime) -> bytes:
    """``Gridded_rainfall_nowcast.csv``: 4 half-hours of 121 by 121 points."""
    updated = published - NOWCAST_LAG
    lines = [NOWCAST_HEAD]
    points = _point_texts()
    for half, amounts in enumerate(nowcast_mm(city.seed, updated)):
        start = f"{stamp(updated)},{stamp(updated + timedelta(minutes=30 * (half + 1)))},"
        lines += [
            f"{start}{point},{amount:.2f}" for point, amount in zip(points, amounts.ravel().tolist(), strict=True)
        ]
    return ("\n".join(lines) + "\n").encode()


@cache
def _grid() -> tuple[Floats, Floats]:
    lats, lons = np.linspace(NORTH, SOUTH, SIDE), np.linspace(WEST, EAST, SIDE)
    x_m, y_m = np.meshgrid((lons - ORIGIN_LON) * M_PER_DEGREE_LON, (lats - ORIGIN_LAT) * M_PER_DEGREE_LAT)
    return x_m, y_m


@cache
def _point_texts() -> tuple[str, ...]:
    lats, lons = np.linspace(NORTH, SOUTH, SIDE), np.linspace(WEST, EAST, SIDE)
    return tuple(f"{lat:.3f},{lon:.3f}" for lat in lats for lon in lons)
