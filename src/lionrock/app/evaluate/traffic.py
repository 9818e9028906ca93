"""``lionrock evaluate traffic``: train on the first 80% of a recording, score on the rest.

Every choice (blend weights, which model is published, intervals) is made by walk-forward inside
the 80%. A forecast made at row t for h steps ahead is scored at row t + h, not averaged up to it.
All models are scored on the same cells: where the truth was measured and every model has a forecast.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.app.evaluate.recordings import Recording, read_recording
from lionrock.app.evaluate.scores import Tally, joined, score, slow_errors, tally
from lionrock.engines.forecast.features import LOOKS_BACK, Look
from lionrock.engines.forecast.forecaster import FittedForecaster, fit
from lionrock.engines.forecast.history import Flags, Floats

MINUTES = (15, 30, 45, 60, 75, 90)
TRAIN_SHARE = 0.8
SEED = 1
BLOCK = timedelta(hours=3)
ORIGINS_AT_ONCE = 288
SLOW_KMH, VERY_SLOW_KMH = 40.0, 32.19  # 40 km/h and 20 mph, below which published models fail

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Sheet:
    """What is counted of one model: a tally per chunk of origins, and the errors in slow traffic."""

    tallies: list[Tally] = field(default_factory=list)
    slow: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)


def evaluate_traffic(data: str, data_dir: Path | None, progress: Progress | None = None) -> dict[str, Any]:
    """Score every model on a recording: ``{"data", "models": [{"name", "horizons": [...]}], ...}``.

    Raises :class:`NotFound` where the recording's files are absent.
    """
    tell = progress or (lambda _what, _share: None)
    tell(f"read {data}", 0.0)
    recording = read_recording(data, data_dir)
    history = recording.history
    train = int(history.rows * TRAIN_SHARE)
    horizons = [history.steps(timedelta(minutes=minutes)) for minutes in MINUTES]
    fitted = fit(
        history.before(train),
        horizons,
        seed=SEED,
        lowest=0.0,
        progress=lambda what, share: tell(what, 0.05 + share * 0.8),
    )
    tell("score", 0.85)
    sheets = fill_sheets(fitted, recording, train)
    return describe(fitted, recording, sheets, train)


def fill_sheets(fitted: FittedForecaster, recording: Recording, train: int) -> dict[str, Sheet]:
    """Forecast from every row of the test part and tally each model."""
    history, sheets = recording.history, {model: Sheet() for model in fitted.models}
    back, far = history.steps(LOOKS_BACK) + 1, int(fitted.rivals.horizons.max())
    for first in range(train - 1, history.rows - 1, ORIGINS_AT_ONCE):
        until = min(first + ORIGINS_AT_ONCE, history.rows - 1)
        begin = max(0, first - back)
        window = history.before(until + far).after(begin)
        origins = np.repeat(np.arange(first, until) - begin, history.series)
        series = np.tile(np.arange(history.series), until - first)
        look = fitted.rivals.look(window, origins, series)
        told = fitted.quantiles(look, fitted.models)
        counted = np.logical_and.reduce([~np.isnan(three).any(axis=2) for three in told.values()], axis=0)
        counted &= ~np.isnan(look.truth)
        slow = slow_cells(recording, look)
        shape = (until - first, history.series, len(MINUTES))
        for model, three in told.items():
            sheets[model].tallies.append(
                tally(three.reshape(*shape, 3), look.truth.reshape(shape), counted.reshape(shape))
            )
            distance = np.abs(three[:, :, 1] - look.truth)
            for condition, cells in slow.items():
                chosen = counted & cells
                total, count = sheets[model].slow.get(condition, (np.zeros(len(MINUTES)), np.zeros(len(MINUTES))))
                added = np.where(chosen, distance, np.float32(0)).sum(axis=0, dtype=np.float64)
                sheets[model].slow[condition] = (total + added, count + chosen.sum(axis=0))
    return sheets


def slow_cells(recording: Recording, look: Look) -> dict[str, Flags]:
    """Which cells ``[P, H]`` are slow traffic, by the speed that came true and by the last speed seen."""
    if recording.kmh is None:
        return {}
    true_kmh = look.truth * recording.kmh
    seen_kmh = np.broadcast_to(look.known[:, None] * recording.kmh, true_kmh.shape)
    return {
        "true speed below 40 km/h": true_kmh < SLOW_KMH,
        "true speed below 20 mph": true_kmh < VERY_SLOW_KMH,
        "last seen below 40 km/h": seen_kmh < SLOW_KMH,
        "last seen below 20 mph": seen_kmh < VERY_SLOW_KMH,
    }


def describe(fitted: FittedForecaster, recording: Recording, sheets: dict[str, Sheet], train: int) -> dict[str, Any]:
    """The evaluation as JSON can carry it."""
    history = recording.history
    minutes = np.array(MINUTES)
    return {
        "data": recording.name,
        "unit": recording.unit,
        "series": history.series,
        "train_rows": train,
        "test_rows": history.rows - train,
        "version": fitted.version,
        "weights": [
            {name: round(float(w), 2) for name, w in zip(fitted.rivals.names, row, strict=True)}
            for row in fitted.weights
        ],
        "models": [
            {
                "name": model,
                "horizons": score(joined(sheet.tallies), minutes, history.steps(BLOCK), SEED),
                "slow": slow_errors(sheet.slow, minutes),
            }
            for model, sheet in sheets.items()
        ],
    }
