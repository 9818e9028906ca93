"""What the bus operators' answers say, read strictly."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Quality, Reading
from lionrock.services.mobility.buses import feeds
from lionrock.services.mobility.buses.service import SERVICE

SAMPLES = Path(feeds.__file__).parent / "samples"
RECORDINGS = Path(__file__).resolve().parents[3] / "shared" / "data" / "hk"
RECEIVED = datetime(2026, 11, 21, 0, 31, tzinfo=UTC)


def download(body: bytes, received_at: datetime = RECEIVED) -> Download:
    return Download(body=body, url="https://example.org/bus", received_at=received_at)


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def arrivals(body: bytes) -> dict[str, Reading]:
    return {reading.sensor: reading for reading in feeds.parse_arrivals(download(body))}


def answer(kind: str, data: Any) -> Download:
    whole = {"type": kind, "version": "2.0", "generated_timestamp": "2026-11-21T08:30:31+08:00", "data": data}
    return download(json.dumps(whole).encode())


def arrival(**changed: Any) -> list[dict[str, Any]]:
    row = {"co": "CTB", "route": "902", "dir": "O", "seq": 1, "stop": "009101", "eta": "2026-11-21T08:33:12+08:00"}
    row |= {"eta_seq": 1, "rmk_en": "", "rmk_tc": "", "data_timestamp": "2026-11-21T08:30:20+08:00"}
    return [row | changed]


def recording(name: str) -> bytes:
    path = RECORDINGS / name
    if not path.exists():
        pytest.skip(f"the real recording {name} is not beside this checkout (../shared/data/hk)")
    return path.read_bytes()


def test_an_arrival_is_seconds_from_the_moment_that_its_row_speaks_of() -> None:
    reading = arrivals(sample("kmb_route_eta.json"))["KMB/901X/O/1/3/1"]
    assert (reading.value, reading.quality) == (172.0, Quality.GOOD)
    assert reading.at == datetime(2026, 11, 21, 0, 30, 13, tzinfo=UTC)


def test_a_bus_that_came_is_announced_with_a_time_in_the_past() -> None:
    assert arrivals(sample("kmb_route_eta.json"))["KMB/901X/O/1/2/1"].value == -32.0


def test_a_time_of_the_timetable_is_no_measurement() -> None:
    found = arrivals(sample("kmb_route_eta.json"))
    assert found["KMB/901X/O/1/1/1"].quality is Quality.PLACEHOLDER
    assert found["KMB/901X/O/1/3/2"].quality is Quality.GOOD  # another remark is no timetable


@pytest.mark.parametrize(
    ("name", "sensor"), [("kmb_route_eta.json", "KMB/901X/I/1/1/1"), ("citybus_eta.json", "CTB/902/O/1/3")]
)
def test_no_bus_expected_is_missing_and_never_zero_seconds(name: str, sensor: str) -> None:
    assert arrivals(sample(name))[sensor][3:] == (None, Quality.MISSING)


def test_both_ways_of_writing_a_service_type_name_the_same_route() -> None:
    listed = {feature.id for feature in feeds.parse_route_stops(download(sample("kmb_route_stop.json")))}
    announced = {sensor.rsplit("/", 2)[0] for sensor in arrivals(sample("kmb_route_eta.json"))}
    assert announced == {"KMB/901X/O/1", "KMB/901X/I/1"}
    assert announced < listed


def test_stops_of_a_route_stand_in_the_order_of_their_positions() -> None:
    rows = [{"route": "1", "bound": "O", "service_type": "1", "seq": str(n), "stop": f"S{n}"} for n in (2, 11, 1)]
    rows += [{"route": "1", "bound": "O", "service_type": "1", "seq": str(n), "stop": f"S{n}"} for n in range(3, 11)]
    (feature,) = feeds.parse_route_stops(answer("RouteStopList", rows))
    assert feature.properties["stops"] == [f"S{n}" for n in range(1, 12)]


def test_a_list_with_a_hole_cannot_tell_neighbours_and_is_set_aside() -> None:
    rows = [{"co": "CTB", "route": "902", "dir": "O", "seq": n, "stop": f"S{n}"} for n in (1, 3)]
    with pytest.raises(MalformedDownload, match="stops at"):
        list(feeds.parse_route_stops(answer("RouteStop", rows)))


@pytest.mark.parametrize("nothing", [[], {}])
def test_an_unknown_stop_or_route_is_no_record_and_no_error(nothing: Any) -> None:
    assert list(feeds.parse_stops(answer("Stop", nothing))) == []
    assert list(feeds.parse_route_stops(answer("RouteStop", nothing))) == []
    assert list(feeds.parse_arrivals(answer("ETA", nothing))) == []


def test_a_citybus_route_list_names_no_direction() -> None:
    row = {"co": "CTB", "route": "902", "orig_en": "Here ", "orig_tc": "此", "dest_en": "There", "dest_tc": "彼"}
    (feature,) = feeds.parse_routes(answer("RouteList", [row]))
    assert (feature.id, feature.title.en, feature.title.tc) == ("CTB/902", "902 Here - There", "902 此 － 彼")


def test_long_wins_rows_are_those_of_kmbs_service() -> None:
    (reading,) = feeds.parse_arrivals(answer("ETA", arrival(co="LWB", service_type=1)))
    assert reading.sensor == "KMB/902/O/1/1/1"


def test_two_rows_of_one_place_that_differ_are_both_read() -> None:
    first, second = feeds.parse_arrivals(answer("ETA", arrival() + arrival(eta="2026-11-21T08:40:00+08:00")))
    assert first[:3] == second[:3]  # of which the platform keeps the first, marked CONFLICT
    assert (first.value, second.value) == (172.0, 580.0)


@pytest.mark.parametrize(
    "changed",
    [
        {"co": "NWFB"},
        {"dir": "X"},
        {"route": ""},
        {"route": "9/2"},
        {"seq": 0},
        {"eta_seq": 0},
        {"seq": "one"},
        {"eta": "08:33"},
        {"eta": "2026-11-21T08:33:12"},
        {"data_timestamp": "1970-01-01T00:00:00+00:00"},
        {"data_timestamp": "2027-01-01T00:00:00+08:00"},
        {"co": "KMB"},  # without a service type
    ],
)
def test_a_row_that_means_something_else_sets_the_answer_aside(changed: dict[str, Any]) -> None:
    with pytest.raises(MalformedDownload):
        list(feeds.parse_arrivals(answer("ETA", arrival(**changed))))


def test_an_arrival_a_day_ahead_is_out_of_range() -> None:
    (reading,) = feeds.parse_arrivals(answer("ETA", arrival(eta="2026-11-22T08:33:12+08:00")))
    assert reading.quality is Quality.OUT_OF_RANGE


def test_another_answer_than_was_asked_for_is_set_aside() -> None:
    with pytest.raises(MalformedDownload, match="RouteList"):
        list(feeds.parse_arrivals(answer("RouteList", [])))


def test_a_stop_outside_the_city_is_set_aside() -> None:
    row = {"stop": "009101", "name_en": "A", "name_tc": "甲", "lat": "0", "long": "0"}
    with pytest.raises(MalformedDownload, match="outside"):
        list(feeds.parse_stops(answer("Stop", row)))


@pytest.mark.parametrize("feed", SERVICE.feeds, ids=lambda feed: feed.name)
@pytest.mark.parametrize("body", [b"", b"<!DOCTYPE html><html></html>", b"[]", b"{}", b'{"type":"ETA"', b"\xff\xfe"])
def test_what_is_no_answer_is_set_aside(feed: Any, body: bytes) -> None:
    with pytest.raises(MalformedDownload):
        list(feed.parse(download(body)))


def test_the_real_announcements_of_a_stop_are_read() -> None:
    body = recording("eta_kmb/stop-eta.excerpt.json")
    found = list(feeds.parse_arrivals(download(body, datetime(2026, 9, 23, 8, tzinfo=UTC))))
    assert [(one.sensor, one.value, one.quality) for one in found] == [
        ("KMB/1/O/1/1/1", 552.0, Quality.PLACEHOLDER),
        ("KMB/1/O/1/1/2", 1272.0, Quality.PLACEHOLDER),
        ("KMB/1/I/1/25/1", 110.0, Quality.GOOD),
    ]
