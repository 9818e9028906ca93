"""An operator's walk through incidents: every act wins over the sources, is journalled, and can be taken back."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from lionrock.app.acting import act, undo
from lionrock.app.discovery import discover
from lionrock.app.house import House
from lionrock.app.jobs.background import do_job
from lionrock.city.place import ZONE
from lionrock.core.clock import SetClock
from lionrock.core.manifest import Caller
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import BadInput, Event, EventStatus, Feature, NotFound, Source, Text
from lionrock.services.mobility.incidents.answers.exports import incidents_as_csv, incidents_as_geojson
from lionrock.services.mobility.incidents.answers.incidents import (
    IncidentQuery,
    Incidents,
    IncidentsQuery,
    Life,
    list_incidents,
    tell_incident,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=ZONE)
OPERATOR = Caller("chan", frozenset({"traffic-operator"}))
NOBODY = Caller("")
NUMBER, OTHER = "IN-26-00001", "IN-26-00002"
CATALOGUE = discover()
ROAD = Feature(
    id="1",
    geometry={"type": "LineString", "coordinates": [[114.190, 22.440], [114.187, 22.428], [114.200, 22.415]]},
    title=Text(en="Tolo Highway", tc="吐露港公路"),
    properties={"travel_direction": 3, "speed_limit_kmh": 100, "straight": False},
)
FARTHER = Feature(
    id="2",
    geometry={"type": "LineString", "coordinates": [[114.200, 22.415], [114.230, 22.400]]},
    title=Text(en="Tolo Highway", tc="吐露港公路"),
    properties={"travel_direction": 3, "speed_limit_kmh": 100, "straight": False},
)
WORDS = (
    "Due to traffic accident , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all traffic."
)


def news(number: str, minute: int, words: str = WORDS, status: EventStatus = EventStatus.NEW) -> Event:
    return Event(
        id=number,
        kind="road_incident",
        at=NOW + timedelta(minutes=minute),
        status=status,
        title=Text(en="Traffic Accident", tc="交通意外"),
        detail=Text(en=words),
        place=Text(en="Tolo Highway (Kowloon bound), near Tai Po Kau"),
        properties={"message_id": f"{number}/{minute}"},
    )


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a house that heard of two incidents."""
    folder = tmp_path_factory.mktemp("operators")
    with House.open(Settings(data=folder, source=Source.RECORDING), SetClock(NOW), CATALOGUE) as opened:
        opened.records.save(CATALOGUE.datasets["traffic.road_network"], [ROAD], NOW)
        hear(opened, news(NUMBER, -20), news(OTHER, -10))
    return folder


@pytest.fixture
def house(furnished: Path, tmp_path: Path, clock: SetClock) -> Iterator[House]:
    """A copy of that house."""
    copytree(furnished, tmp_path, dirs_exist_ok=True)
    with House.open(Settings(data=tmp_path, source=Source.RECORDING), clock, CATALOGUE) as opened:
        yield opened


def hear(house: House, *events: Event) -> None:
    house.records.save(CATALOGUE.datasets["traffic.news"], events, house.clock.now())
    service = next(service for service in CATALOGUE.services if service.id == "incidents")
    do_job(house, service, next(job for job in service.jobs if job.name == "lives"))


def do(house: House, path: str, **given: Any) -> int:
    return act(house, f"incidents/{path}", {**given, "why": "seen on camera"}, OPERATOR).entry


def was(house: House, path: str, **given: Any) -> Any:
    return act(house, f"incidents/{path}", {**given, "why": "seen on camera"}, OPERATOR).was


def says(house: House, path: str, **given: Any) -> Text:
    return act(house, f"incidents/{path}", {**given, "why": "seen on camera"}, OPERATOR).says


def opened(house: House, **said: str) -> str:
    """What an operator opened, by its number."""
    fields = {"kind": "breakdown", "road": "Tolo Highway", **said}
    return str(act(house, "incidents/open", {**fields, "why": "seen on camera"}, OPERATOR).touched[0]["id"])


def life(house: House, number: str = NUMBER) -> Life:
    return tell_incident(house.cities["incidents"], IncidentQuery(number), NOBODY)


def listed(house: House, **asked: Any) -> Incidents:
    return list_incidents(house.cities["incidents"], IncidentsQuery(**asked), NOBODY)


def test_an_override_is_seen_at_once_and_stays_when_the_news_goes_on(house: House, clock: SetClock) -> None:
    entry = do(house, "override", id=NUMBER, field="kind", value="fire")
    assert (life(house).incident.kind, life(house).incident.title.tc) == ("fire", "火警")
    clock.set(NOW + timedelta(minutes=5))
    hear(house, news(NUMBER, 5, WORDS.replace("is closed", "is still closed"), EventStatus.UPDATED))
    shown = life(house)
    assert (shown.incident.kind, shown.incident.overridden, shown.incident.messages) == ("fire", ("kind",), 2)
    assert shown.provenance["kind"] == "operator"
    undo(house, entry, {"why": "wrong incident"}, OPERATOR)
    assert (life(house).incident.kind, life(house).incident.overridden) == ("accident", ())
    assert life(house).incident.title.tc == "交通意外"


def test_an_override_without_a_value_releases_the_field(house: House) -> None:
    do(house, "override", id=NUMBER, field="lanes", value="fast middle")
    assert life(house).incident.lanes == ("fast", "middle")
    assert was(house, "override", id=NUMBER, field="lanes", value="slow") == {"value": "fast middle"}
    corrected = was(house, "correct", id=NUMBER, kind="fire", lanes="none", lon=114.1872, lat=22.4281)
    before = {"kind": "accident", "lanes": "slow", "lon": corrected["lon"], "lat": corrected["lat"]}
    assert corrected == before
    assert corrected["lon"] != 114.1872
    do(house, "override", id=NUMBER, field="lanes", value="none")
    assert life(house).incident.lanes == ()
    do(house, "override", id=NUMBER, field="lanes", value="")
    assert life(house).incident.lanes == ("fast",)


@pytest.mark.parametrize("half", ["lon", "lat"])
def test_a_place_is_released_as_a_whole_since_half_of_one_lies_nowhere(house: House, half: str) -> None:
    before = life(house).incident
    do(house, "correct", id=NUMBER, lon=114.17, lat=22.31)
    do(house, "override", id=NUMBER, field=half, value="")
    after = life(house).incident
    assert (after.lon, after.lat, after.located_by) == (before.lon, before.lat, before.located_by)
    assert after.overridden == ()


def test_one_coordinate_alone_is_set_only_where_both_are_an_operators(house: House) -> None:
    with pytest.raises(BadInput, match="longitude and a latitude"):
        do(house, "override", id=NUMBER, field="lat", value="22.3")
    do(house, "correct", id=NUMBER, lon=114.17, lat=22.31)
    do(house, "override", id=NUMBER, field="lat", value="22.32")
    assert (life(house).incident.lon, life(house).incident.lat) == (114.17, 22.32)


def test_several_fields_are_corrected_at_once(house: House) -> None:
    do(house, "correct", id=NUMBER, road="Nathan Road", lon=114.17, lat=22.31, title="Lorry on its side")
    incident = life(house).incident
    assert (incident.road, incident.title.en, incident.located_by) == ("Nathan Road", "Lorry on its side", "operator")
    assert (incident.lon, incident.lat, incident.error_m) == (114.17, 22.31, 0.0)


def test_what_an_operator_does_is_its_newest_change(house: House, clock: SetClock) -> None:
    clock.set(NOW + timedelta(minutes=7))
    do(house, "correct", id=NUMBER, lanes="slow")
    assert life(house).incident.updated == clock.now()
    assert [one.id for one in listed(house).incidents] == [NUMBER, OTHER]
    assert life(house, OTHER).incident.updated == NOW - timedelta(minutes=10)


def test_an_incident_first_heard_of_by_its_end_has_no_known_beginning(house: House) -> None:
    hear(house, news("IN-26-00003", -5, "The lanes of Tolo Highway are re-opened.", EventStatus.CLOSED))
    assert life(house, "IN-26-00003").begun_unheard
    assert not life(house).begun_unheard


def test_segments_that_nobody_knows_are_refused_and_no_lane_is_named_twice(house: House) -> None:
    with pytest.raises(BadInput, match=r"no road segment is called -1, 😀"):
        do(house, "override", id=NUMBER, field="links", value="1 -1 😀")
    do(house, "override", id=NUMBER, field="lanes", value="fast fast slow")
    assert life(house).incident.lanes == ("fast", "slow")


def test_a_number_that_is_spoken_again_after_days_goes_on_with_all_its_words(house: House, clock: SetClock) -> None:
    hear(house, news(NUMBER, 10, status=EventStatus.CLOSED))
    assert life(house).incident.state == "closed"
    clock.set(NOW + timedelta(days=8))
    hear(house, news(NUMBER, 8 * 24 * 60 - 5, WORDS.replace("is closed", "is still closed")))
    told = life(house).incident
    assert (told.state, told.messages, told.began) == ("confirmed", 3, NOW - timedelta(minutes=20))


def test_a_moment_half_a_day_ahead_is_a_slip_and_keeps_no_incident_open(house: House, clock: SetClock) -> None:
    hear(house, news("IN-26-00009", 12 * 60))
    clock.set(NOW + timedelta(minutes=30))
    hear(house, news("IN-26-00009", 29, status=EventStatus.CLOSED))
    told = life(house, "IN-26-00009").incident
    assert (told.state, told.began, told.closed_by) == ("closed", NOW, "news")


def test_closing_and_reopening_win_over_the_news(house: House) -> None:
    do(house, "close", id=NUMBER)
    assert (life(house).incident.state, life(house).incident.closed_by) == ("closed", "operator")
    assert life(house).incident.left is None
    do(house, "reopen", id=NUMBER)
    assert life(house).incident.state == "confirmed"


def test_the_story_tells_every_change_of_one_field_but_not_what_was_taken_back(house: House, clock: SetClock) -> None:
    changes = (("close", {}), ("reopen", {}), ("override", {"field": "state", "value": "cleared"}), ("close", {}))
    entries = []
    for minute, (path, said) in enumerate(changes):
        clock.set(NOW + timedelta(minutes=minute))
        entries.append(do(house, path, id=NUMBER, **said))
    told = [(NOW, "closed"), (NOW + timedelta(minutes=1), "confirmed"), (NOW + timedelta(minutes=2), "cleared")]
    assert done_by_operators(house) == [*told, (NOW + timedelta(minutes=3), "closed")]
    again = undo(house, entries[-1], {"why": "a queue is left"}, OPERATOR)
    assert done_by_operators(house) == told
    undo(house, again.entry, {"why": "it is gone"}, OPERATOR)
    assert done_by_operators(house) == [*told, (NOW + timedelta(minutes=3), "closed")]
    release = do(house, "override", id=NUMBER, field="state", value="")
    at = house.clock.now()
    assert done_by_operators(house) == [*told, (NOW + timedelta(minutes=3), "closed"), (at, "released: state")]
    undo(house, release, {"why": "it is gone"}, OPERATOR)
    assert done_by_operators(house) == [*told, (NOW + timedelta(minutes=3), "closed")]


def test_a_field_that_is_released_and_corrected_again_tells_both(house: House) -> None:
    do(house, "override", id=NUMBER, field="kind", value="fire")
    do(house, "override", id=NUMBER, field="kind", value="")
    do(house, "override", id=NUMBER, field="kind", value="breakdown")
    told = ["kind: fire", "released: kind", "kind: breakdown"]
    assert [one.what for one in life(house).timeline if one.source == "operator"] == told
    assert life(house).incident.kind == "breakdown"


def done_by_operators(house: House) -> list[tuple[datetime, str]]:
    return [(one.at, one.what.removeprefix("state: ")) for one in life(house).timeline if one.source == "operator"]


def test_a_merged_incident_points_to_its_survivor_until_the_merge_is_undone(house: House) -> None:
    entry = do(house, "merge", id=OTHER, into=NUMBER)
    assert [one.id for one in listed(house).incidents] == [NUMBER]
    assert (life(house, OTHER).incident.state, life(house, OTHER).incident.merged_into) == ("merged", NUMBER)
    hear(house, news(OTHER, 3, WORDS, EventStatus.UPDATED))
    told = life(house).timeline
    assert {moment.title.en for moment in told if moment.source == "news"} == {"Traffic Accident"}
    assert [(moment.what, moment.about) for moment in told if moment.source == "operator"] == [("merged", OTHER)]
    assert [moment.about for moment in told if moment.source == "news"] == ["", OTHER, OTHER]
    away = life(house, OTHER).timeline
    assert [(moment.what, moment.about) for moment in away if moment.source == "operator"] == [("merged_into", NUMBER)]
    assert life(house).incident.messages == len([NUMBER, OTHER, OTHER])
    undo(house, entry, {"why": "two after all"}, OPERATOR)
    assert {one.id for one in listed(house).incidents} == {NUMBER, OTHER}
    assert life(house).incident.messages == 1


def test_the_story_tells_what_each_correction_said_then(house: House, clock: SetClock) -> None:
    for minute, (field, value) in enumerate([("near", "Tai Wo"), ("near", "大埔滘"), ("direction", "Moon")]):
        clock.set(NOW + timedelta(minutes=minute))
        entry = do(house, "override", id=NUMBER, field=field, value=value)
    said = [(one.what, one.place.en or one.place.tc) for one in life(house).timeline if one.source == "operator"]
    assert said == [("near: Tai Wo", "Tai Wo"), ("near: 大埔滘", "Tai Po Kau"), ("direction: Moon", "Moon")]
    undo(house, entry, {"why": "seen on camera"}, OPERATOR)
    assert [one.what for one in life(house).timeline if one.source == "operator"] == ["near: Tai Wo", "near: 大埔滘"]


def test_a_direction_and_a_road_that_nobody_knows_are_told_in_both_languages(house: House) -> None:
    told = says(house, "correct", id=NUMBER, direction="Moon")
    assert told.en.endswith("Nothing here is called Moon: both directions of the road are taken.")
    assert "「Moon」" in told.tc
    for known in ("Kowloon", "九龍", "southbound", "both"):
        assert "Nothing here" not in says(house, "correct", id=NUMBER, direction=known).en
    assert "「Yellow Brick Road」" in says(house, "correct", id=NUMBER, road="Yellow Brick Road").tc


def test_undoing_makes_no_two_incidents_part_of_each_other(house: House, clock: SetClock) -> None:
    def undone(entry: int) -> int:
        return undo(house, entry, {"why": "seen on camera"}, OPERATOR).entry

    back = undone(do(house, "merge", id=OTHER, into=NUMBER))
    clock.set(NOW + timedelta(minutes=1))
    do(house, "merge", id=NUMBER, into=OTHER)
    undone(back)  # and so the first merge holds again, and the other way round as well
    hear(house)
    assert [one.id for one in listed(house).incidents] == [OTHER]  # which was decided last
    assert [life(house, number).incident.merged_into for number in (NUMBER, OTHER)] == [OTHER, ""]


def test_what_was_opened_just_now_is_merged_and_separated_before_any_job_ran(house: House) -> None:
    gone, survivor = opened(house, near="Tai Po Kau"), opened(house, near="Tai Wo")
    do(house, "merge", id=gone, into=survivor)
    assert life(house, gone).incident.state == "merged"
    assert life(house, gone).akin[survivor].place.en == "Tolo Highway, near Tai Wo"
    assert gone not in {one.id for one in listed(house).incidents}
    assert life(house, survivor).incident.merged == (gone,)
    assert life(house, survivor).incident.place.en == "Tolo Highway, near Tai Wo"
    entry = do(house, "reopen", id=gone)
    assert life(house, gone).incident.state == "confirmed"
    assert life(house, survivor).incident.messages == 1
    undo(house, entry, {"why": "the same after all"}, OPERATOR)
    assert life(house, gone).incident.merged_into == survivor


def test_a_merged_word_that_names_no_landmark_takes_none_away(house: House) -> None:
    survivor, gone = opened(house, near="Tai Wo"), opened(house)
    do(house, "merge", id=gone, into=survivor)
    assert life(house, survivor).incident.place.tc == "吐露港公路近太和"


def test_an_opening_that_is_taken_back_leaves_no_incident(house: House) -> None:
    entry = do(house, "open", kind="fire", road="Tolo Highway")
    hear(house)
    (number,) = (one.id for one in listed(house, source="operator").incidents)
    undo(house, entry, {"why": "wrong road"}, OPERATOR)
    assert listed(house, source="operator", state="all").incidents == []
    with pytest.raises(NotFound, match="taken back"):
        life(house, number)
    hear(house)
    kept = house.records.get("incidents.incidents", number)
    assert (kept.closed_at is None, kept.record.properties["closed_by"]) == (False, "taken back")
    hear(house)
    assert house.records.get("incidents.incidents", number) == kept


def test_what_is_opened_in_the_same_second_has_a_number_of_its_own(house: House) -> None:
    done = act(house, "incidents/open", {"kind": "fire", "road": "Tolo Highway", "why": "smoke"}, OPERATOR)
    undo(house, done.entry, {"why": "wrong road"}, OPERATOR)
    numbers = [str(done.touched[0]["id"]), opened(house, near="Tai Wo"), opened(house, near="Tai Po Kau")]
    assert numbers == ["OP-20261121-083000", "OP-20261121-083000-2", "OP-20261121-083000-3"]
    assert {one.id for one in listed(house, source="operator").incidents} == set(numbers[1:])


def test_a_number_tells_the_time_of_hong_kong_whatever_zone_the_clock_counts_in(house: House, clock: SetClock) -> None:
    clock.set(datetime(2026, 11, 21, 23, 59, tzinfo=UTC))
    assert opened(house, near="Tai Wo") == "OP-20261122-075900"


def test_the_story_tells_when_two_were_merged_whatever_was_corrected_since(house: House, clock: SetClock) -> None:
    do(house, "merge", id=OTHER, into=NUMBER)
    merged_at = clock.now()
    clock.set(merged_at + timedelta(hours=1))
    do(house, "correct", id=OTHER, title="A lorry and a taxi")
    for number, what in ((NUMBER, "merged"), (OTHER, "merged_into")):
        assert [moment.at for moment in life(house, number).timeline if moment.what == what] == [merged_at]


def test_an_opening_that_is_taken_back_before_any_job_told_it_says_so(house: House) -> None:
    done = act(house, "incidents/open", {"kind": "fire", "road": "Tolo Highway", "why": "smoke"}, OPERATOR)
    undo(house, done.entry, {"why": "wrong road"}, OPERATOR)
    with pytest.raises(NotFound, match="taken back"):
        life(house, str(done.touched[0]["id"]))
    with pytest.raises(NotFound, match="no incident is called"):
        life(house, "OP-1")


def test_what_an_operator_opens_beside_an_announced_incident_is_one_of_its_own(house: House) -> None:
    number = opened(house, near="Tai Po Kau", direction="Kowloon")
    hear(house)
    assert {one.id for one in listed(house).incidents} == {NUMBER, OTHER, number}


@pytest.mark.parametrize(
    ("road", "direction", "near"),
    [("吐露港公路", "九龍", "大埔滘"), ("吐露港公路", "九龙", "大埔滘"), ("Tolo Highway", "Kowloon", "大埔滘")],
)
def test_a_place_in_any_language_is_found_and_named_in_all(house: House, road: str, direction: str, near: str) -> None:
    number = opened(house, road=road, direction=direction, near=near)
    one = life(house, number).incident
    assert (one.links, one.located_by) == (("1",), "landmark")
    assert one.place.en == "Tolo Highway (Kowloon bound), near Tai Po Kau"
    assert (one.place.tc, one.place.sc) == ("吐露港公路（往九龍方向）近大埔滘", "吐露港公路（往九龙方向）近大埔滘")
    assert one.names["direction"] == Text(en="Kowloon", tc="九龍")


def test_what_is_corrected_in_one_language_is_said_in_all(house: House) -> None:
    do(house, "correct", id=NUMBER, near="某某大廈", direction="northbound", title="貨車翻側")
    one = life(house).incident
    assert (one.place.en, one.place.tc) == (
        "Tolo Highway (Northbound), near 某某大廈",
        "吐露港公路（北行）近某某大廈",
    )
    assert (one.title.tc, one.title.say("en")) == ("貨車翻側", "貨車翻側")


def test_a_corrected_place_is_on_the_segments_beside_it(house: House) -> None:
    house.records.save(CATALOGUE.datasets["traffic.road_network"], [ROAD, FARTHER], NOW)
    assert life(house).incident.links == ("1",)
    do(house, "correct", id=NUMBER, lon=114.23, lat=22.40)
    assert life(house).incident.links == ("2",)
    assert life(house).provenance["place"] == "operator"


def test_merging_in_a_circle_is_refused(house: House) -> None:
    do(house, "merge", id=OTHER, into=NUMBER)
    with pytest.raises(BadInput, match="merged"):
        do(house, "merge", id=NUMBER, into=OTHER)
    with pytest.raises(BadInput):
        do(house, "merge", id=NUMBER, into=NUMBER)


def test_an_operator_opens_an_incident_that_is_seen_before_any_job_ran(house: House) -> None:
    do(house, "open", kind="breakdown", road="Waterloo Road", direction="Sha Tin", lanes="slow")
    opened = next(one for one in listed(house, source="operator").incidents)
    assert (opened.kind, opened.road, opened.direction, opened.lanes) == (
        "breakdown", "Waterloo Road", "Sha Tin", ("slow",),
    )  # fmt: skip
    assert opened.sources == ("operator",)
    hear(house)
    assert life(house, opened.id).incident.title.tc == "車輛故障"


def test_a_place_far_from_its_road_and_a_road_that_nobody_knows_are_pointed_out_and_kept(house: House) -> None:
    near = says(house, "open", kind="breakdown", road="Tolo Highway", lon=114.1872, lat=22.4281)
    assert "please check" not in near.en
    far = says(house, "correct", id=NUMBER, lon=113.95, lat=22.31)
    assert re.search(r"The place is \d+\.\d km from Tolo Highway: please check", far.en)
    assert "請核對" in far.tc
    unknown = says(house, "correct", id=NUMBER, road="Tolo Hiway")
    assert "No road here is called Tolo Hiway" in unknown.en
    assert life(house).incident.road == "Tolo Hiway"


def test_what_cannot_be_is_refused_with_the_field(house: House) -> None:
    with pytest.raises(NotFound):
        do(house, "close", id="IN-99-99999")
    with pytest.raises(BadInput, match="merged by naming"):
        do(house, "override", id=NUMBER, field="state", value="merged")
    with pytest.raises(BadInput, match="no lane"):
        do(house, "override", id=NUMBER, field="lanes", value="left")
    with pytest.raises(BadInput, match="outside the city"):
        do(house, "override", id=NUMBER, field="lon", value="2.35")
    with pytest.raises(BadInput, match="longitude and a latitude"):
        do(house, "correct", id=NUMBER, lon=114.2)


def test_lists_filter_by_state_kind_road_and_source(house: House) -> None:
    do(house, "close", id=OTHER)
    assert [one.id for one in listed(house).incidents] == [NUMBER]
    assert [one.id for one in listed(house, state="closed").incidents] == [OTHER]
    assert len(listed(house, state="all", road="tolo highway").incidents) == len([NUMBER, OTHER])
    assert listed(house, road="Nathan Road").incidents == []
    assert listed(house, source="detectors").incidents == []


def test_how_long_is_left_says_when_only_the_prior_speaks(house: House) -> None:
    left = life(house).incident.left
    assert left is not None
    assert left.learned_from == 0
    assert 0 < left.p10_min < left.p25_min < left.p50_min < left.p75_min < left.p90_min
    assert NOW < left.likely_over_at < left.surely_over_at


def test_exports_say_what_the_list_says(house: House) -> None:
    city, query = house.cities["incidents"], IncidentsQuery()
    collection = json.loads(incidents_as_geojson(city, query, NOBODY))
    rows = list(csv.DictReader(io.StringIO(incidents_as_csv(city, query, NOBODY))))
    assert {feature["id"] for feature in collection["features"]} == {row["id"] for row in rows} == {NUMBER, OTHER}
    assert collection["features"][0]["geometry"]["coordinates"] == pytest.approx([114.187, 22.428], abs=0.003)
    assert {row["direction"] for row in rows} == {"Kowloon"}


def test_what_is_merged_into_an_incident_changes_none_of_its_facts(house: House) -> None:
    hear(house, news(NUMBER, 1, WORDS))
    before = life(house).incident
    gone = opened(house, kind="fire", road="Nonsuch Road", near="Tai Wo")
    do(house, "merge", id=gone, into=NUMBER)
    after = life(house).incident
    facts = ("kind", "title", "road", "direction", "near", "place", "links", "lon", "lat")
    assert [getattr(after, fact) for fact in facts] == [getattr(before, fact) for fact in facts]
    assert after.messages == before.messages + 1
    assert "operator" in after.sources
