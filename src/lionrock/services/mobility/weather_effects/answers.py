"""What the service answers: what some weather at some hour would do to the usual day, and how sure that is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, Text
from lionrock.services.mobility.weather_effects.by_road import (
    LevelId,
    RoadLost,
    group_of,
    list_most_affected,
    tomorrow,
)
from lionrock.services.mobility.weather_effects.gather import kind_of
from lionrock.services.mobility.weather_effects.kept import Road, read_learned, speed_effect
from lionrock.services.mobility.weather_effects.levels import GROUP_TITLES, HOUR_GROUPS, LEVEL_BY_ID, LEVELS
from lionrock.services.mobility.weather_effects.measures import KINDS, MEASURE_TITLES

MOST_AFFECTED = 12
TRIP_KM = 10.0
MINUTES = 60.0


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
class Prediction:
    """The answer. Where ``grade`` is never or too_few nothing is predicted, lost or affected.

    Before anything was learned there are no dates, no effects and no usual speeds either.
    A day of a year whose holidays are not ``holidays_announced`` is taken for none.
    ``day_spread_pct``: how far the mean of a dry day strays from the usual one (one standard deviation).
    """

    simulated: bool
    level: Choice
    day: date
    kind: str
    holidays_announced: bool
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


def predict(city: City, query: PredictQuery, _caller: Caller) -> Prediction:
    """Answer what the weather would do; raises BadInput for an unknown road."""
    learned = read_learned(city, query.level)
    day = query.day or tomorrow(city)
    holidays = list_holidays(city)
    kind = KINDS[kind_of(day, frozenset(holidays))]
    group = group_of(query.hour)
    usual, speeds, roads = learned.usual, learned.speeds, learned.roads
    asked = _asked(roads, query.road)
    profile = _profile(usual["usual_kmh"][kind], asked, kind, query, speeds)
    first = profile[query.hour]
    worst = list_most_affected(
        asked or roads, kind, query.level, query.hour, speed_effect(speeds, group), MOST_AFFECTED
    )
    return Prediction(
        simulated=city.simulated,
        level=Choice(query.level, LEVEL_BY_ID[query.level].title),
        day=day,
        kind=kind,
        holidays_announced=any(known.year == day.year for known in holidays),
        hour=query.hour,
        lasts=query.lasts,
        group=Choice(group, GROUP_TITLES[group]),
        road=query.road,
        where=_named(asked, query.road),
        roads_asked=len(asked) or int(usual["roads"]),
        own_days=max((road.effect(query.level)[2] for road in asked), default=0),
        learned_from=usual["learned_from"],
        learned_until=usual["learned_until"],
        calm_days=int(usual["calm_days"][kind]),
        day_spread_pct=usual["day_spread_pct"],
        grade=speeds["grade"],
        effects=[_said(measure, told, group) for measure, told in learned.effects.items()],
        profile=profile,
        trip_km=TRIP_KM,
        trip_usual_min=None if first.usual_kmh is None else round(TRIP_KM / first.usual_kmh * MINUTES, 1),
        minutes_lost=_lost(first),
        most_affected=worst,
        levels=[Choice(level.id, level.title) for level in LEVELS],
        road_names=sorted({road.name for road in roads}, key=lambda name: name.en),
    )


def _asked(roads: Sequence[Road], words: str) -> list[Road]:
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
    by_name = {name: road.name for road in roads for name in (road.name.en, road.name.tc, road.name.sc)}
    close = get_close_matches(words.strip(), sorted(by_name), n=3, cutoff=0.4)
    alike = list(dict.fromkeys(by_name[name] for name in close))
    english, chinese = (", ".join(name.en for name in alike), "、".join(name.tc for name in alike))
    problem = Text(en=f"no road here is called {words!r}", tc=f"沒有名為「{words}」的道路")
    raise BadInput(problem, where="road", remedy=Text(en=f"there is {english}", tc=f"有{chinese}") if alike else "")


def _named(asked: Sequence[Road], words: str) -> Text:
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


def _profile(
    of_city: Sequence[float | None], asked: Sequence[Road], kind: str, query: PredictQuery, told: Mapping[str, Any]
) -> list[HourSpeed]:
    """The day hour by hour, of the roads asked for or of the city."""
    by_hour = {hour: group for group, hours in HOUR_GROUPS.items() for hour in hours}
    apart, error = _apart(asked, query.level)
    profile = []
    for hour, city_kmh in enumerate(of_city):
        kmh = _mean([road.usual_at(kind, hour) for road in asked]) if asked else city_kmh
        effect = speed_effect(told, by_hour[hour]) if query.hour <= hour < query.hour + query.lasts else None
        if kmh is None or effect is None:
            profile.append(HourSpeed(hour, kmh, None, None, None))
        else:
            profile.append(HourSpeed(hour, kmh, *(round(kmh * share, 1) for share in effect.share(apart, error))))
    return profile


def _apart(asked: Sequence[Road], level: str) -> tuple[float, float]:
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
