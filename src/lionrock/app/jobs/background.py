"""What services do by themselves: their jobs and their watches, each on its own rhythm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.city import City
from lionrock.commons.alerts.life import alert_id, settle
from lionrock.core.feeds.intake import sort_by_dataset
from lionrock.core.feeds.runner import next_round
from lionrock.core.manifest import Job, Service, Watch
from lionrock.core.vocabulary import NotYet

log = structlog.get_logger()

LOOK_AGAIN = timedelta(seconds=10)


async def work_for_ever(house: House, service: Service[City], job: Job[City], gate: asyncio.Semaphore) -> None:
    """Do a job on its rhythm; while it cannot be done yet, ask again soon. ``gate`` says how many work at once."""
    await _repeat(house, job.every, f"{service.id}.{job.name}", lambda: do_job(house, service, job), gate)


async def watch_for_ever(house: House, service: Service[City], watch: Watch[City], gate: asyncio.Semaphore) -> None:
    """Look on a watch's rhythm."""
    last_seen: dict[str, datetime] = {}
    name = f"{service.id}.{watch.name}"
    await _repeat(house, watch.every, name, lambda: look(house, service, watch, last_seen), gate)


def do_job(house: House, service: Service[City], job: Job[City]) -> int:
    """Do a job once and store what it yields; returns how many records changed."""
    with house.turn(job.writes):
        found = sort_by_dataset(job.writes, job.does(house.cities[service.id]))
        now = house.clock.now()
        taken = house.intake.store(found, now)
    changed = tuple(known for known, count in taken.changed.items() if count)
    if changed:
        house.bus.publish(changed, now)
    return taken.total


def look(house: House, service: Service[City], watch: Watch[City], last_seen: dict[str, datetime]) -> int:
    """Look once; raise, update and clear alerts; returns how many changed. ``last_seen`` is brought up to date."""
    now, dataset = house.clock.now(), watch.writes
    seen = watch.when(house.cities[service.id])
    own = alert_id(watch.name, "")
    standing = {kept.id: kept.record for kept in house.records.list_open(dataset.id) if kept.id.startswith(own)}
    settled = settle(watch.name, seen, standing, last_seen, now, watch.clears_after)
    last_seen.clear()
    last_seen.update(settled.last_seen)
    changed = house.records.save(dataset, settled.raised, now)
    changed += house.records.close(dataset, settled.cleared, now)
    if changed:
        house.bus.publish((dataset.id,), now)
    return changed


async def _repeat(
    house: House, every: timedelta, name: str, once: Callable[[], object], gate: asyncio.Semaphore
) -> None:
    while True:
        wait = next_round(house.clock.now(), every)
        try:
            async with gate:
                await in_own_thread(once)
        except NotYet as error:
            log.debug("not yet", work=name, reason=str(error))
            wait = min(wait, LOOK_AGAIN)
        await house.clock.sleep(wait)
