"""On which days the roads were measured: what a reader can look back to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.services.mobility.traffic.datasets import LANES, SEGMENT_SPEEDS

WATCHED = (SEGMENT_SPEEDS, LANES)


@dataclass(frozen=True, slots=True)
class DaysQuery:
    """Every day; nothing to say."""


@dataclass(frozen=True, slots=True)
class Days:
    """Days of Hong Kong's calendar with any measurement, the oldest first.

    ``now`` is the source's own time: real, the twin's, or the moment at which a recording stands.
    """

    source: str
    simulated: bool
    now: datetime
    days: list[date]


def list_days(city: City, _query: DaysQuery, _caller: Caller) -> Days:
    """Answer which days can be looked at."""
    now = city.now()
    moments = [moment for dataset in WATCHED for span in city.spans(dataset) for moment in span if moment <= now]
    measured = {moment.astimezone(ZONE).date() for moment in moments}
    return Days(city.source.value, city.simulated, now, sorted(measured))
