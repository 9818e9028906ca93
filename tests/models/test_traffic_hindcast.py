"""What the traffic forecast is judged by is what it would have published, beside what was measured then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.core.clock import SetClock
from lionrock.core.readings import ReadingColumns
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadInput, NotYet, Source, microseconds, moment_of
from lionrock.engines.forecast.series import pack_seen
from lionrock.services.mobility.traffic.model import (
    SPEEDS,
    fit_speeds,
    gather_speeds,
    hindcast_speeds,
    predict_speeds,
    speeds_measured,
)

NOW = datetime.fromisoformat("2026-11-21T09:00:00+08:00")
STEP = timedelta(minutes=5)
ROADS = ("900001", "900002", "900003", "900004")
UNSEEN = timedelta(hours=6)
QUARTER_US = 900_000_000


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings = Settings(data=tmp_path_factory.mktemp("hindcast"), source=Source.RECORDING)
    with House.open(settings, SetClock(NOW), discover()) as house:
        dice = np.random.default_rng(3)
        steps = int(timedelta(days=2) / STEP)
        at_us = np.array([microseconds(NOW - STEP * back) for back in range(steps, 0, -1)])
        for index, road in enumerate(ROADS):
            speeds = 60 + 5 * index + 15 * np.sin(at_us / 3.6e9 * np.pi / 6) + dice.normal(0, 2, steps)
            speeds[dice.random(steps) < 0.1] = np.nan
            columns = ReadingColumns.of_property("speed_kmh", [road] * steps, at_us, speeds)
            house.readings.append("traffic.segment_speeds", columns)
        yield house


@pytest.fixture(scope="module")
def fitted(house: House) -> bytes:
    return fit_speeds(pack_seen(gather_speeds(house.cities["traffic"], NOW - UNSEEN, timedelta(days=2))))


def packed(house: House, until: datetime = NOW) -> bytes:
    return pack_seen(gather_speeds(house.cities["traffic"], until, UNSEEN + SPEEDS.recent))


def test_a_hindcast_is_the_forecast_that_would_have_been_published(house: House, fitted: bytes) -> None:
    told = hindcast_speeds(fitted, packed(house), NOW - UNSEEN)
    assert set(np.diff(told.issued_us).tolist()) == {QUARTER_US}
    issue = 7
    at = moment_of(int(told.issued_us[issue]))
    published = predict_speeds(fitted, gather_speeds(house.cities["traffic"], at, SPEEDS.recent))
    assert {one.issued_at for one in published} == {at}
    for one in published:
        cell = told.quantiles[issue, told.sensors.index(one.sensor), int(one.horizon / timedelta(minutes=15)) - 1]
        assert cell.tolist() == pytest.approx([one.low, one.middle, one.high], abs=1e-3)


def test_its_truth_is_what_was_measured_at_the_moments_it_speaks_of_and_unknown_beyond_the_end(
    house: House, fitted: bytes
) -> None:
    told = hindcast_speeds(fitted, packed(house), NOW - UNSEEN)
    known = speeds_measured(house.cities["traffic"], NOW - UNSEEN, NOW)
    row = {int(start): index for index, start in enumerate(known.starts_us)}
    at_us = told.issued_us[3] + told.horizons_us
    columns = [known.sensors.index(sensor) for sensor in told.sensors]
    expected = known.values[[row[int(moment)] for moment in at_us]][:, columns].T
    np.testing.assert_allclose(told.truth[3], expected, atol=1e-3)
    beyond = told.issued_us[:, None] + told.horizons_us >= microseconds(NOW)
    assert np.isnan(told.truth.transpose(0, 2, 1)[beyond]).all()
    assert set(told.baselines) == {"last_value", "usual_day"}


def test_nothing_unseen_is_not_yet_and_foreign_bytes_are_bad_input(house: House, fitted: bytes) -> None:
    with pytest.raises(NotYet):
        hindcast_speeds(fitted, packed(house), NOW)
    with pytest.raises(BadInput):
        hindcast_speeds(b"no model", packed(house), NOW - UNSEEN)
