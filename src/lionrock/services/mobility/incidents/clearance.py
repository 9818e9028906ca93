"""How long incidents last: chances of being cleared span by span, learned from those that were.

A discrete-time hazard by kind (Kaplan and Meier's estimate, in spans) that begins at a prior of our
own, worth :data:`PRIOR_INCIDENTS` incidents. Incidents whose clearing nobody saw count as long as they
were spoken of (censored). The levels are stretched by how often the last incidents fell outside of
what was learned before them. docs/models/incidents.md says how well this does and what did not do better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import erf, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import Feature
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind

Floats = NDArray[np.float64]

SPANS_MIN = (
    0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90, 105, 120, 150, 180, 240, 300, 360, 480, 720,
    1080, 1440, 2160, 2880, 4320, 5760, 8640, 20160,
)  # fmt: skip
EDGES: Floats = np.array(SPANS_MIN, np.float64)
# Median minutes and spread (of the logarithm) that we would say before having seen any: our own round numbers.
PRIORS: Mapping[IncidentKind, tuple[float, float]] = {
    IncidentKind.ACCIDENT: (27, 0.95),
    IncidentKind.BREAKDOWN: (27, 0.95),
    IncidentKind.FIRE: (100, 0.9),
    IncidentKind.FLOODING: (120, 1.0),
    IncidentKind.BURST_MAIN: (1500, 0.9),
    IncidentKind.ROADWORKS: (400, 1.3),
    IncidentKind.SIGNAL_FAULT: (180, 1.0),
    IncidentKind.OBSTACLE: (60, 1.0),
    IncidentKind.SUBSIDENCE: (3000, 1.0),
    IncidentKind.WEATHER: (240, 1.4),
    IncidentKind.CONGESTION: (100, 0.7),
    IncidentKind.TRANSIT: (60, 1.1),
    IncidentKind.EVENT: (240, 1.0),
    IncidentKind.OTHER: (45, 1.2),
}
PRIOR_INCIDENTS = 3.0
WARM_UP, BLOCK = timedelta(days=21), timedelta(days=7)
JUDGED, FEWEST_JUDGED = 200, 60  # the newest incidents that tell how far to stretch, and how many that takes
COVERED = 0.8
LEVELS: Floats = np.linspace(0.005, 0.995, 199)
NORMAL = NormalDist()
OUTER_Z = NORMAL.inv_cdf(0.5 + COVERED / 2)


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long one incident was seen to last; ``ended`` False where nobody saw it cleared."""

    kind: IncidentKind
    began: datetime
    minutes: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Clearance:
    """What was learned: hazards (one a span) by kind, how far levels are stretched, and from how many incidents."""

    hazards: Mapping[IncidentKind, Floats]
    stretch: float = 1.0
    learned_from: Mapping[IncidentKind, int] = field(default_factory=dict)


def learn(history: Iterable[Lasted], now: datetime) -> Clearance:
    """Learn from what is known at ``now``; with no history the priors speak."""
    known = _as_known_at(sorted(history, key=lambda one: one.began), now)
    counts = {kind: sum(one.kind is kind for one in known) for kind in PRIORS}
    return Clearance(_hazards(known), _stretch(known), counts)


def remaining_min(clearance: Clearance, kind: IncidentKind, elapsed_min: float, levels: Sequence[float]) -> list[float]:
    """Quantiles of the minutes that are left, given that the incident is not cleared after ``elapsed_min``."""
    stretched = [NORMAL.cdf(NORMAL.inv_cdf(level) * clearance.stretch) for level in levels]
    return [float(left) for left in _remaining(clearance.hazards[kind], elapsed_min, np.array(stretched))]


def as_features(clearance: Clearance, now: datetime) -> list[Feature]:
    """What was learned as records of ``incidents.clearance_times``, one a kind."""
    return [
        Feature(
            id=kind.value,
            geometry=None,
            title=TITLES[kind],
            properties={
                "spans_min": list(SPANS_MIN),
                "hazard": [round(float(chance), 5) for chance in clearance.hazards[kind]],
                "stretch": round(clearance.stretch, 4),
                "incidents": clearance.learned_from.get(kind, 0),
                "median_min": round(remaining_min(clearance, kind, 0, (0.5,))[0], 1),
                "learned_on": now.date().isoformat(),
            },
        )
        for kind in PRIORS
    ]


def from_features(features: Iterable[Feature]) -> Clearance:
    """What :func:`as_features` kept; kinds that nobody kept have their priors."""
    kept = {IncidentKind(feature.id): feature.properties for feature in features}
    return Clearance(
        hazards=_hazards(()) | {kind: np.array(said["hazard"]) for kind, said in kept.items()},
        stretch=max((said["stretch"] for said in kept.values()), default=1.0),
        learned_from={kind: said["incidents"] for kind, said in kept.items()},
    )


def _as_known_at(history: list[Lasted], now: datetime) -> list[Lasted]:
    """History without what came after ``now``; an incident that still went on then is censored there."""
    known = []
    for one in history:
        if one.began >= now:
            continue
        so_far = (now - one.began).total_seconds() / 60
        known.append(one if one.minutes <= so_far else Lasted(one.kind, one.began, so_far, ended=False))
    return known


def _hazards(known: Sequence[Lasted]) -> dict[IncidentKind, Floats]:
    return {kind: _hazard(kind, [one for one in known if one.kind is kind]) for kind in PRIORS}


def _hazard(kind: IncidentKind, lasted: list[Lasted]) -> Floats:
    """The chance of being cleared in each span, of those that reach it: prior and counts added up."""
    reach = _prior_survival(kind)
    at_risk = PRIOR_INCIDENTS * reach[:-1]
    cleared = PRIOR_INCIDENTS * (reach[:-1] - reach[1:])
    for one in lasted:
        span = min(int(np.searchsorted(EDGES, one.minutes, side="right")) - 1, len(EDGES) - 2)
        at_risk[:span] += 1
        if one.ended:
            at_risk[span] += 1
            cleared[span] += 1
    hazard: Floats = np.clip(cleared / np.maximum(at_risk, 1e-12), 1e-6, 1.0)
    hazard[-1] = 1.0
    return hazard


def _prior_survival(kind: IncidentKind) -> Floats:
    median, spread = PRIORS[kind]
    passed = [0.0, *(0.5 * (1 + erf(log(edge / median) / spread / sqrt(2))) for edge in SPANS_MIN[1:-1]), 1.0]
    return 1.0 - np.array(passed)


def _remaining(hazard: Floats, elapsed_min: float, levels: Floats) -> Floats:
    elapsed = min(elapsed_min, SPANS_MIN[-2])
    first = int(np.searchsorted(EDGES, elapsed, side="right")) - 1
    left = (EDGES[first + 1] - elapsed) / (EDGES[first + 1] - EDGES[first])
    chances = hazard[first:].copy()
    chances[0] = 1 - (1 - chances[0]) ** left
    gone = 1 - np.concatenate([[1.0], np.cumprod(1 - chances)])
    moments = np.concatenate([[elapsed], EDGES[first + 1 :]])
    found: Floats = np.interp(levels, gone, moments) - elapsed
    return found


def _stretch(known: list[Lasted]) -> float:
    """How much wider intervals must be for :data:`COVERED` of the newest incidents to fall inside, at least 1.

    Each week is judged by what was learned before it.
    """
    if not known:
        return 1.0
    scores: list[float] = []
    start, last = known[0].began + WARM_UP, known[-1].began
    while start <= last:
        hazards = _hazards(_as_known_at(known, start))
        for one in known:
            if start <= one.began < start + BLOCK and one.ended:
                quantiles = _remaining(hazards[one.kind], 0.0, LEVELS)
                level = float(np.interp(one.minutes, quantiles, LEVELS))
                scores.append(abs(NORMAL.inv_cdf(level)))
        start += BLOCK
    if len(scores) < FEWEST_JUDGED:
        return 1.0
    return max(1.0, float(np.quantile(scores[-JUDGED:], COVERED)) / OUTER_Z)
