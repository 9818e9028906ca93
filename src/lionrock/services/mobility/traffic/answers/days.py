"""On which days the roads were measured: what a reader can look back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import moment_of
from lionrock.services.mobility.traffic.datasets import LANES, SEGMENT_SPEEDS, SPEED, VOLUME
from lionrock.services.mobility.traffic.roads import RECORDED_SINCE, SAMPLED

DAY = timedelta(days=1)
WATCHED = ((SEGMENT_SPEEDS, SPEED), (LANES, SPEED), (LANES, VOLUME))


@dataclass(frozen=True, slots=True)
class DaysQuery:
    """Every day; nothing to say."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of Hong Kong's calendar with any measurement of the last ten years, the oldest first.

    ``now`` is the source's own time: real, the twin's, or the moment at which a recording stands.
    """

    source: str
    simulated: bool
    now: datetime
    days: list[date]


def list_days(city: City, _query: DaysQuery, _caller: Caller) -> Days:
    """Answer which days can be looked at; asks a sample of the sensors, so that a rare one may hide a day."""
    now = city.now()
    tomorrow = now.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    measured: set[date] = set()
    for dataset, what in WATCHED:
        sensors = city.latest(dataset, what.id).sensors
        sample = sensors[:: max(1, len(sensors) // SAMPLED)]
        if sample:
            counted = city.aggregate(dataset, what.id, tomorrow - RECORDED_SINCE, tomorrow, DAY, sample)
            heard = np.flatnonzero((counted.count > 0).any(axis=1))
            measured |= {moment_of(us).astimezone(ZONE).date() for us in counted.starts_us[heard].tolist()}
    return Days(city.source.value, city.simulated, now, sorted(measured))
