"""``lionrock evaluate traffic --data twin``: what it is worth to know more than the speeds.

The same forest learns from the same pairs of moment and road, once from the speeds alone and once
with each sort of other knowledge; both are scored on the same later days. Only the forest: the networks see the
same columns, but three of them for every row of the table would take hours. The city is simulated,
so that rain, closures and buses are known and days are many; the knowledge is as late and as wrong as it
would be read from the city's own feeds (``beside_twin``). Closures are put on the road that they are on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from lionrock.app.evaluate.beside_twin import STEP, TwinRows, gather_rows
from lionrock.engines.bootstrap import Sums, mean_between, resampled
from lionrock.engines.forecast.baselines import DECAYING_RESIDUAL, naive_points
from lionrock.engines.forecast.features import LOOKS_BACK, Look, differences, look_at
from lionrock.engines.forecast.history import Flags, Floats, History, Ints
from lionrock.engines.forecast.losses import silence
from lionrock.engines.forecast.rivals import Rivals, learn, minutes_of, sample_pairs
from lionrock.engines.forecast.trees import grow_shared
from lionrock.engines.forecast.usual_day import usual_at_unseen
from lionrock.twin.calendar import midnight
from lionrock.twin.feeds.regional import HALF_HOURS
from lionrock.twin.network import list_links

FIRST_DAY = date(2026, 6, 1)  # the wet season
DAYS, LEARN_DAYS = 18, 12
SEEDS = (2, 3, 852)
MINUTES = (15, 30, 60, 90)
PAIRS, PAIRS_NEAR, PAIRS_SILENT = 40_000, 15_000, 10_000  # to learn from: any, near a closure, with silent roads
EVERY = 6  # rows between the origins that are scored
ORIGINS_AT_ONCE = 48
WET_MM_H = 1.0
BLOCK = timedelta(hours=6)
SEED = 1
ROUNDS = 150
HALF_HOUR = timedelta(minutes=30)

NOTHING, CITY_RAIN, ROAD_RAIN = "nothing", "nowcast, city", "nowcast, own road"
REPORT, WARNINGS = "nowcast, own road; report", "nowcast, own road; warnings"
CLOSURES, PLANNED, BUSES = "closures", "closures, as if planned", "buses"
AGAINST = {
    CITY_RAIN: NOTHING,
    ROAD_RAIN: NOTHING,
    REPORT: ROAD_RAIN,
    WARNINGS: ROAD_RAIN,
    CLOSURES: NOTHING,
    PLANNED: NOTHING,
    BUSES: NOTHING,
}
ALL, IN_RAIN, IN_STORM, NEAR, OWN, SHUT, SILENT = (
    "everywhere",
    "rain at the target",
    "warning in force",
    "near a closure",
    "on the closed road",
    "on or before a road with a lane closed at the target",
    "roads silent now",
)
Tell = Callable[[str, int, int], None]
Columns = Mapping[str, Floats]


@dataclass(frozen=True)
class Errors:
    """Sums of absolute errors ``[knowledge][where][block, H]`` and the counts ``[where][block, H]``."""

    sums: dict[str, dict[str, Sums]]
    counts: dict[str, Sums]


def evaluate_beside(folder: Path, tell: Tell, seeds: tuple[int, ...] = SEEDS, days: int = DAYS) -> dict[str, Any]:
    """Errors with and without each sort of knowledge over all ``seeds``; everything as JSON can carry it.

    Simulated days are kept in ``folder`` for the next time.
    """
    learn_days = LEARN_DAYS * days // DAYS
    judged = [_judge(gather_rows(seed, FIRST_DAY, days, folder, tell), learn_days, seed, tell) for seed in seeds]
    whole = _joined(judged)
    return {
        "data": "twin", "seeds": list(seeds), "first_day": FIRST_DAY.isoformat(), "days": days,
        "learn_days": learn_days, "roads": len(list_links()), "minutes": list(MINUTES),
        "rows": [row for name in (NOTHING, *AGAINST) for row in beside_rows(whole, name)],
    }  # fmt: skip


def known_beside(rows: TwinRows) -> dict[str, Floats]:
    """What each sort of knowledge adds to a pair, ``[row, road, columns]``; logs of one more than the mm for rain."""
    roads = rows.speed.shape[1]
    city, road = np.log1p(rows.nowcast.mean(axis=1)), np.log1p(rows.nowcast)
    warnings = np.stack([rows.storm, rows.signal], axis=1)
    ahead, farther = next_of(rows.closed), next_of(next_of(rows.closed))
    closures = np.stack([rows.closed, ahead, farther, np.log1p(rows.told_min / 10)], axis=2)

    def to_all(columns: Floats) -> Floats:
        return np.broadcast_to(columns[:, None, :], (len(columns), roads, columns.shape[1]))

    return {
        NOTHING: road[:, :, :0],
        CITY_RAIN: to_all(city),
        ROAD_RAIN: road,
        REPORT: np.concatenate([road, np.log1p(rows.reported)[:, :, None]], axis=2),
        WARNINGS: np.concatenate([road, to_all(warnings)], axis=2),
        CLOSURES: closures,
        PLANNED: closures_ahead(rows.shut),
        BUSES: rows.bus[:, :, None],
    }


def closures_ahead(shut: Floats) -> Floats:
    """What a plan tells, ``[row, road, 10]``: how much is closed now and in each of the next four half hours at most.

    On the road itself, and on the one that it goes on to.
    """
    rows_a_half_hour = HALF_HOUR // STEP
    ended = np.concatenate([shut[1:], np.zeros((HALF_HOURS * rows_a_half_hour, shut.shape[1]), shut.dtype)])
    each_row = sliding_window_view(ended, rows_a_half_hour, axis=0).max(axis=2)
    spans = [shut, *(each_row[number * rows_a_half_hour :][: len(shut)] for number in range(HALF_HOURS))]
    return np.stack([*spans, *map(next_of, spans)], axis=2)


def next_of(values: Floats) -> Floats:
    """Of each road the most of ``values[row, road]`` on the links that its own road goes on to, or on any that do."""
    links = list_links()
    ahead = np.zeros_like(values)
    for column, link in enumerate(links):
        onward = [i for i, other in enumerate(links) if other.start == link.end and other.end != link.start]
        same = [i for i in onward if (links[i].road, links[i].bound) == (link.road, link.bound)]
        if same or onward:
            ahead[:, column] = values[:, same or onward].max(axis=1)
    return ahead


def _judge(rows: TwinRows, learn_days: int, seed: int, tell: Tell) -> Errors:
    start = midnight(rows.first)
    zone = start.utcoffset() or timedelta(0)
    history = History(values=rows.speed, start=start, step=STEP, zone=zone, holidays=rows.rest_days)
    learned = learn_days * (timedelta(days=1) // STEP)
    horizons = np.array([minutes * 60 // history.step_s for minutes in MINUTES])
    past = history.before(learned)
    rivals = learn(past, horizons, SEED, models=False)
    knowledge = known_beside(rows)
    near = np.any(knowledge[CLOSURES][:, :, :3] > 0, axis=2)
    pairs, look = _lessons(past, rivals, (near | np.any(knowledge[PLANNED] > 0, axis=2))[:learned])
    forests = {}
    for number, (name, columns) in enumerate(knowledge.items()):
        tell(f"learn {seed}", number, len(knowledge))
        forests[name] = _grow(rivals, _told(look, columns, pairs))
    return _scored(rows, history, learned, (rivals, forests), knowledge, near)


def _lessons(past: History, rivals: Rivals, near: Flags) -> tuple[tuple[Ints, Ints], Look]:
    """Pairs to learn from and what was seen of them: any, those near a closure (now or soon), and silent roads'."""
    last = past.rows - int(rivals.horizons.max())
    some = sample_pairs(0, last, past.series, PAIRS, SEED)
    rows, series = np.nonzero(near[:last])
    drawn = np.sort(np.random.default_rng(SEED).permutation(len(rows))[:PAIRS_NEAR])
    whole = _together(some, (rows[drawn], series[drawn]))
    lossy = sample_pairs(0, last, past.series, PAIRS_SILENT, SEED + 1)

    def unseen(_history: History, block: slice, rows: Ints) -> tuple[Floats, Floats]:
        return usual_at_unseen(past.narrowed(block), rows)

    looks = []
    for seen, pairs in ((past, whole), (silence(past, SEED), lossy)):
        around = (*differences(seen, unseen, rivals.traits), rivals.companions)
        look = look_at(seen, pairs, rivals.horizons, unseen, rivals.traits, around)
        looks.append(replace(look, truth=past.values[pairs[0][:, None] + rivals.horizons, pairs[1][:, None]]))
    return _together(whole, lossy), Look.joined(looks)


def _together(some: tuple[Ints, Ints], more: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    return np.concatenate([some[0], more[0]]), np.concatenate([some[1], more[1]])


def _told(look: Look, columns: Floats, pairs: tuple[Ints, Ints]) -> Look:
    """The look with the other knowledge of its pairs."""
    return replace(look, also=columns[pairs[0], pairs[1]].astype(np.float32))


def _grow(rivals: Rivals, look: Look) -> Rivals:
    base, scale = naive_points(look, rivals.decay)[DECAYING_RESIDUAL], look.traits.scale
    target = (look.truth - base) / scale[:, None]
    minutes = minutes_of(rivals.horizons, rivals.step_s)
    forest = grow_shared(look, base, target, minutes, SEED, rounds=ROUNDS)
    return replace(rivals, trees=(forest,) * len(minutes))


def _scored(
    rows: TwinRows, history: History, learned: int, models: tuple[Rivals, dict[str, Rivals]], knowledge: Columns,
    near: Flags,
) -> Errors:  # fmt: skip
    rivals, forests = models
    back, far = history.steps(LOOKS_BACK) + 1, int(rivals.horizons.max())
    quiet = silence(history, SEED)
    block, blocks = history.steps(BLOCK), -(-(history.rows - learned) // history.steps(BLOCK))
    nothing: Sums = np.zeros((blocks, len(rivals.horizons)))
    errors = Errors({name: {} for name in forests}, {})
    for first in range(learned, history.rows - far, ORIGINS_AT_ONCE * EVERY):
        origins = np.arange(first, min(first + ORIGINS_AT_ONCE * EVERY, history.rows - far), EVERY)
        begin = first - back
        pairs = np.repeat(origins, history.series), np.tile(np.arange(history.series), len(origins))
        truth = history.values[pairs[0][:, None] + rivals.horizons, pairs[1][:, None]]
        cells = _where(rows, pairs, rivals.horizons, near)
        row = (pairs[0] - learned) // block
        silent = {SILENT: np.isnan(quiet.values[pairs])[:, None]}
        for seen, places, asked in ((history, cells, tuple(forests)), (quiet, silent, (NOTHING, BUSES))):
            look = rivals.look(seen.before(int(origins[-1]) + 1).after(begin), pairs[0] - begin, pairs[1])
            for name in asked:
                forest = forests[name]
                error = np.abs(forest.say(_told(look, knowledge[name], pairs)).points["boosted_trees"] - truth)
                for where, inside in places.items():
                    counted = np.broadcast_to(inside, error.shape) & np.isfinite(error)
                    sums = errors.sums[name].setdefault(where, nothing.copy())
                    np.add.at(sums, row, np.where(counted, error, 0))
                    if name == NOTHING:
                        np.add.at(errors.counts.setdefault(where, nothing.copy()), row, counted)
    return errors


def _where(rows: TwinRows, pairs: tuple[Ints, Ints], horizons: Ints, near: Flags) -> dict[str, Flags]:
    """Which cells ``[pair, horizon]`` count where."""
    origin, road = pairs
    target = origin[:, None] + horizons
    return {
        ALL: np.ones(target.shape, bool),
        IN_RAIN: rows.rate[target, road[:, None]] > WET_MM_H,
        IN_STORM: (rows.storm[origin] > 0)[:, None],
        NEAR: near[origin, road][:, None],
        OWN: (rows.closed[origin, road] > 0)[:, None],
        SHUT: np.maximum(rows.shut, next_of(rows.shut))[target, road[:, None]] > 0,
    }


def _joined(judged: list[Errors]) -> Errors:
    """The blocks of all cities, one after the other."""
    sums = {
        name: {where: np.concatenate([one.sums[name][where] for one in judged]) for where in places}
        for name, places in judged[0].sums.items()
    }
    counts = {where: np.concatenate([one.counts[where] for one in judged]) for where in judged[0].counts}
    return Errors(sums, counts)


def beside_rows(whole: Errors, name: str) -> list[dict[str, Any]]:
    """One row a place: errors by horizon, the paired differences from what it is held against, and their intervals."""
    rows = []
    for where, own in whole.sums[name].items():
        count = whole.counts[where]
        total = count.sum(axis=0)
        if not total.all():
            continue
        row: dict[str, Any] = {
            "known": name, "where": where, "count": int(total[0]), "mae": _rounded(own.sum(axis=0) / total),
            "mae_between": [mean_between(*each, SEED) for each in zip(own.T, count.T, strict=True)],
        }  # fmt: skip
        if name in AGAINST:
            apart = own - whole.sums[AGAINST[name]][where]
            low, high = resampled(apart, count, SEED)
            row |= {
                "against": AGAINST[name], "difference": _rounded(apart.sum(axis=0) / total),
                "low": _rounded(low), "high": _rounded(high),
            }  # fmt: skip
        rows.append(row)
    return rows


def _rounded(values: Sums) -> list[float]:
    return [round(float(value), 3) for value in values]
