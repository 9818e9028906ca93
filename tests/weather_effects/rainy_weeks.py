"""Three weeks of a small city in a real house: heavy rain takes a tenth of the speed, under amber on some days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np

from lionrock.app.house import House
from lionrock.city.rain import DISTRICTS
from lionrock.core.vocabulary import Alert, Feature, Reading, Severity, Text
from lionrock.services.environment.weather.datasets import RAIN_NOWCAST, RAINFALL, WARNINGS
from lionrock.services.mobility.traffic.datasets import DETECTORS, LANES, ROAD_NETWORK, SEGMENT_SPEEDS

DAYS, SEGMENTS, STATIONS = 21, 8, 4
FIRST = datetime(2026, 6, 1, 16, tzinfo=UTC)  # the first midnight in Hong Kong
NOW = FIRST + timedelta(days=DAYS, minutes=30)
WET_DAYS, AMBER_DAYS, SLOW = (2, 5, 9, 12, 17), (2, 9, 12, 17), 0.9
WET_HOURS = (14, 15, 16)
RAIN_MM = 20.0
HOUR = timedelta(hours=1)


def fill(house: House, *, lanes: bool = True, rain: bool = True) -> None:
    """Put the three weeks into the house's stores, as its feeds would have; some of them silent where asked."""
    house.readings.append(SEGMENT_SPEEDS.id, list(_speeds()))
    house.readings.append(LANES.id, list(_lanes()) if lanes else [])
    house.readings.append(RAINFALL.id, list(_rain()) if rain else [])
    house.readings.append(
        RAIN_NOWCAST.id, [Reading("city", "rain_30min_mm", FIRST + HOUR * hour, 0.0) for hour in range(DAYS * 24 + 1)]
    )
    house.records.save(ROAD_NETWORK, [_segment(index) for index in range(SEGMENTS)], FIRST)
    house.records.save(DETECTORS, [_detector(index) for index in range(STATIONS)], FIRST)
    for day in AMBER_DAYS:
        onset = FIRST + timedelta(days=day) + HOUR * WET_HOURS[0]
        amber = Alert(
            id=f"WRAINA/{day}",
            event="WRAIN",
            severity=Severity.MODERATE,
            headline=Text(en="Amber Rainstorm Warning Signal", tc="黃色暴雨警告信號"),
            onset=onset,
            properties={"code": "WRAINA"},
        )
        house.records.save(WARNINGS, [amber], onset)
        house.records.close(WARNINGS, [amber.id], onset + HOUR * len(WET_HOURS))


def _hours() -> Iterator[tuple[datetime, int, float]]:
    """Every hour with its number on the clock, and what the weather makes of its speed."""
    rng = np.random.default_rng(7)
    for day in range(DAYS):
        mood = rng.normal(0, 0.005)
        for hour in range(24):
            slow = SLOW if day in WET_DAYS and hour in WET_HOURS else 1.0
            peak = 0.8 if hour in {8, 9, 18, 19} else 1.0
            yield FIRST + timedelta(days=day) + HOUR * hour, hour, peak * slow * float(np.exp(mood))


def _speeds() -> Iterator[Reading]:
    rng = np.random.default_rng(8)
    for at, _, factor in _hours():
        for index in range(SEGMENTS):
            yield Reading(f"9000{index}", "speed_kmh", at, (60 + 5 * index) * factor * float(rng.normal(1, 0.01)))


def _lanes() -> Iterator[Reading]:
    rng = np.random.default_rng(9)
    for at, _, factor in _hours():
        for index in range(STATIONS):
            for lane in ("Fast Lane", "Slow Lane"):
                sensor = f"AID0{index}/{lane}"
                yield Reading(sensor, "speed_kmh", at, 70 * factor * float(rng.normal(1, 0.01)))
                yield Reading(sensor, "volume", at, float(np.round(rng.normal(8, 0.5))))
                yield Reading(sensor, "occupancy_pct", at, 6.0)


def _rain() -> Iterator[Reading]:
    for index in range(-1, DAYS * 24 + 1):
        at = FIRST - timedelta(minutes=15) + HOUR * index
        day, hour = divmod(index, 24)
        wet = day in WET_DAYS and hour in WET_HOURS
        for district in DISTRICTS:
            yield Reading(district, "rain_mm", at, RAIN_MM if wet else 0.0)


def _segment(index: int) -> Feature:
    line = [[114.1 + index / 100, 22.3], [114.11 + index / 100, 22.31]]
    return Feature(
        id=f"9000{index}",
        geometry={"type": "LineString", "coordinates": line},
        title=Text(en=f"Rain Road {index}", tc=f"雨路{index}"),
        properties={"speed_limit_kmh": 80, "straight": False, "travel_direction": None},
    )


def _detector(index: int) -> Feature:
    return Feature(
        id=f"AID0{index}",
        geometry={"type": "Point", "coordinates": [114.2, 22.3]},
        title=Text(en="Umbrella Street", tc="雨傘街"),
        properties={"direction": "North"},
    )
