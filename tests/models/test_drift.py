"""The champion's rolling day: how sure its mean error is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tiny import NOON

from lionrock.commons.governance.drift import Reference, Rolling, RollingHorizon, list_conditions, roll
from lionrock.commons.governance.scoring import LAST_VALUE
from lionrock.core.records.model_scores import HourScore

HOUR = timedelta(hours=1)


def hours(errors: list[float]) -> list[HourScore]:
    """One hour of ten forecasts for each mean error, the newest last."""
    first = NOON - len(errors) * HOUR
    return [
        HourScore(
            hour=first + number * HOUR,
            version="v",
            horizon_s=900,
            issued=10,
            scored=10,
            absolute=10 * error,
            inside=8,
            rivals={},
        )
        for number, error in enumerate(errors)
    ]


def interval(errors: list[float]) -> list[float] | None:
    (horizon,) = roll(NOON, "v", hours(errors), [], [], None).horizons
    return horizon.interval


def test_an_error_that_is_always_the_same_is_known_exactly() -> None:
    assert interval([2.0] * 24) == [2.0, 2.0]


def test_hours_that_go_together_say_less_than_as_many_that_do_not() -> None:
    alternating, in_one_piece = interval([1.0, 3.0] * 12), interval([1.0] * 12 + [3.0] * 12)
    assert alternating is not None
    assert in_one_piece is not None
    assert alternating[1] - alternating[0] < in_one_piece[1] - in_one_piece[0]
    assert in_one_piece[0] < 2.0 < in_one_piece[1]


@pytest.mark.parametrize("errors", [[2.0] * 3, [2.0]])
def test_hours_of_one_block_have_no_interval(errors: list[float]) -> None:
    assert interval(errors) is None


@pytest.mark.parametrize(
    ("mae", "coverage", "rival", "fails"),
    [(4.8, 0.8, 9.0, True), (2.0, 0.35, 9.0, True), (2.0, 0.8, 1.5, True), (2.2, 0.75, 2.1, False)],
)
def test_one_horizon_that_fails_is_told_though_the_mean_over_all_hides_it(
    mae: float, coverage: float, rival: float, *, fails: bool
) -> None:
    def horizon(horizon_s: int, mae: float, coverage: float, rival: float) -> RollingHorizon:
        rivals = {LAST_VALUE: (rival, mae)}
        return RollingHorizon(
            horizon_s=horizon_s, issued=5000, scored=5000, mae=mae, interval=None, coverage=coverage, rivals=rivals
        )

    before = {900 * step: 2.0 if step == 1 else 6.0 for step in range(1, 7)}
    rest = [horizon(900 * step, 6.0, 0.85, 12.0) for step in range(2, 7)]
    horizons = [horizon(900, mae, coverage, rival), *rest]
    rolling = Rolling(hours=24, horizons=horizons, sensors=[], missing=None, shift=None)
    reference = Reference(mae=before, coverage={}, sensors={}, inputs=None)
    told = {one.key: one for one in list_conditions(rolling, reference)}
    assert told.keys() == ({"horizons"} if fails else set())
    if fails:
        assert told["horizons"].properties == {"horizons_min": [15]}
