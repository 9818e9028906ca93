"""Boosted trees on what stations say, and a sequential test on their log-odds; learned on simulated incidents.

What the trees learn from is the counterfactual: the same day simulated with and without its incidents. A station is
called slowed where it lost a share of its speed against the day without, or where a lane idles beside a closure; the
days without any incident say what everyday jams look like.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from math import log

import numpy as np

from lionrock.engines import lightgbm as lgb
from lionrock.engines.anomaly.features import IDLE_LANE, SHARE_OF_USUAL
from lionrock.engines.anomaly.stations import Flags, Floats, Stations, trailing_mean

PARAMETERS = {
    "objective": "binary", "num_leaves": 31, "min_data_in_leaf": 300, "learning_rate": 0.1, "lambda_l2": 5.0,
    "feature_fraction": 0.6, "bagging_fraction": 0.7, "bagging_freq": 1,
    "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 1,
}  # fmt: skip
ROUNDS = 120
MODEL = "boosted.txt"
UNASKED = (  # lines of a model's text that only its training needs, half of it; without sizes it is read tree by tree
    "split_gain=", "leaf_weight=", "leaf_count=", "internal_value=", "internal_weight=", "internal_count=",
    "tree_sizes=",
)  # fmt: skip
AFTER_TREES = "\nfeature_importances"
AS_USUAL, ALL_LANES = 0.95, 2.5  # the share of the usual speed, and idleness, until which traffic is as usual
SUREST = 1e-5  # no probability is nearer to 0 or 1
JAMMED, GRIDLOCK = 0.6, 0.3  # the share of the usual speed that is a jam, and of jammed stations that is a gridlock
MANY = 50  # stations: of fewer no share of them speaks of a city


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostedSettings:
    """A station rings where its log-odds over ``persistence`` are beyond ``threshold``, until below half of it."""

    threshold: float = 0.65  # chosen on the tuning days; docs/models/incidents.md
    persistence: timedelta = timedelta(minutes=4)


def train(seen: Floats, incident: Flags) -> str:
    """Fit the trees on rows of features and whether each was an incident; the model as text that tells only these."""
    booster = lgb.train(dict(PARAMETERS), lgb.Dataset(seen, incident.astype(np.int8)), ROUNDS)
    told = booster.model_to_string().split(AFTER_TREES)[0]
    return "\n".join(line for line in told.split("\n") if not line.startswith(UNASKED))


@cache
def shipped_model() -> lgb.Booster:
    """The model that comes with this package, trained on simulated days alone; docs/models/incidents.md says which."""
    return lgb.Booster(model_str=files(__package__).joinpath(MODEL).read_text(encoding="utf-8"))


def probabilities(model: lgb.Booster, seen: Floats) -> Floats:
    """How likely an incident is, for every period and station; NaN where nothing was measured.

    Where traffic is about as fast as usual on all lanes it is 0 and the trees are not asked; nor are they
    in a gridlock.
    """
    known = ~np.isnan(seen[..., SHARE_OF_USUAL])
    asked = known & unusual(seen) & ~gridlock(seen)[:, None]
    likely = np.where(known, 0.0, np.nan)
    if asked.any():
        likely[asked] = np.asarray(model.predict(seen[asked]))
    return likely


def unusual(seen: Floats) -> Flags:
    """Where it is slower than usual, or a lane idles; of features in any shape."""
    slow: Flags = (seen[..., SHARE_OF_USUAL] < AS_USUAL) | (seen[..., IDLE_LANE] > ALL_LANES)
    return slow


def gridlock(seen: Floats) -> Flags:
    """The periods in which so much of a city is jammed that no jam tells of an incident; never with few stations."""
    share = seen[..., SHARE_OF_USUAL]
    measured, jammed = (~np.isnan(share)).sum(axis=1), (share < JAMMED).sum(axis=1)
    standing: Flags = (measured >= MANY) & (jammed > GRIDLOCK * measured)
    return standing


def boosted(likely: Floats, stations: Stations, settings: BoostedSettings) -> Flags:
    """Which stations ring in which periods; causal in time. Where nothing was measured for long nothing changes."""
    bounded = np.clip(likely, SUREST, 1 - SUREST)
    odds = trailing_mean(np.log(bounded / (1 - bounded)), stations.steps(settings.persistence))
    begins, ends = _log_odds(settings.threshold), _log_odds(settings.threshold / 2)
    state = np.zeros(likely.shape[1], np.bool_)
    ringing = np.zeros(likely.shape, np.bool_)
    for period, now in enumerate(odds):
        state = (state | (now > begins)) & ~(now < ends)
        ringing[period] = state
    return ringing


def _log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
