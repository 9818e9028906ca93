"""The typed network: plausible, complete, in three languages."""

from __future__ import annotations

from collections import Counter

from lionrock.twin.carparks import CAR_PARKS, list_metered_spaces
from lionrock.twin.detectors import LANE_NAMES, lane_count, list_detectors
from lionrock.twin.feeds.journeys import list_journeys
from lionrock.twin.junctions import DISTRICTS, JUNCTIONS
from lionrock.twin.network import length_m, list_links, point_along
from lionrock.twin.stations import STATIONS

WEST, SOUTH, EAST, NORTH = 113.83, 22.15, 114.41, 22.57


def reachable(start: str, *, backwards: bool) -> set[str]:
    onward: dict[str, set[str]] = {}
    for link in list_links():
        ends = (link.end, link.start) if backwards else (link.start, link.end)
        onward.setdefault(ends[0], set()).add(ends[1])
    seen, waiting = {start}, [start]
    while waiting:
        new = onward[waiting.pop()] - seen
        seen |= new
        waiting += new
    return seen


def test_every_junction_can_be_reached_from_every_other() -> None:
    assert reachable("central", backwards=False) == set(JUNCTIONS)
    assert reachable("central", backwards=True) == set(JUNCTIONS)


def test_links_lie_in_hong_kong_and_have_a_believable_length() -> None:
    points = [point for link in list_links() for point in link.points]
    assert all(WEST < lon < EAST and SOUTH < lat < NORTH for lon, lat in points)
    assert all(450 < link.length_m < 11_000 for link in list_links())


def test_every_link_has_a_way_back_and_ids_are_unique() -> None:
    ways = {(link.start, link.end, link.road.en) for link in list_links()}
    assert all((end, start, road) in ways for start, end, road in ways)
    assert len({link.route_id for link in list_links()}) == len(list_links())


def test_names_are_given_in_three_languages() -> None:
    texts = [text for link in list_links() for text in (link.road, link.bound)]
    texts += [park.name for park in CAR_PARKS] + [j.place for j in JUNCTIONS.values()]
    assert all(text.en and text.tc and text.sc for text in texts)


def test_more_than_three_hundred_detectors_watch_about_a_thousand_lanes() -> None:
    detectors = list_detectors()
    assert len(detectors) > 300
    assert 800 <= lane_count() <= 1100
    assert len({detector.id for detector in detectors}) == len(detectors)


def test_lanes_are_numbered_without_gaps_and_named_as_in_the_real_feed() -> None:
    ends = [d.first_lane + len(d.lanes) for d in list_detectors()]
    assert [d.first_lane for d in list_detectors()] == [0, *ends[:-1]]
    named = {name for detector in list_detectors() for name in detector.lanes}
    assert named == {name for count in (2, 3, 4, 6) for name in LANE_NAMES[count]}
    assert "Middle Lane 4" in named


def test_a_point_along_a_link_divides_its_length() -> None:
    link = max(list_links(), key=lambda link: link.length_m)
    middle, bearing = point_along(link, 0.5)
    assert 0 <= bearing < 360
    assert length_m((link.points[0], middle)) < 0.8 * link.length_m


def test_car_parks_meters_and_stations_are_many_and_distinct() -> None:
    assert len(CAR_PARKS) >= 40
    assert len({park.id for park in CAR_PARKS}) == len(CAR_PARKS)
    spaces = list_metered_spaces()
    assert len({space.id for space in spaces}) == len(spaces)
    assert sum(space.pole > 90_000 for space in spaces) == 2
    assert sum(station.wind for station in STATIONS) == 30


def test_every_district_has_a_junction() -> None:
    assert set(Counter(j.district for j in JUNCTIONS.values())) == set(DISTRICTS)


def test_journeys_follow_roads_that_exist() -> None:
    assert len(list_journeys()) > 30
    assert all(name in JUNCTIONS for journey in list_journeys() for name in journey.via)
