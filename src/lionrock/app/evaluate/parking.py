"""``lionrock evaluate parking``: the forecast of vacant spaces, scored on four simulated weeks.

No public recording of car parks over time is known to us, so the truth is the twin's: a pattern for each kind of
car park, a mood for each day and half-hours' chance. What it proves is that the forecast learns such patterns and
is calibrated on them, not how regular real car parks are.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from lionrock.app.evaluate.recordings import Recording
from lionrock.app.evaluate.traffic import Progress, evaluate_recording
from lionrock.engines.forecast.history import History
from lionrock.services.mobility.parking.model import STEP
from lionrock.twin.calendar import HOLIDAYS, HONG_KONG, midnight
from lionrock.twin.carparks import CAR_PARKS, vacant_spaces

NAME = "twin-parking"
TWIN_SEED, FIRST_DAY, DAYS = 1, date(2026, 10, 5), 28  # a Monday
CARS = "P"
BANDS = (10.0, 50.0, 100.0, 250.0)


def evaluate_parking(progress: Progress | None = None) -> dict[str, Any]:
    """Every model's errors at each horizon, as :func:`evaluate_recording` tells them."""
    tell = progress or (lambda _what, _share: None)
    tell("count four simulated weeks", 0.0)
    return evaluate_recording(car_parks_of_twin(), tell)


def car_parks_of_twin(days: int = DAYS) -> Recording:
    """Vacant spaces for cars in every car park that counts, at the end of each quarter of an hour."""
    begin = midnight(FIRST_DAY)
    moments = [begin + STEP * row for row in range(days * (timedelta(days=1) // STEP))]
    parks = [park for park in CAR_PARKS if not park.flagged]
    values = np.array([[vacant_spaces(TWIN_SEED, park, CARS, moment) for park in parks] for moment in moments])
    offset = begin.astimezone(HONG_KONG).utcoffset() or timedelta(0)
    history = History(
        values=values.astype(np.float32), start=begin, step=STEP, zone=offset, holidays=frozenset(HOLIDAYS)
    )
    return Recording(name=NAME, history=history, unit="spaces", kmh=None, bands=BANDS)
