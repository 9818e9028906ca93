"""The same hours of the twin with and without an incident: what an impact estimate is judged by.

A part of a day is simulated at a finer platoon than the feeds need, for which halving the platoon changes
an incident's delay by less than 5% (docs/models/impact.md). What a city would measure of it, speeds and
counts by link and five minutes, is kept apart from what no city knows: the vehicle-hours under way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.simulation.traffic import Closure, Demand, Diversion, Flow, Junction, Road, simulate
from lionrock.twin.calendar import midnight
from lionrock.twin.chance import number_for, stream_for
from lionrock.twin.day import FREE_FLOW_SHARE, JITTER, MOOD, PERIOD_S, list_slowdowns
from lionrock.twin.demand import SLICE_S, expected_trips, list_zones
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.network import list_links, plane

PLATOON = 3
SETTLING_S = 3600  # before the first hour that counts: roads fill up
MEASURED_S = 300
PRIOR_STEPS = 1.0  # a standing queue must be seen to stand: its vehicles are what an incident costs
EMPTY = 1e-6  # vehicles per km and lane: a road without any is as fast as it is free
GAIN = 0.06  # a detector counts up to 6% too many or too few, always the same, as the feeds' detectors do

Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of one day of one city; ``start_h`` and ``hours`` are what counts, after the settling."""

    seed: int
    day: date
    start_h: float
    hours: float
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What the city measured: arrays (five-minute periods, links); km/h and vehicles an hour.

    Speeds are means over all vehicles and moments, as probes on the roads give them.
    ``vehicle_hours`` is the truth by period: the time that all drivers together spent under way.
    """

    speed_kmh: Doubles
    vehicles_h: Doubles
    vehicle_hours: Doubles


def list_roads() -> list[Road]:
    """The twin's links as the engine takes them."""
    return [
        Road(link.key, link.start, link.end, link.length_m, link.lanes, link.limit_kmh * FREE_FLOW_SHARE)
        for link in list_links()
    ]


def list_junctions() -> list[Junction]:
    """The twin's junctions as the engine takes them."""
    return [Junction(name, *plane((junction.lon, junction.lat))) for name, junction in JUNCTIONS.items()]


def move_hours(
    hours: Hours,
    closures: Sequence[Closure] = (),
    *,
    platoon: float = PLATOON,
    luck: int = 0,
    diversions: Sequence[Diversion] = (),
) -> Flow:
    """Simulate the hours from roads that settled; times of ``closures`` count from ``start_h``.

    ``luck`` above 0 sends the same trips on their way with other luck at merges and turns.
    """
    start = midnight(hours.day) + timedelta(hours=hours.start_h, seconds=-SETTLING_S)
    duration_s = SETTLING_S + hours.hours * 3600
    seed = number_for(hours.seed, hours.day, "pair", hours.start_h) % 2**31
    flow = simulate(
        list_junctions(),
        list_roads(),
        Demand(list_zones(), SLICE_S, expected_trips(hours.seed, start, round(duration_s / SLICE_S), hours.scale)),
        duration_s=duration_s,
        period_s=PERIOD_S,
        platoon=platoon,
        prior_steps=PRIOR_STEPS,
        closures=[Closure(c.road, c.start_s + SETTLING_S, c.end_s + SETTLING_S, c.lanes) for c in closures],
        slowdowns=list_slowdowns(hours.seed, start, duration_s),
        diversions=[Diversion(d.road, d.start_s + SETTLING_S, d.end_s + SETTLING_S, d.share) for d in diversions],
        seed=seed,
        choices=number_for(seed, "luck", luck) % 2**31 if luck else None,
    )
    cut = SETTLING_S // PERIOD_S
    return Flow(
        period_s=flow.period_s,
        vehicles=flow.vehicles[cut:],
        speed_kmh=flow.speed_kmh[cut:],
        free_kmh=flow.free_kmh[cut:],
        density=flow.density[cut:],
        trips=flow.trips,
        under_way=flow.under_way[cut:],
    )


def measure(hours: Hours, flow: Flow) -> Seen:
    """What detectors and probes say of the hours, in periods of five minutes."""
    each = MEASURED_S // PERIOD_S
    periods, links = flow.vehicles.shape[0] // each, flow.vehicles.shape[1]
    rng = stream_for(hours.seed, hours.day, "measured", hours.start_h)
    mood = rng.standard_normal((periods, links)) * MOOD + rng.standard_normal((periods, links)) * JITTER / each**0.5
    gain = stream_for(hours.seed, "gain").uniform(1 - GAIN, 1 + GAIN, links)
    vehicles = flow.vehicles[: periods * each].reshape(periods, each, links).astype(np.float64)
    speeds, present = (
        values[: periods * each].reshape(periods, each, links).astype(np.float64)
        for values in (flow.speed_kmh, flow.density)
    )
    under_way = flow.under_way[: periods * each].reshape(periods, each)
    # Probes report from wherever they are: those who stand long are heard often.
    probed = (speeds * (present + EMPTY)).sum(axis=1) / (present + EMPTY).sum(axis=1)
    counted = np.round(vehicles.sum(axis=1) * gain)
    return Seen(
        speed_kmh=np.round((1 + mood) * probed, 1),
        vehicles_h=counted * (3600 / MEASURED_S),
        vehicle_hours=under_way.sum(axis=1) * PERIOD_S / 3600,
    )
