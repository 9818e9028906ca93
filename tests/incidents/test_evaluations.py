"""The evaluations run on a recording of our own making; the real one's bars hold where it is at hand."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from lionrock.app.evaluate.aid import score
from lionrock.app.evaluate.aid_days import PERIOD, Day, Truth, downstream_of, stations_around
from lionrock.app.evaluate.aid_recorded import count_silent_lanes
from lionrock.app.evaluate.duration import evaluate_duration, read_lasted
from lionrock.app.evaluate.incidents import evaluate_incidents
from lionrock.app.evaluate.incidents_table import render_incidents
from lionrock.app.evaluate.incidents_text import evaluate_text
from lionrock.core.vocabulary import NotFound
from lionrock.engines.anomaly.stations import Stations

RECORDINGS = Path("../shared/data/hk")
RECORDED = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded news of 2020 are not here")
COLUMNS = (
    "none", "INCIDENT_NUMBER", "INCIDENT_HEADING_EN", "INCIDENT_HEADING_CN", "INCIDENT_DETAIL_EN", "INCIDENT_DETAIL_CN",
    "LOCATION_EN", "LOCATION_CN", "DISTRICT_EN", "DISTRICT_CN", "DIRECTION_EN", "DIRECTION_CN", "ANNOUNCEMENT_DATE",
    "INCIDENT_STATUS_EN", "INCIDENT_STATUS_CN", "NEAR_LANDMARK_EN", "NEAR_LANDMARK_CN", "BETWEEN_LANDMARK_EN",
    "BETWEEN_LANDMARK_CN", "ID", "CONTENT_EN", "CONTENT_CN", "LATITUDE", "LONGITUDE",
)  # fmt: skip
CLOSED = "Due to {kind} , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all traffic."
OPENED = "The fast lane of Tolo Highway Kowloon bound near Tai Po Kau which was closed due to {kind} is re-opened."
KINDS = (("Traffic Accident", 25.0), ("Watermain emergency works", 900.0))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of ours: 300 incidents of two kinds that last about as long each time."""
    rng = np.random.default_rng(1)
    place = tmp_path_factory.mktemp("recording")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(COLUMNS)
    for number in range(300):
        kind, usually = KINDS[number % len(KINDS)]
        began = datetime(2020, 9, 25) + timedelta(hours=7.5 * number)  # noqa: DTZ001 - the file's own local time
        ended = began + timedelta(minutes=float(rng.lognormal(np.log(usually), 0.5)))
        for order, (at, status, words) in enumerate(((began, "NEW", CLOSED), (ended, "UPDATED", OPENED))):
            sheet.append(_row(number, order, kind, at, status, words.format(kind=kind.lower())))
    (place / "td_special_traffic_news").mkdir()
    book.save(place / "td_special_traffic_news" / "traffic_accident_ours.xlsx")
    return place


def _row(number: int, order: int, kind: str, at: datetime, status: str, words: str) -> list[str]:
    said = {
        "INCIDENT_NUMBER": f"IN-20-{number:05d}",
        "INCIDENT_HEADING_EN": "Road Incident",
        "INCIDENT_DETAIL_EN": kind,
        "LOCATION_EN": "Tolo Highway",
        "DIRECTION_EN": "Kowloon",
        "ANNOUNCEMENT_DATE": f"{at:%Y-%m-%dT%H:%M:%S}",
        "INCIDENT_STATUS_EN": status,
        "NEAR_LANDMARK_EN": "Tai Po Kau",
        "ID": str(2 * number + order),
        "CONTENT_EN": words,
    }
    return [said.get(column, "") for column in COLUMNS]


def test_every_incident_of_a_recording_becomes_a_duration(folder: Path) -> None:
    lasted = read_lasted(folder)
    assert len(lasted) == 300
    assert all(one.ended for one in lasted)
    minutes = {
        kind: np.median([one.minutes for one in lasted if one.kind == kind]) for kind in ("accident", "burst_main")
    }
    assert minutes["accident"] == pytest.approx(25, rel=0.2)
    assert minutes["burst_main"] == pytest.approx(900, rel=0.2)


def test_the_model_beats_both_medians_on_held_out_weeks(folder: Path) -> None:
    evaluation = evaluate_duration(folder)
    loss = {model["name"]: model["first"]["pinball_min"] for model in evaluation["models"]}
    assert loss["hazards by kind"] < loss["median by kind"] < loss["median"]
    assert list(render_incidents({"duration": evaluation}))


def test_without_the_recording_the_evaluation_says_so(tmp_path: Path) -> None:
    evaluation = evaluate_incidents("duration", tmp_path, tmp_path, lambda *_: None)
    assert "traffic_accident" in evaluation["duration"]["absent"]
    assert list(render_incidents(evaluation))
    with pytest.raises(NotFound, match="text, duration, detection"):
        evaluate_incidents("speed", tmp_path, tmp_path, lambda *_: None)


@RECORDED
@pytest.mark.soak
def test_the_recorded_durations_hold_the_bar() -> None:
    evaluation = evaluate_duration(RECORDINGS)
    ours, *_, by_kind, overall = evaluation["models"]
    for when in ("first", "later", "first_routine", "later_routine"):
        assert ours[when]["pinball_min"] < by_kind[when]["pinball_min"] < overall[when]["pinball_min"]
        assert 0.77 <= ours[when]["covered_80"] <= 0.83


@RECORDED
@pytest.mark.soak
def test_the_recorded_messages_are_read_and_placed() -> None:
    recorded = evaluate_text(RECORDINGS)["recorded"]
    assert min(row["same"] for parts in recorded["read"].values() for row in parts.values()) > 0.9
    assert recorded["found"]["coordinates"] > 0.9
    assert recorded["error_m"]["median"] < 400


def test_a_lane_that_falls_silent_is_counted_and_a_quiet_night_is_not(tmp_path: Path) -> None:
    hours = [datetime(2023, 9, 1, hour) for hour in range(24)]  # noqa: DTZ001 - the file's own local time
    lanes = [("A", "Fast Lane"), ("A", "Slow Lane"), ("B", "Fast Lane"), ("B", "Slow Lane")]
    volume = {lane: [500] * 24 for lane in lanes}
    volume["A", "Slow Lane"][10:12] = [20, 20]
    volume["B", "Fast Lane"][3], volume["B", "Slow Lane"][3] = 2, 20
    rows = [(*lane, at, counts[number]) for lane, counts in volume.items() for number, at in enumerate(hours)]
    columns = dict(
        zip(("detectorID", "laneType", "hour", "totalVolume"), map(list, zip(*rows, strict=True)), strict=True)
    )
    (tmp_path / "td_detector_hourly").mkdir()
    pq.write_table(pa.table(columns), tmp_path / "td_detector_hourly" / "hourly_ours.parquet")
    assert count_silent_lanes(tmp_path) == {"detectors": 2, "days": 1.0, "silent_hours": 1, "a_day": 1.0}
    with pytest.raises(NotFound, match="hourly"):
        count_silent_lanes(tmp_path / "elsewhere")


def test_an_alarm_during_an_incident_finds_it_and_one_from_before_it_is_false() -> None:
    downstream = downstream_of()
    nothing = np.zeros((600, len(downstream)))
    stations = Stations(nothing, nothing, nothing, nothing, downstream, PERIOD)
    link = next(link for link in range(200) if stations_around(link, 0))
    day = Day(stations, (Truth(link, 200, 260, felt=True, beside=False),), off=False)
    during, before = np.zeros(nothing.shape, np.bool_), np.zeros(nothing.shape, np.bool_)
    during[208:260, min(stations_around(link, 0))] = True
    before[190:260, min(stations_around(link, 0))] = True
    told = score(lambda one: during if one is day else before, [day, Day(stations, day.incidents, off=False)])
    assert (told.felt, told.found, told.median_minutes) == (2, 0.5, 4.0)
    assert (told.away, told.found_away) == (2, 1)
    assert (told.false_a_day, told.false_error, told.most_false) == (0.5, pytest.approx(0.5), 1)
