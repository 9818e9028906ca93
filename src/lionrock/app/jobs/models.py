"""Forecasting on a rhythm with whichever version stands, followed within seconds when a person decides otherwise."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from lionrock.app.house import House
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.app.jobs.provenance import provenance_of
from lionrock.city.city import City
from lionrock.core.feeds.runner import next_round
from lionrock.core.manifest import Model, Service
from lionrock.core.records import ModelVersion
from lionrock.core.records.standing import MACHINE, NOBODY, Decision, Standing, What
from lionrock.core.vocabulary import BadInput, Forecast, LionrockError, NotFound, NotYet, Text

log = structlog.get_logger()

UNTRAINED = "untrained"
"""The version of forecasts that were made without a fitted model."""
LOOK_AGAIN = timedelta(seconds=10)
FOLLOW_EVERY_S = 2.0


@dataclass(slots=True)
class Champion:
    """The fitted model in use, and the number of the decision by which it stands; None and 0 before the first.

    ``foreign``: other code than today's made it, so that reading it may fail in any way.
    """

    fitted: bytes | None = None
    version: str = UNTRAINED
    decision: int = 0
    foreign: bool = False


async def forecast_for_ever(house: House, service: Service[City], model: Model[City], champion: Champion) -> None:
    """Forecast every ``model.every`` with the champion of the moment; look again soon while there is none."""
    while True:
        wait = next_round(house.clock.now(), model.every)
        try:
            await in_own_thread(follow, house, service, model, champion)
            count = await in_own_thread(publish_forecast, house, service, model, champion)
            if count:
                await in_own_thread(house.bus.publish, (model.writes.id,), house.clock.now())
            elif count is None:
                wait = min(wait, LOOK_AGAIN)
        except NotYet as error:
            log.info("no forecast yet", service=service.id, model=model.name, reason=str(error))
            wait = min(wait, LOOK_AGAIN)
        except LionrockError as error:
            log.exception("a forecast failed", service=service.id, model=model.name, reason=str(error))
        await _wait_or_follow(house, service, model, champion, wait)


async def _wait_or_follow(
    house: House, service: Service[City], model: Model[City], champion: Champion, wait: timedelta
) -> None:
    """Wait for ``wait`` of the source's time, or until another version stands."""
    waiting = asyncio.ensure_future(house.clock.sleep(wait))
    try:
        while not (await asyncio.wait({waiting}, timeout=FOLLOW_EVERY_S))[0]:
            if await in_own_thread(follow, house, service, model, champion):
                return
    finally:
        waiting.cancel()


def follow(house: House, service: Service[City], model: Model[City], champion: Champion) -> bool:
    """Put the standing version to use where it is another than ``champion``; returns whether it was."""
    stands = Standing(house.engine).champion(service.id, model.name)
    if stands is None or stands.number == champion.decision:
        return False
    version = stands.stands or NOBODY
    fitted, foreign = None, False
    try:
        if version != NOBODY:
            known = house.trials.get_version(service.id, model.name, version)
            fitted, foreign = house.files.get(known.file), is_foreign(known, model)
    except NotFound as error:
        _let_fall(house, service, model, stands, Text(en=f"its file is gone: {error}", tc="其檔案已不存在"))
        return False  # the next look finds that nobody stands
    champion.fitted, champion.version, champion.decision = fitted, version or UNTRAINED, stands.number
    champion.foreign = foreign
    log.info("a version stands", service=service.id, model=model.name, version=champion.version, by=stands.by)
    return True


def publish_forecast(house: House, service: Service[City], model: Model[City], champion: Champion) -> int | None:
    """Forecast once and store it under the champion's version; returns how many values were new, None without any.

    A champion that today's code cannot read falls, and the forecast is made as before the first training.
    """
    recent = model.gather(house.cities[service.id], house.clock.now(), model.looks_back)
    try:
        forecasts = model.predict(champion.fitted, recent)
    except NotYet:
        raise
    except Exception as error:
        stands = Standing(house.engine).champion(service.id, model.name)
        ours = champion.fitted is not None and stands is not None and stands.number == champion.decision
        if stands is None or not ours or not (champion.foreign or isinstance(error, BadInput)):
            raise
        forecasts = model.predict(None, recent)
        reason = Text(en=f"this code cannot read it: {error or type(error).__name__}", tc="現時的程式無法讀取此版本")
        _let_fall(house, service, model, stands, reason)
        champion.fitted, champion.version = None, UNTRAINED
    if not forecasts:
        return None
    return house.readings.append_forecasts(model.writes.id, _stamped(forecasts, champion.version)).new


def is_foreign(version: ModelVersion, model: Model[Any]) -> bool:
    """Whether a version was fitted by other code than today's."""
    return version.facts is None or version.facts.engine != provenance_of(model.fit).engine


def _stamped(forecasts: list[Forecast], version: str) -> list[Forecast]:
    """The forecasts under the version by which people know the model: that of the register."""
    return [forecast._replace(version=version) for forecast in forecasts]


def _let_fall(house: House, service: Service[Any], model: Model[Any], stands: Decision, why: Text) -> None:
    log.error("the champion cannot be used", service=service.id, model=model.name, version=stands.stands, why=why.en)
    fallen = Decision(
        service=service.id,
        model=model.name,
        version=stands.stands or NOBODY,
        what=What.UNREADABLE,
        stands=NOBODY,
        by=MACHINE,
        why=why,
        at=house.clock.now(),
    )
    Standing(house.engine).decide_while(stands, fallen)
