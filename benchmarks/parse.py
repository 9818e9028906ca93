"""How long the raw detectors file takes to become readings: two periods of about 2,031 lanes, 16,000 readings.

The file is made here, in the real format and with its quirks; the real recording is timed too where
it lies beside the checkout. Figures in milliseconds, median of 31 runs.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from datetime import datetime
from pathlib import Path

from lionrock.core.manifest import Download
from lionrock.services.mobility.traffic.feeds.detectors import parse_lanes

REAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "hk" / "td_detectors" / "rawSpeedVol-all.xml"
RECEIVED_AT = datetime.fromisoformat("2024-04-06T21:29:00+08:00")
RUNS = 31
DETECTORS = 754
LANES = 2031
PERIODS = (("21:27:00", "21:27:30"), ("21:27:30", "21:28:00"))
LANE_NAMES = ("Fast Lane", "Middle Lane", "Slow Lane")


def run() -> dict[str, float]:
    """Time the made file, and the real one where it is; returns ``median_ms``, ``readings`` and the like."""
    readings, median_ms = _timed(made_file())
    figures = {"median_ms": median_ms, "readings": float(readings)}
    if REAL.exists():
        real_readings, figures["real_median_ms"] = _timed(REAL.read_bytes())
        figures["real_readings"] = float(real_readings)
    return figures


def made_file() -> bytes:
    """A detectors file of two periods; the same bytes every time."""
    rng = random.Random(852)
    parts = ['<?xml version="1.0" encoding="utf-8"?><raw_speed_volume_list><date>2024-04-06</date><periods>']
    for begins, ends in PERIODS:
        parts.append(f"<period><period_from>{begins}</period_from><period_to>{ends}</period_to><detectors>")
        for index in range(DETECTORS):
            lanes = 2 if index < 3 * DETECTORS - LANES else 3
            parts.append(f"<detector><detector_id>AID{index:05}</detector_id><direction>North </direction><lanes>")
            parts += [_lane(name, rng) for name in LANE_NAMES[:lanes]]
            parts.append("</lanes></detector>")
        parts.append("</detectors></period>")
    parts.append("</periods></raw_speed_volume_list>")
    return "".join(parts).encode()


def _lane(name: str, rng: random.Random) -> str:
    volume = rng.choice((0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 9))
    speed = rng.randint(30, 110) if volume else rng.choice((50, 70, 80, 100))
    valid = rng.choices("YN", (94, 6))[0]
    spread = round(rng.random() * 15, 1) if volume > 1 else 0
    return (
        f"<lane><lane_id>{name}</lane_id><speed>{speed}</speed><occupancy>{rng.randint(0, 20)}</occupancy>"
        f"<volume>{volume}</volume><s.d.>{spread}</s.d.><valid>{valid}</valid></lane>"
    )


def _timed(body: bytes) -> tuple[int, float]:
    download = Download(body=body, url="https://example.org/rawSpeedVol-all.xml", received_at=RECEIVED_AT)
    took = []
    for _ in range(RUNS):
        gc.collect()
        started = time.perf_counter()
        readings = list(parse_lanes(download))
        took.append((time.perf_counter() - started) * 1000)
    return len(readings), round(statistics.median(took), 2)
