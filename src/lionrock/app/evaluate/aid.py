"""Automatic incident detection, compared on days of the twin whose incidents are known.

APID, McMaster, a cumulative sum of the departure from the usual day, and boosted trees, once more without an eye
for lanes. Every method's settings are chosen on the tuning seeds: the most incidents found at no more than
:data:`FALSE_A_DAY` false alarms a day, even were the tuning days luckier than others by :data:`MARGIN` standard errors.
They are scored once on the test seeds. The trees that ship are judged; they and every usual day learned from the dense
days alone (:mod:`aid_training`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from math import sqrt
from pathlib import Path
from statistics import fmean, median, stdev
from typing import Any

import lightgbm as lgb

from lionrock.app.evaluate.aid_days import Day, Progress, Truth, each_day, stations_around
from lionrock.app.evaluate.aid_training import (
    ACCOUNTED,
    BEHIND,
    DISPERSAL,
    MIDNIGHT,
    learn_history,
    train_model,
    without_lanes,
)
from lionrock.engines.anomaly import boosted as trees
from lionrock.engines.anomaly.apid import ApidSettings, apid
from lionrock.engines.anomaly.boosted import BoostedSettings, boosted
from lionrock.engines.anomaly.cusum import CusumSettings, cusum
from lionrock.engines.anomaly.features import features
from lionrock.engines.anomaly.mcmaster import McMasterSettings, fit_diagram, mcmaster
from lionrock.engines.anomaly.stations import Alarm, Flags, Floats, Stations, list_alarms
from lionrock.engines.anomaly.usual import UsualDays

FALSE_A_DAY = 10.0
MARGIN = 1.64  # standard errors of the false alarms a day: one set of days in twenty is luckier by so much
GRACE = timedelta(minutes=10)
Method = Callable[[Day], Flags]
Looks = tuple[Floats, Floats]  # how likely an incident is, for trees with and without an eye for lanes


@dataclass(frozen=True, slots=True)
class Score:
    """What one method came to: shares found, minutes, false alarms a day with their error and at most.

    ``away`` are felt incidents without a detector at their closed lanes, ``found_away`` how many of them were found.
    """

    felt: int
    found: float
    found_of_all: float
    away: int
    found_away: int
    minutes: float | None
    median_minutes: float | None
    false_a_day: float
    false_error: float
    most_false: int


def evaluate_detection(folder: Path, progress: Progress) -> dict[str, Any]:
    """Compare the methods; ``folder`` keeps the simulated days for the next time."""
    tune, test = (list(each_day(name, folder, progress)) for name in ("tune", "test"))
    history, usual = learn_history(folder, progress)
    blind = train_model(each_day("dense", folder, progress), usual, without_lanes)
    rows = []
    grids = list_methods(history, usual, trees.shipped_model(), lgb.Booster(model_str=blind))
    for number, (name, grid) in enumerate(grids.items()):
        progress("compare", number, len(grids))
        tried = [(words, score(method, tune), method) for words, method in grid]
        words, tuned, method = max(tried, key=lambda one: _preferred(one[1]))
        tested = score(method, test)
        rows.append({"method": name, "settings": words, "tuned": _told(tuned), "tested": _told(tested)})
    incidents = [truth for day in test for truth in day.incidents]
    return {
        "days": {"tune": len(tune), "test": len(test)},
        "incidents": {"test": len(incidents), "felt": sum(truth.felt for truth in incidents)},
        "limit": FALSE_A_DAY,
        "margin": MARGIN,
        "methods": rows,
    }


def list_methods(
    history: Stations, usual: UsualDays, model: lgb.Booster, laneless: lgb.Booster
) -> dict[str, list[tuple[str, Method]]]:
    """Every method with the settings that are tried."""
    minutes = timedelta(minutes=1)
    apids = [
        ApidSettings(smooth=smooth * minutes, persistence=wait * minutes, occrdf=ratio, medium_occrdf=ratio)
        for smooth, wait, ratio in ((1, 2, 0.4), (5, 15, 0.6), (10, 15, 0.9), (10, 30, 0.9), (5, 45, 0.9))
    ]
    mcmasters = [
        McMasterSettings(smooth=smooth * minutes, persistence=wait * minutes, bound=bound)
        for smooth, wait, bound in ((1, 2, 0.7), (5, 15, 0.35), (5, 30, 0.35), (5, 45, 0.35), (10, 45, 0.25))
    ]
    cusums = [
        CusumSettings(threshold=height, allowance=allowance)
        for height, allowance in ((12, 1.5), (40, 4.0), (80, 4.0), (100, 4.0), (120, 4.0))
    ]
    boosts = [
        BoostedSettings(threshold=threshold, persistence=wait * minutes)
        for threshold in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85)
        for wait in (2, 4)
    ]
    look = cache_by_day(partial(_likely, model, laneless, usual))
    return {
        "APID": [(str(one), partial(_apid, one)) for one in apids],
        "McMaster": [
            (str(one), partial(_mcmaster, one, fit_diagram(history, one))) for one in mcmasters
        ],
        "CUSUM": [(str(one), partial(_cusum, one, usual)) for one in cusums],
        "boosted trees": [(str(one), partial(_boosted, one, look, 0)) for one in boosts],
        "trees without lanes": [(str(one), partial(_boosted, one, look, 1)) for one in boosts],
    }  # fmt: skip


def _apid(settings: ApidSettings, day: Day) -> Flags:
    return apid(day.stations, settings)


def _mcmaster(settings: McMasterSettings, diagram: Any, day: Day) -> Flags:
    return mcmaster(day.stations, diagram, settings)


def _cusum(settings: CusumSettings, usual: UsualDays, day: Day) -> Flags:
    return cusum(day.stations, usual.of(off=day.off), MIDNIGHT, settings)


def _likely(model: lgb.Booster, laneless: lgb.Booster, usual: UsualDays, day: Day) -> Looks:
    """What the trees say, and what those say that were not shown lanes."""
    seen = features(day.stations, usual.of(off=day.off), MIDNIGHT)
    return trees.probabilities(model, seen), trees.probabilities(laneless, without_lanes(seen))


def _boosted(settings: BoostedSettings, look: Callable[[Day], Looks], which: int, day: Day) -> Flags:
    return boosted(look(day)[which], day.stations, settings)


def cache_by_day(work_out: Callable[[Day], Looks]) -> Callable[[Day], Looks]:
    """``work_out`` once for every day: many settings share its outcome."""
    known: dict[int, Looks] = {}

    def look_up(day: Day) -> Looks:
        if id(day) not in known:
            known[id(day)] = work_out(day)
        return known[id(day)]

    return look_up


def score(method: Method, days: list[Day]) -> Score:
    """Score one method on days whose incidents are known; incidents on links without a detector are left out."""
    waits: list[float] = []
    false: list[int] = []
    felt = found_felt = found = counted = away = found_away = 0
    for day in days:
        alarms = list_alarms(method(day), day.stations)
        for truth in day.incidents:
            if not stations_around(truth.link, 0):
                continue
            first = _first_alarm(alarms, truth, day.stations)
            counted, found = counted + 1, found + (first is not None)
            if truth.felt:
                felt, found_felt = felt + 1, found_felt + (first is not None)
                away, found_away = away + (not truth.beside), found_away + (not truth.beside and first is not None)
                if first is not None:
                    waits.append((first - truth.begin) * day.stations.period / timedelta(minutes=1))
        false.append(sum(not _accounted_for(alarm, day) for alarm in alarms))
    return Score(
        felt=felt,
        found=found_felt / felt if felt else 0.0,
        found_of_all=found / counted if counted else 0.0,
        away=away,
        found_away=found_away,
        minutes=fmean(waits) if waits else None,
        median_minutes=median(waits) if waits else None,
        false_a_day=fmean(false),
        false_error=stdev(false) / sqrt(len(false)),
        most_false=max(false),
    )


def _first_alarm(alarms: list[Alarm], truth: Truth, stations: Stations) -> int | None:
    around = stations_around(truth.link, BEHIND)
    until = truth.end + stations.steps(GRACE)
    begins = [one.begin for one in alarms if truth.begin <= one.begin <= until and around & set(one.stations)]
    return min(begins, default=None)


def _accounted_for(alarm: Alarm, day: Day) -> bool:
    late = day.stations.steps(DISPERSAL)
    return any(
        truth.begin <= alarm.begin <= truth.end + late and stations_around(truth.link, ACCOUNTED) & set(alarm.stations)
        for truth in day.incidents
    )


def _preferred(one: Score) -> tuple[bool, float, float]:
    """Within the limit of false alarms the most found; beyond it the fewest false alarms."""
    within = one.false_a_day + MARGIN * one.false_error <= FALSE_A_DAY
    return within, one.found if within else -one.false_a_day, -one.false_a_day


def _told(one: Score) -> dict[str, Any]:
    return {
        "felt": one.felt,
        "found": one.found,
        "found_of_all": one.found_of_all,
        "away": one.away,
        "found_away": one.found_away,
        "minutes": one.minutes,
        "median_minutes": one.median_minutes,
        "false_a_day": one.false_a_day,
        "false_error": one.false_error,
        "most_false": one.most_false,
    }
