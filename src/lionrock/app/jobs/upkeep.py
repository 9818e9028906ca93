"""Keeping the store in order: forget what is past its time, seal old days."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import datetime, timedelta

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.place import address
from lionrock.core.feeds.runner import list_requests
from lionrock.core.manifest import hours
from lionrock.core.records.feed_states import PageSeen

log = structlog.get_logger()

EVERY = hours(1)
SETTLED_AFTER_S = 60.0  # of a start, which has better things to do
LOOKED_AT = "upkeep looked at the clock"  # the mark of when it last did, and of the clock's last leap
LEAP = timedelta(days=2)  # between two looks, an hour apart: the clock is wrong, or we were away
STANDS_BY = timedelta(days=1)


async def keep_in_order(house: House, ready: asyncio.Event) -> None:
    """Tidy up once ``ready`` is set, then hourly."""
    await ready.wait()
    await asyncio.sleep(SETTLED_AFTER_S)
    while True:
        await in_own_thread(tidy, house)
        await house.clock.sleep(EVERY)


def tidy(house: House) -> None:
    """Drop what is past its time, then seal: on a full disk the first makes the room that the second needs.

    A step that fails keeps none of the others from being done. While the clock is not to be trusted nothing is dropped.
    """
    now = house.clock.now()
    with ExitStack() as steps:  # last in, first out, come what may
        steps.callback(_seal, house)
        if _is_steady(house, now):
            steps.callback(_forget_old, house, now)
            steps.callback(_drop_raw, house, now)


def _is_steady(house: House, now: datetime) -> bool:
    """Whether the clock has not leapt since it was last looked at, or has stood by its leap for long enough.

    A machine that wakes with a wrong clock would forget in one hour all that it was to keep for a year.
    """
    seen = house.states.find_page(LOOKED_AT)
    last, leapt = (datetime.fromisoformat(each) for each in seen.digest.split()) if seen else (now, now - STANDS_BY)
    if abs(now - last) > LEAP:
        leapt = now
    house.states.saw_page(LOOKED_AT, PageSeen(None, None, f"{now.isoformat()} {leapt.isoformat()}"), now)
    if now - leapt >= STANDS_BY:
        return True
    log.warning(
        "the clock leapt, or we were away for long: nothing is forgotten yet",
        since=f"{leapt}",
        until=f"{leapt + STANDS_BY}",
    )
    return False


def _drop_raw(house: House, now: datetime) -> None:
    dropped, longest, urls = 0, timedelta(), set[str]()
    for feed_id, service, feed in house.feeds:
        keep = feed.keep if house.settings.archive_days is None else timedelta(days=house.settings.archive_days)
        longest = max(longest, keep)
        house.states.forget(feed_id, now - keep)
        for asked in list_requests(feed, house.cities[service.id], address):
            urls.add(asked.url)
            dropped += sum(kept.forget(asked.url, now - keep) for kept in (house.archive, house.aside))
    dropped += sum(kept.forget_others(urls, now - longest) for kept in (house.archive, house.aside))
    house.states.forget_pages(now - longest)
    log.info("dropped raw bytes that were past their time", archive_days=dropped)


def _forget_old(house: House, now: datetime) -> None:
    before = now - timedelta(days=house.settings.keep_days)
    days = house.readings.forget(before)
    versions = sum(
        house.records.forget(dataset, before) for dataset in house.catalogue.datasets.keys() - house.catalogue.acted_on
    )
    log.info("forgot what was past its time", days=len(days), old_versions=versions)


def _seal(house: House) -> None:
    log.info("sealed past days", days=len(house.readings.seal()))
