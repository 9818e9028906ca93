"""What the forecast knows beside the speeds: the rain that the nowcast expected at each moment, and the holidays."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.holidays import HOLIDAYS_ID, list_holidays
from lionrock.city.rain import AHEAD_MIN, CITY_MEAN, FRESH_FOR, NOWCAST_ID
from lionrock.engines.forecast.history import Floats, last_known
from lionrock.services.mobility.traffic.measured import STEP

READS = (NOWCAST_ID, HOLIDAYS_ID)


def rain_expected(city: City, start: datetime, rows: int) -> Floats:
    """The city's mean rain of the next four half hours as the newest nowcast said, ``[rows, half hour]``.

    The logarithm of one more than the mm, so that a downpour is a few units; NaN where no nowcast was fresh.
    """
    dataset, end = city.dataset(NOWCAST_ID), start + STEP * rows
    expected: Floats = np.full((rows, len(AHEAD_MIN)), np.nan, np.float32)
    for column, ahead in enumerate(AHEAD_MIN):
        told = city.aggregate(dataset, f"rain_{ahead}min_mm", start, end, STEP, (CITY_MEAN,))
        if CITY_MEAN in told.sensors:
            expected[:, column] = np.log1p(told.mean[:, told.sensors.index(CITY_MEAN)])
    return last_known(expected, FRESH_FOR // STEP)[0]


def holidays_around(city: City, start: datetime, end: datetime) -> frozenset[date]:
    """The announced holidays from the day before ``start`` to the day after ``end``."""
    first, last = (start - timedelta(days=1)).date(), (end + timedelta(days=1)).date()
    return frozenset(day for day in list_holidays(city) if first <= day <= last)
