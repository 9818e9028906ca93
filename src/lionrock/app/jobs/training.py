"""Training in a worker process without pausing the service: a challenger is fitted, judged, and stands if it wins.

A training learns from all but the newest ``holds_back`` of the model's history (a quarter of it while it is short).
Challenger and champion then forecast that newest part, which neither has seen; ``commons.governance.judging`` decides.
"""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import structlog

import lionrock
from lionrock.app.house import House
from lionrock.app.jobs.models import is_foreign
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.app.jobs.provenance import provenance_of
from lionrock.app.memory import return_large_blocks, share_arenas
from lionrock.city.city import City
from lionrock.commons.governance.inputs import InputProfile, profile_of
from lionrock.commons.governance.judging import Contest, Judged, Verdict, decide, judge
from lionrock.core.manifest import Model, Service
from lionrock.core.records import ModelVersion
from lionrock.core.records.standing import MACHINE, NOBODY, Decision, Standing, What
from lionrock.core.records.trials import ModelFacts
from lionrock.core.vocabulary import NotYet, Text, moment_of

log = structlog.get_logger()

SEED = 852
VERSION_LENGTH, DATA_LENGTH = 12, 16
LOOK_EVERY_S = 5.0
RETRY_AFTER = timedelta(hours=1)  # while nothing stands, or when the last training came to nothing
SHORT_HISTORY_HOLDS_BACK = 4  # a history of less than so many times holds_back gives only one part in so many
DAY = timedelta(days=1)
PROFILE_DAYS = 7
NICENESS = 10
FILES_KEPT = 14  # a week of trainings
ONE_AT_A_TIME = asyncio.Lock()


@dataclass(frozen=True, slots=True)
class Window:
    """What a training learns from, [since, until), and the moment up to which it is judged."""

    since: datetime
    until: datetime
    judged_until: datetime


@contextmanager
def training_process() -> Iterator[ProcessPoolExecutor]:
    """Give one fresh process, gone with its memory afterwards; a training that is broken off has nothing to lose."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_begin_worker)
    try:
        yield pool
    finally:
        processes = list((pool._processes or {}).values())  # noqa: SLF001 - the pool itself would wait for them
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()


def _begin_worker() -> None:
    """Give way to the service, and end when it ends, however it ends: a pool's worker would wait for ever."""
    os.nice(NICENESS)
    share_arenas()
    return_large_blocks()
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


async def train_for_ever(house: House, service: Service[City], model: Model[City], *, ready: asyncio.Event) -> None:
    """Train once ``ready`` is set, then every ``model.retrain_every`` and whenever somebody asks."""
    await ready.wait()
    standing, again = Standing(house.engine), False
    while True:
        if again or await in_own_thread(is_due, house, service, model):
            asked = await in_own_thread(standing.last_asked, service.id, model.name)
            try:
                await train(house, service, model)
            except NotYet as error:
                log.info("no training yet", service=service.id, model=model.name, reason=str(error))
                await in_own_thread(_keep_failure, house, service, model, str(error))
            except Exception as error:  # whatever a fit raises, or the end of its process, is not tried again at once
                log.exception("a training failed", service=service.id, model=model.name)
                await in_own_thread(_keep_failure, house, service, model, f"{type(error).__name__}: {error}")
            again = await in_own_thread(standing.last_asked, service.id, model.name) > asked  # it knows nothing of that
        await asyncio.sleep(LOOK_EVERY_S)


def is_due(house: House, service: Service[Any], model: Model[Any]) -> bool:
    """Whether a training is due: asked for, never done, or long enough ago (sooner while nothing stands)."""
    standing = Standing(house.engine)
    if standing.asked(service.id, model.name) is not None:
        return True
    last = standing.last_training(service.id, model.name)
    if last is None:
        return True
    stands = standing.champion(service.id, model.name)
    soon = last.what is What.FAILED or stands is None or stands.stands == NOBODY
    pause = min(RETRY_AFTER, model.retrain_every) if soon else model.retrain_every
    return abs(house.clock.now() - last.at) >= pause  # a clock that jumped back must not stop the learning


async def train(house: House, service: Service[City], model: Model[City]) -> Decision:
    """Fit a challenger, judge it, keep it and the decision; raises NotYet with too little data.

    One training at a time, whatever the model: two would need twice the memory.
    """
    async with ONE_AT_A_TIME:
        return await _train(house, service, model)


async def _train(house: House, service: Service[City], model: Model[City]) -> Decision:
    stands = Standing(house.engine).champion(service.id, model.name)
    window = await in_own_thread(_window, house, service, model)
    packed = await in_own_thread(_packed, house, service, model, window.until, window.until - window.since)
    with training_process() as pool:
        fitted = await asyncio.get_running_loop().run_in_executor(pool, model.fit, packed)
    data = hashlib.sha256(packed).hexdigest()[:DATA_LENGTH]
    del packed
    version = await in_own_thread(_keep_version, house, service, model, fitted, window, data)
    judged, verdict = await _judge(house, service, model, version, fitted, window, stands)
    decision = await in_own_thread(_keep_decision, house, version, judged, verdict, stands)
    await in_own_thread(drop_files, house, service.id, model.name)
    log.info("trained", service=service.id, model=model.name, version=version.version, what=decision.what.value)
    return decision


def fit_again(house: House, service: Service[City], model: Model[City], version: ModelVersion) -> tuple[str, str]:
    """The hashes (data, version) of fitting once more on the data window of ``version``: the same when it reproduces.

    The data hash differs where readings of that window came after the training.
    """
    span = version.learned_until - version.learned_from
    packed = _packed(house, service, model, version.learned_until, span)
    with training_process() as pool:
        fitted = pool.submit(model.fit, packed).result()
    return hashlib.sha256(packed).hexdigest()[:DATA_LENGTH], version_of(fitted)


def drop_files(house: House, service: str, model: str) -> None:
    """Let go of the files of old versions that never stood; what is known of them stays."""
    stood = set(Standing(house.engine).list_stood(service, model))
    for old in house.trials.list_versions(service, model)[FILES_KEPT:]:
        if old.version not in stood:
            house.files.drop(old.file)


def version_of(fitted: bytes) -> str:
    """The version of a fitted model: a hash of its bytes."""
    return hashlib.sha256(fitted).hexdigest()[:VERSION_LENGTH]


def _window(house: House, service: Service[City], model: Model[City]) -> Window:
    """All of the history but what is held back for judging."""
    now = house.clock.now()
    start = now - model.learns_from
    if model.hindcast is None or model.measured is None:
        return Window(start, now, now)
    first = _first_measured(house.cities[service.id], model, start, now)
    held_back = min(model.holds_back, (now - first) / SHORT_HISTORY_HOLDS_BACK)
    return Window(max(start - held_back, first), now - held_back, now)


def _first_measured(city: City, model: Model[City], start: datetime, now: datetime) -> datetime:
    """When the history begins; a long one is found by its first day."""
    if model.measured is None:
        return start
    while start < now:
        day = model.measured(city, start, min(start + DAY, now))
        there = np.isfinite(day.values).any(axis=1)
        if there.any():
            return moment_of(int(day.starts_us[there.argmax()]))
        start += DAY
    raise NotYet(f"nothing was measured for {model.name} in {model.learns_from.days} days")


def _packed(house: House, service: Service[City], model: Model[City], until: datetime, span: timedelta) -> bytes:
    return model.pack(model.gather(house.cities[service.id], until, span))


async def _judge(
    house: House,
    service: Service[City],
    model: Model[City],
    version: ModelVersion,
    fitted: bytes,
    window: Window,
    stands: Decision | None,
) -> tuple[Judged | None, Verdict]:
    """Let the challenger meet the champion on what neither has seen."""
    if model.hindcast is None:
        unjudged = Text(en="not judged: the model declares no hindcast", tc="未經評審：模型沒有聲明事後預測")
        return None, Verdict(promoted=True, why=unjudged)
    champion, foreign, since = None, False, window.until
    if stands is not None and stands.stands not in (None, NOBODY, version.version):
        rival = house.trials.get_version(service.id, model.name, str(stands.stands))
        champion, foreign = house.files.get(rival.file), is_foreign(rival, model)
        since = max(since, rival.learned_until)
    span = window.judged_until - window.until + model.looks_back
    history = await in_own_thread(_packed, house, service, model, window.judged_until, span)
    contest = Contest(
        hindcast=model.hindcast, challenger=fitted, champion=champion, history=history, since=since, foreign=foreign
    )
    with training_process() as pool:
        judged, readable = await asyncio.get_running_loop().run_in_executor(pool, judge, contest)
    return judged, decide(judged, has_champion=champion is not None and readable)


def _keep_version(
    house: House, service: Service[Any], model: Model[Any], fitted: bytes, window: Window, data: str
) -> ModelVersion:
    version = version_of(fitted)
    key = f"models/{service.id}/{model.name}/{version}"
    house.files.put(key, fitted)
    provenance = provenance_of(model.fit)
    inputs = _profile(house.cities[service.id], model, window)
    kept = ModelVersion(
        service=service.id,
        model=model.name,
        version=version,
        trained_at=house.clock.now(),
        learned_from=window.since,
        learned_until=window.until,
        seed=SEED,
        code=lionrock.__version__,
        file=key,
        facts=ModelFacts(
            data=data,
            engine=provenance.engine,
            libraries=provenance.libraries,
            inputs=None if inputs is None else msgspec.to_builtins(inputs),
        ),
    )
    house.trials.keep_version(kept)
    return kept


def _profile(city: City, model: Model[City], window: Window) -> InputProfile | None:
    """What came in during the last days that were learned from."""
    if model.measured is None:
        return None
    days = range(PROFILE_DAYS, 0, -1)
    starts = [start for back in days if (start := window.until - DAY * back) >= window.since]
    return profile_of(model.measured(city, start, start + DAY) for start in starts)


def _keep_decision(
    house: House, version: ModelVersion, judged: Judged | None, verdict: Verdict, stands: Decision | None
) -> Decision:
    """Keep what follows from the verdict, unless a person decided otherwise meanwhile or before."""
    standing = Standing(house.engine)
    obstacle = _obstacle(standing, version, stands)
    promoted = verdict.promoted and obstacle is None

    def made(what: What, stands: str | None, why: Text) -> Decision:
        return Decision(
            service=version.service,
            model=version.model,
            version=version.version,
            what=what,
            stands=stands,
            by=MACHINE,
            why=why,
            at=house.clock.now(),
            scores=None if judged is None else msgspec.to_builtins(judged),
        )

    if promoted:
        decision = made(What.PROMOTED, version.version, verdict.why)
        if standing.decide_while(stands, decision):
            return decision
        obstacle = Text(en="another version was chosen while it was judged", tc="評審期間已選用另一版本")
    decision = made(What.KEPT_BACK, None, verdict.why if obstacle is None else obstacle)
    standing.decide(decision)
    return decision


def _obstacle(standing: Standing, version: ModelVersion, stands: Decision | None) -> Text | None:
    """Why a version cannot stand however good it is; None where nothing is in its way."""
    if stands is not None and stands.stands == version.version:
        return Text(en="it is the champion itself, fitted again", tc="與現用版本完全相同")
    if stands is not None and stands.held:
        return Text(en=f"{stands.by} holds the present version: {stands.why.en}", tc=f"{stands.by}已鎖定現用版本")
    if version.version in standing.barred(version.service, version.model):
        return Text(en="a person rolled back from this very version", tc="曾有人員將此版本復原")
    return None


def _keep_failure(house: House, service: Service[Any], model: Model[Any], reason: str) -> None:
    failed = Decision(
        service=service.id,
        model=model.name,
        version=NOBODY,
        what=What.FAILED,
        stands=None,
        by=MACHINE,
        why=Text(en=reason),
        at=house.clock.now(),
    )
    Standing(house.engine).decide(failed)
