"""Warmth, damp and wind over the city at a moment."""

from __future__ import annotations

import math
from datetime import datetime

import numpy as np

from lionrock.twin.calendar import HONG_KONG
from lionrock.twin.chance import share_for
from lionrock.twin.cyclones import WIND_KMH, signal_at
from lionrock.twin.network import plane
from lionrock.twin.rain import rain_rate
from lionrock.twin.stations import Station

# Mean temperature by month at the Observatory, 1991-2020 normals rounded to half a degree.
MONTH_C = (16.5, 17.0, 19.5, 23.0, 26.5, 28.5, 29.0, 28.5, 28.0, 25.5, 22.0, 18.0)
DAILY_SWING_C = 2.6
WARMEST_HOUR = 14.5
COMPASS = ("North", "Northeast", "East", "Southeast", "South", "Southwest", "West", "Northwest")
PREVAILING = (1, 1, 2, 2, 2, 4, 5, 4, 2, 2, 1, 1)  # the compass point that the wind mostly comes from, by month


def temperature_c(seed: int, moment: datetime, station: Station) -> float:
    """Air temperature at a station, to a tenth of a degree."""
    local = moment.astimezone(HONG_KONG)
    hour = local.hour + local.minute / 60
    season = _between(MONTH_C, local.month - 1 + (local.day - 15) / 30)
    spell = _wandering(seed, moment, "spell", 86_400) * 2.2
    swing = DAILY_SWING_C * math.cos((hour - WARMEST_HOUR) / 24 * 2 * math.pi)
    wet = min(2.5, rain_at(seed, moment, station) * 0.12)
    own = _wandering(seed, moment, station.name, 3600) * 0.4
    return round(season + spell + swing - wet + own - station.cooler_c, 1)


def humidity_percent(seed: int, moment: datetime, station: Station) -> int:
    """Relative humidity at a station."""
    damp = 74 + 8 * _wandering(seed, moment, "damp", 43_200) + min(16.0, rain_at(seed, moment, station))
    return int(min(99, max(30, round(damp))))


def wind_at(seed: int, moment: datetime, station: Station) -> tuple[str, int, int]:
    """Compass point (or Variable, Calm), mean speed and gust in km/h over the last ten minutes."""
    number = signal_at(seed, moment)
    base = WIND_KMH[number] if number else 13 + 7 * _wandering(seed, moment, "breeze", 21_600)
    steady = base * station.exposure * (1 + 0.3 * _wandering(seed, moment, f"{station.name} wind", 1200))
    mean = max(0, round(steady))
    if mean < 1:
        return "Calm", 0, 0
    local = moment.astimezone(HONG_KONG)
    point = PREVAILING[local.month - 1] + round(2.2 * _wandering(seed, moment, f"{station.name} vane", 7200))
    gust = round(mean * (1.25 + 0.4 * share_for(seed, station.name, moment.isoformat(), "gust"))) + 1
    return ("Variable" if mean <= 1 else COMPASS[point % 8]), mean, gust


def rain_at(seed: int, moment: datetime, station: Station) -> float:
    """Rain at a station in mm/h."""
    x_m, y_m = plane((station.lon, station.lat))
    return float(rain_rate(seed, moment, np.array(x_m), np.array(y_m)))


def _between(values: tuple[float, ...], place: float) -> float:
    low = math.floor(place)
    part = place - low
    return values[low % 12] * (1 - part) + values[(low + 1) % 12] * part


def _wandering(seed: int, moment: datetime, what: str, pace_s: float) -> float:
    """A number around 0, mostly within [-1, 1], that changes smoothly every ``pace_s`` seconds."""
    place = moment.timestamp() / pace_s
    low = math.floor(place)
    part = (1 - math.cos(math.pi * (place - low))) / 2
    first, second = (2 * share_for(seed, what, low + step, "air") - 1 for step in (0, 1))
    return first * (1 - part) + second * part
