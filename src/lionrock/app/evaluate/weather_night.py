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

from lionrock.core.vocabulary import Quality, Reading
from lionrock.engines.effects.estimates import Estimate, estimate
from lionrock.engines.effects.usual import Cube, Floats, Ints, Panel
from lionrock.services.mobility.traffic.datasets import SPEED, VOLUME
from lionrock.services.mobility.traffic.recordings import HOUR, PERIODS, parse_hourly

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
    """Logs of km/h and of vehicles an hour ``[hour, detector]``, read as the replay reads them; NaN where unknown."""
    rows: list[tuple[int, dict[str, dict[str, float]]]] = []
    begin = None
    for received, _, readings in parse_hourly(path):
        begin = begin or received
        found: dict[str, dict[str, float]] = {}
        for reading in readings:
            if isinstance(reading, Reading) and reading.value is not None and reading.quality is Quality.GOOD:
                found.setdefault(reading.sensor, {})[reading.property] = reading.value
        rows.append(((received - begin) // HOUR, found))
    lanes = sorted({lane for _, found in rows for lane in found})
    detectors = sorted({lane.split("/")[0] for lane in lanes})
    column = {detector: index for index, detector in enumerate(detectors)}
    owner = np.array([column[lane.split("/")[0]] for lane in lanes])
    speed, flow = (np.full((rows[-1][0] + 1, len(detectors)), np.nan, np.float32) for _ in range(2))
    for hour, found in rows:
        volume, kmh = (
            np.array([found[lane][name] if lane in found and name in found[lane] else np.nan for lane in lanes])
            for name in (VOLUME.id, SPEED.id)
        )
        speed[hour], flow[hour] = _of_detectors(volume * PERIODS, kmh, owner, len(detectors))
    return speed, flow


def _of_detectors(volume: Floats, kmh: Floats, owner: Ints, count: int) -> tuple[Floats, Floats]:
    """One hour: speeds weighed by vehicles, and flows of the detectors all of whose lanes were heard."""
    moving = np.isfinite(volume) & np.isfinite(kmh)
    vehicles = np.bincount(owner[moving], volume[moving], count)
    metres = np.bincount(owner[moving], (volume * kmh)[moving], count)
    silent = np.bincount(owner[np.isnan(volume)], minlength=count) > 0
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = np.log(np.where(vehicles > 0, metres / vehicles, np.nan))
    counted = np.bincount(owner[~np.isnan(volume)], volume[~np.isnan(volume)], count)
    return speed, np.where(silent, np.nan, np.log(np.maximum(counted, NOBODY)))
