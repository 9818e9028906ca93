"""Whether one lane of a station carries less than its share: what a closed lane does long before traffic slows.

Each lane's count of the last minutes against the share that it had of its station's traffic just before, in standard
deviations of counting (Poisson). It needs no history but half an hour, and does not care how busy the road is.
"""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import Floats, Numbers

RECENT = (timedelta(minutes=3), timedelta(minutes=8))
BEFORE = timedelta(minutes=25)
EVEN = 6.0  # vehicles spread evenly over all lanes, that the shares begin at
BY_CHANCE = 1.0  # vehicles: what a share that is not known exactly adds to the variance


def idle_lane(volume: Floats, station: Numbers, stations: int, period: timedelta) -> Floats:
    """How surely a lane idles (periods, stations), in standard deviations; NaN for one lane alone or nothing measured.

    ``volume`` is vehicles (periods, lanes), NaN where nothing was measured; ``station`` is the column of each lane.
    """
    belongs = (station[:, None] == np.arange(stations)).astype(np.float64)
    lanes = belongs.sum(axis=0)[station]
    idle = np.full((len(volume), stations), np.nan)
    for span in RECENT:
        steps = max(1, round(span / period))
        recent, before = _sum(volume, steps), _earlier(_sum(volume, round(BEFORE / period)), steps)
        total, total_before = (values @ belongs for values in (recent, before))
        share = (before + EVEN / lanes) / (total_before[:, station] + EVEN)
        expected = share * total[:, station]
        short = (expected - recent) / np.sqrt(expected + BY_CHANCE)
        short[:, lanes == 1] = np.nan
        short[np.isnan(volume)] = np.nan
        for lane, column in enumerate(station.tolist()):
            idle[:, column] = np.fmax(idle[:, column], short[:, lane])
    return idle


def _sum(values: Floats, steps: int) -> Floats:
    sums = np.cumsum(np.nan_to_num(values, nan=0.0), axis=0)
    sums[steps:] -= sums[:-steps].copy()
    return sums


def _earlier(values: Floats, steps: int) -> Floats:
    return np.concatenate([np.zeros((min(steps, len(values)), values.shape[1])), values[:-steps]])
