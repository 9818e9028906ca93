"""The seed and the days that the twin's tests share."""

from __future__ import annotations

from datetime import date

SEED, SCALE = 11, 0.5
WEDNESDAY, SUNDAY = date(2026, 11, 18), date(2026, 11, 22)
