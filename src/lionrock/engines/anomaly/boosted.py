"""Boosted trees on what a station, its neighbours and its usual day say; learned on simulated incidents.

Every feature is causal and in shares or differences, so that a station that was never simulated can be
judged: speeds in shares of the usual and of the free one, occupancies and volumes against the usual and
the last quarter of an hour, and the same of the next stations up and down the road.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

import lightgbm as lgb
import numpy as np

from lionrock.engines.anomaly.stations import NONE, Flags, Floats, Numbers, Stations, at_downstream, trailing_mean
from lionrock.engines.anomaly.usual import Usual

SHORT, MIDDLE, LONG = timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15)
AGO, LONG_AGO = timedelta(minutes=10), timedelta(minutes=20)
LOOKS_BACK = LONG_AGO + LONG  # what the first judged period needs before it
PARAMETERS = {
    "objective": "binary", "num_leaves": 15, "min_data_in_leaf": 200, "learning_rate": 0.08,
    "feature_fraction": 0.7, "verbose": -1, "num_threads": 2, "deterministic": True, "seed": 1,
}  # fmt: skip
ROUNDS = 120
MODEL = "boosted.txt"
SHARE_OF_USUAL, AS_USUAL = 1, 0.95  # a column of the features, and the share from which traffic is as usual


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostedSettings:
    """A station rings once its probability was over ``threshold`` for ``persistence``, until below half of it."""

    threshold: float = 0.7  # chosen on the tuning days; docs/models/incidents.md
    persistence: timedelta = timedelta(minutes=2)


def features(stations: Stations, usual: Usual, first: timedelta) -> Floats:
    """What the trees see: (periods, stations, features), NaN where it is not known."""
    short, middle, long = (stations.steps(span) for span in (SHORT, MIDDLE, LONG))
    ago, long_ago = stations.steps(AGO), stations.steps(LONG_AGO)
    speed, fast = trailing_mean(stations.speed_kmh, middle), trailing_mean(stations.speed_kmh, short)
    full, full_now = trailing_mean(stations.occupancy_pct, middle), trailing_mean(stations.occupancy_pct, short)
    volume, volume_before = trailing_mean(stations.volume, middle), trailing_mean(stations.volume, long)
    bins = usual.bins(stations, first)
    usually, spread, usually_full = usual.speed_kmh[bins], usual.speed_spread[bins], usual.occupancy_pct[bins]
    free = usual.free_speed_kmh
    down, up = stations.downstream, upstream_of(stations.downstream)
    change, change_long = (fast - _before(speed, ago)) / free, (speed - _before(speed, long_ago)) / free
    columns = [
        fast / free, fast / usually, speed / usually, (usually - speed) / spread, change, change_long,
        full_now, full - usually_full, full - _before(full, ago), volume, volume / np.maximum(volume_before, 0.1),
        volume - _before(volume_before, long_ago), usually / free,
        at_downstream(fast / free, down), at_downstream(speed / usually, down),
        at_downstream(full - usually_full, down), at_downstream(volume, down) - volume, at_downstream(change, down),
        at_downstream(speed / usually, up), at_downstream(fast / free, up), at_downstream(volume, up) - volume,
        at_downstream(change, up), full * speed,
    ]  # fmt: skip
    seen: Floats = np.stack(columns, axis=-1)
    return seen


def upstream_of(downstream: Numbers) -> Numbers:
    """The station before each, or NONE."""
    upstream = np.full(len(downstream), NONE, np.int64)
    having = np.flatnonzero(downstream != NONE)
    upstream[downstream[having]] = having
    return upstream


def train(seen: Floats, incident: Flags) -> str:
    """Fit the trees on rows of features and whether each was an incident; the model as text."""
    booster = lgb.train(dict(PARAMETERS), lgb.Dataset(seen, incident.astype(np.int8)), ROUNDS)
    return booster.model_to_string()


@cache
def shipped_model() -> lgb.Booster:
    """The model that comes with this package, trained on simulated days alone; docs/models/incidents.md says which."""
    return lgb.Booster(model_str=files(__package__).joinpath(MODEL).read_text(encoding="utf-8"))


def probabilities(model: lgb.Booster, seen: Floats) -> Floats:
    """How likely an incident is, for every period and station; NaN where nothing was measured.

    Where traffic is about as fast as usual it is 0 and the trees are not asked.
    """
    rows = seen.reshape(-1, seen.shape[-1])
    known = ~np.isnan(rows[:, SHARE_OF_USUAL])
    slow = known & (rows[:, SHARE_OF_USUAL] < AS_USUAL)
    likely = np.where(known, 0.0, np.nan)
    if slow.any():
        likely[slow] = np.asarray(model.predict(rows[slow]))
    return likely.reshape(seen.shape[:2])


def boosted(likely: Floats, stations: Stations, settings: BoostedSettings) -> Flags:
    """Which stations ring in which periods; causal in time. A period without a reading changes nothing."""
    persistence = stations.steps(settings.persistence)
    counts, state = np.zeros(likely.shape[1], np.int64), np.zeros(likely.shape[1], np.bool_)
    ringing = np.zeros(likely.shape, np.bool_)
    for period, now in enumerate(likely):
        known = ~np.isnan(now)
        over, under = known & (now > settings.threshold), known & (now < settings.threshold / 2)
        counts = np.where(over, counts + 1, np.where(known, 0, counts))
        state = (state | (counts >= persistence)) & ~under
        ringing[period] = state
    return ringing


def _before(values: Floats, steps: int) -> Floats:
    return np.concatenate([np.full((min(steps, len(values)), values.shape[1]), np.nan), values[:-steps]])
