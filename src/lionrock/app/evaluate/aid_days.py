"""Days of the twin for the evaluation of incident detection: what detectors measured, and what was true.

Three sets that share no seed: *dense* days to train on (five days' incidents at once on one day's traffic),
days to tune on, and days to test on. Each is simulated with its incidents and without, so that it is known
which of them slowed traffic, and where and when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from lionrock.city.holidays import is_day_off
from lionrock.engines.anomaly.lanes import idle_lane
from lionrock.engines.anomaly.stations import NONE, Floats, Numbers, Stations
from lionrock.twin.calendar import HOLIDAYS, midnight
from lionrock.twin.day import DayTruth, keep_day, load_day, path_of, simulate_day
from lionrock.twin.detectors import list_detectors
from lionrock.twin.incidents import Incident, list_incidents
from lionrock.twin.lanes import empties
from lionrock.twin.network import list_links

PERIOD = timedelta(seconds=30)
FIRST_DAY = date(2026, 3, 2)  # a Monday
TRAINING_DAYS, DENSITY = 40, 5
TUNING_SEEDS, TEST_SEEDS = (*range(101, 109), *range(201, 209)), range(211, 219)
DAYS_A_SEED = 3
FELT_SHARE = 0.2  # an incident is felt where it takes a fifth off the speed for five minutes
FELT_PERIODS, AFTER_PERIODS = 10, 20
FASTEST_KMH = 180
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Truth:
    """One incident in periods [begin, end) of its day, the link that it is on, and whether traffic felt it.

    ``beside`` says that a detector looks at the closed lanes, where drivers have left them.
    """

    link: int
    begin: int
    end: int
    felt: bool
    beside: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One simulated day; on dense days ``without`` is what detectors would have measured had nothing happened.

    ``off`` says that it is a Saturday, a Sunday or a holiday.
    """

    stations: Stations
    incidents: tuple[Truth, ...]
    off: bool
    without: Stations | None = None


def list_plans() -> dict[str, list[tuple[int, date, tuple[Incident, ...]]]]:
    """(seed, day, incidents) of every day of each set."""
    training = [
        (
            301 + number,
            FIRST_DAY + timedelta(number),
            tuple(
                incident
                for each in range(DENSITY)
                for incident in list_incidents(2000 + 10 * number + each, FIRST_DAY + timedelta(number))
            ),
        )
        for number in range(TRAINING_DAYS)
    ]
    plans = {"dense": training}
    for name, seeds in (("tune", TUNING_SEEDS), ("test", TEST_SEEDS)):
        days = [(seed, FIRST_DAY + timedelta(2 * each + seed % 2)) for seed in seeds for each in range(DAYS_A_SEED)]
        plans[name] = [(seed, day, list_incidents(seed, day)) for seed, day in days]
    return plans


def each_day(name: str, folder: Path, progress: Progress) -> Iterator[Day]:
    """The days of one set, one at a time; simulated where they were not kept in ``folder`` before."""
    plans = list_plans()[name]
    for number, (seed, day, incidents) in enumerate(plans):
        progress(f"{name} days", number, len(plans))
        with_them = _simulated(folder / name, seed, day, incidents)
        without = _simulated(folder / f"{name}-without", seed, day, ())
        slower = _slower(with_them, without)
        truths = tuple(_truth(incident, day, slower) for incident in incidents)
        off = is_day_off(HOLIDAYS, day)
        yield Day(stations_of(with_them), truths, off, stations_of(without) if name == "dense" else None)


def _simulated(folder: Path, seed: int, day: date, incidents: tuple[Incident, ...]) -> DayTruth:
    path = path_of(folder, seed, day)
    if not path.exists():
        keep_day(path, simulate_day(seed, day, incidents=incidents))
    return load_day(path, day)


def stations_of(truth: DayTruth) -> Stations:
    """What the feed of detectors would have said, station by station; what it marks invalid is missing."""
    detectors = list_detectors()
    occupancy, volume, speed = (np.full((len(truth.volume), len(detectors)), np.nan) for _ in range(3))
    for column, detector in enumerate(detectors):
        lanes = slice(detector.first_lane, detector.first_lane + len(detector.lanes))
        counted = truth.volume[:, lanes].astype(np.float64)
        kmh = truth.speed[:, lanes].astype(np.float64)
        percent = np.where(truth.occupancy[:, lanes] < 0, np.nan, truth.occupancy[:, lanes].astype(np.float64))
        valid = truth.valid[:, column]
        weights = counted * (kmh <= FASTEST_KMH)
        total = weights.sum(axis=1)
        occupancy[:, column] = np.where(valid, _mean(percent), np.nan)
        volume[:, column] = np.where(valid, counted.mean(axis=1), np.nan)
        moving = valid & (total > 0)
        speed[moving, column] = (weights * kmh).sum(axis=1)[moving] / total[moving]
    by_lane = np.where(truth.valid[:, station_of_lane()], truth.volume.astype(np.float64), np.nan)
    idle = idle_lane(by_lane, station_of_lane(), len(detectors), PERIOD)
    return Stations(occupancy, volume, speed, idle, downstream_of(), PERIOD)


@cache
def station_of_lane() -> Numbers:
    """The detector of each lane."""
    return np.repeat(np.arange(len(list_detectors())), [len(one.lanes) for one in list_detectors()])


def _mean(values: Floats) -> Floats:
    counts = (~np.isnan(values)).sum(axis=1)
    means: Floats = np.where(counts > 0, np.nansum(values, axis=1) / np.maximum(counts, 1), np.nan)
    return means


@cache
def downstream_of() -> Numbers:
    """The next detector of each: farther along its link, else the first on the next link of its road."""
    detectors, links = list_detectors(), list_links()
    on_link: dict[int, list[int]] = {}
    for column, detector in enumerate(detectors):
        on_link.setdefault(detector.link, []).append(column)
    downstream = np.full(len(detectors), NONE, np.int64)
    for column, detector in enumerate(detectors):
        link = links[detector.link]
        farther = [each for each in on_link[detector.link] if detectors[each].share > detector.share]
        onward = [
            each
            for number, other in enumerate(links)
            if (other.start, other.road, other.bound) == (link.end, link.road, link.bound)
            for each in on_link.get(number, [])
        ]
        if farther or onward:
            downstream[column] = min(farther or onward, key=lambda each: detectors[each].share)
    return downstream


@cache
def stations_around(link: int, levels: int) -> frozenset[int]:
    """The detectors on a link and on those that lead to it, ``levels`` links back."""
    links = list_links()
    seen = front = {link}
    for _ in range(levels):
        front = {
            number
            for number, other in enumerate(links)
            if any(other.end == links[each].start and other.start != links[each].end for each in front)
        } - seen
        seen = seen | front
    return frozenset(column for column, detector in enumerate(list_detectors()) if detector.link in seen)


def _slower(with_them: DayTruth, without: DayTruth) -> Floats:
    """The share of its speed that each link lost, over five minutes, at every period."""
    kernel = np.ones(FELT_PERIODS) / FELT_PERIODS
    smooth = [
        np.apply_along_axis(np.convolve, 0, truth.link_speed.astype(np.float64), kernel, "same")
        for truth in (with_them, without)
    ]
    lost: Floats = 1 - smooth[0] / np.maximum(smooth[1], 10.0)
    return lost


def _truth(incident: Incident, day: date, slower: Floats) -> Truth:
    begin, end = (int((moment - midnight(day)) / PERIOD) for moment in (incident.start, incident.end))
    links = list_links()
    leading = [number for number, other in enumerate(links) if other.end == links[incident.link].start]
    lost = slower[begin : end + AFTER_PERIODS, [incident.link, *leading]]
    felt, beside = bool(lost.size and lost.max() > FELT_SHARE), any(empties(incident, one) for one in list_detectors())
    return Truth(incident.link, begin, end, felt, beside)
