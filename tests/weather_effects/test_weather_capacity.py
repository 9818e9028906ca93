from __future__ import annotations

import numpy as np
import pytest

from lionrock.services.mobility.weather_effects.measures import capacity_hours, critical_occupancy

CRITICAL_PCT, JAM_PCT, TOP = 20.0, 80.0, 3600.0


def flow_at(occupancy_pct: np.ndarray, top: float = TOP) -> np.ndarray:
    """A triangular curve of flow over occupancy."""
    rising = top * occupancy_pct / CRITICAL_PCT
    falling = top * (JAM_PCT - occupancy_pct) / (JAM_PCT - CRITICAL_PCT)
    return np.minimum(rising, falling)


@pytest.fixture
def day() -> np.ndarray:
    """Occupancies of a day's five-minute periods that pass through all of the curve."""
    rng = np.random.default_rng(1)
    return rng.uniform(1, 55, (288, 1))


def test_the_critical_occupancy_is_where_the_curve_turns(day: np.ndarray) -> None:
    occupancy = np.vstack([day] * 4)
    assert critical_occupancy(occupancy, flow_at(occupancy)) == pytest.approx([CRITICAL_PCT], abs=2)


def test_a_road_that_was_never_full_has_no_critical_occupancy(day: np.ndarray) -> None:
    occupancy = np.vstack([day * CRITICAL_PCT / 60] * 4)
    assert np.isnan(critical_occupancy(occupancy, flow_at(occupancy))).all()


def test_fewer_trips_are_not_a_narrower_road(day: np.ndarray) -> None:
    critical = np.array([CRITICAL_PCT])
    busy, quiet = (capacity_hours(one, flow_at(one), critical) for one in (day, day * 0.6))
    assert np.nanmean(quiet) == pytest.approx(np.nanmean(busy), abs=0.02)


def test_a_road_that_carries_a_tenth_less_when_full_is_seen_to(day: np.ndarray) -> None:
    critical = np.array([CRITICAL_PCT])
    dry, wet = (capacity_hours(day, flow_at(day, top), critical) for top in (TOP, TOP * 0.9))
    assert np.nanmean(wet - dry) == pytest.approx(np.log(0.9), abs=1e-3)


def test_hours_far_from_critical_say_nothing() -> None:
    free = np.full((288, 1), 4.0)
    assert np.isnan(capacity_hours(free, flow_at(free), np.array([CRITICAL_PCT]))).all()
