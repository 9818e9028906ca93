"""Speeds that change while one drives, and the moments at which a link is left.

The flow-speed model of Ichoua, Gendreau and Potvin (2003): a traveller on a link goes at the link's
speed *of that moment*, so that who enters later never leaves earlier (FIFO), whatever the speeds
do. Between two breakpoints a speed goes in a straight line; a breakpoint given twice is a jump.
Before the first and after the last breakpoint the speed stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import BadInput

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
M_PER_S = 1 / 3.6  # of one km/h


@dataclass(frozen=True, eq=False)
class SpeedField:
    """``speed_kmh[k, link]`` at the moments ``times_s[k]`` (seconds, not falling); every speed is above zero.

    Raises BadInput for shapes that do not fit, moments that fall, and a speed that is no positive number.
    """

    times_s: Floats
    speed_kmh: Floats
    moments: list[float] = field(init=False)
    speeds: list[list[float]] = field(init=False)

    def __post_init__(self) -> None:
        if self.speed_kmh.ndim != 2 or len(self.times_s) != len(self.speed_kmh) or not len(self.times_s):  # noqa: PLR2004 - moments and links
            raise BadInput("a speed field has one row of speeds a moment", where="speed_kmh")
        if (np.diff(self.times_s) < 0).any():
            raise BadInput("the moments of a speed field must not fall", where="times_s")
        if not (np.isfinite(self.speed_kmh).all() and (self.speed_kmh > 0).all()):
            raise BadInput("every speed must be a number above zero", where="speed_kmh")
        object.__setattr__(self, "moments", [float(moment) for moment in self.times_s])
        object.__setattr__(self, "speeds", (self.speed_kmh.T * M_PER_S).tolist())  # by link: what a search looks up

    def fastest_kmh(self, start_s: float, end_s: float) -> Floats:
        """The highest speed of every link between two moments."""
        first = max(bisect_right(self.moments, start_s) - 1, 0)
        last = max(bisect_left(self.moments, end_s), first)
        fastest: Floats = self.speed_kmh[first : last + 1].max(axis=0)
        return fastest

    @cached_property
    def mirrored(self) -> SpeedField:
        """The same speeds with time running backwards: the moment t is -t."""
        return SpeedField(-self.times_s[::-1], self.speed_kmh[::-1])

    def at(self, links: Ints, moments_s: Floats) -> Floats:
        """The speed in km/h of each of ``links`` at the moment of the same place in ``moments_s``."""
        known = self.times_s
        after = np.clip(np.searchsorted(known, moments_s, side="right"), 1, max(len(known) - 1, 1))
        before = after - 1
        after = np.minimum(after, len(known) - 1)
        span = known[after] - known[before]
        share = np.divide(moments_s - known[before], span, out=np.ones_like(moments_s), where=span > 0)
        low, high = self.speed_kmh[before, links], self.speed_kmh[after, links]
        between: Floats = low + (high - low) * np.clip(share, 0.0, 1.0)
        return between


def leave_s(moments: list[float], speeds: list[float], enter_s: float, metres: float) -> float:
    """When a stretch of ``metres`` is left that is entered at ``enter_s``; ``speeds`` in m/s at ``moments``."""
    last = len(moments) - 1
    step = bisect_right(moments, enter_s) - 1
    now = enter_s
    if step < 0:
        reach = (moments[0] - now) * speeds[0]
        if reach >= metres:
            return now + metres / speeds[0]
        metres -= reach
        now, step = moments[0], bisect_right(moments, moments[0]) - 1
    while step < last:
        begins, ends = moments[step], moments[step + 1]
        if ends > begins:
            slope = (speeds[step + 1] - speeds[step]) / (ends - begins)
            speed = speeds[step] + slope * (now - begins)
            reach = (speed + speeds[step + 1]) * 0.5 * (ends - now)
            if reach >= metres:
                return now + 2.0 * metres / (speed + sqrt(max(speed * speed + 2.0 * slope * metres, 0.0)))
            metres -= reach
            now = ends
        step += 1
    return now + metres / speeds[last]
