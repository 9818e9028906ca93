"""Forecasting on a rhythm, and training in a worker process without pausing it."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

import lionrock
from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.core.feeds.runner import next_round
from lionrock.core.manifest import Model, Service
from lionrock.core.records import ModelVersion
from lionrock.core.vocabulary import LionrockError, NotYet

log = structlog.get_logger()

SEED = 852
VERSION_LENGTH = 12
LOOK_AGAIN = timedelta(seconds=10)


@dataclass(slots=True)
class Champion:
    """The fitted model in use; None until the first training."""

    fitted: bytes | None = None
    version: str = ""


@contextmanager
def training_process() -> Iterator[ProcessPoolExecutor]:
    """Give one fresh process, gone with its memory afterwards; a training that is broken off has nothing to lose."""
    pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1)
    try:
        yield pool
    finally:
        processes = list((pool._processes or {}).values())  # noqa: SLF001 - the pool itself would wait for them
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


async def forecast_for_ever(house: House, service: Service[City], model: Model[City], champion: Champion) -> None:
    """Forecast every ``model.every`` with the champion of the moment; look again soon while there is none."""
    while True:
        wait = next_round(house.clock.now(), model.every)
        try:
            count = await asyncio.to_thread(publish_forecast, house, service, model, champion)
            if count:
                house.bus.publish((model.writes.id,), house.clock.now())
            else:
                wait = min(wait, LOOK_AGAIN)
        except NotYet as error:
            log.info("no forecast yet", service=service.id, model=model.name, reason=str(error))
            wait = min(wait, LOOK_AGAIN)
        except LionrockError as error:
            log.exception("a forecast failed", service=service.id, model=model.name, reason=str(error))
        await house.clock.sleep(wait)


def publish_forecast(house: House, service: Service[City], model: Model[City], champion: Champion) -> int:
    """Forecast once and store it; returns how many values were stored."""
    recent = model.gather(house.cities[service.id], house.clock.now(), model.looks_back)
    forecasts = model.predict(champion.fitted, recent)
    if not forecasts:
        return 0
    return house.readings.append_forecasts(model.writes.id, forecasts).new


async def train_for_ever(
    house: House,
    service: Service[City],
    model: Model[City],
    champion: Champion,
    *,
    ready: asyncio.Event,
) -> None:
    """Train once ``ready`` is set and then every ``model.retrain_every``; start with the newest stored version."""
    await asyncio.to_thread(load_newest, house, service, model, champion)
    await ready.wait()
    while True:
        versions = house.trials.list_versions(service.id, model.name)
        due = not versions or house.clock.now() - versions[0].trained_at >= model.retrain_every
        if due:
            try:
                await train(house, service, model, champion)
            except NotYet as error:
                log.info("no training yet", service=service.id, model=model.name, reason=str(error))
        await house.clock.sleep(timedelta(minutes=5))


async def train(house: House, service: Service[City], model: Model[City], champion: Champion) -> ModelVersion:
    """Fit on the past ``model.learns_from``, keep the version and put it to use; raises NotYet with too little data."""
    until = house.clock.now()
    history = await asyncio.to_thread(model.gather, house.cities[service.id], until, model.learns_from)
    packed = await asyncio.to_thread(model.pack, history)
    with training_process() as pool:
        fitted = await asyncio.get_running_loop().run_in_executor(pool, model.fit, packed)
    version = await asyncio.to_thread(_keep, house, service, model, fitted, (until - model.learns_from, until))
    champion.fitted, champion.version = fitted, version.version
    log.info("trained", service=service.id, model=model.name, version=version.version)
    return version


def load_newest(house: House, service: Service[City], model: Model[City], champion: Champion) -> None:
    """Put the newest stored version to use, when there is one."""
    for version in house.trials.list_versions(service.id, model.name)[:1]:
        champion.fitted, champion.version = house.files.get(version.file), version.version


def _keep(
    house: House, service: Service[City], model: Model[Any], fitted: bytes, window: tuple[datetime, datetime]
) -> ModelVersion:
    version = hashlib.sha256(fitted).hexdigest()[:VERSION_LENGTH]
    key = f"models/{service.id}/{model.name}/{version}"
    house.files.put(key, fitted)
    kept = ModelVersion(
        service=service.id,
        model=model.name,
        version=version,
        trained_at=house.clock.now(),
        learned_from=window[0],
        learned_until=window[1],
        seed=SEED,
        code=lionrock.__version__,
        file=key,
    )
    house.trials.keep_version(kept)
    return kept
