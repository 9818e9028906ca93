"""How long incidents of each kind last, by what this store has seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.clearance import remaining_min
from lionrock.services.mobility.incidents.jobs import read_clearance
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind

LEVELS = (0.1, 0.5, 0.9)
Elapsed = Annotated[float, Meta(ge=0, le=7 * 24 * 60, description="Minutes since the first word; a week at most.")]


@dataclass(frozen=True, slots=True)
class ClearanceQuery:
    """After ``elapsed_min`` minutes without an end."""

    elapsed_min: Elapsed = 0.0


@dataclass(frozen=True, slots=True)
class KindClearance:
    """Minutes left for incidents of one kind; ``learned_from`` 0 means that only our priors speak."""

    kind: IncidentKind
    title: Text
    p10_min: float
    p50_min: float
    p90_min: float
    learned_from: int


@dataclass(frozen=True, slots=True)
class ClearanceTimes:
    """Every kind, the commonest first."""

    at: datetime
    source: str
    simulated: bool
    elapsed_min: float
    kinds: list[KindClearance]


def list_clearance(city: City, query: ClearanceQuery, _caller: Caller) -> ClearanceTimes:
    """Answer how long incidents of each kind still last after ``elapsed_min``."""
    clearance = read_clearance(city)
    kinds = []
    for kind in clearance.hazards:
        low, middle, high = (round(left, 1) for left in remaining_min(clearance, kind, query.elapsed_min, LEVELS))
        kinds.append(KindClearance(kind, TITLES[kind], low, middle, high, clearance.learned_from.get(kind, 0)))
    kinds.sort(key=lambda one: -one.learned_from)
    return ClearanceTimes(city.now(), city.source.value, city.simulated, query.elapsed_min, kinds)
