"""Long work beside the event loop, in threads that no end of the program waits for."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


async def in_own_thread(once: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
    """Run ``once`` in a thread that nobody waits for at the end: what it has not stored by then it does again.

    The event loop's own threads are for people's questions, whose answers are short. The thread is called like
    the task that waits.
    """
    task = asyncio.current_task()
    loop = asyncio.get_running_loop()
    done: asyncio.Future[R] = loop.create_future()

    def settle(give: Callable[[], None]) -> None:
        if not done.cancelled():
            give()

    def work() -> None:
        try:
            result = once(*given, **named)
        except Exception as failure:  # noqa: BLE001 - handed on to who waits
            hand_on(lambda error=failure: done.set_exception(error))  # type: ignore[misc]  # the default binds it
        else:
            hand_on(lambda: done.set_result(result))

    def hand_on(give: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(settle, give)

    threading.Thread(target=work, name=task.get_name() if task else None, daemon=True).start()
    return await done
