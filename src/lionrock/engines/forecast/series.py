"""Many named series on one grid of time, forecast together: what a service's ``Model`` needs of this engine.

A row is called by its first moment and known when it ends, which is the issue. Fitted models and histories cross
the process boundary as bytes, without pickles.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from zipfile import BadZipFile

import numpy as np

from lionrock.core.hindsight import Hindcast
from lionrock.core.vocabulary import BadInput, Forecast, NotYet, microseconds
from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY
from lionrock.engines.forecast.features import LOOKS_BACK
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster, fit
from lionrock.engines.forecast.history import Floats, Halves, History, Ints
from lionrock.engines.forecast.intervals import REMEMBERS, stretched
from lionrock.engines.forecast.stored import pack, unpack

BASELINES = (LAST_VALUE, USUAL_DAY)
ORIGINS_AT_ONCE = 12  # bounds the memory; changes no result
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What was measured: ``history.values[:, i]`` is ``ids[i]``; the issue is the end of the last row."""

    ids: tuple[str, ...]
    history: History

    @property
    def issued_at(self) -> datetime:
        """When the last row was complete."""
        return self.history.start + self.history.step * self.history.rows

    def in_order(self, ids: Sequence[str]) -> History:
        """The history in the columns of ``ids``; a series that was not heard lately is a column of NaN."""
        column = {name: index for index, name in enumerate(self.ids)}
        history = self.history
        values: Floats = np.full((history.rows, len(ids)), np.nan, np.float32)
        each: Halves = np.full((history.rows, len(ids), history.each.shape[2]), np.nan, np.float16)
        for index, name in enumerate(ids):
            if name in column:
                values[:, index] = history.values[:, column[name]]
                each[:, index] = history.each[:, column[name]]
        return replace(history, values=values, each=each)


def pack_seen(seen: Seen) -> bytes:
    """What was seen as bytes for the worker process."""
    history, stream = seen.history, io.BytesIO()
    np.savez_compressed(
        stream,
        ids=np.array(seen.ids),
        values=history.values,
        also=history.also,
        each=history.each,
        start=np.array(history.start.isoformat()),
        step_s=np.array(history.step_s),
        zone_s=np.array(int(history.zone.total_seconds())),
        holidays=np.array([day.isoformat() for day in sorted(history.holidays)], np.str_),
    )
    return stream.getvalue()


def unpack_seen(packed: bytes) -> Seen:
    """What :func:`pack_seen` packed."""
    with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
        history = History(
            values=stored["values"],
            start=datetime.fromisoformat(str(stored["start"])),
            step=timedelta(seconds=int(stored["step_s"])),
            zone=timedelta(seconds=int(stored["zone_s"])),
            holidays=frozenset(date.fromisoformat(day) for day in stored["holidays"].tolist()),
            also=stored["also"],
            each=stored["each"],
        )
        return Seen(tuple(stored["ids"].tolist()), history)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesForecast:
    """How one property of many sensors, ``observed``, is forecast: in rows of ``step``, ``horizons`` after the issue.

    ``lowest`` is what no value can fall below; ``judged_every`` the time between the issues of a hindcast.
    """

    observed: str
    step: timedelta
    horizons: tuple[timedelta, ...]
    judged_every: timedelta
    seed: int
    lowest: float | None = None

    @property
    def recent(self) -> timedelta:
        """How much of the past a forecast looks at."""
        return LOOKS_BACK + REMEMBERS + 2 * self.step

    def fit(self, packed: bytes) -> bytes:
        """Learn from :func:`pack_seen`'s bytes; returns the fitted forecaster with the series that it knows."""
        seen, stream = unpack_seen(packed), io.BytesIO()
        forecaster = self._fitted(seen.history)
        np.savez(stream, ids=np.array(seen.ids), forecaster=np.frombuffer(pack(forecaster), np.uint8))
        return stream.getvalue()

    def predict(self, fitted: bytes | None, seen: Seen) -> list[Forecast]:
        """Forecasts of every known series at every horizon; without ``fitted`` from the recent hours alone.

        Series that came after the last training are left out until the next one; so is whatever nothing
        can be said about.
        """
        if fitted is None:
            ids, history, forecaster = seen.ids, seen.history, self._fitted(seen.history)
        else:
            ids, forecaster = unpack_fitted(fitted)
            history = seen.in_order(ids)
        told, forecasts = forecaster.predict(history), []
        for row, horizon in enumerate(self.horizons):
            for index in np.flatnonzero(told.known[row]).tolist():
                low, middle, high = told.quantiles[row, index].tolist()
                named = (ids[index], self.observed, seen.issued_at, horizon)
                forecasts.append(Forecast(*named, low, middle, high, told.model, told.version))
        return forecasts

    def hindcast(self, fitted: bytes, packed: bytes, since: datetime) -> Hindcast:
        """What ``fitted`` would have forecast every ``judged_every`` from ``since`` on, on a packed history.

        Raises BadInput where ``fitted`` was made by another version of the code, and NotYet where nothing lies
        after ``since``.
        """
        ids, forecaster = unpack_fitted(fitted)
        history = unpack_seen(packed).in_order(ids)
        first = max(-((history.start - since) // self.step) - 1, 0)
        rows = np.arange(first, history.rows - 1, self.judged_every // self.step)
        parts = [
            self._told(forecaster, history, rows[at : at + ORIGINS_AT_ONCE])
            for at in range(0, len(rows), ORIGINS_AT_ONCE)
        ]
        if not parts:
            raise NotYet(f"no issue since {since.isoformat()} could be scored")
        quantiles, truth, *naive = (np.concatenate(each) for each in zip(*parts, strict=True))
        return Hindcast(
            sensors=ids,
            issued_us=microseconds(history.start) + (rows + 1) * (self.step // MICROSECOND),
            horizons_us=np.array([horizon // MICROSECOND for horizon in self.horizons]),
            quantiles=quantiles,
            truth=truth,
            baselines=dict(zip(BASELINES, naive, strict=True)),
        )

    def _fitted(self, history: History) -> FittedForecaster:
        steps = [horizon // self.step + 1 for horizon in self.horizons]
        return fit(history, steps, seed=self.seed, lowest=self.lowest)

    def _told(self, forecaster: FittedForecaster, history: History, rows: Ints) -> tuple[Floats, ...]:
        """Quantiles ``[O, N, H, 3]``, truth and baselines' points ``[O, N, H]`` of issues at the end of ``rows``."""
        begin = max(0, int(rows[0]) - history.steps(LOOKS_BACK) - 1)
        window = history.before(int(rows[-1]) + 1 + int(forecaster.rivals.horizons.max())).after(begin)
        origins = np.repeat(rows - begin, history.series)
        series = np.tile(np.arange(history.series), len(rows))
        look = forecaster.rivals.look(window, origins, series)
        told = forecaster.quantiles(look, (BLEND, *BASELINES))
        cells = (len(rows), history.series, len(self.horizons))
        stretch = np.stack([forecaster.stretch(history.before(row + 1), BLEND) for row in rows.tolist()])
        published = forecaster.bounded(stretched(told[BLEND].reshape(*cells, 3), stretch[:, None]))
        naive = (told[name][..., 1].reshape(cells) for name in BASELINES)
        return published, look.truth.reshape(cells), *naive


@lru_cache(maxsize=2)  # unpacking takes longer than forecasting; more would keep versions that stand no more
def unpack_fitted(fitted: bytes) -> tuple[tuple[str, ...], FittedForecaster]:
    """The series and the forecaster of a fit; raises BadInput for bytes of another version of the code."""
    try:
        with np.load(io.BytesIO(fitted), allow_pickle=False) as stored:
            ids, forecaster = tuple(stored["ids"].tolist()), stored["forecaster"].tobytes()
    except (ValueError, KeyError, OSError, EOFError, BadZipFile) as problem:
        raise BadInput("these bytes hold no forecast of series", where="unpack_fitted") from problem
    return ids, unpack(forecaster)
