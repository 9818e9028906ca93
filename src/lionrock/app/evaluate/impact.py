"""``lionrock evaluate impact``: estimates of what incidents cost, held against pairs of simulated days.

Each pair is the same hours of a twin city, simulated with one seed, with and without an incident; the
truth is the difference of the time that all drivers together spent under way. Who gets ahead at a merge is luck,
and one pair's difference is luck by some dozens of vehicle-hours: the truth is the mean of several pairs of the
same trips with other luck, and what is left of the luck is told. The estimate sees what a city measures of the
hours with the incident, by the first luck alone, and of the same hours of past days. The hours without it are
estimated too: they must come out as zero. What a city would be told as the incident ends, without knowing how the
queue goes on, is judged beside it. Seeds are none of those that the estimator was fitted on (161 to 186, and
2001 to 2012) or that the simulation's drivers were looked at with (2101 to 2124, and 2201 to 2212).

Half of the incidents are drawn wide: at least half of a road's lanes closed for 20 to 50 minutes. Half are of the
twin's own kind, as its news has them. All are where the usual traffic is more than what stays open carries
(elsewhere an incident costs nothing); hours, days and roads are drawn at random.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from lionrock.engines.impact.estimate import Impact, Incident, estimate_impact
from lionrock.engines.impact.expected import Measured
from lionrock.engines.impact.graph import Graph, Link
from lionrock.engines.simulation.network import Closure
from lionrock.engines.simulation.world import LEAST_SHARE, ONLOOKERS, lane_capacity
from lionrock.twin.calendar import SATURDAY, is_rest_day, midnight
from lionrock.twin.chance import stream_for
from lionrock.twin.day import FREE_FLOW_SHARE
from lionrock.twin.day import VERSION as MODEL_VERSION
from lionrock.twin.incidents import list_incidents
from lionrock.twin.network import list_links
from lionrock.twin.pairs import MEASURED_S, PLATOON, Hours, Seen, measure, move_hours

VERSION = 2  # of what is kept of a simulation
FIRST_SEED = 2301
SCALE = 0.85  # of the twin's traffic: at 1.0 its rush hours stand on the edge, and the same seed has no one truth
STARTS_H = {"late morning": 10.0, "afternoon": 13.0, "evening": 16.0}
HOURS = 3.25
USUAL_DAYS = 6
WIDE_A_GROUP, OWN_A_GROUP = 5, 5
KINDS = ("wide", "twin")
LUCKS = 4  # pairs of the same trips, of which the truth is the mean
BEGINS_S, BEGINS_WITHIN_S = 2700, 1800
LASTS_S = (1200, 3000)
RECOVERY_S = 3600
CROWDED = 1.05  # of what stays open: where the usual traffic is less, an incident costs nothing
LEAST_VEHICLE_HOURS = 100.0  # below it the truth itself is luck by a quarter and more; such pairs are listed beside
FIRST_DAY, DAYS = date(2026, 3, 2), 84
MOST_GROUPS_A_PAIR = 1.0
WORST = 5
RESAMPLES, LIKELY = 2000, (0.1, 0.9)

Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One simulation: hours, the incident in them, if any, and which luck its drivers have on the way."""

    hours: Hours
    closure: Closure | None
    platoon: float
    folder: Path
    luck: int = 0

    @property
    def path(self) -> Path:
        """Where its outcome is kept for the next time."""
        what = (VERSION, MODEL_VERSION, self.hours, self.closure, self.platoon, self.luck)
        return self.folder / f"pair-{hashlib.sha256(repr(what).encode()).hexdigest()[:20]}.npz"


def evaluate_impact(
    folder: Path, pairs: int, watch: Watch, *, first_seed: int = FIRST_SEED, demand: float = SCALE, workers: int = 2
) -> dict[str, Any]:
    """Draw incidents until ``pairs`` of them cost enough to be judged by a relative error; see the module's words.

    ``demand`` is the share of the twin's traffic that drives. What was simulated is kept in ``folder`` for the next
    time.
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
            for row, null in _judge_group(pool, graph, folder, (first_seed, number), demand):
                rows.append(row)
                nulls.append(null)
                watch("pairs of days", sum(row["counts"] for row in rows), pairs)
    told = {"wall_s": round(time.monotonic() - began), "first_seed": first_seed, "scale": demand}
    return summary(rows, nulls) | told


def twin_graph() -> Graph:
    """The twin's roads as the estimate takes them."""
    return Graph(
        tuple(
            Link(link.start, link.end, link.length_m / 1000, link.lanes, link.limit_kmh * FREE_FLOW_SHARE)
            for link in list_links()
        )
    )


def _judge_group(
    pool: Executor, graph: Graph, folder: Path, group: tuple[int, int], demand: float
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """One day's hours: its usual days, itself without an incident, and each of its incidents alone."""
    first_seed, number = group
    rng = stream_for(first_seed, "impact", number)
    seed = first_seed + number
    part = list(STARTS_H)[number % len(STARTS_H)]
    day = draw_day(rng)
    hours = Hours(seed, day, STARTS_H[part], HOURS, demand)
    past = [Hours(seed, before, STARTS_H[part], HOURS, demand) for before in days_before(day, USUAL_DAYS)]
    quiet = [Task(each, None, PLATOON, folder) for each in past]
    quiet += [Task(hours, None, PLATOON, folder, luck) for luck in range(LUCKS)]
    seen = list(pool.map(run_task, quiet))
    known, without = [measured(one) for one in seen[:USUAL_DAYS]], seen[USUAL_DAYS:]
    drawn = [*draw_closures(rng, known, WIDE_A_GROUP), *draw_own(rng, hours, known, OWN_A_GROUP)]
    kinds = [KINDS[0]] * WIDE_A_GROUP + [KINDS[1]] * OWN_A_GROUP
    tasks = [Task(hours, closure, PLATOON, folder, luck) for closure in drawn for luck in range(LUCKS)]
    hindered = pool.map(run_task, tasks)
    for kind, closure in zip(kinds, drawn, strict=True):
        until_s = closure.end_s + RECOVERY_S
        place = place_of(closure)
        pairs = list(zip(islice(hindered, LUCKS), without, strict=True))
        costs = np.array([true_cost(one, other, until_s) for one, other in pairs])
        incident = Incident(place, closure.start_s)
        said, null = (estimate_impact(graph, measured(one), known, incident, until_s) for one in pairs[0])
        facts = {"seed": seed, "day": day.isoformat(), "part": part, "kind": kind, **_facts(closure)}
        luck = {"luck": round(float(costs.std(ddof=1) / LUCKS**0.5), 1)} | _judged_at_end(graph, pairs, known, closure)
        yield facts | luck | _judged(float(costs.mean()), said), facts | _judged(0.0, null)


def _judged_at_end(
    graph: Graph, pairs: list[tuple[Seen, Seen]], known: list[Measured], closure: Closure
) -> dict[str, float]:
    """The same as the incident ends, when nothing of the hour after it has been measured."""
    count = int(closure.end_s) // MEASURED_S
    until_s = float(count * MEASURED_S)
    cut = [Measured(day.speed_kmh[:count], day.vehicles_h[:count]) for day in (measured(pairs[0][0]), *known)]
    said = estimate_impact(graph, cut[0], cut[1:], Incident(place_of(closure), closure.start_s), until_s)
    true = float(np.mean([true_cost(one, other, until_s) for one, other in pairs]))
    return {"true_at_end": round(true, 1), "middle_at_end": round(said.middle, 1)}


def run_task(task: Task) -> Seen:
    """Simulate and measure, in a process of its own, or read what was kept."""
    if task.path.exists():
        with np.load(task.path, allow_pickle=False) as kept:
            return Seen(**{name: kept[name] for name in kept.files})
    closures = () if task.closure is None else (task.closure,)
    seen = measure(task.hours, move_hours(task.hours, closures, platoon=task.platoon, luck=task.luck))
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
    drawn: list[Closure] = []
    while len(drawn) < count:
        link = links[int(rng.integers(len(links)))]
        lanes = int(rng.integers((link.lanes + 1) // 2, link.lanes + 1))
        start_s = BEGINS_S + int(rng.integers(BEGINS_WITHIN_S // 60)) * 60
        end_s = start_s + int(rng.integers(LASTS_S[0], LASTS_S[1])) // 30 * 30
        closure = Closure(link.key, start_s, end_s, lanes)
        if hinders(closure, usual):
            drawn.append(closure)
    return drawn


def draw_own(rng: np.random.Generator, hours: Hours, usual: list[Measured], count: int) -> list[Closure]:
    """Incidents as the twin has them, of many worlds, where the usual traffic is more than what stays open."""
    begins = midnight(hours.day) + timedelta(hours=hours.start_h)
    drawn: list[Closure] = []
    while len(drawn) < count:
        for each in list_incidents(int(rng.integers(2**31)), hours.day):
            start_s, end_s = ((moment - begins).total_seconds() // 30 * 30 for moment in (each.start, each.end))
            closure = Closure(list_links()[each.link].key, start_s, end_s, each.lanes_closed)
            in_time = 0 <= start_s - BEGINS_S < BEGINS_WITHIN_S and end_s <= hours.hours * 3600 - RECOVERY_S
            if in_time and len(drawn) < count and hinders(closure, usual):
                drawn.append(closure)
    return drawn


def hinders(closure: Closure, usual: list[Measured]) -> bool:
    """Whether the usual traffic is more than what the closure leaves open."""
    place = place_of(closure)
    link = list_links()[place]
    usual_h = np.median([day.vehicles_h[:, place] for day in usual], axis=0)
    left = max(LEAST_SHARE, 1 - closure.lanes / link.lanes) * ONLOOKERS
    opens = link.lanes * lane_capacity(link.limit_kmh * FREE_FLOW_SHARE) * left
    first, last = (int(moment_s) // MEASURED_S for moment_s in (closure.start_s, closure.end_s))
    return bool(usual_h[first : last + 1].mean() > CROWDED * opens)


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
    ended = [
        {"error": abs(row["middle_at_end"] / row["true_at_end"] - 1)}
        for row in rows
        if row["true_at_end"] >= LEAST_VEHICLE_HOURS
    ]
    true = np.array([row["true"] for row in counted])
    middle = np.array([row["middle"] for row in counted])
    return {
        "pairs": len(counted),
        "median_error": round(float(np.median(errors)), 4),
        "median_error_between": _between(counted),
        "upper_quartile_error": round(float(np.quantile(errors, 0.75)), 4),
        "at_end": _median_error(ended),
        "total_ratio": round(float(middle.sum() / true.sum()), 3),
        "covered80": round(float(np.mean([row["low"] <= row["true"] <= row["high"] for row in counted])), 3),
        "luck": round(float(np.median([row["luck"] / row["true"] for row in counted])), 4),
        "by": {
            of: {name: _median_error([row for row in counted if row[of] == name]) for name in names}
            for of, names in (("part", STARTS_H), ("kind", KINDS))
        },
        "covered80_of_all": round(float(np.mean([row["low"] <= row["true"] <= row["high"] for row in rows])), 3),
        "small_pairs": len(small),
        "small_median_miss": round(float(np.median(small)), 1) if small else None,
        "null_pairs": len(nulls),
        "null_contains_zero": round(float(np.mean([row["low"] <= 0 <= row["high"] for row in nulls])), 3),
        "null_zero": sum(row["middle"] == 0 for row in nulls),
        "null_largest": max(abs(row["middle"]) for row in nulls),
        "least": LEAST_VEHICLE_HOURS,
        "platoon": PLATOON,
        "lucks": LUCKS,
        "worst": sorted(counted, key=lambda row: -row["error"])[:WORST],
        "rows": rows,
        "nulls": nulls,
    }


def _between(rows: list[dict[str, Any]]) -> list[float]:
    """The 80% interval of the median error, by drawing whole days anew: errors of one day go together."""
    days = {row["seed"]: [each["error"] for each in rows if each["seed"] == row["seed"]] for row in rows}
    errors = [np.array(day) for day in days.values()]
    rng = np.random.default_rng(0)
    drawn = (rng.integers(len(errors), size=len(errors)) for _ in range(RESAMPLES))
    medians = [np.median(np.concatenate([errors[day] for day in each])) for each in drawn]
    return [round(float(each), 4) for each in np.quantile(medians, LIKELY)]


def _median_error(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "pairs": len(rows),
        "median_error": round(float(np.median([row["error"] for row in rows])), 4) if rows else None,
    }
