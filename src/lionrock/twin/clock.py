"""The twin's time: the real one, or one that starts at an epoch and runs faster."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class TwinClock:
    """Time is ``epoch`` plus the seconds since ``started`` times ``speed``; without an epoch it is the real time."""

    epoch: datetime | None = None
    speed: float = 1.0
    started: float = field(default_factory=time.time)

    def now(self) -> datetime:
        """The moment it is in the simulated city."""
        wall = time.time()
        if self.epoch is None and self.speed == 1.0:
            return datetime.fromtimestamp(wall, UTC)
        epoch = self.epoch or datetime.fromtimestamp(self.started, UTC)
        return epoch + timedelta(seconds=(wall - self.started) * self.speed)
