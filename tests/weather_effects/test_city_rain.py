from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.city.city import City
from lionrock.city.rain import DISTRICTS, nearest_district, rain_ahead, rain_foreseen, rain_reported
from lionrock.city.warnings import warning_levels
from lionrock.core.clock import SetClock
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Alert, NotYet, Reading, Severity, Source, Text
from lionrock.services.environment.weather.datasets import RAIN_NOWCAST, RAINFALL, WARNINGS
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


STEP = timedelta(minutes=5)
FIRST = NOW - timedelta(hours=2, minutes=5)


def test_what_was_foreseen_is_known_once_it_was_published_and_read_and_not_at_its_issue(
    house: House, city: City
) -> None:
    issue(house, FIRST, rain_60min_mm=6.0)
    rain = rain_foreseen(city, [WAN_CHAI, TAI_PO], FIRST, 15, STEP)
    assert rain.shape == (15, 2, 4)
    assert np.isnan(rain[:3]).all()
    assert rain[3, :, 1].tolist() == [6.0, 0.0]
    assert rain[3, :, [0, 2, 3]].tolist() == [[0.0, 0.0]] * 3


def test_an_old_nowcast_is_unknown_and_a_newer_one_takes_its_place(house: House, city: City) -> None:
    issue(house, FIRST, rain_60min_mm=6.0)
    issue(house, FIRST + STEP * 4)
    rain = rain_foreseen(city, [WAN_CHAI], FIRST, 24, STEP)[:, 0, 1]
    assert rain[3:7].tolist() == [6.0] * 4
    assert (rain[7:17] == 0).all()
    assert np.isnan(rain[17:]).all()


def test_a_road_without_a_place_is_told_the_citys_mean(house: House, city: City) -> None:
    house.readings.append(RAIN_NOWCAST.id, [Reading("city", "rain_30min_mm", FIRST, 1.5)])
    assert rain_foreseen(city, [None, WAN_CHAI], FIRST, 4, STEP)[3, :, 0].tolist() == [1.5, 0.0]


def test_a_day_is_foreseen_like_the_hours_that_it_is_made_of(house: House, city: City) -> None:
    start = NOW - timedelta(days=2)
    for hour in range(0, 48, 2):
        issue(house, start + HOUR * hour, rain_60min_mm=float(hour + 1))
    whole = rain_foreseen(city, [WAN_CHAI], start, 2 * 288, STEP)
    parts = [rain_foreseen(city, [WAN_CHAI], start + HOUR * hour, 12, STEP) for hour in range(48)]
    assert np.array_equal(whole, np.concatenate(parts), equal_nan=True)
    assert np.isfinite(whole).any()


def test_without_any_nowcast_nothing_is_foreseen(city: City) -> None:
    assert np.isnan(rain_foreseen(city, [WAN_CHAI, None], FIRST, 3, STEP)).all()


def test_warnings_are_ranks_from_when_they_were_read_until_they_were_closed(house: House, city: City) -> None:
    for code, read, closed in (("WRAINA", 2, 4), ("WRAINR", 4, 6), ("TC3", 0, None)):
        alert = Alert(
            id=code,
            event=code[:5],
            severity=Severity.MODERATE,
            headline=Text(en=code),
            onset=FIRST + STEP * min(read, 1),
            properties={"code": code},
        )
        house.records.save(WARNINGS, [alert], FIRST + STEP * read)
        house.records.close(WARNINGS, [] if closed is None else [code], FIRST + STEP * (closed or 0))
    levels = warning_levels(city, FIRST, 7, STEP)
    assert levels[:, 0].tolist() == [0, 1, 1, 2, 2, 0, 0]
    assert levels[:, 1].tolist() == [2] * 7
