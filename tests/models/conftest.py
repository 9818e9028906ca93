"""A house with the tiny service, ten days of levels, and a clock at noon."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tiny import NOON, catalogue, remember

from lionrock.app.house import House
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source


@pytest.fixture(scope="session")
def ten_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that remembers ten days; each test gets a copy."""
    folder = tmp_path_factory.mktemp("ten_days")
    with House.open(Settings(data=folder, source=Source.RECORDING), SetClock(NOON), catalogue(folder)) as house:
        remember(house, NOON - timedelta(days=10), NOON)
    return folder


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def house(ten_days: Path, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    shutil.copytree(ten_days, tmp_path, dirs_exist_ok=True)
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), clock, catalogue(tmp_path)) as house:
        yield house
