"""Speeds of all roads: now, at a past moment, or as forecast for a departure 15 to 90 minutes ahead."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Literal

import numpy as np
from msgspec import Meta
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, Source, Text, microseconds, moment_of
from lionrock.services.mobility.traffic.ahead import newest_forecast
from lionrock.services.mobility.traffic.datasets import LANES, SEGMENT_SPEEDS, SPEED
from lionrock.services.mobility.traffic.measured import STEP, measured_speeds, newest_at_us, step_before

Floats = NDArray[np.float64]
FRESH_FOR = timedelta(minutes=30)  # an older speed is shown as unknown, with its age
STALE_AFTER = timedelta(minutes=10)  # five rounds of the two-minute feed
HOURLY = timedelta(minutes=65)  # recordings may hold one value an hour; that value stands until the next
HISTORY = timedelta(days=14)
MOST_OF_A_DAY = 18  # hours
SAMPLED = 20  # sensors asked on which days there were data

NOTHING_YET = Text(en="No speed has been received yet.", tc="尚未收到任何車速資料。")
NOTHING_LATELY = Text(en="No speed has been received lately.", tc="近來沒有收到車速資料。")
NOTHING_THEN = Text(en="No speed was received at that moment.", tc="該時刻沒有車速資料。")
NO_FORECAST = Text(en="No forecast has been issued yet.", tc="尚未發出預測。")
OLD_FORECAST = Text(en="No forecast has been issued in the last 30 minutes.", tc="過去三十分鐘沒有發出預測。")
LEARNING = Text(
    en="Learning: there is no usual day yet to compare with, so the bands are wide.",
    tc="學習中：尚未有平常日的資料可作比較，預測範圍較闊。",
)


@dataclass(frozen=True, slots=True)
class SpeedsQuery:
    """Speeds for a departure so many minutes from now, or ``at`` a past moment; not both."""

    departure: Annotated[int, Meta(ge=0, le=90, multiple_of=15)] = 0
    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class Speeds:
    """Lists parallel to ``ids``; ``low_kmh`` and ``high_kmh`` are the 10% and 90% quantiles of a forecast.

    ``at`` is the moment the values speak of; ``now`` the source's own time as this was answered; ``age_s``
    how long before it each road was last measured, and from ``stale_after_s`` on that is out of date.
    """

    source: str
    simulated: bool
    now: datetime
    at: datetime | None
    issued_at: datetime | None
    departure_min: int
    state: Literal["ready", "learning", "no data"]
    reason: Text | None
    usual_days: int
    ids: list[str]
    speed_kmh: list[float | None]
    low_kmh: list[float | None] | None
    high_kmh: list[float | None] | None
    age_s: list[float | None]
    stale_after_s: float


def list_speeds(city: City, query: SpeedsQuery, _caller: Caller) -> Speeds:
    """Answer how fast every road is; raises BadInput for a moment that has not been."""
    if query.at is not None and query.departure:
        raise BadInput(
            Text(en="a past moment has no departure", tc="過去的時間沒有出發時間可言"),
            where="departure",
            remedy=Text(en="ask for one of the two", tc="請只選其一"),
        )
    if query.at is not None:
        return _speeds_then(city, past_moment(city, query.at))
    return _speeds_ahead(city, query.departure) if query.departure else _speeds_now(city)


def usual_days(city: City) -> int:
    """How many of the 14 days before today have data in most of their hours: what a usual day can be made of."""
    today = city.now().astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    most = 0
    for dataset in (SEGMENT_SPEEDS, LANES):
        sensors = city.latest(dataset, SPEED.id).sensors
        sample = sensors[:: max(1, len(sensors) // SAMPLED)]
        if sample:
            hours = city.aggregate(dataset, SPEED.id, today - HISTORY, today, timedelta(hours=1), sample)
            heard = (hours.count.sum(axis=1) > 0).reshape(HISTORY.days, -1)
            most = max(most, int((heard.sum(axis=1) >= MOST_OF_A_DAY).sum()))
    return most


def _speeds_now(city: City) -> Speeds:
    now = city.now()
    fresh_for = HOURLY if city.source is Source.RECORDING else FRESH_FOR
    series = measured_speeds(city, step_before(now) - fresh_for, now)
    speeds = _last_known(series.speed_kmh)
    newest = newest_at_us(city)
    reason = None if not np.isnan(speeds).all() else NOTHING_LATELY if newest else NOTHING_YET
    return Speeds(
        source=city.source.value,
        simulated=city.simulated,
        now=now,
        at=moment_of(max(newest.values())) if newest else None,
        issued_at=None,
        departure_min=0,
        state="ready" if reason is None else "no data",
        reason=reason,
        usual_days=usual_days(city),
        ids=list(series.ids),
        speed_kmh=tenths(speeds),
        low_kmh=None,
        high_kmh=None,
        age_s=ages_s(series.ids, newest, now),
        stale_after_s=_stale_after_s(city),
    )


def _speeds_then(city: City, at: datetime) -> Speeds:
    start = step_before(at)
    back = HOURLY if city.source is Source.RECORDING else STEP
    series = measured_speeds(city, start + STEP - back, start + STEP)
    speeds = _last_known(series.speed_kmh)
    known = bool((~np.isnan(speeds)).any())
    return Speeds(
        source=city.source.value,
        simulated=city.simulated,
        now=city.now(),
        at=start,
        issued_at=None,
        departure_min=0,
        state="ready" if known else "no data",
        reason=None if known else NOTHING_THEN,
        usual_days=usual_days(city),
        ids=list(series.ids),
        speed_kmh=tenths(speeds),
        low_kmh=None,
        high_kmh=None,
        age_s=[None] * len(series.ids),
        stale_after_s=_stale_after_s(city),
    )


def _speeds_ahead(city: City, departure_min: int) -> Speeds:
    forecast = newest_forecast(city, timedelta(minutes=departure_min))
    days = usual_days(city)
    now = city.now()
    nothing = NO_FORECAST if forecast.issued_at is None else OLD_FORECAST if not forecast.ids else None
    return Speeds(
        source=city.source.value,
        simulated=city.simulated,
        now=now,
        at=None if forecast.issued_at is None else forecast.issued_at + timedelta(minutes=departure_min),
        issued_at=forecast.issued_at,
        departure_min=departure_min,
        state="no data" if nothing else "learning" if days == 0 else "ready",
        reason=nothing or (LEARNING if days == 0 else None),
        usual_days=days,
        ids=list(forecast.ids),
        speed_kmh=tenths(forecast.middle),
        low_kmh=tenths(forecast.low),
        high_kmh=tenths(forecast.high),
        age_s=ages_s(forecast.ids, newest_at_us(city), now),
        stale_after_s=_stale_after_s(city),
    )


def _stale_after_s(city: City) -> float:
    return (HOURLY if city.source is Source.RECORDING else STALE_AFTER).total_seconds()


def _last_known(speeds: Floats) -> Floats:
    """The last value of each column that is no NaN; NaN where there is none."""
    if not speeds.size:
        return np.empty(speeds.shape[1])
    rows = np.where(np.isnan(speeds), -1, np.arange(len(speeds))[:, None]).max(axis=0)
    return np.where(rows < 0, np.nan, speeds[rows, np.arange(speeds.shape[1])])


def tenths(values: Floats) -> list[float | None]:
    """Numbers with one decimal; None where there is none."""
    return [None if math.isnan(value) else value for value in np.round(values, 1).tolist()]


def ages_s(ids: tuple[str, ...], newest: dict[str, int], now: datetime) -> list[float | None]:
    """Seconds since each road was last measured; None where it never was."""
    now_us = microseconds(now)
    return [round((now_us - newest[road]) / 1e6, 1) if road in newest else None for road in ids]
