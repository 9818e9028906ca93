"""APID, the all-purpose incident detection of COMPASS (Masters, Lam and Wong 1991).

It compares the occupancies of a station and the next one downstream, as the California algorithms do, and
adds a routine for medium traffic, a test for compression waves and one for persistence::

    OCCDF  = up - down               OCCRDF = (up - down) / up
    DOCCTD = (down 2 min ago - down) / down 2 min ago
    SPDTDF = (speed up 2 min ago - speed up) / speed up 2 min ago
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from lionrock.engines.anomaly.stations import Flags, Stations, at_downstream, trailing_mean

AGO = timedelta(minutes=2)
FREE, TENTATIVE, CONFIRMED = 0, 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ApidSettings:
    """Thresholds in the names of the publication; occupancies in %. The defaults are those of COMPASS where published.

    ``heavy`` is the upstream occupancy from which the general routine holds and below which the one
    for medium traffic does.
    """

    smooth: timedelta = timedelta(minutes=1)
    heavy: float = 15.0
    occdf: float = 10.2
    occrdf: float = 0.4
    docc: float = 28.8
    medium_occrdf: float = 0.4
    medium_spdtdf: float = 0.1
    persists: float = 0.1
    persistence: timedelta = timedelta(minutes=2)
    wave: float = -1.3
    wave_lasts: timedelta = timedelta(minutes=5)
    clears: float = 0.1


def apid(stations: Stations, settings: ApidSettings) -> Flags:
    """Which pairs of stations ring in which periods, named by the upstream one; causal in time."""
    up = trailing_mean(stations.occupancy_pct, stations.steps(settings.smooth))
    speed = trailing_mean(stations.speed_kmh, stations.steps(settings.smooth))
    down = at_downstream(up, stations.downstream)
    ago = stations.steps(AGO)
    with np.errstate(invalid="ignore", divide="ignore"):
        occdf, occrdf = up - down, (up - down) / np.maximum(up, 0.1)
        docctd, spdtdf = np.full_like(up, np.nan), np.full_like(up, np.nan)
        docctd[ago:] = (down[:-ago] - down[ago:]) / np.maximum(down[:-ago], 0.1)
        spdtdf[ago:] = (speed[:-ago] - speed[ago:]) / np.maximum(speed[:-ago], 1.0)
    general = (up >= settings.heavy) & (occdf > settings.occdf) & (occrdf > settings.occrdf) & (down < settings.docc)
    medium = (up < settings.heavy) & (occrdf > settings.medium_occrdf) & (spdtdf > settings.medium_spdtdf)
    wave = docctd < settings.wave
    return _states(general, medium, wave, occrdf, stations, settings)


def _states(
    general: Flags, medium: Flags, wave: Flags, occrdf: np.ndarray, stations: Stations, settings: ApidSettings
) -> Flags:
    """Walk through time: free, tentative until it has persisted, confirmed until it clears."""
    persistence, wave_lasts = stations.steps(settings.persistence), stations.steps(settings.wave_lasts)
    state = np.full(general.shape[1], FREE)
    since = np.zeros(general.shape[1], np.int64)
    wave_until = np.full(general.shape[1], -1)
    ringing = np.zeros(general.shape, np.bool_)
    for period in range(len(general)):
        wave_until[wave[period]] = period + wave_lasts
        quiet = wave_until < period
        suspect = (general[period] & quiet) | medium[period]
        begins = (state == FREE) & suspect
        state[begins], since[begins] = TENTATIVE, period
        fails = (state == TENTATIVE) & ~(occrdf[period] > settings.persists)
        state[fails] = FREE
        state[(state == TENTATIVE) & (period - since >= persistence)] = CONFIRMED
        state[(state == CONFIRMED) & (occrdf[period] < settings.clears)] = FREE
        ringing[period] = state == CONFIRMED
    return ringing
