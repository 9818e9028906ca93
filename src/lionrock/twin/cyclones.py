"""Tropical cyclones: the signals that each year of the twin hoists, hours by hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from lionrock.twin.chance import stream_for

# Signals 1, 3, 8, 9 and 10 and how long each is shown on the way up and down, in hours; a city's
# long record has about six cyclones a year, two in ten of which reach signal 8.
UP_HOURS = {"1": (18.0, 30.0), "3": (12.0, 24.0), "8": (6.0, 12.0), "9": (2.0, 4.0), "10": (3.0, 6.0)}
DOWN_HOURS = {"9": (1.0, 2.0), "8": (4.0, 8.0), "3": (7.0, 14.0), "1": (4.0, 9.0)}
PEAKS = (("1", 0.38), ("3", 0.36), ("8", 0.18), ("9", 0.04), ("10", 0.04))
QUARTERS = ("NE", "NW", "SE", "SW")
WIND_KMH = {"1": 28.0, "3": 48.0, "8": 78.0, "9": 98.0, "10": 130.0}


@dataclass(frozen=True, slots=True)
class CycloneSignal:
    """One signal from ``start`` until ``end``; ``code`` is 1, 3, 8NE, 8NW, 8SE, 8SW, 9 or 10."""

    code: str
    start: datetime
    end: datetime

    @property
    def number(self) -> str:
        """The signal's number without its quarter."""
        return self.code.rstrip("NESW")


@lru_cache(maxsize=8)
def list_cyclone_signals(seed: int, year: int) -> tuple[CycloneSignal, ...]:
    """Every signal of the year's cyclones, which come from June to November and never overlap."""
    rng = stream_for(seed, year, "cyclones")
    season = datetime(year, 6, 1, tzinfo=UTC)
    signals: list[CycloneSignal] = []
    for begins_h in sorted(rng.uniform(0, 24 * 170, int(rng.poisson(6)))):
        at = season + timedelta(hours=int(begins_h))
        if signals and at < signals[-1].end + timedelta(days=2):
            continue
        peak = PEAKS[int(rng.choice(len(PEAKS), p=[share for _, share in PEAKS]))][0]
        climb = list(UP_HOURS)[: list(UP_HOURS).index(peak) + 1]
        fall = [number for number in DOWN_HOURS if number in climb[:-1]]
        for number, hours in [(n, UP_HOURS[n]) for n in climb] + [(n, DOWN_HOURS[n]) for n in fall]:
            ends = at + timedelta(minutes=5 * int(rng.uniform(*hours) * 12))
            code = number + str(rng.choice(QUARTERS)) if number == "8" else number
            signals.append(CycloneSignal(code, at, ends))
            at = ends
    return tuple(signals)


def find_cyclone_signal(seed: int, moment: datetime) -> CycloneSignal | None:
    """The signal hoisted at ``moment``, if any."""
    signals = list_cyclone_signals(seed, moment.astimezone(UTC).year)
    return next((signal for signal in signals if signal.start <= moment < signal.end), None)


def signal_at(seed: int, moment: datetime) -> str | None:
    """The number of the signal hoisted at ``moment``, if any."""
    signal = find_cyclone_signal(seed, moment)
    return signal.number if signal else None
