"""Alternatives that differ, and ranges that neither pretend certainty nor add up every bad day."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import field_of

from lionrock.engines.routing.alternatives import MOST_DETOUR, MOST_SHARED, list_ways
from lionrock.engines.routing.graph import Graph, Terminal
from lionrock.engines.routing.search import Task
from lionrock.engines.routing.spread import Correlation, total_quantiles

EVEN = field_of(np.array([0.0]), np.full((1, 6), 36.0))


def three_ways(longest_m: float) -> Graph:
    """A first and a last link, and between them three ways of two links' worth."""
    return Graph(4, [0, 1, 1, 1, 2, 2], [1, 2, 2, 2, 3, 3], [500.0, 3000.0, 3300.0, longest_m, 500.0, 9000.0])


def test_alternatives_differ_from_the_best_and_come_quickest_first() -> None:
    ways = list_ways(Task(three_ways(3900.0), EVEN, [Terminal(0, 0.0)], [Terminal(4, 500.0)]), 0.0)
    assert [way.links[1] for way in ways] == [1, 2, 3]
    assert [way.duration_s for way in ways] == sorted(way.duration_s for way in ways)


def test_a_way_that_is_much_longer_is_no_alternative() -> None:
    ways = list_ways(Task(three_ways(6500.0), EVEN, [Terminal(0, 0.0)], [Terminal(4, 500.0)]), 0.0)
    assert [way.links[1] for way in ways] == [1, 2]
    assert all(way.duration_s <= ways[0].duration_s * MOST_DETOUR for way in ways)


def test_a_way_that_is_mostly_the_best_one_is_no_alternative() -> None:
    graph = Graph(4, [0, 1, 1, 2], [1, 2, 2, 3], [9000.0, 1000.0, 1100.0, 9000.0])
    field = field_of(np.array([0.0]), np.full((1, 4), 36.0))
    ways = list_ways(Task(graph, field, [Terminal(0, 0.0)], [Terminal(3, 9000.0)]), 0.0)
    assert len(ways) == 1
    assert MOST_SHARED < 18_000 / 19_100


def test_ways_to_arrive_by_a_moment_all_arrive_by_it() -> None:
    ways = list_ways(Task(three_ways(3900.0), EVEN, [Terminal(0, 0.0)], [Terminal(4, 500.0)]), 5000.0, arrive=True)
    assert [way.links[1] for way in ways] == [1, 2, 3]
    assert [way.arrive_s for way in ways] == pytest.approx([5000.0] * 3)
    assert [way.depart_s for way in ways] == sorted((way.depart_s for way in ways), reverse=True)


def test_the_range_of_correlated_gaussian_links_covers_eight_days_in_ten() -> None:
    rng = np.random.default_rng(852)
    links, days, deviation_s = 30, 20_000, 12.0
    along = np.arange(links) * 700.0
    correlation = Correlation(common=0.2, reach_m=3000.0)
    together = correlation.common + (1 - correlation.common) * np.exp(
        -np.abs(along[:, None] - along) / correlation.reach_m
    )
    totals = rng.multivariate_normal(np.full(links, 60.0), together * deviation_s**2, days).sum(axis=1)
    to_quantile = 1.2816 * deviation_s
    middle = np.full(links, 60.0)
    low, half, high = total_quantiles(middle, middle - to_quantile, middle + to_quantile, along, correlation)
    assert half == pytest.approx(1800.0)
    assert np.mean((totals >= low) & (totals <= high)) == pytest.approx(0.8, abs=0.01)


def test_a_range_lies_between_independence_and_every_bad_day_at_once() -> None:
    middle = np.full(10, 60.0)
    _, _, independent = total_quantiles(middle, middle - 5, middle + 20, np.arange(10) * 1e9, Correlation(0.0, 1.0))
    _, _, some = total_quantiles(middle, middle - 5, middle + 20, np.arange(10) * 500.0, Correlation(0.1, 2000.0))
    low, _, together = total_quantiles(middle, middle - 5, middle + 20, np.arange(10) * 500.0, Correlation(1.0, 1.0))
    assert independent == pytest.approx(600 + 20 * np.sqrt(10))
    assert independent < some < together
    assert (low, together) == pytest.approx((550.0, 800.0))
