"""What some weather would do to each road in one hour: the map's answer, and the list of those that lose most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.weather_effects.gather import kind_of
from lionrock.services.mobility.weather_effects.kept import Road, SpeedEffect, grade_of, read_learned, speed_effect
from lionrock.services.mobility.weather_effects.levels import HOUR_GROUPS
from lionrock.services.mobility.weather_effects.measures import KINDS

LevelId = Literal[
    "light_rain",
    "moderate_rain",
    "heavy_rain",
    "amber",
    "red",
    "black",
    "signal_1",
    "signal_3",
    "going_home",
    "signal_8",
]
MINUTES = 60.0


@dataclass(frozen=True, slots=True)
class RoadsQuery:
    """What weather, on which day (tomorrow without one) and in which hour (local time)."""

    level: LevelId = "amber"
    day: date | None = None
    hour: Annotated[int, Meta(ge=0, le=23)] = 18


@dataclass(frozen=True, slots=True)
class RoadEffects:
    """Every road's change of speed in that hour, in lists parallel to ``ids`` (those of ``traffic/network``).

    ``effect_pct`` with its 95% interval is None where the road's usual speed is not known, and everywhere where
    the level's own ``grade`` is never or too_few. ``grades`` is how much each road itself saw of the level: with
    never and too_few it is the city's effect that is told.
    """

    simulated: bool
    level: str
    day: date
    hour: int
    grade: str
    ids: list[str]
    effect_pct: list[float | None]
    low_pct: list[float | None]
    high_pct: list[float | None]
    usual_kmh: list[float | None]
    own_days: list[int]
    grades: list[str]


@dataclass(frozen=True, slots=True)
class RoadLost:
    """One road in the first hour of the weather: speeds in km/h, percent with 95% interval, minutes a kilometre."""

    id: str
    name: Text
    lon: float | None
    lat: float | None
    usual_kmh: float
    predicted_kmh: float
    effect_pct: float
    low_pct: float
    high_pct: float
    minutes_lost_per_km: float
    own_days: int
    grade: str


def list_road_effects(city: City, query: RoadsQuery, _caller: Caller) -> RoadEffects:
    """Answer what the weather would do to each road, in the order of the roads' ids."""
    learned = read_learned(city, query.level)
    day = query.day or tomorrow(city)
    kind = KINDS[kind_of(day, frozenset(list_holidays(city)))]
    effect = speed_effect(learned.speeds, group_of(query.hour))
    roads = sorted(learned.roads, key=lambda road: road.id)
    usual = [road.usual_at(kind, query.hour) for road in roads]
    changes = [
        (None, None, None) if effect is None or not kmh else change_pct(effect, road, query.level)
        for road, kmh in zip(roads, usual, strict=True)
    ]
    days = [road.effect(query.level)[2] for road in roads]
    return RoadEffects(
        simulated=city.simulated,
        level=query.level,
        day=day,
        hour=query.hour,
        grade=learned.speeds["grade"],
        ids=[road.id for road in roads],
        effect_pct=[middle for middle, _, _ in changes],
        low_pct=[low for _, low, _ in changes],
        high_pct=[high for _, _, high in changes],
        usual_kmh=usual,
        own_days=days,
        grades=[grade_of(own).value for own in days],
    )


def list_most_affected(
    roads: Sequence[Road], kind: str, level: str, hour: int, effect: SpeedEffect | None, most: int
) -> list[RoadLost]:
    """The roads that lose most on each kilometre, at most ``most``; none where nothing is predicted."""
    if effect is None:
        return []
    found = []
    for road in roads:
        kmh = road.usual_at(kind, hour)
        if not kmh:
            continue
        apart, error, days = road.effect(level)
        predicted = kmh * effect.share(apart, error)[0]
        middle, low, high = change_pct(effect, road, level)
        lon, lat = (None, None) if road.place is None else road.place
        lost = (1 / predicted - 1 / kmh) * MINUTES
        found.append(
            RoadLost(
                road.id,
                road.name,
                lon,
                lat,
                kmh,
                round(predicted, 1),
                middle,
                low,
                high,
                round(lost, 3),
                days,
                grade_of(days).value,
            )
        )
    return sorted(found, key=lambda one: -one.minutes_lost_per_km)[:most]


def change_pct(effect: SpeedEffect, road: Road, level: str) -> tuple[float, float, float]:
    """The road's change of speed in percent: the middle and its 95% interval."""
    apart, error, _ = road.effect(level)
    middle, low, high = (round((share - 1) * 100, 1) for share in effect.share(apart, error))
    return middle, low, high


def group_of(hour: int) -> str:
    """The group of hours whose effect is told for ``hour``."""
    return next(name for name, hours in HOUR_GROUPS.items() if hour in hours)


def tomorrow(city: City) -> date:
    """The local day after this one."""
    return (city.now().astimezone(ZONE) + timedelta(days=1)).date()
