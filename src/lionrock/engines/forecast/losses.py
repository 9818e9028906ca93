"""What detectors lose: copies of a history with values missing as they go missing, to learn and to be judged on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np

from lionrock.engines.forecast.history import Flags, Floats, History

SILENCE = timedelta(hours=1)
SILENT_ONE_IN = 4  # a silent series is quiet for one SILENCE in this many
SHARES_LOST = (0.0, 0.2, 0.4, 0.6)  # of single values; drawn anew for each series and RATE_LASTS
RATE_LASTS = timedelta(hours=6)


def lose_at_random(history: History, share: float, seed: int) -> History:
    """The history with ``share`` of its values missing, each by itself."""
    lost = np.random.default_rng(seed).random(history.values.shape) < share
    return _without(history, lost)


def silence(history: History, seed: int) -> History:
    """The history with every series silent for one hour in SILENT_ONE_IN, each beginning at its own time."""
    width = history.steps(SILENCE)
    begins = np.random.default_rng(seed).integers(0, SILENT_ONE_IN * width, history.series)
    lost = (np.arange(history.rows)[:, None] + begins) // width % SILENT_ONE_IN == 0
    return _without(history, lost)


def lose_as_detectors_do(history: History, seed: int) -> History:
    """The history with both: hours of silence, and stretches in which a share of single values is lost."""
    dice = np.random.default_rng(seed)
    stretch = history.steps(RATE_LASTS)
    shares: Floats = dice.choice(np.array(SHARES_LOST, np.float32), (history.rows // stretch + 1, history.series))
    share = np.repeat(shares, stretch, axis=0)[: history.rows]
    lost = dice.random(history.values.shape, dtype=np.float32) < share
    return silence(_without(history, lost), seed)


def _without(history: History, lost: Flags) -> History:
    return replace(history, values=np.where(lost, np.float32(np.nan), history.values))
