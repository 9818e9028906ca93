"""Long work says how far it is, and work that failed says so."""

from __future__ import annotations

import time
from dataclasses import dataclass

from lionrock.core.faults import tell_fault
from lionrock.core.vocabulary import Text

TOLD_FOR_S = 3600.0  # how long a failure is told: what fails again is told again
LONGEST_ERROR = 300  # characters


@dataclass(frozen=True, slots=True)
class Step:
    """``done`` of ``total`` pieces of what ``label`` names."""

    done: int
    total: int
    label: Text


@dataclass(frozen=True, slots=True)
class Failure:
    """Work that failed and was started again: how often without an hour's pause, how long ago at last, and why."""

    work: str
    times: int
    age_s: float
    error: str


class Progress:
    """One long work's place, None while nothing runs; and the failures of the last hour."""

    def __init__(self) -> None:
        self.step: Step | None = None
        self._failed: dict[str, tuple[int, float, str]] = {}

    def show(self, done: int, total: int, label: Text) -> None:
        """Say how far the work is."""
        self.step = Step(done, total, label)

    def finish(self) -> None:
        """Say that the work is done."""
        self.step = None

    def tell_failure(self, work: str, error: Exception) -> None:
        """Say that ``work`` failed just now."""
        before = next((one.times for one in self.list_failures() if one.work == work), 0)
        self._failed[work] = (before + 1, time.monotonic(), tell_fault(error)[:LONGEST_ERROR])

    def list_failures(self) -> list[Failure]:
        """Whatever failed within the last hour, the newest first."""
        now = time.monotonic()
        told = [Failure(work, times, now - at_s, error) for work, (times, at_s, error) in self._failed.copy().items()]
        return sorted((one for one in told if one.age_s < TOLD_FOR_S), key=lambda one: one.age_s)
