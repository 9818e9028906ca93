"""A house that knows the twin's roads and tolls, and nothing of their speeds until a test says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from driving import FRIDAY_EVENING, City, DrivingHouse

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Download
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source
from lionrock.twin.feeds.segments import render_centerlines
from lionrock.twin.feeds.tolls import render_timed_tolls, render_tolls

CATALOGUE = discover()
BODIES = {
    "traffic.road_network": render_centerlines,
    "journeys.tolls": render_tolls,
    "journeys.timed_tolls": render_timed_tolls,
}


def opened(folder: Path, feeds: Iterable[str] = tuple(BODIES)) -> Iterator[DrivingHouse]:
    """The city on a Friday at 17:00, its roads known, its speeds not; of tolls too where those ``feeds`` were read."""
    clock = SetClock(FRIDAY_EVENING)
    with House.open(Settings(data=folder, source=Source.RECORDING), clock, CATALOGUE) as house:
        for feed_id in feeds:
            render = BODIES[feed_id]
            _, feed = house.feed(feed_id)
            given = Download(body=render(), url="https://example.org/feed", received_at=clock.now())
            house.intake.take(feed_id, feed, given)
        yield DrivingHouse(house, clock)


def set_free(driving: DrivingHouse) -> DrivingHouse:
    """Every road is measured at its limit now and forecast to stay so."""
    driving.measure({})
    driving.forecast(lambda _road, _minutes: None)
    return driving


@pytest.fixture
def driving(tmp_path: Path) -> Iterator[DrivingHouse]:
    """A house to tell speeds to."""
    yield from opened(tmp_path)


@pytest.fixture
def free(driving: DrivingHouse) -> DrivingHouse:
    """A house of free roads, to tell more to."""
    return set_free(driving)


@pytest.fixture
def tollless(tmp_path: Path) -> Iterator[DrivingHouse]:
    """A house of free roads whose tolls nobody has read."""
    yield from map(set_free, opened(tmp_path, ("traffic.road_network",)))


@pytest.fixture(scope="session")
def freely(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrivingHouse]:
    """A house of free roads that tests only look at."""
    yield from map(set_free, opened(tmp_path_factory.mktemp("free")))


@pytest.fixture(scope="session")
def city(freely: DrivingHouse) -> City:
    """The journeys service's own view of free roads."""
    return freely.city


@pytest.fixture
def moment() -> datetime:
    return FRIDAY_EVENING
