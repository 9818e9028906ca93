"""Speeds of the road from the buses on it: a job over the last hour's announcements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

import numpy as np
import pyarrow as pa

from lionrock.city.city import City
from lionrock.core.vocabulary import NotYet, Quality, Reading, moment_of
from lionrock.services.mobility.buses.datasets import ARRIVALS, SECTIONS, SPEED
from lionrock.services.mobility.buses.passages import Run, Told, Track, follow, list_runs

SEEN = timedelta(minutes=75)  # a bus that needs longer between two stops stands in a jam that others measure too
KMH_PER_MS = 3.6
LOST_AT_STOP_S = 25.0  # docs/models/buses.md: between what the quickest and what the middle bus loses
FASTEST_KMH = 90.0  # no franchised bus is faster
LIMITER_KMH = 62.0  # a bus is held to 70; from here on its speed is its own and not the road's
MOST_DOUBT = 0.2  # of the time between the stops: beyond it nothing is said
USABLE = (Quality.GOOD, Quality.PLACEHOLDER)
SURE_S = 8.0  # how well the operators know where a bus is


def measure_speeds(city: City) -> Iterator[Reading]:
    """One Reading for each bus and section of the last hour. Raises NotYet before any section is known."""
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
            reading = speed_of(section, length_m, run)
            if reading is not None:
                yield reading


def speed_of(section: str, length_m: float, run: Run) -> Reading | None:
    """The road's speed by one run; None where the doubt is too large, or the stop took all of the time."""
    running_s = run.took_s - LOST_AT_STOP_S
    if running_s <= 0 or run.doubt_s + SURE_S > MOST_DOUBT * running_s:
        return None
    speed_kmh = length_m / running_s * KMH_PER_MS
    quality = SPEED.judge(speed_kmh) | (Quality.INVALID if speed_kmh > LIMITER_KMH else Quality.GOOD)
    return Reading(section, SPEED.id, moment_of(round(run.arrived_s * 1_000_000)), round(speed_kmh, 1), quality)


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
            if quality in USABLE:
                answer[int(place)] = (at / 1_000_000 + value, quality == Quality.GOOD)
    return {visit: [_told(at_s, answer) for at_s, answer in sorted(said.items())] for visit, said in rows.items()}


def _told(at_s: float, answer: Mapping[int, tuple[float, bool]]) -> Told:
    ordered: list[tuple[float, bool]] = sorted(answer[place] for place in answer)
    return Told(at_s, tuple(arrival for arrival, _ in ordered), tuple(live for _, live in ordered))
