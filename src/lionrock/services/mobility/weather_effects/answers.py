"""What the service answers: what some weather at some hour would do to the usual day, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import NotFound, Text
from lionrock.engines.effects.estimates import Grade
from lionrock.services.mobility.weather_effects.datasets import EFFECTS
from lionrock.services.mobility.weather_effects.effects import USUAL_ID
from lionrock.services.mobility.weather_effects.gather import kind_of
from lionrock.services.mobility.weather_effects.levels import GROUP_TITLES, HOUR_GROUPS, LEVEL_BY_ID, LEVELS
from lionrock.services.mobility.weather_effects.measures import KINDS, MEASURE_TITLES, MEASURES, SPEED

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
Group = Literal["night", "morning_peak", "midday", "evening_peak", "late"]
MOST_AFFECTED = 12
TRIP_KM = 10.0
NORMAL = 1.96
MINUTES = 60.0
ROAD_PREFIX = "road/"
NEVER_SEEN: Mapping[str, Any] = {"grade": Grade.NEVER.value, "by_hours": {}}
NOTHING_LEARNED: Mapping[str, Any] = {
    "usual_kmh": dict.fromkeys(KINDS, [None] * 24),
    "days": dict.fromkeys(KINDS, 0),
    "day_spread_pct": None,
    "learned_from": None,
    "learned_until": None,
    "roads": 0,
}


@dataclass(frozen=True, slots=True)
class PredictQuery:
    """What weather, when (local time; tomorrow without a day) and where (a road's id or name; the city without)."""

    level: LevelId = "amber"
    day: date | None = None
    hour: Annotated[int, Meta(ge=0, le=23)] = 18
    lasts: Annotated[int, Meta(ge=1, le=12, description="hours")] = 2
    road: Annotated[str, Meta(max_length=120)] = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be asked for."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class EffectSaid:
    """An effect in percent with its 95% interval; None where it is not known. ``borrowed`` from other hours."""

    measure: str
    title: Text
    grade: str
    effect_pct: float | None
    low_pct: float | None
    high_pct: float | None
    days: int
    hours: int
    independent_days: int
    borrowed: bool
    seen_pct: list[float] | None


@dataclass(frozen=True, slots=True)
class HourSpeed:
    """One hour of the day in km/h: the usual, and the predicted with its band where the weather is asked about."""

    hour: int
    usual_kmh: float | None
    predicted_kmh: float | None
    low_kmh: float | None
    high_kmh: float | None


@dataclass(frozen=True, slots=True)
class RoadLost:
    """One road in the first hour of the weather: speeds in km/h, minutes lost on each kilometre."""

    id: str
    name: Text
    lon: float | None
    lat: float | None
    usual_kmh: float
    predicted_kmh: float
    minutes_lost_per_km: float
    own_days: int


@dataclass(frozen=True, slots=True)
class Prediction:
    """The answer. Where ``grade`` is never or too_few nothing is predicted, lost or affected.

    Before anything was learned there are no dates, no effects and no usual speeds either.
    ``day_spread_pct``: how far the mean of a dry day strays from the usual one (one standard deviation).
    """

    simulated: bool
    level: Choice
    day: date
    kind: str
    hour: int
    lasts: int
    group: Choice
    road: str
    where: Text
    roads_asked: int
    own_days: int
    learned_from: str | None
    learned_until: str | None
    calm_days: int
    day_spread_pct: float | None
    grade: str
    effects: list[EffectSaid]
    profile: list[HourSpeed]
    trip_km: float
    trip_usual_min: float | None
    minutes_lost: list[float] | None
    most_affected: list[RoadLost]
    levels: list[Choice]
    road_names: list[Text]


@dataclass(frozen=True, slots=True)
class _Road:
    """One road as it is kept: its usual speeds by kind of day, and how it differs from the city by level."""

    id: str
    name: Text
    place: Sequence[float] | None
    usual_kmh: Mapping[str, list[float | None]]
    deviation: Mapping[str, Sequence[float]]

    def effect(self, level: str) -> tuple[float, float, int]:
        """How much its log effect differs from the city's, the standard error of that, and the days behind it."""
        if level not in self.deviation:
            return 0.0, 0.0, 0
        apart, error, days = self.deviation[level]
        return math.log1p(apart / 100), error / 100, int(days)


@dataclass(frozen=True, slots=True)
class _Logs:
    """An effect on speed as logs."""

    middle: float
    reach: float

    def on(self, kmh: float, apart: float = 0.0, error: float = 0.0) -> tuple[float, float, float]:
        """The predicted speed with its band, for a road whose effect differs by ``apart``."""
        reach = math.hypot(self.reach, NORMAL * error)
        middle = self.middle + apart
        return kmh * math.exp(middle), kmh * math.exp(middle - reach), kmh * math.exp(middle + reach)


def predict(city: City, query: PredictQuery, _caller: Caller) -> Prediction:
    """Answer what the weather would do; raises NotFound for an unknown road."""
    kept = {one.id: one.record for one in city.records(EFFECTS)}
    day = query.day or (city.now().astimezone(ZONE) + timedelta(days=1)).date()
    kind = KINDS[kind_of(day, frozenset(list_holidays(city)))]
    group = next(name for name, hours in HOUR_GROUPS.items() if query.hour in hours)
    usual = kept[USUAL_ID].properties if USUAL_ID in kept else NOTHING_LEARNED
    effects = {name: kept[f"city/{name}/{query.level}"].properties
               for name in MEASURES if f"city/{name}/{query.level}" in kept}  # fmt: skip
    speeds = effects.get(SPEED, NEVER_SEEN)
    roads = [_road(name, record) for name, record in kept.items() if name.startswith(ROAD_PREFIX)]
    asked = _asked(roads, query.road)
    profile = _profile(usual["usual_kmh"][kind], asked, kind, query, speeds)
    first = profile[query.hour]
    return Prediction(
        simulated=city.simulated,
        level=Choice(query.level, LEVEL_BY_ID[query.level].title),
        day=day,
        kind=kind,
        hour=query.hour,
        lasts=query.lasts,
        group=Choice(group, GROUP_TITLES[group]),
        road=query.road,
        where=_named(asked, query.road),
        roads_asked=len(asked) or int(usual["roads"]),
        own_days=max((road.effect(query.level)[2] for road in asked), default=0),
        learned_from=usual["learned_from"],
        learned_until=usual["learned_until"],
        calm_days=int(usual["days"][kind]),
        day_spread_pct=usual["day_spread_pct"],
        grade=speeds["grade"],
        effects=[_said(measure, told, group) for measure, told in effects.items()],
        profile=profile,
        trip_km=TRIP_KM,
        trip_usual_min=None if first.usual_kmh is None else round(TRIP_KM / first.usual_kmh * MINUTES, 1),
        minutes_lost=_lost(first),
        most_affected=_most_affected(asked or roads, kind, query, _logs(speeds, group)),
        levels=[Choice(level.id, level.title) for level in LEVELS],
        road_names=sorted({road.name for road in roads}, key=lambda name: name.en),
    )


def _road(feature_id: str, record: Any) -> _Road:
    told = record.properties
    deviation = told["deviation"]
    return _Road(
        id=feature_id.removeprefix(ROAD_PREFIX),
        name=record.title,
        place=None if record.geometry is None else record.geometry["coordinates"],
        usual_kmh=told["usual_kmh"],
        deviation=deviation.get(SPEED, {}),
    )


def _asked(roads: Sequence[_Road], words: str) -> list[_Road]:
    """The roads of that id, else of that name in any language, else those whose names hold the words."""
    wanted = words.strip().casefold()
    if not wanted:
        return []
    names = [(road, [text.casefold() for text in (road.name.en, road.name.tc, road.name.sc)]) for road in roads]
    for chosen in (
        [road for road in roads if road.id.casefold() == wanted],
        [road for road, texts in names if wanted in texts],
        [road for road, texts in names if any(wanted in text for text in texts)],
    ):
        if chosen:
            return chosen
    alike = get_close_matches(words.strip(), sorted({road.name.en for road in roads}), n=3, cutoff=0.4)
    raise NotFound(f"no road here is called {words!r}" + (f"; there is {', '.join(alike)}" if alike else ""))


def _named(asked: Sequence[_Road], words: str) -> Text:
    if not asked:
        return Text(en="the whole city", tc="全市")
    names = {road.name for road in asked}
    return asked[0].name if len(names) == 1 else Text(en=words, tc=words, sc=words)


def _said(measure: str, told: Mapping[str, Any], group: str) -> EffectSaid:
    known = told["by_hours"][group] if told["by_hours"] else told
    seen = told["seen"]
    return EffectSaid(
        measure=measure,
        title=MEASURE_TITLES[measure],
        grade=told["grade"],
        effect_pct=known["effect_pct"],
        low_pct=known["low_pct"],
        high_pct=known["high_pct"],
        days=told["days"],
        hours=told["hours"],
        independent_days=told["independent_days"],
        borrowed=bool(told["by_hours"]) and known["borrowed"],
        seen_pct=None if seen is None else [seen["effect_pct"], seen["low_pct"], seen["high_pct"]],
    )


def _logs(told: Mapping[str, Any], group: str) -> _Logs | None:
    """The effect on speed in a group of hours; None where too little was seen."""
    if not told["by_hours"]:
        return None
    middle, low, high = (
        math.log1p(told["by_hours"][group][name] / 100) for name in ("effect_pct", "low_pct", "high_pct")
    )
    return _Logs(middle, (high - low) / 2)


def _profile(
    of_city: Sequence[float | None], asked: Sequence[_Road], kind: str, query: PredictQuery, told: Mapping[str, Any]
) -> list[HourSpeed]:
    """The day hour by hour, of the roads asked for or of the city."""
    by_hour = {hour: group for group, hours in HOUR_GROUPS.items() for hour in hours}
    apart, error = _apart(asked, query.level)
    profile = []
    for hour, city_kmh in enumerate(of_city):
        kmh = _mean([road.usual_kmh[kind][hour] for road in asked if kind in road.usual_kmh]) if asked else city_kmh
        logs = _logs(told, by_hour[hour]) if query.hour <= hour < query.hour + query.lasts else None
        if kmh is None or logs is None:
            profile.append(HourSpeed(hour, kmh, None, None, None))
        else:
            profile.append(HourSpeed(hour, kmh, *(round(one, 1) for one in logs.on(kmh, apart, error))))
    return profile


def _apart(asked: Sequence[_Road], level: str) -> tuple[float, float]:
    """How the roads together differ from the city, in logs, and the standard error of that."""
    if not asked:
        return 0.0, 0.0
    told = [road.effect(level) for road in asked]
    count = len(told)
    return sum(one[0] for one in told) / count, math.sqrt(sum(one[1] ** 2 for one in told)) / count


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 1) if known else None


def _lost(first: HourSpeed) -> list[float] | None:
    """Minutes lost on a trip: the middle, the least and the most."""
    if first.usual_kmh is None or first.predicted_kmh is None or first.low_kmh is None or first.high_kmh is None:
        return None
    usual = TRIP_KM / first.usual_kmh
    speeds = (first.predicted_kmh, first.high_kmh, first.low_kmh)
    return [round((TRIP_KM / kmh - usual) * MINUTES, 2) for kmh in speeds]


def _most_affected(roads: Sequence[_Road], kind: str, query: PredictQuery, logs: _Logs | None) -> list[RoadLost]:
    """The roads that lose most on each kilometre in the first hour; none where nothing is predicted."""
    if logs is None:
        return []
    found = []
    for road in roads:
        kmh = road.usual_kmh[kind][query.hour] if kind in road.usual_kmh else None
        if not kmh:
            continue
        apart, error, days = road.effect(query.level)
        predicted = logs.on(kmh, apart, error)[0]
        lon, lat = (None, None) if road.place is None else road.place
        lost = (1 / predicted - 1 / kmh) * MINUTES
        found.append(RoadLost(road.id, road.name, lon, lat, kmh, round(predicted, 1), round(lost, 3), days))
    return sorted(found, key=lambda one: -one.minutes_lost_per_km)[:MOST_AFFECTED]
