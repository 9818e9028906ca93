"""The way between two stops is found along the roads, and the routes that are asked are few and worth it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lionrock.services.mobility.buses import sections
from lionrock.services.mobility.buses.roads import Roads, build_roads, to_degrees, to_plane
from lionrock.services.mobility.buses.sections import Section, asked_as, choose_routes, find_sections, is_running

WEST, EAST = 830_000.0, 833_000.0
Y = 820_000.0
ONE_WAY, BOTH_WAYS = 3, 1


def line(*points: tuple[float, float]) -> dict[str, object]:
    return {"type": "LineString", "coordinates": to_degrees([list(point) for point in points])}


def place(x_m: float, y_m: float) -> list[float]:
    return to_degrees([[x_m, y_m]])[0]


@pytest.fixture(scope="module")
def roads() -> Roads:
    """A dual carriageway of two lines each way, 18 m apart, and a side road that two-way traffic uses."""
    middle = (WEST + EAST) / 2
    return build_roads(
        [
            ("east 1", line((WEST, Y), (middle, Y)), ONE_WAY),
            ("east 2", line((middle + 5, Y), (EAST, Y)), ONE_WAY),
            ("west 1", line((EAST, Y + 18), (middle, Y + 18)), ONE_WAY),
            ("west 2", line((middle, Y + 18), (WEST, Y + 18)), ONE_WAY),
            ("side", line((EAST, Y + 9), (EAST, Y + 900)), BOTH_WAYS),
            ("no shape", None, ONE_WAY),
        ]
    )


PLACES = {
    "a": place(WEST + 500, Y - 8),
    "b": place(WEST + 2500, Y - 8),
    "c": place(WEST + 2500, Y + 26),
    "d": place(WEST + 500, Y + 26),
    "e": place(EAST + 8, Y + 600),
    "far": place(WEST + 1000, Y + 500),
}
ALL = frozenset({"east 1", "east 2", "west 1", "west 2", "side"})


def found(roads: Roads, *stops: str, heard: frozenset[str] = ALL) -> dict[tuple[str, str], Section]:
    return find_sections(roads, {"CTB/1/O": list(stops)}, PLACES, heard)


def test_each_direction_runs_on_its_own_carriageway(roads: Roads) -> None:
    ways = found(roads, "a", "b", "c", "d")
    assert set(ways["a", "b"].shares) == {"east 1", "east 2"}
    assert set(ways["c", "d"].shares) == {"west 1", "west 2"}
    assert ways["a", "b"].length_m == pytest.approx(2000, abs=8)
    assert sum(ways["a", "b"].shares.values()) == pytest.approx(1)


def test_the_line_is_drawn_from_the_first_stop_to_the_second(roads: Roads) -> None:
    drawn = to_plane(*zip(*found(roads, "c", "d")["c", "d"].points, strict=True))
    assert drawn[0][0] > drawn[-1][0]
    metres = sum(float(((a - b) ** 2).sum() ** 0.5) for a, b in pairwise(drawn))
    assert metres == pytest.approx(2000, abs=8)


def test_a_two_way_road_is_run_against_its_drawing(roads: Roads) -> None:
    assert set(found(roads, "b", "e")["b", "e"].shares) == {"east 2", "side"}
    assert set(found(roads, "e", "c")["e", "c"].shares) == {"side", "west 1"}


def test_no_section_leads_off_the_known_roads(roads: Roads) -> None:
    assert found(roads, "a", "far", "b") == {}


def test_a_section_mostly_on_roads_without_speeds_is_left_out(roads: Roads) -> None:
    assert found(roads, "a", "b", heard=frozenset({"side"})) == {}


def test_nobody_runs_against_a_one_way_road() -> None:
    alone = build_roads([("east", line((WEST, Y), (EAST, Y)), ONE_WAY)])
    assert set(find_sections(alone, {"CTB/1/O": ["a", "b", "a"]}, PLACES, frozenset({"east"}))) == {("a", "b")}


def section(first: str, second: str, length_m: float) -> Section:
    return Section(first, second, length_m, {"x": 1.0}, [])


def test_routes_are_chosen_by_the_metres_that_they_add(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "KMB_ROUTES", 2)
    of_route = {
        "KMB/1/O/1": {1: section("a", "b", 900)},
        "KMB/1/I/1": {1: section("b", "a", 900)},
        "KMB/2/O/1": {1: section("a", "b", 900), 2: section("b", "c", 500)},
        "KMB/3/O/1": {1: section("x", "y", 700)},
    }
    # Route 1 adds 1,800 m; of route 2 only 500 m are new after it.
    assert choose_routes(of_route) == ["KMB/1/I/1", "KMB/1/O/1", "KMB/3/O/1"]


def test_a_citybus_route_costs_a_request_for_each_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sections, "CITYBUS_VISITS", 3)
    long = {1: section("a", "b", 900), 2: section("b", "c", 900), 3: section("c", "d", 900)}
    assert choose_routes({"CTB/A1/O": long, "CTB/A2/O": {5: section("x", "y", 400)}}) == ["CTB/A2/O"]


def test_both_directions_of_a_kmb_route_come_in_one_answer() -> None:
    assert asked_as("KMB/960/O/2") == asked_as("KMB/960/I/2") == "KMB/960/2"
    assert asked_as("CTB/A21/O") == "CTB/A21"


def test_a_route_that_is_listed_no_more_is_asked_no_more() -> None:
    running = {"KMB/960/O/1", "CTB/A21"}
    assert is_running("KMB/960/O/1", running)
    assert is_running("CTB/A21/I", running)
    assert not is_running("KMB/960/O/2", running)
    assert not is_running("CTB/11/O", running)
