"""A network of residual layers, one for all series and horizons; it forecasts in numpy.

It corrects the decaying residual. One head says the correction at every horizon, another the
distances to the 10% and 90% quantile, in scales. Of the clock it knows the harmonics of the day. With
weeks of history each series has a learned identity that is added to the first layer (after STID, Shao et al. 2022).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lionrock.engines.forecast.attention import attended, columns_of_tokens
from lionrock.engines.forecast.companions import COLUMNS
from lionrock.engines.forecast.features import RECENT_COLUMNS, Look
from lionrock.engines.forecast.history import Floats, Ints
from lionrock.engines.forecast.past import PAST_COLUMNS

BLOCKS = 2
HARMONICS = 4
FARTHEST = 6.0  # scales; what lies farther says no more
ATTENDED_AT_ONCE = 2_048  # a network with attention holds much of each pair: bounds memory, changes no result
NARROWEST = 0.02  # scales; a distance to a quantile is never less


@dataclass(frozen=True)
class Network:
    """Trained arrays by name (see :func:`forward`), with the ``mean`` and ``width`` of each input."""

    arrays: dict[str, Floats]

    def correct(self, inputs: Floats, series: Ints) -> tuple[Floats, Floats]:
        """Corrections ``[P, H]`` and distances ``[P, H, 2]`` to the 10% and 90% quantiles, in scales."""
        if self.attends and len(inputs) > ATTENDED_AT_ONCE:
            some = [slice(first, first + ATTENDED_AT_ONCE) for first in range(0, len(inputs), ATTENDED_AT_ONCE)]
            parts = [self.correct(inputs[each], series[each]) for each in some]
            return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])
        standard = (inputs - self.arrays["mean"]) / self.arrays["width"]
        middle, distances = forward(self.arrays, standard, series)
        return middle, softplus(distances).reshape(*middle.shape, 2)

    @property
    def attends(self) -> bool:
        """Whether it has tokens beside its layers."""
        return "token_enter" in self.arrays


def same(layer: Any) -> Any:
    """The layer as it is: what forecasting does where training drops and holds."""
    return layer


def forward(arrays: Any, inputs: Any, series: Any, drop: Any = same, hold: Any = same) -> tuple[Any, Any]:
    """The network on standardised ``inputs[P, F]``; numpy and torch run the same lines.

    Returns corrections ``[P, H]`` and distances ``[P, 2 H]`` before :func:`softplus`. The head of
    the distances learns on layers that are held still, so that it costs the middle nothing.
    """
    layer = inputs @ arrays["enter"] + (arrays["identity"][series] if "identity" in arrays else arrays["enter_bias"])
    if "token_enter" in arrays:
        layer = layer + attended(arrays, inputs[:, token_columns(inputs.shape[1])], drop)
    for block in range(BLOCKS):
        layer = layer + residual(arrays, f"block_{block}", layer, drop)
    still = hold(layer)
    still = still + residual(arrays, "doubt", still, drop)
    return drop(layer) @ arrays["leave"] + arrays["leave_bias"], still @ arrays["far"] + arrays["far_bias"]


def token_columns(width: int) -> Ints:
    """Where the tokens' numbers stand in inputs of that many columns, as :func:`inputs_of` lays them out."""
    return columns_of_tokens(RECENT_COLUMNS + COLUMNS, width - 2 * HARMONICS - PAST_COLUMNS)


def residual(arrays: Any, name: str, layer: Any, drop: Any) -> Any:
    """What one residual block adds to a layer."""
    inner = layer @ arrays[f"{name}_up"] + arrays[f"{name}_up_bias"]
    return drop(inner * (inner > 0)) @ arrays[f"{name}_down"] + arrays[f"{name}_down_bias"]


def softplus(values: Floats) -> Floats:
    """log(1 + exp(values)), never below NARROWEST."""
    positive: Floats = np.maximum(np.logaddexp(np.float32(0), values), np.float32(NARROWEST))
    return positive


def inputs_of(look: Look) -> Floats:
    """What a network sees of P pairs, ``[P, F]``: numbers in scales, zeros for what is missing, and flags for those."""
    traits = look.traits
    scale = traits.scale[:, None]
    recent = look.recent.copy()
    recent[:, 0] = (recent[:, 0] - traits.level) / traits.scale
    recent[:, 1] /= 60
    future = [look.ahead - look.here[:, None], look.ahead - traits.level[:, None], look.spread]
    numbers = np.concatenate([recent, look.past, *(part / scale for part in future), look.also], axis=1)
    turns = 2 * np.pi * look.clock[:, None] * np.arange(1, HARMONICS + 1, dtype=np.float32)
    flags = np.isnan(look.past)
    known = np.clip(np.nan_to_num(numbers), -FARTHEST, FARTHEST)
    return np.concatenate([known, flags, np.sin(turns), np.cos(turns)], axis=1, dtype=np.float32)
