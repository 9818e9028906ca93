"""How many vehicles are on each link, from its speed and count, beside how many the simulation had there."""

from __future__ import annotations

import numpy as np
import pytest
from small_city import BRIDGE_CLOSED, END_S, PERIOD_S, ROADS, START_S, graph, live, see

from lionrock.engines.impact.expected import Doubles, Expected, Measured, expect_day
from lionrock.engines.impact.storage import count_on_links, flow_on_links

FIRST, LAST = int(START_S // PERIOD_S), 24
BRIDGE_OUT, BRIDGE_IN = 2, 1


@pytest.fixture(scope="module")
def expected() -> Expected:
    usual = [see(live(seed)) for seed in range(20, 24)]
    return expect_day(graph(), usual[0], usual, FIRST, np.zeros(len(ROADS), np.bool_))


def counted(observed: Measured, expected: Expected, last: int = LAST) -> Doubles:
    flow = flow_on_links(graph(), observed, expected)
    return count_on_links(graph(), flow, observed, expected, FIRST, last, PERIOD_S)


def test_vehicles_on_every_link_are_found_while_a_queue_fills_and_empties(expected: Expected) -> None:
    flow = live(1, BRIDGE_CLOSED)
    spaces = np.array([road.length_m / 1000 * road.lanes for road in ROADS])
    true = (flow.density * spaces).reshape(LAST, -1, len(ROADS)).mean(axis=1)
    said = counted(see(flow), expected)
    closed = slice(FIRST, int(END_S // PERIOD_S))
    assert true[closed, BRIDGE_OUT].max() > 5 * true[:FIRST, BRIDGE_OUT].max()
    assert said[:, BRIDGE_OUT].sum() == pytest.approx(true[:, BRIDGE_OUT].sum(), rel=0.2)
    assert said[:, BRIDGE_IN].sum() == pytest.approx(true[:, BRIDGE_IN].sum(), rel=0.2)
    assert said.sum() == pytest.approx(true.sum(), rel=0.1)


def test_in_moving_traffic_it_is_flow_times_length_over_speed(expected: Expected) -> None:
    quiet = see(live(3))
    assert quiet.speed_kmh.min() > 20
    assert np.allclose(counted(quiet, expected), quiet.vehicles_h * graph().length_km / quiet.speed_kmh)


def test_a_queue_that_still_stands_at_the_end_is_bounded_by_what_passed(expected: Expected) -> None:
    observed = see(live(1, BRIDGE_CLOSED))
    last = int(END_S // PERIOD_S) - 1
    said = counted(observed, expected, last)[:last, BRIDGE_OUT]
    passed = observed.vehicles_h[:, BRIDGE_OUT] * PERIOD_S / 3600
    assert np.isfinite(said).all()
    assert said[-1] <= said[FIRST - 1] + (passed[FIRST - 1 : last].sum() + passed[FIRST:last].sum())
