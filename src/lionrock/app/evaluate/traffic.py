"""``lionrock evaluate traffic``: train on the first 80% of a recording, score on the rest.

Every choice (blend weights, which model is published, intervals) is made by walk-forward inside
the 80%. A forecast made at row t for h steps ahead is scored at row t + h, not averaged up to it.
All models are scored on the same cells: where the truth was measured and every model has a forecast.
"""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.app.evaluate.published import published
from lionrock.app.evaluate.recordings import Recording, read_recording
from lionrock.app.evaluate.scores import covered_by_band, joined, score, slow_errors
from lionrock.app.evaluate.sheets import Sheet, fill_sheets, slow_sums
from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.baselines import LAST_VALUE
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster, fit
from lionrock.engines.forecast.losses import lose_at_random, silence
from lionrock.engines.forecast.rivals import ATTENTION, LINEAR
from lionrock.engines.forecast.training import gpu_is_there, torch_is_installed

MINUTES = (15, 30, 45, 60, 75, 90)
TRAIN_SHARE = 0.8
SEED = 1
BLOCK = timedelta(hours=3)
SHARE_LOST = 0.4
AT_ONCE = 2  # learned side by side, in a process each
DAMAGED_EVERY = 3  # origins; damage is judged on every third

Progress = Callable[[str, float], None]


def evaluate_traffic(
    data: str, data_dir: Path | None, progress: Progress | None = None, *, attention: bool = False
) -> dict[str, Any]:
    """Score every model on a recording: ``{"data", "models": [{"name", "horizons": [...]}], ...}``.

    Raises :class:`NotFound` where the recording's files are absent, and BadInput where ``attention``
    is asked for and no GPU is there to train it.
    """
    tell = progress or (lambda _what, _share: None)
    if attention and not gpu_is_there():
        raise BadInput(
            "attention is trained on a GPU, and PyTorch sees none here",
            where="--attention",
            remedy="leave it out, or install PyTorch for your GPU",
        )
    tell(f"read {data}", 0.0)
    recording = read_recording(data, data_dir)
    return evaluate_recording(recording, tell, attention=attention) | {"published": published(data, data_dir)}


def evaluate_recording(recording: Recording, tell: Progress, *, attention: bool = False) -> dict[str, Any]:
    """Learn from the first 80% of a recording, score every model on the rest, whole and with losses."""
    history = recording.history
    train = int(history.rows * TRAIN_SHARE)
    horizons = [history.steps(timedelta(minutes=minutes)) for minutes in MINUTES]
    past = history.before(train)
    past = replace(past, values=np.asfortranarray(past.values))  # as it was read: sums in another order round otherwise
    began = time.monotonic()
    with ProcessPoolExecutor(AT_ONCE, multiprocessing.get_context("spawn")) as executor:
        fitted = fit(
            past,
            horizons,
            seed=SEED,
            lowest=0.0,
            besides=(LINEAR, ATTENTION) if attention else (LINEAR,),
            progress=lambda what, share: tell(what, 0.05 + share * 0.8),
            executor=executor,
        )
    fit_s = time.monotonic() - began
    tell("score", 0.85)
    sheets = fill_sheets(fitted, recording, train, history, fitted.models)
    tell("score with losses", 0.93)
    seen = {
        "as recorded": history,
        f"{SHARE_LOST:.0%} of values missing": lose_at_random(history, SHARE_LOST, SEED),
        "every detector silent one hour in four": silence(history, SEED),
    }
    damaged = {
        name: joined(fill_sheets(fitted, recording, train, copy, (BLEND,), DAMAGED_EVERY)[BLEND].tallies)
        for name, copy in seen.items()
    }
    return describe(fitted, recording, sheets, train) | {
        "damaged": [
            {
                "seen": name,
                "horizons": score(tallies, np.array(MINUTES), history.steps(BLOCK) // DAMAGED_EVERY or 1, SEED),
            }
            for name, tallies in damaged.items()
        ],
        "published": None,
        "fit_s": round(fit_s, 1),
    }


def describe(fitted: FittedForecaster, recording: Recording, sheets: dict[str, Sheet], train: int) -> dict[str, Any]:
    """The evaluation as JSON can carry it."""
    history = recording.history
    minutes, block = np.array(MINUTES), history.steps(BLOCK)
    rival = slow_sums(sheets[LAST_VALUE])
    return {
        "data": recording.name,
        "unit": recording.unit,
        "series": history.series,
        "train_rows": train,
        "test_rows": history.rows - train,
        "version": fitted.version,
        "networks": torch_is_installed(),
        "weights": [
            {name: round(float(w), 2) for name, w in zip(fitted.rivals.names, row, strict=True)}
            for row in fitted.mix.weights
        ],
        "pull": [round(float(each), 2) for each in fitted.mix.pull],
        "models": [
            {
                "name": model,
                "horizons": score(joined(sheet.tallies), minutes, block, SEED),
                "slow": slow_errors(slow_sums(sheet), rival, minutes, block, SEED),
                "bands": covered_by_band(sheet.bands, minutes),
            }
            for model, sheet in sheets.items()
        ],
    }
