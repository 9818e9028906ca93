"""Server-sent events: which data sets changed, as it happens. Streams end when the house closes its bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from lionrock.app.house import House
from lionrock.core.bus import Notice
from lionrock.core.vocabulary import BadInput, NotYet, Text

HEARTBEAT_S = 15.0
MOST_STREAMS = 500
AFTER = "after"
LONGEST_NUMBER = 15


class ChangeStream:
    """The route of the change stream."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._streams = 0

    async def open(self, request: Request) -> Response:
        """Open a stream; beyond MOST_STREAMS the client is asked to come back.

        Who names the last change that they know of is told first what came after it.
        """
        if self._streams >= MOST_STREAMS:
            raise NotYet(Text(en="too many streams are open: try again soon", tc="更新連線過多，請稍後再試"))
        return StreamingResponse(
            self._events(_known(request)),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def _events(self, after: int | None) -> AsyncIterator[bytes]:
        self._streams += 1
        notices = self._house.bus.listen(after)
        waiting: asyncio.Future[Notice | None] | None = None
        try:
            yield b"retry: 3000\n\n"
            while True:
                waiting = waiting or asyncio.ensure_future(anext(notices, None))
                done, _ = await asyncio.wait({waiting}, timeout=HEARTBEAT_S)
                if not done:
                    yield b": still here\n\n"
                    continue
                notice, waiting = waiting.result(), None
                if notice is None:
                    yield b"event: closing\ndata: {}\n\n"
                    return
                data = msgspec.json.encode({"datasets": notice.datasets, "at": notice.at})
                yield b"id: %d\nevent: changed\ndata: %b\n\n" % (notice.number, data)
        finally:
            self._streams -= 1
            if waiting is not None:
                waiting.cancel()


def _known(request: Request) -> int | None:
    """The number of the last change that a client heard of: on this stream before it broke, or from its page."""
    number = request.headers.get("last-event-id") or request.query_params.get(AFTER, "")
    if not number:
        return None
    if not number.isdecimal() or len(number) > LONGEST_NUMBER:
        raise BadInput(
            Text(en=f"{number[:40]!r} is no number of a change", tc=f"「{number[:40]}」並非更新編號"),
            where=AFTER,
            remedy=Text(en="leave it out, or give the id of an event", tc="請留空，或提供事件的 id"),
        )
    return int(number)
