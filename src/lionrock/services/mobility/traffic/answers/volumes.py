"""How many vehicles the city's detectors count, hour by hour: the city filling and emptying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

import numpy as np
from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.moments import PastMoment, past_moment
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import NotFound, Text, moment_of
from lionrock.services.mobility.traffic.datasets import LANES, VOLUME
from lionrock.services.mobility.traffic.measured import STEP, lanes_by_detector, lanes_of, step_before

HOUR = timedelta(hours=1)
PAST = timedelta(hours=24)
PERIODS = 120  # of 30 seconds, in an hour


@dataclass(frozen=True, slots=True)
class VolumesQuery:
    """The 24 hours before now, or before a past moment ``at``; of the whole city, or of one ``detector``.

    With ``each`` also what every detector counts at that moment.
    """

    at: PastMoment | None = None
    detector: Annotated[str, Meta(max_length=80)] | None = None
    each: Annotated[bool, Meta(description="Answer the hour of the moment detector by detector, too.")] = False


@dataclass(frozen=True, slots=True)
class EachQuery:
    """What every detector counts now, or ``at`` a past moment."""

    at: PastMoment | None = None


@dataclass(frozen=True, slots=True)
class HourVolume:
    """Vehicles that all lanes counted, None where none was heard; a period that a lane missed counts as its mean."""

    begins: datetime
    vehicles: int | None
    lanes: int


@dataclass(frozen=True, slots=True)
class DetectorVolumes:
    """How many vehicles an hour each detector counts, all its lanes together, in the 60 minutes up to ``at``.

    An hourly recording's value is that of its hour in which ``at`` lies. ``vehicles`` is their sum. None
    where no lane was heard, which is no zero.
    """

    at: datetime
    vehicles: int | None
    ids: list[str]
    vehicles_per_h: list[int | None]


@dataclass(frozen=True, slots=True)
class Volumes:
    """Hour by hour, the oldest first. A vehicle that passes several detectors counts at each.

    ``detectors`` is None unless the question asked for ``each``.
    """

    source: str
    simulated: bool
    hours: list[HourVolume]
    detectors: DetectorVolumes | None


def list_volumes(city: City, query: VolumesQuery, _caller: Caller) -> Volumes:
    """Answer how many vehicles were counted.

    Raises BadInput for a moment that has not been, NotFound for a detector.
    """
    at = city.now() if query.at is None else past_moment(city, query.at)
    lanes = None if query.detector is None else lanes_of(city, query.detector)
    if lanes == ():
        raise NotFound(Text(en=f"no detector is called {query.detector!r}", tc=f"沒有編號為 {query.detector} 的探測器"))
    end = step_before(at)
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
        detectors=count_each(city, end, lanes) if query.each else None,
    )


def count_each(city: City, at: datetime, lanes: tuple[str, ...] | None = None) -> DetectorVolumes:
    """What each detector counts in the hour up to the end of the five minutes that begin ``at``."""
    end = at + STEP
    counted = city.aggregate(LANES, VOLUME.id, end - HOUR, end, HOUR, lanes)
    ids, order, first = lanes_by_detector(counted.sensors)
    if not ids:
        return DetectorVolumes(at, None, [], [])
    heard = counted.count[0] > 0
    vehicles = np.add.reduceat(np.where(heard, counted.mean[0], 0.0)[order], first) * PERIODS
    known = np.add.reduceat(heard.astype(np.int64)[order], first) > 0
    return DetectorVolumes(
        at=at,
        vehicles=round(float(vehicles[known].sum())) if known.any() else None,
        ids=list(ids),
        vehicles_per_h=[round(one) if there else None for one, there in zip(vehicles, known, strict=True)],
    )
