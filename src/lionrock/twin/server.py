"""The twin's HTTP server: the real feeds' paths under their real hosts' names.

``http://127.0.0.1:PORT/<real host>/<real path>?<real query>`` answers what ``https://<real host>/...``
would. Paths under ``/twin`` are our invention: ``GET /twin/progress``, ``GET /twin/clock``,
``GET /twin/feeds``, ``POST /twin/stop?feed=``, ``POST /twin/start?feed=``, ``POST /twin/break?feed=&how=``,
``GET /twin/what-if?scenario=`` (or POST with the scenario as body; docs/models/impact.md).
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import unquote

from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from lionrock.core.vocabulary import BadInput, NotYet, Refused
from lionrock.twin import archive
from lionrock.twin.calendar import local_day
from lionrock.twin.catalogue import Feed, find_feed, find_named, list_feeds
from lionrock.twin.city import TwinCity
from lionrock.twin.clock import TwinClock
from lionrock.twin.days import DayMaker
from lionrock.twin.faults import ANSWERS, FROZEN, SPOILS, Faults
from lionrock.twin.what_ifs import WhatIfs

LOOPBACK = "127.0.0.1"
GRACE_S = 0.4  # then the process ends, whoever is still connected
PARENT_CHECK_S = 0.5
LONGEST_QUESTION_BYTES = 16_384
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]")


@dataclass(slots=True)
class TwinServer:
    """The state behind the routes."""

    city: TwinCity
    clock: TwinClock
    maker: DayMaker
    what_ifs: WhatIfs
    faults: Faults = field(default_factory=Faults)
    rendered: dict[str, tuple[datetime, bytes]] = field(default_factory=dict)

    async def serve_feed(self, request: Request) -> Response:
        """A feed's present file, or the archive."""
        address = unquote(request.url.path).lstrip("/")
        if address == archive.LIST:
            return self._list_versions(request)
        if address == archive.GET:
            return self._get_version(request)
        feed = find_feed(f"{address}?{request.url.query}")
        if feed is None:
            return PlainTextResponse(f"the twin publishes nothing at {address}\n", 404)
        now = self.clock.now()
        fault = self.faults.find(feed.id)
        if fault is not None:
            how, since = fault
            if how in ANSWERS:
                return PlainTextResponse("broken on purpose\n", ANSWERS[how])
            if how in SPOILS:
                return Response(SPOILS[how](self._bytes_of(feed, now)), media_type=feed.media_type)
            now = since if how == FROZEN else now
        return self._answer(request, feed, now)

    def _answer(self, request: Request, feed: Feed, moment: datetime) -> Response:
        published = feed.published_at(self.city.seed, moment)
        headers = {
            "ETag": f'"{feed.id}-{int(published.timestamp()):x}"',
            "Last-Modified": format_datetime(published.astimezone(UTC), usegmt=True),
            "Cache-Control": "no-cache",
        }
        if _unchanged(request, headers["ETag"], published):
            return Response(status_code=304, headers=headers)
        return Response(self._bytes_of(feed, moment), media_type=feed.media_type, headers=headers)

    def _bytes_of(self, feed: Feed, moment: datetime) -> bytes:
        """The feed's file at ``moment``; the last one of each feed is kept."""
        published = feed.published_at(self.city.seed, moment)
        kept = self.rendered.get(feed.id)
        if kept is None or kept[0] != published:
            kept = (published, feed.render(self.city, published))
            self.rendered[feed.id] = kept
        return kept[1]

    def _list_versions(self, request: Request) -> Response:
        url, feed = self._archived(request)
        start = archive.day_named(request.query_params.get("start", ""), "start")
        end = archive.day_named(request.query_params.get("end", ""), "end")
        return JSONResponse(archive.list_versions(self.city.seed, feed, url, start, end, self.clock.now()))

    def _get_version(self, request: Request) -> Response:
        _, feed = self._archived(request)
        moment = archive.moment_at(request.query_params.get("time", ""))
        if moment > self.clock.now():
            raise BadInput("that moment is still to come", where="time")
        published = feed.published_at(self.city.seed, moment)
        headers = {"Last-Modified": format_datetime(published.astimezone(UTC), usegmt=True)}
        return Response(feed.render(self.city, published), media_type=feed.media_type, headers=headers)

    def _archived(self, request: Request) -> tuple[str, Feed]:
        url = request.query_params.get("url", "")
        feed = find_feed(url)
        if feed is None:
            raise BadInput(f"the archive has no {url!r}", where="url")
        return url, feed

    async def progress(self, _request: Request) -> Response:
        """Which days are simulated (invented path)."""
        return JSONResponse({"simulated": True, "now": self.clock.now().isoformat(), **self.maker.progress()})

    async def tell_time(self, _request: Request) -> Response:
        """The twin's clock, so that a platform can keep its time (invented path)."""
        clock = self.clock
        epoch = clock.epoch.isoformat() if clock.epoch else None
        return JSONResponse(
            {"now": clock.now().isoformat(), "epoch": epoch, "speed": clock.speed, "started": clock.started}
        )

    async def list_all(self, _request: Request) -> Response:
        """Every feed and how it fails, if it does (invented path)."""
        broken = {feed_id: how for feed_id, (how, _) in self.faults.kinds.items()}
        rows = [
            {"id": f.id, "url": f"https://{f.url}", "every_minutes": f.every_minutes, "broken": broken.get(f.id)}
            for f in list_feeds()
        ]
        return JSONResponse({"simulated": True, "feeds": rows})

    async def control(self, request: Request) -> Response:
        """Stop, start or break a feed (invented paths)."""
        if not _is_local(request):
            return PlainTextResponse("the twin is controlled by programs on this machine only\n", 403)
        name = request.query_params.get("feed", "")
        feed = find_named(name)
        if feed is None:
            raise BadInput(f"no feed {name!r}", where="feed", remedy=f"one of {', '.join(f.id for f in list_feeds())}")
        verb = request.path_params["verb"]
        if verb == "start":
            self.faults.mend_feed(feed.id)
        else:
            how = "gone" if verb == "stop" else request.query_params.get("how", "")
            self.faults.break_feed(feed.id, how, self.clock.now())
        return await self.list_all(request)

    async def try_measures(self, request: Request) -> Response:
        """What measures against an incident would save: begun at the first asking, told at the next (invented path)."""
        if not _is_local(request):
            return PlainTextResponse("the twin is asked by programs on this machine only\n", 403)
        try:
            asked = await _body(request) if request.method == "POST" else request.query_params.get("scenario", "")
            return JSONResponse(self.what_ifs.ask(asked).told())
        except BadInput as error:  # told like every other state, so that a feed's reader learns the reason
            return JSONResponse({"simulated": True, "state": "refused", **_in_both(error)})
        except Refused as error:
            return JSONResponse({"simulated": True, "state": "busy", **_in_both(error)})


def _in_both(error: BadInput | Refused) -> dict[str, str]:
    return {"problem": error.told.en, "problem_tc": error.told.tc}


def build_app(state: TwinServer) -> Starlette:
    """The application; it makes days while it runs."""

    @contextlib.asynccontextmanager
    async def make_days(_app: Starlette) -> AsyncIterator[None]:
        state.maker.start()
        yield
        await state.maker.stop()
        await state.what_ifs.stop()

    async def not_yet(request: Request, error: Exception) -> Response:
        stamp = request.query_params.get("time", "")
        state.maker.ask_for(local_day(archive.moment_at(stamp) if stamp else state.clock.now()))
        return PlainTextResponse(f"{error}\n", 503, headers={"Retry-After": "2"})

    async def bad_input(_request: Request, error: Exception) -> Response:
        return PlainTextResponse(f"{error}\n", 400)

    routes = [
        Route("/twin/what-if", state.try_measures, methods=["GET", "POST"]),
        Route("/twin/progress", state.progress),
        Route("/twin/clock", state.tell_time),
        Route("/twin/feeds", state.list_all),
        Route("/twin/{verb:str}", state.control, methods=["POST"]),
        Route("/{address:path}", state.serve_feed),
    ]
    return Starlette(routes=routes, lifespan=make_days, exception_handlers={NotYet: not_yet, BadInput: bad_input})


def serve_twin(
    *,
    port: int,
    city: TwinCity,
    clock: TwinClock,
    history_days: int = 14,
    stopped: tuple[str, ...] = (),
    parent: int | None = None,
) -> None:
    """Serve the twin on loopback until SIGTERM, SIGINT or the end of the parent process.

    A parent that gives its number may be gone before the twin has begun.
    """
    _check_port(port)
    maker = DayMaker(city, clock.now, history_days)
    state = TwinServer(city, clock, maker, WhatIfs(city, clock.now))
    for name in stopped:
        feed = find_named(name)
        if feed is None:
            raise BadInput(
                f"no feed {name!r}", where="--stop", remedy=f"one of {', '.join(f.id for f in list_feeds())}"
            )
        state.faults.break_feed(feed.id, "gone", clock.now())
    asyncio.run(_serve(state, port, os.getppid() if parent is None else parent))


def _check_port(port: int) -> None:
    """Raises BadInput where another process listens already."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((LOOPBACK, port))
        except OSError as error:
            raise BadInput(f"port {port} is taken", where="--port", remedy="choose another") from error


async def _serve(state: TwinServer, port: int, parent: int) -> None:
    server = Server(
        build_app(state), address=LOOPBACK, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False
    )
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    watch = asyncio.create_task(_watch_parent(ended, parent))
    serving = asyncio.create_task(server.serve())
    await asyncio.wait((serving, asyncio.create_task(ended.wait())), return_when=asyncio.FIRST_COMPLETED)
    watch.cancel()
    if serving.done():
        await serving
        return
    # An open connection must not keep the twin alive; days are written whole by their own process.
    deadline = threading.Timer(GRACE_S, os._exit, (0,))
    deadline.daemon = True
    deadline.start()
    await state.maker.stop()
    await state.what_ifs.stop()
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
    await asyncio.wait((serving,))
    os._exit(0)  # granian's threads may still be at work, and abort the process when the interpreter goes first


async def _watch_parent(ended: asyncio.Event, parent: int) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - no event tells of a parent's end on every system
        await asyncio.sleep(PARENT_CHECK_S)
    ended.set()


def _is_local(request: Request) -> bool:
    """Whether a program or a person on this machine asks; no page that a browser shows, which says whose it is."""
    asked = request.headers
    own = "origin" not in asked and asked.get("sec-fetch-site", "none") == "none"
    return own and asked.get("host", "").rsplit(":", 1)[0] in LOCAL_HOSTS


async def _body(request: Request) -> bytes:
    """A body of a question's size; raises BadInput for a longer one."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_QUESTION_BYTES:
            raise BadInput(f"longer than {LONGEST_QUESTION_BYTES} bytes", where="what-if")
    return bytes(body)


def _unchanged(request: Request, etag: str, published: datetime) -> bool:
    """Whether the caller already has this version (RFC 9110, 13.1)."""
    held = request.headers.get("if-none-match")
    if held is not None:
        return held == "*" or etag in (tag.strip().removeprefix("W/") for tag in held.split(","))
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        held_at = parsedate_to_datetime(since)
        held_at = held_at if held_at.tzinfo else held_at.replace(tzinfo=UTC)  # "-0000" is UTC, of no known place
        return published < held_at + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return False
