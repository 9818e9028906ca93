"""The same estimate on weather that never was: what it finds there is what it finds in nothing."""

from __future__ import annotations

import numpy as np

from lionrock.engines.effects.estimates import LEFT_OUT, States


def shifted(states: States, days: int) -> States:
    """The states of ``days`` days before on calm cells; whatever was not calm in truth is left out."""
    moved = np.roll(states, days, axis=0)
    placebo: States = np.where(states == 0, moved, LEFT_OUT).astype(np.int8)
    return placebo
