"""What attention makes of the past (Vaswani et al. 2017): every moment of a series and of its companions is a token.

Each token looks at all others, twice; what they have found goes into the first layer of a network of
:mod:`mlp`, which is otherwise the same. It costs some sixty times as much to train as that network
alone, and is for machines with a GPU.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from lionrock.engines.forecast.companions import COMPANIONS
from lionrock.engines.forecast.history import Floats, Ints
from lionrock.engines.forecast.past import COMPANIONS_LAGS, LAGS, OWN_COLUMNS, PAST_COLUMNS

TOKENS = LAGS + COMPANIONS * len(COMPANIONS_LAGS)
SAID = 3  # numbers of one token: the difference from the usual day, the distance from the level, whether it is missing
WIDTH = 64
HEADS = 4
ROUNDS = 2
SHARPNESS = 4.0  # of unit vectors' products, before training


def columns_of_tokens(past: int, flags: int) -> Ints:
    """Where the numbers of each token stand in a row of inputs, ``[TOKENS, SAID]``.

    ``past`` and ``flags`` are the first columns of the past and of its missing flags. Companions have
    no distance of their own; theirs is their difference once more.
    """
    own = np.arange(LAGS)
    others = np.arange(OWN_COLUMNS, PAST_COLUMNS)
    difference, distance = np.concatenate([own, others]), np.concatenate([LAGS + own, others])
    return np.stack([past + difference, past + distance, flags + difference], axis=1)


def first_attention(hidden: int, dice: np.random.Generator) -> dict[str, Floats]:
    """Where the training of the tokens' arrays begins; ``hidden`` is the width of the layer that they end in."""

    def drawn(*shape: int, spread: float) -> Floats:
        return dice.normal(0, spread, shape).astype(np.float32)

    root = 1 / math.sqrt(WIDTH)
    arrays = {
        "token_enter": drawn(SAID, WIDTH, spread=1 / math.sqrt(SAID)),
        "token_place": drawn(TOKENS, WIDTH, spread=0.3),
        "token_leave": drawn(TOKENS * WIDTH, hidden, spread=0.3 / math.sqrt(TOKENS * WIDTH)),
    }
    for number in range(ROUNDS):
        arrays |= {f"look_{number}_{part}": drawn(WIDTH, WIDTH, spread=root) for part in ("ask", "offer", "tell")}
        arrays[f"look_{number}_take"] = drawn(WIDTH, WIDTH, spread=0.3 * root)
        arrays[f"look_{number}_sharp"] = np.full((HEADS, 1, 1), SHARPNESS, np.float32)
        arrays[f"think_{number}_up"] = drawn(WIDTH, 2 * WIDTH, spread=math.sqrt(2) * root)
        arrays[f"think_{number}_down"] = drawn(2 * WIDTH, WIDTH, spread=0.3 * root)
    return arrays


def attended(arrays: Any, tokens: Any, drop: Any) -> Any:
    """What ``tokens[P, TOKENS, SAID]`` add to the first layer, ``[P, hidden]``; numpy and torch run the same lines."""
    layer = tokens @ arrays["token_enter"] + arrays["token_place"]
    for number in range(ROUNDS):
        layer = layer + look(arrays, f"look_{number}", unit(layer), drop)
        inner = unit(layer) @ arrays[f"think_{number}_up"]
        layer = layer + drop(inner * (inner > 0)) @ arrays[f"think_{number}_down"]
    return unit(layer).reshape(len(layer), TOKENS * WIDTH) @ arrays["token_leave"]


def look(arrays: Any, name: str, layer: Any, drop: Any) -> Any:
    """Every token's look at all tokens: attention of HEADS heads over unit vectors, so that no power overflows."""
    ask, offer, tell = (heads(layer @ arrays[f"{name}_{part}"]) for part in ("ask", "offer", "tell"))
    likeness = unit(ask) @ unit(offer).swapaxes(2, 3) * (HEADS / WIDTH)
    weight = math.e ** (likeness * arrays[f"{name}_sharp"])
    seen = (drop(weight / weight.sum(-1, keepdims=True)) @ tell).swapaxes(1, 2)
    return seen.reshape(layer.shape) @ arrays[f"{name}_take"]


def heads(layer: Any) -> Any:
    """``[P, TOKENS, WIDTH]`` as ``[P, HEADS, TOKENS, WIDTH / HEADS]``."""
    return layer.reshape(len(layer), TOKENS, HEADS, WIDTH // HEADS).swapaxes(1, 2)


def unit(layer: Any) -> Any:
    """Vectors of mean square one along the last axis."""
    return layer * ((layer * layer).mean(-1, keepdims=True) + 1e-6) ** -0.5
