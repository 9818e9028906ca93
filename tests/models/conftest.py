"""A house with the tiny service, ten days of levels, and a clock at noon."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tiny import NOON, catalogue, remember

from lionrock.app.house import House
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Source


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOON)


@pytest.fixture
def house(tmp_path: Path, clock: SetClock) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), clock, catalogue(tmp_path)) as house:
        remember(house, NOON - timedelta(days=10), NOON)
        yield house
