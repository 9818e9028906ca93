"""What the detectors make of the traffic: counts and speeds lane by lane, with the real ones' faults.

Rates of the faults are those seen in the real recordings of 2024 and 2025.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from lionrock.twin.calendar import midnight
from lionrock.twin.chance import stream_for
from lionrock.twin.detectors import Detector, list_detectors
from lionrock.twin.incidents import Incident
from lionrock.twin.network import list_links

Floats = NDArray[np.float64]

SHARES = {
    1: (1.0,),
    2: (0.54, 0.46),
    3: (0.37, 0.36, 0.27),
    4: (0.28, 0.28, 0.25, 0.19),
    6: (0.2, 0.19, 0.18, 0.16, 0.15, 0.12),
}
PACES = {
    1: (1.0,),
    2: (1.06, 0.93),
    3: (1.08, 1.0, 0.9),
    4: (1.09, 1.03, 0.97, 0.88),
    6: (1.1, 1.06, 1.02, 0.97, 0.92, 0.86),
}
VEHICLE_M = 6.2  # a vehicle's mean length with the loop's own
QUEUE_PACE = 0.28  # of free flow: the speed at which a queue moves up
MOST_A_LANE = 30
SHORTEST_QUEUE = 0.02  # of the link
MERGES_M, SPREADS_M = 600.0, 400.0  # a closed lane is empty from so far before the incident until so far behind it
STANDING_KMH, FREE_KMH, FAST_ROAD_KMH = 12, 80, 100
OFFLINE_DETECTORS = 0.04  # share of detectors that are marked invalid for some hours of a day
UNKNOWN_OCCUPANCY = 2e-5
STUCK_AT_ZERO = 1.4e-3  # of readings with vehicles: the speed says 0
ABSURD_SPEED = 2e-5  # to 300 km/h
RACING = 0.012  # of fast-lane readings on roads of 100 km/h and more: 131 to 140 km/h


@dataclass(frozen=True, slots=True)
class LaneDay:
    """Arrays (periods, lanes) that :func:`measure_lanes` fills, in ``DayTruth``'s units; ``valid`` is by detector."""

    volume: NDArray[np.uint8]
    speed: NDArray[np.uint16]
    occupancy: NDArray[np.int8]
    deviation: NDArray[np.uint8]
    valid: NDArray[np.bool_]

    @staticmethod
    def empty(periods: int, lanes: int, detectors: int) -> LaneDay:
        """Arrays of zeros."""
        shape = (periods, lanes)
        return LaneDay(
            np.zeros(shape, np.uint8),
            np.zeros(shape, np.uint16),
            np.zeros(shape, np.int8),
            np.zeros(shape, np.uint8),
            np.ones((periods, detectors), np.bool_),
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """How links fared, arrays (periods, links): vehicles a period, mean and free km/h, vehicles per km and lane.

    ``free_kmh`` is what the weather lets a road without a queue do; ``variation`` multiplies speeds: what drivers
    do of their own accord.
    """

    vehicles: NDArray[np.float32]
    speed_kmh: NDArray[np.float32]
    free_kmh: NDArray[np.float32]
    variation: NDArray[np.float32]
    density: NDArray[np.float32]


def measure_lanes(seed: int, day: date, out: LaneDay, moved: Moved, incidents: tuple[Incident, ...]) -> None:
    """Fill ``out`` with what detectors measured of the links."""
    for row, detector in enumerate(list_detectors()):
        rng = stream_for(seed, day, detector.id)
        column = detector.link
        link_kmh, free_kmh = moved.speed_kmh[:, column].astype(np.float64), moved.free_kmh[:, column].astype(np.float64)
        here_kmh = speed_at(detector.share, link_kmh, free_kmh) * moved.variation[:, column]
        rates = _lane_rates(detector, moved.vehicles[:, column].astype(np.float64), day, incidents)
        rates *= rng.uniform(0.94, 1.06)
        _measure(detector, rng, out, rates, here_kmh, moved.density[:, column].astype(np.float64))
        if rng.random() < OFFLINE_DETECTORS:
            first = int(rng.integers(0, len(rates)))
            out.valid[first : first + int(rng.integers(60, 1200)), row] = False


def speed_at(share: float, link_kmh: Floats, free_kmh: Floats) -> Floats:
    """Speed at ``share`` of a link's way: queues stand at its end, so that the mean over the link stays.

    Rain is no queue: it lowers ``free_kmh``, which traffic before the queue does.
    """
    link = np.maximum(link_kmh, 2.0)
    free = np.maximum(free_kmh, link)
    queue = np.minimum(link, QUEUE_PACE * free)
    length = np.clip((1 / link - 1 / free) / np.maximum(1 / queue - 1 / free, 1e-9), 0, 1)
    inside = 1 / (1 + np.exp(-(share - (1 - length)) / 0.07))
    inside = np.where(length < SHORTEST_QUEUE, 0.0, inside)
    here: Floats = 1 / (inside / queue + (1 - inside) / free)
    return np.where(length > 1 - SHORTEST_QUEUE, link, here)


def empties(incident: Incident, detector: Detector) -> bool:
    """Whether drivers have left the closed lanes where the detector looks."""
    ahead_m = (incident.share - detector.share) * list_links()[detector.link].length_m
    return incident.link == detector.link and -SPREADS_M <= ahead_m <= MERGES_M


def _lane_rates(detector: Detector, vehicles: Floats, day: date, incidents: tuple[Incident, ...]) -> Floats:
    """Expected vehicles (periods, lanes); near an incident a closed lane's traffic moves to the open ones."""
    lanes = len(detector.lanes)
    shares = np.tile(np.array(SHARES[lanes]), (len(vehicles), 1))
    # In dense traffic the lanes even out.
    even = np.clip(vehicles / (lanes * 12), 0, 1)[:, None]
    shares = shares * (1 - even) + even / lanes
    for incident in incidents:
        if empties(incident, detector):
            first, last = (_period(day, moment) for moment in (incident.start, incident.end))
            closed = min(incident.lanes_closed, lanes)
            gone = slice(0, closed) if incident.side == "Fast Lane" else slice(lanes - closed, lanes)
            shares[first:last, gone] *= 0.04
    shares /= shares.sum(axis=1, keepdims=True)
    return vehicles[:, None] * shares


def _period(day: date, moment: datetime) -> int:
    return int((moment - midnight(day)).total_seconds() // 30)


def _measure(
    detector: Detector, rng: np.random.Generator, out: LaneDay, rates: Floats, here_kmh: Floats, density: Floats
) -> None:
    lanes = len(detector.lanes)
    block = (slice(None), slice(detector.first_lane, detector.first_lane + lanes))
    shape = rates.shape
    volume = np.minimum(rng.poisson(rates), MOST_A_LANE)
    spread = 5 + 5 * rng.random(shape)
    lone = volume <= 1
    speed = here_kmh[:, None] * np.array(PACES[lanes]) + rng.normal(0, 1, shape) * spread / np.sqrt(
        np.maximum(volume, 1)
    )
    speed = np.clip(speed, 1, 129)
    headway_m = speed / 3.6 * 30
    occupancy = 100 * volume * VEHICLE_M * rng.uniform(0.85, 1.15, shape) / np.maximum(headway_m, 15)
    standing = (volume == 0) & (here_kmh < STANDING_KMH)[:, None]
    occupancy = np.where(standing, np.minimum(100, 0.7 * density[:, None]), occupancy)
    limit = list_links()[detector.link].limit_kmh
    if limit >= FAST_ROAD_KMH and lanes > 1:
        racing = rng.random(shape[0]) < RACING * (here_kmh > FREE_KMH)
        speed[racing, 0] = rng.integers(131, 141, int(racing.sum()))
    speed[rng.random(shape) < ABSURD_SPEED] = rng.integers(180, 301)
    speed = np.round(speed)
    speed[(rng.random(shape) < STUCK_AT_ZERO) & (volume > 0)] = 0
    speed[volume == 0] = detector.placeholder_kmh
    speed[standing] = 0
    percent = np.clip(np.floor(occupancy), 0, 100)
    percent[rng.random(shape) < UNKNOWN_OCCUPANCY] = -1
    out.volume[block] = volume
    out.speed[block] = speed
    out.occupancy[block] = percent
    deviation = np.minimum(np.round(spread * rng.gamma(3, 1 / 3, shape) * 10), 255)
    out.deviation[block] = np.where(lone, 0, deviation)
