from __future__ import annotations

import numpy as np
from series import speeds

from lionrock.engines.forecast.losses import lose_as_detectors_do, lose_at_random, silence


def test_the_share_that_is_lost_is_the_share_that_was_asked_for() -> None:
    history = speeds(10, missing=0.0)
    lost = np.isnan(lose_at_random(history, 0.4, seed=1).values)
    assert abs(lost.mean() - 0.4) < 0.01


def test_every_series_is_silent_for_whole_hours_a_quarter_of_the_time() -> None:
    silent = np.isnan(silence(speeds(10, missing=0.0), seed=1).values)
    changes = np.diff(silent[:, 0].astype(int))
    begins, ends = np.flatnonzero(changes == 1), np.flatnonzero(changes == -1)
    ends = ends[ends > begins[0]]
    assert np.allclose(silent.mean(axis=0), 0.25, atol=0.01)
    assert set((ends - begins[: len(ends)]).tolist()) == {4}


def test_what_is_left_is_as_it_was() -> None:
    history = speeds(3)
    damaged = lose_as_detectors_do(history, seed=1)
    left = ~np.isnan(damaged.values)
    assert np.array_equal(damaged.values[left], history.values[left])
    assert 0.2 < left.mean() < 0.8
    assert np.array_equal(damaged.values, lose_as_detectors_do(history, seed=1).values, equal_nan=True)
