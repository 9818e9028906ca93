"""What the roads' sensors say now, and what is forecast of them: segments first, a detector where no segment speaks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np

from lionrock.city.city import City
from lionrock.commons.spatial.roads import Floats, Roads
from lionrock.core.vocabulary import microseconds, moment_of
from lionrock.services.mobility.journeys.reads import LANES, SEGMENT_SPEEDS, SPEED_KMH, SPEEDS_AHEAD, VOLUME

FRESH_FOR = timedelta(minutes=15)  # an older speed is not the speed of now
FORECAST_GOOD_FOR = timedelta(minutes=30)  # an older issue speaks mostly of moments that have passed
S_PER_US = 1e-6


class Measured(NamedTuple):
    """A measured speed in km/h, and when that was (s since 1970)."""

    kmh: float
    at_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Sensed:
    """By ROUTE_ID: what was ``measured``, and ``ahead`` as rows of moments (s since 1970), low, middle and high km/h.

    ``at`` is the newest measurement that was used, None where none is fresh; ``issued_at`` the newest
    forecast of any age; ``last_heard`` the newest measurement of any age.
    """

    measured: dict[str, Measured]
    ahead: dict[str, Floats]
    at: datetime | None
    last_heard: datetime | None
    issued_at: datetime | None


def sense(city: City, roads: Roads, detector_of: dict[str, str], now: datetime) -> Sensed:
    """Gather what is fresh at ``now``; ``detector_of`` names the detector that stands on each road."""
    since_us, now_us = microseconds(now - FRESH_FOR), microseconds(now)
    segments = city.latest(city.dataset(SEGMENT_SPEEDS), SPEED_KMH)
    heard_us = [int(segments.good_at_us.max())] if len(segments.sensors) else []
    fresh = (segments.good_at_us >= since_us) & (segments.good_at_us <= now_us) & ~np.isnan(segments.good_value)
    measured = {
        segments.sensors[index]: Measured(float(segments.good_value[index]), int(segments.good_at_us[index]) * S_PER_US)
        for index in np.flatnonzero(fresh).tolist()
    }
    used_us = [int(segments.good_at_us[fresh].max())] if fresh.any() else []
    ahead, issued_at = _forecasts(city, now)
    silent = {link.road for link in roads.links} - measured.keys()
    if silent & detector_of.keys():
        counted, newest_us = _detectors(city, since_us, now_us)
        measured |= {road: counted[of] for road in silent if (of := detector_of.get(road)) in counted}
        heard_us += newest_us
    for road, detector in detector_of.items():
        if road not in ahead and detector in ahead:
            ahead[road] = ahead[detector]
    known_us = [us for us in heard_us if us > 0]
    return Sensed(
        measured,
        ahead,
        moment_of(max(used_us)) if used_us else None,
        moment_of(max(known_us)) if known_us else None,
        issued_at,
    )


def _forecasts(city: City, now: datetime) -> tuple[dict[str, Floats], datetime | None]:
    """Every road's and detector's newest forecast, where it is fresh; and when the newest of all was issued."""
    known = city.latest_forecasts(city.dataset(SPEEDS_AHEAD), SPEED_KMH)
    if not len(known):
        return {}, None
    good = (known.issued_at_us >= microseconds(now - FORECAST_GOOD_FOR)) & (known.issued_at_us <= microseconds(now))
    rows = np.flatnonzero(good)  # one issued later than now was made before the clock was set back
    rows = rows[np.lexsort((known.horizon_us[rows], known.sensor[rows]))]
    moments_s = (known.issued_at_us[rows] + known.horizon_us[rows]) * S_PER_US
    table = np.vstack([moments_s, known.low[rows], known.middle[rows], known.high[rows]])
    sensors, first = np.unique(known.sensor[rows], return_index=True)
    parts = np.split(table, first[1:], axis=1) if len(rows) else []
    found = {known.sensors[sensor]: part for sensor, part in zip(sensors.tolist(), parts, strict=True)}
    past = known.issued_at_us[known.issued_at_us <= microseconds(now)]
    return found, moment_of(int(past.max())) if len(past) else None


def _detectors(city: City, since_us: int, now_us: int) -> tuple[dict[str, Measured], list[int]]:
    """Each detector's speed, the mean of its lanes weighted by what they counted; and the newest moment heard."""
    dataset = city.dataset(LANES)
    speeds, volumes = city.latest(dataset, SPEED_KMH), city.latest(dataset, VOLUME)
    counted = dict(zip(volumes.sensors, volumes.good_value.tolist(), strict=True))
    total: dict[str, tuple[float, float, int]] = {}
    fresh = (speeds.good_at_us >= since_us) & (speeds.good_at_us <= now_us) & ~np.isnan(speeds.good_value)
    for index in np.flatnonzero(fresh).tolist():
        vehicles = counted.get(speeds.sensors[index])
        if vehicles is None or not vehicles > 0:
            continue
        detector = speeds.sensors[index].split("/", 1)[0]
        weight, summed, newest_us = total.get(detector, (0.0, 0.0, 0))
        at_us = max(newest_us, int(speeds.good_at_us[index]))
        total[detector] = (weight + vehicles, summed + vehicles * float(speeds.good_value[index]), at_us)
    newest = [int(speeds.good_at_us.max())] if len(speeds.sensors) else []
    means = {of: Measured(summed / weight, at_us * S_PER_US) for of, (weight, summed, at_us) in total.items()}
    return means, newest
