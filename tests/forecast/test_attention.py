from __future__ import annotations

import importlib

import numpy as np
import pytest
from click.testing import CliRunner
from series import NEEDS_TORCH

from lionrock.app.cli import lionrock
from lionrock.engines.forecast.attention import SAID, TOKENS, attended, columns_of_tokens, first_attention
from lionrock.engines.forecast.companions import COLUMNS
from lionrock.engines.forecast.features import RECENT_COLUMNS
from lionrock.engines.forecast.mlp import HARMONICS, Network, same, token_columns
from lionrock.engines.forecast.past import LAGS, PAST_COLUMNS
from lionrock.engines.forecast.training import (
    HIDDEN,
    Lessons,
    first_arrays,
    gpu_is_there,
    train_network,
)

INPUTS = RECENT_COLUMNS + COLUMNS + 2 * PAST_COLUMNS + 3 + 2 * HARMONICS
"""The columns of a network's inputs with one horizon."""


def tokens(pairs: int) -> np.ndarray:
    return np.random.default_rng(2).normal(0, 1, (pairs, TOKENS, SAID)).astype(np.float32)


def lessons(pairs: int) -> Lessons:
    dice = np.random.default_rng(1)
    inputs = dice.normal(0, 1, (pairs, INPUTS)).astype(np.float32)
    target = inputs[:, RECENT_COLUMNS + COLUMNS : RECENT_COLUMNS + COLUMNS + 1]
    return Lessons(inputs, dice.integers(0, 2, pairs), target, np.ones(pairs, np.float32), 2)


def test_every_token_says_its_difference_its_distance_and_whether_it_is_missing() -> None:
    columns = columns_of_tokens(past=10, flags=100)
    assert columns[0].tolist() == [10, 10 + LAGS, 100]
    assert columns[LAGS].tolist() == [10 + 2 * LAGS + 2, 10 + 2 * LAGS + 2, 100 + 2 * LAGS + 2]
    assert columns.shape == (TOKENS, SAID)
    assert token_columns(INPUTS).max() < INPUTS - 2 * HARMONICS


def test_a_token_is_heard_by_others_and_pairs_are_not() -> None:
    arrays = first_attention(8, np.random.default_rng(1))
    before, changed = tokens(3), tokens(3)
    changed[1, 5] += 1
    heard = np.abs(attended(arrays, changed, same) - attended(arrays, before, same)).max(axis=1)
    assert heard[1] > 1e-4
    assert heard[[0, 2]].tolist() == [0, 0]


@NEEDS_TORCH
def test_numpy_and_torch_attend_alike() -> None:
    torch = importlib.import_module("torch")
    arrays = first_attention(8, np.random.default_rng(1))
    there = {name: torch.from_numpy(array) for name, array in arrays.items()}
    told = attended(there, torch.from_numpy(tokens(4)), same).numpy()
    assert np.allclose(attended(arrays, tokens(4), same), told, atol=1e-4)


@NEEDS_TORCH
def test_training_moves_every_array_of_attention() -> None:
    trained = train_network(lessons(100), seed=1, attention=True).arrays
    dice = np.random.default_rng(1)
    first = first_arrays(INPUTS, 1, dice) | first_attention(HIDDEN, dice)
    assert [name for name, array in first.items() if np.array_equal(array, trained[name])] == []
    assert all(np.isfinite(array).all() for array in trained.values())


def test_many_pairs_at_once_are_told_the_same_as_few() -> None:
    dice = np.random.default_rng(1)
    arrays = first_arrays(INPUTS, 1, dice) | first_attention(HIDDEN, dice)
    network = Network(arrays | {"mean": np.zeros(INPUTS, np.float32), "width": np.ones(INPUTS, np.float32)})
    many = lessons(2_100)
    middle, distances = network.correct(many.inputs, many.series)
    few = network.correct(many.inputs[-40:], many.series[-40:])
    assert np.allclose(middle[-40:], few[0], atol=1e-5)
    assert np.allclose(distances[-40:], few[1], atol=1e-5)


@pytest.mark.skipif(gpu_is_there(), reason="a GPU is here, so that attention can be trained")
def test_attention_without_a_gpu_is_refused_in_words() -> None:
    answer = CliRunner().invoke(lionrock, ["evaluate", "traffic", "--data", "scats", "--attention"])
    assert answer.exit_code != 0
    assert "PyTorch sees none here" in answer.output
