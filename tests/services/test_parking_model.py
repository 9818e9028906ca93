"""The forecast of vacant spaces: what it sees of the counts, and what drivers are told of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
from feeds_at_hand import CATALOGUE, Take

from lionrock.app.evaluate.parking import car_parks_of_twin
from lionrock.app.house import House
from lionrock.app.pages.render import Templates
from lionrock.app.web.pages import context_of, template_of
from lionrock.app.web.sessions import NOBODY
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.vocabulary import Forecast, Language, NotYet, Quality, Reading
from lionrock.engines.forecast.series import Seen, pack_seen
from lionrock.services.mobility.parking.answers import CarParkQuery, VacancyQuery, forecast_vacancy, list_vacancy
from lionrock.services.mobility.parking.model import (
    HORIZONS,
    STEP,
    VACANCIES,
    fit_vacancy,
    gather_vacancy,
    list_expected,
    predict_vacancy,
)
from lionrock.services.mobility.parking.service import SERVICE

PARKS = ("tdx101/P/HOURLY", "tdx101/M/HOURLY", "tdx104/P/HOURLY")
DAY = timedelta(days=1)


def usual(sensor: str, at: datetime) -> float:
    """Full at noon, empty at midnight, each car park with another size."""
    hour = at.astimezone(ZONE).hour + at.minute / 60
    return (100 + 50 * PARKS.index(sensor)) * (0.5 + 0.5 * np.cos(hour / 12 * np.pi))


def count(house: House, until: datetime, span: timedelta) -> None:
    """Counts every five minutes before ``until``."""
    moments = [until - timedelta(minutes=5) * back for back in range(1, span // timedelta(minutes=5) + 1)]
    house.readings.append(
        "parking.vacancy",
        [Reading(one, "vacant_spaces", at, round(usual(one, at)), Quality.GOOD) for one in PARKS for at in moments],
    )


def seen(house: House, span: timedelta) -> Seen:
    return gather_vacancy(house.cities["parking"], house.clock.now(), span)


def test_a_quarter_of_an_hour_is_the_mean_of_its_good_counts(house: House, clock: SetClock) -> None:
    begin = datetime(2026, 11, 21, 8, 0, tzinfo=ZONE)
    readings = [
        Reading("a/P/HOURLY", "vacant_spaces", begin + timedelta(minutes=minute), value, quality)
        for minute, value, quality in (
            (1, 10, Quality.GOOD),
            (6, 20, Quality.GOOD),
            (16, None, Quality.MISSING),
            (20, 9999, Quality.INVALID),
            (31, 7, Quality.GOOD),
        )
    ]
    house.readings.append("parking.vacancy", readings)
    clock.set(begin + timedelta(minutes=40))  # the third quarter has not ended
    told = seen(house, timedelta(hours=2))
    assert (told.ids, told.issued_at) == (("a/P/HOURLY",), begin + timedelta(minutes=30))
    assert told.history.values.tolist() == [[15.0], [pytest.approx(np.nan, nan_ok=True)]]


def test_before_anybody_counted_there_is_nothing_to_forecast_from(house: House) -> None:
    with pytest.raises(NotYet, match="no car park has counted"):
        seen(house, DAY)


def test_the_forecast_knows_that_car_parks_fill_in_the_morning(house: House, clock: SetClock) -> None:
    count(house, clock.now(), timedelta(days=3))
    fitted = fit_vacancy(pack_seen(seen(house, timedelta(days=3))))
    told = {(one.sensor, one.horizon): one for one in predict_vacancy(fitted, seen(house, VACANCIES.recent))}
    assert {key[1] for key in told} == set(HORIZONS)
    issued = told[PARKS[0], HORIZONS[0]].issued_at
    for park in PARKS:
        ahead = told[park, HORIZONS[-1]]
        assert ahead.middle == pytest.approx(usual(park, issued + HORIZONS[-1] + STEP / 2), abs=12)
        assert ahead.middle < usual(park, issued) - 8
    assert min(one.low for one in told.values()) >= 0


def expect(house: House, issued: datetime, sensor: str = PARKS[0], middle: float = 20.0) -> None:
    house.readings.append_forecasts(
        "parking.vacancy_ahead",
        [
            Forecast(sensor, "vacant_spaces", issued, ahead, middle - 5, middle, middle + 9, "blend", "v1")
            for ahead in HORIZONS
        ],
    )


def test_an_arrival_is_told_the_nearest_moment_that_is_forecast(house: House, take: Take, clock: SetClock) -> None:
    take("parking.car_parks")
    take("parking.vacancy")
    expect(house, clock.now() - timedelta(minutes=10))
    city = house.cities["parking"]
    ahead = {one.id: one for one in list_vacancy(city, VacancyQuery(arriving=30), NOBODY).car_parks}
    expected = ahead["tdx101"].expected
    assert expected is not None
    assert expected.at == clock.now() + timedelta(minutes=35)  # 20 minutes ahead would be further from it
    assert (expected.low, expected.middle, expected.high) == (15, 20, 29)
    assert ahead["tdx102"].expected is None  # it only says whether there is room
    assert {one.expected for one in list_vacancy(city, VacancyQuery(), NOBODY).car_parks} == {None}


def test_an_old_issue_is_told_to_nobody(house: House, take: Take, clock: SetClock) -> None:
    take("parking.car_parks")
    expect(house, clock.now() - timedelta(minutes=45))
    assert list(list_expected(house.cities["parking"])) == [PARKS[0]]
    clock.set(clock.now() + timedelta(seconds=1))
    assert list_expected(house.cities["parking"]) == {}
    told = forecast_vacancy(house.cities["parking"], CarParkQuery(car_park="tdx101"), NOBODY)
    assert told.expected == {}


def test_of_a_car_park_that_has_closed_nothing_is_expected(house: House, take: Take, clock: SetClock) -> None:
    take("parking.car_parks")
    count(house, clock.now(), timedelta(hours=1))
    expect(house, clock.now())
    city = house.cities["parking"]

    def told() -> tuple[bool, bool]:
        (here,) = [one for one in list_vacancy(city, VacancyQuery(arriving=30), NOBODY).car_parks
                   if one.id == "tdx101"]  # fmt: skip
        own = forecast_vacancy(city, CarParkQuery(car_park="tdx101"), NOBODY).expected
        return here.expected is not None, "P/HOURLY" in own

    assert told() == (True, True)
    house.readings.append("parking.vacancy", [Reading(PARKS[0], "vacant_spaces", clock.now(), None, Quality.MISSING)])
    assert told() == (False, False)


def test_one_car_park_is_told_by_tariff(house: House, take: Take, clock: SetClock) -> None:
    take("parking.car_parks")
    count(house, clock.now(), timedelta(hours=1))
    expect(house, clock.now())
    expect(house, clock.now(), PARKS[1], 7.0)
    expect(house, clock.now(), "tdx1019/P/HOURLY")  # another car park whose id begins alike
    told = forecast_vacancy(house.cities["parking"], CarParkQuery(car_park="tdx101"), NOBODY)
    assert {tariff: [one.middle for one in said] for tariff, said in told.expected.items()} == {
        "P/HOURLY": [20.0] * 6,
        "M/HOURLY": [7.0] * 6,
    }


@pytest.mark.usefixtures("built_assets")
@pytest.mark.parametrize(("arriving", "says"), [(0, False), (45, True)])
def test_the_page_shows_what_is_expected_with_its_range(
    house: House, take: Take, clock: SetClock, arriving: int, *, says: bool
) -> None:
    take("parking.car_parks")
    take("parking.vacancy")
    expect(house, clock.now())
    (page,), question = SERVICE.pages, SERVICE.questions[0]
    context = context_of(house, SERVICE, page, question, VacancyQuery(arriving=arriving), NOBODY)
    frame = {"path": page.path, "title": page.title, "source": "twin", "simulated": True}
    shown = Templates(CATALOGUE.words).render(template_of(page), Language.EN, **frame, **context).decode()
    assert ("15 to 29" in shown, "not forecast" in shown) == (says, says)
    assert f'href="?arriving={arriving}" aria-current="true"' in shown


def test_the_twins_car_parks_are_scored_as_the_twin_counts_them() -> None:
    recording = car_parks_of_twin(days=2)
    assert recording.history.values.shape == (192, 42)
    assert recording.history.step == STEP
    by_hour = recording.history.values.reshape(2, 24, 4, -1).mean(axis=(0, 2))
    office = by_hour[:, 0]  # Star Ferry: full at eleven, empty at night
    assert office[11] < 0.2 * office[3]
