"""How often a lane of a real detector falls silent: the false alarms that looking at lanes may bring to a city.

The recorded hours of September 2023 say what each lane of each detector counted. They know of no incident; but the
twin's lanes fall silent beside incidents alone, and those of a city also for works, faults and closures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from lionrock.core.vocabulary import NotFound

HOURS = "td_detector_hourly/hourly_*.parquet"
SILENT, BUSY = 0.15, 60.0  # the share of what a lane should have counted, and how much that must be


def count_silent_lanes(folder: Path) -> dict[str, Any]:
    """Hours in which a lane counted almost nothing of its share of the hour before; raises NotFound without data."""
    found = sorted(folder.glob(HOURS))
    if not found:
        raise NotFound(f"no {HOURS} in {folder}; say where it lies with --data-dir")
    table = pq.read_table(found[0], columns=["detectorID", "laneType", "totalVolume", "hour"])
    names = [table[name].to_numpy() for name in ("detectorID", "laneType")]
    hours, hour = np.unique(table["hour"].to_numpy(), return_inverse=True)
    lanes, lane = np.unique(
        np.char.add(np.char.add(names[0].astype(str), "/"), names[1].astype(str)), return_inverse=True
    )
    detectors, detector = np.unique([each.split("/")[0] for each in lanes], return_inverse=True)
    counted = np.full((len(hours), len(lanes)), np.nan)
    counted[hour, lane] = table["totalVolume"].to_numpy()
    belongs = (detector[:, None] == np.arange(len(detectors))).astype(np.float64)
    total = (np.nan_to_num(counted) @ belongs)[:, detector]
    share = np.divide(counted, total, out=np.full_like(counted, np.nan), where=total > 0)
    expected = share[:-1] * total[1:]
    silent = (counted[1:] < SILENT * expected) & (expected > BUSY)
    at_detectors = (silent @ belongs) > 0
    days = len(hours) / 24
    return {
        "detectors": len(detectors),
        "days": round(days, 1),
        "silent_hours": int(at_detectors.sum()),
        "a_day": round(float(at_detectors.sum() / days), 1),
    }
