"""The quirks of the raw detectors file: each one is a flag that can be seen, or a mended moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from feeds_at_hand import download, readings_in, recording, sample_of

from lionrock.core.vocabulary import Quality, Reading
from lionrock.services.mobility.traffic.feeds.detectors import parse_detectors

FIRST_PERIOD = datetime(2026, 11, 21, 0, 27, tzinfo=UTC)
SECOND_PERIOD = FIRST_PERIOD + timedelta(seconds=30)
SAMPLE = sample_of("traffic.lanes")

Key = tuple[str, str, datetime]


def lanes_of(body: bytes, **received: Any) -> dict[Key, Reading]:
    """Readings by their key; a key that came twice would be lost here, so the count is checked too."""
    readings = readings_in("traffic.lanes", body, **received)
    by_key = {(reading.sensor, reading.property, reading.at): reading for reading in readings}
    assert len(by_key) == len(readings)
    return by_key


def test_each_lane_gives_four_readings_at_the_beginning_of_its_period() -> None:
    readings = lanes_of(SAMPLE)
    values = [
        readings["AID90101/Fast Lane", of, FIRST_PERIOD][3:]
        for of in ("speed_kmh", "occupancy_pct", "volume", "speed_sd_kmh")
    ]
    assert values == [(64.0, Quality.GOOD), (6.0, Quality.GOOD), (5.0, Quality.GOOD), (7.1, Quality.GOOD)]


def test_lanes_to_middle_lane_4_are_known() -> None:
    assert lanes_of(SAMPLE)["AID90101/Middle Lane 4", "speed_kmh", FIRST_PERIOD].value == 52


def test_a_speed_sent_when_nothing_passed_is_a_placeholder_and_the_empty_count_is_good() -> None:
    readings = lanes_of(SAMPLE)
    speed = readings["AID90101/Slow Lane", "speed_kmh", FIRST_PERIOD]
    assert (speed.value, speed.quality) == (70, Quality.PLACEHOLDER)
    assert readings["AID90101/Slow Lane", "volume", FIRST_PERIOD].quality == Quality.GOOD


@pytest.mark.parametrize(
    ("occupancy", "quality"),
    [("24", Quality.PLACEHOLDER), ("25", Quality.GOOD), ("98", Quality.GOOD), ("-1", Quality.GOOD)],
)
def test_a_zero_is_a_placeholder_where_vehicles_passed_that_hardly_covered_the_loop(
    occupancy: str, quality: Quality
) -> None:
    fast = b"<speed>64</speed><occupancy>6</occupancy>"
    readings = lanes_of(SAMPLE.replace(fast, f"<speed>0</speed><occupancy>{occupancy}</occupancy>".encode()))
    speed = readings["AID90101/Fast Lane", "speed_kmh", FIRST_PERIOD]
    assert (speed.value, speed.quality) == (0, quality)


def test_an_occupancy_of_minus_one_is_missing_and_no_number() -> None:
    reading = lanes_of(SAMPLE)["TDS90002/Slow Lane", "occupancy_pct", FIRST_PERIOD]
    assert (reading.value, reading.quality) == (None, Quality.MISSING)


def test_a_speed_beyond_reason_is_kept_and_flagged() -> None:
    reading = lanes_of(SAMPLE)["TDS90002/Fast Lane", "speed_kmh", FIRST_PERIOD]
    assert (reading.value, reading.quality) == (300, Quality.OUT_OF_RANGE)


@pytest.mark.parametrize(("speed", "quality"), [("180", Quality.GOOD), ("181", Quality.OUT_OF_RANGE)])
def test_the_fastest_possible_speed_is_the_property_s_own_limit(speed: str, quality: Quality) -> None:
    body = SAMPLE.replace(b"<speed>300<", f"<speed>{speed}<".encode())
    assert lanes_of(body)["TDS90002/Fast Lane", "speed_kmh", FIRST_PERIOD].quality == quality


def test_all_numbers_of_a_lane_marked_not_valid_are_kept_and_invalid() -> None:
    of_lane = [reading for key, reading in lanes_of(SAMPLE).items() if key[0] == "TDSTN90003/Fast Lane"]
    assert [reading.value for reading in of_lane] == [91, 3, 4, 8.8]
    assert {reading.quality for reading in of_lane} == {Quality.INVALID}


def test_a_lane_given_twice_alike_counts_once_and_stays_good() -> None:
    quality = lanes_of(SAMPLE)["AID90101/Fast Lane", "speed_kmh", SECOND_PERIOD].quality
    assert (quality, quality.is_good) == (Quality.REPEATED, True)


def test_a_lane_given_twice_differently_keeps_the_first_and_flags_what_differs() -> None:
    readings = lanes_of(SAMPLE)
    speed = readings["AID90101/Slow Lane", "speed_kmh", SECOND_PERIOD]
    assert (speed.value, speed.quality) == (44, Quality.CONFLICT)
    assert readings["AID90101/Slow Lane", "volume", SECOND_PERIOD].quality == Quality.REPEATED


def test_a_period_given_twice_counts_once_and_says_so() -> None:
    start, end = SAMPLE.index(b"<period>"), SAMPLE.index(b"</period>") + len(b"</period>")
    once, twice = lanes_of(SAMPLE), lanes_of(SAMPLE[:end] + SAMPLE[start:end] + SAMPLE[end:])
    assert twice == {
        key: reading._replace(quality=reading.quality | Quality.REPEATED) if key[2] == FIRST_PERIOD else reading
        for key, reading in once.items()
    }
    assert twice["AID90101/Fast Lane", "speed_kmh", FIRST_PERIOD].quality.is_good


def test_a_new_detector_may_come_without_its_direction() -> None:
    assert lanes_of(SAMPLE.replace(b"<direction>West</direction>", b"")) == lanes_of(SAMPLE)


def test_flags_add_up() -> None:
    body = SAMPLE.replace(
        b"<speed>70</speed><occupancy>0</occupancy><volume>0</volume><s.d.>0</s.d.><valid>Y",
        b"<speed>-1</speed><occupancy>0</occupancy><volume>0</volume><s.d.>0</s.d.><valid>N",
    )
    reading = lanes_of(body)["AID90101/Slow Lane", "speed_kmh", FIRST_PERIOD]
    assert (reading.value, reading.quality) == (None, Quality.MISSING | Quality.PLACEHOLDER | Quality.INVALID)


def at_midnight(stated: str, first: str, second: str, received: str) -> list[tuple[datetime, Quality]]:
    """Moment and quality of the two periods of a file dated ``stated``."""
    body = SAMPLE.replace(b"2026-11-21", stated.encode())
    body = body.replace(b"<period_from>08:27:00", f"<period_from>{first}".encode())
    body = body.replace(b"<period_from>08:27:30", f"<period_from>{second}".encode())
    readings = lanes_of(body, received_at=datetime.fromisoformat(received))
    return [
        (reading.at, reading.quality & ~Quality.REPEATED)  # the sample gives this lane twice in its second period
        for (sensor, of, _), reading in readings.items()
        if (sensor, of) == ("AID90101/Fast Lane", "speed_kmh")
    ]


def test_the_period_from_midnight_with_yesterday_s_date_is_mended_by_the_receipt() -> None:
    assert at_midnight("2026-11-20", "00:00:00", "00:00:30", "2026-11-21T00:03:10+08:00") == [
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), Quality.MISDATED),
        (datetime(2026, 11, 20, 16, 0, 30, tzinfo=UTC), Quality.MISDATED),
    ]


def test_the_last_period_before_midnight_with_todays_date_is_mended_too() -> None:
    assert at_midnight("2026-11-21", "23:59:30", "00:00:00", "2026-11-21T00:03:10+08:00") == [
        (datetime(2026, 11, 20, 15, 59, 30, tzinfo=UTC), Quality.MISDATED),
        (datetime(2026, 11, 20, 16, 0, tzinfo=UTC), Quality.GOOD),
    ]


def test_a_right_date_around_midnight_is_left_alone() -> None:
    assert at_midnight("2026-11-20", "23:59:00", "23:59:30", "2026-11-21T00:03:10+08:00") == [
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), Quality.GOOD),
        (datetime(2026, 11, 20, 15, 59, 30, tzinfo=UTC), Quality.GOOD),
    ]


def test_a_file_that_stood_still_for_hours_is_old_and_not_misdated() -> None:
    received = datetime.fromisoformat("2026-11-21T19:00:00+08:00")
    assert lanes_of(SAMPLE, received_at=received)["AID90101/Fast Lane", "speed_kmh", FIRST_PERIOD].value == 64


def test_detector_places_lose_their_trailing_spaces_and_byte_order_mark() -> None:
    first, second, _ = parse_detectors(download(sample_of("traffic.detectors")))
    assert (first.id, first.title.en) == ("AID90101", "Waterloo Road near Lion Rock Tunnel - Northbound")
    assert first.title.sc == "窝打老道近狮子山隧道 - 北行"
    assert first.properties["direction"] == "North"
    assert first.geometry == {"type": "Point", "coordinates": [114.1795, 22.3476]}
    assert second.title.en == "Gloucester Road, near Tonnochy Road - Eastbound"


def test_a_detector_placed_outside_the_city_is_kept_without_a_place() -> None:
    body = sample_of("traffic.detectors").replace(b"22.3476,114.1795", b"0,0")
    first = next(parse_detectors(download(body)))
    assert (first.geometry, first.properties["stated_place"]) == (None, [0, 0])


def test_the_recorded_detectors_file_reads_with_the_flags_that_it_deserves() -> None:
    body = recording("td_detectors/rawSpeedVol-all.xml").read_bytes()
    readings = lanes_of(body, received_at=datetime.fromisoformat("2024-04-06T21:29:00+08:00"))
    speeds = [reading for (_, of, _), reading in readings.items() if of == "speed_kmh"]
    assert len(speeds) == 4068
    assert {reading.at for reading in speeds} == {
        datetime(2024, 4, 6, 13, 27, tzinfo=UTC),
        datetime(2024, 4, 6, 13, 27, 30, tzinfo=UTC),
    }
    assert sum(bool(reading.quality & Quality.INVALID) for reading in speeds) == 232
    assert sum(bool(reading.quality & Quality.PLACEHOLDER) for reading in speeds) == 524
    assert len({reading.sensor for reading in speeds}) == 2037


def test_the_recorded_places_read_and_lie_in_the_city() -> None:
    body = recording("td_detectors/traffic_speed_volume_occ_info.csv").read_bytes()
    places = list(parse_detectors(download(body)))
    assert len(places) == 786
    assert all(place.geometry and place.title.en == place.title.en.strip() for place in places)
