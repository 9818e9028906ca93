from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lionrock.services.mobility.weather_effects.levels import (
    RAIN,
    SIGNAL,
    WARNING,
    WeatherHours,
    blocks_of,
    states_of,
)

DAYS, ROADS = 4, 3


def weather(
    rain: dict[tuple[int, int], float] | None = None, in_force: dict[str, tuple[int, int]] | None = None
) -> WeatherHours:
    """Dry days with rain on all roads in some (day, hour) and warnings over [first, last) hours since the beginning."""
    mm = np.zeros((DAYS, 24, ROADS), np.float32)
    for (day, hour), amount in (rain or {}).items():
        mm[day, hour] = amount
    shares = {}
    for code, (first, last) in (in_force or {}).items():
        share = np.zeros(DAYS * 24)
        share[first:last] = 1.0
        shares[code] = share.reshape(DAYS, 24)
    return WeatherHours(mm, shares, np.ones((DAYS, 24), bool))


def hours_of(states: NDArray[np.int8], value: int) -> list[tuple[int, int]]:
    return [tuple(pair) for pair in np.argwhere((states == value).all(axis=2)).tolist()]


def test_rain_is_classed_by_millimetres_an_hour_and_a_wet_road_is_neither() -> None:
    states = states_of(RAIN, weather({(0, 8): 0.05, (1, 8): 0.3, (2, 8): 2.5, (3, 8): 10.0}))
    assert states[0, 8, 0] == 0
    assert (hours_of(states, 1), hours_of(states, 2), hours_of(states, 3)) == ([(1, 8)], [(2, 8)], [(3, 8)])
    assert hours_of(states, -1) == [(1, 9), (2, 9), (3, 9)]


def test_unknown_rain_is_neither_wet_nor_calm() -> None:
    for factor in (RAIN, WARNING, SIGNAL):
        states = states_of(factor, weather({(1, 8): float("nan")}))
        assert states[1, 8, 0] == -1


def test_rain_under_a_gale_signal_teaches_nothing_about_rain() -> None:
    states = states_of(RAIN, weather({(1, 8): 5.0}, {"TC8NE": (24, 40)}))
    assert (states[1] == -1).all()
    assert (states[2, :4] == -1).all()
    assert (states[2, 5:] == 0).all()


def test_a_warning_counts_with_its_rain_and_rain_without_one_is_left_out() -> None:
    states = states_of(WARNING, weather({(1, 8): 20.0, (2, 8): 20.0}, {"WRAINA": (32, 34), "WRAINR": (34, 35)}))
    assert (hours_of(states, 1), hours_of(states, 2)) == ([(1, 8), (1, 9)], [(1, 10)])
    assert states[2, 8, 0] == -1
    assert hours_of(states, -1) == [(1, 11), (1, 12), (2, 8), (2, 9)]


def test_hours_in_which_nobody_listened_for_warnings_are_left_out() -> None:
    told = np.ones((DAYS, 24), bool)
    told[2] = False
    heard = weather()
    states = states_of(WARNING, WeatherHours(heard.rain_mm_h, heard.in_force, told))
    assert (states[2] == -1).all()
    assert (states[1] == 0).all()


def test_the_first_two_hours_of_signal_8_are_people_going_home() -> None:
    states = states_of(SIGNAL, weather(in_force={"TC1": (0, 10), "TC3": (10, 20), "TC8NW": (20, 30), "TC10": (30, 34)}))
    flat = states[:, :, 0].reshape(-1)
    assert flat[:10].tolist() == [1] * 10
    assert flat[10:20].tolist() == [2] * 10
    assert flat[20:34].tolist() == [3] * 2 + [4] * 12
    assert flat[34:46].tolist() == [-1] * 12
    assert flat[46:].tolist() == [0] * (DAYS * 24 - 46)


def test_days_of_one_typhoon_are_one_block_and_rainy_days_are_their_own() -> None:
    seen = weather(in_force={"TC1": (24, 60)})
    assert blocks_of(SIGNAL, seen).tolist() == [0, 1, 1, 2]
    assert blocks_of(RAIN, seen).tolist() == [0, 1, 2, 3]


def test_a_warning_counts_from_half_an_hour_on_and_less_is_neither() -> None:
    seen = weather()
    share = np.zeros((DAYS, 24))
    share[1, 8], share[2, 8] = 0.5, 0.49
    states = states_of(WARNING, WeatherHours(seen.rain_mm_h, {"WRAINA": share}, seen.told))
    assert (states[1, 8, 0], states[2, 8, 0]) == (1, -1)


def test_signal_10_is_not_signal_1() -> None:
    states = states_of(SIGNAL, weather(in_force={"TC10": (30, 40)}))
    assert 1 not in states


def test_signal_1_does_not_keep_an_hour_from_teaching_about_rain() -> None:
    states = states_of(RAIN, weather({(1, 8): 5.0}, {"TC1": (24, 40)}))
    assert hours_of(states, 2) == [(1, 8)]


def test_a_signal_in_force_since_before_the_first_hour_was_not_hoisted_in_it() -> None:
    since_before, within = (states_of(SIGNAL, weather(in_force={"TC8NE": hours})) for hours in ((0, 30), (1, 30)))
    assert hours_of(since_before, 3) == []
    assert hours_of(within, 3) == [(0, 1), (0, 2)]
