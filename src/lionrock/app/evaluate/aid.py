"""Automatic incident detection, compared on days of the twin whose incidents are known.

APID, McMaster, a cumulative sum of the departure from the usual day, and boosted trees. Every method's
settings are chosen on the tuning seeds (the most incidents found at no more than :data:`FALSE_A_DAY` false
alarms a day), and scored once on the test seeds. The trees and every usual day learn from the dense days alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import fmean, median
from typing import Any

import lightgbm as lgb
import numpy as np

from lionrock.app.evaluate.aid_days import Day, Progress, Truth, read_days, stations_around
from lionrock.engines.anomaly import boosted as trees
from lionrock.engines.anomaly.apid import ApidSettings, apid
from lionrock.engines.anomaly.boosted import BoostedSettings, boosted
from lionrock.engines.anomaly.cusum import CusumSettings, cusum
from lionrock.engines.anomaly.mcmaster import McMasterSettings, fit_diagram, mcmaster
from lionrock.engines.anomaly.stations import Alarm, Flags, Floats, Stations, list_alarms
from lionrock.engines.anomaly.usual import Usual, learn_usual

FALSE_A_DAY = 10.0
BEHIND, ACCOUNTED = 1, 4  # links back from an incident that its queue may ring in, and that are no false alarm
GRACE, DISPERSAL = timedelta(minutes=10), timedelta(minutes=30)
MIDNIGHT = timedelta(0)
QUIET, SLOW_SHARE = 0.03, 0.85  # of quiet periods that are learned from; of slow ones see _rows
HARD = 0.3
SEED = 5

Method = Callable[[Day], Flags]


@dataclass(frozen=True, slots=True)
class Score:
    """What one method came to: shares found, minutes to find, false alarms a day."""

    felt: int
    found: float
    found_of_all: float
    minutes: float | None
    median_minutes: float | None
    false_a_day: float


def evaluate_detection(folder: Path, progress: Progress) -> dict[str, Any]:
    """Compare the methods; ``folder`` keeps the simulated days for the next time."""
    dense, tune, test = (read_days(name, folder, progress) for name in ("dense", "tune", "test"))
    history = joined(dense)
    usual = learn_usual(history, len(dense))
    progress("train", 0, 1)
    model = lgb.Booster(model_str=train_model(dense, usual))
    rows = []
    grids = list_methods(history, usual, model)
    for number, (name, grid) in enumerate(grids.items()):
        progress("compare", number, len(grids))
        tried = [(words, score(method, tune), method) for words, method in grid]
        words, tuned, method = max(tried, key=lambda one: _preferred(one[1]))
        tested = score(method, test)
        rows.append({"method": name, "settings": words, "tuned": _told(tuned), "tested": _told(tested)})
    incidents = [truth for day in test for truth in day.incidents]
    return {
        "days": {"dense": len(dense), "tune": len(tune), "test": len(test)},
        "incidents": {"test": len(incidents), "felt": sum(truth.felt for truth in incidents)},
        "limit": FALSE_A_DAY,
        "methods": rows,
    }


def joined(days: Iterable[Day]) -> Stations:
    """The days one after the other."""
    all_days = [day.stations for day in days]
    return replace(
        all_days[0],
        occupancy_pct=np.concatenate([one.occupancy_pct for one in all_days]),
        volume=np.concatenate([one.volume for one in all_days]),
        speed_kmh=np.concatenate([one.speed_kmh for one in all_days]),
    )


def train_model(dense: list[Day], usual: Usual) -> str:
    """The trees as text, learned on the dense days: what incidents slowed against everything that went on besides."""
    rng = np.random.default_rng(SEED)
    parts = [_rows(day, usual, rng) for day in dense]
    return trees.train(np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts]))


def keep_shipped_model(folder: Path, progress: Progress) -> Path:
    """Train anew, with fixed seeds, and write the model that the package ships."""
    dense = read_days("dense", folder, progress)
    path = Path(trees.__file__).with_name(trees.MODEL)
    path.write_text(train_model(dense, learn_usual(joined(dense), len(dense))), encoding="utf-8")
    return path


def _rows(day: Day, usual: Usual, rng: np.random.Generator) -> tuple[Floats, Flags]:
    """Features and labels: slow periods near a felt incident, many slow and a few quiet ones away from any."""
    seen = trees.features(day.stations, usual, MIDNIGHT)
    near, away = np.zeros(seen.shape[:2], np.bool_), np.ones(seen.shape[:2], np.bool_)
    for truth in day.incidents:
        until = truth.end + day.stations.steps(DISPERSAL)
        away[truth.begin : until, list(stations_around(truth.link, ACCOUNTED))] = False
        if truth.felt:
            near[truth.begin : truth.end, list(stations_around(truth.link, BEHIND))] = True
    slow = seen[..., 1] < SLOW_SHARE
    chance = rng.random(slow.shape)
    picked = (near & slow) | (away & slow & (chance < HARD)) | (away & ~slow & (chance < QUIET))
    return seen[picked], near[picked]


def list_methods(history: Stations, usual: Usual, model: lgb.Booster) -> dict[str, list[tuple[str, Method]]]:
    """Every method with the settings that are tried."""
    minutes = timedelta(minutes=1)
    apids = [
        ApidSettings(smooth=smooth * minutes, persistence=wait * minutes, occrdf=ratio, medium_occrdf=ratio)
        for smooth, wait, ratio in ((1, 2, 0.4), (3, 5, 0.4), (5, 15, 0.6), (5, 15, 0.8), (5, 30, 0.8), (5, 30, 0.9))
    ]
    mcmasters = [
        McMasterSettings(smooth=smooth * minutes, persistence=wait * minutes, bound=bound)
        for smooth, wait, bound in ((1, 2, 0.7), (3, 4, 0.6), (5, 15, 0.35), (5, 30, 0.35), (5, 30, 0.25))
    ]
    cusums = [
        CusumSettings(threshold=height, allowance=allowance)
        for height, allowance in ((12, 1.5), (40, 2.5), (40, 4.0), (80, 3.5), (80, 4.0), (120, 4.0), (160, 4.0))
    ]
    boosts = [
        BoostedSettings(threshold=threshold, persistence=wait * minutes)
        for threshold in (0.3, 0.4, 0.5, 0.6, 0.7)
        for wait in (1, 2)
    ]
    likely = cache_by_day(lambda day: trees.probabilities(model, trees.features(day.stations, usual, MIDNIGHT)))
    return {
        "APID": [(str(one), partial(_apid, one)) for one in apids],
        "McMaster": [
            (str(one), partial(_mcmaster, one, fit_diagram(history, one))) for one in mcmasters
        ],
        "CUSUM": [(str(one), partial(_cusum, one, usual)) for one in cusums],
        "boosted trees": [(str(one), partial(_boosted, one, likely)) for one in boosts],
    }  # fmt: skip


def _apid(settings: ApidSettings, day: Day) -> Flags:
    return apid(day.stations, settings)


def _mcmaster(settings: McMasterSettings, diagram: Any, day: Day) -> Flags:
    return mcmaster(day.stations, diagram, settings)


def _cusum(settings: CusumSettings, usual: Usual, day: Day) -> Flags:
    return cusum(day.stations, usual, MIDNIGHT, settings)


def _boosted(settings: BoostedSettings, likely: Callable[[Day], Floats], day: Day) -> Flags:
    return boosted(likely(day), day.stations, settings)


def cache_by_day(work_out: Callable[[Day], Floats]) -> Callable[[Day], Floats]:
    """``work_out`` once for every day: many settings share its outcome."""
    known: dict[int, Floats] = {}

    def look_up(day: Day) -> Floats:
        if id(day) not in known:
            known[id(day)] = work_out(day)
        return known[id(day)]

    return look_up


def score(method: Method, days: list[Day]) -> Score:
    """Score one method on days whose incidents are known; incidents on links without a detector are left out."""
    waits: list[float] = []
    felt = found_felt = found = counted = false = 0
    for day in days:
        alarms = list_alarms(method(day), day.stations)
        for truth in day.incidents:
            if not stations_around(truth.link, 0):
                continue
            first = _first_alarm(alarms, truth, day.stations)
            counted, found = counted + 1, found + (first is not None)
            if truth.felt:
                felt, found_felt = felt + 1, found_felt + (first is not None)
                if first is not None:
                    waits.append((first - truth.begin) * day.stations.period / timedelta(minutes=1))
        false += sum(not _accounted_for(alarm, day) for alarm in alarms)
    return Score(
        felt=felt,
        found=found_felt / felt if felt else 0.0,
        found_of_all=found / counted if counted else 0.0,
        minutes=fmean(waits) if waits else None,
        median_minutes=median(waits) if waits else None,
        false_a_day=false / len(days),
    )


def _first_alarm(alarms: list[Alarm], truth: Truth, stations: Stations) -> int | None:
    around = stations_around(truth.link, BEHIND)
    until = truth.end + stations.steps(GRACE)
    begins = [one.begin for one in alarms if truth.begin <= one.begin <= until and around & set(one.stations)]
    return min(begins, default=None)


def _accounted_for(alarm: Alarm, day: Day) -> bool:
    late = day.stations.steps(DISPERSAL)
    return any(
        alarm.begin <= truth.end + late
        and alarm.end >= truth.begin
        and stations_around(truth.link, ACCOUNTED) & set(alarm.stations)
        for truth in day.incidents
    )


def _preferred(one: Score) -> tuple[bool, float, float]:
    """Within the limit of false alarms the most found; beyond it the fewest false alarms."""
    within = one.false_a_day <= FALSE_A_DAY
    return within, one.found if within else -one.false_a_day, -one.false_a_day


def _told(one: Score) -> dict[str, Any]:
    return {
        "felt": one.felt,
        "found": one.found,
        "found_of_all": one.found_of_all,
        "minutes": one.minutes,
        "median_minutes": one.median_minutes,
        "false_a_day": one.false_a_day,
    }
