"""The traffic forecast: what it sees, how it learns, what it says. The algorithm is ``engines.forecast``."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zipfile import BadZipFile

import numpy as np

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.manifest import minutes
from lionrock.core.vocabulary import BadInput, Forecast, NotYet
from lionrock.engines.forecast.features import LOOKS_BACK
from lionrock.engines.forecast.forecaster import FittedForecaster, fit
from lionrock.engines.forecast.history import Floats, Halves, History
from lionrock.engines.forecast.intervals import REMEMBERS
from lionrock.engines.forecast.stored import pack, unpack
from lionrock.services.mobility.traffic.beside import holidays_around, known_beside
from lionrock.services.mobility.traffic.datasets import SPEED
from lionrock.services.mobility.traffic.measured import STEP, measured_speeds, step_before

HORIZONS = tuple(minutes(ahead) for ahead in (15, 30, 45, 60, 75, 90))
# A row is called by its first moment and known when it ends, which is the issue: one step more.
STEPS_AHEAD = tuple(horizon // STEP + 1 for horizon in HORIZONS)
RECENT = LOOKS_BACK + REMEMBERS + 2 * STEP
ROWS_AT_ONCE = timedelta(days=1) // STEP
SEED = 852
STANDSTILL_KMH = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Five-minute speeds of all roads: ``history.values[:, i]`` is ``ids[i]``; the issue is the end of the last row."""

    ids: tuple[str, ...]
    history: History

    @property
    def issued_at(self) -> datetime:
        """When the last row was complete."""
        return self.history.start + self.history.step * self.history.rows


def gather_speeds(city: City, now: datetime, span: timedelta) -> Seen:
    """The roads' five-minute speeds of the ``span`` before ``now``; raises NotYet while nothing was measured."""
    end = step_before(now)
    rows = span // STEP
    start = end - STEP * rows
    ids, values = _speeds_by_day(city, start, rows)
    measured = np.isfinite(values).any(axis=1)
    if not measured.any():
        raise NotYet(f"no speed was measured between {start.isoformat()} and {end.isoformat()}")
    first = int(measured.argmax())
    also, each = known_beside(city, ids, start, rows)
    history = History(
        values=values,
        start=start,
        step=STEP,
        zone=start.astimezone(ZONE).utcoffset() or timedelta(0),
        holidays=holidays_around(city, start, end),
        also=also,
        each=each,
    )
    return Seen(ids, history.after(first))


def _speeds_by_day(city: City, start: datetime, rows: int) -> tuple[tuple[str, ...], Floats]:
    """Speeds ``[rows, road]``, gathered day by day: two weeks of all lanes at once would fill the memory.

    A road that is heard for the first time while this runs is left out.
    """
    ids: tuple[str, ...] = ()
    column: dict[str, int] = {}
    values: Floats = np.empty((rows, 0), np.float32)
    for first in range(0, rows, ROWS_AT_ONCE):
        last = min(first + ROWS_AT_ONCE, rows)
        part = measured_speeds(city, start + STEP * first, start + STEP * last)
        if first == 0:
            ids, column = part.ids, {road: index for index, road in enumerate(part.ids)}
            values = np.full((rows, len(ids)), np.nan, np.float32)
        known = [index for index, road in enumerate(part.ids) if road in column]
        values[first:last, [column[part.ids[index]] for index in known]] = part.speed_kmh[:, known]
    return ids, values


def pack_speeds(seen: Seen) -> bytes:
    """What was seen as bytes for the worker process."""
    history, stream = seen.history, io.BytesIO()
    np.savez_compressed(
        stream,
        ids=np.array(seen.ids),
        values=history.values,
        also=history.also,
        each=history.each,
        start=np.array(history.start.isoformat()),
        zone_s=np.array(int(history.zone.total_seconds())),
        holidays=np.array([day.isoformat() for day in sorted(history.holidays)], np.str_),
    )
    return stream.getvalue()


def unpack_seen(packed: bytes) -> Seen:
    """What :func:`pack_speeds` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        history = History(
            values=stored["values"],
            start=datetime.fromisoformat(str(stored["start"])),
            step=STEP,
            zone=timedelta(seconds=int(stored["zone_s"])),
            holidays=frozenset(date.fromisoformat(day) for day in stored["holidays"].tolist()),
            also=stored["also"],
            each=stored["each"],
        )
        return Seen(tuple(stored["ids"].tolist()), history)


def fit_speeds(packed: bytes) -> bytes:
    """Learn from :func:`pack_speeds`'s bytes; returns the fitted forecaster with the roads that it knows."""
    seen = unpack_seen(packed)
    forecaster = fit(seen.history, STEPS_AHEAD, seed=SEED, lowest=STANDSTILL_KMH)
    stream = io.BytesIO()
    np.savez(stream, ids=np.array(seen.ids), forecaster=np.frombuffer(pack(forecaster), np.uint8))
    return stream.getvalue()


def predict_speeds(fitted: bytes | None, seen: Seen) -> list[Forecast]:
    """Forecasts of every known road at every horizon; without ``fitted`` from the recent hours alone.

    Roads that came after the last training are left out until the next one; so is whatever nothing
    can be said about.
    """
    if fitted is None:
        forecaster = fit(seen.history, STEPS_AHEAD, seed=SEED, lowest=STANDSTILL_KMH)
        return _forecasts(forecaster, seen.ids, seen.history, seen.issued_at)
    ids, forecaster = unpack_speeds(fitted)
    return _forecasts(forecaster, ids, in_order(seen, ids), seen.issued_at)


@lru_cache(maxsize=2)  # unpacking takes longer than forecasting; a champion and a challenger may be in use
def unpack_speeds(fitted: bytes) -> tuple[tuple[str, ...], FittedForecaster]:
    """The roads and the forecaster of :func:`fit_speeds`; raises BadInput for bytes of another version of the code."""
    try:
        with np.load(io.BytesIO(fitted), allow_pickle=False) as stored:
            ids, forecaster = tuple(stored["ids"].tolist()), stored["forecaster"].tobytes()
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as problem:
        raise BadInput("these bytes hold no forecast of speeds", where="unpack_speeds") from problem
    return ids, unpack(forecaster)


def in_order(seen: Seen, ids: tuple[str, ...]) -> History:
    """What was seen in the columns of ``ids``; a road that was not heard lately is a column of NaN."""
    column = {road: index for index, road in enumerate(seen.ids)}
    history = seen.history
    values: Floats = np.full((history.rows, len(ids)), np.nan, np.float32)
    each: Halves = np.full((history.rows, len(ids), history.each.shape[2]), np.nan, np.float16)
    for index, road in enumerate(ids):
        if road in column:
            values[:, index] = history.values[:, column[road]]
            each[:, index] = history.each[:, column[road]]
    return replace(history, values=values, each=each)


def _forecasts(
    forecaster: FittedForecaster, ids: tuple[str, ...], recent: History, issued_at: datetime
) -> list[Forecast]:
    told = forecaster.predict(recent)
    forecasts = []
    for row, horizon in enumerate(HORIZONS):
        for index in np.flatnonzero(told.known[row]).tolist():
            low, middle, high = told.quantiles[row, index].tolist()
            forecasts.append(
                Forecast(ids[index], SPEED.id, issued_at, horizon, low, middle, high, told.model, told.version)
            )
    return forecasts
