"""Whether eight journeys in ten take as long as their range says: forecasts made on twin days, driven on later ones.

Simulates the days first (a minute on two cores): LEARN_DAYS to learn from, and three weekdays to drive on. What
is tested is how the ranges of single roads become the range of a journey, so that the roads' own forecasts are
plain ones that are right by construction: the usual weekday, and the part of now's distance from it that
lasts, with each road's and hour's 10% and 90% of error. Every half hour of the later weekdays from 6 to 21, journeys
between random places leave at once, in 30 and in 60 minutes, and are driven through the speeds that then came.
The way from the door to the road is left out: what local streets take is assumed, and would be true by assumption.
``covered_*`` is the share of journeys within their range, for ours and for what the two simple sums would
say; ``wide_*`` the median width over the duration; ``roads_covered`` is the same of single roads' forecasts.
"""

from __future__ import annotations

import contextlib
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing import _kept, _twin_features
from lionrock.city.gazetteer import list_places
from lionrock.commons.spatial.roads import Roads, build_roads
from lionrock.core.vocabulary import NotFound
from lionrock.engines.routing.field import SpeedField
from lionrock.engines.routing.graph import Terminal
from lionrock.engines.routing.search import Task, find_earliest, retimed
from lionrock.engines.routing.spread import Correlation
from lionrock.services.mobility.journeys.access import doorway
from lionrock.services.mobility.journeys.desk import Knowledge
from lionrock.services.mobility.journeys.journey import TOGETHER, spread_of
from lionrock.services.mobility.journeys.outlook import build_outlook
from lionrock.services.mobility.journeys.sensed import Measured, Sensed
from lionrock.services.mobility.journeys.tolls import Tolls
from lionrock.services.mobility.journeys.usual import UsualDays
from lionrock.twin.calendar import HONG_KONG, is_rest_day, midnight
from lionrock.twin.day import simulate_day
from lionrock.twin.network import list_links

SEED = 852
FIRST = date(2024, 4, 11)  # a Thursday, so that the days to drive on are weekdays
LEARN_DAYS, DRIVE_DAYS = 12, 3
STEP = timedelta(minutes=5)
PERIODS_A_STEP = 10
TRIPS = 40
SHORTEST_LINKS = 3
STEPS_A_DAY = 288
HORIZONS = (3, 6, 9, 12, 15, 18)  # in steps
SATURDAY = 5
LATEST_STEPS = 48  # before the end of the days: the longest journey must be over
EVERY_STEPS = 6
FROM_HOUR, UNTIL_HOUR = 6, 21
LEAVE_IN_MIN = (0, 30, 60)
INDEPENDENT, ADDED_UP = Correlation(0.0, 1e-9), Correlation(1.0, 1.0)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Driven:
    """Journeys as promised and as they went, in seconds."""

    low: Floats
    middle: Floats
    high: Floats
    took: Floats

    @property
    def covered(self) -> float:
        """The share that took as long as the range says."""
        return round(float(np.mean((self.took >= self.low) & (self.took <= self.high))), 3)


@dataclass(frozen=True)
class PlainForecast:
    """``usual[slot, road]``; by horizon the share of a distance from it that lasts, and quantiles of error."""

    usual: Floats
    lasts: dict[int, float]
    error: dict[int, Floats]

    def at(self, row: int, speeds: Floats, horizon: int) -> tuple[Floats, Floats, Floats]:
        """The three quantiles of every road ``horizon`` steps after ``row``, of which ``speeds`` are known."""
        slot = (row + horizon) % STEPS_A_DAY
        middle = self.usual[slot] + self.lasts[horizon] * (speeds - self.usual[row % STEPS_A_DAY])
        low, high = self.error[horizon][:, slot // 12]
        return np.maximum(middle + low, 3.0), np.maximum(middle, 3.0), np.maximum(middle + high, 3.0)


def run() -> dict[str, float]:
    """Simulate, learn, promise, drive."""
    days = [FIRST + timedelta(days=index) for index in range(LEARN_DAYS + DRIVE_DAYS)]
    history, truth = _speeds(days)
    weekday = np.array([day.weekday() < SATURDAY and not is_rest_day(day) for day in days])
    forecast = _learned(history, weekday)
    roads = build_roads(_kept(_twin_features()), frozenset())
    first_s = midnight(FIRST).timestamp()
    promised = [
        one
        for row in range(LEARN_DAYS * STEPS_A_DAY, len(history) - LATEST_STEPS, EVERY_STEPS)
        if weekday[row // STEPS_A_DAY] and FROM_HOUR <= row % STEPS_A_DAY // 12 < UNTIL_HOUR
        for one in _promises(roads, history, truth, first_s, row, forecast)
    ]
    return {"roads_covered": _roads_covered(history, weekday, forecast)} | _figures(promised)


def _learned(history: Floats, weekday: NDArray[np.bool_]) -> PlainForecast:
    whole = history[: LEARN_DAYS * STEPS_A_DAY].reshape(LEARN_DAYS, STEPS_A_DAY, -1)[weekday[:LEARN_DAYS]]
    usual = np.median(whole, axis=0)
    others = np.array([np.median(np.delete(whole, day, axis=0), axis=0) for day in range(len(whole))])
    apart = whole - others  # from a usual day that has not seen the day itself
    lasts, error = {}, {}
    for horizon in HORIZONS:
        before, after = apart[:, :-horizon], apart[:, horizon:]
        lasts[horizon] = float((before * after).sum() / (before**2).sum())
        missed = np.zeros_like(apart)
        missed[:, horizon:] = after - lasts[horizon] * before
        by_hour = missed.reshape(len(missed), 24, 12, -1).transpose(1, 0, 2, 3).reshape(24, -1, missed.shape[2])
        error[horizon] = np.quantile(by_hour, (0.1, 0.9), axis=1)
    return PlainForecast(usual, lasts, error)


def _roads_covered(history: Floats, weekday: NDArray[np.bool_], forecast: PlainForecast) -> float:
    inside = []
    for row in range(LEARN_DAYS * STEPS_A_DAY, len(history) - LATEST_STEPS, EVERY_STEPS):
        if weekday[row // STEPS_A_DAY] and FROM_HOUR <= row % STEPS_A_DAY // 12 < UNTIL_HOUR:
            low, _, high = forecast.at(row, history[row], HORIZONS[1])
            came = history[row + HORIZONS[1]]
            inside.append(np.mean((came >= low) & (came <= high)))
    return round(float(np.mean(inside)), 3)


def _figures(promised: list[tuple[int, dict[str, tuple[float, float]], float, float]]) -> dict[str, float]:
    figures: dict[str, float] = {"journeys": float(len(promised))}
    for name in ("ours", "independent", "added_up"):
        for ahead in (None, *LEAVE_IN_MIN) if name == "ours" else (None,):
            some = [one for one in promised if ahead is None or one[0] == ahead]
            driven = Driven(
                *(
                    np.array(part)
                    for part in zip(*((one[1][name][0], one[2], one[1][name][1], one[3]) for one in some), strict=True)
                )
            )
            label = name if ahead is None else f"{name}_in_{ahead}"
            figures[f"covered_{label}"] = driven.covered
            figures[f"wide_{label}"] = round(float(np.median((driven.high - driven.low) / driven.middle)), 3)
            if name == "ours":
                figures[f"off_min_{label}"] = round(float(np.median(np.abs(driven.took - driven.middle))) / 60, 2)
                figures[f"below_{label}"] = round(float(np.mean(driven.took < driven.low)), 3)
    return figures


def _promises(
    roads: Roads, history: Floats, truth: SpeedField, first_s: float, row: int, forecast: PlainForecast
) -> list[tuple[int, dict[str, tuple[float, float]], float, float]]:
    """(minutes ahead, ranges by method, promised and driven seconds) of some random trips at one moment."""
    ids = tuple(link.key for link in list_links())
    now = datetime.fromtimestamp(first_s, HONG_KONG) + STEP * (row + 1)
    quantiles = np.array([forecast.at(row, history[row], horizon) for horizon in HORIZONS])
    moments = now.timestamp() + np.array(HORIZONS) * STEP.total_seconds()
    points = {road: np.vstack([moments, quantiles[:, :, place].T]) for place, road in enumerate(ids)}
    measured = {road: Measured(max(float(history[row, place]), 3.0), now.timestamp()) for place, road in enumerate(ids)}
    sensed = Sensed(measured, points, now, now, now)
    nothing = UsualDays((), np.empty((2, 48, 3, 0)), 0)
    outlook = build_outlook(roads, sensed, nothing, now.timestamp())
    knowledge = Knowledge(
        now, roads, Tolls(False, {}, (None,) * len(roads.links), frozenset()), sensed, nothing, outlook
    )
    rng = np.random.default_rng(row)
    doors = _doors(roads)
    told = []
    for _ in range(TRIPS):
        start, end = (doors[int(place)] for place in rng.integers(0, len(doors), 2))
        task = Task(roads.graph, outlook.middle, start, end)
        for minutes in LEAVE_IN_MIN:
            path = find_earliest(task, now.timestamp() + minutes * 60)
            if path is None or len(path.links) < SHORTEST_LINKS:
                continue
            ranges = {
                "ours": spread_of(knowledge, path, TOGETHER),
                "independent": spread_of(knowledge, path, INDEPENDENT),
                "added_up": spread_of(knowledge, path, ADDED_UP),
            }
            took = retimed(truth, path, path.depart_s).duration_s
            told.append((minutes, ranges, path.duration_s, took))
    return told


def _doors(roads: Roads) -> list[tuple[Terminal, ...]]:
    """Where the places join the network; islands without roads are left out."""
    found = []
    for place in list_places():
        with contextlib.suppress(NotFound):
            near = doorway(roads, place.lon, place.lat).terminals
            found.append(tuple(door._replace(access_s=0.0) for door in near))
    return found


def _speeds(days: list[date]) -> tuple[Floats, SpeedField]:
    """Five-minute means [row, link] as float32, and the field of what really was, minute by minute."""
    print(f"simulating {len(days)} days ...", file=sys.stderr)
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        whole = np.concatenate(list(pool.map(_link_speeds, days))).astype(np.float32) / 10
    steps = whole.reshape(-1, PERIODS_A_STEP, whole.shape[1]).mean(axis=1)
    minutes = whole.reshape(-1, 2, whole.shape[1]).mean(axis=1)
    start = midnight(FIRST).timestamp()
    moments = start + 30.0 + 60.0 * np.arange(len(minutes))
    since = LEARN_DAYS * 1440
    roads = build_roads(_kept(_twin_features()), frozenset())
    columns = {link.key: place for place, link in enumerate(list_links())}
    order = np.array([columns[link.road] for link in roads.links])
    field = SpeedField(moments[since:], np.maximum(minutes[since:].astype(float), 3.0), order)
    return steps, field


def _link_speeds(day: date) -> NDArray[np.uint16]:
    return simulate_day(SEED, day).link_speed
