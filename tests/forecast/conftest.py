from __future__ import annotations

import pytest
from series import speeds

from lionrock.engines.forecast.forecaster import FittedForecaster, fit
from lionrock.engines.forecast.history import History

HORIZONS = (1, 2, 4, 6)


@pytest.fixture(scope="session")
def fortnight() -> History:
    return speeds(14, series=4)


@pytest.fixture(scope="session")
def fitted(fortnight: History) -> FittedForecaster:
    return fit(fortnight.before(10 * 96), HORIZONS, seed=3, lowest=0.0)
