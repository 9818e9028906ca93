"""Simulate one day into the twin's folder and end: ``python -m lionrock.twin.make_day FOLDER SEED SCALE DATE``.

A process of its own, because a day needs some 450 MB for two seconds and the server must stay small.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from lionrock.twin.day import keep_day, path_of, simulate_day

POLITENESS = 5  # a city that is being served goes before days that are being prepared


def main(folder: str, seed: str, scale: str, day: str) -> None:
    """Simulate and keep one day; what the arguments say is the server's business."""
    os.nice(POLITENESS)
    when = date.fromisoformat(day)
    truth = simulate_day(int(seed), when, scale=float(scale))
    keep_day(path_of(Path(folder), int(seed), when, float(scale)), truth)


if __name__ == "__main__":
    main(*sys.argv[1:])
