"""What measures against an incident save, simulated anew from the seed."""

from __future__ import annotations

import pytest
from small_city import BRIDGE_CLOSED, END_S, START_S, scenario

from lionrock.core.vocabulary import BadInput, Refused
from lionrock.engines.simulation.network import Closure, Diversion
from lionrock.engines.simulation.what_if import LaneOpening, Measure, compare_measures, open_lanes

OPEN_SOON = Measure(name="open both lanes", openings=(LaneOpening(START_S + 300, 2),))
ALL_AROUND = Measure(name="all take the hill", diversions=(Diversion("bridge-in", START_S, END_S, 1.0),))
ONTO_IT = Measure(name="all take the bridge", diversions=(Diversion("hill-in", START_S, END_S, 1.0),))


def test_opening_lanes_saves_most_of_what_the_incident_costs() -> None:
    compared = compare_measures(scenario(), [OPEN_SOON])
    assert compared.cost.low > 20
    assert 0.5 * compared.cost.middle < compared.saved[0].middle < compared.cost.middle
    assert compared.saved[0].low <= compared.saved[0].middle <= compared.saved[0].high


def test_a_way_around_saves_time_and_a_way_into_the_queue_costs_it() -> None:
    around, onto = compare_measures(scenario(), [ALL_AROUND, ONTO_IT]).saved
    assert around.low > 0
    assert onto.high < 0


def test_an_incident_without_traffic_to_hinder_costs_nothing_within_noise() -> None:
    idle = scenario(incident=Closure("hill-out", START_S, START_S + 600, 1))
    compared = compare_measures(idle, [Measure(name="open it", openings=(LaneOpening(START_S, 1),))])
    assert abs(compared.cost.middle) < 5
    assert abs(compared.saved[0].middle) < 5


def test_the_same_seed_gets_the_same_answer_and_progress_is_told() -> None:
    steps: list[tuple[int, int, str]] = []
    first = compare_measures(scenario(), [OPEN_SOON], seeds=2, progress=lambda *step: steps.append(step))
    assert first == compare_measures(scenario(), [OPEN_SOON], seeds=2)
    assert [done for done, _, _ in steps] == list(range(7))
    assert steps[2] == (2, 6, "open both lanes")


def test_a_city_that_is_not_calibrated_is_refused_with_the_reason() -> None:
    with pytest.raises(Refused, match="not been calibrated"):
        compare_measures(scenario(calibration=None), [OPEN_SOON])


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure(name="m", openings=(LaneOpening(START_S, 3),)), "opens 3 lanes, and 2 are closed"),
        (Measure(name="m", diversions=(Diversion("lane nowhere", 0, 60, 0.5),)), "no road 'lane nowhere'"),
        (Measure(name="m", diversions=(Diversion("hill-in", 0, 60, 1.5),)), "a share of 1.5"),
        (Measure(name="m", diversions=(Diversion("hill-in", 60, 60, 0.5),)), "from 60 to 60 s"),
    ],
)
def test_a_measure_that_cannot_be_is_refused(measure: Measure, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        compare_measures(scenario(), [measure])


def test_opened_lanes_leave_the_rest_closed_until_the_end() -> None:
    pieces = open_lanes(BRIDGE_CLOSED, [LaneOpening(2400, 1)])
    assert pieces == [Closure("bridge-out", START_S, 2400, 2), Closure("bridge-out", 2400, END_S, 1)]
