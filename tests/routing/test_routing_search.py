"""Routing over changing speeds: true to brute force, first in first out, and the same backwards."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import SteppedDrive, brute_arrival_s, field_of, some_place, some_world

from lionrock.core.vocabulary import BadInput
from lionrock.engines.routing.field import leave_s
from lionrock.engines.routing.graph import Graph, Terminal
from lionrock.engines.routing.search import Task, find_earliest, find_latest, retimed

WORLDS, QUERIES_A_WORLD = 50, 20
CLOSE_S = 1.5  # what driving in steps of a second may be off


@pytest.mark.parametrize("world", range(WORLDS))
def test_a_thousand_random_journeys_arrive_when_brute_force_says(world: int) -> None:
    graph, field = some_world(world)
    drive = SteppedDrive(field, -60.0, 60_000.0)
    rng = np.random.default_rng(world)
    for _ in range(QUERIES_A_WORLD):
        start, end, depart_s = some_place(graph, rng), some_place(graph, rng), float(rng.uniform(0, 5400))
        path = find_earliest(Task(graph, field, [start], [end]), depart_s)
        assert path is not None
        assert path.arrive_s == pytest.approx(brute_arrival_s(graph, drive, start, end, depart_s), abs=CLOSE_S)
        assert path.metres[0] > 0
        assert all(graph.heads[a] == graph.tails[b] for a, b in zip(path.links, path.links[1:], strict=False))


@pytest.mark.parametrize("world", range(20))
def test_leaving_at_the_latest_departure_arrives_in_time_and_a_moment_later_does_not(world: int) -> None:
    graph, field = some_world(1000 + world)
    rng = np.random.default_rng(world)
    for _ in range(10):
        start, end, arrive_s = some_place(graph, rng), some_place(graph, rng), float(rng.uniform(3600, 9000))
        latest = find_latest(Task(graph, field, [start], [end]), arrive_s)
        assert latest is not None
        in_time = find_earliest(Task(graph, field, [start], [end]), latest.depart_s)
        too_late = find_earliest(Task(graph, field, [start], [end]), latest.depart_s + 5)
        assert in_time is not None
        assert too_late is not None
        assert in_time.arrive_s == pytest.approx(arrive_s, abs=1e-3)
        assert retimed(field, latest, latest.depart_s).times_s == pytest.approx(latest.times_s, abs=1e-3)
        assert too_late.arrive_s > arrive_s


@settings(max_examples=200, deadline=None)
@given(
    speeds=st.lists(st.floats(1, 120), min_size=4, max_size=4),
    enter=st.floats(-1000, 5000),
    wait=st.floats(0, 2000),
    metres=st.floats(1, 50_000),
)
def test_who_enters_a_link_later_never_leaves_it_earlier(
    speeds: list[float], enter: float, wait: float, metres: float
) -> None:
    moments, in_m_per_s = [0.0, 900.0, 900.0, 1800.0], [speed / 3.6 for speed in speeds]
    first = leave_s(moments, in_m_per_s, enter, metres)
    second = leave_s(moments, in_m_per_s, enter + wait, metres)
    assert first > enter
    assert second >= first - 1e-6


def test_a_jam_that_begins_while_on_the_link_slows_only_what_is_left_of_it() -> None:
    field = field_of(np.array([0.0, 60.0, 60.0]), np.array([[60.0], [60.0], [6.0]]))
    graph = Graph(2, [0], [1], [2000.0])
    path = find_earliest(Task(graph, field, [Terminal(0, 0.0)], [Terminal(0, 2000.0)]), 0.0)
    assert path is not None
    assert path.arrive_s == pytest.approx(60 + 1000 / (6 / 3.6))  # 1 km in the first minute, 1 km at 6 km/h


def test_a_closed_link_is_not_driven_and_no_way_is_none() -> None:
    graph = Graph(3, [0, 1, 0], [1, 2, 2], [1000.0, 1000.0, 5000.0])
    field = field_of(np.array([0.0]), np.full((1, 3), 36.0))
    start, ends = Terminal(0, 0.0), [Terminal(1, 1000.0)]
    assert find_earliest(Task(graph, field, [start], ends, frozenset({1})), 0.0) is None
    assert find_earliest(Task(graph, field, [start], ends), 0.0) is not None


def test_a_journey_longer_than_the_hours_first_searched_is_still_the_best() -> None:
    slow_then_fast = field_of(np.array([0.0, 36_000.0, 36_000.0]), np.array([[2.0, 3.0], [2.0, 3.0], [100.0, 3.0]]))
    graph = Graph(3, [0, 0], [1, 1], [60_000.0, 60_000.0])
    ends = [Terminal(0, 60_000.0), Terminal(1, 60_000.0)]
    path = find_earliest(Task(graph, slow_then_fast, [Terminal(0, 0.0), Terminal(1, 0.0)], ends), 0.0)
    assert path is not None
    assert path.links == (0,)
    assert path.arrive_s == pytest.approx(36_000 + 40_000 / (100 / 3.6))


@pytest.mark.parametrize("speed", [0.0, -1.0, float("nan"), float("inf")])
def test_a_speed_that_is_no_positive_number_is_refused(speed: float) -> None:
    with pytest.raises(BadInput, match="number above zero"):
        field_of(np.array([0.0]), np.array([[speed]]))
