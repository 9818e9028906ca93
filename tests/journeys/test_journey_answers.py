"""Journeys over the twin's roads: honest about range, data, tolls and what cannot be said."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from conftest import opened, set_free
from driving import City, DrivingHouse

from lionrock.commons.spatial.roads import plane
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import BadInput, NotFound, NotYet, Text
from lionrock.engines.routing.field import leave_s
from lionrock.services.mobility.journeys.answers.departures import DeparturesQuery, compare_departures
from lionrock.services.mobility.journeys.answers.plan import PlanQuery, plan_trip
from lionrock.services.mobility.journeys.answers.route import Route, RouteQuery, plan_route
from lionrock.services.mobility.journeys.answers.search import PlacesQuery, search_places
from lionrock.services.mobility.journeys.desk import know, know_places
from lionrock.services.mobility.journeys.outlook import build_outlook
from lionrock.services.mobility.journeys.places import get_place
from lionrock.services.mobility.journeys.sensed import sense
from lionrock.services.mobility.journeys.usual import UsualDays

NOBODY = Caller("")
JAM_KMH = 6.0
CROSSINGS = ("Cross Harbour Tunnel", "Eastern Harbour Crossing", "Western Harbour Crossing")


def route(city: City, start: str = "Sha Tin", end: str = "Central", **more: object) -> Route:
    return plan_route(city, RouteQuery(start, end, **more), NOBODY)  # type: ignore[arg-type]


def roads_of(found: Route, way: int = 0) -> list[str]:
    return [leg.road.en for leg in found.journeys[way].legs]


def test_a_journey_has_its_middle_within_its_range_and_its_parts_add_up(city: City) -> None:
    best = route(city).journeys[0]
    assert best.low_min < best.duration_min < best.high_min
    assert sum(leg.minutes for leg in best.legs) + best.access_min == pytest.approx(best.duration_min, abs=1.0)
    assert sum(leg.distance_km for leg in best.legs) == pytest.approx(best.distance_km, abs=0.1)
    assert sum(msgspec.to_builtins(best.rests_on).values()) == pytest.approx(1, abs=0.01)
    assert (best.arrive_at - best.depart_at).total_seconds() / 60 == pytest.approx(best.duration_min, abs=0.1)


def test_no_answer_holds_a_number_that_is_none(city: City) -> None:
    for answer in (route(city), compare_departures(city, DeparturesQuery("Tuen Mun", "Chai Wan"), NOBODY)):
        told = json.loads(msgspec.json.encode(answer), parse_constant=pytest.fail)
        assert all(math.isfinite(number) for number in _numbers(told))


def _numbers(value: object) -> list[float]:
    if isinstance(value, dict):
        return [number for part in value.values() for number in _numbers(part)]
    if isinstance(value, list):
        return [number for part in value for number in _numbers(part)]
    return [value] if isinstance(value, float) else []


def test_a_forecast_jam_in_one_crossing_sends_the_journey_through_another(free: DrivingHouse) -> None:
    usual = next(name for name in roads_of(route(free.city, depart_in=30)) if name in CROSSINGS)
    free.later(timedelta(minutes=5))
    free.measure({})
    free.forecast(lambda road, _ahead: JAM_KMH if road == usual else None)
    crossings = [name for name in roads_of(route(free.city, depart_in=30)) if name in CROSSINGS]
    assert crossings
    assert usual not in crossings


def test_a_jam_that_dissolves_makes_a_later_departure_the_advice(driving: DrivingHouse) -> None:
    jammed = dict.fromkeys(CROSSINGS, JAM_KMH)
    driving.measure(jammed)
    driving.forecast(lambda road, ahead: JAM_KMH if road in CROSSINGS and ahead < 45 else None)
    answer = compare_departures(driving.city, DeparturesQuery("Sha Tin", "Central"), NOBODY)
    assert answer.advice is not None
    assert 30 <= answer.advice.in_min <= 90
    now, best = answer.departures[0], min(answer.departures[:7], key=lambda one: one.duration_min)
    assert answer.advice.saves_min == pytest.approx(now.duration_min - best.duration_min, abs=0.05)


def test_days_that_are_filled_in_become_usual_within_minutes(free: DrivingHouse) -> None:
    free.measure({})
    assert route(free.city).data.usual_days == 0
    free.remember(6, lambda _road, _hour: None)
    free.later(timedelta(minutes=3))
    free.measure({})
    assert route(free.city).data.usual_days == 6


def test_where_every_departure_is_alike_none_is_advised(city: City) -> None:
    assert compare_departures(city, DeparturesQuery("Sha Tin", "Central"), NOBODY).advice is None


def test_no_departure_is_overtaken_by_a_later_one(driving: DrivingHouse) -> None:
    driving.measure(dict.fromkeys(CROSSINGS, JAM_KMH))
    driving.forecast(lambda road, ahead: JAM_KMH if road in CROSSINGS and ahead < 60 else None)
    answer = compare_departures(driving.city, DeparturesQuery("Sha Tin", "Central"), NOBODY)
    arrivals = [one.arrive_at for one in answer.departures]
    assert arrivals == sorted(arrivals)


def test_arriving_by_a_time_arrives_by_it(city: City, moment: datetime) -> None:
    found = route(city, arrive_by="18:30")
    by = moment.replace(hour=18, minute=30)
    assert all(way.arrive_at <= by for way in found.journeys)
    assert found.journeys[0].arrive_at == pytest.approx(by, abs=timedelta(seconds=1))  # type: ignore[call-overload]
    assert found.journeys[0].depart_at >= found.journeys[-1].depart_at


def test_arriving_by_a_time_offers_no_way_that_had_to_leave_before_now(city: City, moment: datetime) -> None:
    quickest = route(city).journeys
    by = moment + timedelta(minutes=quickest[0].duration_min + 0.5)
    assert quickest[-1].arrive_at > by
    found = route(city, arrive_by=by.isoformat())
    assert found.journeys
    assert all(way.depart_at >= moment for way in found.journeys)


def test_a_time_that_nobody_can_keep_is_said_to_be_too_late(city: City) -> None:
    with pytest.raises(NotFound, match="too late"):
        route(city, arrive_by="17:02")


@pytest.mark.parametrize("words", ["quarter past", "2026-11-19T18:00", "2026-11-23T18:00", "25:00"])
def test_a_time_that_is_none_or_not_within_a_day_is_refused(city: City, words: str) -> None:
    with pytest.raises(BadInput):
        route(city, arrive_by=words)


def test_a_departure_and_an_arrival_together_are_refused(city: City) -> None:
    with pytest.raises(BadInput, match="one time"):
        route(city, depart_in=15, arrive_by="18:00")


def test_the_toll_is_that_of_the_moment_of_passing(city: City) -> None:
    evening = route(city, avoid_road="Cross Harbour Tunnel;Eastern Harbour Crossing").journeys[0]
    night = route(city, depart_in=240, avoid_road="Cross Harbour Tunnel;Eastern Harbour Crossing").journeys[0]
    tolls = [{toll.name.en: toll.hkd for toll in way.tolls}["Western Harbour Crossing"] for way in (evening, night)]
    assert tolls == [60, 20]
    assert evening.toll_hkd == sum(toll.hkd for toll in evening.tolls)


@pytest.mark.parametrize("table", ["journeys.tolls", "journeys.timed_tolls"])
def test_one_table_of_tolls_alone_leaves_the_toll_unknown(tmp_path: Path, table: str) -> None:
    for half in opened(tmp_path, ("traffic.road_network", table)):
        way = route(set_free(half).city, "Kowloon Tong", "Sha Tin").journeys[0]
        assert (way.toll_hkd, way.tolls) == (None, [])


def test_a_journey_on_one_link_is_drawn_where_it_is_driven(city: City) -> None:
    link = max(know(city).roads.links, key=lambda one: one.along_m[-1])
    ends = [
        np.interp(link.along_m[-1] * share, link.along_m, link.points[:, axis])
        for share in (0.4, 0.5)
        for axis in (1, 0)
    ]
    (leg,) = route(city, f"{ends[0]:.6f}, {ends[1]:.6f}", f"{ends[2]:.6f}, {ends[3]:.6f}").journeys[0].legs
    drawn = leg.coordinates
    steps = np.diff(plane(np.array(drawn)), axis=0)
    assert np.hypot(*steps.T).sum() / 1000 == pytest.approx(leg.distance_km, abs=0.03)
    asked = np.array([[ends[1], ends[0]], [ends[3], ends[2]]])
    assert np.abs(plane(np.array([drawn[0], drawn[-1]])) - plane(asked)).max() < 30


def test_whoever_avoids_tolls_pays_none(city: City) -> None:
    found = route(city, "Sha Tin", "Kwun Tong", avoid_tolls=True)
    assert [way.toll_hkd for way in found.journeys] == [0] * len(found.journeys)
    assert route(city, "Sha Tin", "Kwun Tong").journeys[0].toll_hkd


def test_no_way_without_tolls_is_said_not_paid(city: City) -> None:
    with pytest.raises(NotFound, match="without what is to be avoided"):
        route(city, "Sha Tin", "Central", avoid_tolls=True)


def test_tolls_that_nobody_knows_are_not_avoided_by_guess(tollless: DrivingHouse) -> None:
    with pytest.raises(NotYet, match="tolls are not known"):
        route(tollless.city, avoid_tolls=True)
    plan = plan_trip(tollless.city, PlanQuery("Sha Tin", "Central", avoid_tolls=True), NOBODY)
    assert plan.problem is not None
    assert plan.problem.kind == "avoid_tolls"


def test_a_road_named_often_is_looked_for_once_and_more_than_ten_are_refused(city: City) -> None:
    assert route(city, avoid_road="Cross Harbour Tunnel;" * 9).journeys
    with pytest.raises(BadInput, match="11 roads"):
        route(city, avoid_road=";".join("abcdefghijk"))


def test_whoever_avoids_tunnels_drives_through_none(city: City) -> None:
    found = route(city, "Sha Tin", "Mong Kok", avoid_tunnels=True)
    assert not any(leg.tunnel for way in found.journeys for leg in way.legs)
    assert any(leg.tunnel for leg in route(city, "Sha Tin", "Mong Kok").journeys[0].legs)


@pytest.mark.parametrize("words", ["lion rock tunnel", "獅子山隧道", "狮子山隧道"])
def test_a_road_is_avoided_by_its_name_in_any_language(city: City, words: str) -> None:
    assert "Lion Rock Tunnel" in roads_of(route(city, "Tai Wai", "Kowloon Tong", avoid_road="Eagle's Nest Tunnel"))
    assert "Lion Rock Tunnel" not in roads_of(route(city, "Tai Wai", "Kowloon Tong", avoid_road=words))


@pytest.mark.parametrize("words", ["Nowhere Lane", "Lion Rock Tunnel; ?", "🚗"])
def test_a_road_to_avoid_that_nobody_knows_is_an_error_not_ignored(city: City, words: str) -> None:
    with pytest.raises(NotFound, match="no road known here"):
        route(city, avoid_road=words)


def test_alternatives_differ_and_the_quickest_comes_first(city: City) -> None:
    ways = route(city).journeys
    assert len(ways) > 1
    assert len({way.via.en for way in ways}) == len(ways) or len({way.distance_km for way in ways}) == len(ways)
    assert [way.duration_min for way in ways] == sorted(way.duration_min for way in ways)


def test_without_any_speed_there_is_no_answer_yet(driving: DrivingHouse) -> None:
    with pytest.raises(NotYet, match="no speed has been received yet"):
        route(driving.city)


def test_when_the_feeds_stop_the_answer_says_so_and_then_there_is_none(free: DrivingHouse) -> None:
    assert not route(free.city).data.stale
    free.later(timedelta(minutes=20))
    old = route(free.city)
    assert old.data.stale
    assert old.data.age_s == pytest.approx(22 * 60)
    assert old.journeys[0].rests_on.measured == 0
    free.later(timedelta(minutes=20))
    with pytest.raises(NotYet, match="the last speed was measured at"):
        route(free.city)


def test_a_speed_that_was_measured_longer_ago_makes_a_wider_range(driving: DrivingHouse) -> None:
    driving.measure({})
    fresh = route(driving.city, "Wan Chai", "Central").journeys[0]
    driving.later(timedelta(minutes=9))
    older = route(driving.city, "Wan Chai", "Central").journeys[0]
    assert older.rests_on.measured > 0.9
    assert older.high_min - older.low_min > 1.1 * (fresh.high_min - fresh.low_min)


def test_a_silent_road_is_assumed_and_never_called_measured(driving: DrivingHouse) -> None:
    silent = frozenset({"Lion Rock Tunnel"})
    driving.measure({}, silent)
    driving.forecast(lambda _road, _ahead: None, silent)
    found = route(driving.city, "Tai Wai", "Kowloon Tong", avoid_road="Eagle's Nest Tunnel")
    tunnel = next(leg for leg in found.journeys[0].legs if leg.road.en == "Lion Rock Tunnel")
    assert tunnel.basis == "assumed"
    assert tunnel.speed_kmh < 70
    assert found.journeys[0].rests_on.assumed > 0.1


def test_beyond_the_forecast_the_usual_day_takes_over_and_is_called_so(driving: DrivingHouse) -> None:
    driving.remember(4, lambda _road, hour: 30.0 if hour in (20, 21) else None)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: None)
    soon, late = (route(driving.city, depart_in=ahead).journeys[0] for ahead in (30, 240))
    assert soon.rests_on.forecast > 0.9
    assert late.rests_on.usual > 0.9
    assert late.duration_min > 1.5 * soon.duration_min
    assert late.usual_min == pytest.approx(late.duration_min, rel=0.02)


def test_what_was_just_measured_counts_now_and_what_is_forecast_later(driving: DrivingHouse) -> None:
    driving.measure({})
    driving.forecast(lambda _road, _ahead: None)
    now, later = (route(driving.city, "Wan Chai", "Central", depart_in=ahead).journeys[0] for ahead in (0, 30))
    assert now.rests_on.measured > 0.9
    assert later.rests_on.forecast > 0.9


@pytest.mark.parametrize("words", ["0", "1", "22"])
def test_a_bare_number_is_no_place_because_some_name_contains_it(city: City, words: str) -> None:
    with pytest.raises(NotFound, match="no place or road known here"):
        route(city, words)


@pytest.mark.parametrize("words", ["22.2811, 114.1705", "114.1705,22.2811", "My position (22.28110, 114.17050)"])
def test_a_point_is_read_in_either_order(city: City, words: str) -> None:
    start = route(city, words).start
    assert (start.lon, start.lat) == (114.1705, 22.2811)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("22.3840, 114.1910", Text(en="near Sha Tin", tc="沙田附近")),
        ("我的位置 (22.38400, 114.19100)", Text(en="near Sha Tin", tc="沙田附近")),
        ("Point on the map (22.38400, 114.19100)", Text(en="near Sha Tin", tc="沙田附近")),
        ("Grandma's (22.38400, 114.19100)", Text(en="Grandma's", tc="Grandma's", sc="Grandma's")),
        ("22.3990, 114.1200", Text(en="22.3990, 114.1200", tc="22.3990, 114.1200", sc="22.3990, 114.1200")),
    ],
)
def test_a_point_is_called_by_what_is_near_unless_somebody_names_it(city: City, words: str, name: Text) -> None:
    assert get_place(know_places(city), words, "start").name == name


@pytest.mark.parametrize("words", ["0.0, 0.0", "51.5, 0.1", "22.3, 115.9"])
def test_a_point_outside_the_city_is_refused(city: City, words: str) -> None:
    with pytest.raises(BadInput, match="outside the city"):
        route(city, words)


def test_a_place_far_from_every_known_road_has_no_route(city: City) -> None:
    with pytest.raises(NotFound, match="no known road is within 3 km"):
        route(city, "22.20, 114.02")


def test_a_name_that_nobody_bears_is_not_found(city: City) -> None:
    with pytest.raises(NotFound, match="no place or road known here"):
        route(city, "Xanadu")


@pytest.mark.parametrize(("words", "name"), [("sha t", "Sha Tin"), ("沙田", "Sha Tin"), ("湾仔", "Wan Chai")])
def test_places_are_found_in_any_language(city: City, words: str, name: str) -> None:
    places = search_places(city, PlacesQuery(words), NOBODY).places
    assert places[0].name.en == name
    assert len(places) <= 8


def test_a_whole_name_comes_before_names_that_hold_it(city: City) -> None:
    names = [place.name.en for place in search_places(city, PlacesQuery("central"), NOBODY).places]
    assert names[0] == "Central"
    assert "Connaught Road Central" in names


def test_from_and_to_on_one_road_is_a_journey_too(city: City) -> None:
    found = route(city, "22.2811, 114.1705", "22.2813, 114.1790").journeys[0]
    assert found.distance_km == pytest.approx(0.88, abs=0.15)


def test_an_empty_plan_has_neither_answer_nor_problem(city: City) -> None:
    plan = plan_trip(city, PlanQuery(), NOBODY)
    assert (plan.problem, plan.route, plan.departures) == (None, None, None)


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        (PlanQuery(start="Sha Tin"), "end_missing"),
        (PlanQuery(end="Sha Tin"), "start_missing"),
        (PlanQuery(start="Xanadu", end="Sha Tin"), "start"),
        (PlanQuery(start="Sha Tin", end="Xanadu"), "end"),
        (PlanQuery(start="22.20, 114.02", end="Sha Tin"), "start_far"),
        (PlanQuery(start="Sha Tin", end="Central", when="arrive", time="17:01"), "too_late"),
        (PlanQuery(start="Sha Tin", end="Central", when="leave", time="soon"), "time"),
        (PlanQuery(start="Sha Tin", end="Central", avoid_tolls=True), "no_way"),
        (PlanQuery(start="Sha Tin", end="Central", avoid_road="Nowhere Lane"), "avoid"),
        (PlanQuery(start="Sha Tin", end="Central", avoid_road=";".join("abcdefghijk")), "avoid_many"),
    ],
)
def test_a_plan_tells_what_is_wrong_with_the_trip(city: City, query: PlanQuery, kind: str) -> None:
    plan = plan_trip(city, query, NOBODY)
    assert plan.problem is not None
    assert plan.problem.kind == kind
    assert plan.route is None


def test_a_plan_for_a_time_leaves_at_it(city: City, moment: datetime) -> None:
    plan = plan_trip(city, PlanQuery(start="Sha Tin", end="Central", when="leave", time="18:00"), NOBODY)
    assert plan.route is not None
    assert plan.route.journeys[0].depart_at == moment.replace(hour=18)


def test_departures_are_compared_around_the_time_that_was_asked_for(city: City, moment: datetime) -> None:
    tomorrow = moment.replace(hour=8) + timedelta(days=1)
    for when in ("leave", "arrive"):
        plan = plan_trip(city, PlanQuery(start="Sha Tin", end="Central", when=when, time="08:00"), NOBODY)
        assert plan.route is not None
        assert plan.departures is not None
        best = plan.route.journeys[0]
        assert (best.depart_at if when == "leave" else best.arrive_at).date() == tomorrow.date()
        times = [one.depart_at for one in plan.departures.departures]
        assert times[0] == best.depart_at - timedelta(minutes=90)
        assert best.depart_at in times
        assert {round((one.depart_at - moment).total_seconds() / 60) for one in plan.departures.departures} == {
            one.in_min for one in plan.departures.departures
        }
        assert plan.departures.advice is None


def test_a_plan_without_speeds_says_not_yet(driving: DrivingHouse) -> None:
    plan = plan_trip(driving.city, PlanQuery(start="Sha Tin", end="Central"), NOBODY)
    assert plan.problem is not None
    assert plan.problem.kind == "not_yet"


def test_where_no_segment_speaks_the_detector_on_the_road_does(driving: DrivingHouse) -> None:
    silent = frozenset({"Lion Rock Tunnel"})
    driving.measure({}, silent)
    driving.forecast(lambda _road, _ahead: None, silent)
    driving.place_detectors()
    driving.count("Lion Rock Tunnel", 40.0)
    found = route(driving.city, "Tai Wai", "Kowloon Tong", avoid_road="Eagle's Nest Tunnel")
    tunnel = next(leg for leg in found.journeys[0].legs if leg.road.en == "Lion Rock Tunnel")
    assert tunnel.basis == "measured"
    assert tunnel.speed_kmh == pytest.approx(40, abs=2)


def test_an_incident_on_the_way_is_told_and_one_elsewhere_is_not(free: DrivingHouse) -> None:
    free.announce("Lion Rock Tunnel", "IN-1")
    free.announce("Tuen Mun Road", "IN-2")
    through = route(free.city, "Tai Wai", "Kowloon Tong", avoid_road="Eagle's Nest Tunnel").journeys[0]
    assert [hazard.id for hazard in through.hazards] == ["IN-1"]
    assert not route(free.city, "Wan Chai", "Central").journeys[0].hazards


def test_a_road_that_is_wholly_closed_is_not_taken_until_it_is_expected_to_be_open(free: DrivingHouse) -> None:
    usual = route(free.city, "Tai Wai", "Kowloon Tong").journeys[0]
    (tunnel,) = {leg.road.en for leg in usual.legs if leg.tunnel}
    free.announce(tunnel, "IN-1", ("all",), lasts_min=60)
    free.later(timedelta(seconds=30))  # an outlook stands that long
    other = route(free.city, "Tai Wai", "Kowloon Tong").journeys[0]
    assert tunnel not in {leg.road.en for leg in other.legs}
    assert other.duration_min > usual.duration_min
    later = route(free.city, "Tai Wai", "Kowloon Tong", depart_in=120).journeys[0]
    assert tunnel in {leg.road.en for leg in later.legs}
    assert [(hazard.id, hazard.closes) for hazard in later.hazards] == [("IN-1", True)]


def test_nobody_passes_even_the_shortest_closed_road_before_it_opens(free: DrivingHouse) -> None:
    city, now_s = free.city, free.clock.now().timestamp()
    roads = know(city).roads
    closed, opens_s = roads.links[0].road, now_s + 12 * 3600 + 47 * 60
    sensed = sense(city, roads, {}, free.clock.now())
    outlook = build_outlook(roads, sensed, UsualDays((), np.empty((2, 48, 3, 0)), 0), now_s, {closed: opens_s})
    for field in (outlook.low, outlook.middle, outlook.high):
        left_s = leave_s(field.moments, field.speeds[0], now_s + 60, metres=2.0)
        assert opens_s - 1 <= left_s <= opens_s + 60
        assert leave_s(field.moments, field.speeds[0], opens_s, metres=20.0) <= opens_s + 10


def test_what_lies_behind_a_road_that_is_closed_for_days_cannot_be_reached(free: DrivingHouse) -> None:
    query = PlanQuery("Kowloon Tong", "Tung Chung")
    for number, road in enumerate(("North Lantau Highway", "Tuen Mun - Chek Lap Kok Tunnel")):
        free.announce(road, f"IN-{number}", ("all",), lasts_min=4 * 24 * 60)
    free.later(timedelta(seconds=30))
    with pytest.raises(NotFound, match="not expected to open within a day"):
        route(free.city, query.start, query.end)
    with pytest.raises(NotFound, match="not expected to open within a day"):
        compare_departures(free.city, DeparturesQuery(query.start, query.end), NOBODY)
    problem = plan_trip(free.city, query, NOBODY).problem
    assert problem is not None
    assert problem.kind == "closed"


def test_the_way_round_a_closed_road_says_why_and_is_held_against_the_usual_way(driving: DrivingHouse) -> None:
    driving.remember(4, lambda _road, _hour: None)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: None)
    usual = route(driving.city, "Tai Wai", "Kowloon Tong")
    assert (usual.usual_min, usual.avoided) == (pytest.approx(usual.journeys[0].duration_min, rel=0.1), [])
    (tunnel,) = {leg.road.en for leg in usual.journeys[0].legs if leg.tunnel}
    driving.announce(tunnel, "IN-1", ("all",), lasts_min=60)
    driving.later(timedelta(seconds=30))
    around = route(driving.city, "Tai Wai", "Kowloon Tong")
    assert [hazard.id for hazard in around.avoided] == ["IN-1"]
    assert around.usual_min == pytest.approx(usual.usual_min, abs=0.2)
    assert around.journeys[0].duration_min > 1.2 * usual.usual_min
    query = DeparturesQuery("Tai Wai", "Kowloon Tong")
    first = compare_departures(driving.city, query, NOBODY).departures[0]
    assert (first.duration_min, first.usual_min) == (around.journeys[0].duration_min, around.usual_min)


def test_a_lane_that_is_left_keeps_a_road_open(free: DrivingHouse) -> None:
    usual = route(free.city, "Tai Wai", "Kowloon Tong").journeys[0]
    (tunnel,) = {leg.road.en for leg in usual.legs if leg.tunnel}
    free.announce(tunnel, "IN-1", ("fast",))
    free.later(timedelta(seconds=30))
    same = route(free.city, "Tai Wai", "Kowloon Tong").journeys[0]
    assert tunnel in {leg.road.en for leg in same.legs}


def test_a_journey_from_a_place_to_itself_is_refused(free: DrivingHouse) -> None:
    with pytest.raises(BadInput, match="begins where it ends"):
        route(free.city, "Central", "Central")
    plan = plan_trip(free.city, PlanQuery(start="Central", end="Central"), NOBODY)
    assert plan.problem is not None
    assert plan.problem.kind == "same"


def test_coordinates_elsewhere_are_told_as_such(free: DrivingHouse) -> None:
    plan = plan_trip(free.city, PlanQuery(start="51.5, 0.0", end="Central"), NOBODY)
    assert plan.problem is not None
    assert plan.problem.kind == "start_outside"


def test_a_forecast_of_before_the_clock_was_set_back_is_none(driving: DrivingHouse) -> None:
    driving.remember(3, lambda _road, _hour: 60.0)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: 60.0)
    assert route(driving.city, "Sha Tin", "Central").data.forecast_issued_at is not None
    driving.clock.moment -= timedelta(hours=4)
    found = route(driving.city, "Sha Tin", "Central")
    assert found.data.forecast_issued_at is None
    assert found.data.stale
    assert found.journeys[0].rests_on.forecast == 0


def test_the_range_of_a_later_hour_is_no_narrower_than_the_last_that_was_forecast(driving: DrivingHouse) -> None:
    driving.remember(10, lambda _road, _hour: 60.0)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: 60.0)
    share = []
    for ahead in (90, 120, 150, 240):
        told = route(driving.city, "Sha Tin", "Central", depart_in=ahead).journeys[0]
        share.append((told.high_min - told.low_min) / told.duration_min)
    assert min(share[1:]) > 0.88 * share[0]


def test_a_jam_of_now_promises_no_flight_through_tonight(driving: DrivingHouse) -> None:
    driving.remember(10, lambda _road, _hour: 60.0)
    driving.measure({})
    driving.forecast(lambda _road, _ahead: 4.0, band=0.9)
    tonight = 3.6 * np.array(know(driving.city).outlook.high.speeds)[:, -10:]  # km/h
    assert 60 < tonight.max() < 90


def test_an_overdue_closure_does_not_make_the_outlook_anew_at_every_question(free: DrivingHouse) -> None:
    free.announce("Lion Rock Tunnel", "IN-1", ("all",), lasts_min=1)
    free.later(timedelta(minutes=10))
    first = know(free.city).outlook
    free.later(timedelta(seconds=1))
    assert know(free.city).outlook is first
