"""The twin beside a running Lionrock: what became of it is noticed."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running_lionrock import wait_for

from lionrock.app.jobs.supervisor import keep_alive
from lionrock.app.progress import Progress
from lionrock.app.twin_process import TwinProcess
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import LionrockError

EPOCH, SPEED = datetime(2026, 11, 20, tzinfo=UTC), 60.0


@pytest.fixture
def twin(tmp_path: Path) -> Iterator[TwinProcess]:
    started = TwinProcess.start(Settings(data=tmp_path, twin_epoch=EPOCH, twin_speed=SPEED, backfill_days=0))
    yield started
    started.stop()


def test_a_twin_that_was_killed_is_started_again_at_the_very_time_of_the_platform(twin: TwinProcess) -> None:
    clock, killed = twin.read_clock(), twin.process.pid

    async def kill_and_wait() -> None:
        watching = asyncio.create_task(keep_alive("twin", lambda: twin.watch(clock), Progress()))
        os.kill(killed, signal.SIGKILL)
        await asyncio.to_thread(wait_for, lambda: twin.process.pid != killed)
        watching.cancel()

    asyncio.run(kill_and_wait())
    again = twin.read_clock()
    assert abs(clock.now() - again.now()) < timedelta(seconds=1)


def test_the_watch_says_how_the_twin_ended(twin: TwinProcess) -> None:
    async def watched() -> None:
        watch = asyncio.create_task(twin.watch(twin.read_clock()))
        await asyncio.sleep(0)  # it has seen the twin alive: one that is dead at first would be started again
        twin.process.terminate()
        await asyncio.wait_for(watch, 20)

    with pytest.raises(LionrockError, match="ended by itself with code"):
        asyncio.run(watched())
