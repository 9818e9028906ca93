"""Past days from an archive that is late, gone for a while, or slow to have what was missed: nothing is given up."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from http_site import Answer, serve

from lionrock.app.discovery import Catalogue, Found, discover
from lionrock.app.house import House, router_to
from lionrock.app.jobs import backfill
from lionrock.app.jobs.backfill import back_fill, fill_gaps, list_days
from lionrock.app.progress import Progress
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.feeds import fetch
from lionrock.core.feeds.fetch import Fetcher
from lionrock.core.feeds.runner import Gap
from lionrock.core.manifest import Download, Request
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Reading, Source
from lionrock.services.mobility.parking.datasets import VACANCY, VACANT_SPACES
from lionrock.services.mobility.parking.service import SERVICE

NOW = datetime(2026, 11, 20, 10, 5, tzinfo=ZONE)
TODAY = f"{NOW:%Y%m%d}"
WITHIN_S = 20.0


@dataclass
class Archive:
    """A real archive over HTTP, with hourly versions of every past day; today's when it is not ``behind``."""

    behind: bool = False
    gone: bool = False
    unknown: set[str] = field(default_factory=set)
    lists: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    base: str = ""
    until: datetime = NOW

    def answer(self, path: str) -> Answer:
        asked = {name: said[0] for name, said in parse_qs(urlsplit(path).query).items()}
        if self.gone:
            return 503, {}, b""
        if asked["url"] in self.unknown:
            return 404, {}, b""
        if "get-file" in path:
            self.files.append(asked["time"])
            return 200, {}, b"no feed can read this"
        self.lists.append(asked["start"])
        hours = range(0 if self.behind and asked["start"] >= TODAY else self.until.hour)
        return 200, {}, json.dumps({"timestamps": [f"{asked['start']}-{hour:02}00" for hour in hours]}).encode()


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    monkeypatch.setattr(backfill, "FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr(backfill, "LONGEST_PAUSE_S", 0.2)
    monkeypatch.setattr(fetch, "BACK_OFF_S", 0.01)
    monkeypatch.setattr(fetch, "CIRCUIT_STAYS_OPEN_S", 0.1)
    site = Archive()

    with serve(lambda path, _headers: site.answer(path)) as site.base:
        yield site


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    settings = Settings(data=tmp_path, source=Source.LIVE, backfill_days=1)
    with House.open(settings, SetClock(NOW), discover()) as house:
        yield house


def work(
    archive: Archive, job: Callable[[Fetcher], Coroutine[object, object, None]], enough: Callable[[], bool]
) -> None:
    """Do a job with a real client until ``enough`` was seen."""

    async def once() -> None:
        fetcher = Fetcher(router_to(archive.base))
        task = asyncio.create_task(job(fetcher))
        try:
            async with asyncio.timeout(WITHIN_S):
                while not enough():  # noqa: ASYNC110 - what is waited for happens in the archive's own threads
                    await asyncio.sleep(0.02)
        finally:
            task.cancel()
            await fetcher.close()

    asyncio.run(once())


def left(house: House) -> set[str]:
    """The days that are not remembered as done."""
    return {f"{day.day:%Y%m%d}" for day in list_days(house) if house.states.find_page(day.mark) is None}


def test_a_day_that_the_archive_does_not_have_yet_is_asked_for_until_it_has(house: House, archive: Archive) -> None:
    archive.behind, filled = True, asyncio.Event()
    days = len(list(list_days(house)))

    def job(fetcher: Fetcher) -> Coroutine[object, object, None]:
        return back_fill(house, fetcher, Progress(), filled)

    work(archive, job, lambda: filled.is_set() and len(archive.lists) > 2 * days)
    assert left(house) == {TODAY}
    assert archive.lists[days:] == [TODAY] * (len(archive.lists) - days)  # what is done is not asked for again
    archive.behind = False
    work(archive, job, lambda: not left(house))
    assert f"{TODAY}-0900" in archive.files


def test_nobody_waits_for_an_archive_that_is_gone_and_it_is_read_once_back(house: House, archive: Archive) -> None:
    archive.gone, filled = True, asyncio.Event()
    days = len(list(list_days(house)))

    def job(fetcher: Fetcher) -> Coroutine[object, object, None]:
        return back_fill(house, fetcher, Progress(), filled)

    def enough() -> bool:
        if filled.is_set():
            archive.gone = False
        return not left(house)

    work(archive, job, enough)
    assert sorted(archive.lists) == sorted(f"{day.day:%Y%m%d}" for day in list_days(house))
    assert len(archive.lists) == days


def test_addresses_that_the_archive_does_not_know_hold_no_others_back(house: House, archive: Archive) -> None:
    archive.unknown, filled = {day.url for day in islice(list_days(house), 4)}, asyncio.Event()

    def job(fetcher: Fetcher) -> Coroutine[object, object, None]:
        return back_fill(house, fetcher, Progress(), filled)

    work(archive, job, filled.is_set)
    undone = [day for day in list_days(house) if house.states.find_page(day.mark) is None]
    assert {day.url for day in undone} == archive.unknown


def test_a_gap_is_filled_once_the_archive_has_it(house: House, archive: Archive) -> None:
    archive.behind = True
    feed_id, _, feed = next(known for known in house.feeds if known[2].backfill is not None)

    def enough() -> bool:
        if len(archive.lists) > 2:
            archive.behind = False
        return len(archive.files) >= 3

    async def job(fetcher: Fetcher) -> None:
        gaps: asyncio.Queue[Gap] = asyncio.Queue()
        gaps.put_nowait(Gap(feed_id, feed, NOW - timedelta(hours=3.5), NOW))
        await fill_gaps(house, fetcher, gaps)

    work(archive, job, enough)
    assert sorted(set(archive.files)) == [f"{TODAY}-{hour:02}00" for hour in (7, 8, 9)]


def test_what_was_missed_of_today_is_read_at_the_next_start_and_nothing_twice(tmp_path: Path, archive: Archive) -> None:
    vacancy = next(feed for feed in SERVICE.feeds if feed.writes == (VACANCY,))
    catalogue = Catalogue((Found(replace(SERVICE, feeds=(vacancy,)), tmp_path),))
    settings = Settings(data=tmp_path, source=Source.LIVE, backfill_days=1)

    def start(now: datetime) -> list[str]:
        archive.files.clear()
        archive.lists.clear()
        filled = asyncio.Event()
        with House.open(settings, SetClock(now), catalogue) as house:
            work(archive, lambda fetcher: back_fill(house, fetcher, Progress(), filled), filled.is_set)
        return sorted(archive.files)

    yesterday = f"{NOW - timedelta(days=1):%Y%m%d}"
    assert start(NOW) == [f"{day}-{hour:02}00" for day in (yesterday, TODAY) for hour in range(10)]
    archive.until = NOW + timedelta(hours=8)
    assert start(archive.until) == [f"{day}-{hour:02}00" for day in (yesterday, TODAY) for hour in range(10, 18)]
    assert start(archive.until) == []
    start(NOW + timedelta(days=2))
    assert start(NOW + timedelta(days=2)) == []
    tomorrow, after = (f"{NOW + timedelta(days=days):%Y%m%d}" for days in (1, 2))
    assert set(archive.lists) == {tomorrow, after}  # may still grow; the days before are done


def test_a_gap_of_years_is_a_clock_s_and_only_its_last_part_is_asked_for(house: House, archive: Archive) -> None:
    feed_id, _, feed = next(known for known in house.feeds if known[2].backfill is not None)

    async def read() -> tuple[int, int]:
        fetcher = Fetcher(router_to(archive.base))
        try:
            return await backfill._read_gap(house, fetcher, Gap(feed_id, feed, NOW - timedelta(days=9_000), NOW))
        finally:
            await fetcher.close()

    assert asyncio.run(read()) == (0, NOW.hour)
    assert archive.lists == [TODAY, f"{NOW - timedelta(days=1):%Y%m%d}"]


def read_language(download: Download) -> Iterator[Reading]:
    yield Reading(download.params["lang"], VACANT_SPACES.id, download.received_at, 1.0)


async def fill_all(house: House, fetcher: Fetcher) -> None:
    await back_fill(house, fetcher, Progress(), asyncio.Event())


async def fill_one_gap(house: House, fetcher: Fetcher) -> None:
    ((feed_id, _, feed),) = house.feeds
    gaps: asyncio.Queue[Gap] = asyncio.Queue()
    gaps.put_nowait(Gap(feed_id, feed, NOW - timedelta(hours=3.5), NOW))
    await fill_gaps(house, fetcher, gaps)


@pytest.mark.parametrize("job", [fill_all, fill_one_gap])
def test_the_parser_of_a_past_version_is_told_what_was_asked(
    tmp_path: Path, archive: Archive, job: Callable[[House, Fetcher], Coroutine[object, object, None]]
) -> None:
    asked = Request(url="td/carpark/{lang}.json", each=({"lang": "en"}, {"lang": "tc"}))
    vacancy = next(feed for feed in SERVICE.feeds if feed.writes == (VACANCY,))
    feed = replace(vacancy, requests=(asked,), parse=read_language)
    catalogue = Catalogue((Found(replace(SERVICE, feeds=(feed,)), tmp_path),))

    def heard() -> set[str]:
        return set(house.readings.latest(VACANCY.id, VACANT_SPACES.id).sensors)

    with House.open(Settings(data=tmp_path, source=Source.LIVE, backfill_days=1), SetClock(NOW), catalogue) as house:
        work(archive, lambda fetcher: job(house, fetcher), lambda: heard() == {"en", "tc"})
