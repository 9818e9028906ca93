"""The tiny service's forecast: the mean of the same quarter of the day, by gauge. Light, since workers import it."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import numpy as np

from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.vocabulary import BadInput, Forecast, NotYet, microseconds, moment_of

STEP = timedelta(minutes=15)
STEP_US = STEP // timedelta(microseconds=1)
DAY_STEPS = timedelta(days=1) // STEP
HORIZONS = (timedelta(minutes=15), timedelta(minutes=60))
CODE = b"tiny-1;"  # a fitted model begins with the version of the code that made it


def pack(seen: Measured) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, sensors=np.array(seen.sensors), starts=seen.starts_us, values=seen.values)
    return stream.getvalue()


def unpack(packed: bytes) -> Measured:
    with np.load(io.BytesIO(packed)) as stored:
        return Measured(tuple(stored["sensors"].tolist()), stored["starts"], stored["values"])


def fit_that_fails(packed: bytes) -> bytes:
    raise ValueError(f"cannot learn from {len(packed)} bytes")


def fit(packed: bytes) -> bytes:
    """The mean and the spread of each quarter of the day, by sensor."""
    seen = unpack(packed)
    slot = seen.starts_us // STEP_US % DAY_STEPS
    known = ~np.isnan(seen.values)
    total, count = np.zeros((DAY_STEPS, len(seen.sensors))), np.zeros((DAY_STEPS, len(seen.sensors)))
    np.add.at(total, slot, np.where(known, seen.values, 0))
    np.add.at(count, slot, known)
    with np.errstate(invalid="ignore"):
        mean = np.where(count > 0, total / count, np.nan)
    spread = np.nanstd(seen.values - mean[slot], axis=0)
    stream = io.BytesIO()
    np.savez(stream, sensors=np.array(seen.sensors), mean=mean, spread=spread)
    return CODE + stream.getvalue()


def _fitted(fitted: bytes) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    if not fitted.startswith(CODE):
        raise BadInput("these bytes hold no tiny model", where="tiny")
    with np.load(io.BytesIO(fitted.removeprefix(CODE))) as stored:
        return tuple(stored["sensors"].tolist()), stored["mean"], stored["spread"]


def predict(fitted: bytes | None, recent: Measured) -> list[Forecast]:
    issued_us = int(recent.starts_us[-1]) + STEP_US
    if fitted is None:
        last = zip(recent.sensors, recent.values[-1].tolist(), strict=True)
        told = [(sensor, horizon, value, 10.0) for sensor, value in last for horizon in HORIZONS if not np.isnan(value)]
    else:
        sensors, mean, spread = _fitted(fitted)
        told = [
            (sensor, horizon, float(mean[(issued_us + horizon // timedelta(microseconds=1)) // STEP_US % DAY_STEPS, i]),
             1.2816 * float(spread[i]))
            for i, sensor in enumerate(sensors)
            for horizon in HORIZONS
        ]  # fmt: skip
    issued = moment_of(issued_us)
    return [
        Forecast(sensor, "level", issued, horizon, value - band, value, value + band, "hourly", "own")
        for sensor, horizon, value, band in told
    ]


def hindcast(fitted: bytes, packed: bytes, since: datetime) -> Hindcast:
    sensors, mean, spread = _fitted(fitted)
    seen = unpack(packed)
    columns = [seen.sensors.index(sensor) for sensor in sensors]
    rows = np.flatnonzero(seen.starts_us >= microseconds(since))[:-1]
    if not len(rows):
        raise NotYet("nothing to score")
    ahead = np.array([horizon // STEP for horizon in HORIZONS])
    values = np.vstack([seen.values[:, columns], np.full((ahead.max(), len(columns)), np.nan)])
    target = rows[:, None] + ahead
    truth = values[target].transpose(0, 2, 1)
    slot = (seen.starts_us[rows][:, None] // STEP_US + ahead) % DAY_STEPS
    middle = mean[slot].transpose(0, 2, 1)
    band = 1.2816 * spread[None, :, None]
    last = np.broadcast_to(values[rows - 1][:, :, None], truth.shape)
    return Hindcast(
        sensors=sensors,
        issued_us=seen.starts_us[rows],
        horizons_us=ahead * STEP_US,
        quantiles=np.stack([middle - band, middle, middle + band], axis=3),
        truth=truth,
        baselines={"last_value": last},
    )
