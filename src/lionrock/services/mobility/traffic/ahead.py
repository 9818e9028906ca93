"""The newest forecast of the roads' speeds, as the answers need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.core.vocabulary import microseconds, moment_of
from lionrock.services.mobility.traffic.datasets import SPEED, SPEEDS_AHEAD

Floats = NDArray[np.float64]
GOOD_FOR = timedelta(minutes=30)  # an older issue speaks of moments that have passed


@dataclass(frozen=True, slots=True, eq=False)
class Issue:
    """One horizon of the newest issue: quantiles in km/h parallel to ``ids``; no ``issued_at`` without an issue."""

    issued_at: datetime | None
    ids: tuple[str, ...]
    low: Floats
    middle: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class RoadAhead:
    """One road's newest forecast: (moment, low, middle, high) by horizon, and who said so."""

    points: list[tuple[datetime, float, float, float]]
    model: str | None
    version: str | None


def newest_forecast(city: City, horizon: timedelta) -> Issue:
    """The newest issue's forecast at ``horizon``; roads that only older issues spoke of are left out.

    An issue that is older than GOOD_FOR says when it was issued and nothing else.
    """
    known = city.latest_forecasts(SPEEDS_AHEAD, SPEED.id)
    if not len(known):
        nothing = np.empty(0)
        return Issue(None, (), nothing, nothing, nothing)
    issued_us = int(known.issued_at_us.max())
    fresh = city.now() - moment_of(issued_us) <= GOOD_FOR
    rows = fresh & (known.issued_at_us == issued_us) & (known.horizon_us == horizon // timedelta(microseconds=1))
    ids = tuple(known.sensors[index] for index in known.sensor[rows].tolist())
    return Issue(moment_of(issued_us), ids, known.low[rows], known.middle[rows], known.high[rows])


def forecast_of(city: City, road: str) -> RoadAhead:
    """The newest forecast of one road, nearest horizon first; empty where there is none younger than GOOD_FOR."""
    known = city.latest_forecasts(SPEEDS_AHEAD, SPEED.id)
    if road not in known.sensors:
        return RoadAhead([], None, None)
    fresh = known.issued_at_us >= microseconds(city.now() - GOOD_FOR)
    rows = np.flatnonzero(fresh & (known.sensor == known.sensors.index(road)))
    if not len(rows):
        return RoadAhead([], None, None)
    rows = rows[np.argsort(known.horizon_us[rows])]
    model, version = known.models[int(known.model[rows[0]])]
    moments = (known.issued_at_us[rows] + known.horizon_us[rows]).tolist()
    quantiles = (np.round(column[rows], 1).tolist() for column in (known.low, known.middle, known.high))
    points = [(moment_of(us), *three) for us, *three in zip(moments, *quantiles, strict=True)]
    return RoadAhead(points, model, version)
