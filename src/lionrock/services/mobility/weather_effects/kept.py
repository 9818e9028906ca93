"""What was learned, as the answers read it: roads with their usual speeds, and effects on them as logs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lionrock.city.city import City
from lionrock.core.vocabulary import Text
from lionrock.engines.effects.estimates import FEW_BLOCKS, TOO_FEW_BLOCKS, Grade
from lionrock.services.mobility.weather_effects.datasets import EFFECTS
from lionrock.services.mobility.weather_effects.effects import USUAL_ID
from lionrock.services.mobility.weather_effects.measures import KINDS, MEASURES, SPEED

NORMAL = 1.96
ROAD_PREFIX = "road/"
NEVER_SEEN: Mapping[str, Any] = {"grade": Grade.NEVER.value, "by_hours": {}}
NOTHING_LEARNED: Mapping[str, Any] = {
    "usual_kmh": dict.fromkeys(KINDS, [None] * 24),
    "calm_days": dict.fromkeys(KINDS, 0),
    "day_spread_pct": None,
    "learned_from": None,
    "learned_until": None,
    "roads": 0,
}


@dataclass(frozen=True, slots=True)
class Road:
    """One road: its usual speeds by kind of day, and how it differs from the city by level."""

    id: str
    name: Text
    place: Sequence[float] | None
    usual_kmh: Mapping[str, list[float | None]]
    deviation: Mapping[str, Sequence[float]]

    def usual_at(self, kind: str, hour: int) -> float | None:
        """The usual speed in km/h; None where no dry hour of that kind of day was measured."""
        return self.usual_kmh[kind][hour] if kind in self.usual_kmh else None

    def effect(self, level: str) -> tuple[float, float, int]:
        """How much its log effect differs from the city's, the standard error of that, and the days behind it."""
        if level not in self.deviation:
            return 0.0, 0.0, 0
        apart, error, days = self.deviation[level]
        return math.log1p(apart / 100), error / 100, int(days)


@dataclass(frozen=True, slots=True)
class SpeedEffect:
    """The city's effect on speed as logs: the middle, and how far its 95% interval reaches to each side."""

    middle: float
    reach: float

    def share(self, apart: float = 0.0, error: float = 0.0) -> tuple[float, float, float]:
        """The share of its speed that is left (middle, low, high) to a road whose effect differs by ``apart``."""
        reach = math.hypot(self.reach, NORMAL * error)
        middle = self.middle + apart
        return math.exp(middle), math.exp(middle - reach), math.exp(middle + reach)


@dataclass(frozen=True, slots=True)
class Learned:
    """Everything that was learned of one level: the usual days, the city's effects by measure, the roads."""

    usual: Mapping[str, Any]
    effects: Mapping[str, Mapping[str, Any]]
    roads: list[Road]

    @property
    def speeds(self) -> Mapping[str, Any]:
        """What is known of the effect on speed."""
        return self.effects.get(SPEED, NEVER_SEEN)


def read_learned(city: City, level: str) -> Learned:
    """What was learned of ``level``; before anything was, no roads and no effects."""
    kept = {one.id: one.record for one in city.records(EFFECTS)}
    return Learned(
        usual={**NOTHING_LEARNED, **(kept[USUAL_ID].properties if USUAL_ID in kept else {})},
        effects={name: kept[f"city/{name}/{level}"].properties for name in MEASURES if f"city/{name}/{level}" in kept},
        roads=[_road(name, record) for name, record in kept.items() if name.startswith(ROAD_PREFIX)],
    )


def speed_effect(told: Mapping[str, Any], group: str) -> SpeedEffect | None:
    """The effect on speed in a group of hours; None where too little was seen."""
    if not told["by_hours"]:
        return None
    middle, low, high = (
        math.log1p(told["by_hours"][group][name] / 100) for name in ("effect_pct", "low_pct", "high_pct")
    )
    return SpeedEffect(middle, (high - low) / 2)


def grade_of(own_days: int) -> Grade:
    """How much a road itself has seen; with less than a few days the city's effect stands in for its own."""
    if own_days == 0:
        return Grade.NEVER
    if own_days < TOO_FEW_BLOCKS:
        return Grade.TOO_FEW
    return Grade.FEW if own_days < FEW_BLOCKS else Grade.ENOUGH


def _road(feature_id: str, record: Any) -> Road:
    told = record.properties
    return Road(
        id=feature_id.removeprefix(ROAD_PREFIX),
        name=record.title,
        place=None if record.geometry is None else record.geometry["coordinates"],
        usual_kmh=told["usual_kmh"],
        deviation=told["deviation"].get(SPEED, {}),
    )
