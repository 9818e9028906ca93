"""``lionrock evaluate weather``: estimates of what weather does, held against simulated days of known weather.

What rain did to speed and flow is known where each day was simulated twice, with and without rain. What
it did to capacity, and a gale signal to demand, is known from the twin's own rules. A placebo moves the
weather by whole weeks onto days that had none.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.app.evaluate.weather_night import evaluate_night
from lionrock.app.evaluate.weather_nowcast import evaluate_nowcast
from lionrock.app.evaluate.weather_twin import TwinDays, gather_twin_days
from lionrock.engines.effects.estimates import Estimate, estimate
from lionrock.engines.effects.placebo import shifted
from lionrock.services.mobility.weather_effects.levels import (
    FACTORS,
    HOUR_GROUPS,
    RAIN,
    SIGNAL,
    Cube,
    Flags,
    WeatherHours,
    levels_of,
    states_of,
)
from lionrock.services.mobility.weather_effects.measures import (
    CAPACITY,
    FLOW,
    REST_DAY,
    SATURDAY,
    SEED,
    SPEED,
    WORKDAY,
    FactorEffects,
    RoadHours,
    capacity_hours,
    critical_occupancy,
    estimate_all,
)
from lionrock.twin.calendar import midnight
from lionrock.twin.day import list_slowdowns
from lionrock.twin.demand import cyclone_factor
from lionrock.twin.detectors import list_detectors
from lionrock.twin.network import list_links

FIRST_DAY = date(2026, 6, 1)  # the wet season
DAYS = 61
SEEDS = (2, 3, 852)
SHARED = Path("../shared/data")
SATURDAYS = 5
DEMAND = "demand"
MEASURES = (SPEED, FLOW, CAPACITY)
HOURS, QUARTERS, DAY_S = 24, 4, 86_400
SHIFTS = (7, 14, 21, 28)
CRITICAL_DAYS = 14

Tell = Callable[[str, int, int], None]


def evaluate_weather(folder: Path, shared: Path | None, tell: Tell, days: int = DAYS) -> dict[str, Any]:
    """Estimate on ``days`` simulated days of each of SEEDS and on the recorded night; everything as JSON can carry it.

    ``folder`` keeps the simulated days (three minutes of a core a month); ``shared`` is where recordings lie.
    """
    cities = []
    for seed in SEEDS:
        twin = gather_twin_days(seed, FIRST_DAY, days, folder, tell)
        tell(f"estimate {seed}", 0, 1)
        cities.append(_city(seed, twin))
        tell(f"estimate {seed}", 1, 1)
    return {
        "first_day": FIRST_DAY.isoformat(),
        "days": days,
        "cities": cities,
        "covered": _covered(cities),
        "night": evaluate_night(SHARED if shared is None else shared),
    }


def road_hours(twin: TwinDays) -> RoadHours:
    """The twin's detectors and links as the service measures them."""
    recent = slice(-CRITICAL_DAYS, None)
    periods = (-1, twin.flow_5min.shape[2])
    critical = critical_occupancy(twin.occupancy_pct[recent].reshape(periods), twin.flow_5min[recent].reshape(periods))
    capacity = np.stack(
        [capacity_hours(*day, critical) for day in zip(twin.occupancy_pct, twin.flow_5min, strict=True)]
    )
    links = twin.speed.shape[2] - capacity.shape[2]
    nobody = np.full((*capacity.shape[:2], links), np.nan, np.float32)
    weekday = np.array([day.weekday() for day in twin.days])
    return RoadHours(
        ids=tuple(str(index) for index in range(twin.speed.shape[2])),
        values={SPEED: twin.speed, FLOW: twin.flow, CAPACITY: np.concatenate([capacity, nobody], axis=2)},
        kind=np.where(twin.rest, REST_DAY, np.where(weekday == SATURDAYS, SATURDAY, WORKDAY)),
        weekday=weekday,
        day_number=np.arange(len(twin.days), dtype=np.float64),
    )


def weather_hours(twin: TwinDays) -> WeatherHours:
    """The twin's weather as the service would have read it."""
    by_day = [storm | signal for storm, signal in zip(twin.warning, twin.signal, strict=True)]
    codes = sorted({code for found in by_day for code in found})
    nothing = np.zeros(twin.rain_mm_h.shape[1])
    shares = {code: np.stack([found.get(code, nothing) for found in by_day]) for code in codes}
    return WeatherHours(twin.rain_mm_h, shares, np.ones(twin.rain_mm_h.shape[:2], bool))


def _city(seed: int, twin: TwinDays) -> dict[str, Any]:
    hours, weather = road_hours(twin), weather_hours(twin)
    effects = estimate_all(hours, weather)
    true = {
        SPEED: twin.speed - twin.dry_speed,
        FLOW: twin.flow - twin.dry_flow,
        CAPACITY: _capacity(seed, twin),
        DEMAND: _demand(seed, twin),
    }
    rows = [row for found in effects for row in _rows(found, weather, true)]
    placebo = [row for shift in SHIFTS for row in _placebo(hours, weather, shift)]
    roads = [row for found in effects for row in _roads(found, weather, true)]
    return {"seed": seed, "effects": rows, "placebo": placebo, "roads": roads,
            "nowcast": evaluate_nowcast(hours, weather)}  # fmt: skip


def _rows(found: FactorEffects, weather: WeatherHours, true: dict[str, Cube]) -> list[dict[str, Any]]:
    """One row per level for the whole day and for each group of hours, with the truth where it is known."""
    states = states_of(found.factor, weather)
    rows = []
    for index, level in enumerate(levels_of(found.factor)):
        for group, slots in {"": tuple(range(HOURS)), **HOUR_GROUPS}.items():
            said = (found.estimates.by_group[group] if group else found.estimates.whole)[index]
            mask = (states == index + 1) & np.isin(np.arange(HOURS), slots)[None, :, None]
            truth = _truth(found, true, mask)
            rows.append({"measure": found.measure, "level": level.id, "hours": group, **_told(said), "true": truth})
    return rows


def _demand(seed: int, twin: TwinDays) -> Cube:
    """Logs of what signals leave of each hour's demand ``[day, hour, road]``, by the twin's own rule."""
    quarters = [
        [cyclone_factor(seed, midnight(day) + timedelta(minutes=15 * quarter)) for quarter in range(HOURS * QUARTERS)]
        for day in twin.days
    ]
    by_hour = np.log(np.array(quarters).reshape(len(twin.days), HOURS, QUARTERS).mean(axis=2))
    demand: Cube = np.broadcast_to(by_hour[:, :, None], twin.flow.shape).astype(np.float32)
    return demand


def _capacity(seed: int, twin: TwinDays) -> Cube:
    """Logs of what rain leaves of each detector's road's capacity ``[day, hour, road]``, by the twin's own rule."""
    column = {link.key: index for index, link in enumerate(list_links())}
    left = np.ones((len(twin.days), HOURS * QUARTERS, len(column)), np.float32)
    for number, day in enumerate(twin.days):
        for slowdown in list_slowdowns(seed, midnight(day), DAY_S):
            quarter = int(slowdown.start_s * HOURS * QUARTERS // DAY_S)
            left[number, quarter, column[slowdown.road]] = slowdown.capacity
    by_hour = np.log(left.reshape(len(twin.days), HOURS, QUARTERS, -1).mean(axis=2))
    capacity = np.full(twin.speed.shape, np.nan, np.float32)
    beside = [detector.link for detector in list_detectors()]
    capacity[:, :, : len(beside)] = by_hour[:, :, beside]
    return capacity


def _truth(found: FactorEffects, true: dict[str, Cube], mask: Flags) -> float | None:
    """What the rows' cells truly lost; None where it is not known: what signals do to speed."""
    name = DEMAND if (found.factor, found.measure) == (SIGNAL, FLOW) else found.measure
    if name not in true or (found.factor, found.measure) == (SIGNAL, SPEED):
        return None
    known = found.estimates.same_mean(true[name], mask & np.isfinite(found.estimates.residual))
    return None if np.isnan(known) else known


def _told(said: Estimate) -> dict[str, Any]:
    return {
        "grade": said.grade.value, "log_ratio": said.log_ratio, "low": said.low, "high": said.high,
        "blocks": said.blocks, "days": said.days, "n_hours": said.hours, "pooled": said.pooled,
    }  # fmt: skip


def _placebo(hours: RoadHours, weather: WeatherHours, shift: int) -> list[dict[str, Any]]:
    """The estimate on weather moved by ``shift`` days onto hours that were calm."""
    rows = []
    for factor in FACTORS:
        states = shifted(states_of(factor, weather), shift)
        for measure in MEASURES:
            said = estimate(hours.panel(measure), states, len(levels_of(factor)), {}, seed=SEED)
            rows += [
                {"shift": shift, "measure": measure, "level": level.id, **_told(one)}
                for level, one in zip(levels_of(factor), said.whole, strict=True)
            ]
    return rows


def _roads(found: FactorEffects, weather: WeatherHours, true: dict[str, Cube]) -> list[dict[str, Any]]:
    """How well single roads' deviations agree with their true ones, shrunken and not."""
    if found.factor != RAIN or found.measure != SPEED:
        return []
    states, rows = states_of(RAIN, weather), []
    for index, (level, members) in enumerate(zip(levels_of(RAIN), found.members, strict=True)):
        mask = (states == index + 1) & np.isfinite(true[SPEED])
        cells = mask.sum(axis=(0, 1))
        common = np.where(mask, true[SPEED], 0).sum(axis=2) / np.maximum(mask.sum(axis=2), 1)
        own = np.where(mask, true[SPEED] - common[:, :, None], 0).sum(axis=(0, 1)) / np.maximum(cells, 1)
        some = (cells > 0) & (members.days > 0)
        rows.append({
            "level": level.id, "roads": int(some.sum()), "spread": members.spread,
            "error": float(np.sqrt(np.mean((members.deviation - own)[some] ** 2))),
            "error_if_all_alike": float(np.sqrt(np.mean(own[some] ** 2))),
        })  # fmt: skip
    return rows


def _covered(cities: list[dict[str, Any]]) -> dict[str, Any]:
    """How many intervals hold the truth, over all seeds; placebo's truth is 0."""

    def share(rows: list[dict[str, Any]]) -> dict[str, Any]:
        inside = [row["low"] <= row["true"] <= row["high"] for row in rows]
        return {"inside": sum(inside), "of": len(inside)}

    rain = [row for city in cities for row in city["effects"] if row["true"] is not None and row["low"] is not None]
    never = [{**row, "true": 0.0} for city in cities for row in city["placebo"] if row["low"] is not None]
    return {
        measure: {
            "whole_day": share([row for row in rain if row["measure"] == measure and not row["hours"]]),
            "hour_groups": share([row for row in rain if row["measure"] == measure and row["hours"]]),
            "placebo": share([row for row in never if row["measure"] == measure]),
        }
        for measure in MEASURES
    }
