"""What one issue of the forecast costs: 2,000 series, six horizons, five-minute steps, in one thread."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import numpy as np

from lionrock.engines.forecast.features import LOOKS_BACK, Traits
from lionrock.engines.forecast.forecaster import FittedForecaster, fit
from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.intervals import REMEMBERS
from lionrock.engines.forecast.rivals import BOOSTED_TREES
from lionrock.engines.forecast.usual_day import UsualDay

SERIES, TIMES, DAYS = 10, 200, 5
UNSEEN = 200  # rows
HORIZONS = (3, 6, 9, 12, 15, 18)
ISSUES = 5


def run() -> dict[str, float]:
    """Milliseconds of wall clock and of CPU for one issue, without and with the hours that stretch intervals."""
    few = history()
    many = replace(few, values=np.tile(few.values, TIMES))
    fitted = widened(learned(few, HORIZONS), many.series)
    short, long = many.steps(LOOKS_BACK), many.steps(LOOKS_BACK + REMEMBERS) + 1
    plain, stretched = (_issue(fitted, many.after(many.rows - rows)) for rows in (short, long))
    return {
        "one issue, ms": plain[0],
        "one issue, CPU ms": plain[1],
        "with stretching, ms": stretched[0],
        "with stretching, CPU ms": stretched[1],
    }


def history() -> History:
    """Days of speeds with a morning dip."""
    dice = np.random.default_rng(1)
    rows = np.arange(DAYS * 288)[:, None]
    dip = 35 * np.exp(-(((rows % 288) / 12 - 8.5) ** 2)) * dice.uniform(0.5, 1.5, (1, SERIES))
    values = 80 - dip + np.cumsum(dice.normal(0, 0.3, (len(rows), SERIES)), axis=0)
    return History(values=values.astype(np.float32), start=datetime(2024, 4, 1, tzinfo=UTC), step=timedelta(minutes=5))


def learned(few: History, horizons: Sequence[int]) -> FittedForecaster:
    """A forecaster of every kind of model, on all but the last rows of ``few``."""
    fitted = fit(few.before(few.rows - UNSEEN), horizons, seed=1, lowest=0.0)
    if BOOSTED_TREES not in fitted.models:
        raise RuntimeError("the forecaster learned nothing: this would time the baselines")
    return fitted


def widened(fitted: FittedForecaster, series: int) -> FittedForecaster:
    """The forecaster for as many ``series``, each a copy of one that it learned."""
    rivals = fitted.rivals
    copied = np.resize(np.arange(len(rivals.companions)), series)
    wide = replace(
        rivals,
        usual=UsualDay(rivals.usual.table[..., copied], rivals.usual.spread[..., copied], rivals.usual.slot_s),
        traits=Traits(*(getattr(rivals.traits, each.name)[copied] for each in fields(Traits))),
        companions=rivals.companions[copied],
    )
    return replace(fitted, rivals=wide)


def _issue(fitted: FittedForecaster, recent: History) -> tuple[float, float]:
    fitted.predict(recent)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(ISSUES):
        fitted.predict(recent)
    return 1000 * (time.perf_counter() - wall) / ISSUES, 1000 * (time.process_time() - cpu) / ISSUES
