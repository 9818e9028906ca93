"""What a fitted traffic forecast would have said in the past, and what was measured: by these it is judged."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.manifest import minutes
from lionrock.core.vocabulary import NotYet, microseconds
from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY
from lionrock.engines.forecast.features import LOOKS_BACK
from lionrock.engines.forecast.forecaster import BLEND, FittedForecaster
from lionrock.engines.forecast.history import Floats, History, Ints
from lionrock.engines.forecast.intervals import stretched
from lionrock.services.mobility.traffic.measured import STEP, measured_speeds
from lionrock.services.mobility.traffic.model import HORIZONS, in_order, unpack_seen, unpack_speeds

ISSUE_EVERY = minutes(15)  # every third issue says nearly as much as all of them
ORIGINS_AT_ONCE = 12  # bounds the memory; changes no result
MICROSECOND = timedelta(microseconds=1)
BASELINES = (LAST_VALUE, USUAL_DAY)


def hindcast_speeds(fitted: bytes, packed: bytes, since: datetime) -> Hindcast:
    """What ``fitted`` would have forecast every quarter of an hour from ``since`` on, on a history packed as for a fit.

    Raises BadInput where ``fitted`` was made by another version of the code, and NotYet where nothing lies after
    ``since``.
    """
    ids, forecaster = unpack_speeds(fitted)
    history = in_order(unpack_seen(packed), ids)
    first = max(-((history.start - since) // STEP) - 1, 0)
    rows = np.arange(first, history.rows - 1, ISSUE_EVERY // STEP)
    parts = [_told(forecaster, history, rows[at : at + ORIGINS_AT_ONCE]) for at in range(0, len(rows), ORIGINS_AT_ONCE)]
    if not parts:
        raise NotYet(f"no issue since {since.isoformat()} could be scored")
    quantiles, truth, *naive = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Hindcast(
        sensors=ids,
        issued_us=microseconds(history.start) + (rows + 1) * (STEP // MICROSECOND),
        horizons_us=np.array([horizon // MICROSECOND for horizon in HORIZONS]),
        quantiles=quantiles,
        truth=truth,
        baselines=dict(zip(BASELINES, naive, strict=True)),
    )


def _told(forecaster: FittedForecaster, history: History, rows: Ints) -> tuple[Floats, ...]:
    """Quantiles ``[O, N, H, 3]``, truth and the baselines' points ``[O, N, H]`` of issues at the end of ``rows``."""
    begin = max(0, int(rows[0]) - history.steps(LOOKS_BACK) - 1)
    window = history.before(int(rows[-1]) + 1 + int(forecaster.rivals.horizons.max())).after(begin)
    origins = np.repeat(rows - begin, history.series)
    series = np.tile(np.arange(history.series), len(rows))
    look = forecaster.rivals.look(window, origins, series)
    told = forecaster.quantiles(look, (BLEND, *BASELINES))
    cells = (len(rows), history.series, len(HORIZONS))
    stretch = np.stack([forecaster.stretch(history.before(row + 1), BLEND) for row in rows.tolist()])
    published = forecaster.bounded(stretched(told[BLEND].reshape(*cells, 3), stretch[:, None]))
    naive = (told[name][..., 1].reshape(cells) for name in BASELINES)
    return published, look.truth.reshape(cells), *naive


def speeds_measured(city: City, start: datetime, end: datetime) -> Measured:
    """The roads' five-minute speeds in [start, end), as the forecasts mean them."""
    known = measured_speeds(city, start, end)
    return Measured(known.ids, known.starts_us, known.speed_kmh)
