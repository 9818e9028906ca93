"""The simulated city: a seed, a folder of simulated days, and what of them is at hand."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from lionrock.core.vocabulary import NotYet
from lionrock.twin.calendar import local_day, second_of_day
from lionrock.twin.day import PERIOD_S, DayTruth, load_day, path_of

DAYS_IN_MEMORY = 2  # each takes about 20 MB


@dataclass(frozen=True, slots=True)
class TwinCity:
    """What feeds are rendered from. ``scale`` multiplies demand (tests use little)."""

    seed: int
    folder: Path
    scale: float = 1.0
    _days: OrderedDict[date, DayTruth] = field(default_factory=OrderedDict, compare=False)

    def truth_of(self, day: date) -> DayTruth:
        """The truth of a date; raises NotYet where it has not been simulated."""
        if day in self._days:
            self._days.move_to_end(day)
            return self._days[day]
        path = self.path_of(day)
        if not path.exists():
            raise NotYet(f"{day.isoformat()} is not simulated yet")
        self._days[day] = load_day(path, day)
        while len(self._days) > DAYS_IN_MEMORY:
            self._days.popitem(last=False)
        return self._days[day]

    def period_at(self, moment: datetime) -> tuple[DayTruth, int]:
        """The day and the index of the 30-second period that contains ``moment``."""
        return self.truth_of(local_day(moment)), int(second_of_day(moment) // PERIOD_S)

    def path_of(self, day: date) -> Path:
        """The file that keeps a date."""
        return path_of(self.folder, self.seed, day, self.scale)
