"""How far either end of an interval must move so that as many incidents fall beyond it as should.

Adaptive conformal inference (Gibbs and Candes 2021), each tail for itself: whenever an incident has ended, the end
of the interval that it lies beyond moves out by a step, the other one moves in by a ninth of that. What the
model did not foresee, an autumn with longer works, is so made up for within weeks, whatever its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist

COVERED = 0.8
BEYOND = (1 - COVERED) / 2  # of incidents that should lie beyond either end
NORMAL = NormalDist()
OUTER_Z = NORMAL.inv_cdf(1 - BEYOND)
WIDEST = log(2.0)
SUREST = 0.0025  # no level is nearer to 0 or 1


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast tails follow: the ``step`` of their logarithm at a miss, and how narrow they may become."""

    step: float
    narrowest: float


# Chosen on the incidents of October and November 2020, as they were and as they would have been, had they
# suddenly been longer, shorter or more diverse; docs/models/incidents.md.
FIRST = Pace(step=0.1, narrowest=-0.4)  # asked at the first word
LATER = Pace(step=0.025, narrowest=-0.1)  # asked of those that still go on


@dataclass(frozen=True, slots=True)
class Tails:
    """Factors on the normal deviates of levels, below the middle and above it; 1 leaves them."""

    short: float = 1.0
    long: float = 1.0

    def moved(self, level: float) -> float:
        """The model's level that stands for ``level``."""
        z = NORMAL.inv_cdf(level)
        return NORMAL.cdf(z * (self.short if z < 0 else self.long))


def follow(levels: Iterable[float], pace: Pace) -> Tails:
    """The tails after incidents came out at ``levels`` of what was foretold of them, the oldest first."""
    short = long = 0.0
    for level in levels:
        z = NORMAL.inv_cdf(min(max(level, SUREST), 1 - SUREST))
        sooner, later = z < -OUTER_Z * exp(short), z > OUTER_Z * exp(long)
        short = min(max(short + pace.step * (sooner - BEYOND), pace.narrowest), WIDEST)
        long = min(max(long + pace.step * (later - BEYOND), pace.narrowest), WIDEST)
    return Tails(exp(short), exp(long))
