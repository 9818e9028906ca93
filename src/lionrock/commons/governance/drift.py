"""What is wrong with a model that is in use: its rolling scores against those of its promotion, as conditions.

All functions are pure; a watch compares what they see with the alerts that stand open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lionrock.commons.alerts.life import Condition
from lionrock.commons.governance.inputs import InputProfile, shift_of
from lionrock.commons.governance.scoring import LAST_VALUE
from lionrock.core.records.model_scores import Against, HourScore, InputHour, SensorScores
from lionrock.core.vocabulary import Severity, Text
from lionrock.engines.bootstrap import mean_between

ROLLS_OVER = timedelta(hours=24)
MISSING_OVER = timedelta(hours=3)
BLOCK, SEED = timedelta(hours=3), 1  # of the bootstrap
FEWEST_HOURS = 6  # scored hours, and
FEWEST_SCORED = 200  # scored forecasts, before anything is said of an error
ERROR_GREW = 1.25  # times the error at promotion
COVERAGE = (0.70, 0.90)  # of a band that means 80%
HORIZON_GREW, HORIZON_WORSE = 1.5, 1.2  # of one horizon alone: times its error at promotion, times the last value's
HORIZON_COVERAGE = (0.60, 0.97)
SENSOR_FEWEST = 48  # of all horizons together
SENSOR_GREW = 2.5  # times the sensor's own error at promotion,
SENSOR_OVER = 2.0  # and times the model's error now: a detector that is fine may vary
MOST_SENSORS = 10  # named one by one; more are one matter of the whole model
MORE_MISSING = 0.20
LARGE_SHIFT = 0.25


@dataclass(frozen=True, slots=True)
class RollingHorizon:
    """One horizon over the rolling day: None where nothing was scored. ``rivals`` are (rival's, own) mean errors.

    ``interval`` is the 95% interval of ``mae``, None where fewer than two blocks of hours were scored.
    """

    horizon_s: int
    issued: int
    scored: int
    mae: float | None
    interval: list[float] | None
    coverage: float | None
    rivals: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class RollingSensor:
    """One sensor over the rolling day, all horizons together; ``before`` is its error at promotion."""

    sensor: str
    scored: int
    mae: float
    coverage: float
    before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """The champion's last day: by horizon, by sensor (worst first), and what came in.

    ``missing`` is the share of what was to be expected, ``shift`` the population stability index of the inputs; both
    None where there is nothing to tell them from.
    """

    hours: int
    horizons: list[RollingHorizon]
    sensors: list[RollingSensor]
    missing: float | None
    shift: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What the champion was like when it was judged: errors and coverage by horizon (seconds), errors by sensor."""

    mae: Mapping[int, float]
    coverage: Mapping[int, float]
    sensors: Mapping[str, float]
    inputs: InputProfile | None


def roll(
    now: datetime,
    version: str,
    hours: Iterable[HourScore],
    sensors: Iterable[SensorScores],
    inputs: Sequence[InputHour],
    reference: Reference | None,
) -> Rolling:
    """Add up the champion's own scores of the last day; those of other versions are left out."""
    own = [one for one in hours if one.version == version and now - ROLLS_OVER <= one.hour < now]
    horizons = [
        _horizon(horizon_s, [one for one in own if one.horizon_s == horizon_s])
        for horizon_s in sorted({one.horizon_s for one in own})
    ]
    before = {} if reference is None else reference.sensors
    came = [one for one in inputs if now - ROLLS_OVER <= one.hour < now]
    return Rolling(
        hours=len({one.hour for one in own if one.scored}),
        horizons=horizons,
        sensors=_sensors([one for one in sensors if one.version == version], before),
        missing=_missing([one for one in came if one.hour >= now - MISSING_OVER - timedelta(hours=1)]),
        shift=_shift(came, None if reference is None else reference.inputs),
    )


def list_conditions(rolling: Rolling, reference: Reference | None) -> Iterator[Condition]:
    """Everything that is wrong now."""
    told = [one for one in rolling.horizons if one.mae is not None]
    if rolling.hours >= FEWEST_HOURS and sum(one.scored for one in told) >= FEWEST_SCORED:
        yield from _worse_than_naive(told)
        yield from _coverage(told)
        yield from _single_horizons(told, reference)
        if reference is not None:
            yield from _error(told, reference)
            yield from _single_sensors(rolling)
    if reference is not None and reference.inputs is not None:
        yield from _inputs(rolling, reference.inputs)


def error_growth(told: Iterable[RollingHorizon], reference: Reference) -> float | None:
    """The rolling error over that of the promotion, meaned over the horizons; None where they share none."""
    ratios = [
        one.mae / reference.mae[one.horizon_s]
        for one in told
        if one.mae is not None and reference.mae.get(one.horizon_s)
    ]
    return sum(ratios) / len(ratios) if ratios else None


def naive_ratio(told: Iterable[RollingHorizon]) -> float | None:
    """The rolling error over the last value's on the same cells, meaned over the horizons; None without any."""
    pairs = [one.rivals[LAST_VALUE] for one in told if LAST_VALUE in one.rivals]
    ratios = [own / rival for rival, own in pairs if rival > 0]
    return sum(ratios) / len(ratios) if ratios else None


def _horizon(horizon_s: int, scores: Sequence[HourScore]) -> RollingHorizon:
    scored = sum(one.scored for one in scores)
    rivals: dict[str, list[Against]] = {}
    for one in scores:
        for name, against in one.rivals.items():
            rivals.setdefault(name, []).append(against)
    return RollingHorizon(
        horizon_s=horizon_s,
        issued=sum(one.issued for one in scores),
        scored=scored,
        mae=sum(one.absolute for one in scores) / scored if scored else None,
        interval=_interval(scores),
        coverage=sum(one.inside for one in scores) / scored if scored else None,
        rivals={name: _means(parts) for name, parts in rivals.items()},
    )


def _interval(scores: Sequence[HourScore]) -> list[float] | None:
    hours = np.array([one.hour.timestamp() for one in scores])
    _, block = np.unique(hours // BLOCK.total_seconds(), return_inverse=True)
    absolute, scored = (
        np.bincount(block, each).astype(np.float64)
        for each in ([one.absolute for one in scores], [one.scored for one in scores])
    )
    return mean_between(absolute, scored, SEED)


def _means(parts: Sequence[Against]) -> tuple[float, float]:
    scored = sum(part.scored for part in parts)
    return sum(part.absolute for part in parts) / scored, sum(part.own_absolute for part in parts) / scored


def _sensors(parts: Iterable[SensorScores], before: Mapping[str, float]) -> list[RollingSensor]:
    sums: dict[str, tuple[int, float, int]] = {}
    for part in parts:
        for sensor, scored, absolute, inside in zip(part.sensors, part.scored, part.absolute, part.inside, strict=True):
            known = sums.get(sensor, (0, 0.0, 0))
            sums[sensor] = (known[0] + scored, known[1] + absolute, known[2] + inside)
    rolled = [
        RollingSensor(sensor, scored, absolute / scored, inside / scored, before.get(sensor))
        for sensor, (scored, absolute, inside) in sums.items()
    ]
    return sorted(rolled, key=lambda one: -one.mae)


def _missing(came: Sequence[InputHour]) -> float | None:
    cells = sum(one.cells for one in came)
    return max(0.0, 1 - sum(one.measured for one in came) / cells) if cells else None


def _shift(came: Sequence[InputHour], profile: InputProfile | None) -> float | None:
    """The index over a whole day; part of a day, or a day with holes, would differ by its hours alone."""
    parts = [one for one in came if profile is not None and len(one.histogram) == len(profile.shares)]
    missing = _missing(parts)
    if profile is None or missing is None or len(parts) < ROLLS_OVER // timedelta(hours=1) - 2:
        return None
    if missing >= profile.missing + MORE_MISSING:
        return None
    return shift_of(profile, [sum(counts) for counts in zip(*(one.histogram for one in parts), strict=True)])


def _error(told: Sequence[RollingHorizon], reference: Reference) -> Iterator[Condition]:
    growth = error_growth(told, reference)
    if growth is None or growth < ERROR_GREW:
        return
    yield Condition(
        key="error",
        event="forecast error grew",
        severity=Severity.MODERATE,
        headline=Text(en=f"The error is {growth:.2f} times that at promotion", tc=f"誤差為選用時的 {growth:.2f} 倍"),
        properties={"times": round(growth, 3)},
    )


def _worse_than_naive(told: Sequence[RollingHorizon]) -> Iterator[Condition]:
    ratio = naive_ratio(told)
    if ratio is None or ratio < 1:
        return
    yield Condition(
        key="baseline",
        event="forecast worse than its baseline",
        severity=Severity.SEVERE,
        headline=Text(
            en=f"The last value alone would do better: the error is {ratio:.2f} times its",
            tc=f"單用最後數值更準：誤差為其 {ratio:.2f} 倍",
        ),
        properties={"times": round(ratio, 3)},
    )


def _coverage(told: Sequence[RollingHorizon]) -> Iterator[Condition]:
    known = [one.coverage for one in told if one.coverage is not None]
    share = sum(known) / len(known)
    if COVERAGE[0] <= share <= COVERAGE[1]:
        return
    yield Condition(
        key="coverage",
        event="forecast band off",
        severity=Severity.MODERATE,
        headline=Text(en=f"The 80% band holds {share:.0%} of what came true", tc=f"80% 範圍只涵蓋實況的 {share:.0%}")
        if share < COVERAGE[0]
        else Text(
            en=f"The 80% band is too wide: it holds {share:.0%} of what came true",
            tc=f"80% 範圍過闊：涵蓋實況的 {share:.0%}",
        ),
        properties={"coverage": round(share, 3)},
    )


def _single_horizons(told: Sequence[RollingHorizon], reference: Reference | None) -> Iterator[Condition]:
    """Horizons that fail, which the mean over all may not show."""
    failing = [one for one in told if one.scored >= FEWEST_SCORED and _fails(one, reference)]
    if not failing:
        return
    minutes = [round(one.horizon_s / 60) for one in failing]
    named = ", ".join(map(str, minutes))
    yield Condition(
        key="horizons",
        event="forecast fails at some horizons",
        severity=Severity.MODERATE,
        headline=Text(
            en=f"The forecast fails {named} minutes ahead", tc=f"{named.replace(', ', '、')} 分鐘後的預測失準"
        ),
        properties={"horizons_min": minutes},
    )


def _fails(one: RollingHorizon, reference: Reference | None) -> bool:
    """Whether one horizon is far worse than at promotion or than the last value, or its band far off."""
    before = None if reference is None else reference.mae.get(one.horizon_s)
    rival = one.rivals.get(LAST_VALUE)
    low, high = HORIZON_COVERAGE
    return bool(
        (one.mae is not None and before and one.mae >= HORIZON_GREW * before)
        or (rival is not None and rival[1] >= HORIZON_WORSE * rival[0] > 0)
        or (one.coverage is not None and not low <= one.coverage <= high)
    )


def _single_sensors(rolling: Rolling) -> Iterator[Condition]:
    """Sensors whose forecasts fail where those of the others do not: a broken detector, or a changed road."""
    scored = sum(one.scored for one in rolling.sensors)
    if not scored:
        return
    usual = sum(one.mae * one.scored for one in rolling.sensors) / scored
    failing = [
        one
        for one in rolling.sensors
        if one.before
        and one.scored >= SENSOR_FEWEST
        and one.mae >= SENSOR_GREW * one.before
        and one.mae >= SENSOR_OVER * usual
    ]
    if len(failing) > MOST_SENSORS:
        yield Condition(
            key="sensors",
            event="many sensors forecast badly",
            severity=Severity.MODERATE,
            headline=Text(
                en=f"{len(failing)} sensors have {SENSOR_GREW:g} times their error at promotion",
                tc=f"{len(failing)} 個感應器的誤差達選用時的 {SENSOR_GREW:g} 倍",
            ),
            properties={"sensors": [one.sensor for one in failing]},
        )
        return
    for one in failing:
        times = one.mae / (one.before or one.mae)
        yield Condition(
            key=f"sensor/{one.sensor}",
            event="a sensor is forecast badly",
            severity=Severity.MINOR,
            headline=Text(
                en=f"{one.sensor}: its error is {times:.1f} times that at promotion",
                tc=f"{one.sensor}：誤差為選用時的 {times:.1f} 倍",
            ),
            properties={"sensor": one.sensor, "mae": round(one.mae, 3), "before": one.before},
        )


def _inputs(rolling: Rolling, profile: InputProfile) -> Iterator[Condition]:
    if rolling.missing is not None and rolling.missing >= profile.missing + MORE_MISSING:
        yield Condition(
            key="missing",
            event="forecast inputs missing",
            severity=Severity.MODERATE,
            headline=Text(
                en=f"{rolling.missing:.0%} of the inputs are missing; {profile.missing:.0%} were while it learned",
                tc=f"{rolling.missing:.0%} 的輸入數據缺失；學習期間為 {profile.missing:.0%}",
            ),
            properties={"missing": round(rolling.missing, 3)},
        )
    if rolling.shift is not None and rolling.shift >= LARGE_SHIFT:
        yield Condition(
            key="shift",
            event="forecast inputs shifted",
            severity=Severity.MINOR,
            headline=Text(
                en=f"The inputs of the last day are unlike those it learned from (index {rolling.shift:.2f})",
                tc=f"過去一日的輸入數據與學習時明顯不同（指數 {rolling.shift:.2f}）",
            ),
            properties={"shift": round(rolling.shift, 3)},
        )
