"""The twin as a process of its own: the platform knows it only by its addresses."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import socket
from typing import Any, Self

import httpx

from lionrock.core.clock import Clock, RealClock, ScaledClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import LionrockError

STOPS_WITHIN_S = 1.0
LOOK_AGAIN_S = 0.1
WATCH_EVERY_S = 1.0
PATIENCE_S = 120.0


@dataclass(slots=True)
class TwinProcess:
    """A running twin, its address, and how it was started; another process takes the place of one that ended."""

    process: subprocess.Popen[bytes]
    base: str
    command: Sequence[str]

    @classmethod
    def start(cls, settings: Settings) -> Self:
        """Start a twin beside us; it keeps its days in the twin's own folder and ends when we end."""
        port = free_port()
        command = [sys.executable, "-m", "lionrock.twin", "--port", str(port), "--parent", str(os.getpid())]
        command += ["--folder", str(settings.home / "days"), "--seed", str(settings.twin_seed)]
        days = settings.backfill_days + 1  # the first minutes of a day speak of the day before
        command += ["--history", str(days), "--speed", str(settings.twin_speed)]
        epoch = () if settings.twin_epoch is None else ("--epoch", settings.twin_epoch.isoformat())
        return cls(_run([*command, *epoch]), f"http://127.0.0.1:{port}", command)

    async def watch(self, clock: Clock) -> None:
        """Start the twin again where it ended, at the time that it is by ``clock``; raises LionrockError when it ends.

        Made for ``keep_alive``, which waits longer from one end to the next.
        """
        if self.process.poll() is not None:
            self.process = _run([*self.command, *_at_the_time_of(clock)])
        while self.process.poll() is None:  # noqa: ASYNC110 - no event tells of a process's end on every system
            await asyncio.sleep(WATCH_EVERY_S)
        raise LionrockError(f"the twin ended by itself with code {self.process.returncode}")

    def read_clock(self) -> Clock:
        """The clock that the twin lives by, once it answers; raises LionrockError when it does not."""
        told = self._ask("/twin/clock", lambda _: True)
        if told["epoch"] is None and told["speed"] == 1.0:
            return RealClock()
        anchor = datetime.fromtimestamp(told["started"], UTC)
        epoch = anchor if told["epoch"] is None else datetime.fromisoformat(told["epoch"]).astimezone(UTC)
        return ScaledClock(epoch, anchor, told["speed"])

    def wait_until_a_day_is_ready(self) -> None:
        """Return once the twin has simulated a day; raises LionrockError when it ended or took too long."""
        self._ask("/twin/progress", lambda told: told["ready"] > 0)

    def stop(self) -> None:
        """End the twin, kindly first."""
        self.process.terminate()
        try:
            self.process.wait(STOPS_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, path: str, enough: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise LionrockError(
                    f"the twin ended by itself with code {self.process.returncode}; its words are above"
                )
            try:
                told = dict(httpx.get(f"{self.base}{path}", timeout=5).raise_for_status().json())
            except httpx.HTTPError:
                told = {}
            if told and enough(told):
                return told
            time.sleep(LOOK_AGAIN_S)
        raise LionrockError(f"the twin did not answer within {PATIENCE_S:.0f} s")


def _at_the_time_of(clock: Clock) -> tuple[str, ...]:
    """The options by which a twin shows the very time of ``clock``, however long it takes to start."""
    if not isinstance(clock, ScaledClock):
        return ()
    return "--epoch", clock.epoch.isoformat(), "--started", str(clock.anchor.timestamp())


def _run(command: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 - our own module; Ctrl-C is ours to pass


def free_port() -> int:
    """A loopback port that nobody listens on at this moment."""
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
