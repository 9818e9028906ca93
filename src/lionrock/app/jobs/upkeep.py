"""Keeping the store in order: seal old days, forget what is past its time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.place import address
from lionrock.core.feeds.runner import list_requests
from lionrock.core.manifest import hours

log = structlog.get_logger()

EVERY = hours(1)
SETTLED_AFTER_S = 60.0  # of a start, which has better things to do


async def keep_in_order(house: House, ready: asyncio.Event) -> None:
    """Seal what is older than the recent days and forget what is past its time: once ``ready`` is set, then hourly."""
    await ready.wait()
    await asyncio.sleep(SETTLED_AFTER_S)
    while True:
        await in_own_thread(tidy, house)
        await house.clock.sleep(EVERY)


def tidy(house: House) -> None:
    """Seal, forget, and drop raw bytes that are past their time."""
    now = house.clock.now()
    sealed = house.readings.seal()
    before = now - timedelta(days=house.settings.keep_days)
    house.readings.forget(before)
    old_versions = sum(
        house.records.forget(dataset, before) for dataset in house.catalogue.datasets.keys() - house.catalogue.acted_on
    )
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
    log.info("kept in order", sealed=len(sealed), archive_days_dropped=dropped, old_versions=old_versions)
