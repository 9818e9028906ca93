"""What knowing the rain of the next hour is worth to a forecast of speeds, by leaving it out.

Three forecasts of each road's next hour, each fitted on the first part of the days and scored
on the rest: the usual hour and the part of the present deviation that lasts; the same with the rain
of this hour taken out first; the same with the rain of the next hour put in. The twin's own rain
stands for the nowcast: the gain is what a perfect one would bring.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from lionrock.app.evaluate.scores import in_blocks, ratio
from lionrock.engines.bootstrap import mean_between
from lionrock.engines.effects.estimates import estimate
from lionrock.engines.effects.members import list_members
from lionrock.engines.effects.usual import Panel, fit_usual
from lionrock.services.mobility.weather_effects.levels import (
    RAIN,
    Cube,
    Flags,
    States,
    WeatherHours,
    levels_of,
    states_of,
)
from lionrock.services.mobility.weather_effects.measures import SEED, SPEED, RoadHours

TRAIN_SHARE = 0.7
ALL = "all"
WITHOUT, RAIN_NOW, NOWCAST = "no weather", "rain now", "rain now and nowcast"


def evaluate_nowcast(hours: RoadHours, weather: WeatherHours) -> list[dict[str, Any]]:
    """Mean absolute error in km/h one hour ahead, in all hours and where the next hour is wet.

    ``intervals`` are their 95% intervals; whole days are drawn.
    """
    panel, states = hours.panel(SPEED), states_of(RAIN, weather)
    train = int(len(panel.kind) * TRAIN_SHARE)
    early = Panel(panel.values[:train], panel.kind[:train], panel.weekday[:train], panel.day_number[:train])
    usual = fit_usual(early, states[:train] == 0)
    flat = (-1, panel.values.shape[2])
    rain = _effects(early, states[:train], states).reshape(flat)
    dry = np.zeros_like(rain)
    values, expected = panel.values.reshape(flat), usual.expected(panel).reshape(flat)
    wet = states.reshape(flat)[1:]
    split = train * panel.values.shape[1] - 1
    places = {ALL: np.ones(wet[split:].shape, bool)}
    places |= {level.id: wet[split:] == place for place, level in enumerate(levels_of(RAIN), start=1)}
    rows = []
    for name, now, later in (
        (WITHOUT, dry[:-1], dry[1:]),
        (RAIN_NOW, rain[:-1], rain[:-1]),
        (NOWCAST, rain[:-1], rain[1:]),
    ):
        away, calm = (values - expected)[:-1] - now, expected[1:] + later
        lasting = _lasting(away[:split], (values[1:] - calm)[:split])
        error = np.abs(np.exp(calm + lasting * away) - np.exp(values[1:]))[split:]
        told = {where: _told(error, cells, panel.values.shape[1]) for where, cells in places.items()}
        means, intervals = ({where: one[part] for where, one in told.items()} for part in (0, 1))
        rows.append({"forecast": name, "lasting": lasting, **means, "intervals": intervals})
    return rows


def _effects(early: Panel, learned: States, states: States) -> Cube:
    """The effect of each cell's level on its road, as far as the early days tell; 0 where it is calm or untold."""
    said = estimate(early, learned, len(levels_of(RAIN)), {}, seed=SEED)
    effects = np.zeros(states.shape, np.float32)
    for place, one in enumerate(said.whole, start=1):
        if one.log_ratio is not None:
            own = one.log_ratio + list_members(said.residual, learned == place).deviation
            effects += np.where(states == place, own, 0).astype(np.float32)
    return effects


def _lasting(away: Cube, after: Cube) -> float:
    """The share of this hour's deviation that is left in the next one, by least squares."""
    known = np.isfinite(away) & np.isfinite(after)
    return float((away[known] * after[known]).sum() / (away[known] ** 2).sum())


def _told(errors: Cube, cells: Flags, block: int) -> tuple[float | None, list[float] | None]:
    """The mean of ``errors[hour, road]`` in some cells, and its interval by drawing whole blocks of hours."""
    known = np.isfinite(errors) & cells
    each = (np.where(known, errors, 0).sum(axis=1, dtype=np.float64), known.sum(axis=1, dtype=np.float64))
    total, count = (in_blocks(one[:, None], block)[:, 0] for one in each)
    return ratio(total.sum(), count.sum()), mean_between(total, count, SEED)
