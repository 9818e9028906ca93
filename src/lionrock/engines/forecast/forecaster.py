"""Fit on a history, forecast from a recent one: quantiles of many series at many horizons.

fitted = fit(history, horizons=(4, 7, 10), seed=1)
prediction = fitted.predict(recent)          # every minute
packed = pack(fitted); unpack(packed)        # in stored.py: bytes, without pickle
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from lionrock.core.vocabulary import BadInput
from lionrock.engines.forecast.blend import Blend, choose_blend, last_value_alone
from lionrock.engines.forecast.features import LOOKS_BACK, Look
from lionrock.engines.forecast.history import Flags, Floats, History, Ints
from lionrock.engines.forecast.intervals import (
    REMEMBERS,
    Intervals,
    calibrate,
    excess,
    is_young,
    stretch_of,
    stretched,
    walk_of,
    young_walk,
)
from lionrock.engines.forecast.judgement import (
    Trial,
    error_of,
    identities_pay,
    models_can_be_judged,
    walk_forward,
)
from lionrock.engines.forecast.rivals import ATTENTION, BOOSTED_TREES, LINEAR, Rivals, learn
from lionrock.engines.forecast.version import version_of

BLEND = "blend"
"""The champion: the convex mix of the rivals that walk-forward chose, or the better baseline."""

STRETCH_ORIGINS, STRETCH_SERIES = 12, 100  # enough to see how the last hours went, at half a forecast's cost

Progress = Callable[[str, float], None]


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """Quantiles ``[H, N, 3]`` (10%, 50%, 90%), in order, and ``known[H, N]``.

    Nothing is NaN. Where ``known`` is False nothing can be said: the quantiles there are zeros
    without a meaning, and nothing may be published from them.
    """

    quantiles: Floats
    known: Flags
    horizons: tuple[int, ...]
    model: str
    version: str


@dataclass(frozen=True, kw_only=True)
class FittedForecaster:
    """Every rival fitted, the blend that won, and the intervals of each.

    ``mix`` is the blend over ``rivals.names``; ``errors[model]`` the walk-forward mean absolute error
    per horizon (empty where there was no past to judge by); ``window`` describes the data.
    """

    rivals: Rivals
    mix: Blend
    intervals: dict[str, Intervals]
    errors: dict[str, list[float | None]]
    lowest: float | None
    seed: int
    window: dict[str, Any]
    version: str

    @property
    def models(self) -> tuple[str, ...]:
        """The names that :meth:`predict` takes: every rival, and the blend."""
        return (*self.rivals.names, BLEND)

    def predict(self, recent: History, model: str = BLEND) -> Prediction:
        """Forecast from the last row of ``recent``, of which the last ``LOOKS_BACK`` are used.

        Where ``recent`` goes back ``REMEMBERS`` farther, the intervals are stretched by how well
        they held there. Raises :class:`BadInput` where the series or the step are not those of the fit.
        """
        self._check(recent, model)
        stretch = self.stretch(recent, model)
        recent = recent.after(max(0, recent.rows - recent.steps(LOOKS_BACK) - 1))
        origins = np.full(recent.series, recent.rows - 1)
        look = self.rivals.look(recent, origins, np.arange(recent.series))
        quantiles = self.bounded(stretched(self.quantiles(look, (model,))[model], stretch)).transpose(1, 0, 2)
        known = np.asarray(np.isfinite(quantiles).all(axis=2))
        return Prediction(
            quantiles=np.where(known[:, :, None], quantiles, np.float32(0)),
            known=known,
            horizons=tuple(int(h) for h in self.rivals.horizons),
            model=model,
            version=self.version,
        )

    def quantiles(self, look: Look, models: Sequence[str]) -> dict[str, Floats]:
        """The quantiles ``[P, H, 3]`` of each named model for P pairs; NaN where nothing is known."""
        said = self.rivals.say(look)
        points = {**said.points, BLEND: self.mix.of(said.points, look.traits.scale)}
        told = {}
        for model in models:
            low, high = self.intervals[model].around(points[model], said.doubt, look.traits)
            told[model] = self.bounded(np.stack([low, points[model], high], axis=2))
        return told

    def bounded(self, three: Floats) -> Floats:
        """Quantiles that are nowhere below what no value can fall below."""
        return three if self.lowest is None else np.maximum(three, np.float32(self.lowest))

    def stretch(self, recent: History, model: str) -> Floats:
        """The factor ``[H]`` for the intervals of a forecast from the last row of ``recent``.

        It comes from forecasts as they would have been made in the ``REMEMBERS`` before; rows that
        the models learned from say nothing, for there they are too good.
        """
        back, steps = recent.steps(LOOKS_BACK), recent.steps(REMEMBERS)
        rows = np.arange(recent.rows - 1, max(back, recent.rows - 1 - steps), -max(1, steps // STRETCH_ORIGINS))
        rows = rows[rows >= (self._learned_until() - recent.start) // recent.step]
        if not len(rows):
            return np.ones(len(self.rivals.horizons), np.float32)
        first = int(rows.min()) - back
        some = np.arange(0, recent.series, max(1, recent.series // STRETCH_SERIES))
        look = self.rivals.look(recent.after(first), np.repeat(rows - first, len(some)), np.tile(some, len(rows)))
        newest = excess(self.quantiles(look, (model,))[model], look.truth)
        return np.array([stretch_of(newest[:, h]) for h in range(newest.shape[1])], np.float32)

    def _learned_until(self) -> datetime:
        learned = timedelta(seconds=self.window["rows"] * self.window["step_s"])
        return datetime.fromisoformat(self.window["start"]) + learned

    def _check(self, recent: History, model: str) -> None:
        if model not in self.models:
            raise BadInput(f"no model {model!r}", where="predict", remedy=f"one of {', '.join(self.models)}")
        if recent.step_s != self.rivals.step_s:
            raise BadInput(f"step of {recent.step_s} s, fitted on {self.rivals.step_s} s", where="predict")
        if recent.series != len(self.rivals.traits.level):
            fitted_on = len(self.rivals.traits.level)
            raise BadInput(f"{recent.series} series, fitted on {fitted_on}", where="predict")
        told, learned = (recent.also.shape[1], recent.each.shape[2]), (self.window["also"], self.window["each"])
        if told != learned:
            problem = f"{told} things known beside the series and beside each, fitted on {learned}"
            raise BadInput(problem, where="predict")
        if not recent.rows:
            raise BadInput("no rows: the last row is where a forecast starts", where="predict")


def fit(
    history: History,
    horizons: Sequence[int],
    *,
    seed: int,
    lowest: float | None = None,
    besides: Collection[str] = (),
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> FittedForecaster:
    """Fit every rival on ``history``, judge them by walk-forward inside it, and calibrate intervals.

    ``horizons`` are steps after the last row (1 is the next row); ``lowest`` is what no value can
    fall below; ``besides`` names more models to fit: ``linear``, or ``attention``, which takes hours where no
    GPU is. Any history will do that has a row and a series (others raise BadInput): with hours
    instead of days there is no usual day and no trees, only the last value in intervals that widen; with almost
    nothing, everything is unknown. The same history, code, library and seed give the same version and the same
    forecasts. By ``executor`` the folds and the last fit are learned side by side: sooner, in so many times the
    memory.
    """
    steps = check_horizons(horizons)
    if not history.values.size:
        rows, series = history.values.shape
        raise BadInput(f"nothing can be learned from {rows} rows of {series} series", where="history")
    if strange := set(besides) - {LINEAR, ATTENTION}:
        raise BadInput(f"no model {min(strange)!r}", where="besides", remedy=f"{LINEAR} or {ATTENTION}")
    tell = progress or (lambda _what, _share: None)
    tell("walk-forward", 0.0)
    last = partial(learn, history, steps, seed, identities=identities_pay(history), besides=besides)
    ahead = executor.submit(last, models=models_can_be_judged(history)) if executor else None
    trial = walk_forward(history, steps, seed, besides=besides, executor=executor)
    tell("fit", 0.7)
    grown = trial is not None and BOOSTED_TREES in trial.points
    rivals = ahead.result() if ahead else last(models=grown)
    if not grown:
        rivals = replace(rivals, trees=(), networks={}, linear=None)
    tell("intervals", 0.95)
    window = history.describe() | ({"besides": sorted(besides)} if besides else {})
    mix = last_value_alone(rivals.names, len(steps)) if trial is None else choose_blend(trial)
    judged = {} if trial is None else {**trial.points, BLEND: mix.of(trial.points, trial.traits.scale)}
    return FittedForecaster(
        rivals=rivals,
        mix=mix,
        intervals=_intervals(history, rivals, judged, trial),
        errors={name: errors_of(points, trial.truth) for name, points in judged.items()} if trial else {},
        lowest=lowest,
        seed=seed,
        window=window,
        version=version_of(window, [int(h) for h in steps], seed, lowest),
    )


def check_horizons(horizons: Sequence[int]) -> Ints:
    """Horizons as an array; raises :class:`BadInput` unless they are whole steps of 1 or more, ascending."""
    steps = np.asarray(horizons)
    if steps.ndim != 1 or not len(steps) or steps.dtype.kind != "i" or steps[0] < 1 or (np.diff(steps) < 1).any():
        raise BadInput(f"{list(horizons)} are not ascending whole steps of 1 or more", where="horizons")
    return steps.astype(np.int64)


def errors_of(points: Floats, truth: Floats) -> list[float | None]:
    """The mean absolute error at each horizon; None where nothing could be compared."""
    errors = [error_of(points[:, h], truth[:, h]) for h in range(truth.shape[1])]
    return [error if math.isfinite(error) else None for error in errors]


def _intervals(
    history: History, rivals: Rivals, judged: dict[str, Floats], trial: Trial | None
) -> dict[str, Intervals]:
    young = is_young(history)
    walk = (young_walk if young else walk_of)(history, rivals.traits)
    if trial is None or young:
        nothing = np.empty((0, len(rivals.horizons)), np.float32)
        nobody = rivals.traits.of(slice(0, 0))
        untold = calibrate(nothing, np.empty((*nothing.shape, 2), np.float32), nothing, nobody, walk, rivals.horizons)
        return dict.fromkeys((*rivals.names, BLEND), untold)
    return {
        name: calibrate(points, trial.doubt, trial.truth, trial.traits, walk, rivals.horizons)
        for name, points in judged.items()
    }
