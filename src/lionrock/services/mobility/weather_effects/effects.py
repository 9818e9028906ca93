"""The job: learn the effects anew from everything measured so far, and say them as features.

Three shapes of id: ``city/<measure>/<level>`` is an effect on all roads, ``city/usual`` the calm days
that it is measured against, ``road/<id>`` how one road differs and its own calm days. Numbers are
rounded so far that a day without news changes hardly any of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from lionrock.city.city import City
from lionrock.core.vocabulary import Feature, Text
from lionrock.engines.effects.estimates import Estimate, Grade
from lionrock.engines.effects.members import Members
from lionrock.engines.effects.usual import Usual
from lionrock.services.mobility.weather_effects.gather import LearnedHours, gather_hours
from lionrock.services.mobility.weather_effects.levels import (
    HOUR_GROUPS,
    LEVEL_BY_ID,
    RAIN,
    Floats,
    levels_of,
    states_of,
)
from lionrock.services.mobility.weather_effects.measures import (
    KINDS,
    MEASURE_TITLES,
    SPEED,
    FactorEffects,
    estimate_all,
)
from lionrock.services.mobility.weather_effects.roads import Place, places_of_roads

USUAL_ID = "city/usual"
ROAD_STEP_PCT = 0.5
HOURS = 24
MOST_OF_A_DAY = 0.5  # of its hours were dry: it counts as a dry day


def learn_effects(city: City) -> Iterator[Feature]:
    """Learn and say every effect; raises NotYet while too few days were measured."""
    learned = gather_hours(city)
    effects = estimate_all(learned.roads, learned.weather)
    yield from say_effects(learned, effects, places_of_roads(city))


def say_effects(learned: LearnedHours, effects: list[FactorEffects], places: Mapping[str, Place]) -> Iterator[Feature]:
    """The features of a whole estimate: the city's effects, its usual days, and its roads."""
    since, until = learned.days[0], learned.days[-1]
    for found in effects:
        for level, whole in zip(levels_of(found.factor), found.estimates.whole, strict=True):
            groups = {name: found.estimates.by_group[name][whole.level - 1] for name in HOUR_GROUPS}
            yield _city_effect(found.measure, level.id, whole, groups, (since, until))
    speeds = next(one.estimates for one in effects if one.measure == SPEED and one.factor == RAIN)
    usual = speeds.usual
    calm = (states_of(RAIN, learned.weather) == 0).mean(axis=(1, 2)) >= MOST_OF_A_DAY
    calm_days = {name: int((calm & (learned.roads.kind == index)).sum()) for index, name in enumerate(KINDS)}
    yield Feature(
        id=USUAL_ID,
        geometry=None,
        title=Text(en="Usual speeds in dry hours", tc="無雨時的平常車速"),
        properties={
            "usual_kmh": _usual_of_city(usual),
            "calm_days": calm_days,
            "day_spread_pct": round(speeds.day_spread * 100, 1) if math.isfinite(speeds.day_spread) else None,
            "learned_from": since.isoformat(),
            "learned_until": until.isoformat(),
            "roads": int(np.isfinite(usual.table).any(axis=(0, 1)).sum()),
        },
    )
    for column, road in enumerate(learned.roads.ids):
        yield _road(road, column, usual, effects, places.get(road))


def _city_effect(
    measure: str, level: str, whole: Estimate, groups: Mapping[str, Estimate], learned: tuple[date, date]
) -> Feature:
    title, what = LEVEL_BY_ID[level].title, MEASURE_TITLES[measure]
    told = whole.grade in {Grade.FEW, Grade.ENOUGH}
    return Feature(
        id=f"city/{measure}/{level}",
        geometry=None,
        title=Text(en=f"{title.en}: {what.en.lower()}", tc=f"{title.tc}：{what.tc}"),
        properties={
            "measure": measure,
            "level": level,
            "grade": whole.grade.value,
            "independent_days": whole.blocks,
            "days": whole.days,
            "hours": whole.hours,
            **(_percent(whole) if told else _percent(None)),
            "seen": None if told or whole.log_ratio is None else _percent(whole),
            "by_hours": {name: {**_percent(one), "days": one.days, "hours": one.hours, "borrowed": one.pooled}
                         for name, one in groups.items()} if told else {},
            "learned_from": learned[0].isoformat(),
            "learned_until": learned[1].isoformat(),
        },
    )  # fmt: skip


def _percent(said: Estimate | None) -> dict[str, float | None]:
    """The effect and its interval in percent; None where there is none."""
    logs = (None, None, None) if said is None else (said.log_ratio, said.low, said.high)
    names = ("effect_pct", "low_pct", "high_pct")
    return {
        name: None if log is None else round(math.expm1(log) * 100, 1) for name, log in zip(names, logs, strict=True)
    }


def _usual_of_city(usual: Usual) -> dict[str, list[float | None]]:
    """The mean over roads of each hour's usual speed, of those roads whose whole day is known."""
    kmh: Floats = np.exp(usual.table.astype(np.float64))
    by_kind: dict[str, list[float | None]] = {}
    for index, name in enumerate(KINDS):
        of_kind = kmh[index] if index < len(kmh) else np.full_like(kmh[0], np.nan)
        known = of_kind[:, np.isfinite(of_kind.sum(axis=0))]
        by_kind[name] = [round(one, 1) for one in known.mean(axis=1).tolist()] if known.size else [None] * HOURS
    return by_kind


def _road(road: str, column: int, usual: Usual, effects: list[FactorEffects], place: Place | None) -> Feature:
    kmh = np.exp(usual.table[:, :, column].astype(np.float64))
    deviations: dict[str, dict[str, list[float]]] = {}
    for found in effects:
        for level, members in zip(levels_of(found.factor), found.members, strict=True):
            if members.days[column]:
                deviations.setdefault(found.measure, {})[level.id] = _deviation(members, column)
    return Feature(
        id=f"road/{road}",
        geometry=None if place is None else {"type": "Point", "coordinates": [place.lon, place.lat]},
        title=Text(en=road) if place is None else place.name,
        properties={
            "road": road,
            "usual_kmh": {name: _whole_kmh(kmh[index]) for index, name in enumerate(KINDS[: len(kmh)])},
            "deviation": deviations,
        },
    )


def _deviation(members: Members, column: int) -> list[float]:
    """By how many percent the effect differs from the city's, its standard error in percent, and the days behind it."""
    apart, error = math.expm1(members.deviation[column]) * 100, math.sqrt(members.variance[column]) * 100
    return [
        round(apart / ROAD_STEP_PCT) * ROAD_STEP_PCT,
        round(error / ROAD_STEP_PCT) * ROAD_STEP_PCT,
        int(members.days[column]),
    ]


def _whole_kmh(kmh: Floats) -> list[int | None]:
    return [round(one) if math.isfinite(one) else None for one in kmh.tolist()]
