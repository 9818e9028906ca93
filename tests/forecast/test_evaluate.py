from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from series import speeds

from lionrock.app.evaluate.published import TABLE, published
from lionrock.app.evaluate.recordings import SHARED, on_grid, read_recording, without_silence
from lionrock.app.evaluate.scores import score, slow_errors, tally
from lionrock.app.evaluate.table import render
from lionrock.app.evaluate.traffic import evaluate_traffic
from lionrock.core.vocabulary import NotFound

RECORDED = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the shared recordings are not in {SHARED}")


def little_week(folder: Path) -> Path:
    values = np.nan_to_num(np.repeat(speeds(4, series=3).values, 3, axis=0))
    path = folder / "metr_la_week1_mine.npz"
    np.savez(path, speed_mph=values, start=np.array("2012-03-01T00:00"), step_s=np.array(300))
    return path


def table_of_record(folder: Path) -> None:
    lines = ["dataset,model,step,MAE,RMSE,MAPE,log"]
    for log, mae in (("first", 3.0), ("second", 2.0)):
        lines += [f"METRLA,Ours-not,{step},{mae},5,7,{log}" for step in ("All Steps", "Step 3", "Step 6")]
    (folder / TABLE).write_text("\n".join([*lines, "PEMS08,Ours-not,All Steps,1,1,1,third"]))


def test_of_several_published_runs_the_best_is_told(tmp_path: Path) -> None:
    table_of_record(tmp_path)
    beside = published("metr-la", tmp_path)
    assert beside is not None
    assert [(row["model"], row["minutes"], row["mae"]) for row in beside["rows"]] == [
        ("Ours-not", 15, 2.0),
        ("Ours-not", 30, 2.0),
    ]


def test_without_the_table_or_for_other_recordings_nothing_is_beside(tmp_path: Path) -> None:
    assert published("metr-la", tmp_path) is None
    table_of_record(tmp_path)
    assert published("scats", tmp_path) is None


def test_a_zero_in_a_speed_recording_is_missing(tmp_path: Path) -> None:
    little_week(tmp_path)
    recording = read_recording("metr-la-week1", tmp_path)
    assert np.isnan(recording.history.values).any()
    assert np.nanmin(recording.history.values) > 0


def test_a_recording_that_is_absent_says_what_is_looked_for(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="--data-dir"):
        read_recording("metr-la", tmp_path)
    with pytest.raises(NotFound, match="known are: metr-la-week1"):
        read_recording("atlantis", tmp_path)


def test_whole_sets_are_read_from_npz_and_csv(tmp_path: Path) -> None:
    values = np.array([[60.0, 0.0], [61.0, 50.0]])
    np.savez(tmp_path / "pems-bay.npz", data=values[:, :, None])
    (tmp_path / "metr-la.csv").write_text("t,a,b\n2012-03-01 00:00:00,60,0\n2012-03-01 00:10:00,61,50\n")
    from_npz = read_recording("pems-bay", tmp_path).history
    from_csv = read_recording("metr-la", tmp_path).history
    assert from_npz.values[1].tolist() == [61, 50]
    assert np.isnan(from_npz.values[0, 1])
    assert from_csv.rows == 3
    assert np.isnan(from_csv.values[1]).all()


def test_an_absent_hour_stays_an_hour_on_the_grid() -> None:
    grid, start = on_grid(np.array([[1.0], [2.0]]), np.array([0, 3_600]))
    assert len(grid) == 13
    assert start == datetime(1970, 1, 1, tzinfo=UTC)


def test_scats_rows_become_channels_and_absent_days_stay_missing(tmp_path: Path) -> None:
    times = [f"{hour:02}:{minute:02}:00" for hour in range(24) for minute in (0, 15, 30, 45)]
    columns: dict[str, list[object]] = {
        "SCATS Number": [970, 970, 970],
        "Location": ["A", "A", "A"],
        "HF VicRoads Internal": [1, 2, 1],
        "Start Time": ["01/10/2006 00:15", "01/10/2006 00:15", "03/10/2006 00:15"],
    }
    pq.write_table(pa.table(columns | {time: [5, 7, 9] for time in times}), tmp_path / "vicroads_scats_x.parquet")
    values = read_recording("scats", tmp_path).history.values
    assert values.shape == (3 * 96, 2)
    assert values[0].tolist() == [5, 7]
    assert np.isnan(values[96:192]).all()
    assert values[192, 0] == 9


def test_seven_quiet_quarter_hours_are_flow_and_eight_are_silence() -> None:
    flows = np.full((40, 3), 9.0, np.float32)
    flows[1:8, 0] = 0
    flows[10:18, 0] = 0
    heard = without_silence(flows)
    assert (heard[1:8, 0] == 0).all()
    assert np.isnan(heard[10:18, 0]).all()


def test_an_hour_that_the_clock_skipped_is_not_an_empty_road() -> None:
    flows = np.full((20, 5), 9.0, np.float32)
    flows[4:6] = 0
    assert np.isnan(without_silence(flows)[4:6]).all()


def test_errors_are_counted_at_the_horizon_and_missing_truth_counts_nothing() -> None:
    truth = np.array([[[10.0, 20.0]], [[0.0, np.nan]]], np.float32)
    quantiles = np.array([[[[8, 12, 16], [0, 10, 19]]], [[[0, 2, 3], [1, 1, 1]]]], np.float32)
    rows = score(tally(quantiles, truth, ~np.isnan(truth)), np.array([15, 30]), block=1, seed=1)
    assert [row["mae"] for row in rows] == [2, 10]
    assert [row["count"] for row in rows] == [2, 1]
    assert [row["mape"] for row in rows] == [20, 50]
    assert [row["coverage80"] for row in rows] == [1, 0]
    assert rows[0]["mae_low"] <= rows[0]["mae"] <= rows[0]["mae_high"]


def test_errors_in_slow_traffic_are_held_against_a_rival_on_the_same_blocks() -> None:
    dice = np.random.default_rng(1)
    count = np.full((400, 1), 10.0)
    hard = dice.gamma(2, 3, (400, 1)) * 10  # both err more in the same hours
    cells = {"jam": (0.9 * hard, count), "never": (np.zeros((400, 1)), np.zeros((400, 1)))}
    rival = {"jam": (hard, count), "never": cells["never"]}
    jam, never = slow_errors(cells, rival, np.array([15]), block=20, seed=1)
    assert jam["difference"] == pytest.approx(-0.1 * hard.mean() / 10, abs=1e-3)
    assert jam["difference_low"] < jam["difference"] < jam["difference_high"] < 0
    assert jam["difference_high"] - jam["difference_low"] < 0.2 * (jam["mae_high"] - jam["mae_low"])
    assert (never["mae"], never["mae_low"], never["difference"], never["count"]) == (None, None, None, 0)


def test_an_evaluation_scores_every_model_on_the_same_cells_and_prints(tmp_path: Path) -> None:
    little_week(tmp_path)
    table_of_record(tmp_path)
    told: list[float] = []
    evaluation = evaluate_traffic("metr-la-week1", tmp_path, lambda _what, share: told.append(share))
    counts = {tuple(row["count"] for row in model["horizons"]) for model in evaluation["models"]}
    assert [model["name"] for model in evaluation["models"]][:2] == ["last_value", "usual_day"]
    assert [row["minutes"] for row in evaluation["models"][0]["horizons"]] == [15, 30, 45, 60, 75, 90]
    assert len(counts) == 1
    assert told == sorted(told)
    console = Console(width=120, record=True)
    console.print(render(evaluation))
    printed = console.export_text()
    assert "usual_day" in printed
    assert "takes off (-) last_value's" in printed
    assert "One week is not the full benchmark" in printed
    assert [each["seen"] for each in evaluation["damaged"]] == [
        "as recorded",
        "40% of values missing",
        "every detector silent one hour in four",
    ]


@pytest.mark.soak
@RECORDED
@pytest.mark.parametrize("data", ["metr-la-week1", "scats"])
def test_on_real_roads_the_blend_is_never_worse_than_the_better_baseline(data: str) -> None:
    models = {model["name"]: model["horizons"] for model in evaluate_traffic(data, None)["models"]}
    naive = np.minimum(*([row["mae"] for row in models[name]] for name in ("last_value", "usual_day")))
    blend = np.array([row["mae"] for row in models["blend"]])
    covered = np.array([row["coverage80"] for row in models["blend"]])
    assert (blend <= naive).all()
    assert ((covered > 0.75) & (covered < 0.85)).all()
