"""What incident detection learns from: dense days of the twin, each with its counterfactual.

Five days' incidents on one day's traffic, and the same day without any, so that it is known what each incident slowed
and what everyday jams look like.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lionrock.app.evaluate.aid_days import Day, Progress, each_day, stations_around
from lionrock.core.vocabulary import BadInput
from lionrock.engines.anomaly import boosted as trees
from lionrock.engines.anomaly.features import IDLE_LANE, LANE_COLUMNS, MIDDLE, SHARE_OF_USUAL, features
from lionrock.engines.anomaly.stations import Flags, Floats, Stations, trailing_mean
from lionrock.engines.anomaly.usual import UsualDays, learn_usual_days

MIDNIGHT = timedelta(0)
BEHIND, ACCOUNTED = 1, 4  # links back from an incident that its queue may ring in, and that are no false alarm
DISPERSAL = timedelta(minutes=30)  # until a queue is gone
HISTORY_DAYS = 16  # of the dense ones, that usual days and McMaster's diagrams are learned from
LOST, IDLES = 0.15, 3.0  # a station feels an incident where it lost so much speed, or a lane idles so surely
SLOW_SHARE = 0.9  # of the usual speed: what is slower teaches more
HARD, QUIET = 0.3, 0.01  # the shares of slow and of quiet periods that are learned from, on days with incidents
HARD_WITHOUT, QUIET_WITHOUT = 0.15, 0.005  # and on the same days without any
SEED = 5
SLOWEST_KMH = 5.0


def keep_shipped_model(folder: Path, progress: Progress) -> Path:
    """Train anew, with fixed seeds, and write the model that the package ships."""
    _, usual = learn_history(folder, progress)
    path = Path(trees.__file__).with_name(trees.MODEL)
    path.write_text(train_model(each_day("dense", folder, progress), usual), encoding="utf-8")
    return path


def learn_history(folder: Path, progress: Progress) -> tuple[Stations, UsualDays]:
    """The first of the dense days, one after the other, and the usual days that they come to."""
    days = list(islice(each_day("dense", folder, progress), HISTORY_DAYS))
    history = joined(days)
    return history, learn_usual_days(history, np.array([day.off for day in days]))


def joined(days: Iterable[Day]) -> Stations:
    """The days one after the other."""
    all_days = [day.stations for day in days]
    return replace(
        all_days[0],
        occupancy_pct=np.concatenate([one.occupancy_pct for one in all_days]),
        volume=np.concatenate([one.volume for one in all_days]),
        speed_kmh=np.concatenate([one.speed_kmh for one in all_days]),
        idle_lane=np.concatenate([one.idle_lane for one in all_days]),
    )


def without_lanes(seen: Floats) -> Floats:
    """Features as one sees them who counts stations and no lanes."""
    blind = seen.copy()
    blind[..., LANE_COLUMNS] = np.nan
    return blind


def train_model(dense: Iterable[Day], usual: UsualDays, eye: Callable[[Floats], Floats] | None = None) -> str:
    """The trees as text, learned on the dense days: what incidents slowed against everything that went on besides.

    ``eye`` says what they see of the features, all of them when it is left out.
    """
    parts = [_rows(day, usual, np.random.default_rng([SEED, number])) for number, day in enumerate(dense)]
    seen, incident = (np.concatenate([part[which] for part in parts]) for which in (0, 1))
    return trees.train(seen if eye is None else eye(seen), incident)


def _rows(day: Day, usual: UsualDays, rng: np.random.Generator) -> tuple[NDArray[np.float32], Flags]:
    """Features and labels: where an incident was felt, many slow and a few quiet periods away from any.

    The same day without incidents adds its own jams, none of which is an incident.
    """
    if day.without is None:
        raise BadInput("a day to learn from without its counterfactual", where="dense")
    usually_so = usual.of(off=day.off)
    seen = features(day.stations, usually_so, MIDNIGHT)
    near, away = np.zeros(seen.shape[:2], np.bool_), np.ones(seen.shape[:2], np.bool_)
    for truth in day.incidents:
        until = truth.end + day.stations.steps(DISPERSAL)
        away[truth.begin : until, list(stations_around(truth.link, ACCOUNTED))] = False
        near[truth.begin : truth.end, list(stations_around(truth.link, BEHIND))] = True
    smooth = day.stations.steps(MIDDLE)
    usually = trailing_mean(day.without.speed_kmh, smooth)
    lost = 1 - trailing_mean(day.stations.speed_kmh, smooth) / np.maximum(usually, SLOWEST_KMH)
    near &= (lost > LOST) | (seen[..., IDLE_LANE] > IDLES)
    picked = near | (away & _drawn(seen, rng, HARD, QUIET))
    calm = features(day.without, usually_so, MIDNIGHT)
    drawn = _drawn(calm, rng, HARD_WITHOUT, QUIET_WITHOUT)
    rows = np.concatenate([seen[picked], calm[drawn]]).astype(np.float32)
    return rows, np.concatenate([near[picked], np.zeros(int(drawn.sum()), np.bool_)])


def _drawn(seen: Floats, rng: np.random.Generator, hard: float, quiet: float) -> Flags:
    """Periods by chance: the share ``hard`` of those that are slow or have an idle lane, of others ``quiet``."""
    slow = (seen[..., SHARE_OF_USUAL] < SLOW_SHARE) | (seen[..., IDLE_LANE] > IDLES)
    chosen: Flags = rng.random(slow.shape) < np.where(slow, hard, quiet)
    return chosen
