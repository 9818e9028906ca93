"""The rule by which a challenger stands: the same cells for all, sure gains only, honest bands."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from lionrock.commons.governance.inputs import InputProfile, profile_of, shift_of
from lionrock.commons.governance.judging import Contest, Judged, compare, decide, judge
from lionrock.core.hindsight import Hindcast, Measured
from lionrock.core.vocabulary import BadInput

ISSUES, SENSORS, HORIZONS = 96, 12, 3
QUARTER_US = 900_000_000
NAMES = tuple(f"s{number}" for number in range(SENSORS))
SHAPE = (ISSUES, SENSORS, HORIZONS)


def truth(seed: int = 1) -> np.ndarray:
    return 50 + np.random.default_rng(seed).normal(0, 5, SHAPE)


def told(error: float | np.ndarray, *, seed: int = 2, band: float = 1.28, sensors: tuple[str, ...] = NAMES) -> Hindcast:
    """A hindcast whose errors have the standard deviation ``error``, with a band of ``band`` such deviations."""
    dice = np.random.default_rng(seed)
    came = truth()[:, [NAMES.index(sensor) for sensor in sensors]]
    middle = came + dice.normal(0, 1, came.shape) * error
    wide = np.broadcast_to(band * np.asarray(error), came.shape)
    return Hindcast(
        sensors=sensors,
        issued_us=np.arange(ISSUES) * QUARTER_US,
        horizons_us=np.arange(1, HORIZONS + 1) * QUARTER_US,
        quantiles=np.stack([middle - wide, middle, middle + wide], axis=3),
        truth=came,
        baselines={"last_value": came + 6, "usual_day": came - np.array([3.0, 6.0, 9.0])},
    )


def verdict(judged: Judged) -> tuple[bool, str]:
    given = decide(judged, has_champion=True)
    return given.promoted, given.why.en


def test_a_sure_gain_is_promoted_and_its_figures_are_plain_means() -> None:
    better, worse = told(2.0), told(3.0, seed=3)
    judged = compare(better, worse)
    assert verdict(judged)[0]
    assert judged.mae["challenger"] == pytest.approx(
        np.abs(better.quantiles[..., 1] - better.truth).mean(axis=(0, 1)).tolist()
    )
    ratios = [own / other for own, other in zip(judged.mae["challenger"], judged.mae["champion"], strict=True)]
    assert judged.against["champion"].ratio == pytest.approx(np.mean(ratios))
    assert judged.coverage["challenger"] == pytest.approx([0.8] * HORIZONS, abs=0.04)
    assert judged.cells == [ISSUES * SENSORS] * HORIZONS
    assert judged.blocks == 8


def test_the_baseline_is_the_better_naive_rival_at_each_horizon() -> None:
    assert compare(told(2.0), None).mae["baseline"] == pytest.approx([3.0, 6.0, 6.0])


def test_the_same_model_again_is_no_gain() -> None:
    assert verdict(compare(told(2.0), told(2.0))) == (
        False,
        "not surely better: its error is 1.000 (1.000 to 1.000) of the champion's",
    )


def test_what_is_worse_than_the_baseline_never_stands() -> None:
    judged = compare(told(9.0), told(12.0, seed=3))
    assert "does not beat the baseline" in verdict(judged)[1]
    assert not decide(compare(told(9.0), None), has_champion=False).promoted


def test_only_cells_that_were_measured_and_that_all_speak_of_are_compared() -> None:
    challenger, champion = told(2.0), told(2.5, seed=3, sensors=NAMES[:8])
    challenger.truth[:, 3] = np.nan
    champion.truth[:, 3] = np.nan
    challenger.quantiles[:, 5] = np.nan
    judged = compare(challenger, champion)
    assert judged.cells == [ISSUES * 6] * HORIZONS
    assert judged.answered == pytest.approx({"challenger": 10 / 11, "champion": 7 / 11})
    assert "s3" not in judged.sensors


def test_a_challenger_that_speaks_of_new_sensors_stands_unless_it_is_surely_worse() -> None:
    promoted, why = verdict(compare(told(2.0, seed=5), told(2.0, seed=3, sensors=NAMES[:8])))
    assert promoted
    assert "more of what is measured" in why
    assert not verdict(compare(told(2.4, seed=5), told(2.0, seed=3, sensors=NAMES[:8])))[0]


def test_a_gain_on_the_whole_does_not_excuse_a_horizon_that_is_surely_worse() -> None:
    promoted, why = verdict(compare(told(np.array([1.0, 2.0, 3.0])), told(np.array([3.0, 3.0, 2.0]), seed=3)))
    assert not promoted
    assert "surely worse 45 minutes ahead" in why


def test_a_better_middle_with_a_dishonest_band_does_not_stand() -> None:
    promoted, why = verdict(compare(told(2.0, band=0.3), told(3.0, seed=3)))
    assert not promoted
    assert "80% band is" in why


def test_too_few_unseen_hours_decide_nothing() -> None:
    challenger = told(2.0)
    challenger.truth[36:] = np.nan
    champion = told(3.0, seed=3)
    champion.truth[36:] = np.nan
    assert "only 3 of 4 blocks" in verdict(compare(challenger, champion))[1]
    assert decide(compare(challenger, None), has_champion=False).promoted
    challenger.truth[:] = np.nan
    assert "only 0 of 2 blocks" in decide(compare(challenger, None), has_champion=False).why.en


def test_two_that_were_asked_at_different_moments_are_not_compared() -> None:
    other = told(2.0)
    other.issued_us[:] += 1
    with pytest.raises(BadInput, match="different issues"):
        compare(told(2.0), other)


def test_a_champion_that_cannot_be_read_leaves_only_the_baseline_to_beat() -> None:
    def hindcast(fitted: bytes, _history: bytes, _since: object) -> Hindcast:
        if fitted == b"old":
            raise BadInput("of another code")
        return told(2.0)

    contest = Contest(hindcast=hindcast, challenger=b"new", champion=b"old", history=b"", since=None)  # type: ignore[arg-type]
    judged, readable = judge(contest)
    assert not readable
    assert "champion" not in judged.mae


def test_a_champion_of_other_detectors_leaves_only_the_baseline_to_beat() -> None:
    gone = tuple(f"gone{number}" for number in range(SENSORS))

    def hindcast(fitted: bytes, _history: bytes, _since: object) -> Hindcast:
        return told(2.0) if fitted == b"new" else replace(told(1.0), sensors=gone, truth=np.full(SHAPE, np.nan))

    contest = Contest(hindcast=hindcast, challenger=b"new", champion=b"old", history=b"", since=None)  # type: ignore[arg-type]
    judged, has_champion = judge(contest)
    assert not has_champion
    assert decide(judged, has_champion=has_champion).promoted


def test_hindcasts_whose_shapes_disagree_are_refused() -> None:
    with pytest.raises(BadInput):
        Hindcast(
            sensors=NAMES,
            issued_us=np.arange(ISSUES),
            horizons_us=np.arange(HORIZONS),
            quantiles=np.zeros(SHAPE),
            truth=np.zeros(SHAPE),
        )
    with pytest.raises(BadInput):
        Measured(("a",), np.arange(3), np.zeros((2, 1)))


def test_the_shift_index_is_nothing_for_the_same_values_and_large_for_others() -> None:
    values = np.random.default_rng(1).normal(50, 10, (500, 4))
    profile = profile_of([Measured(("a", "b", "c", "d"), np.arange(500), values)])
    assert isinstance(profile, InputProfile)
    assert profile.missing == 0
    assert shift_of(profile, [200] * 10) == pytest.approx(0, abs=1e-6)
    assert shift_of(profile, [0] * 5 + [400] * 5) > 0.25
    assert shift_of(profile, [1] * 10) is None
    assert profile_of([]) is None


def test_days_before_a_history_began_are_no_part_of_its_profile() -> None:
    values = np.full((100, 4), 50.0)
    values[:40] = np.nan
    values[70:80, 1] = np.nan
    silent = Measured(("a", "b", "c", "d"), np.arange(100), np.full((100, 4), np.nan))
    profile = profile_of([silent, Measured(("a", "b", "c", "d"), np.arange(100), values)])
    assert profile is not None
    assert (profile.sensors, profile.missing) == (4, pytest.approx(10 / 240))


@pytest.mark.parametrize("perfect", [slice(None), slice(1, 2), slice(0, 1)])
def test_a_rival_without_any_error_is_lost_to_and_every_figure_can_be_kept(perfect: slice) -> None:
    challenger = told(2.0)
    for baseline in challenger.baselines.values():
        baseline[..., perfect] = challenger.truth[..., perfect]
    judged = compare(challenger, None)
    given = decide(judged, has_champion=False)
    assert (given.promoted, given.why.en.partition(":")[0]) == (False, "it does not beat the baseline")
    assert msgspec.convert(msgspec.json.decode(msgspec.json.encode(msgspec.to_builtins(judged))), Judged) == judged
