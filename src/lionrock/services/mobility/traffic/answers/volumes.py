"""How many vehicles the city's detectors count, hour by hour: the city filling and emptying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import numpy as np
from msgspec import Meta

from lionrock.city.city import City
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, NotFound, moment_of
from lionrock.services.mobility.traffic.datasets import LANES, VOLUME
from lionrock.services.mobility.traffic.measured import lanes_of, step_before

HOUR = timedelta(hours=1)
PAST = timedelta(hours=24)
PERIODS = 120  # of 30 seconds, in an hour


@dataclass(frozen=True, slots=True)
class VolumesQuery:
    """The 24 hours before now, or before a past moment ``at``; of the whole city, or of one ``detector``."""

    at: Annotated[datetime, Meta(tz=True)] | None = None
    detector: Annotated[str, Meta(max_length=80)] | None = None


@dataclass(frozen=True, slots=True)
class HourVolume:
    """Vehicles that all lanes counted, None where none was heard; a period that a lane missed counts as its mean."""

    begins: datetime
    vehicles: int | None
    lanes: int


@dataclass(frozen=True, slots=True)
class Volumes:
    """Hour by hour, the oldest first. A vehicle that passes several detectors counts at each."""

    source: str
    simulated: bool
    hours: list[HourVolume]


def list_volumes(city: City, query: VolumesQuery, _caller: Caller) -> Volumes:
    """Answer how many vehicles were counted.

    Raises BadInput for a moment that has not been, NotFound for a detector.
    """
    now = city.now()
    if query.at is not None and query.at > now:
        raise BadInput(f"{query.at.isoformat()} is in the future", where="at", remedy="leave it out for now")
    lanes = None if query.detector is None else lanes_of(city, query.detector)
    if lanes == ():
        raise NotFound(f"no detector is called {query.detector!r}")
    end = step_before(query.at or now)
    counted = city.aggregate(LANES, VOLUME.id, end - PAST, end, HOUR, lanes)
    heard = counted.count > 0
    vehicles = np.where(heard, counted.mean, 0.0).sum(axis=1) * PERIODS
    return Volumes(
        source=city.source.value,
        simulated=city.simulated,
        hours=[
            HourVolume(moment_of(start), round(total) if lanes_heard else None, lanes_heard)
            for start, total, lanes_heard in zip(
                counted.starts_us.tolist(), vehicles.tolist(), heard.sum(axis=1).tolist(), strict=True
            )
        ],
    )
