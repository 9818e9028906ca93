"""Older collections: hourly lanes, the news' versions, the road network as a FileGDB; and everything in one go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lionrock.app.replay import open_recording, replay, settings_for_recording
from lionrock.app.web.sessions import NOBODY
from lionrock.city.place import ZONE
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadInput, EventStatus, MalformedDownload, NotFound, Quality
from lionrock.services.mobility.traffic.answers.network import NetworkQuery, draw_network
from lionrock.services.mobility.traffic.answers.speeds import SpeedsQuery, list_speeds
from lionrock.services.mobility.traffic.answers.volumes import VolumesQuery, list_volumes
from lionrock.services.mobility.traffic.datasets import LANES, SPEED, VOLUME
from lionrock.services.mobility.traffic.irn import parse_irn
from lionrock.services.mobility.traffic.recordings import parse_hourly, parse_news_versions

SHARED = Path("../shared/data/hk")
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared recordings are not on this machine")

HEADER = ["", "incident_number", "incident_heading_en", "incident_heading_cn", "incident_detail_en",
          "incident_detail_cn", "location_en", "location_cn", "direction_en", "direction_cn", "announcement_date",
          "incident_status_en", "near_landmark_en", "near_landmark_cn", "id", "content_en", "content_cn",
          "latitude", "longitude"]  # fmt: skip


def hourly(path: Path, **changes: list[object]) -> Path:
    columns: dict[str, list[object]] = {
        "detectorID": ["AID1", "AID1", "AID2"],
        "laneType": ["Fast Lane", "Slow Lane", "Slow Lane"],
        "speed": [80.0, 100.0, 300.0],
        "totalOccupancy": [240, 0, 120],
        "totalVolume": [1200, 0, 60],
        "hour": [datetime(2023, 9, 2, 3), datetime(2023, 9, 2, 3), datetime(2023, 9, 2, 4)],  # noqa: DTZ001 - as in the file
    }
    pq.write_table(pa.table(columns | changes), path)
    return path


def news(path: Path, *rows: tuple[str, str, str]) -> Path:
    """A workbook of (incident, announced, status)."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(HEADER)
    for number, (incident, announced, status) in enumerate(rows):
        words = ["Road Incident", "道路事故", "Traffic Accident", "交通意外", "A Road", "甲路", "Sha Tin", "沙田"]
        said = [announced, status, None, None, str(number), "Closed.", "已封闭。", None, None]
        sheet.append([number, incident, *words, *said])
    book.save(path)
    return path


def test_an_hour_becomes_means_of_its_periods_at_its_beginning_in_local_time(tmp_path: Path) -> None:
    (received, dataset, readings), _ = parse_hourly(hourly(tmp_path / "hourly_x.parquet"))
    at = datetime(2023, 9, 2, 3, tzinfo=ZONE)
    assert (received, dataset) == (at + timedelta(hours=1), LANES)
    assert [(r.sensor, r.property, r.value) for r in readings[:3]] == [
        ("AID1/Fast Lane", "speed_kmh", 80.0),
        ("AID1/Fast Lane", "occupancy_pct", 2.0),
        ("AID1/Fast Lane", "volume", 10.0),
    ]
    assert {reading.at for reading in readings} == {at}


def test_an_empty_hour_keeps_its_placeholder_speed_flagged_and_a_speed_beyond_reason_too(tmp_path: Path) -> None:
    hours = list(parse_hourly(hourly(tmp_path / "hourly_x.parquet")))
    speeds = {r.sensor: r.quality for _, _, readings in hours for r in readings if r.property == SPEED.id}
    assert speeds == {
        "AID1/Fast Lane": Quality.GOOD,
        "AID1/Slow Lane": Quality.PLACEHOLDER,
        "AID2/Slow Lane": Quality.OUT_OF_RANGE,
    }


def test_a_changed_table_is_refused_with_the_columns_that_it_lacks(tmp_path: Path) -> None:
    path = hourly(tmp_path / "hourly_x.parquet")
    pq.write_table(pq.read_table(path).drop(["speed"]), path)
    with pytest.raises(MalformedDownload, match="lacks speed"):
        list(parse_hourly(path))


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hourly_x.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(MalformedDownload, match="not whole Parquet"):
        list(parse_hourly(tmp_path / "hourly_x.parquet"))


def test_an_incident_of_which_nothing_more_was_heard_closes_a_day_later(tmp_path: Path) -> None:
    path = news(
        tmp_path / "traffic_accident_x.xlsx",
        ("IN-1", "2020-09-25T07:22:00", "NEW"),
        ("IN-2", "2020-09-25T08:00:00", "NEW"),
        ("IN-2", "2020-09-25T09:00:00", "CLOSED"),
    )
    told = [(moment, event.id, event.status) for moment, _, events in parse_news_versions(path) for event in events]
    first = datetime(2020, 9, 25, 7, 22, tzinfo=ZONE)
    assert told[0] == (first, "IN-1", EventStatus.NEW)
    assert told[2][1:] == ("IN-2", EventStatus.CLOSED)
    assert told[3:] == [(first + timedelta(hours=24), "IN-1", EventStatus.CLOSED)]


def test_the_words_of_the_simplified_edition_are_simplified(tmp_path: Path) -> None:
    path = news(tmp_path / "traffic_accident_x.xlsx", ("IN-1", "2020-09-25T07:22:00", "NEW"))
    _, _, (event,) = next(parse_news_versions(path))
    assert (event.detail.sc, event.detail.tc, event.detail.en) == ("已封闭。", "", "Closed.")


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "traffic_accident_x.xlsx").write_bytes(b"PK no")
    with pytest.raises(MalformedDownload, match="not a whole workbook"):
        list(parse_news_versions(tmp_path / "traffic_accident_x.xlsx"))


def test_a_broken_collection_is_told_and_reading_a_whole_one_twice_changes_nothing(tmp_path: Path) -> None:
    recordings = tmp_path / "recordings"
    recordings.mkdir()
    hourly(recordings / "hourly_a.parquet")
    news(recordings / "traffic_accident_a.xlsx", ("IN-1", "2020-09-25T07:22:00", "NEW"))
    (recordings / "hourly_b.parquet").write_bytes(b"no")
    settings = settings_for_recording(Settings(data=tmp_path / "data"))
    parts = {part.name: part for part in replay(settings, [recordings], lambda *_: None).parts}
    assert (parts["traffic.hourly"].records, parts["traffic.news_versions"].records) == (9, 2)
    assert [path.name for path, _, _ in parts["traffic.hourly"].problems] == ["hourly_b.parquet"]
    again = replay(settings, [recordings], lambda *_: None)
    assert [part.records for part in again.parts] == [0, 0]
    with open_recording(settings) as house:
        assert house.records.list_open("traffic.news") == []
        assert [kept.id for kept in house.records.list_open("traffic.news", datetime(2020, 9, 25, 9, tzinfo=UTC))] == [
            "IN-1"
        ]


def test_a_detectors_volumes_are_told_hour_by_hour_and_silence_is_no_zero(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    hourly(tmp_path / "in" / "hourly_x.parquet")
    settings = settings_for_recording(Settings(data=tmp_path / "data"))
    replay(settings, [tmp_path / "in"], lambda *_: None)
    with open_recording(settings) as house:
        city = house.cities["traffic"]
        told = list_volumes(city, VolumesQuery(detector="AID1"), NOBODY).hours
        with pytest.raises(NotFound, match="nowhere"):
            list_volumes(city, VolumesQuery(detector="nowhere"), NOBODY)
        with pytest.raises(BadInput, match="future"):
            list_volumes(city, VolumesQuery(at=house.clock.now() + timedelta(days=1)), NOBODY)
    assert [hour.vehicles for hour in told[-2:]] == [1200, None]


@needs_shared
def test_the_real_hours_show_the_city_emptied_in_the_typhoons_night(tmp_path: Path) -> None:
    settings = settings_for_recording(Settings(data=tmp_path))
    replay(settings, [SHARED / "td_detector_hourly"], lambda *_: None)
    with open_recording(settings) as house:
        night, monday = (
            house.readings.aggregate(LANES.id, VOLUME.id, start, start + timedelta(hours=1), timedelta(hours=1))
            for start in (datetime(2023, 9, 2, 3, tzinfo=ZONE), datetime(2023, 9, 4, 7, tzinfo=ZONE))
        )
    assert np.nansum(night.mean) * 120 == pytest.approx(39_417, rel=1e-6)
    assert np.nansum(monday.mean) > 30 * np.nansum(night.mean)


@needs_shared
def test_the_map_of_the_real_hours_knows_each_roads_free_flow_though_they_were_long_ago(tmp_path: Path) -> None:
    settings = settings_for_recording(Settings(data=tmp_path))
    replay(settings, [SHARED / "td_detector_hourly", SHARED / "td_detectors"], lambda *_: None)
    night = datetime(2023, 9, 2, 3, tzinfo=ZONE)
    with open_recording(settings) as house:
        city = house.cities["traffic"]
        roads = draw_network(city, NetworkQuery(), NOBODY).features
        speeds = list_speeds(city, SpeedsQuery(at=night), NOBODY)
        hours = list_volumes(city, VolumesQuery(at=night + timedelta(hours=1)), NOBODY).hours
    assert sum(road.properties.free_flow_kmh is not None for road in roads) > 600
    assert sum(speed is not None for speed in speeds.speed_kmh) > 600
    assert (hours[-1].begins, hours[-1].vehicles) == (night, 39_417)


@needs_shared
def test_most_real_speed_segments_get_a_line_and_straight_ones_say_so() -> None:
    pytest.importorskip("pyogrio", reason="reading a FileGDB needs the extra lionrock[gis]")
    ((received, _, features),) = parse_irn(SHARED / "td_irn_network" / "RdNet_IRNP.gdb")
    assert received.year == 2021
    drawn = {feature.id: feature for feature in features}
    speeds = (SHARED / "td_irn_speed" / "irnAvgSpeed-all.2024.xml").read_text(encoding="utf-8")
    segments = [piece.partition("<")[0] for piece in speeds.split("<segment_id>")[1:]]
    lines = [drawn[segment] for segment in segments if segment in drawn]
    assert (len(segments), len(lines)) == (4376, 3945)
    assert all(len(line.geometry["coordinates"]) == 2 for line in lines if line.properties["straight"])
    assert sum(not line.properties["straight"] for line in lines) > 1000
    assert sum(bool(line.title.en) for line in lines) > 3500
