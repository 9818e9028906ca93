"""Keeping the store in order: forget what is past its time, seal old days."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial

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
    """Drop what is past its time, then seal. While the clock is not to be trusted nothing is dropped.

    On a full disk no database can write, not even that a row is gone: so raw files go first, which takes no room, and
    a step that fails keeps none of the later ones from being done.
    """
    now = house.clock.now()
    leapt = _leapt_at(house, now)
    steps = [partial(_remember, house, leapt, now), partial(_seal, house)]
    if now - leapt >= STANDS_BY:
        steps = [
            partial(_drop_raw, house, now),
            partial(_forget_raw, house, now),
            partial(_forget_old, house, now),
            *steps,
        ]
    with ExitStack() as later:
        for step in reversed(steps):  # last in, first out, come what may
            later.callback(step)


def _leapt_at(house: House, now: datetime) -> datetime:
    """When the clock last leapt, or stood still while we were away; before STANDS_BY where it never did.

    A machine that wakes with a wrong clock would forget in one hour all that it was to keep for a year.
    """
    seen = house.states.find_page(LOOKED_AT)
    if seen is None:
        return now - STANDS_BY
    last, leapt = (datetime.fromisoformat(each) for each in seen.digest.split())
    return now if abs(now - last) > LEAP else leapt


def _remember(house: House, leapt: datetime, now: datetime) -> None:
    house.states.saw_page(LOOKED_AT, PageSeen(None, None, f"{now.isoformat()} {leapt.isoformat()}"), now)
    if now - leapt < STANDS_BY:
        log.warning(
            "the clock leapt, or we were away for long: nothing is forgotten yet",
            since=f"{leapt}",
            until=f"{leapt + STANDS_BY}",
        )


def _keeps(house: House) -> dict[str, timedelta]:
    """How long each feed's raw bytes are kept."""
    days = house.settings.archive_days
    return {known: feed.keep if days is None else timedelta(days=days) for known, _, feed in house.feeds}


def _drop_raw(house: House, now: datetime) -> None:
    keeps, dropped, urls = _keeps(house), 0, set[str]()
    for feed_id, service, feed in house.feeds:
        for asked in list_requests(feed, house.cities[service.id], address):
            urls.add(asked.url)
            dropped += sum(kept.forget(asked.url, now - keeps[feed_id]) for kept in (house.archive, house.aside))
    longest = max(keeps.values(), default=timedelta())
    dropped += sum(kept.forget_others(urls, now - longest) for kept in (house.archive, house.aside))
    log.info("dropped raw bytes that were past their time", archive_days=dropped)


def _forget_raw(house: House, now: datetime) -> None:
    keeps = _keeps(house)
    for feed_id, keep in keeps.items():
        house.states.forget(feed_id, now - keep)
    house.states.forget_pages(now - max(keeps.values(), default=timedelta()))


def _forget_old(house: House, now: datetime) -> None:
    before = now - timedelta(days=house.settings.keep_days)
    days = house.readings.forget(before)
    versions = sum(
        house.records.forget(dataset, before) for dataset in house.catalogue.datasets.keys() - house.catalogue.acted_on
    )
    log.info("forgot what was past its time", days=len(days), old_versions=versions)


def _seal(house: House) -> None:
    log.info("sealed past days", days=len(house.readings.seal()))
