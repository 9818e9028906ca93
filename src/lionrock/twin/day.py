"""One day of the twin: simulated once, kept in a file, read by every feed.

The truth of a day is arrays by 30-second period: what each lane's detector measured (with the real
detectors' faults in it) and how each link fared. It depends on nothing but the seed, the date and
the scale of demand.
"""

from __future__ import annotations

import os
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lionrock.engines.simulation.traffic import Closure, Demand, Flow, Junction, Road, Slowdown, simulate
from lionrock.twin.calendar import DAY_S, midnight
from lionrock.twin.chance import number_for, stream_for
from lionrock.twin.demand import SLICE_S, TRIPS_A_DAY, expected_trips, list_zones
from lionrock.twin.detectors import lane_count, list_detectors
from lionrock.twin.incidents import Incident, list_incidents
from lionrock.twin.junctions import JUNCTIONS
from lionrock.twin.lanes import LaneDay, Moved, measure_lanes
from lionrock.twin.network import list_links, plane, point_along
from lionrock.twin.rain import WETTING_MM_H, rain_rate, rain_shares

PERIOD_S = 30
PERIODS = DAY_S // PERIOD_S
WARM_UP_S = 3600  # the evening before, so that the day does not begin with empty roads
FREE_FLOW_SHARE = 0.97  # of the limit: what traffic does where nothing hinders it
RAIN_STEP_S = 900
MOOD_PERIODS, MOOD, JITTER = 20, 0.03, 0.01  # speeds wander by 3% over ten minutes and jitter by 1%
TUNNEL_EXPOSED = 0.3  # of a tunnel link lies under the sky: its mouths and ramps
ABSENT_PER_MILLE = 40
STANDSTILL = 0.08  # of a usual day's trips under way at once: usually 0.02 are, in a city that jams for good 0.3
STAY_AT_HOME = 0.03  # of all trips, when the city would stand still
ARRAYS = ("volume", "speed", "occupancy", "deviation", "valid", "link_speed", "link_volume")
VERSION = 8  # of the model; a file of another version is simulated anew


@dataclass(frozen=True, slots=True)
class DayTruth:
    """What happened on one date: arrays by 30-second period (first axis, 2,880 of them).

    Lane arrays follow :func:`list_detectors` (second axis: lanes): ``volume`` vehicles, ``speed`` km/h,
    ``occupancy`` %, ``deviation`` tenths of km/h; ``valid`` is by detector. Link arrays follow :func:`list_links`:
    ``link_speed`` tenths of km/h, ``link_volume`` tenths of vehicles at mid-link.
    """

    day: date
    volume: NDArray[np.uint8]
    speed: NDArray[np.uint16]
    occupancy: NDArray[np.int8]
    deviation: NDArray[np.uint8]
    valid: NDArray[np.bool_]
    link_speed: NDArray[np.uint16]
    link_volume: NDArray[np.uint16]


def path_of(folder: Path, seed: int, day: date, scale: float = 1.0) -> Path:
    """Where a day is kept."""
    return folder / f"day-v{VERSION}-s{seed}-x{scale:g}-{day:%Y%m%d}.npz"


def load_day(path: Path, day: date) -> DayTruth:
    """Read a kept day; raises FileNotFoundError where it was not simulated yet."""
    with np.load(path, allow_pickle=False) as kept:
        return DayTruth(day=day, **{name: kept[name] for name in kept.files})


def keep_day(path: Path, truth: DayTruth) -> None:
    """Write a day so that a reader sees the whole file or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    # An .npz by hand: numpy compresses at a level that takes a second more and saves little.
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as kept:
        for name in ARRAYS:
            with kept.open(f"{name}.npy", "w", force_zip64=True) as out:
                np.lib.format.write_array(out, getattr(truth, name), allow_pickle=False)
    partial.replace(path)


def simulate_day(
    seed: int,
    day: date,
    *,
    scale: float = 1.0,
    incidents: tuple[Incident, ...] | None = None,
    until_s: int = DAY_S,
    rain: bool = True,
) -> DayTruth:
    """Simulate one date. ``incidents`` replaces the day's own (() for the same day without any).

    ``until_s`` stops early: the rest of the day stays at rest (zero), for a first look only. Without
    ``rain`` the roads stay as if it had been dry; demand and incidents are those of the day. Where its
    trips would jam the city for good, as no city does, fewer and fewer are made until it moves.
    """
    happened = list_incidents(seed, day) if incidents is None else incidents
    flow = move_traffic(seed, day, scale=scale, incidents=happened, until_s=until_s, rain=rain)
    while stands_still(flow, scale):
        scale *= 1 - STAY_AT_HOME
        flow = move_traffic(seed, day, scale=scale, incidents=happened, until_s=until_s, rain=rain)
    missing = PERIODS - len(flow.vehicles)
    vehicles, speed, free, density = (
        np.pad(values, ((0, missing), (0, 0)))
        for values in (flow.vehicles, flow.speed_kmh, flow.free_kmh, flow.density)
    )
    variation = vary_speeds(seed, day, speed.shape[1])
    lanes = LaneDay.empty(PERIODS, lane_count(), len(list_detectors()))
    measure_lanes(seed, day, lanes, Moved(vehicles, speed, free, variation, density), happened)
    return DayTruth(
        day=day,
        volume=lanes.volume,
        speed=lanes.speed,
        occupancy=lanes.occupancy,
        deviation=lanes.deviation,
        valid=lanes.valid,
        link_speed=np.round(speed * variation * 10).astype(np.uint16),
        link_volume=np.round(vehicles * 10).astype(np.uint16),
    )


def stands_still(flow: Flow, scale: float) -> bool:
    """Whether so many are under way at once that roads full of cars keep one another from emptying."""
    return bool(flow.under_way.max(initial=0) > STANDSTILL * TRIPS_A_DAY * scale)


def move_traffic(
    seed: int, day: date, *, scale: float, incidents: tuple[Incident, ...], until_s: int = DAY_S, rain: bool = True
) -> Flow:
    """The day's traffic on all links, its warm-up cut off; without ``rain`` the same day as if it had stayed dry."""
    start = midnight(day) - timedelta(seconds=WARM_UP_S)
    duration_s = WARM_UP_S + until_s
    links = list_links()
    roads = [
        Road(link.key, link.start, link.end, link.length_m, link.lanes, link.limit_kmh * FREE_FLOW_SHARE)
        for link in links
    ]
    flow = simulate(
        [Junction(name, *plane((junction.lon, junction.lat))) for name, junction in JUNCTIONS.items()],
        roads,
        Demand(list_zones(), SLICE_S, expected_trips(seed, start, round(duration_s / SLICE_S), scale)),
        duration_s=duration_s,
        period_s=PERIOD_S,
        closures=[_closure(incident, start) for incident in incidents],
        slowdowns=list_slowdowns(seed, start, duration_s) if rain else (),
        seed=number_for(seed, day, "traffic") % 2**31,
    )
    cut = WARM_UP_S // PERIOD_S
    return Flow(
        period_s=flow.period_s,
        vehicles=flow.vehicles[cut:],
        speed_kmh=flow.speed_kmh[cut:],
        free_kmh=flow.free_kmh[cut:],
        density=flow.density[cut:],
        trips=flow.trips,
        under_way=flow.under_way[cut:],
    )


def list_slowdowns(seed: int, start: datetime, duration_s: float) -> list[Slowdown]:
    """How rain slows each link and narrows it, quarter by quarter of an hour."""
    links = list_links()
    middles = [plane(point_along(link, 0.5)[0]) for link in links]
    x_m, y_m = np.array([p[0] for p in middles]), np.array([p[1] for p in middles])
    exposed = np.array([TUNNEL_EXPOSED if link.tunnel else 1.0 for link in links])
    slowdowns: list[Slowdown] = []
    for begin_s in range(0, round(duration_s), RAIN_STEP_S):
        rate = rain_rate(seed, start + timedelta(seconds=begin_s + RAIN_STEP_S / 2), x_m, y_m)
        speed, capacity = (shares.round(3).tolist() for shares in rain_shares(rate, exposed))
        slowdowns += [
            Slowdown(links[column].key, begin_s, begin_s + RAIN_STEP_S, speed[column], capacity[column])
            for column in np.flatnonzero(rate > WETTING_MM_H).tolist()
        ]
    return slowdowns


def vary_speeds(seed: int, day: date, links: int) -> NDArray[np.float32]:
    """Factors (periods, links) around 1: drivers go a little faster or slower, for minutes and for moments."""
    rng = stream_for(seed, day, "drivers")
    knots = rng.standard_normal((PERIODS // MOOD_PERIODS + 2, links))
    place = np.arange(PERIODS) / MOOD_PERIODS
    low = place.astype(int)
    part = (place - low)[:, None]
    mood = knots[low] * (1 - part) + knots[low + 1] * part
    factors: NDArray[np.float32] = (1 + MOOD * mood + JITTER * rng.standard_normal((PERIODS, links))).astype(np.float32)
    return factors


def _closure(incident: Incident, start: datetime) -> Closure:
    return Closure(
        list_links()[incident.link].key,
        (incident.start - start).total_seconds(),
        (incident.end - start).total_seconds(),
        incident.lanes_closed,
    )


def absent_detectors(seed: int) -> frozenset[str]:
    """Detectors that the places file lists and the readings never name: 4%, as in the recording."""
    return frozenset(d.id for d in list_detectors() if number_for(seed, d.id, "absent") % 1000 < ABSENT_PER_MILLE)
