"""The night of 1-2 September 2023, when the city waited for Typhoon Saola under signals No. 8, 9 and 10.

The recording holds four days, so what the night would have been is known from two other nights of the
same recording alone: that of 2-3 September, when signals came down and rain had ended, and that of
3-4 September. One typhoon is one observation, whatever the number of detectors: the interval is what
two ordinary nights allow to be said, and it knows nothing of other typhoons.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from lionrock.engines.effects.estimates import Estimate, estimate
from lionrock.engines.effects.usual import Cube, Panel
from lionrock.services.mobility.traffic.datasets import SPEED

RECORDING = "hk/td_detector_hourly/hourly_2023-09-01_04.parquet"
NIGHT_HOURS = 10  # from 20:00 until 06:00; signal No. 10 from 20:15, No. 8 again from 03:40
FIRST_HOUR = 20
NIGHTS = ("1-2 September (signals 9, 10 and 8)", "2-3 September (signals came down)", "3-4 September")
DAY_HOURS = 24
NOBODY = 0.5  # vehicles: the log of an hour that counted none
SEED = 852


def evaluate_night(shared: Path) -> dict[str, Any] | None:
    """Effects on speed and flow of the night against the others; None where the recording is absent."""
    path = shared / RECORDING
    if not path.exists():
        return None
    speed, flow = (nights_of(values) for values in read_hours(path))
    whole = np.isfinite(flow).all(axis=(0, 1))
    return {
        "nights": list(NIGHTS),
        "detectors": int(whole.sum()),
        "vehicles": [round(float(np.exp(night[:, whole]).sum())) for night in flow],
        "measures": [_measure("speed", speed), _measure("flow", flow)],
    }


def _measure(name: str, nights: Cube) -> dict[str, Any]:
    said = effect_of_night(nights)
    against = [float(np.nanmean(nights[0] - nights[other])) for other in (1, 2)]
    return {
        "measure": name,
        "log_ratio": said.log_ratio,
        "low": said.low,
        "high": said.high,
        "grade": said.grade.value,
        "typhoons": said.blocks,
        "hours": said.hours,
        "against": dict(zip(NIGHTS[1:], against, strict=True)),
        "between_the_other_nights": float(np.nanmean(nights[1] - nights[2])),
    }


def effect_of_night(nights: Cube) -> Estimate:
    """The effect of the first of ``nights[night, hour, detector]`` against the others, hour of the night by hour."""
    same = np.zeros(len(nights), np.int64)
    panel = Panel(nights, same, same, np.arange(len(nights), dtype=np.float64))
    states = np.zeros(nights.shape, np.int8)
    states[0] = 1
    return estimate(panel, states, 1, {}, seed=SEED).whole[0]


def nights_of(hours: Cube) -> Cube:
    """Nights ``[night, hour, detector]`` from hours ``[hour since the first midnight, detector]``."""
    first = [FIRST_HOUR + DAY_HOURS * night for night in range(len(NIGHTS))]
    return np.stack([hours[begin : begin + NIGHT_HOURS] for begin in first])


def read_hours(path: Path) -> tuple[Cube, Cube]:
    """Logs of km/h and of vehicles an hour ``[hour, detector]`` of the recording; NaN where unknown.

    The file is the one that ``traffic.recordings`` replays; it is read in columns here, which is ten
    times as fast. A speed counts where vehicles did and where the property calls it possible.
    """
    table = pq.read_table(path, columns=["detectorID", "laneType", "speed", "totalVolume", "hour"])
    hour = table["hour"].to_numpy().astype("datetime64[h]")
    row = (hour - hour.min()).astype(np.int64)
    detectors, owner = np.unique(table["detectorID"].to_numpy().astype(str), return_inverse=True)
    names = np.char.add(table["detectorID"].to_numpy().astype(str), table["laneType"].to_numpy().astype(str))
    lanes, lane = np.unique(names, return_inverse=True)
    volume, kmh = (table[name].to_numpy().astype(np.float64) for name in ("totalVolume", "speed"))
    good = (volume > 0) & (kmh >= SPEED.low) & (kmh <= SPEED.high)
    shape = (int(row.max()) + 1, len(detectors))
    cell = row * len(detectors) + owner
    metres, vehicles, counted, heard = (
        np.bincount(cell, weight, shape[0] * shape[1]).reshape(shape)
        for weight in (np.where(good, volume * kmh, 0), np.where(good, volume, 0), volume, np.ones(len(cell)))
    )
    of_detector = np.zeros(len(lanes), np.int64)
    of_detector[lane] = owner
    whole = heard == np.bincount(of_detector, minlength=len(detectors))
    with np.errstate(invalid="ignore", divide="ignore"):
        speed: Cube = np.log(np.where(vehicles > 0, metres / vehicles, np.nan)).astype(np.float32)
    flow: Cube = np.where(whole, np.log(np.maximum(counted, NOBODY)), np.nan).astype(np.float32)
    return speed, flow
