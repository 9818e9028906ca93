from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from series import speeds

from lionrock.engines.forecast import rivals, training
from lionrock.engines.forecast.forecaster import FittedForecaster, fit
from lionrock.engines.forecast.history import History

HORIZONS = (1, 2, 4, 6)


@contextmanager
def one_network() -> Iterator[None]:
    """A part of the time: how many networks are averaged, and how long each is trained, is no claim of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rivals, "SEEDS", 1)
        patch.setattr(training, "PASSES", 2)
        yield


@pytest.fixture(scope="module", autouse=True)
def train_one_network() -> Iterator[None]:
    with one_network():
        yield


@pytest.fixture(scope="session")
def fortnight() -> History:
    return speeds(14, series=4)


@pytest.fixture(scope="session")
def fitted(fortnight: History) -> FittedForecaster:
    with one_network():
        return fit(fortnight.before(10 * 96), HORIZONS, seed=3, lowest=0.0)
