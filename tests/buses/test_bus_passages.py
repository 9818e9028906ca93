"""Buses are followed through what was announced of them, and their road's speed is what is left of the time."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import Quality, Reading
from lionrock.services.mobility.buses.datasets import ARRIVAL, SPEED, SPEED_DOUBT
from lionrock.services.mobility.buses.passages import Run, Told, follow, list_runs
from lionrock.services.mobility.buses.speeds import DWELL_S, read_answers, speed_of


def told(at_s: float, *arrivals_s: float, live: bool = True) -> Told:
    return Told(at_s, arrivals_s, tuple(live for _ in arrivals_s))


def answers(*came_s: float, until_s: float = 1200) -> list[Told]:
    """What a stop announces each minute of buses that come when it says: a minute after each it is gone."""
    return [
        told(at_s, *[came for came in came_s if came > at_s - 60][:3])
        for at_s in map(float, range(0, int(until_s), 60))
    ]


def test_a_bus_passed_at_the_last_time_that_was_announced_of_it() -> None:
    tracks = follow([told(0, 130, 500), told(60, 124, 510), told(120, 121, 505), told(180, 503)])
    assert [(track.passed, track.arrival_s) for track in tracks] == [(True, 121), (False, 503)]


def test_the_doubt_is_how_far_ahead_the_last_announcement_spoke() -> None:
    seen, guessed = follow([told(0, 100, 160), told(60, 95, 155), told(180, 600)])[:2]
    assert (seen.doubt_s, guessed.doubt_s) == (35, 95)
    assert follow([told(0, 40), told(60, 38), told(120, 700)])[0].doubt_s == 0


def test_an_arrival_that_was_told_twice_is_one_bus_and_the_timetables_stays_the_timetables() -> None:
    at = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)
    rows = [
        Reading("KMB/902/O/1/7/1", ARRIVAL.id, at, 120.0),
        Reading("KMB/902/O/1/7/1", ARRIVAL.id, at, 120.0),
        Reading("KMB/902/O/1/7/2", ARRIVAL.id, at, 600.0, Quality.PLACEHOLDER),
        Reading("KMB/902/O/1/7/2", ARRIVAL.id, at, 600.0, Quality.PLACEHOLDER),
        Reading("KMB/902/O/1/7/3", ARRIVAL.id, at, None, Quality.MISSING),
    ]
    stored = ReadingColumns.from_readings(rows).without_repeats()
    assert len(stored) == 3
    (answer,) = read_answers([stored.to_arrow()])["KMB/902/O/1/7"]
    assert answer == Told(at.timestamp(), (at.timestamp() + 120, at.timestamp() + 600), (True, False))


def test_a_bus_that_vanishes_before_it_is_due_was_not_seen_to_pass() -> None:
    tracks = follow([told(0, 300, 900), told(60, 905), told(120, 900)])
    assert not any(track.passed for track in tracks)


def test_a_time_of_the_timetable_that_goes_by_is_no_bus() -> None:
    tracks = follow([told(0, 50, live=False), told(60, 50, live=False), told(120, 700, live=False)])
    assert not any(track.passed for track in tracks)


def test_a_bus_that_was_seen_after_the_timetable_announced_it_counts() -> None:
    (track, _) = follow([told(0, 100, live=False), told(60, 110), told(120, 112), told(180, 700)])
    assert (track.passed, track.arrival_s) == (True, 112)


def test_answers_too_far_apart_tell_nothing_of_the_buses_between() -> None:
    assert not any(track.passed for track in follow([told(0, 60), told(900, 960)]))


def test_a_stop_that_falls_silent_keeps_no_bus() -> None:
    tracks = follow([told(0, 30), told(60), told(120)])
    assert [(track.passed, track.gone_s) for track in tracks] == [(True, 60)]


def test_two_buses_gone_between_two_answers_are_two_passages() -> None:
    tracks = follow([told(0, 20, 50, 600), told(60, 610, 1200)])
    assert [track.arrival_s for track in tracks if track.passed] == [20, 50]


def test_a_run_is_the_time_between_the_two_passages() -> None:
    first, second = answers(100, 520, 830), answers(190, 640, 930)
    assert [(run.arrived_s, run.took_s) for run in list_runs(follow(first), follow(second), 30)] == [
        (100, 90),
        (520, 120),
        (830, 100),
    ]


def test_in_a_jam_longer_than_the_headway_buses_are_not_taken_for_one_another() -> None:
    came = [100, 310, 640, 850, 1190]
    first, second = answers(*came, until_s=2000), answers(*[one + 480 for one in came], until_s=2000)
    assert {run.took_s for run in list_runs(follow(first), follow(second), 60)} == {480}


def test_nothing_is_faster_than_the_fastest_bus() -> None:
    assert list_runs(follow(answers(100)), follow(answers(110)), 30) == []


def test_the_speed_is_what_the_stop_and_the_braking_leave() -> None:
    speed_ms = 10.0
    took_s = DWELL_S + 2000 / speed_ms + speed_ms / 1.0
    speed, doubt = speed_of("a-b", 2000, Run(1_800_000_000, took_s, 0))
    assert (speed.property, speed.value, speed.quality) == (SPEED.id, 36.0, Quality.GOOD)
    assert (doubt.property, doubt.at) == (SPEED_DOUBT.id, speed.at)
    assert doubt.value == pytest.approx(36 * 12 / 190, abs=0.1)


def test_near_the_buses_own_limit_the_road_may_be_faster_and_the_reading_says_so() -> None:
    speed, doubt = speed_of("a-b", 5000, Run(1_800_000_000, DWELL_S + 5000 / 19 + 19, 0))
    assert (speed.quality, doubt.quality) == (Quality.INVALID, Quality.INVALID)
    faster, _ = speed_of("a-b", 5000, Run(1_800_000_000, 120, 0))
    assert faster.value == 70.0


@pytest.mark.parametrize(
    ("length_m", "took_s", "doubt_s"),
    [
        (300, 120, 0),  # the stop weighs more than the road
        (2000, 15, 0),  # the stop alone takes longer
        (1000, 200, 60),  # nobody knows when it passed
    ],
)
def test_where_the_doubt_is_large_nothing_is_said(length_m: float, took_s: float, doubt_s: float) -> None:
    assert list(speed_of("a-b", length_m, Run(1_800_000_000, took_s, doubt_s))) == []


@pytest.mark.parametrize("took_s", [100, 200, 400, 800])
def test_whether_a_section_speaks_does_not_hang_on_how_slow_it_is(took_s: float) -> None:
    assert list(speed_of("a-b", 430, Run(1_800_000_000, took_s, 0)))
