"""Whether eight journeys in ten take as long as their range says: forecasts learned on twin days, driven on later ones.

Needs the simulated days that a twin left (LIONROCK_TWIN_DAYS, a folder of day-*.npz; at least FIT_DAYS + 1). The
forecast is fitted on the first ones; on the others, every half hour from 6 to 21, journeys between
random places leave at once, in 30 and in 60 minutes, and are driven through the speeds that then came.
``covered_*`` is the share of journeys within their range, ``independent`` and ``added_up`` what the two
simple sums would have covered; ``wide_*`` the median width over the duration, ``off_min`` the median error.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.routing import _kept, _twin_features
from lionrock.commons.spatial.roads import Roads, build_roads
from lionrock.core.vocabulary import BadInput, NotYet
from lionrock.engines.forecast.history import History
from lionrock.engines.routing.field import SpeedField
from lionrock.engines.routing.search import Task, find_earliest, retimed
from lionrock.engines.routing.spread import Correlation
from lionrock.services.mobility.journeys.access import doorway
from lionrock.services.mobility.journeys.desk import Knowledge
from lionrock.services.mobility.journeys.gazetteer import PLACES
from lionrock.services.mobility.journeys.journey import TOGETHER, spread_of
from lionrock.services.mobility.journeys.outlook import build_outlook
from lionrock.services.mobility.journeys.sensed import Sensed
from lionrock.services.mobility.journeys.tolls import Tolls
from lionrock.services.mobility.journeys.usual import UsualDays
from lionrock.services.mobility.traffic.model import Seen, fit_speeds, pack_speeds, predict_speeds
from lionrock.twin.calendar import HONG_KONG, midnight
from lionrock.twin.day import load_day
from lionrock.twin.network import list_links

FOLDER = Path(os.environ.get("LIONROCK_TWIN_DAYS", "data/twin/days"))
FIT_DAYS = 12
STEP = timedelta(minutes=5)
PERIODS_A_STEP = 10
TRIPS = 40
SHORTEST_LINKS = 3
SEEN_STEPS = 72
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


def run() -> dict[str, float]:
    """Fit, promise, drive; raises NotYet without enough days."""
    days = sorted(FOLDER.glob("day-*.npz"))
    if len(days) <= FIT_DAYS:
        raise NotYet(f"{len(days)} simulated days in {FOLDER}: {FIT_DAYS + 1} are needed")
    history, truth = _speeds(days)
    roads = build_roads(_kept(_twin_features()), frozenset())
    ids = tuple(link.key for link in list_links())
    rows = FIT_DAYS * (timedelta(days=1) // STEP)
    known = History(values=history[:rows], start=midnight(_day(days[0])), step=STEP, zone=timedelta(hours=8))
    fitted = fit_speeds(pack_speeds(Seen(ids, known)))
    promised = [
        one
        for row in range(rows + SEEN_STEPS, len(history) - LATEST_STEPS, EVERY_STEPS)
        if FROM_HOUR <= (known.start + STEP * row).astimezone(HONG_KONG).hour < UNTIL_HOUR
        for one in _promises(roads, ids, history, truth, known, row, fitted)
    ]
    return _figures(promised)


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
    roads: Roads, ids: tuple[str, ...], history: Floats, truth: SpeedField, known: History, row: int, fitted: bytes
) -> list[tuple[int, dict[str, tuple[float, float]], float, float]]:
    """(minutes ahead, ranges by method, promised and driven seconds) of some random trips at one moment."""
    now = known.start + STEP * row
    recent = History(values=history[row - SEEN_STEPS : row], start=now - STEP * SEEN_STEPS, step=STEP, zone=known.zone)
    forecasts = predict_speeds(fitted, Seen(ids, recent))
    ahead: dict[str, list[tuple[float, float, float, float]]] = {}
    for one in forecasts:
        at = (one.issued_at + one.horizon).timestamp()
        ahead.setdefault(one.sensor, []).append((at, one.low, one.middle, one.high))
    points = {road: np.array(sorted(rows)).T for road, rows in ahead.items()}
    measured = {road: float(history[row - 1, place]) for place, road in enumerate(ids)}
    sensed = Sensed(measured, points, now, now, now)
    nothing = UsualDays((), np.empty((2, 48, 3, 0)), 0)
    outlook = build_outlook(roads, sensed, nothing, now.timestamp())
    knowledge = Knowledge(
        now, roads, Tolls(False, {}, (None,) * len(roads.links), frozenset()), sensed, nothing, outlook
    )
    rng = np.random.default_rng(row)
    told = []
    for _ in range(TRIPS):
        (_, _, *start), (_, _, *end) = (PLACES[int(place)] for place in rng.integers(0, len(PLACES), 2))
        task = Task(roads.graph, outlook.middle, doorway(roads, *start).terminals, doorway(roads, *end).terminals)
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


def _speeds(days: list[Path]) -> tuple[Floats, SpeedField]:
    """Five-minute means [row, link] as float32, and the field of what really was, minute by minute."""
    whole = np.concatenate([load_day(path, _day(path)).link_speed for path in days]).astype(np.float32) / 10
    steps = whole.reshape(-1, PERIODS_A_STEP, whole.shape[1]).mean(axis=1)
    minutes = whole.reshape(-1, 2, whole.shape[1]).mean(axis=1)
    start = midnight(_day(days[0])).timestamp()
    moments = start + 30.0 + 60.0 * np.arange(len(minutes))
    since = int(FIT_DAYS * 1440)
    roads = build_roads(_kept(_twin_features()), frozenset())
    columns = {link.key: place for place, link in enumerate(list_links())}
    order = np.array([columns[link.road] for link in roads.links])
    field = SpeedField(moments[since:], np.maximum(minutes[since:].astype(float), 3.0), order)
    return steps, field


def _day(path: Path) -> date:
    found = re.search(r"(\d{8})\.npz$", path.name)
    if found is None:
        raise BadInput(f"{path.name} names no day")
    return datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=HONG_KONG).date()
