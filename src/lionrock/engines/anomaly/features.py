"""What the trees see of a station, its neighbours, its usual day and the day so far.

Every feature is causal and in shares or differences, so that a station that was never simulated can be judged:
speeds in shares of the usual and of the free one, occupancies and volumes against the usual and the last quarter
of an hour, how surely one lane idles, and the same of the next stations up and down the road. "The day so far" is how
the station, and all stations, stood against their usual day a while ago: a wet or busy day is no incident.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import NONE, Floats, Numbers, Stations, at_downstream, trailing_mean
from lionrock.engines.anomaly.usual import Usual, middle_of

SHORT, MIDDLE, LONG = timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15)
AGO, LONG_AGO = timedelta(minutes=10), timedelta(minutes=20)
LOOKS_BACK = timedelta(minutes=40)  # what the first judged period needs before it: idle lanes look back the farthest
LEAST_VOLUME, LEAST_BEFORE = 0.1, 0.2  # vehicles a period: what is less is no ratio's denominator
SHARE_OF_USUAL, IDLE_LANE = 1, 23  # columns of the features
LANE_COLUMNS = (IDLE_LANE, 24, 25, 38)  # all that look at single lanes


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
    change, change_long = (fast - _before(speed, ago)) / free, (speed - _before(speed, long_ago)) / free
    share, idle = speed / usually, stations.idle_lane
    flow = volume / np.maximum(_before(volume_before, ago), LEAST_BEFORE)
    so_far = _before(trailing_mean(share, long), long_ago)
    down, up = stations.downstream, upstream_of(stations.downstream)

    def ahead(values: Floats) -> Floats:
        return at_downstream(values, down)

    def behind(values: Floats) -> Floats:
        return at_downstream(values, up)

    columns = [
        fast / free, fast / usually, share, (usually - speed) / spread, change, change_long,
        full_now, full - usually_full, full - _before(full, ago),
        volume, volume / np.maximum(volume_before, LEAST_VOLUME), volume - _before(volume_before, long_ago),
        usually / free,
        ahead(fast / free), ahead(share), ahead(full - usually_full), ahead(volume) - volume, ahead(change),
        behind(share), behind(fast / free), behind(volume) - volume, behind(change), full * speed,
        idle, ahead(idle), behind(idle), flow, ahead(flow), behind(flow),
        everywhere(share), so_far, share - so_far, ahead(share - so_far), behind(share - so_far),
        ahead(ahead(share)), behind(behind(share)), behind(behind(change)), ahead(ahead(flow)),
        trailing_mean(idle, middle),
    ]  # fmt: skip
    seen: Floats = np.stack(columns, axis=-1)
    return seen


def upstream_of(downstream: Numbers) -> Numbers:
    """The station before each, or NONE."""
    upstream = np.full(len(downstream), NONE, np.int64)
    having = np.flatnonzero(downstream != NONE)
    upstream[downstream[having]] = having
    return upstream


def everywhere(values: Floats) -> Floats:
    """The middle of all stations, at every station; NaN in a period in which nothing was measured."""
    return np.repeat(middle_of(values.T)[:, np.newaxis], values.shape[1], axis=1)


def _before(values: Floats, steps: int) -> Floats:
    return np.concatenate([np.full((min(steps, len(values)), values.shape[1]), np.nan), values[:-steps]])
