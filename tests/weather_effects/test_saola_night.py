from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lionrock.app.evaluate.weather_night import effect_of_night, evaluate_night, nights_of, read_hours

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


@pytest.fixture(scope="module")
def night() -> dict:
    told = evaluate_night(SHARED)
    if told is None:
        pytest.skip("the recording of 1-4 September 2023 is not beside this checkout (../shared/data/hk)")
    return told


def test_four_fifths_of_the_traffic_stayed_away(night: dict) -> None:
    flow = next(one for one in night["measures"] if one["measure"] == "flow")
    assert np.expm1(flow["log_ratio"]) == pytest.approx(-0.81, abs=0.02)
    assert flow["high"] < np.log(0.4)


def test_one_typhoon_is_too_few_however_many_detectors(night: dict) -> None:
    assert night["detectors"] > 600
    assert [(one["grade"], one["typhoons"]) for one in night["measures"]] == [("too_few", 1)] * 2


def test_an_ordinary_night_lies_inside_the_doubt(night: dict) -> None:
    for one in night["measures"]:
        assert abs(one["between_the_other_nights"]) < (one["high"] - one["low"]) / 2


def test_a_recording_that_is_absent_is_none(tmp_path: Path) -> None:
    assert evaluate_night(tmp_path) is None


def test_two_other_nights_alone_leave_wide_doubt() -> None:
    rng = np.random.default_rng(1)
    nights = np.broadcast_to(np.array([-1.5, 0.05, -0.05])[:, None, None], (3, 10, 50))
    said = effect_of_night((nights + rng.normal(0, 0.1, (3, 10, 50))).astype(np.float32))
    assert said.log_ratio == pytest.approx(-1.5, abs=0.05)
    assert said.high - said.low > 0.3


def test_hours_are_read_by_detector_with_lanes_weighed_by_vehicles(tmp_path: Path) -> None:
    path = tmp_path / "hourly_small.parquet"
    rows = [("A", "Fast Lane", 80.0, 300), ("A", "Slow Lane", 50.0, 100), ("B", "Fast Lane", 70.0, 0)]
    hours = [datetime(2023, 9, 1, hour) for hour in range(2)]  # noqa: DTZ001 - the file's hours are local
    names = ("detectorID", "laneType", "speed", "totalVolume")
    columns = {name: [row[index] for _ in hours for row in rows] for index, name in enumerate(names)}
    columns |= {"totalOccupancy": [120] * 6, "hour": [hour for hour in hours for _ in rows]}
    pq.write_table(pa.table(columns), path)
    speed, flow = read_hours(path)
    assert np.exp(flow) == pytest.approx(np.array([[400, 0.5], [400, 0.5]]), rel=1e-5)
    assert np.exp(speed[:, 0]) == pytest.approx([72.5, 72.5], rel=1e-5)
    assert np.isnan(speed[:, 1]).all()


def test_nights_run_from_eight_in_the_evening_until_six() -> None:
    hours = np.arange(96, dtype=np.float32)[:, None]
    assert nights_of(hours)[:, [0, -1], 0].tolist() == [[20, 29], [44, 53], [68, 77]]
