"""An alert's life: raised once, kept while its condition flickers, cleared when it stays away; jobs beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lionrock.app.discovery import Catalogue, Found
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.app.jobs.own_thread import in_own_thread
from lionrock.city.city import City
from lionrock.commons.alerts.life import Condition, settle
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Job, Service
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import (
    BadDeclaration,
    Dataset,
    Event,
    EventStatus,
    Kind,
    Severity,
    Source,
    Text,
)

T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DEEP = Condition(key="tunnel", event="Flood", severity=Severity.SEVERE, headline=Text(en="Water", tc="水浸"))


EVENTS = Dataset(id="pools.events", title=Text(en="Pools", tc="水窪"), kind=Kind.EVENTS, rhythm=MINUTE, licence="open")


def test_a_condition_is_raised_once_and_keeps_its_onset() -> None:
    first = settle("deep", [DEEP], {}, {}, T0, 5 * MINUTE)
    [alert] = first.raised
    worse = replace(DEEP, severity=Severity.EXTREME)
    [again] = settle("deep", [worse], {alert.id: alert}, first.last_seen, T0 + MINUTE, 5 * MINUTE).raised
    assert (again.id, again.onset, again.severity) == ("deep/tunnel", T0, Severity.EXTREME)


def test_a_flicker_clears_nothing_and_staying_away_does() -> None:
    [alert] = settle("deep", [DEEP], {}, {}, T0, 5 * MINUTE).raised
    standing, seen = {alert.id: alert}, {alert.id: T0}
    assert settle("deep", [], standing, seen, T0 + 4 * MINUTE, 5 * MINUTE).cleared == frozenset()
    assert settle("deep", [], standing, seen, T0 + 5 * MINUTE, 5 * MINUTE).cleared == {"deep/tunnel"}


def test_a_restart_gives_a_standing_alert_its_whole_time_again() -> None:
    [alert] = settle("deep", [DEEP], {}, {}, T0, 5 * MINUTE).raised
    late = settle("deep", [], {alert.id: alert}, {}, T0 + 60 * MINUTE, 5 * MINUTE)
    assert late.cleared == frozenset()
    assert late.last_seen == {"deep/tunnel": T0 + 60 * MINUTE}


def test_two_conditions_of_one_key_are_a_bug_that_is_told() -> None:
    with pytest.raises(BadDeclaration, match="same key"):
        settle("deep", [DEEP, DEEP], {}, {}, T0, MINUTE)


def note_water(city: City) -> Iterator[Event]:
    yield Event(id="pool-1", kind="flood", at=city.now(), status=EventStatus.NEW, title=Text(en="Pool", tc="水窪"))


JOB: Job[City] = Job(name="note", title=Text(en="Note", tc="記"), writes=(EVENTS,), every=MINUTE, does=note_water)
POOLS: Service[City] = Service(
    id="pools",
    title=Text(en="Pools", tc="水窪"),
    owner=Text(en="Drainage Services Department", tc="渠務署"),
    area="environment",
    summary=Text(en="Pools.", tc="水窪。"),
    jobs=(JOB,),
)


def test_a_job_that_says_the_same_twice_changes_and_announces_it_once(tmp_path: Path) -> None:
    catalogue = Catalogue((Found(POOLS, tmp_path),))
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), SetClock(T0), catalogue) as house:
        assert [do_job(house, POOLS, JOB), do_job(house, POOLS, JOB)] == [1, 0]
        assert [kept.id for kept in house.records.list_open(EVENTS.id)] == ["pool-1"]
        assert [notice.datasets for notice in house.bus.since(0)] == [(EVENTS.id,)]


def test_an_end_does_not_wait_for_a_long_job_and_a_failing_one_is_told() -> None:
    let_go = threading.Event()

    async def end_early() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(in_own_thread(let_go.wait, 60), 0.05)

    asyncio.run(end_early())
    assert not let_go.is_set()
    let_go.set()
    with pytest.raises(ZeroDivisionError):
        asyncio.run(in_own_thread(lambda: 1 // 0))
