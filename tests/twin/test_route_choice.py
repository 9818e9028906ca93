"""Which way drivers go: by every road's own time, also where two lead from one junction to the same other."""

from __future__ import annotations

import numpy as np
import pytest

from lionrock.engines.simulation.traffic import Closure, Demand, Diversion, Flow, Junction, Road, simulate

JUNCTIONS = [Junction(name, x_m, 0.0) for name, x_m in (("a", 0.0), ("b", 2000.0), ("c", 5000.0), ("d", 7000.0))]
IN, OUT = Road("in", "a", "b", 2000.0, 3, 80.0), Road("out", "c", "d", 2000.0, 3, 80.0)
CORRIDOR, STREET = Road("corridor", "b", "c", 3000.0, 2, 80.0), Road("street", "b", "c", 3000.0, 2, 50.0)
SHUT = slice(90, 120)  # of the half minutes: a while after the corridor closed


def run(
    roads: list[Road], closures: tuple[Closure, ...] = (), diversions: tuple[Diversion, ...] = (), hourly: float = 1600
) -> Flow:
    vehicles = np.zeros((8, 4, 4), np.float32)
    vehicles[:, 0, 3] = hourly / 4  # the corridor takes more than twice as many
    demand = Demand(("a", "b", "c", "d"), 900.0, vehicles)
    return simulate(
        JUNCTIONS, roads, demand, duration_s=7200, closures=closures, diversions=diversions, platoon=4, seed=1
    )


@pytest.mark.parametrize("roads", [[IN, CORRIDOR, STREET, OUT], [IN, STREET, CORRIDOR, OUT]])
def test_most_drivers_take_the_faster_of_two_roads_between_the_same_junctions(roads: list[Road]) -> None:
    passed = run(roads).vehicles.sum(axis=0)
    assert 0.7 < passed[roads.index(CORRIDOR)] / passed[roads.index(IN)] < 0.9
    assert 0.1 < passed[roads.index(STREET)] / passed[roads.index(IN)] < 0.3


def test_where_the_faster_one_is_closed_they_take_the_one_beside_it() -> None:
    hindered = run([IN, CORRIDOR, STREET, OUT], closures=(Closure("corridor", 1800, 3600, 2),))
    assert hindered.vehicles[SHUT, 2].sum() > 0.8 * hindered.vehicles[SHUT, 0].sum()
    assert hindered.vehicles[-60:, 1].sum() > 0.7 * hindered.vehicles[-60:, 0].sum()


def test_those_who_are_diverted_leave_one_road_and_not_the_one_beside_it() -> None:
    asked = run([IN, CORRIDOR, STREET, OUT], diversions=(Diversion("corridor", 1800, 3600, 0.5),))
    assert asked.vehicles[SHUT, 2].sum() == pytest.approx(0.5 * asked.vehicles[SHUT, 0].sum(), rel=0.2)


def test_more_traffic_than_the_faster_road_takes_uses_both() -> None:
    narrow = Road("corridor", "b", "c", 3000.0, 1, 80.0)
    passed = run([IN, narrow, STREET, OUT], hourly=3000).vehicles[90:].sum(axis=0)
    assert 0.2 < passed[2] / passed[0] < 0.6
