"""Synthetic road speeds for the forecast tests: ours, seeded, with rush hours and bad days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.training import torch_is_installed

MONDAY = datetime(2024, 4, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
NEEDS_TORCH = pytest.mark.skipif(not torch_is_installed(), reason="training needs the extra neural (PyTorch)")


def speeds(days: float, series: int = 12, seed: int = 7, missing: float = 0.02) -> History:
    """Quarter-hourly speeds in km/h: a weekday morning dip whose depth and hour vary by day and road."""
    dice = np.random.default_rng(seed)
    rows = np.arange(round(days * 96))
    hour = (rows % 96) / 4
    day = rows // 96
    depth = dice.uniform(20, 45, (day.max() + 1, series))
    peak = dice.normal(8.5, 0.5, (day.max() + 1, series))
    working = (day % 7 < 5)[:, None]
    dip = working * depth[day] * np.exp(-(((hour[:, None] - peak[day]) / 1.2) ** 2))
    noise = np.zeros((len(rows), series))
    shocks = dice.normal(0, 1.5, noise.shape)
    for row in rows[1:]:
        noise[row] = 0.9 * noise[row - 1] + shocks[row]
    values = np.clip(dice.uniform(70, 90, series) - dip + noise, 3, 110)
    values[dice.random(values.shape) < missing] = np.nan
    return History(values=values, start=MONDAY, step=QUARTER)
