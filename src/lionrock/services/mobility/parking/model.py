"""The forecast of vacant spaces: what it sees and at which moments it speaks. The algorithm is ``engines.forecast``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.holidays import list_holidays
from lionrock.city.place import ZONE
from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.manifest import minutes
from lionrock.core.vocabulary import Forecast, NotYet, microseconds, moment_of
from lionrock.engines.forecast.history import History
from lionrock.engines.forecast.series import Seen, SeriesForecast
from lionrock.services.mobility.parking.datasets import VACANCY, VACANCY_AHEAD, VACANT_SPACES

STEP = minutes(15)
GOOD_FOR = minutes(45)  # an older issue speaks mostly of moments that have passed
HORIZONS = tuple(minutes(ahead) for ahead in (15, 30, 45, 60, 75, 90))
VACANCIES = SeriesForecast(
    observed=VACANT_SPACES.id, step=STEP, horizons=HORIZONS, judged_every=minutes(30), seed=852, lowest=0.0
)


def gather_vacancy(city: City, now: datetime, span: timedelta) -> Seen:
    """The vacant spaces of every car park by quarter of an hour; raises NotYet while none has counted them."""
    us = microseconds(now)
    end = moment_of(us - us % (STEP // timedelta(microseconds=1)))
    counted = vacancy_measured(city, end - span // STEP * STEP, end)
    known = np.isfinite(counted.values).any(axis=1)
    if not known.any():
        raise NotYet(f"no car park has counted its vacant spaces in the {span} before {end.isoformat()}")
    history = History(
        values=counted.values.astype(np.float32),
        start=moment_of(int(counted.starts_us[0])),
        step=STEP,
        zone=end.astimezone(ZONE).utcoffset() or timedelta(0),
        holidays=list_holidays(city),
    )
    return Seen(counted.sensors, history.after(int(known.argmax())))


def fit_vacancy(packed: bytes) -> bytes:
    """Learn from packed vacancies; see :meth:`SeriesForecast.fit`."""
    return VACANCIES.fit(packed)


def predict_vacancy(fitted: bytes | None, seen: Seen) -> list[Forecast]:
    """Vacant spaces ahead, by ``park/type/category``; see :meth:`SeriesForecast.predict`."""
    return VACANCIES.predict(fitted, seen)


def hindcast_vacancy(fitted: bytes, packed: bytes, since: datetime) -> Hindcast:
    """What would have been forecast from ``since`` on; see :meth:`SeriesForecast.hindcast`."""
    return VACANCIES.hindcast(fitted, packed, since)


def vacancy_measured(city: City, start: datetime, end: datetime) -> Measured:
    """Vacant spaces in [start, end), the mean of each quarter of an hour; closed and unknowing car parks are NaN."""
    counted = city.aggregate(VACANCY, VACANT_SPACES.id, start, end, STEP)
    return Measured(counted.sensors, counted.starts_us, counted.mean)


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected at ``at``: the 10%, 50% and 90% quantiles of vacant spaces, and who says so since when."""

    at: datetime
    low: float
    middle: float
    high: float
    issued_at: datetime
    model: str
    version: str


def list_expected(city: City) -> dict[str, list[Expected]]:
    """The newest issue of every ``park/type/category``, the nearest moment first; none older than GOOD_FOR."""
    expected: dict[str, list[Expected]] = {}
    oldest = city.now() - GOOD_FOR
    for one in city.latest_forecasts(VACANCY_AHEAD, VACANT_SPACES.id).forecasts():
        if one.issued_at >= oldest:
            low, middle, high = (round(spaces, 1) for spaces in (one.low, one.middle, one.high))
            said = Expected(one.issued_at + one.horizon, low, middle, high, one.issued_at, one.model, one.version)
            expected.setdefault(one.sensor, []).append(said)
    return expected
