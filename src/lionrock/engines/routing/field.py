"""Speeds that change while one drives, and the moments at which a link is left.

The flow-speed model of Ichoua, Gendreau and Potvin (2003): a traveller on a link goes at the link's
speed *of that moment*, so that who enters later never leaves earlier (FIFO), whatever the speeds
do. Between two breakpoints a speed goes in a straight line; a breakpoint given twice is a jump.
Before the first and after the last breakpoint the speed stands.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
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
    """``speed_kmh[k, column]`` at the moments ``times_s[k]`` (seconds, not falling); every speed is above zero.

    ``columns[link]`` is the column of each link, so that links may share one.
    Raises BadInput for shapes that do not fit, moments that fall, and a speed that is no positive number.
    """

    times_s: Floats
    speed_kmh: Floats
    columns: Ints

    def __post_init__(self) -> None:
        if self.speed_kmh.ndim != 2 or len(self.times_s) != len(self.speed_kmh) or not len(self.times_s):  # noqa: PLR2004 - moments and columns
            raise BadInput("a speed field has one row of speeds a moment", where="speed_kmh")
        if len(self.columns) and not 0 <= self.columns.min() <= self.columns.max() < self.speed_kmh.shape[1]:
            raise BadInput("a link's column lies outside the speeds", where="columns")
        if (np.diff(self.times_s) < 0).any():
            raise BadInput("the moments of a speed field must not fall", where="times_s")
        if not (np.isfinite(self.speed_kmh).all() and (self.speed_kmh > 0).all()):
            raise BadInput("every speed must be a number above zero", where="speed_kmh")

    @cached_property
    def moments(self) -> list[float]:
        """The moments as plain numbers, which a search looks up quickest."""
        return [float(moment) for moment in self.times_s]

    @cached_property
    def speeds(self) -> list[list[float]]:
        """The speeds in m/s by link, likewise."""
        by_column = (self.speed_kmh.T * M_PER_S).tolist()
        return [by_column[column] for column in self.columns.tolist()]

    @cached_property
    def mirrored(self) -> SpeedField:
        """The same speeds with time running backwards: the moment t is -t."""
        return SpeedField(-self.times_s[::-1], self.speed_kmh[::-1], self.columns)

    def fastest_kmh(self, start_s: float, end_s: float) -> Floats:
        """The highest speed of every link between two moments."""
        first = max(bisect_right(self.moments, start_s) - 1, 0)
        last = max(bisect_left(self.moments, end_s), first)
        fastest: Floats = self.speed_kmh[first : last + 1].max(axis=0)[self.columns]
        return fastest

    def at(self, links: Ints, moments_s: Floats) -> Floats:
        """The speed in km/h of each of ``links`` at the moment of the same place in ``moments_s``."""
        known, column = self.times_s, self.columns[links]
        after = np.minimum(np.searchsorted(known, moments_s, side="right"), len(known) - 1)
        before = np.maximum(after - 1, 0)
        span = known[after] - known[before]
        share = np.divide(moments_s - known[before], span, out=np.ones_like(moments_s), where=span > 0)
        low, high = self.speed_kmh[before, column], self.speed_kmh[after, column]
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
