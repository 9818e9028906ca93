from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels import made_up
from rich.console import Console

from lionrock.app.evaluate.weather import road_hours, weather_hours
from lionrock.app.evaluate.weather_nowcast import NOWCAST, RAIN_NOW, WITHOUT, evaluate_nowcast
from lionrock.app.evaluate.weather_table import render_weather
from lionrock.app.evaluate.weather_twin import gather_twin_days
from lionrock.services.mobility.weather_effects.levels import RAIN, WeatherHours, states_of
from lionrock.services.mobility.weather_effects.measures import CAPACITY, FLOW, SPEED, RoadHours, estimate_all

ROW = {"measure": "speed", "hours": "", "grade": "few", "blocks": 4, "days": 4, "n_hours": 9, "pooled": False}
PART = {"inside": 9, "of": 10}


def printed(evaluation: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=200)
    for look in render_weather(evaluation):
        console.print(look)
    return console.file.getvalue()


@pytest.fixture
def evaluation() -> dict[str, Any]:
    """One small city with an effect that was found, one that was missed, and one that was never seen."""
    logs = {"log_ratio": -0.05, "low": -0.07, "high": -0.03}
    never = {"log_ratio": None, "low": None, "high": None, "true": None}
    rows = [
        {**ROW, **logs, "level": "amber", "true": -0.06},
        {**ROW, **logs, "level": "red", "true": -0.10},
        {**ROW, **never, "level": "black", "grade": "never"},
    ]
    intervals = {"all": [1.4, 1.7], "light_rain": None, "heavy_rain": None}
    worth = {"forecast": WITHOUT, "all": 1.5, "light_rain": 2.5, "heavy_rain": None, "intervals": intervals}
    city = {"seed": 1, "effects": rows, "placebo": [], "roads": [], "nowcast": [worth]}
    parts = {"whole_day": PART, "hour_groups": PART, "placebo": PART}
    return {"days": 61, "first_day": "2026-06-01", "cities": [city], "covered": {"speed": parts}, "night": None}


def test_every_effect_is_printed_beside_its_truth(evaluation: dict[str, Any]) -> None:
    lines = {
        level: line for line in printed(evaluation).splitlines() for level in ("amber", "red", "black") if level in line
    }
    assert all(words in lines["amber"] for words in ("-4.9", "-6.8 .. -3.0", "-5.8", "yes"))
    assert "NO" in lines["red"]
    assert "never" in lines["black"]


def test_an_error_is_printed_with_its_interval_where_more_than_one_day_tells_it(evaluation: dict[str, Any]) -> None:
    (line,) = (line for line in printed(evaluation).splitlines() if WITHOUT in line)
    assert [cell.strip() for cell in line.split("│")[2:5]] == ["1.500 (1.400 to 1.700)", "2.500", "-"]


def test_a_recording_that_is_absent_is_said_to_be(evaluation: dict[str, Any]) -> None:
    assert "not beside this checkout" in printed(evaluation)


def test_a_nowcast_helps_where_rain_slows_and_no_forecast_knew_of_it() -> None:
    city = made_up(11, days=60, truth=(-0.02, -0.05, -0.3), wet_share=(0.3, 0.3, 0.3), missing=0.0)
    rain = np.array([0.0, 1.0, 5.0, 20.0], np.float32)[city.states]
    hours = RoadHours(("a",), {SPEED: city.panel.values}, city.panel.kind, city.panel.weekday, city.panel.day_number)
    told = evaluate_nowcast(hours, WeatherHours(rain, {}, np.ones(rain.shape[:2], bool)))
    heavy = {row["forecast"]: row["heavy_rain"] for row in told}
    assert heavy[NOWCAST] < 0.6 * heavy[RAIN_NOW]
    assert heavy[RAIN_NOW] < heavy[WITHOUT]
    for row in told:
        low, high = row["intervals"]["heavy_rain"]
        assert low < row["heavy_rain"] < high


@pytest.mark.soak
def test_a_twin_day_is_the_same_but_for_its_rain(tmp_path: Path) -> None:
    twin = gather_twin_days(2, date(2026, 6, 1), 9, tmp_path, lambda *_: None)
    again = gather_twin_days(2, date(2026, 6, 1), 9, tmp_path, lambda *_: None)
    assert np.array_equal(twin.speed, again.speed, equal_nan=True)
    hours, weather = road_hours(twin), weather_hours(twin)
    states = states_of(RAIN, weather)
    apart = twin.speed - twin.dry_speed
    dry_days = [index for index in range(9) if not (twin.rain_mm_h[index] > 0).any()]
    assert np.nanmax(np.abs(apart[dry_days])) < 0.02
    assert np.nanmean(apart[states == 3]) < -0.03
    assert {found.measure for found in estimate_all(hours, weather)} == {SPEED, FLOW, CAPACITY}
