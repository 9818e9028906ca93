"""Speeds of the road from the buses on it: a job over the last hour's announcements."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

import numpy as np
import pyarrow as pa

from lionrock.city.city import City
from lionrock.core.vocabulary import NotYet, Quality, Reading, moment_of
from lionrock.services.mobility.buses.datasets import ARRIVALS, SECTIONS, SPEED, SPEED_DOUBT
from lionrock.services.mobility.buses.passages import Run, Told, Track, follow, list_runs

SEEN = timedelta(minutes=75)  # a bus that needs longer between two stops stands in a jam that others measure too
KMH_PER_MS = 3.6
DWELL_S = 20.0  # at the first stop; docs/models/buses.md
STEADY_MS2 = 1.0  # braking and starting, with people standing
FASTEST_KMH = 90.0  # no franchised bus is faster
LIMITER_KMH = 62.0  # a bus is held to 70; from here on its speed is its own and not the road's
LIMIT_MS = 70.0 / KMH_PER_MS
USUAL_MS = 40.0 / KMH_PER_MS  # at which a run's doubt is judged, lest only slow runs were sure enough
MOST_DOUBT = 0.45  # of that speed: beyond it nothing is said, whatever the run
HARMLESS = Quality.PLACEHOLDER | Quality.REPEATED  # of an arrival: the timetable's, said twice
MOST_DOUBT_TOLD = 0.5  # of the speed itself: a shorter section can tell only slower speeds
SURE_S = 12.0  # how well a bus's place is known (5 s, twice) and its dwell guessed (9 s)


def measure_speeds(city: City) -> Iterator[Reading]:
    """A speed and its doubt for each bus and section of the last hour. Raises NotYet before any section is known."""
    sections = city.records(SECTIONS)
    if not sections:
        raise NotYet("probe speeds wait for the sections between stops")
    now = city.now()
    tracks = {stop: follow(answers) for stop, answers in read_answers(city.scan(ARRIVALS, now - SEEN, now)).items()}
    for kept in sections:
        said = kept.record.properties
        yield from section_speeds(kept.id, said["length_m"], said["visits"], tracks)


def section_speeds(
    section: str, length_m: float, visits: Iterable[str], tracks: Mapping[str, list[Track]]
) -> Iterator[Reading]:
    """The speeds on one section; ``visits`` are its runs as ``route/position``, ``tracks`` by the same."""
    for visit in visits:
        route, _, position = visit.rpartition("/")
        first, second = tracks.get(visit), tracks.get(f"{route}/{int(position) + 1}")
        if first is None or second is None:
            continue
        for run in list_runs(first, second, length_m / FASTEST_KMH * KMH_PER_MS):
            yield from speed_of(section, length_m, run)


def speed_of(section: str, length_m: float, run: Run) -> Iterator[Reading]:
    """The road's speed by one run, and its doubt; nothing where the doubt is too large or the stop took all the time.

    A run takes the dwell, the length at the road's speed v, and v / a that braking and starting cost:
    T = D + L / v + v / a, solved for the smaller v; dv = v dT / (L / v - v / a). Where no v is slow
    enough the bus never came to drive at the road's speed, which is at least sqrt(L a). INVALID above what the
    bus, or a section so short, can tell.
    """
    doubt_s = run.doubt_s + SURE_S
    running_s = run.took_s - DWELL_S
    if running_s <= 0 or doubt_s > MOST_DOUBT * (length_m / USUAL_MS - USUAL_MS / STEADY_MS2):
        return
    rest = running_s**2 - 4 * length_m / STEADY_MS2
    speed_ms = (running_s - math.sqrt(rest)) * STEADY_MS2 / 2 if rest > 0 else math.sqrt(length_m * STEADY_MS2)
    speed_ms = min(speed_ms, LIMIT_MS)
    doubt_ms = min(doubt_s * speed_ms / (length_m / speed_ms - speed_ms / STEADY_MS2), speed_ms)
    at = moment_of(round(run.arrived_s * 1_000_000))
    told = speed_ms * KMH_PER_MS <= LIMITER_KMH and doubt_ms <= MOST_DOUBT_TOLD * speed_ms
    quality = Quality.GOOD if told else Quality.INVALID
    yield Reading(section, SPEED.id, at, round(speed_ms * KMH_PER_MS, 1), quality)
    yield Reading(section, SPEED_DOUBT.id, at, round(doubt_ms * KMH_PER_MS, 1), quality)


def tells(quality: int) -> bool:
    """Whether an arrival of that quality says when a bus comes."""
    return not Quality(quality) & ~HARMLESS


def is_live(quality: int) -> bool:
    """Whether an arrival follows the bus itself, and not its timetable."""
    return not quality & Quality.PLACEHOLDER


def read_answers(batches: Iterable[pa.RecordBatch]) -> dict[str, list[Told]]:
    """Stored announcements by stop visit (``route/position``), as answers in the order of time."""
    rows: dict[str, dict[float, dict[int, tuple[float, bool]]]] = defaultdict(dict)
    for batch in batches:
        sensors = batch.column("sensor").to_pylist()
        at_us = batch.column("at").cast(pa.int64()).to_numpy()
        values = np.asarray(batch.column("value").to_numpy(zero_copy_only=False), np.float64)
        qualities = batch.column("quality").to_numpy()
        for sensor, at, value, quality in zip(
            sensors, at_us.tolist(), values.tolist(), qualities.tolist(), strict=True
        ):
            visit, _, place = sensor.rpartition("/")
            answer = rows[visit].setdefault(at / 1_000_000, {})
            if tells(quality):
                answer[int(place)] = (at / 1_000_000 + value, is_live(quality))
    return {visit: [_told(at_s, answer) for at_s, answer in sorted(said.items())] for visit, said in rows.items()}


def _told(at_s: float, answer: Mapping[int, tuple[float, bool]]) -> Told:
    ordered: list[tuple[float, bool]] = sorted(answer[place] for place in answer)
    return Told(at_s, tuple(arrival for arrival, _ in ordered), tuple(live for _, live in ordered))
