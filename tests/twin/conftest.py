"""What the twin's tests share: two simulated days with little traffic, and the real recordings where they are."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from twin_days import SCALE, SEED, SUNDAY, WEDNESDAY

from lionrock.twin.calendar import midnight
from lionrock.twin.city import TwinCity
from lionrock.twin.day import keep_day, simulate_day

RECORDINGS = Path(os.environ.get("LIONROCK_RECORDINGS", Path(__file__).parents[3] / "shared" / "data" / "hk"))


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> TwinCity:
    """A city with a Wednesday and the morning of a Sunday."""
    folder = tmp_path_factory.mktemp("twin")
    built = TwinCity(seed=SEED, folder=folder, scale=SCALE)
    keep_day(built.path_of(WEDNESDAY), simulate_day(SEED, WEDNESDAY, scale=SCALE))
    keep_day(built.path_of(SUNDAY), simulate_day(SEED, SUNDAY, scale=SCALE, until_s=10 * 3600))
    return built


@pytest.fixture(scope="session")
def morning() -> datetime:
    """A moment in the Wednesday's rush hour."""
    return midnight(WEDNESDAY) + timedelta(hours=8, minutes=31)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of real recordings; tests that compare with them are skipped without it."""
    if not RECORDINGS.is_dir():
        pytest.skip(f"no recordings at {RECORDINGS} (set LIONROCK_RECORDINGS)")
    return RECORDINGS
