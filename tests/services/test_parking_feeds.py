"""What the car parks' downloads say, read strictly."""

from __future__ import annotations

import pytest
from feeds_at_hand import download, sample_of

from lionrock.core.vocabulary import MalformedDownload, Quality, Reading
from lionrock.services.mobility.parking.datasets import HAS_VACANCY, VACANT_SPACES
from lionrock.services.mobility.parking.feeds import parse_car_parks, parse_vacancy

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
