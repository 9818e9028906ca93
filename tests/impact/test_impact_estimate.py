"""What an incident cost, estimated from measurements of a small simulated city whose truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_city import BRIDGE_CLOSED, DURATION_S, END_S, ROADS, START_S, graph, live, see, vehicle_hours

from lionrock.core.vocabulary import BadInput
from lionrock.engines.impact.around import ways_around
from lionrock.engines.impact.estimate import Impact, Incident, estimate_impact
from lionrock.engines.impact.expected import Measured
from lionrock.engines.impact.graph import Graph, Link, away_km
from lionrock.engines.simulation.network import Closure

BRIDGE = next(place for place, road in enumerate(ROADS) if road.name == BRIDGE_CLOSED.road)
UPSTREAM = {place for place, road in enumerate(ROADS) if road.name in {"bridge-in", "in"}}
ON_THE_BRIDGE = Incident(BRIDGE, START_S)


@pytest.fixture(scope="module")
def usual() -> list[Measured]:
    return [see(live(seed)) for seed in range(20, 25)]


@pytest.fixture(scope="module")
def hindered() -> Measured:
    return see(live(1, BRIDGE_CLOSED))


@pytest.fixture(scope="module")
def said(usual: list[Measured], hindered: Measured) -> Impact:
    return estimate_impact(graph(), hindered, usual, ON_THE_BRIDGE, DURATION_S)


def test_the_true_cost_lies_within_the_interval(said: Impact) -> None:
    true = vehicle_hours(live(1, BRIDGE_CLOSED)) - vehicle_hours(live(1))
    assert true > 20
    assert said.low <= true <= said.high
    assert said.middle == pytest.approx(said.queue + said.spread + said.detours)


def test_the_extent_begins_on_the_link_and_grows_upstream_until_it_is_cleared(said: Impact) -> None:
    assert said.cleared_s is not None
    assert END_S <= said.cleared_s < DURATION_S
    slowed = {link for each in said.extent for link in each.links}
    assert BRIDGE in slowed
    assert slowed & UPSTREAM
    assert max(each.queue_km for each in said.extent) > 1
    assert said.extent[-1].queue_km == 0


def test_a_day_without_an_incident_costs_nothing_and_reaches_nowhere(usual: list[Measured]) -> None:
    quiet = estimate_impact(graph(), see(live(2)), usual, ON_THE_BRIDGE, DURATION_S)
    assert quiet.low <= 0 <= quiet.high
    assert abs(quiet.middle) < 2
    assert quiet.extent == ()


def test_half_a_road_costs_less_than_a_whole_one(usual: list[Measured], said: Impact) -> None:
    half = see(live(1, Closure("bridge-out", START_S, END_S, 1)))
    assert estimate_impact(graph(), half, usual, ON_THE_BRIDGE, DURATION_S).middle < 0.7 * said.middle


def test_missing_measurements_are_told_and_never_become_numbers(
    usual: list[Measured], hindered: Measured, said: Impact
) -> None:
    speed, counts = hindered.speed_kmh.copy(), hindered.vehicles_h.copy()
    speed[:, 3] = np.nan
    counts[::4] = np.nan
    uncounted = [replace(day, vehicles_h=np.where(np.arange(len(ROADS)) == 4, np.nan, day.vehicles_h)) for day in usual]
    thin = estimate_impact(graph(), Measured(speed, counts), uncounted, ON_THE_BRIDGE, DURATION_S)
    assert thin.measured < said.measured == 1
    assert np.isfinite([thin.low, thin.middle, thin.high]).all()
    assert thin.middle == pytest.approx(said.middle, rel=0.5)


@pytest.mark.parametrize(
    ("incident", "until_s", "days", "words"),
    [
        (Incident(99, START_S), DURATION_S, 5, "no link 99"),
        (ON_THE_BRIDGE, START_S, 5, "until 1800 s"),
        (ON_THE_BRIDGE, DURATION_S, 3, "3 usual days"),
    ],
)
def test_what_cannot_be_estimated_is_refused(
    usual: list[Measured], hindered: Measured, incident: Incident, until_s: float, days: int, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        estimate_impact(graph(), hindered, usual[:days], incident, until_s)


def test_a_link_whose_speed_nobody_measured_is_refused(usual: list[Measured], hindered: Measured) -> None:
    speed = hindered.speed_kmh.copy()
    speed[:, BRIDGE] = np.nan
    with pytest.raises(BadInput, match="no speed was measured"):
        estimate_impact(graph(), Measured(speed, hindered.vehicles_h), usual, ON_THE_BRIDGE, DURATION_S)


def test_the_way_around_the_bridge_leads_over_the_hill_and_takes_as_much_longer() -> None:
    city = graph()
    hours = city.length_km / np.array([link.free_kmh for link in city.links])
    over_hill = (hours[3] + hours[4]) - (hours[1] + hours[2])
    around = ways_around(city, hours, BRIDGE)
    assert around.longer_h == pytest.approx(over_hill, rel=0.2)
    assert around.use[[3, 4]].tolist() == pytest.approx([1, 1])
    assert around.use[BRIDGE] == 0
    assert around.use.max() == pytest.approx(1)


def test_a_link_without_a_way_around_has_none() -> None:
    city = Graph(graph().links[:3])
    around = ways_around(city, city.length_km / 60, BRIDGE)
    assert around.longer_h == 0
    assert not around.use.any()


def test_a_road_between_the_same_places_is_a_way_around() -> None:
    links = graph().links
    doubled = Graph((*links, Link("bridge", "join", 0.7, 2, 70)))
    hours = doubled.length_km / np.array([link.free_kmh for link in doubled.links])
    beside = ways_around(doubled, hours, BRIDGE)
    assert beside.longer_h < ways_around(graph(), hours[:-1], BRIDGE).longer_h
    assert beside.use[-1] == pytest.approx(1.0, rel=0.1)


def test_distance_is_by_road_from_either_end() -> None:
    away = away_km(graph(), BRIDGE)
    assert away[BRIDGE] == 0
    assert away.tolist() == pytest.approx([3.3, 0.0, 0.0, 3.2, 0.0, 0.0])
