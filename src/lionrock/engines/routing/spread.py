"""How long a way may take: the quantiles of its links' times put together with their correlation.

The 10% quantiles of all links added up would be the 10% quantile of the sum only if every link had
its good day at once; taken as independent they would promise far too much. Here each link's
distance from its middle to its quantile is a standard deviation (one side for the quick days, one
for the slow ones), two links' deviations correlate by ``common + (1 - common) * exp(-distance /
reach_m)``, and the sum's deviation is the square root of the correlated sum of squares. For Gaussian
times this is exact; the coverage of what it promises is measured, not assumed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Correlation:
    """How links' deviations go together: ``common`` to all, and fading over ``reach_m`` along the way."""

    common: float
    reach_m: float


def total_quantiles(
    middle_s: Floats, quick_s: Floats, slow_s: Floats, along_m: Floats, correlation: Correlation
) -> tuple[float, float, float]:
    """(low, middle, high) of the whole way's seconds from those of its parts.

    ``quick_s`` <= ``middle_s`` <= ``slow_s`` are the same two quantiles and the middle of each part,
    ``along_m`` is how far along the way each part has its middle.
    """
    apart = np.abs(along_m[:, None] - along_m[None, :])
    together = correlation.common + (1 - correlation.common) * np.exp(-apart / correlation.reach_m)
    middle = float(middle_s.sum())
    quicker, slower = middle_s - quick_s, slow_s - middle_s
    below, above = (float(np.sqrt(side @ together @ side)) for side in (quicker, slower))
    return max(middle - below, float(quick_s.sum())), middle, middle + above
