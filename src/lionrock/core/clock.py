"""One clock, handed to everything that asks for the time: real, a twin's that runs faster, or a recording's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the platform knows of time."""

    def now(self) -> datetime:
        """The source's own moment, aware, in UTC."""

    async def sleep(self, span: timedelta) -> None:
        """Wait for ``span`` of the source's own time."""


class RealClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The machine's moment in UTC."""
        return datetime.now(UTC)

    async def sleep(self, span: timedelta) -> None:
        """Wait for ``span``."""
        await asyncio.sleep(max(span.total_seconds(), 0))


class ScaledClock:
    """A twin's clock: at the real moment ``anchor`` it shows ``epoch``, and runs ``speed`` times as fast.

    Two processes that are given the same three values show the same time.
    """

    def __init__(self, epoch: datetime, anchor: datetime, speed: float) -> None:
        self.epoch, self.anchor, self.speed = epoch, anchor, speed

    def now(self) -> datetime:
        """The twin's moment in UTC."""
        return self.epoch + (datetime.now(UTC) - self.anchor) * self.speed

    async def sleep(self, span: timedelta) -> None:
        """Wait for ``span`` of the twin's time."""
        await asyncio.sleep(max(span.total_seconds(), 0) / self.speed)


class SetClock:
    """A recording's clock: it stands where it was last set."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment

    def set(self, moment: datetime) -> None:
        """Show ``moment`` from now on; a clock never goes back."""
        self.moment = max(self.moment, moment)

    async def sleep(self, span: timedelta) -> None:
        """Wait in real time: nothing in a recording moves by itself."""
        await asyncio.sleep(max(span.total_seconds(), 0))
