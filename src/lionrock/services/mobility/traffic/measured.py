"""What the roads measured: one speed a road and time bucket, from segments and from detectors' lanes.

A detector's speed is the mean of its lanes' good speeds weighted by the vehicles each lane counted,
so that an empty fast lane does not outvote a queue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.city.city import City
from lionrock.core.readings import Aggregates, Latest
from lionrock.core.vocabulary import Property, Quality, microseconds, moment_of
from lionrock.services.mobility.traffic.datasets import LANES, SEGMENT_SPEEDS, SPEED, VOLUME

STEP = timedelta(minutes=5)
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """Mean speeds ``[bucket, road]`` in km/h by the buckets' first moments; NaN where nothing good was measured."""

    ids: tuple[str, ...]
    starts_us: NDArray[np.int64]
    speed_kmh: Floats


def step_before(moment: datetime) -> datetime:
    """The last whole five minutes at or before ``moment``."""
    us = microseconds(moment)
    return moment_of(us - us % (STEP // timedelta(microseconds=1)))


def measured_speeds(
    city: City, start: datetime, end: datetime, bucket: timedelta = STEP, road: str | None = None
) -> Series:
    """Speeds of all roads, or of the one ``road``, in buckets from ``start`` (whole five minutes) until ``end``."""
    segments = city.aggregate(SEGMENT_SPEEDS, SPEED.id, start, end, bucket, None if road is None else (road,))
    lanes = lanes_of(city, road) if road is not None else None
    if lanes == ():
        return Series(segments.sensors, segments.starts_us, segments.mean)
    detectors = _detector_speeds(city, start, end, bucket, lanes)
    if road is not None:
        return detectors
    return Series(
        (*segments.sensors, *detectors.ids),
        segments.starts_us,
        np.concatenate([segments.mean, detectors.speed_kmh], axis=1),
    )


def lanes_of(city: City, detector: str) -> tuple[str, ...]:
    """The lanes of a detector that were ever heard; none for a segment."""
    prefix = f"{detector}/"
    return tuple(lane for lane in city.latest(LANES, SPEED.id).sensors if lane.startswith(prefix))


def _detector_speeds(
    city: City, start: datetime, end: datetime, bucket: timedelta, lanes: Sequence[str] | None
) -> Series:
    speeds = city.aggregate(LANES, SPEED.id, start, end, bucket, lanes)
    volumes = city.aggregate(LANES, VOLUME.id, start, end, bucket, speeds.sensors)
    vehicles = _vehicles(volumes)
    detectors, order, first = lanes_by_detector(speeds.sensors)
    if not detectors:
        return Series((), speeds.starts_us, speeds.mean)
    known = ~np.isnan(speeds.mean)
    weight = np.add.reduceat(np.where(known, vehicles, 0.0)[:, order], first, axis=1)
    total = np.add.reduceat(np.where(known, speeds.mean * vehicles, 0.0)[:, order], first, axis=1)
    with np.errstate(invalid="ignore"):
        return Series(detectors, speeds.starts_us, np.where(weight > 0, total / weight, np.nan))


def _vehicles(volumes: Aggregates) -> Floats:
    """Vehicles that the good periods of each bucket counted."""
    counted: Floats = np.where(volumes.count > 0, volumes.mean * volumes.count, 0.0)
    return counted


def lanes_by_detector(lanes: Sequence[str]) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """The detectors, the order that brings each one's lanes together, and where in it each detector begins."""
    order = np.array(sorted(range(len(lanes)), key=lanes.__getitem__), np.int64)
    owners = [lanes[index].split("/", 1)[0] for index in order.tolist()]
    first = [index for index, owner in enumerate(owners) if index == 0 or owners[index - 1] != owner]
    return tuple(owners[index] for index in first), order, np.array(first, np.int64)


def newest_at_us(city: City) -> dict[str, int]:
    """When each road was last measured well (microseconds since 1970); roads never measured well are left out."""
    return dict(_good(city.latest(SEGMENT_SPEEDS, SPEED.id))) | newest_of_lanes_us(city, SPEED)


def newest_of_lanes_us(city: City, what: Property) -> dict[str, int]:
    """When any lane of each detector last measured ``what`` well; detectors that never did are left out."""
    newest: dict[str, int] = {}
    for lane, at_us in _good(city.latest(LANES, what.id)):
        detector = lane.split("/", 1)[0]
        newest[detector] = max(at_us, newest.get(detector, at_us))
    return newest


def _good(latest: Latest) -> list[tuple[str, int]]:
    known = ~np.isnan(latest.good_value)
    return [
        (sensor, at_us)
        for sensor, at_us, good in zip(latest.sensors, latest.good_at_us.tolist(), known.tolist(), strict=True)
        if good
    ]


def why_unknown(city: City, road: str, start: datetime, buckets: int) -> NDArray[np.int64]:
    """What the flags of ``road``'s readings say together in each five-minute bucket; MISSING where there were none."""
    sensors = [(LANES, lane) for lane in lanes_of(city, road)] or [(SEGMENT_SPEEDS, road)]
    flags = np.zeros(buckets, np.int64)
    step_us = STEP // timedelta(microseconds=1)
    for dataset, sensor in sensors:
        read = city.window(dataset, sensor, SPEED.id, start, start + STEP * buckets)
        bucket = (read.at_us - microseconds(start)) // step_us
        np.bitwise_or.at(flags, bucket, read.quality.astype(np.int64) & ~int(Quality.REPEATED))
    return np.where(flags == 0, int(Quality.MISSING), flags)
