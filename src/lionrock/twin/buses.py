"""Buses in motion: every departure of a day, moved over the day's simulated speeds.

A bus runs as fast as the traffic around it and never above 70 km/h, stands at each stop for as long
as people need, and loses time while it brakes and starts. It leaves its terminus late by up to two
minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from lionrock.twin.buslines import BusLine, Pieces, list_stops, pieces_of
from lionrock.twin.chance import stream_for
from lionrock.twin.city import TwinCity
from lionrock.twin.day import PERIOD_S, PERIODS, DayTruth

LIMITER_KMH = 70.0
SLOWEST_KMH = 3.0
KMH_PER_MS = 3.6
FIRST_S, LAST_S = 5.75 * 3600, 23 * 3600  # of the day: the first and the last departure
PEAKS_S = ((7 * 3600, 9.5 * 3600), (17 * 3600, 19.5 * 3600))
PEAK_SHARE = 0.7  # of the usual headway
LATEST_START_S = 120.0
DWELL_MEDIAN_S, DWELL_SPREAD = 15.0, 0.5  # log-normal; the mean is 17 s
STEADY_MS2 = 1.1  # braking and starting; standing passengers bear no more (TCQSM, 3rd ed., 6-8)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Trips:
    """All departures of one line on one day; seconds since midnight, [departures] or [departures, stops].

    ``scheduled_s`` is the timetable's departure; ``arrived_s`` and ``left_s`` are when the bus reached and left
    each stop (it leaves the first one when it departs).
    """

    scheduled_s: Floats
    arrived_s: Floats
    left_s: Floats


@lru_cache(maxsize=96)  # every line today and yesterday, some 20 kB each
def run_line(city: TwinCity, day: date, line: BusLine) -> Trips:
    """Move every bus of a line through a day; raises NotYet where the day is not simulated."""
    truth = city.truth_of(day)
    chance = stream_for(city.seed, day, line.operator, line.route, line.bound, "buses")
    scheduled_s = departures(line)
    stops = len(list_stops(line))
    dwell_s = DWELL_MEDIAN_S * np.exp(DWELL_SPREAD * chance.standard_normal((len(scheduled_s), stops)))
    arrived_s, left_s = (np.empty((len(scheduled_s), stops)) for _ in range(2))
    arrived_s[:, 0] = left_s[:, 0] = scheduled_s + LATEST_START_S * chance.random(len(scheduled_s))
    pieces = pieces_of(line)
    for stop in range(1, stops):
        arrived_s[:, stop] = _run_section(truth, pieces, stop - 1, left_s[:, stop - 1])
        left_s[:, stop] = arrived_s[:, stop] + dwell_s[:, stop]
    return Trips(scheduled_s, arrived_s, left_s)


def departures(line: BusLine) -> Floats:
    """The timetable: seconds since midnight of each departure, denser in the peaks."""
    moments = [FIRST_S]
    while moments[-1] < LAST_S:
        peak = any(begin <= moments[-1] < end for begin, end in PEAKS_S)
        headway_s = line.headway_min * 60 * (PEAK_SHARE if peak else 1.0)
        moments.append(moments[-1] + round(headway_s / 60) * 60)
    return np.array(moments)


def section_times(line: BusLine, speeds_kmh: Floats) -> Floats:
    """Seconds from leaving each stop to reaching the next one, were the links' speeds to stay as given."""
    pieces = pieces_of(line)
    bus_kmh = np.clip(speeds_kmh[pieces.column], SLOWEST_KMH, LIMITER_KMH)
    running_s = pieces.length_m / bus_kmh * KMH_PER_MS
    sections = len(list_stops(line)) - 1
    totals = np.bincount(pieces.section, running_s, sections)
    lengths_m = np.bincount(pieces.section, pieces.length_m, sections)
    return totals + _lost_s(lengths_m / totals)


def _run_section(truth: DayTruth, pieces: Pieces, section: int, left_s: Floats) -> Floats:
    """When buses that leave a stop at ``left_s`` reach the next one."""
    here = np.flatnonzero(pieces.section == section)
    now_s = left_s.copy()
    for column, length_m in zip(pieces.column[here].tolist(), pieces.length_m[here].tolist(), strict=True):
        now_s = _run_piece(truth.link_speed[:, column] / 10, length_m, now_s)
    return now_s + _lost_s(pieces.length_m[here].sum() / (now_s - left_s))


def _run_piece(speed_kmh: Floats, length_m: float, now_s: Floats) -> Floats:
    """Each bus over one piece of one link, period by period; after midnight the last period's speed holds."""
    now_s, left_m = now_s.copy(), np.full(len(now_s), length_m)
    while (moving := left_m > 1e-6).any():  # noqa: PLR2004 - a thousandth of a millimetre
        period = np.minimum(now_s[moving] // PERIOD_S, PERIODS - 1).astype(np.int64)
        speed_ms = np.clip(speed_kmh[period], SLOWEST_KMH, LIMITER_KMH) / KMH_PER_MS
        last = period == PERIODS - 1
        until_s = np.where(last, np.inf, (period + 1) * PERIOD_S)
        step_s = np.minimum(until_s - now_s[moving], left_m[moving] / speed_ms)
        now_s[moving] += step_s
        left_m[moving] -= speed_ms * step_s
    return now_s


def _lost_s(speed_ms: Floats) -> Floats:
    """Time lost by braking from and starting to a speed: half of what each takes, twice."""
    return speed_ms / STEADY_MS2
