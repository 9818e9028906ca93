"""What the traffic service tells: speeds now, then and ahead, one road's story, incidents, the search, the exports."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
from feeds_at_hand import Take, sample_of

from lionrock.app.house import House
from lionrock.app.web.sessions import NOBODY
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.readings import ReadingColumns
from lionrock.core.vocabulary import BadInput, Forecast, NotFound, Quality, Source, microseconds
from lionrock.services.mobility.traffic.answers.days import DaysQuery, list_days
from lionrock.services.mobility.traffic.answers.exports import (
    speeds_as_csv,
    speeds_as_geojson,
    volumes_as_csv,
    volumes_as_geojson,
)
from lionrock.services.mobility.traffic.answers.network import NetworkQuery, draw_network
from lionrock.services.mobility.traffic.answers.road import RoadQuery, RoadStory, tell_road
from lionrock.services.mobility.traffic.answers.search import SearchQuery, search_roads
from lionrock.services.mobility.traffic.answers.speeds import Speeds, SpeedsQuery, list_speeds
from lionrock.services.mobility.traffic.answers.volumes import DetectorVolumes, EachQuery, VolumesQuery, list_volumes
from lionrock.services.mobility.traffic.datasets import ROAD_NETWORK

FEEDS = ("lanes", "detectors", "segment_speeds", "news", "news_v1", "road_network")
NIGHT_KMH, DAY_KMH = 90.0, 40.0


@pytest.fixture
def city(house: House) -> City:
    return house.cities["traffic"]


@pytest.fixture
def heard(take: Take) -> None:
    for feed in FEEDS:
        take(f"traffic.{feed}")


@pytest.fixture
def remembered(house: House, clock: SetClock) -> None:
    """Three days of one segment, every five minutes: fast at night, slow by day."""
    end = clock.now().astimezone(UTC) - timedelta(minutes=10)
    moments = [end - timedelta(minutes=5 * step) for step in range(3 * 288)]
    speeds = [NIGHT_KMH if moment.hour >= 14 else DAY_KMH for moment in moments]  # from 22:00 to 08:00 local
    at_us = np.array([microseconds(moment) for moment in moments])
    house.readings.append(
        "traffic.segment_speeds", ReadingColumns.of_property("speed_kmh", ["900001"] * len(moments), at_us, speeds)
    )


@pytest.fixture
def forecast(house: House, clock: SetClock) -> datetime:
    issued = clock.now() - timedelta(minutes=1)
    house.readings.append_forecasts(
        "traffic.speeds_ahead",
        [
            Forecast("900001", "speed_kmh", issued, timedelta(minutes=15 * step), 30.04, 40.06, 50, "blend", "abc")
            for step in range(1, 7)
        ],
    )
    return issued


def speeds(city: City, departure: int = 0, at: datetime | None = None) -> Speeds:
    return list_speeds(city, SpeedsQuery(departure=departure, at=at), NOBODY)


def speed_of(told: Speeds, road: str) -> float | None:
    return told.speed_kmh[told.ids.index(road)]


@pytest.mark.usefixtures("heard")
def test_a_detector_s_speed_is_its_lanes_weighted_by_their_vehicles(city: City) -> None:
    # Good speeds in the sample: 64 (5 vehicles), 52 (9) and, half a minute later, 61 (6). The empty slow lane sends
    # a placeholder, the later slow lane contradicts itself: neither counts.
    fast = (64 + 61) / 2
    expected = (fast * 11 + 52 * 9) / 20
    assert speed_of(speeds(city), "AID90101") == pytest.approx(expected, abs=0.06)


@pytest.mark.usefixtures("heard")
def test_a_road_without_a_good_reading_is_unknown_and_not_zero(city: City) -> None:
    told = speeds(city)
    assert speed_of(told, "900003") is None
    assert speed_of(told, "TDSTN90003") is None
    assert told.age_s[told.ids.index("900003")] is None
    assert told.age_s[told.ids.index("900001")] == 240


@pytest.mark.usefixtures("heard")
def test_speeds_older_than_half_an_hour_are_unknown_with_their_age(city: City, clock: SetClock) -> None:
    clock.set(clock.now() + timedelta(hours=1))
    told = speeds(city)
    assert (told.state, set(told.speed_kmh)) == ("no data", {None})
    assert told.age_s[told.ids.index("900001")] == 3840
    assert told.reason is not None
    assert told.reason.tc


def test_before_any_download_there_is_no_data_and_it_says_so(city: City) -> None:
    told = speeds(city)
    assert (told.state, told.at, told.ids) == ("no data", None, [])


@pytest.mark.usefixtures("heard")
def test_the_past_is_the_five_minutes_around_that_moment(city: City, clock: SetClock) -> None:
    then = clock.now() - timedelta(minutes=4)
    clock.set(clock.now() + timedelta(hours=5))
    told = speeds(city, at=then)
    assert (told.state, speed_of(told, "900001")) == ("ready", 63.4)
    assert told.at == datetime.fromisoformat("2026-11-21T08:25:00+08:00")
    assert speeds(city, at=then - timedelta(hours=1)).state == "no data"


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("source", [Source.RECORDING])
def test_in_a_recording_a_value_stands_for_its_hour(city: City, clock: SetClock) -> None:
    then = clock.now()
    clock.set(then + timedelta(minutes=50))
    assert speed_of(speeds(city), "900001") == 63.4
    clock.set(then + timedelta(hours=5))
    assert speed_of(speeds(city, at=then + timedelta(minutes=50)), "900001") == 63.4
    assert speed_of(speeds(city, at=then + timedelta(hours=2)), "900001") is None


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(("source", "simulated"), [(Source.TWIN, True), (Source.LIVE, False)])
def test_what_comes_from_the_twin_says_simulated(city: City, source: Source, simulated: bool) -> None:
    assert (speeds(city).simulated, speeds(city).source) == (simulated, source.value)
    assert draw_network(city, NetworkQuery(), NOBODY).simulated == simulated


@pytest.mark.usefixtures("heard")
def test_neither_the_future_nor_two_moments_can_be_asked_for(city: City, clock: SetClock) -> None:
    with pytest.raises(BadInput, match="in the future"):
        speeds(city, at=clock.now() + timedelta(minutes=1))
    with pytest.raises(BadInput, match="no departure"):
        speeds(city, departure=15, at=clock.now())


@pytest.mark.parametrize("departure", [-15, 7, 105])
def test_only_the_seven_departures_can_be_asked_for(departure: int) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"departure": departure}, SpeedsQuery)


@pytest.mark.usefixtures("heard")
def test_a_departure_is_answered_from_the_newest_forecast_with_its_band(city: City, forecast: datetime) -> None:
    told = speeds(city, departure=30)
    assert (told.ids, told.low_kmh, told.speed_kmh, told.high_kmh) == (["900001"], [30.0], [40.1], [50.0])
    assert told.at == forecast + timedelta(minutes=30)


@pytest.mark.usefixtures("heard", "forecast")
def test_without_a_whole_day_of_data_it_says_that_it_learns(city: City) -> None:
    told = speeds(city, departure=30)
    assert (told.state, told.usual_days) == ("learning", 0)


@pytest.mark.usefixtures("heard", "forecast", "remembered")
def test_with_usual_days_a_forecast_is_ready(city: City) -> None:
    told = speeds(city, departure=30)
    assert (told.state, told.usual_days, told.reason) == (
        "ready",
        2,
        None,
    )  # of the first day only sixteen hours are known


@pytest.mark.usefixtures("heard")
def test_a_forecast_that_stood_still_is_no_forecast_and_says_since_when(
    city: City, clock: SetClock, forecast: datetime
) -> None:
    clock.set(forecast + timedelta(minutes=30))
    assert speeds(city, departure=15).ids == ["900001"]
    assert len(story(city, "900001").forecast) == 6
    clock.set(forecast + timedelta(minutes=30, seconds=1))
    told = speeds(city, departure=15)
    assert (told.state, told.ids, told.issued_at) == ("no data", [], forecast)
    assert story(city, "900001").forecast == []


@pytest.mark.usefixtures("heard")
def test_without_a_forecast_there_is_none(city: City) -> None:
    assert (speeds(city, departure=90).state, speeds(city, departure=90).ids) == ("no data", [])


@pytest.mark.usefixtures("heard", "remembered")
def test_the_network_draws_segments_and_detectors_with_their_free_flow(city: City) -> None:
    network = draw_network(city, NetworkQuery(), NOBODY)
    drawn = {feature.id: feature for feature in network.features}
    assert drawn["900001"].properties.kind == "segment"
    assert drawn["900001"].properties.free_flow_kmh == NIGHT_KMH
    assert drawn["900001"].properties.direction == "North"
    assert drawn["AID90101"].geometry["type"] == "Point"
    assert not drawn["900001"].properties.free_flow_assumed
    little_seen = drawn["AID90101"].properties
    assert (little_seen.free_flow_kmh, little_seen.free_flow_assumed) == (57.8, True)
    assert json.loads(msgspec.json.encode(network))["type"] == "FeatureCollection"


@pytest.mark.usefixtures("take")
def test_a_segment_that_never_reported_is_not_drawn(city: City, take: Take) -> None:
    take("traffic.road_network")
    assert draw_network(city, NetworkQuery(), NOBODY).features == []


def take_limit(take: Take, limit: str) -> None:
    """The network with a limit, as JSON writes it, on one segment."""
    body = sample_of("traffic.road_network").decode()
    limited = body.replace('"ROUTE_ID": 900002,', f'"ROUTE_ID": 900002, "SPEED_LIMIT": {limit},')
    assert limited != body
    take("traffic.road_network", limited.encode())


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize("limit", ['"70"', '"70 km/h"', '" 70.0km/h"', "70", "70.0"])
def test_a_limit_in_the_network_is_the_free_flow(city: City, take: Take, limit: str) -> None:
    take_limit(take, limit)
    drawn = {feature.id: feature for feature in draw_network(city, NetworkQuery(), NOBODY).features}
    assert drawn["900002"].properties.free_flow_kmh == 70


@pytest.mark.parametrize("limit", ["null", '""', '"-99"', "0", "-99"])
def test_a_limit_that_the_network_does_not_know_is_none(city: City, take: Take, limit: str) -> None:
    take_limit(take, limit)
    kept = {each.id: each.record.properties for each in city.records(ROAD_NETWORK)}
    assert kept["900002"]["speed_limit_kmh"] is None


def story(city: City, road: str) -> RoadStory:
    return tell_road(city, RoadQuery(id=road), NOBODY)


@pytest.mark.usefixtures("heard", "remembered", "forecast")
def test_a_road_tells_its_day_its_forecast_and_its_usual_day(city: City) -> None:
    road = story(city, "900001")
    assert len(road.past) == 288
    assert road.past[-1][0] == datetime.fromisoformat("2026-11-21T08:30:00+08:00")
    assert road.past[-2][1:] == (63.4, 0)
    assert [point[1:] for point in road.forecast] == [(30.0, 40.1, 50.0)] * 6
    assert (road.model, road.version, road.learning, road.age_s) == ("blend", "abc", False, 240)
    assert len(road.usual) == 288 + 18
    at_four, at_two = (
        dict(road.usual)[datetime.fromisoformat(f"2026-11-{moment}:00+08:00")] for moment in ("21T04:00", "20T14:00")
    )
    assert (at_four, at_two) == (NIGHT_KMH, DAY_KMH)


@pytest.mark.usefixtures("heard")
def test_where_nothing_good_was_measured_the_story_says_why(city: City) -> None:
    flags = [quality for _, speed, quality in story(city, "900003").past if speed is None]
    assert flags.count(int(Quality.INVALID)) == 1
    assert flags.count(int(Quality.MISSING)) == 287
    detector = {moment: (speed, quality) for moment, speed, quality in story(city, "TDS90002").past}
    assert detector[datetime.fromisoformat("2026-11-21T08:25:00+08:00")] == (48.0, 0)


@pytest.mark.usefixtures("heard")
def test_a_road_without_history_has_no_usual_day_and_learns(city: City) -> None:
    assert (story(city, "AID90101").usual, story(city, "AID90101").learning) == ([], True)


def test_an_unknown_road_is_an_error_not_an_empty_story(city: City) -> None:
    with pytest.raises(NotFound, match="no road segment or detector is called 'nowhere'"):
        story(city, "nowhere")


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lion", ["900001", "AID90101"]),
        ("LION  rock", ["900001", "AID90101"]),
        ("獅子山", ["900001", "AID90101"]),
        ("狮子山", ["900001", "AID90101"]),
        ("tunnel", ["900001", "AID90101"]),
        ("ＧＬＯＵＣＥＳＴＥＲ", ["900002", "TDS90002"]),
        ("nowhere", []),
        ("...", []),
    ],
)
def test_roads_are_found_in_every_language_case_and_width(city: City, words: str, found: list[str]) -> None:
    results = search_roads(city, SearchQuery(text=words), NOBODY).results
    assert [one.id for one in results] == found


@pytest.mark.usefixtures("heard")
def test_found_roads_come_with_a_place_to_go_to(city: City) -> None:
    (found,) = search_roads(city, SearchQuery(text="tuen mun road near"), NOBODY).results
    assert (found.lon, found.lat) == (114.0646, 22.3673)


@pytest.mark.usefixtures("heard", "forecast")
def test_the_exports_say_what_the_map_shows(city: City) -> None:
    rows = list(csv.DictReader(io.StringIO(speeds_as_csv(city, SpeedsQuery(), NOBODY))))
    by_id = {row["id"]: row for row in rows}
    assert (by_id["900001"]["speed_kmh"], by_id["900001"]["name_tc"]) == ("63.4", "獅子山隧道公路")
    assert by_id["900003"]["speed_kmh"] == ""
    features = json.loads(speeds_as_geojson(city, SpeedsQuery(departure=15), NOBODY))["features"]
    drawn = {feature["id"]: feature["properties"] for feature in features}
    assert (drawn["900001"]["speed_kmh"], drawn["900001"]["high_kmh"]) == (40.1, 50.0)
    assert drawn["900002"]["speed_kmh"] is None


def each_volume(city: City, at: datetime | None = None, detector: str | None = None) -> DetectorVolumes:
    told = list_volumes(city, VolumesQuery(at=at, detector=detector, each=True), NOBODY).detectors
    assert told is not None
    return told


@pytest.mark.usefixtures("heard")
def test_a_detectors_volume_is_that_of_its_lanes_and_the_citys_that_of_its_detectors(city: City) -> None:
    told = each_volume(city)
    volumes = dict(zip(told.ids, told.vehicles_per_h, strict=True))
    assert volumes["AID90101"] == round(((5 + 6) / 2 + 9 + (0 + 7) / 2) * 120)
    assert told.vehicles == sum(volume for volume in told.vehicles_per_h if volume is not None)


def counted_as_csv(city: City, at: datetime | None = None) -> dict[str, dict[str, str]]:
    rows = csv.DictReader(io.StringIO(volumes_as_csv(city, EachQuery(at=at), NOBODY)))
    return {row["id"]: row for row in rows}


@pytest.mark.usefixtures("heard")
def test_the_exports_of_volumes_say_what_each_detector_counts(city: City) -> None:
    told, rows = each_volume(city), counted_as_csv(city)
    assert {road: row["vehicles_per_h"] for road, row in rows.items()} == {
        road: "" if vehicles is None else str(vehicles)
        for road, vehicles in zip(told.ids, told.vehicles_per_h, strict=True)
    }
    row = rows["AID90101"]
    assert (row["kind"], row["vehicles_per_h"], row["at"]) == ("detector", "2160", told.at.isoformat())
    assert row["name_tc"].startswith("窩打老道")
    features = json.loads(volumes_as_geojson(city, EachQuery(), NOBODY))["features"]
    drawn = {feature["id"]: feature["properties"] for feature in features}
    assert {properties["kind"] for properties in drawn.values()} == {"detector"}
    assert drawn["AID90101"]["vehicles_per_h"] == 2160
    assert {str(drawn["AID90101"]["age_s"]), row["age_s"]} == {"210.0"}


@pytest.mark.usefixtures("heard")
def test_the_exports_of_volumes_at_a_past_moment_say_what_was_counted_then(city: City, clock: SetClock) -> None:
    then = clock.now()
    clock.set(then + timedelta(days=1))
    assert counted_as_csv(city)["AID90101"]["vehicles_per_h"] == ""
    row = counted_as_csv(city, then)["AID90101"]
    assert (row["vehicles_per_h"], row["age_s"], row["at"]) == ("2160", "", each_volume(city, then).at.isoformat())


@pytest.mark.usefixtures("heard")
def test_a_silent_hour_counts_no_vehicles_but_says_nothing(city: City, clock: SetClock) -> None:
    before = each_volume(city, clock.now() - timedelta(hours=3))
    assert before.vehicles is None
    assert set(before.vehicles_per_h) == {None}
    assert list_volumes(city, VolumesQuery(), NOBODY).detectors is None


@pytest.mark.usefixtures("heard")
def test_only_the_days_that_were_measured_can_be_looked_at(city: City, clock: SetClock) -> None:
    told = list_days(city, DaysQuery(), NOBODY)
    assert [day.isoformat() for day in told.days] == ["2026-11-21"]
    assert told.now == clock.now()


@pytest.mark.usefixtures("remembered")
def test_a_past_day_has_a_story_without_a_forecast_or_an_age(city: City, clock: SetClock) -> None:
    told = tell_road(city, RoadQuery("900001", at=clock.now() - timedelta(days=1)), NOBODY)
    assert {speed for _, speed, _ in told.past} >= {NIGHT_KMH, DAY_KMH}
    assert (told.forecast, told.age_s, told.learning) == ([], None, False)
    with pytest.raises(BadInput, match="future"):
        tell_road(city, RoadQuery("900001", at=clock.now() + timedelta(days=1)), NOBODY)


@pytest.mark.usefixtures("heard")
def test_a_moment_without_an_offset_is_hong_kongs(city: City) -> None:
    local = speeds(city, at=datetime(2026, 11, 21, 8, 25))  # noqa: DTZ001 - what a query without an offset gives
    assert local.at == datetime(2026, 11, 21, 0, 25, tzinfo=UTC)


@pytest.mark.parametrize("source", [Source.LIVE, Source.RECORDING])
@pytest.mark.usefixtures("heard")
def test_the_server_says_when_a_speed_is_stale(city: City, source: Source) -> None:
    assert speeds(city).stale_after_s == {Source.LIVE: 600, Source.RECORDING: 3900}[source]
