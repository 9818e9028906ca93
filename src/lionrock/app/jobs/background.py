"""What services do by themselves: their jobs, each on its own rhythm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.city import City
from lionrock.core.feeds.intake import sort_by_dataset
from lionrock.core.feeds.runner import next_round
from lionrock.core.manifest import Job, Service
from lionrock.core.vocabulary import NotYet

log = structlog.get_logger()

LOOK_AGAIN = timedelta(seconds=10)


async def work_for_ever(house: House, service: Service[City], job: Job[City], gate: asyncio.Semaphore) -> None:
    """Do a job on its rhythm; while it cannot be done yet, ask again soon. ``gate`` says how many work at once."""
    await _repeat(house, job.every, f"{service.id}.{job.name}", lambda: do_job(house, service, job), gate)


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
