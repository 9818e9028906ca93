"""How long incidents last: chances of being cleared span by span, learned from those that were.

A discrete-time hazard by kind (Kaplan and Meier's estimate, in spans) that begins at a prior of our
own, worth :data:`PRIOR_INCIDENTS` incidents. Incidents whose clearing nobody saw count as long as they
were spoken of (censored); those of :data:`HALF_LIFE` ago count half. The ends of intervals follow what
happened (:mod:`tails`). docs/models/incidents.md says how well this does and what did not do better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from math import erf, log, sqrt

import numpy as np
from numpy.typing import NDArray

from lionrock.city.place import ZONE
from lionrock.core.vocabulary import Feature
from lionrock.services.mobility.incidents.kinds import TITLES, IncidentKind
from lionrock.services.mobility.incidents.tails import FIRST, LATER, Tails, follow

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]

SPANS_MIN = (
    0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 80, 90, 105, 120, 150, 180, 240, 300, 360, 480, 720,
    1080, 1440, 2160, 2880, 4320, 5760, 8640, 20160,
)  # fmt: skip
EDGES: Floats = np.array(SPANS_MIN, np.float64)
SPANS = len(SPANS_MIN) - 1
MINUTE = timedelta(minutes=1)
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
KINDS = tuple(PRIORS)
PRIOR_INCIDENTS = 3.0
HALF_LIFE = timedelta(days=20)  # chosen on October and November 2020
TAUGHT_FOR = 3 * HALF_LIFE  # older incidents count for little: they are not said to be what was learned from
WARM_UP, JUDGED_EACH = timedelta(days=14), timedelta(days=1)
ASKED_MIN = (15.0, 30.0, 60.0, 120.0)  # minutes on at which those that still go on are judged
SOON_MIN = 10.0  # until then an incident is as at its first word


@dataclass(frozen=True, slots=True)
class Lasted:
    """How long one incident was seen to last; ``ended`` False where nobody saw it cleared."""

    kind: IncidentKind
    began: datetime
    minutes: float
    ended: bool


@dataclass(frozen=True, slots=True)
class Clearance:
    """What was learned: hazards (one a span) by kind, the tails at the first word and later, and from how many."""

    hazards: Mapping[IncidentKind, Floats]
    first: Tails = field(default_factory=Tails)
    later: Tails = field(default_factory=Tails)
    learned_from: Mapping[IncidentKind, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _History:
    """Incidents by the order of their first words, as arrays; moments in minutes since the first of them."""

    origin: datetime
    kind: Numbers
    began: Floats
    minutes: Floats
    ended: Flags

    def at(self, moment: datetime) -> float:
        return (moment - self.origin) / MINUTE


def learn(history: Iterable[Lasted], now: datetime) -> Clearance:
    """Learn from what is known at ``now``; with no history the priors speak."""
    known = sorted((one for one in history if one.began < now), key=lambda one: one.began)
    counts = {kind: sum(one.kind is kind and one.began >= now - TAUGHT_FOR for one in known) for kind in PRIORS}
    if not known:
        return Clearance(_prior_hazards(), learned_from=counts)
    arrays = _History(
        origin=known[0].began,
        kind=np.array([KINDS.index(one.kind) for one in known]),
        began=np.array([(one.began - known[0].began) / MINUTE for one in known]),
        minutes=np.array([one.minutes for one in known]),
        ended=np.array([one.ended for one in known]),
    )
    hazards = _hazards(arrays, arrays.at(now))
    first, later = _came_out_at(arrays, arrays.at(now))
    return Clearance(dict(zip(KINDS, hazards, strict=True)), follow(first, FIRST), follow(later, LATER), counts)


def remaining_min(clearance: Clearance, kind: IncidentKind, elapsed_min: float, levels: Sequence[float]) -> list[float]:
    """Quantiles of the minutes that are left, given that the incident is not cleared after ``elapsed_min``."""
    tails = clearance.first if elapsed_min < SOON_MIN else clearance.later
    moments, gone = _gone(clearance.hazards[kind], elapsed_min)
    elapsed = moments[0]
    return [float(np.interp(tails.moved(level), gone, moments) - elapsed) for level in levels]


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
                "tails_first": _as_told(clearance.first),
                "tails_later": _as_told(clearance.later),
                "incidents": clearance.learned_from.get(kind, 0),
                "median_min": round(remaining_min(clearance, kind, 0, (0.5,))[0], 1),
                "learned_on": now.astimezone(ZONE).date().isoformat(),
            },
        )
        for kind in KINDS
    ]


def from_features(features: Iterable[Feature]) -> Clearance:
    """What :func:`as_features` kept; kinds that nobody kept in this form have their priors."""
    kept = {IncidentKind(feature.id): feature.properties for feature in features if "tails_first" in feature.properties}
    first, later = (
        next((Tails(*said[name]) for said in kept.values()), Tails()) for name in ("tails_first", "tails_later")
    )
    return Clearance(
        hazards=_prior_hazards() | {kind: np.array(said["hazard"]) for kind, said in kept.items()},
        first=first,
        later=later,
        learned_from={kind: said["incidents"] for kind, said in kept.items()},
    )


def _as_told(tails: Tails) -> list[float]:
    return [round(tails.short, 4), round(tails.long, 4)]


def _hazards(history: _History, now: float) -> Floats:
    """The chance of being cleared (kinds, spans), of those that reach each: prior and counts as known at ``now``.

    An incident that still went on then is censored there.
    """
    seen = history.began < now
    kind, so_far = history.kind[seen], now - history.began[seen]
    minutes, ended = history.minutes[seen], history.ended[seen] & (history.minutes[seen] <= so_far)
    weight = 0.5 ** (so_far / (HALF_LIFE / MINUTE))
    span = np.minimum(np.searchsorted(EDGES, np.minimum(minutes, so_far), side="right") - 1, SPANS - 1)
    shape = (len(KINDS), SPANS)
    reached, cleared = np.zeros(shape), np.zeros(shape)
    np.add.at(reached, (kind, span), weight)
    np.add.at(cleared, (kind[ended], span[ended]), weight[ended])
    later = np.cumsum(reached[:, ::-1], axis=1)[:, ::-1] - reached
    return _chances(later + cleared, cleared)


def _chances(at_risk: Floats, cleared: Floats) -> Floats:
    """Chances (kinds, spans) from counts and what the priors add to them."""
    reach = np.array([_prior_survival(kind) for kind in KINDS])
    at_risk = at_risk + PRIOR_INCIDENTS * reach[:, :-1]
    cleared = cleared + PRIOR_INCIDENTS * (reach[:, :-1] - reach[:, 1:])
    chances: Floats = np.clip(cleared / np.maximum(at_risk, 1e-12), 1e-6, 1.0)
    chances[:, -1] = 1.0
    return chances


def _prior_hazards() -> dict[IncidentKind, Floats]:
    nothing = np.zeros((len(KINDS), SPANS))
    return dict(zip(KINDS, _chances(nothing, nothing), strict=True))


@cache
def _prior_survival(kind: IncidentKind) -> Floats:
    median, spread = PRIORS[kind]
    passed = [0.0, *(0.5 * (1 + erf(log(edge / median) / spread / sqrt(2))) for edge in SPANS_MIN[1:-1]), 1.0]
    return 1.0 - np.array(passed)


def _gone(hazard: Floats, elapsed_min: float) -> tuple[Floats, Floats]:
    """Moments from ``elapsed_min`` on, and the share that is cleared by each, of those that are not by then."""
    elapsed = min(elapsed_min, SPANS_MIN[-2])
    first = int(np.searchsorted(EDGES, elapsed, side="right")) - 1
    left = (EDGES[first + 1] - elapsed) / (EDGES[first + 1] - EDGES[first])
    chances = hazard[first:].copy()
    chances[0] = 1 - (1 - chances[0]) ** left
    gone = 1 - np.concatenate([[1.0], np.cumprod(1 - chances)])
    return np.concatenate([[elapsed], EDGES[first + 1 :]]), gone


def _came_out_at(history: _History, now: float) -> tuple[list[float], list[float]]:
    """The levels of what was foretold at which incidents ended, in the order of their ends: first words, later ones.

    Each day's incidents are judged by what was learned before it.
    """
    came_out: list[tuple[float, float, float]] = []
    start, step = WARM_UP / MINUTE, JUDGED_EACH / MINUTE
    over = history.ended & (history.began + history.minutes <= now)
    while start < now:
        today = np.flatnonzero(over & (history.began >= start) & (history.began < start + step))
        hazards = _hazards(history, start)
        for one in today.tolist():
            lasted = float(history.minutes[one])
            for elapsed in (0.0, *(minutes for minutes in ASKED_MIN if minutes < lasted)):
                level = float(np.interp(lasted, *_gone(hazards[history.kind[one]], elapsed)))
                came_out.append((float(history.began[one]) + lasted, elapsed, level))
        start += step
    came_out.sort()
    return [level for _, elapsed, level in came_out if elapsed == 0], [
        level for _, elapsed, level in came_out if elapsed > 0
    ]
