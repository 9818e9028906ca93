"""The twin's buses: they run at its traffic's speed, and their operators announce them in the real services' bytes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import numpy as np
import pytest
from parsing_back import parsed
from twin_days import WEDNESDAY

from lionrock.core.vocabulary import Quality, Reading
from lionrock.services.mobility.buses.feeds import parse_arrivals, parse_route_stops, parse_routes, parse_stops
from lionrock.twin.buses import run_line
from lionrock.twin.buslines import CITYBUS, KMB, BusLine, lines_of, list_lines, list_stops, pieces_of
from lionrock.twin.calendar import midnight
from lionrock.twin.catalogue import find_feed, find_named
from lionrock.twin.city import TwinCity
from lionrock.twin.feeds.buses import data_moment, list_stops_of

LINE = lines_of(KMB)[0]


def announced(city: TwinCity, line: BusLine, moment: datetime) -> dict[str, Reading]:
    _, readings = parsed(city, f"kmb-arrivals-{line.route}", parse_arrivals, moment)
    return {reading.sensor: reading for reading in readings}


def test_every_list_comes_back_as_the_twins_lines(city: TwinCity, morning: datetime) -> None:
    _, routes = parsed(city, "kmb-routes", parse_routes, morning)
    assert [route.id for route in routes] == [f"KMB/{line.route}/{line.bound}/1" for line in lines_of(KMB)]
    _, stops = parsed(city, "kmb-stops", parse_stops, morning)
    assert {s.id: (s.geometry["coordinates"], s.title.tc) for s in stops} == {
        stop.id: ([stop.lon, stop.lat], stop.name.tc) for stop in list_stops_of(KMB)
    }
    _, ways = parsed(city, "kmb-route-stops", parse_route_stops, morning)
    assert {way.id: way.properties["stops"] for way in ways} == {
        f"KMB/{line.route}/{line.bound}/1": [stop.id for stop in list_stops(line)] for line in lines_of(KMB)
    }


def test_citybus_tells_the_same_one_direction_and_one_stop_at_a_time(city: TwinCity, morning: datetime) -> None:
    line = lines_of(CITYBUS)[1]
    _, (way,) = parsed(city, f"citybus-route-stops-{line.route}-inbound", parse_route_stops, morning)
    assert (way.id, way.properties["stops"]) == (f"CTB/{line.route}/I", [stop.id for stop in list_stops(line)])
    first = list_stops(line)[0]
    _, (stop,) = parsed(city, f"citybus-stop-{first.id}", parse_stops, morning)
    assert (stop.id, stop.geometry["coordinates"], stop.title.en) == (first.id, [first.lon, first.lat], first.name.en)
    _, routes = parsed(city, "citybus-routes", parse_routes, morning)
    assert [route.id for route in routes] == [f"CTB/{each.route}" for each in lines_of(CITYBUS) if each.bound == "O"]


def test_a_bus_that_has_come_is_announced_with_the_moment_at_which_it_did(city: TwinCity, morning: datetime) -> None:
    trips = run_line(city, WEDNESDAY, LINE)
    past = [r for r in announced(city, LINE, morning).values() if r.value is not None and r.value <= -10]
    assert past
    for reading in past:
        _, _, bound, _, position, _ = reading.sensor.split("/")
        truth = trips if bound == LINE.bound else run_line(city, WEDNESDAY, lines_of(KMB)[1])
        came_s = (reading.at + timedelta(seconds=reading.value or 0) - midnight(WEDNESDAY)).total_seconds()
        assert np.abs(truth.arrived_s[:, int(position) - 1] - came_s).min() < 8


def test_announcements_ahead_are_a_guess_that_gets_better(city: TwinCity) -> None:
    errors: dict[bool, list[float]] = {True: [], False: []}
    for minute in range(0, 60, 6):
        moment = midnight(WEDNESDAY) + timedelta(hours=8, minutes=minute)
        for reading in announced(city, LINE, moment).values():
            _, _, bound, _, position, place = reading.sensor.split("/")
            if reading.quality == Quality.GOOD and place == "1" and reading.value is not None and reading.value > 5:
                truth = run_line(city, WEDNESDAY, LINE if bound == "O" else lines_of(KMB)[1])
                comes_s = (reading.at - midnight(WEDNESDAY)).total_seconds() + reading.value
                error_s = float(np.abs(truth.arrived_s[:, int(position) - 1] - comes_s).min())
                errors[reading.value < 120].append(error_s)
    assert np.mean(errors[True]) < 15
    assert np.mean(errors[True]) < np.mean(errors[False])


def test_rows_speak_of_a_moment_before_the_answer_and_keep_the_services_quirks(
    city: TwinCity, morning: datetime
) -> None:
    feed = find_named(f"kmb-arrivals-{LINE.route}")
    assert feed is not None
    answer = json.loads(feed.render(city, morning))
    assert (answer["type"], answer["version"]) == ("RouteETA", "1.0")
    rows = answer["data"]
    assert {row["service_type"] for row in rows} == {1}
    assert {row["data_timestamp"] for row in rows} == {data_moment(city.seed, KMB, morning).isoformat()}
    assert {row["rmk_en"] for row in rows} >= {"Scheduled Bus", ""}
    lists = find_named("kmb-route-stops")
    assert lists is not None
    assert {(row["service_type"], type(row["seq"])) for row in json.loads(lists.render(city, morning))["data"]} == {
        ("1", str)
    }


def test_late_at_night_a_stop_announces_nothing(city: TwinCity) -> None:
    night = midnight(WEDNESDAY) + timedelta(hours=3)
    assert {r.quality for r in announced(city, LINE, night).values()} == {Quality.MISSING}
    line = lines_of(CITYBUS)[0]
    feed = find_named(f"citybus-arrivals-{list_stops(line)[0].id}-{line.route}")
    assert feed is not None
    assert json.loads(feed.render(city, night))["data"] == []


@pytest.mark.parametrize("line", list_lines(), ids=lambda line: f"{line.route}{line.bound}")
def test_buses_come_to_their_stops_in_order_and_never_above_their_limit(city: TwinCity, line: BusLine) -> None:
    trips, pieces = run_line(city, WEDNESDAY, line), pieces_of(line)
    took_s = trips.arrived_s[:, 1:] - trips.left_s[:, :-1]
    metres = np.bincount(pieces.section, pieces.length_m)
    assert (took_s > metres / (70 / 3.6)).all()
    assert (trips.left_s >= trips.arrived_s).all()
    assert len({stop.id for stop in list_stops(line)}) == len(list_stops(line))


def test_a_slow_road_makes_the_bus_late(city: TwinCity) -> None:
    trips = run_line(city, WEDNESDAY, LINE)
    took_s = trips.arrived_s[:, -1] - trips.left_s[:, 0]
    hour = trips.scheduled_s / 3600
    assert took_s[(hour > 8) & (hour < 9)].mean() > took_s[(hour > 21) & (hour < 23)].mean()


def test_an_address_of_the_real_services_finds_the_feed() -> None:
    assert find_feed(f"https://data.etabus.gov.hk/v1/transport/kmb/route-eta/{LINE.route}/1") is not None
    assert find_feed("https://rt.data.gov.hk/v2/transport/citybus/route/CTB") is not None
    assert find_feed("https://data.etabus.gov.hk/v1/transport/kmb/route-eta/NOWHERE/1") is None
