"""A job that fails starts again; one that ends stays ended."""

from __future__ import annotations

import asyncio

import pytest

from lionrock.app.jobs import supervisor
from lionrock.app.progress import Progress


def test_a_job_that_fails_starts_again_until_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "FIRST_PAUSE_S", 0.001)
    runs: list[int] = []
    progress = Progress()

    async def stumble_twice() -> None:
        runs.append(len(runs))
        if len(runs) < 3:
            raise KeyError("a service's own fault")

    asyncio.run(asyncio.wait_for(supervisor.keep_alive("stumble", stumble_twice, progress), 5))
    assert runs == [0, 1, 2]
    (told,) = progress.list_failures()
    assert (told.work, told.times) == ("stumble", 2)
    place = f"(app/test_supervisor.py:{stumble_twice.__code__.co_firstlineno + 3})"
    assert told.error == f'KeyError: "a service\'s own fault" {place}'


def test_stopping_is_no_failure() -> None:
    async def stop_at_once() -> None:
        running = asyncio.create_task(supervisor.keep_alive("wait", lambda: asyncio.sleep(60), Progress()))
        await asyncio.sleep(0.01)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(asyncio.wait_for(stop_at_once(), 5))
