"""What was measured, and what a model would have said of it: the two sides of every score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lionrock.core.vocabulary import BadInput

Floats = NDArray[np.float64] | NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What came true: ``values[T, N]`` of ``sensors`` in buckets that begin at ``starts_us[T]``, evenly apart.

    NaN where nothing good was measured. A forecast is scored by the bucket that begins at its issue plus its horizon.
    """

    sensors: tuple[str, ...]
    starts_us: NDArray[np.int64]
    values: Floats

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.starts_us), len(self.sensors)):
            raise BadInput(f"values have shape {self.values.shape}", where="Measured", remedy="[buckets, sensors]")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hindcast:
    """What a fitted model would have said at past moments, beside what came true.

    ``quantiles[O, N, H, 3]`` (10%, 50%, 90%) of O issues, N sensors and H horizons; ``truth[O, N, H]``;
    ``baselines`` are the naive rivals' points by name, each ``[O, N, H]``. NaN is unknown. Nothing
    measured after an issue may have been used for what is said at it.
    """

    sensors: tuple[str, ...]
    issued_us: NDArray[np.int64]
    horizons_us: NDArray[np.int64]
    quantiles: Floats
    truth: Floats
    baselines: Mapping[str, Floats] = field(default_factory=dict)

    def __post_init__(self) -> None:
        cells = (len(self.issued_us), len(self.sensors), len(self.horizons_us))
        if self.truth.shape != cells or self.quantiles.shape != (*cells, 3):
            raise BadInput(f"quantiles {self.quantiles.shape}, truth {self.truth.shape}", where="Hindcast")
        for name, points in self.baselines.items():
            if points.shape != cells:
                raise BadInput(f"baseline {name} has shape {points.shape}, not {cells}", where="Hindcast")
