"""What a recorded file tells of the moment of its receipt."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lionrock.app.replay.moments import AFTER, read_moment
from lionrock.city.place import ZONE

NOW = datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("body", "stated"),
    [
        (b'{"updateTime": "2021-10-07T18:45:00+08:00"}', datetime(2021, 10, 7, 18, 45, tzinfo=ZONE)),
        (b'{"at": "2021-10-07T10:45:00Z"}', datetime(2021, 10, 7, 18, 45, tzinfo=ZONE)),
        (b'{"lastupdate":"2026-09-21 22:31:05"}', datetime(2026, 9, 21, 22, 31, 5, tzinfo=ZONE)),
        (b"<date>2024-04-06</date><time>21:27:00</time>", datetime(2024, 4, 6, 21, 27, tzinfo=ZONE)),
        (b"Date time,Station\n202609230210,Central Pier", datetime(2026, 9, 23, 2, 10, tzinfo=ZONE)),
        ("<D> 2026/9/19 下午 01:10:11</D>".encode(), datetime(2026, 9, 19, 13, 10, 11, tzinfo=ZONE)),
        (b"S1,N,O,09/21/2026 12:05:00 AM", datetime(2026, 9, 21, 0, 5, tzinfo=ZONE)),
    ],
)
def test_a_file_was_received_just_after_the_newest_moment_that_it_states(body: bytes, stated: datetime) -> None:
    assert read_moment(body, "anything", NOW) == stated + AFTER


def test_an_expiry_after_today_is_no_moment_of_receipt() -> None:
    body = b'{"issue": "2026-09-24T07:00:00+08:00", "expires": "2031-01-01T00:00:00+08:00"}'
    assert read_moment(body, "x", NOW) == datetime(2026, 9, 24, 7, tzinfo=ZONE) + AFTER


@pytest.mark.parametrize(
    "body",
    [
        b'{"WTS": {"issueTime": "2026-09-24T07:00:00+08:00", "expireTime": "2026-09-24T10:30:00+08:00"}}',
        b'{"eta": "2026-09-24T07:31:00+08:00", "data_timestamp": "2026-09-24T07:00:00+08:00"}',
        b"Updated Date and Time,Ending Date and Time,mm\n202609240700,202609240730,0.5\n202609240700,202609240900,0",
    ],
)
def test_what_a_file_tells_of_hours_to_come_is_no_moment_of_receipt(body: bytes) -> None:
    assert read_moment(body, "x", NOW) == datetime(2026, 9, 24, 7, tzinfo=ZONE) + AFTER


def test_a_file_without_a_moment_is_dated_by_its_name() -> None:
    assert read_moment(b"<a/>", "segments-20240406-2127.xml", NOW) == datetime(2024, 4, 6, 21, 27, tzinfo=ZONE) + AFTER
    assert read_moment(b"<a/>", "segments_2024-04-06.xml", NOW) == datetime(2024, 4, 6, tzinfo=ZONE) + AFTER


@pytest.mark.parametrize("body", [b"", b"no date at all", b"2024-13-41 10:00", b"2023-02-30T10:00:00", b"\xff\xfe\x00"])
def test_a_file_that_tells_nothing_has_no_moment(body: bytes) -> None:
    assert read_moment(body, "x.bin", NOW) is None
