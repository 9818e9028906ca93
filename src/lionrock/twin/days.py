"""Which days are needed, and the short-lived process that simulates them one after another."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from lionrock.twin.calendar import HONG_KONG, local_day
from lionrock.twin.city import TwinCity

IDLE_S = 1.0
POLITENESS = "10"  # niceness: a city that is being served goes before days that are being prepared
LATE_HOURS = range(20, 24)  # tomorrow is nearer than yesterday
KEPT_LONGER_DAYS = 2


@dataclass(slots=True)
class DayMaker:
    """Keeps the folder supplied: today first, then yesterday and tomorrow, then the days before, back to ``history``.

    ``failures`` holds what went wrong, by day; such a day is tried again at the next start only.
    """

    city: TwinCity
    now: Callable[[], datetime]
    history_days: int
    wanted_first: list[date] = field(default_factory=list)
    failures: dict[date, str] = field(default_factory=dict)
    making: date | None = None
    _task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to make missing days."""
        self._task = asyncio.create_task(self.run())

    async def stop(self) -> None:
        """Make no more days, not even the one at hand; a second call does nothing."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def ask_for(self, day: date) -> None:
        """Make this day next: somebody waits for it."""
        if day not in self.wanted_first:
            self.wanted_first.insert(0, day)

    def list_wanted(self) -> list[date]:
        """Days that should exist, in the order of their urgency."""
        today = local_day(self.now())
        around = [today - timedelta(days=1), today + timedelta(days=1)]
        usual = [today, *(reversed(around) if self.is_late() else around)]
        usual += [today - timedelta(days=back) for back in range(2, self.history_days + 1)]
        return [*usual[:1], *self.wanted_first, *(day for day in usual[1:] if day not in self.wanted_first)]

    def is_late(self) -> bool:
        """Whether tomorrow comes soon."""
        return self.now().astimezone(HONG_KONG).hour in LATE_HOURS

    def find_next(self) -> date | None:
        """The most urgent day that is missing."""
        missing = (day for day in self.list_wanted() if not self.city.path_of(day).exists())
        return next((day for day in missing if day not in self.failures), None)

    def forget_old(self) -> None:
        """Remove days from before the history: a fast clock would fill the disk with them."""
        eldest = local_day(self.now()) - timedelta(days=self.history_days + KEPT_LONGER_DAYS)
        name_of = self.city.path_of(eldest).name
        for path in self.city.folder.glob(name_of.replace(f"{eldest:%Y%m%d}", "[0-9]" * 8)):
            if path.name < name_of:
                path.unlink(missing_ok=True)

    def progress(self) -> dict[str, Any]:
        """How far the days are, for ``GET /twin/progress``."""
        wanted = sorted(set(self.list_wanted()))
        ready = [day for day in wanted if self.city.path_of(day).exists()]
        return {
            "wanted": len(wanted),
            "ready": len(ready),
            "making": self.making.isoformat() if self.making else None,
            "days": {day.isoformat(): self._state(day, day in ready) for day in wanted},
        }

    async def run(self) -> None:
        """Make missing days until cancelled."""
        while True:
            day = self.find_next()
            if day is None:
                await asyncio.sleep(IDLE_S)
                continue
            self.making = day
            try:
                await self._make(day)
            finally:
                self.making = None
            self.wanted_first = [wanted for wanted in self.wanted_first if wanted != day]
            self.forget_old()

    async def _make(self, day: date) -> None:
        city = self.city
        urgent = day in self.list_wanted()[: 2 if self.is_late() else 1]
        what = (str(city.folder), str(city.seed), str(city.scale), day.isoformat(), "0" if urgent else POLITENESS)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "lionrock.twin.make_day", *what),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, errors = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            raise
        if process.returncode:
            lines = errors.decode(errors="replace").strip().splitlines()
            self.failures[day] = lines[-1] if lines else f"the process ended with {process.returncode}"

    def _state(self, day: date, ready: bool) -> str:
        if ready:
            return "ready"
        if day in self.failures:
            return f"failed: {self.failures[day]}"
        return "simulating" if day == self.making else "waiting"
