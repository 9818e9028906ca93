from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.city.rain import DISTRICTS, nearest_district, rain_ahead, rain_reported
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import NotYet, Reading, Source
from lionrock.services.environment.weather.datasets import RAIN_NOWCAST, RAINFALL
from lionrock.services.environment.weather.stations import DISTRICT_BY_NAME

NOW = datetime(2026, 6, 10, 9, 5, tzinfo=UTC)
WAN_CHAI, TAI_PO = (114.180, 22.277), (114.168, 22.452)
HOUR = timedelta(hours=1)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), SetClock(NOW), discover()) as house:
        reports = {4: 0.0, 5: 8.0, 6: 4.0}
        house.readings.append(
            RAINFALL.id,
            [Reading("wan_chai", "rain_mm", NOW.replace(hour=hour, minute=45), mm) for hour, mm in reports.items()],
        )
        yield house


@pytest.fixture
def city(house: House) -> City:
    return house.cities["weather_effects"]


def issue(house: House, at: datetime, **cells: float) -> None:
    """One issue of the nowcast: ``rain_60min_mm`` of a cell, and a dry mean."""
    wet = [Reading("22.277,114.18", name, at, mm) for name, mm in cells.items()]
    mean = [Reading("city", f"rain_{ahead}min_mm", at, 0.0) for ahead in (30, 60, 90, 120)]
    house.readings.append(RAIN_NOWCAST.id, wet + mean)


def test_every_district_of_the_reports_has_its_middle() -> None:
    assert set(DISTRICTS) == set(DISTRICT_BY_NAME.values())


def test_a_place_belongs_to_the_district_whose_middle_is_nearest() -> None:
    assert [nearest_district(point) for point in (WAN_CHAI, TAI_PO)] == ["wan_chai", "tai_po"]


def test_an_hours_rain_is_taken_from_both_reports_that_it_lies_in(city: City) -> None:
    rain = rain_reported(city, [WAN_CHAI], NOW.replace(hour=5, minute=0), 2)
    assert rain[:, 0] == pytest.approx([0.25 * 8, 0.75 * 8 + 0.25 * 4])


def test_rain_that_nobody_reported_is_unknown_and_not_dry(city: City) -> None:
    rain = rain_reported(city, [WAN_CHAI, TAI_PO, None], NOW.replace(hour=4, minute=0), 5)
    assert np.isnan(rain[[0, 3, 4], 0]).all()
    assert np.isnan(rain[:, 1:]).all()


def test_rain_ahead_is_that_of_the_cell_a_place_lies_in(house: House, city: City) -> None:
    issue(house, NOW, rain_60min_mm=6.0)
    rain = rain_ahead(city, [WAN_CHAI, TAI_PO])
    assert rain.issued_at == NOW
    assert rain.ahead_mm_h.tolist() == [[0, 0], [12, 0], [0, 0], [0, 0]]


def test_rain_now_is_the_last_report_that_had_ended_while_it_is_fresh(house: House, city: City) -> None:
    issue(house, NOW, rain_60min_mm=6.0)
    assert np.isnan(rain_ahead(city, [TAI_PO]).now_mm_h).all()
    earlier = NOW - 2 * HOUR
    issue(house, earlier)
    assert rain_ahead(city, [WAN_CHAI], earlier).now_mm_h.tolist() == [8.0]


def test_a_stale_nowcast_says_nothing(house: House, city: City) -> None:
    with pytest.raises(NotYet, match="was read yet"):
        rain_ahead(city, [WAN_CHAI])
    issue(house, NOW - HOUR)
    with pytest.raises(NotYet, match="of the 0:45:00 before"):
        rain_ahead(city, [WAN_CHAI])
