"""Stored forecasts beside what came true: the scores of one hour, by version, horizon and sensor.

A forecast that met no measurement is not scored: a stopped feed gives no score, never a zero. The naive rivals are
those that need nothing learned: the last value (up to an hour old at the issue) and the value a week before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.commons.governance.inputs import InputProfile, count_tenths
from lionrock.core.hindsight import Floats, Measured
from lionrock.core.readings import ForecastColumns
from lionrock.core.records.model_scores import Against, HourScore, InputHour, SensorScores
from lionrock.core.vocabulary import microseconds

LAST_VALUE, WEEK_BEFORE = "last_value", "week_before"
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
OLDEST_LAST_VALUE = HOUR
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Came:
    """What came true: ``lately`` from an hour before the first issue to the end of the hour, and ``week_before``.

    ``silent`` are hours in which less than half came in at the time. What was filled in later nobody knew when a
    forecast was issued in them, so the last value is no rival there.
    """

    lately: Measured
    week_before: Measured
    silent: frozenset[datetime] = frozenset()


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of an hour."""

    horizons: list[HourScore]
    sensors: list[SensorScores]


def score_hour(hour: datetime, told: Iterable[ForecastColumns], came: Came) -> Scored:
    """Score the forecasts that speak of the hour from ``hour`` on."""
    scores: list[HourScore] = []
    by_version: dict[str, list[tuple[ForecastColumns, NDArray[np.bool_], Floats]]] = {}
    for columns in told:
        truth = _at(came.lately, columns, columns.issued_at_us + columns.horizon_us)
        rivals = {LAST_VALUE: _last(came, columns), WEEK_BEFORE: _week_before(came.week_before, columns)}
        for version in sorted({columns.models[index][1] for index in np.unique(columns.model).tolist()}):
            own = [index for index, (_, known) in enumerate(columns.models) if known == version]
            mine = np.isin(columns.model, own)
            by_version.setdefault(version, []).append((columns, mine, truth))
            scores += [
                _score(hour, version, horizon_us, columns, mine & (columns.horizon_us == horizon_us), truth, rivals)
                for horizon_us in np.unique(columns.horizon_us[mine]).tolist()
            ]
    return Scored(scores, [_by_sensor(version, parts) for version, parts in by_version.items()])


def is_silent(inputs: InputHour) -> bool:
    """Whether less than half of what was to be expected came in."""
    return inputs.cells > 0 and inputs.measured < inputs.cells / 2


def inputs_of(hour: datetime, lately: Measured, profile: InputProfile | None) -> InputHour:
    """What came in during the hour, against what the profile lets expect; without a profile only how much."""
    first = microseconds(hour)
    within = (lately.starts_us >= first) & (lately.starts_us < first + HOUR // MICROSECOND)
    values = lately.values[within]
    measured = int((~np.isnan(values)).sum())
    if profile is None:
        return InputHour(hour=hour, cells=0, measured=measured, histogram=[])
    cells = round(profile.sensors * len(values))
    return InputHour(hour=hour, cells=cells, measured=measured, histogram=count_tenths(values, profile.edges))


def _score(
    hour: datetime,
    version: str,
    horizon_us: int,
    columns: ForecastColumns,
    chosen: NDArray[np.bool_],
    truth: Floats,
    rivals: dict[str, Floats],
) -> HourScore:
    met = chosen & ~np.isnan(truth)
    error = np.abs(columns.middle - truth)
    inside = met & (columns.low <= truth) & (truth <= columns.high)
    against = {}
    for name, points in rivals.items():
        both = met & ~np.isnan(points)
        if both.any():
            rival = float(np.abs(points - truth)[both].sum())
            against[name] = Against(int(both.sum()), rival, float(error[both].sum()))
    return HourScore(
        hour=hour,
        version=version,
        horizon_s=horizon_us // 1_000_000,
        issued=int(chosen.sum()),
        scored=int(met.sum()),
        absolute=float(error[met].sum()),
        inside=int(inside.sum()),
        rivals=against,
    )


def _by_sensor(version: str, parts: Sequence[tuple[ForecastColumns, NDArray[np.bool_], Floats]]) -> SensorScores:
    """Sums over all horizons, of the sensors of which anything was scored."""
    names = parts[0][0].sensors
    scored, inside, absolute = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64), np.zeros(len(names))
    for columns, mine, truth in parts:
        met = mine & ~np.isnan(truth)
        sensor = columns.sensor[met]
        np.add.at(scored, sensor, 1)
        np.add.at(absolute, sensor, np.abs(columns.middle - truth)[met])
        np.add.at(inside, sensor, ((columns.low <= truth) & (truth <= columns.high))[met])
    there = np.flatnonzero(scored)
    return SensorScores(
        version=version,
        sensors=[names[index] for index in there.tolist()],
        scored=scored[there].tolist(),
        absolute=np.round(absolute[there], 4).tolist(),
        inside=inside[there].tolist(),
    )


def _at(measured: Measured, columns: ForecastColumns, at_us: NDArray[np.int64]) -> Floats:
    """What was measured at each row's sensor in the bucket that holds ``at_us``; NaN where nothing was."""
    return _cells(measured, measured.values, columns, at_us)


def _last(came: Came, columns: ForecastColumns) -> Floats:
    """The last value known at each issue; NaN in hours that were silent at the time."""
    measured = came.lately
    rows = np.arange(len(measured.values))[:, None]
    seen = np.maximum.accumulate(np.where(np.isnan(measured.values), -1, rows), axis=0)
    fresh = (seen >= 0) & (rows - seen < OLDEST_LAST_VALUE // MICROSECOND // _step_us(measured))
    filled = np.where(fresh, np.take_along_axis(measured.values, np.maximum(seen, 0), axis=0), np.nan)
    last = _cells(measured, filled, columns, columns.issued_at_us - _step_us(measured))
    hour_us = HOUR // MICROSECOND
    silent = np.array([microseconds(hour) // hour_us for hour in came.silent], np.int64)
    return np.where(np.isin(columns.issued_at_us // hour_us, silent), np.nan, last)


def _week_before(measured: Measured, columns: ForecastColumns) -> Floats:
    return _at(measured, columns, columns.issued_at_us + columns.horizon_us - WEEK // MICROSECOND)


def _cells(measured: Measured, values: Floats, columns: ForecastColumns, at_us: NDArray[np.int64]) -> Floats:
    found = np.full(len(columns), np.nan)
    if not len(measured.starts_us) or not measured.sensors:
        return found
    column = {sensor: index for index, sensor in enumerate(measured.sensors)}
    place = np.array([column.get(sensor, -1) for sensor in columns.sensors], np.int64)[columns.sensor]
    row = (at_us - measured.starts_us[0]) // _step_us(measured)
    there = (place >= 0) & (row >= 0) & (row < len(values))
    found[there] = values[row[there], place[there]]
    return found


def _step_us(measured: Measured) -> int:
    starts = measured.starts_us
    return int(starts[1] - starts[0]) if len(starts) > 1 else HOUR // MICROSECOND
