"""Where drivers are told that there is room: only what the car park said last, and only when it was good."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from feeds_at_hand import Take, sample_of

from lionrock.app.house import House
from lionrock.app.web.sessions import NOBODY
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.vocabulary import BadInput, NotFound
from lionrock.services.mobility.parking.answers import (
    CarParkQuery,
    CarParkRoom,
    VacancyQuery,
    describe_car_park,
    list_vacancy,
)

HARBOUR = b'"vacancy_type":"A","vacancy":42,"lastupdate":"2026-11-21 08:30:05"'
EARLIER, LATER = b"2026-11-21 08:30:05", b"2026-11-21 08:40:05"


@pytest.fixture(autouse=True)
def _listed(take: Take) -> None:
    take("parking.car_parks")


def room(house: House, at: datetime | None = None) -> CarParkRoom:
    told = list_vacancy(house.cities["parking"], VacancyQuery(at=at), NOBODY)
    (found,) = [one for one in told.car_parks if one.id == "tdx101"]
    return found


def says(vacancy_type: bytes, vacancy: bytes, at: bytes = EARLIER) -> bytes:
    """The sample with another word of the Harbour View Car Park on room for private cars."""
    body = sample_of("parking.vacancy")
    assert HARBOUR in body
    return body.replace(HARBOUR, b'"vacancy_type":"%b","vacancy":%b,"lastupdate":"%b"' % (vacancy_type, vacancy, at))


def told(house: House, at: datetime | None = None) -> tuple[int | None, bool | None]:
    one = room(house, at)
    return one.vacancy, one.has_vacancy


@pytest.mark.parametrize(
    ("vacancy_type", "vacancy", "expected"),
    [
        (b"A", b"42", (42, True)),
        (b"A", b"0", (0, False)),
        (b"A", b"-1", (None, None)),
        (b"A", b"9999", (None, None)),
        (b"B", b"1", (None, True)),
        (b"B", b"0", (None, False)),
        (b"B", b"-1", (None, None)),
        (b"B", b"7", (None, None)),
        (b"C", b"5", (None, None)),
        (b"C", b"0", (None, None)),
    ],
)
def test_only_a_good_word_says_whether_there_is_room(
    house: House, take: Take, vacancy_type: bytes, vacancy: bytes, expected: tuple[int | None, bool | None]
) -> None:
    take("parking.vacancy", says(vacancy_type, vacancy))
    assert told(house) == expected


@pytest.mark.parametrize(
    ("vacancy_type", "vacancy", "expected"),
    [
        (b"B", b"0", (None, False)),
        (b"B", b"1", (None, True)),
        (b"B", b"-1", (None, None)),
        (b"A", b"-1", (None, None)),
        (b"C", b"0", (None, None)),
    ],
)
def test_an_old_count_does_not_outvote_a_newer_word(
    house: House, take: Take, clock: SetClock, vacancy_type: bytes, vacancy: bytes, expected: tuple[None, bool | None]
) -> None:
    take("parking.vacancy", says(b"A", b"42"))
    clock.set(clock.now() + timedelta(minutes=10))
    take("parking.vacancy", says(vacancy_type, vacancy, LATER))
    assert told(house) == expected
    assert room(house).at == datetime(2026, 11, 21, 8, 40, 5, tzinfo=ZONE)


@pytest.mark.parametrize("order", [1, -1])
def test_the_newer_word_counts_in_whichever_order_the_two_came(house: House, take: Take, order: int) -> None:
    for body in [says(b"B", b"0"), says(b"A", b"42", LATER)][::order]:
        take("parking.vacancy", body)
    assert told(house) == (42, True)


@pytest.mark.parametrize("order", [1, -1])
def test_of_two_words_of_one_moment_the_good_one_counts(house: House, take: Take, order: int) -> None:
    for body in [says(b"B", b"1"), says(b"A", b"-1")][::order]:
        take("parking.vacancy", body)
    assert told(house) == (None, True)


def test_a_word_comes_with_its_age(house: House, take: Take) -> None:
    take("parking.vacancy")
    assert room(house).age_s == 55


def test_a_car_park_that_never_spoke_has_neither_room_nor_age(house: House) -> None:
    silent = room(house)
    assert (silent.vacancy, silent.has_vacancy, silent.at, silent.age_s) == (None, None, None, None)


@pytest.mark.parametrize(
    ("vacancy_type", "vacancy", "expected"),
    [(b"A", b"7", (7, True)), (b"B", b"0", (None, False)), (b"C", b"5", (None, None)), (b"A", b"-1", (None, None))],
)
def test_a_past_moment_tells_the_word_of_then_with_its_age_of_then(
    house: House, take: Take, clock: SetClock, vacancy_type: bytes, vacancy: bytes, expected: tuple[int | None, bool]
) -> None:
    take("parking.vacancy", says(b"A", b"42"))
    clock.set(clock.now() + timedelta(minutes=10))
    take("parking.vacancy", says(vacancy_type, vacancy, LATER))
    second = datetime(2026, 11, 21, 8, 40, 5, tzinfo=ZONE)
    clock.set(second + timedelta(days=2))
    assert (told(house, second - timedelta(microseconds=1)), told(house, second)) == ((42, True), expected)
    assert room(house, second - timedelta(minutes=5)).age_s == 300
    assert (room(house, second).at, room(house, second).age_s) == (second, 0)


def test_a_past_moment_without_a_word_knows_nothing_and_gives_no_number_of_now(
    house: House, take: Take, clock: SetClock
) -> None:
    take("parking.vacancy")
    said_at = room(house).at
    assert said_at is not None
    clock.set(said_at + timedelta(hours=9))
    for then in (said_at - timedelta(seconds=1), said_at + timedelta(hours=6, seconds=1)):
        silent = room(house, then)
        assert (silent.vacancy, silent.has_vacancy, silent.at, silent.age_s) == (None, None, None, None), then
    assert room(house, said_at + timedelta(hours=6)).vacancy == 42


def test_nobody_arrives_at_a_past_moment(house: House) -> None:
    with pytest.raises(BadInput, match="nobody arrives"):
        list_vacancy(house.cities["parking"], VacancyQuery(arriving=15, at=house.clock.now()), NOBODY)


def test_one_car_park_tells_every_tariff_with_its_quality(house: House, take: Take) -> None:
    take("parking.vacancy")
    told_of = describe_car_park(house.cities["parking"], CarParkQuery("tdx101"), NOBODY)
    assert {(one.vehicle_type, one.category): one.value for one in told_of.tariffs} == {
        ("P", "HOURLY"): 42,
        ("P", "MONTHLY"): 3,
        ("M", "HOURLY"): 0,
    }


def test_one_car_park_tells_how_old_each_word_is_and_whether_it_is_simulated(house: House, take: Take) -> None:
    take("parking.vacancy")
    told_of = describe_car_park(house.cities["parking"], CarParkQuery("tdx101"), NOBODY)
    assert {one.age_s for one in told_of.tariffs} == {55, 109}
    assert (told_of.at, told_of.simulated, told_of.left_list_at) == (house.clock.now(), False, None)


def test_a_car_park_that_left_the_list_is_not_offered_and_says_since_when(
    house: House, take: Take, clock: SetClock
) -> None:
    take("parking.vacancy")
    clock.set(clock.now() + timedelta(days=1))
    listed = json.loads(sample_of("parking.car_parks").decode("utf-8-sig"))["car_park"]
    take("parking.car_parks", json.dumps({"car_park": listed[1:]}).encode())
    city = house.cities["parking"]
    assert "tdx101" not in {one.id for one in list_vacancy(city, VacancyQuery(), NOBODY).car_parks}
    assert describe_car_park(city, CarParkQuery("tdx101"), NOBODY).left_list_at == clock.now()


@pytest.mark.parametrize("wanted", ["tdx101", "nowhere"])
def test_a_car_park_that_is_unknown_or_silent_is_an_error_and_not_an_empty_answer(house: House, wanted: str) -> None:
    with pytest.raises(NotFound):
        describe_car_park(house.cities["parking"], CarParkQuery(wanted), NOBODY)
