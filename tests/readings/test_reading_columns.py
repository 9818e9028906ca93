from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import BadInput, Quality, Reading, microseconds

AT = datetime(2026, 5, 27, 12, tzinfo=UTC)
READINGS = [
    Reading("A", "speed", AT, 50.0),
    Reading("B", "volume", AT + timedelta(seconds=30), None, Quality.MISSING | Quality.MISDATED),
    Reading("A", "volume", AT - timedelta(microseconds=1), 0.0, Quality.INVALID),
]


def test_readings_become_columns_and_readings_again() -> None:
    assert list(ReadingColumns.from_readings(READINGS).readings()) == READINGS


def test_columns_become_arrow_and_columns_again() -> None:
    arrow = ReadingColumns.from_readings(READINGS).to_arrow()
    assert arrow["value"].to_pylist() == [50.0, None, 0.0]
    assert list(ReadingColumns.from_arrow(arrow).readings()) == READINGS


def test_no_readings_are_columns_of_no_rows() -> None:
    empty = ReadingColumns.from_readings([])
    assert len(empty) == 0
    assert len(ReadingColumns.from_arrow(empty.to_arrow())) == 0


def test_columns_of_one_property_take_nan_for_missing() -> None:
    columns = ReadingColumns.of_property("speed", ["A", "B", "A"], [1, 1, 2], [50.0, np.nan, 51.0])
    assert [(r.sensor, r.value, r.quality) for r in columns.readings()] == [
        ("A", 50.0, Quality.GOOD),
        ("B", None, Quality.MISSING),
        ("A", 51.0, Quality.GOOD),
    ]


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(BadInput, match="has no time zone"):
        ReadingColumns.from_readings([Reading("A", "speed", datetime(2026, 5, 27), 50.0)])  # noqa: DTZ001 -- the very fault


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (Reading("A", "speed", AT, float("inf")), "infinite"),
        (Reading("A", "speed", AT, float("nan")), "exactly where it says MISSING"),
        (Reading("A", "speed", AT, None), "exactly where it says MISSING"),
        (Reading("A", "speed", AT, 1.0, Quality.MISSING), "exactly where it says MISSING"),
        (Reading("A", "speed", AT.replace(year=1899), 1.0), "not between 1900 and 2200"),
        (Reading("A", "speed", AT.replace(year=2200), 1.0), "not between 1900 and 2200"),
    ],
)
def test_a_reading_that_contradicts_itself_is_refused_by_name(wrong: Reading, reason: str) -> None:
    with pytest.raises(BadInput, match=rf"reading 3 \(speed of A\): .*{reason}"):
        ReadingColumns.from_readings([*READINGS, wrong])


def test_columns_of_different_lengths_are_refused() -> None:
    with pytest.raises(BadInput, match="not of one length"):
        ReadingColumns.of_property("speed", ["A", "B"], [1, 2], [50.0])


def test_a_position_without_a_name_is_refused() -> None:
    columns = ReadingColumns.from_readings(READINGS)
    with pytest.raises(BadInput, match="outside the 1 names"):
        ReadingColumns(
            ("A",), columns.properties, columns.sensor, columns.property, columns.at_us, columns.value, columns.quality
        )


def test_moments_are_kept_to_the_microsecond_in_any_zone() -> None:
    hong_kong = datetime.fromisoformat("2026-05-27T20:00:00.000001+08:00")
    columns = ReadingColumns.from_readings([Reading("A", "speed", hong_kong, 1.0)])
    assert columns.at_us.tolist() == [microseconds(AT) + 1]


def test_what_is_said_twice_is_kept_once_and_marked_and_what_contradicts_it_stays() -> None:
    alike, other, missing = READINGS[0], READINGS[0]._replace(value=51.0), READINGS[1]
    columns = ReadingColumns.from_readings([alike, READINGS[2], missing, alike, missing, other])
    assert list(columns.without_repeats().readings()) == [
        alike._replace(quality=Quality.REPEATED | Quality.CONFLICT),
        READINGS[2],
        missing._replace(quality=missing.quality | Quality.REPEATED),
        other,
    ]


@pytest.mark.parametrize("rows", [READINGS, READINGS[:1], []])
def test_what_is_said_once_stays_as_it_is(rows: list[Reading]) -> None:
    columns = ReadingColumns.from_readings(rows)
    assert columns.without_repeats() is columns


def test_another_quality_for_the_same_value_is_another_word() -> None:
    columns = ReadingColumns.from_readings([READINGS[0], READINGS[0]._replace(quality=Quality.INVALID)])
    assert [one.quality for one in columns.without_repeats().readings()] == [Quality.CONFLICT, Quality.INVALID]
