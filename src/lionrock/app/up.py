"""``lionrock up``: the twin, ingest, forecasts and the web in one go, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from functools import partial
from typing import Any

import structlog
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from lionrock.app.house import House, router_to
from lionrock.app.jobs.backfill import back_fill, fill_gaps
from lionrock.app.jobs.background import work_for_ever
from lionrock.app.jobs.model_watch import score_for_ever
from lionrock.app.jobs.models import Champion, forecast_for_ever
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.app.jobs.supervisor import keep_alive
from lionrock.app.jobs.training import train_for_ever
from lionrock.app.jobs.upkeep import keep_in_order
from lionrock.app.memory import search_cycles_seldom, share_arenas
from lionrock.app.progress import Progress
from lionrock.app.readiness import waits_for
from lionrock.app.twin_process import TwinProcess
from lionrock.app.web.server import web_app
from lionrock.app.web.stream import MOST_STREAMS
from lionrock.city.city import City
from lionrock.city.place import address
from lionrock.core.feeds.fetch import Fetcher
from lionrock.core.feeds.runner import FeedRunner, Gap
from lionrock.core.settings import LOOPBACK, Settings
from lionrock.core.vocabulary import BadSetting, Source

BACKLOG = 1024  # connections that wait, and questions that are answered at once beside the streams
log = structlog.get_logger()

WEB_STOPS_WITHIN_S = 0.7
JOBS_AT_ONCE = 2
Say = Callable[[str], None]
Job = Callable[[], Coroutine[Any, Any, None]]


def up(settings: Settings, say: Say) -> None:
    """Run until Ctrl-C or SIGTERM; ``say`` tells a person how far the start is."""
    refuse_taken_port(settings)
    share_arenas()
    twin: TwinProcess | None = None
    try:
        if settings.source is Source.TWIN:
            say("Starting the simulated city ...")
            twin = TwinProcess.start(settings)
        with House.open(settings, twin.read_clock() if twin else None) as house:
            search_cycles_seldom()
            asyncio.run(live(house, twin, say))
    finally:
        if twin is not None:
            twin.stop()


async def live(house: House, twin: TwinProcess | None, say: Say) -> None:
    """Run an open house, with its twin or without, until Ctrl-C or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    threads = ThreadPoolExecutor(thread_name_prefix="web")
    loop.set_default_executor(threads)
    of_feeds = ThreadPoolExecutor(thread_name_prefix="feeds")  # no crowd of readers keeps the city's data waiting
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    progress = Progress()
    server = serve(house, progress)
    web = asyncio.create_task(server.serve(), name="web")
    say(f"Lionrock listens on http://{house.settings.bind}:{house.settings.port}")
    work = asyncio.create_task(_work(house, twin, progress, say, of_feeds), name="work")
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({web, work, stopped}, return_when=asyncio.FIRST_COMPLETED)
    say("Stopping ...")
    if twin is not None:
        twin.process.terminate()  # it ends while we do
    house.bus.end_listeners()  # ends every open event stream, so that the web server has nothing to wait for
    work.cancel()
    server.stop()  # type: ignore[no-untyped-call]  # granian leaves it untyped
    await asyncio.wait({web, work}, timeout=WEB_STOPS_WITHIN_S)
    stopped.cancel()
    for each in (threads, of_feeds):
        each.shutdown(wait=False, cancel_futures=True)
    loop.set_default_executor(ThreadPoolExecutor(1))  # the loop's end waits for its threads: these have nothing to do
    for task in (web, work):
        if task.done() and not task.cancelled():
            task.result()


async def _work(house: House, twin: TwinProcess | None, progress: Progress, say: Say, threads: Executor) -> None:
    """Everything that moves: feeds, back-fill, forecasts, training, upkeep; each is started again when it fails."""
    if twin is not None:
        await in_own_thread(twin.wait_until_a_day_is_ready)
    fetcher = Fetcher(router_to(twin.base if twin else None))
    try:
        async with asyncio.TaskGroup() as group:
            for name, job in _list_jobs(house, fetcher, progress, say, threads):
                group.create_task(keep_alive(name, job, progress), name=name)
            if twin is not None:
                group.create_task(keep_alive("twin", partial(twin.watch, house.clock), progress), name="twin")
    finally:
        await fetcher.close()


def _list_jobs(
    house: House, fetcher: Fetcher, progress: Progress, say: Say, threads: Executor
) -> Iterator[tuple[str, Job]]:
    """Yield every job of the house with its name."""
    gaps: asyncio.Queue[Gap[City]] = asyncio.Queue()
    runner: FeedRunner[City] = FeedRunner(
        house.intake, house.bus, house.clock, fetcher, address, missed=gaps.put_nowait, threads=threads
    )
    filled = asyncio.Event()

    async def fill() -> None:
        if house.settings.source is not Source.RECORDING and house.settings.backfill_days:
            await back_fill(house, fetcher, progress, filled)
        filled.set()

    yield "back-fill", fill
    yield "upkeep", partial(keep_in_order, house, filled)
    yield "announce", partial(_announce, house, say)
    if house.settings.source is not Source.RECORDING:
        yield "gaps", partial(fill_gaps, house, fetcher, gaps)
        for known, service, feed in house.feeds:
            yield f"feed {known}", partial(runner.run, known, feed, house.cities[service.id])
    gate = asyncio.Semaphore(JOBS_AT_ONCE)
    for service in house.catalogue.services:
        for model in service.models:
            yield f"forecast {model.name}", partial(forecast_for_ever, house, service, model, Champion())
            yield f"train {model.name}", partial(train_for_ever, house, service, model, ready=filled)
            yield f"score {model.name}", partial(score_for_ever, house, service, model)
        for job in service.jobs:
            yield f"job {service.id}.{job.name}", partial(work_for_ever, house, service, job, gate)


async def _announce(house: House, say: Say) -> None:
    """Say once that the first map can be drawn."""
    while (missing := waits_for(house)) is not None:
        log.debug("not ready", waits_for=missing)
        await asyncio.sleep(0.2)
    say(f"The map is ready: http://{house.settings.bind}:{house.settings.port}/")


def serve(house: House, progress: Progress) -> Server:
    """Make the web server over the house."""
    return Server(
        web_app(house, progress, lambda: waits_for(house)),
        address=LOOPBACK[0],  # which is what each of them means: granian resolves no names
        port=house.settings.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        websockets=False,
        backlog=BACKLOG,
        backpressure=MOST_STREAMS + BACKLOG,  # requests at once; every page that is open is one of them, for as long
        log_level=LogLevels.error,
    )


def refuse_taken_port(settings: Settings) -> None:
    """Raise BadSetting when somebody listens on the port already."""
    with contextlib.closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.bind, settings.port))
        except OSError as error:
            raise BadSetting(
                f"LIONROCK_PORT={settings.port}: {error.strerror}; is another Lionrock running? Choose another port"
            ) from error
