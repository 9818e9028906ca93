"""The traffic forecast: what it sees and at which moments it speaks. The algorithm is ``engines.forecast``."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.manifest import minutes
from lionrock.core.vocabulary import Forecast, NotYet
from lionrock.engines.forecast.history import Floats, History
from lionrock.engines.forecast.series import Seen, SeriesForecast
from lionrock.services.mobility.traffic.beside import holidays_around, known_beside
from lionrock.services.mobility.traffic.datasets import SPEED
from lionrock.services.mobility.traffic.measured import STEP, measured_speeds, step_before

HORIZONS = tuple(minutes(ahead) for ahead in (15, 30, 45, 60, 75, 90))
ROWS_AT_ONCE = timedelta(days=1) // STEP
SPEEDS = SeriesForecast(
    observed=SPEED.id,
    step=STEP,
    horizons=HORIZONS,
    judged_every=minutes(15),  # every third issue says nearly as much as all of them
    seed=852,
    lowest=0.0,  # standstill
)


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


def fit_speeds(packed: bytes) -> bytes:
    """Learn from packed speeds; see :meth:`SeriesForecast.fit`."""
    return SPEEDS.fit(packed)


def predict_speeds(fitted: bytes | None, seen: Seen) -> list[Forecast]:
    """Forecasts of every known road; see :meth:`SeriesForecast.predict`."""
    return SPEEDS.predict(fitted, seen)


def hindcast_speeds(fitted: bytes, packed: bytes, since: datetime) -> Hindcast:
    """What would have been forecast from ``since`` on; see :meth:`SeriesForecast.hindcast`."""
    return SPEEDS.hindcast(fitted, packed, since)


def speeds_measured(city: City, start: datetime, end: datetime) -> Measured:
    """The roads' five-minute speeds in [start, end), as the forecasts mean them."""
    known = measured_speeds(city, start, end)
    return Measured(known.ids, known.starts_us, known.speed_kmh)
