from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from series import NEEDS_TORCH

from lionrock.engines.forecast.mlp import Network
from lionrock.engines.forecast.training import Lessons, first_arrays, pace, train_network


def lessons(pairs: int = 4_000) -> Lessons:
    """Two series: the first follows its input, the second does the opposite; errors grow with the second input."""
    dice = np.random.default_rng(1)
    inputs = dice.normal(0, 1, (pairs, 3)).astype(np.float32)
    series = dice.integers(0, 2, pairs)
    sign = np.where(series == 0, 1, -1)
    noise = dice.normal(0, 1, pairs) * np.where(inputs[:, 1] > 0, 0.5, 0.1)
    target = np.stack([sign * inputs[:, 0] + noise, np.full(pairs, np.nan)], axis=1)
    return Lessons(inputs, series, target.astype(np.float32), np.ones(pairs, np.float32), 2)


@pytest.fixture(scope="module")
def trained() -> Network:
    many = lessons(40_000)
    return train_network(many, seed=1, identities=True)


@NEEDS_TORCH
def test_an_identity_tells_series_apart(trained: Network) -> None:
    inputs = np.array([[1, 0, 0], [1, 0, 0]], np.float32)
    middle, _ = trained.correct(inputs, np.array([0, 1]))
    assert middle[0, 0] > 0.5
    assert middle[1, 0] < -0.5


@NEEDS_TORCH
def test_without_identities_all_series_are_one() -> None:
    middle, _ = train_network(lessons(), seed=1).correct(np.ones((2, 3), np.float32), np.array([0, 1]))
    assert middle[0].tolist() == middle[1].tolist()


@NEEDS_TORCH
def test_distances_are_wider_where_errors_are(trained: Network) -> None:
    inputs = np.array([[0, 1.5, 0], [0, -1.5, 0]], np.float32)
    _, distances = trained.correct(inputs, np.array([0, 0]))
    assert (distances[0, 0] > 2 * distances[1, 0]).all()


@NEEDS_TORCH
def test_the_same_seed_trains_the_same_network_and_another_seed_another() -> None:
    few = lessons()
    first, again, other = (train_network(few, seed=seed).arrays["leave"] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@NEEDS_TORCH
def test_what_was_not_measured_teaches_nothing() -> None:
    few = lessons()
    unmeasured = replace(few, target=np.full_like(few.target, np.nan))
    arrays = train_network(unmeasured, seed=1).arrays
    assert all(np.isfinite(array).all() for array in arrays.values())


def test_a_stored_network_forecasts_without_torch() -> None:
    arrays = first_arrays(3, 4, np.random.default_rng(1)) | {
        "mean": np.zeros(3, np.float32),
        "width": np.ones(3, np.float32),
    }
    middle, distances = Network(arrays).correct(np.ones((5, 3), np.float32), np.zeros(5, np.int64))
    assert middle.shape == (5, 4)
    assert distances.shape == (5, 4, 2)
    assert (distances > 0).all()


def test_the_pace_rises_and_falls_to_nothing() -> None:
    assert pace(0) < pace(0.05) > pace(0.5) > pace(0.99)
    assert pace(0.999) < 0.001
