"""``lionrock evaluate impact``: estimates of what incidents cost, held against pairs of simulated days.

Each pair is the same hours of a twin city, simulated with one seed, with and without an incident; the
truth is the difference of the time that all drivers together spent under way. The estimate sees what a city
measures of the hours with the incident, and of the same hours of past days. The hours without it are
estimated too: they must come out as zero. Seeds are none of those that the estimator was fitted on (101 to 140).

An incident closes at least half of a road's lanes for 20 to 60 minutes, at any place where the usual traffic
is more than what stays open carries (elsewhere it costs nothing); hours, days and roads are drawn at random.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.engines.impact.estimate import Impact, Incident, estimate_impact
from lionrock.engines.impact.expected import Measured
from lionrock.engines.impact.graph import Graph, Link
from lionrock.engines.simulation.network import Closure
from lionrock.engines.simulation.world import LEAST_SHARE, ONLOOKERS, lane_capacity
from lionrock.twin.calendar import SATURDAY, is_rest_day
from lionrock.twin.chance import stream_for
from lionrock.twin.day import FREE_FLOW_SHARE
from lionrock.twin.day import VERSION as MODEL_VERSION
from lionrock.twin.network import list_links
from lionrock.twin.pairs import MEASURED_S, PLATOON, Hours, Seen, measure, move_hours

VERSION = 1  # of what is kept of a simulation
FIRST_SEED = 1001
SCALE = 0.85  # of the twin's traffic: at 1.0 its rush hours stand on the edge, and the same seed has no one truth
STARTS_H = {"late morning": 10.0, "afternoon": 13.0, "evening": 16.0}
HOURS = 3.25
USUAL_DAYS = 6
INCIDENTS_A_GROUP = 10
BEGINS_S, BEGINS_WITHIN_S = 2700, 1800
LASTS_S = (1200, 3000)
RECOVERY_S = 3600
CROWDED = 1.05  # of what stays open: where the usual traffic is less, an incident costs nothing
LEAST_VEHICLE_HOURS = 100.0  # below it the truth itself is luck by a quarter and more; such pairs are listed beside
FIRST_DAY, DAYS = date(2026, 3, 2), 84
MOST_GROUPS_A_PAIR = 1.0
WORST = 5

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One simulation: hours, and the incident in them, if any."""

    hours: Hours
    closure: Closure | None
    platoon: float
    folder: Path

    @property
    def path(self) -> Path:
        """Where its outcome is kept for the next time."""
        what = (VERSION, MODEL_VERSION, self.hours, self.closure, self.platoon)
        return self.folder / f"pair-{hashlib.sha256(repr(what).encode()).hexdigest()[:20]}.npz"


def evaluate_impact(
    folder: Path, pairs: int, watch: Watch, *, first_seed: int = FIRST_SEED, workers: int = 2
) -> dict[str, Any]:
    """Draw incidents until ``pairs`` of them cost enough to be judged by a relative error; see the module's words.

    What was simulated is kept in ``folder`` for the next time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    graph = twin_graph()
    rows: list[dict[str, Any]] = []
    nulls: list[dict[str, Any]] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for number in range(max(2, round(pairs * MOST_GROUPS_A_PAIR))):
            done = sum(row["counts"] for row in rows)
            if done >= pairs:
                break
            watch("pairs of days", done, pairs)
            for row, null in _judge_group(pool, graph, folder, first_seed, number):
                rows.append(row)
                nulls.append(null)
                watch("pairs of days", sum(row["counts"] for row in rows), pairs)
    return summary(rows, nulls) | {"wall_s": round(time.monotonic() - began), "first_seed": first_seed}


def twin_graph() -> Graph:
    """The twin's roads as the estimate takes them."""
    return Graph(
        tuple(
            Link(link.start, link.end, link.length_m / 1000, link.lanes, link.limit_kmh * FREE_FLOW_SHARE)
            for link in list_links()
        )
    )


def _judge_group(
    pool: Executor, graph: Graph, folder: Path, first_seed: int, number: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """One day's hours: its usual days, itself without an incident, and each of its incidents alone."""
    rng = stream_for(first_seed, "impact", number)
    seed = first_seed + number
    part = list(STARTS_H)[number % len(STARTS_H)]
    day = draw_day(rng)
    hours = Hours(seed, day, STARTS_H[part], HOURS, SCALE)
    past = [Hours(seed, before, STARTS_H[part], HOURS, SCALE) for before in days_before(day, USUAL_DAYS)]
    *usual, without = pool.map(run_task, [Task(each, None, PLATOON, folder) for each in (*past, hours)])
    known = [measured(one) for one in usual]
    closures = draw_closures(rng, known, INCIDENTS_A_GROUP)
    for closure, seen in zip(
        closures, pool.map(run_task, [Task(hours, closure, PLATOON, folder) for closure in closures]), strict=True
    ):
        until_s = closure.end_s + RECOVERY_S
        place = place_of(closure)
        truth = true_cost(seen, without, until_s)
        said = estimate_impact(graph, measured(seen), known, Incident(place, closure.start_s), until_s)
        null = estimate_impact(graph, measured(without), known, Incident(place, closure.start_s), until_s)
        facts = {"seed": seed, "day": day.isoformat(), "part": part, **_facts(closure)}
        yield facts | _judged(truth, said), facts | _judged(0.0, null)


def run_task(task: Task) -> Seen:
    """Simulate and measure, in a process of its own, or read what was kept."""
    if task.path.exists():
        with np.load(task.path, allow_pickle=False) as kept:
            return Seen(**{name: kept[name] for name in kept.files})
    closures = () if task.closure is None else (task.closure,)
    seen = measure(task.hours, move_hours(task.hours, closures, platoon=task.platoon))
    partial = task.path.with_suffix(f".{os.getpid()}.partial")
    with partial.open("wb") as out:
        np.savez_compressed(out, speed_kmh=seen.speed_kmh, vehicles_h=seen.vehicles_h, vehicle_hours=seen.vehicle_hours)
    partial.replace(task.path)
    return seen


def measured(seen: Seen) -> Measured:
    """What the estimate may see."""
    return Measured(speed_kmh=seen.speed_kmh, vehicles_h=seen.vehicles_h)


def true_cost(seen: Seen, without: Seen, until_s: float) -> float:
    """Vehicle-hours until ``until_s``, by the time that all drivers were under way."""
    until = round(until_s / MEASURED_S)
    return float((seen.vehicle_hours - without.vehicle_hours)[:until].sum())


def draw_day(rng: np.random.Generator) -> date:
    """A working day from Monday to Friday."""
    while True:
        day = FIRST_DAY + timedelta(days=int(rng.integers(DAYS)))
        if day.weekday() < SATURDAY and not is_rest_day(day):
            return day


def days_before(day: date, count: int) -> list[date]:
    """The last working days before ``day``."""
    days: list[date] = []
    while len(days) < count:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY and not is_rest_day(day):
            days.append(day)
    return days


def draw_closures(rng: np.random.Generator, usual: list[Measured], count: int) -> list[Closure]:
    """Incidents where the usual traffic is more than what stays open."""
    links = list_links()
    usual_h = np.median([day.vehicles_h for day in usual], axis=0)
    drawn: list[Closure] = []
    while len(drawn) < count:
        place = int(rng.integers(len(links)))
        link = links[place]
        lanes = int(rng.integers((link.lanes + 1) // 2, link.lanes + 1))
        start_s = BEGINS_S + int(rng.integers(BEGINS_WITHIN_S // 60)) * 60
        end_s = start_s + int(rng.integers(LASTS_S[0], LASTS_S[1])) // 30 * 30
        left = max(LEAST_SHARE, 1 - lanes / link.lanes) * ONLOOKERS
        opens = link.lanes * lane_capacity(link.limit_kmh * FREE_FLOW_SHARE) * left
        if usual_h[start_s // MEASURED_S : end_s // MEASURED_S, place].mean() > CROWDED * opens:
            drawn.append(Closure(link.key, start_s, end_s, lanes))
    return drawn


def place_of(closure: Closure) -> int:
    """The closure's link as a column of all arrays."""
    return next(place for place, link in enumerate(list_links()) if link.key == closure.road)


def _facts(closure: Closure) -> dict[str, Any]:
    link = list_links()[place_of(closure)]
    return {
        "link": link.route_id,
        "road": f"{link.road.en}, {link.bound.en}",
        "closed": closure.lanes,
        "lanes": link.lanes,
        "minutes": round((closure.end_s - closure.start_s) / 60),
    }


def _judged(truth: float, said: Impact) -> dict[str, Any]:
    return {
        "true": round(truth, 1),
        "low": round(said.low, 1),
        "middle": round(said.middle, 1),
        "high": round(said.high, 1),
        "parts": [round(said.queue, 1), round(said.spread, 1), round(said.detours, 1)],
        "longest_queue_km": round(max((each.queue_km for each in said.extent), default=0.0), 2),
        "counts": truth >= LEAST_VEHICLE_HOURS,
        "error": round(abs(said.middle - truth) / truth, 4) if truth >= LEAST_VEHICLE_HOURS else None,
    }


def summary(rows: list[dict[str, Any]], nulls: list[dict[str, Any]]) -> dict[str, Any]:
    """The figures that are published, and the pairs behind them."""
    counted = [row for row in rows if row["counts"]]
    errors = sorted(row["error"] for row in counted)
    small = [abs(row["middle"] - row["true"]) for row in rows if not row["counts"]]
    true = np.array([row["true"] for row in counted])
    middle = np.array([row["middle"] for row in counted])
    return {
        "pairs": len(counted),
        "median_error": round(float(np.median(errors)), 4),
        "upper_quartile_error": round(float(np.quantile(errors, 0.75)), 4),
        "total_ratio": round(float(middle.sum() / true.sum()), 3),
        "covered80": round(float(np.mean([row["low"] <= row["true"] <= row["high"] for row in counted])), 3),
        "small_pairs": len(small),
        "small_median_miss": round(float(np.median(small)), 1) if small else None,
        "null_pairs": len(nulls),
        "null_contains_zero": round(float(np.mean([row["low"] <= 0 <= row["high"] for row in nulls])), 3),
        "null_largest": max(abs(row["middle"]) for row in nulls),
        "least": LEAST_VEHICLE_HOURS,
        "scale": SCALE,
        "platoon": PLATOON,
        "worst": sorted(counted, key=lambda row: -row["error"])[:WORST],
        "rows": rows,
        "nulls": nulls,
    }
