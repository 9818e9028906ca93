"""The traffic engine: what it promises about any road network."""

from __future__ import annotations

import numpy as np
import pytest

from lionrock.engines.simulation.traffic import Closure, Demand, Flow, Junction, Road, Slowdown, simulate

JUNCTIONS = [Junction(f"n{i}", i * 2000.0, 0.0) for i in range(8)]
ROADS = [Road(f"r{i}", f"n{i}", f"n{i + 1}", 2000.0, 3, 80.0) for i in range(7)]
HOUR = slice(70, 120)  # from 35 minutes to the hour
LATE = slice(108, 120)  # by then the queue has grown out of its own road


def run(
    *, closures: tuple[Closure, ...] = (), slowdowns: tuple[Slowdown, ...] = (), seed: int = 1, platoon: int = 12
) -> Flow:
    vehicles = np.zeros((8, 2, 2), np.float32)
    vehicles[:, 0, 1] = 900  # a quarter of an hour: some two thirds of what three lanes take
    demand = Demand(("n0", "n7"), 900.0, vehicles)
    return simulate(
        JUNCTIONS, ROADS, demand, duration_s=7200, closures=closures, slowdowns=slowdowns, seed=seed, platoon=platoon
    )


def test_closed_lanes_slow_the_traffic_upstream_and_not_downstream() -> None:
    usual, hindered = run(), run(closures=(Closure("r4", 1800, 3600, 2),))
    assert hindered.speed_kmh[HOUR, 4].mean() < 0.3 * usual.speed_kmh[HOUR, 4].mean()
    assert hindered.speed_kmh[LATE, 3].mean() < 0.5 * usual.speed_kmh[LATE, 3].mean()
    assert hindered.speed_kmh[HOUR, 6].mean() >= 0.98 * usual.speed_kmh[HOUR, 6].mean()


def test_closed_lanes_let_fewer_vehicles_through_until_they_open() -> None:
    usual, hindered = run(), run(closures=(Closure("r4", 1800, 3600, 2),))
    assert hindered.vehicles[HOUR, 6].sum() < 0.75 * usual.vehicles[HOUR, 6].sum()
    assert hindered.vehicles[130:180, 6].sum() > 1.1 * usual.vehicles[130:180, 6].sum()


def test_a_wholly_closed_road_all_but_stands_and_recovers() -> None:
    hindered = run(closures=(Closure("r4", 1800, 3600, 3),))
    assert hindered.vehicles[HOUR, 5].sum() < 0.15 * hindered.vehicles[150:200, 5].sum()
    assert hindered.speed_kmh[-10:, 4].mean() > 60


def test_a_slowdown_lowers_the_speed_while_it_lasts() -> None:
    slowed = run(slowdowns=(Slowdown("r2", 1800, 3600, 0.5),))
    assert slowed.speed_kmh[HOUR, 2].mean() < 50
    assert slowed.speed_kmh[180:220, 2].mean() > 70


def test_free_traffic_is_slowed_by_the_factor_all_along_the_road() -> None:
    usual, slowed = run(), run(slowdowns=(Slowdown("r2", 1800, 3600, 0.8),))
    within = slice(64, 116)
    ratio = slowed.speed_kmh[within, 2].mean() / usual.speed_kmh[within, 2].mean()
    assert ratio == pytest.approx(0.8, abs=0.02)
    assert slowed.free_kmh[within, 2] == pytest.approx(64.0, abs=0.1)
    assert (slowed.speed_kmh <= slowed.free_kmh + 1e-3).all()


def test_a_slowdown_can_let_fewer_through_than_want_to_pass() -> None:
    usual, narrowed = run(), run(slowdowns=(Slowdown("r4", 1800, 3600, 0.9, 0.4),))
    assert narrowed.vehicles[HOUR, 5].sum() < 0.75 * usual.vehicles[HOUR, 5].sum()
    assert narrowed.speed_kmh[HOUR, 4].mean() < 0.6 * usual.speed_kmh[HOUR, 4].mean()
    assert narrowed.vehicles[130:180, 5].sum() > usual.vehicles[130:180, 5].sum()


def test_the_same_seed_gives_the_same_arrays_and_another_seed_others() -> None:
    first, second, other = run(seed=5), run(seed=5), run(seed=6)
    assert np.array_equal(first.vehicles, second.vehicles)
    assert np.array_equal(first.speed_kmh, second.speed_kmh)
    assert not np.array_equal(first.vehicles, other.vehicles)


def test_passages_do_not_come_in_platoons() -> None:
    passing = run(platoon=12).vehicles[40:200, 3]
    assert np.std(passing) < 8  # whole platoons of 12 at this flow would give about 19
    assert np.mean(np.abs(passing / 12 - np.round(passing / 12)) < 0.01) < 0.1


def test_every_vehicle_that_sets_out_passes_every_road_of_its_way() -> None:
    flow = run()
    in_the_hour_after_the_start = flow.vehicles[:, 0].sum()
    assert in_the_hour_after_the_start == pytest.approx(flow.trips, rel=0.03)


def test_a_smaller_platoon_gives_much_the_same_traffic() -> None:
    coarse, fine = (run(closures=(Closure("r4", 1800, 3600, 2),), platoon=size) for size in (12, 6))
    assert coarse.speed_kmh[:, 4].mean() == pytest.approx(fine.speed_kmh[:, 4].mean(), rel=0.12)
    assert coarse.vehicles[HOUR, 6].sum() == pytest.approx(fine.vehicles[HOUR, 6].sum(), rel=0.12)


def test_a_duration_of_no_whole_periods_is_refused() -> None:
    with pytest.raises(ValueError, match="no whole number of periods"):
        simulate(JUNCTIONS, ROADS, Demand(("n0", "n7"), 900.0, np.zeros((1, 2, 2), np.float32)), duration_s=100, seed=1)
