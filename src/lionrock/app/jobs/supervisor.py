"""Keeping every job alive: what one service gets wrong must not stop the city."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from lionrock.app.progress import Progress

log = structlog.get_logger()

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
WELL_AFTER_S = 600.0  # a job that ran so long before it failed begins again with the first pause


async def keep_alive(name: str, job: Callable[[], Coroutine[Any, Any, None]], progress: Progress) -> None:
    """Run ``job`` to its end; when it fails, log and tell why and start it again after a pause that grows."""
    loop = asyncio.get_running_loop()
    pause_s = FIRST_PAUSE_S
    while True:
        started = loop.time()
        try:
            await job()
        except Exception as error:
            if loop.time() - started > WELL_AFTER_S:
                pause_s = FIRST_PAUSE_S
            log.exception("a job failed and will start again", job=name, pause_s=pause_s)
            progress.tell_failure(name, error)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        else:
            return
