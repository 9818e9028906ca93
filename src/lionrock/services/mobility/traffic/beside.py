"""What the forecast knows beside the speeds: rain that is expected over each road, warnings in force, holidays.

What did not earn its place (the last hourly report of rain, lanes that the news calls closed, buses as probes)
is told in docs/models/traffic.md; ``lionrock evaluate traffic --data twin`` says what each is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.holidays import HOLIDAYS_ID, list_holidays
from lionrock.city.rain import NOWCAST_ID, Point, rain_foreseen
from lionrock.city.warnings import WARNINGS_ID, warning_levels
from lionrock.engines.forecast.history import Floats, Halves
from lionrock.services.mobility.traffic.measured import STEP
from lionrock.services.mobility.traffic.roads import list_roads, middle_of

READS = (NOWCAST_ID, WARNINGS_ID, HOLIDAYS_ID)


def known_beside(city: City, ids: Sequence[str], start: datetime, rows: int) -> tuple[Floats, Halves]:
    """What was known at each row's end: of all roads ``[rows, 2]``, and of each ``[rows, road, half hour]``.

    The ranks of the warnings in force, and the rain that the newest nowcast expected over the road in the next
    four half hours, as the logarithm of one more than the mm, so that a downpour is a few units. NaN where no
    nowcast was fresh: then nobody listened for warnings either.
    """
    places = {road.id: middle_of(road) for road in list_roads(city)}
    rain = rain_foreseen(city, [_point(places.get(road)) for road in ids], start, rows, STEP)
    np.log1p(rain, out=rain)
    levels = warning_levels(city, start, rows, STEP)
    if len(ids):
        levels[np.isnan(rain[:, 0, 0])] = np.nan
    return levels, rain


def _point(place: tuple[float, float] | tuple[None, None] | None) -> Point | None:
    return None if place is None or place[0] is None else place


def holidays_around(city: City, start: datetime, end: datetime) -> frozenset[date]:
    """The announced holidays from the day before ``start`` to the day after ``end``."""
    first, last = (start - timedelta(days=1)).date(), (end + timedelta(days=1)).date()
    return frozenset(day for day in list_holidays(city) if first <= day <= last)
