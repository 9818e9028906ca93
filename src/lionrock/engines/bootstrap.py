"""How sure a mean error is: the bootstrap of whole blocks, since errors an hour apart are not independent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000
LIKELY = (0.025, 0.975)
FEWEST_BLOCKS = 2

Sums = NDArray[np.float64]


def resampled(total: Sums, count: Sums, seed: int) -> tuple[Sums, Sums]:
    """The 95% interval of total over count at each horizon, ``[H]`` each, by drawing blocks ``[B, H]`` anew."""
    drawn = np.random.default_rng(seed).integers(0, len(total), (RESAMPLES, len(total)))
    means = total[drawn].sum(axis=1) / np.maximum(count[drawn].sum(axis=1), 1)
    low, high = np.quantile(means, LIKELY, axis=0)
    return low, high


def mean_between(total: Sums, count: Sums, seed: int) -> list[float] | None:
    """The 95% interval of total over count, ``[B]`` each, by drawing anew the blocks that counted anything.

    None where fewer than two did: one block says nothing of others.
    """
    some = count > 0
    if some.sum() < FEWEST_BLOCKS:
        return None
    return [round(float(limit[0]), 4) for limit in resampled(total[some, None], count[some, None], seed)]
