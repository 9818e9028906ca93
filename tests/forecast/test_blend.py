"""What is published of the models: the mix, and how it is drawn to the usual day."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lionrock.engines.forecast.baselines import LAST_VALUE, USUAL_DAY
from lionrock.engines.forecast.blend import NEAR, STRONGEST_PULL, Blend, choose_blend, drawn
from lionrock.engines.forecast.features import Traits
from lionrock.engines.forecast.history import Floats
from lionrock.engines.forecast.judgement import Trial
from lionrock.engines.forecast.rivals import LINEAR

SCALE, PAIRS = 10.0, 4_000
USUAL = np.full(PAIRS, 50, np.float32)


def trial(truth: Floats, **models: Floats) -> Trial:
    """Two folds of one horizon, of series that all move by SCALE; the last value is far off."""
    alike = np.full(PAIRS, SCALE, np.float32)
    said = {LAST_VALUE: USUAL + 30, USUAL_DAY: USUAL, **models}
    return Trial(
        points={name: each.astype(np.float32)[:, None] for name, each in said.items()},
        doubt=np.ones((PAIRS, 1, 2), np.float32),
        truth=truth.astype(np.float32)[:, None],
        traits=Traits(alike, alike, alike, alike),
        fold=np.arange(PAIRS) % 2,
        trust=np.ones(PAIRS, np.float32),
    )


def spread(width: float, seed: int) -> Floats:
    return np.random.default_rng(seed).normal(0, width, PAIRS).astype(np.float32)


def now_and_then(seed: int) -> Floats:
    """What parts some days from the usual one by much, and most by nothing."""
    return np.where(np.random.default_rng(seed).random(PAIRS) < 0.3, 25, 0).astype(np.float32)


@given(st.floats(-100, 100), st.floats(-100, 100), st.floats(0, STRONGEST_PULL))
def test_a_mix_is_drawn_towards_the_usual_day_and_never_past_it(mixed: float, usual: float, pull: float) -> None:
    told = float(drawn(np.float32([mixed]), np.float32([usual]), pull, np.float32([SCALE]))[0])
    assert min(mixed, usual) - 1e-4 <= told <= max(mixed, usual) + 1e-4


def test_what_is_far_from_the_usual_day_stays_and_what_is_nearly_there_goes_half_way() -> None:
    both = np.float32([20 * NEAR * SCALE, 0.01])
    told = drawn(both, np.zeros(2, np.float32), 0.5, np.full(2, SCALE, np.float32))
    assert told.tolist() == pytest.approx([both[0], 0.005], rel=0.01)


def test_the_mix_goes_by_its_weights_and_then_by_its_pull() -> None:
    points = {USUAL_DAY: np.float32([[0, 0]]), "one": np.float32([[1, 1]]), "other": np.float32([[3, 3]])}
    weights = np.float32([[0, 0.5, 0.5], [0, 1, 0]])
    told = Blend(weights, np.float32([0, 0.5])).of(points, np.float32([SCALE]))
    assert told[0].tolist() == pytest.approx([2, 1 - 0.5 * np.exp(-1 / (NEAR * SCALE))])


def test_small_differences_that_are_chance_are_drawn_to_the_usual_day() -> None:
    jams = now_and_then(1)
    chosen = choose_blend(trial(USUAL - jams, model=USUAL - jams + spread(1, seed=2)))
    assert chosen.pull.tolist() == [STRONGEST_PULL]


def test_small_differences_that_come_true_are_left() -> None:
    truth = USUAL + spread(1, seed=3)
    chosen = choose_blend(trial(truth, model=truth + spread(0.01, seed=4)))
    assert chosen.pull.tolist() == [0]
    assert chosen.weights[0].tolist() == pytest.approx([0, 0, 1])


def test_a_baseline_that_is_published_alone_is_not_drawn() -> None:
    chosen = choose_blend(trial(USUAL + spread(0.1, seed=5), model=USUAL + 20))
    assert chosen.weights[0].tolist() == [0, 1, 0]
    assert chosen.pull.tolist() == [0]


def test_what_is_only_compared_is_published_by_no_weight() -> None:
    truth = USUAL + spread(5, seed=6)
    chosen = choose_blend(trial(truth, model=truth + spread(3, seed=7), **{LINEAR: truth}))
    assert chosen.weights[0, -1] == 0
    assert chosen.weights[0, :-1].sum() == pytest.approx(1)
