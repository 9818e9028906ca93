"""One runner for every declared feed: ask on its rhythm, take what changed, remember how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, ParamSpec, TypeVar
from urllib.parse import quote

import structlog

from lionrock.core.bus import Bus
from lionrock.core.clock import Clock
from lionrock.core.feeds.fetch import Fetcher
from lionrock.core.feeds.intake import Intake, Taken, digest
from lionrock.core.manifest import Download, Feed, Request
from lionrock.core.records.feed_states import PageSeen
from lionrock.core.vocabulary import DownloadFailed, MalformedDownload, microseconds, moment_of, said

C = TypeVar("C")
P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger()

AT_ONCE = 8  # addresses of one feed; the fetcher holds every host to fewer
FIRST_RETRY = timedelta(seconds=5)  # after a failed round; doubles with every further one, up to the feed's rhythm
LONGEST_RETRY = timedelta(minutes=15)
LOOK_AGAIN = timedelta(seconds=5)  # whether a feed that never had an address to ask has one
FEW = 0.1  # of a feed's addresses: so many may fail, and the round was still a good one
MISSED_AFTER = 1.5  # rhythms between two good rounds, and one was missed


@dataclass(frozen=True, slots=True)
class Asked:
    """One address to ask, with the parameters that filled it."""

    url: str
    params: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one address: something new, nothing new, or a problem."""

    asked: Asked
    got: tuple[Download, Taken] | None = None
    problem: DownloadFailed | MalformedDownload | None = None


@dataclass(frozen=True, slots=True)
class Gap(Generic[C]):
    """Rounds that a feed missed: we were away, late, or it failed. An archive may still have what was published."""

    feed_id: str
    feed: Feed[C]
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class FeedRunner(Generic[C]):
    """Runs feeds against one source. ``address`` turns a declared short address into a full one.

    ``missed`` is told of every gap between two good rounds, across restarts too. ``threads`` do what
    reads, parses and stores; without them the event loop's own.
    """

    intake: Intake
    bus: Bus
    clock: Clock
    fetcher: Fetcher
    address: Callable[[str], str]
    missed: Callable[[Gap[C]], None] = lambda _: None
    threads: Executor | None = None

    async def run(self, feed_id: str, feed: Feed[C], city: C) -> None:
        """Ask for ever, on the feed's rhythm; only cancellation ends it."""
        good = (await self._aside(self.intake.states.get, feed_id)).last_success
        while True:
            begun = self.clock.now()
            await self.run_round(feed_id, feed, city)
            state = await self._aside(self.intake.states.get, feed_id)
            if not state.failures:
                if good is not None and begun - good > feed.every * MISSED_AFTER:
                    self.missed(Gap(feed_id, feed, good, begun))
                good = begun
            wait = next_try(self.clock.now(), feed.every, state.failures)
            if not state.failures and state.last_success is None:  # nothing to ask before another feed has answered
                wait = min(wait, LOOK_AGAIN)
            await self.clock.sleep(wait)

    async def run_round(self, feed_id: str, feed: Feed[C], city: C) -> int:
        """Ask every address of the feed once; returns how many records changed. Failures are kept, not raised."""
        gate = asyncio.Semaphore(AT_ONCE)

        async def outcome(asked: Asked) -> _Outcome:
            async with gate:
                try:
                    return _Outcome(asked, await self._ask(feed_id, feed, asked))
                except (DownloadFailed, MalformedDownload) as error:
                    return _Outcome(asked, problem=error)

        wanted = await self._aside(lambda: list(list_requests(feed, city, self.address)))
        outcomes = await asyncio.gather(*(outcome(asked) for asked in wanted))
        got = [one.got for one in outcomes if one.got is not None]
        total = sum(taken.total for _, taken in got)
        changed = {dataset for _, taken in got for dataset, count in taken.changed.items() if count}
        if feed.snapshot and got and len(got) == len(outcomes):
            last = max((download for download, _ in got), key=lambda download: download.received_at)
            closed = await self._aside(self.intake.close_absent, feed_id, feed, [taken for _, taken in got], last)
            total += closed
            if closed:
                changed.update(dataset.id for dataset in feed.writes)
        await self._aside(self._remember, feed_id, total, outcomes, snapshot=bool(feed.snapshot))
        if changed:
            await self._aside(self.bus.publish, tuple(sorted(changed)), self.clock.now())  # it waits for the disk
        return total

    async def _ask(self, feed_id: str, feed: Feed[C], asked: Asked) -> tuple[Download, Taken] | None:
        """One address; None when it has nothing new. A snapshot is read again even then: absence must be known."""
        mark = f"{feed_id} {asked.url}"  # two feeds of one address each have a memory of their own
        seen = None if feed.snapshot else await self._aside(self.intake.states.find_page, mark)
        answer = await self.fetcher.fetch(asked.url, seen)
        if answer.body is None:
            return None
        now = self.clock.now()
        page = PageSeen(answer.etag, answer.last_modified, digest(answer.body))
        before = seen or await self._aside(self.intake.states.find_page, mark)
        known = before is not None and before.digest == page.digest
        if known and not feed.snapshot:
            return None
        download = Download(body=answer.body, url=asked.url, received_at=now, params=asked.params)
        taken = await self._aside(self.intake.take, feed_id, feed, download, keep=not known)
        await self._aside(self.intake.states.saw_page, mark, page, now)
        return download, taken

    async def _aside(self, once: Callable[P, R], *given: P.args, **named: P.kwargs) -> R:
        """Do in a thread what waits for the disk or for a lock."""
        return await asyncio.get_running_loop().run_in_executor(self.threads, partial(once, *given, **named))

    def _remember(self, feed_id: str, total: int, outcomes: Sequence[_Outcome], *, snapshot: bool) -> None:
        now = self.clock.now()
        problems = [(one.asked.url, one.problem) for one in outcomes if one.problem is not None]
        if not problems:
            # With nothing to ask a feed that once answered is on time; one that never did still waits.
            if outcomes or self.intake.states.get(feed_id).last_success is not None:
                self.intake.states.succeeded(feed_id, now, total)
            return
        url, first = problems[0]
        error = first.told
        if len(outcomes) > 1:
            error = said(
                f"{len(problems)} of {len(outcomes)} addresses: {url}: {error.en}",
                f"{len(outcomes)} 個網址中有 {len(problems)} 個：{url}：{error.tc or error.en}",
            )
        if not snapshot and len(problems) <= len(outcomes) * FEW:
            log.info("feed failed in part", feed=feed_id, url=url, reason=error.en)
            self.intake.states.succeeded(feed_id, now, total, error)
            return
        tell = log.info if error == self.intake.states.get(feed_id).error else log.warning
        tell("feed failed", feed=feed_id, url=url, reason=error.en)
        self.intake.states.failed(feed_id, now, error)


def list_requests(feed: Feed[C], city: C, address: Callable[[str], str]) -> Iterable[Asked]:
    """Every address that ``feed`` asks in one round, its parameters filled in."""
    for request in feed.requests:
        if isinstance(request, str):
            yield Asked(address(request), {})
            continue
        for params in _each(request, city):
            yield Asked(address(request.url.format_map(_quoted(params))), params)


def next_try(now: datetime, every: timedelta, failures: int) -> timedelta:
    """How long to wait: for the next round, or after failures in a row for a sooner try that backs off."""
    ordinary = next_round(now, every)
    if not failures:
        return ordinary
    doublings = min(failures - 1, 12)
    return min(ordinary, FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


def next_round(now: datetime, every: timedelta) -> timedelta:
    """How long until the next round: rounds stand on whole multiples of ``every``, so lateness never adds up."""
    every_us = every // timedelta(microseconds=1)
    now_us = microseconds(now)
    return moment_of((now_us // every_us + 1) * every_us) - now


def _quoted(params: Mapping[str, str]) -> dict[str, str]:
    """The parameters as they may stand in an address."""
    return {name: quote(str(value), safe="") for name, value in params.items()}


def _each(request: Request[C], city: C) -> Iterable[Mapping[str, Any]]:
    return request.each if isinstance(request.each, tuple) else request.each(city)
