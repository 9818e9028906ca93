"""Simulate one day into the twin's folder and end: ``... lionrock.twin.make_day FOLDER SEED SCALE DATE [NICE]``.

A process of its own, because a day needs some 450 MB for two seconds and the server must stay small.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from lionrock.twin.day import keep_day, path_of, simulate_day


def main(folder: str, seed: str, scale: str, day: str, niceness: str = "0") -> None:
    """Simulate and keep one day; what the arguments say is the server's business."""
    os.nice(int(niceness))
    when = date.fromisoformat(day)
    truth = simulate_day(int(seed), when, scale=float(scale))
    keep_day(path_of(Path(folder), int(seed), when, float(scale)), truth)


if __name__ == "__main__":
    main(*sys.argv[1:])
