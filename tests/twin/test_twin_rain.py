"""What rain does to the twin's roads: to links, and to the detectors beside them."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from lionrock.app.evaluate.weather_twin import hours_of
from lionrock.twin.day import simulate_day
from lionrock.twin.detectors import list_detectors
from lionrock.twin.lanes import speed_at
from lionrock.twin.network import list_links
from lionrock.twin.rain import list_rainstorms, rain_shares

SEED, RAINY, SCALE = 2, date(2026, 6, 3), 0.5  # amber from 08:15 to 09:30
STORM_H = 8


@pytest.fixture(scope="module")
def lost() -> tuple[np.ndarray, np.ndarray]:
    """Logs of what rain left of the speed in the wettest hour, at each detector and over each detector's link."""
    hours = [hours_of(simulate_day(SEED, RAINY, scale=SCALE, until_s=10 * 3600, rain=rain)) for rain in (True, False)]
    wet, dry = (each["speed"][STORM_H] for each in hours)
    left = wet - dry
    count = len(list_detectors())
    return left[:count], left[count:][[detector.link for detector in list_detectors()]]


def test_rain_takes_as_much_speed_and_capacity_as_the_manual_says() -> None:
    rate, sky = np.array([0.0, 1.5, 4.0, 8.0]), np.ones(4)
    speed, capacity = rain_shares(rate, sky)
    assert speed[0] == capacity[0] == 1
    assert 0.9 < speed[1] < 0.98
    assert speed[2] == pytest.approx(0.94, abs=0.02)
    assert speed[3] == pytest.approx(0.92, abs=0.03)
    assert 0.9657 < capacity[1] < 0.9883
    assert 0.8990 < capacity[2] < 0.9433
    assert 0.8233 < capacity[3] < 0.8928


def test_a_road_under_cover_loses_less() -> None:
    rate = np.full(2, 20.0)
    speed, capacity = rain_shares(rate, np.array([1.0, 0.3]))
    assert 1 - speed[1] == pytest.approx(0.3 * (1 - speed[0]))
    assert 1 - capacity[1] == pytest.approx(0.3 * (1 - capacity[0]))


def test_rain_without_a_queue_is_felt_at_every_place_of_the_road() -> None:
    link, free = np.array([80.0, 64.0]), np.array([80.0, 64.0])
    assert [speed_at(share, link, free)[1] for share in (0.1, 0.5, 0.9)] == [64.0, 64.0, 64.0]


def test_a_queue_stands_at_the_end_in_rain_too() -> None:
    link, free = np.array([30.0]), np.array([64.0])
    first, last = (float(speed_at(share, link, free)[0]) for share in (0.05, 0.95))
    assert first == pytest.approx(64.0, rel=0.02)
    assert last < 0.5 * first


def test_detectors_lose_in_a_rainstorm_what_their_roads_lose(lost: tuple[np.ndarray, np.ndarray]) -> None:
    assert [storm.colour for storm in list_rainstorms(SEED, RAINY)] == ["A"]
    detectors, roads = lost
    heard = np.isfinite(detectors)
    assert np.mean(detectors[heard]) < -0.15
    assert np.mean(detectors[heard]) == pytest.approx(np.mean(roads[heard]), abs=0.02)
    assert np.corrcoef(detectors[heard], roads[heard])[0, 1] > 0.8


def test_tunnels_feel_a_rainstorm_less(lost: tuple[np.ndarray, np.ndarray]) -> None:
    detectors, _ = lost
    under = np.array([list_links()[detector.link].tunnel for detector in list_detectors()])
    heard = np.isfinite(detectors)
    assert detectors[heard & under].mean() > 0.5 * detectors[heard & ~under].mean()
