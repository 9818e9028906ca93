"""What the downloads of car parks and parking meters say, read strictly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from feeds_at_hand import download, sample_of

from lionrock.core.vocabulary import MalformedDownload, Quality, Reading, Text
from lionrock.services.mobility.parking.datasets import HAS_VACANCY, OCCUPIED, VACANT_SPACES
from lionrock.services.mobility.parking.feeds import (
    parse_car_parks,
    parse_meter_occupancy,
    parse_meter_spaces,
    parse_vacancy,
)

HARBOUR = "tdx101/P/HOURLY"


def read(body: bytes) -> dict[str, Reading]:
    return {reading.sensor: reading for reading in parse_vacancy(download(body))}


def changed(old: bytes, new: bytes) -> bytes:
    body = sample_of("parking.vacancy")
    assert old in body
    return body.replace(old, new, 1)


def test_a_count_and_a_flag_are_two_properties() -> None:
    readings = read(sample_of("parking.vacancy"))
    counted, flagged = readings[HARBOUR], readings["tdx102/P/HOURLY"]
    assert (counted.property, counted.value, counted.quality) == (VACANT_SPACES.id, 42, Quality.GOOD)
    assert (flagged.property, flagged.value, flagged.quality) == (HAS_VACANCY.id, 1, Quality.GOOD)


def test_minus_one_is_not_known_and_never_zero() -> None:
    reading = read(sample_of("parking.vacancy"))["tdx103/P/HOURLY"]
    assert (reading.value, reading.quality) == (None, Quality.MISSING)


@pytest.mark.parametrize("vacancy", [b"0", b"5", b"-1"])
def test_a_closed_car_park_has_no_vacancy_to_tell_whatever_number_it_sends(vacancy: bytes) -> None:
    reading = read(changed(b'"A","vacancy":42', b'"C","vacancy":' + vacancy))[HARBOUR]
    assert (reading.property, reading.value, reading.quality) == (VACANT_SPACES.id, None, Quality.MISSING)


def test_a_flag_that_is_neither_yes_nor_no_is_out_of_range() -> None:
    assert read(changed(b'"B","vacancy":1', b'"B","vacancy":7'))["tdx102/P/HOURLY"].quality is Quality.OUT_OF_RANGE


@pytest.mark.parametrize("name", [b"park_id", b"type", b"category"])
@pytest.mark.parametrize("value", [b"", b" ", b"P/HOURLY", b"/"])
def test_an_id_that_could_be_mistaken_for_another_sets_the_download_aside(name: bytes, value: bytes) -> None:
    first = {b"park_id": b"tdx101", b"type": b"P", b"category": b"HOURLY"}[name]
    with pytest.raises(MalformedDownload, match="id") as raised:
        read(changed(b'"%b":"%b"' % (name, first), b'"%b":"%b"' % (name, value)))
    assert name.decode() in raised.value.where


def test_a_car_park_is_not_listed_under_an_id_that_no_vacancy_can_have() -> None:
    with pytest.raises(MalformedDownload, match="has a /"):
        list(parse_car_parks(download(sample_of("parking.car_parks").replace(b"tdx101", b"tdx/101"))))


def test_a_car_park_outside_the_city_is_kept_without_a_place() -> None:
    swapped = sample_of("parking.car_parks").replace(
        b'"latitude":22.2855,"longitude":114.1577', b'"latitude":114.1577,"longitude":22.2855'
    )
    parks = {park.id: park for park in parse_car_parks(download(swapped))}
    assert (parks["tdx101"].geometry, parks["tdx101"].properties["stated_place"]) == (None, [22.2855, 114.1577])
    assert all(park.geometry is not None for park_id, park in parks.items() if park_id != "tdx101")


def test_a_list_of_which_every_place_lies_outside_the_city_is_set_aside() -> None:
    body = sample_of("parking.car_parks")
    swapped = body.replace(b'"latitude"', b'"x"').replace(b'"longitude"', b'"latitude"').replace(b'"x"', b'"longitude"')
    with pytest.raises(MalformedDownload, match="all 3 places lie outside the city") as raised:
        list(parse_car_parks(download(swapped)))
    assert raised.value.where == "tdx101"


def test_a_metered_space_is_a_point_and_the_publishers_test_poles_are_none() -> None:
    spaces = {space.id: space for space in parse_meter_spaces(download(sample_of("parking.meter_spaces")))}
    assert set(spaces) == {"90A", "90B", "91A"}
    assert spaces["90A"].geometry == {"type": "Point", "coordinates": [114.1889, 22.3212]}
    assert spaces["90A"].title == Text(en="PAK TAI STREET", tc="北帝街")


def test_the_last_pole_that_is_no_test_is_kept() -> None:
    body = sample_of("parking.meter_spaces").replace(b"90001,T1", b"90000,T1")
    assert "T1" in {space.id for space in parse_meter_spaces(download(body))}


def test_a_meter_says_taken_or_vacant_at_the_moment_it_changed_and_out_of_order_is_invalid() -> None:
    assert list(parse_meter_occupancy(download(sample_of("parking.meter_occupancy")))) == [
        Reading("90A", OCCUPIED.id, datetime(2026, 11, 21, 0, 14, 33, tzinfo=UTC), 1, Quality.GOOD),
        Reading("90B", OCCUPIED.id, datetime(2026, 11, 20, 16, 3, 10, tzinfo=UTC), 0, Quality.GOOD),
        Reading("91A", OCCUPIED.id, datetime(2026, 11, 20, 15, 59, 59, tzinfo=UTC), 0, Quality.INVALID),
    ]
