"""What a model's inputs usually look like, and how far today's are from that."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lionrock.core.hindsight import Floats, Measured

TENTHS = 10
LEAST_SHARE = 1e-4  # an empty tenth would make the index infinite
FEWEST_VALUES = 200  # below which a distribution says nothing


@dataclass(frozen=True, slots=True)
class InputProfile:
    """Nine ``edges`` between tenths of the values, the ``shares`` of values in the ten, and the ``missing`` share.

    ``sensors`` is how many spoke on a day, on average.
    """

    edges: list[float]
    shares: list[float]
    missing: float
    sensors: float


def profile_of(parts: Iterable[Measured]) -> InputProfile | None:
    """The profile of what was measured in several periods; None with too few values to tell.

    A period begins and ends with its first and last measurement: before a history begins nothing is missing. Sensors
    that were silent throughout a period are no part of its missing share: they may not have stood there yet.
    """
    values: list[NDArray[np.float32]] = []
    cells, sensors = 0, []
    for part in parts:
        known = ~np.isnan(part.values)
        rows = np.flatnonzero(known.any(axis=1))
        if not len(rows):
            continue
        sensors.append(int(known.any(axis=0).sum()))
        cells += sensors[-1] * int(rows[-1] - rows[0] + 1)
        values.append(part.values[known].astype(np.float32))
    all_values = np.concatenate(values) if values else np.empty(0, np.float32)
    if len(all_values) < FEWEST_VALUES:
        return None
    edges = np.quantile(all_values, np.arange(1, TENTHS) / TENTHS)
    count = count_tenths(all_values, edges.tolist())
    shares = [each / len(all_values) for each in count]
    return InputProfile(edges.tolist(), shares, 1 - len(all_values) / cells, sum(sensors) / len(sensors))


def count_tenths(values: Floats, edges: Sequence[float]) -> list[int]:
    """How many of ``values`` (NaN left out) lie in each part between ``edges``."""
    known = values[~np.isnan(values)]
    counted = np.bincount(np.searchsorted(np.asarray(edges), known, side="right"), minlength=len(edges) + 1)
    return [int(each) for each in counted]


def shift_of(profile: InputProfile, counted: Sequence[int]) -> float | None:
    """The population stability index of ``counted`` values against the profile; None with too few values.

    0 is the same distribution; by custom 0.1 is a small shift and 0.25 a large one (Siddiqi 2006, Credit Risk
    Scorecards).
    """
    total = sum(counted)
    if total < FEWEST_VALUES:
        return None
    now = np.maximum(np.array(counted) / total, LEAST_SHARE)
    then = np.maximum(np.array(profile.shares), LEAST_SHARE)
    return float(((now - then) * np.log(now / then)).sum())
