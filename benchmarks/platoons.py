"""How much an incident's delay depends on the engine's platoon size: the pairs' size against its half.

Delays are means of several pairs of the same trips with other luck on the way, as those that estimates are held
against.
"""

from __future__ import annotations

import tempfile
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from lionrock.app.evaluate.impact import (
    HOURS,
    LUCKS,
    RECOVERY_S,
    SCALE,
    STARTS_H,
    USUAL_DAYS,
    Task,
    days_before,
    draw_closures,
    draw_day,
    measured,
    run_task,
    true_cost,
)
from lionrock.twin.chance import stream_for
from lionrock.twin.pairs import PLATOON, Hours

SEED, PART, INCIDENTS = 132, "afternoon", 10  # a quiet part of the day: in rush hours luck says more than size
WORTH = 30.0  # vehicle-hours; cheaper incidents say nothing of either size


def run(folder: Path | None = None) -> dict[str, Any]:
    """The delay of the same incidents at both sizes, in vehicle-hours, and the change of their sum."""
    with tempfile.TemporaryDirectory() as fresh, ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        kept = folder or Path(fresh)
        rng = stream_for(SEED - 1, "impact", 1)
        day = draw_day(rng)
        hours = [Hours(SEED, each, STARTS_H[PART], HOURS, SCALE) for each in (*days_before(day, USUAL_DAYS), day)]
        usual = [
            measured(seen) for seen in pool.map(run_task, [Task(each, None, PLATOON, kept) for each in hours[:-1]])
        ]
        closures = draw_closures(rng, usual, INCIDENTS)
        delays = {}
        for size in (PLATOON, PLATOON / 2):
            tasks = [Task(hours[-1], each, size, kept, luck) for each in (None, *closures) for luck in range(LUCKS)]
            seen = pool.map(run_task, tasks)
            without = list(islice(seen, LUCKS))
            delays[size] = [
                sum(true_cost(next(seen), other, closure.end_s + RECOVERY_S) for other in without) / LUCKS
                for closure in closures
            ]
    worth = [pair for pair in zip(*delays.values(), strict=True) if max(pair) >= WORTH]
    whole, half = (sum(each) for each in zip(*worth, strict=True))
    return {
        "platoon": PLATOON,
        "incidents": len(worth),
        "vehicle_hours": round(whole),
        "vehicle_hours_at_half": round(half),
        "change": round(half / whole - 1, 3),
        "each": [[round(each, 1) for each in pair] for pair in worth],
    }
