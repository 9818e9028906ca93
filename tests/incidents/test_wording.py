"""Announcements are read alike in three languages."""

from __future__ import annotations

import pytest

from lionrock.core.vocabulary import Text
from lionrock.services.mobility.incidents.chinese import as_written, read_chinese
from lionrock.services.mobility.incidents.directions import as_direction, bearing_of
from lionrock.services.mobility.incidents.english import read_english
from lionrock.services.mobility.incidents.kinds import IncidentKind, kind_of
from lionrock.services.mobility.incidents.names import compose_place, read_names
from lionrock.services.mobility.incidents.told import Effect
from lionrock.services.mobility.incidents.wording import read_message, read_place

CLOSED_EN = (
    "Due to traffic accident , the fast lane of Tolo Highway Kowloon bound near Tai Po Kau is closed to all traffic. \n"
    "Only remaining lanes are still available to motorists. \nTraffic is busy now. "
)
CLOSED_TC = "因交通意外，吐露港公路往九龍方向近大埔滘的快線現已封閉。 \n駕駛人士請留意。 \n現時上址交通繁忙。"
CLOSED_SC = "因交通意外，吐露港公路往九龙方向近大埔滘的快线现已封闭。 \n现时上址交通繁忙。"
OPENED_EN = (
    "The middle and slow lanes of Yen Chow Street West Castle Peak Road bound between Lai Fat Street and Tung Chau "
    "Street which were closed due to watermain emergency works are re-opened to all traffic. "
    "Traffic queue takes time to disperse. "
)
OPENED_SC = "较早前因水管紧急维修而封闭的钦州街西往青山道方向介乎荔发街与通州街之间的中线及慢线现已解封。车龙有待消散。"


def test_english_runs_road_and_direction_together_and_is_taken_apart() -> None:
    told = read_english(CLOSED_EN)
    assert (told.road, told.direction, told.near) == ("Tolo Highway", "Kowloon", "Tai Po Kau")
    assert (told.lanes, told.effect, told.congestion, told.cause) == (
        ("fast",), Effect.CLOSED, "busy", "traffic accident",
    )  # fmt: skip


@pytest.mark.parametrize("words", [CLOSED_TC, CLOSED_SC])
def test_traditional_and_simplified_chinese_say_the_same(words: str) -> None:
    told = read_chinese(words)
    assert (told.road, told.direction, told.near, told.lanes) == ("吐露港公路", "九龙", "大埔滘", ("fast",))
    assert (told.effect, told.cause) == (Effect.CLOSED, "交通意外")


def test_an_opening_is_over_though_it_says_that_lanes_were_closed() -> None:
    english, chinese = read_english(OPENED_EN), read_chinese(OPENED_SC)
    assert english.effect is chinese.effect is Effect.OVER
    assert (english.road, english.direction) == ("Yen Chow Street West", "Castle Peak Road")
    assert (english.near, english.between, english.lanes) == ("Lai Fat Street", "Tung Chau Street", ("middle", "slow"))
    assert (chinese.road, chinese.near, chinese.between) == ("钦州街西", "荔发街", "通州街")


@pytest.mark.parametrize(
    ("words", "road", "direction"),
    [
        ("part of the lanes of Tate's Cairn Highway Tate's Cairn Tunnel bound near X is closed to all traffic.",
         "Tate's Cairn Highway", "Tate's Cairn Tunnel"),
        ("the slow lane of Lung Cheung Road flyover Kwun Tong bound near Ping Shek Estate is still closed.",
         "Lung Cheung Road flyover", "Kwun Tong"),
        ("the fast lane of Island Eastern Corridor Central bound near Oil Street is closed to all traffic.",
         "Island Eastern Corridor", "Central"),
        ("the fast lane of Tai Po Road - Sha Tin Kowloon bound near Wo Che is closed to all traffic.",
         "Tai Po Road - Sha Tin", "Kowloon"),
        ("The fast lane of Yuen Long Highway (Sheung Shui bound) near Tong Yan San Tsuen Road is closed.",
         "Yuen Long Highway", "Sheung Shui"),
    ],
)  # fmt: skip
def test_a_road_ends_where_its_name_does(words: str, road: str, direction: str) -> None:
    told = read_english(words)
    assert (told.road, told.direction) == (road, direction)


def test_both_bounds_are_no_direction() -> None:
    told = read_english("All lanes of Hiram's Highway both bounds near Pak Wai are closed to all traffic.")
    assert (told.road, told.direction, told.both, told.lanes) == ("Hiram's Highway", "", True, ("all",))


def test_still_closed_is_not_over() -> None:
    assert read_chinese("因車輛故障，屯門公路往九龍方向近置樂花園的慢線仍然封閉。").effect is Effect.CLOSED


def test_a_cancelled_arrangement_is_over() -> None:
    words = (
        "The one-lane-two-way traffic arrangement which was implemented on Kam Tin Road near Pang Ka Tsuen "
        "due to traffic accident is now cancelled."
    )
    told = read_english(words)
    assert (told.road, told.near, told.effect) == ("Kam Tin Road", "Pang Ka Tsuen", Effect.OVER)


def test_the_end_of_a_queue_is_read() -> None:
    words = (
        "Traffic queue on Cross Harbour Tunnel Hong Kong Island bound ends at Pui Ching Road. Traffic is congested now."
    )
    told = read_english(words)
    assert (told.queue_end, told.congestion) == ("Pui Ching Road", "congested")


def test_the_fields_of_a_message_win_over_its_sentences() -> None:
    place = Text(en="Waterloo Road (Sha Tin bound), near Lion Rock Tunnel")
    told = read_message(place, Text(en=CLOSED_EN, tc=CLOSED_TC))
    assert (told.road, told.direction, told.near, told.lanes) == (
        "Waterloo Road", "Sha Tin", "Lion Rock Tunnel", ("fast",),
    )  # fmt: skip


def test_chinese_fields_are_read_too() -> None:
    told = read_place("窩打老道（往沙田方向）近獅子山隧道")
    assert (told.road, told.direction, told.near) == ("窩打老道", "沙田", "獅子山隧道")


def test_words_that_say_nothing_of_a_road_leave_everything_unsaid() -> None:
    told = read_english("")
    assert (told.road, told.direction, told.lanes, told.effect) == ("", "", (), Effect.UNSAID)


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Traffic Accident", IncidentKind.ACCIDENT),
        ("車輛故障", IncidentKind.BREAKDOWN),
        ("traffic light emergency repairing works", IncidentKind.SIGNAL_FAULT),
        ("Vehicle On Fire", IncidentKind.FIRE),
        ("水浸", IncidentKind.FLOODING),
        ("Watermain Burst", IncidentKind.BURST_MAIN),
        ("emergency repairs after accident happened earlier", IncidentKind.ACCIDENT),
        ("something else", IncidentKind.OTHER),
    ],
)
def test_kinds_are_known_by_their_words(words: str, kind: IncidentKind) -> None:
    assert kind_of(words) is kind


@pytest.mark.parametrize("chinese", [CLOSED_TC, CLOSED_SC])
def test_one_sentence_in_two_languages_names_its_place_in_three(chinese: str) -> None:
    names = read_names(Text(), Text(en=CLOSED_EN, tc=chinese))
    assert (names["road"].en, names["road"].sc) == ("Tolo Highway", "吐露港公路")
    assert (names["near"].en, names["near"].sc) == ("Tai Po Kau", "大埔滘")
    assert names["direction"].sc == "九龙"


def test_a_name_keeps_the_characters_that_it_was_written_in() -> None:
    assert read_names(Text(), Text(tc=CLOSED_TC))["direction"].tc == "九龍"
    assert as_written("九龙", CLOSED_TC) == "九龍"
    assert as_written("沙田", CLOSED_TC) == "沙田"


@pytest.mark.parametrize(
    ("direction", "both", "en", "tc"),
    [
        (Text(en="Kowloon", tc="九龍"), False, "Tolo Highway (Kowloon bound)", "吐露港公路（往九龍方向）"),
        (Text(en="Northbound", tc="北行"), False, "Tolo Highway (Northbound)", "吐露港公路（北行）"),
        (Text(en="both", tc="雙向"), True, "Tolo Highway (both bound)", "吐露港公路（雙向）"),
        (Text(), False, "Tolo Highway", "吐露港公路"),
    ],
)
def test_a_place_that_is_put_together_is_read_as_it_was(direction: Text, both: bool, en: str, tc: str) -> None:
    road, near = Text(en="Tolo Highway", tc="吐露港公路"), Text(en="Tai Po Kau", tc="大埔滘")
    place = compose_place(road, direction, near)
    assert (place.en, place.tc) == (f"{en}, near Tai Po Kau", f"{tc}近大埔滘")
    for said, language in ((read_place(place.en), "en"), (read_place(place.tc), "tc")):
        assert (said.road, said.near, said.both) == (road.say(language), near.say(language), both)
        assert said.direction == as_direction(direction.say(language)) * (not both)


def test_a_place_of_which_one_language_knows_the_road_is_said_in_that_alone() -> None:
    place = compose_place(Text(tc="某某路"), Text(en="Kowloon", tc="九龍"), Text(en="Nowhere Tower"))
    assert (place.en, place.tc) == ("", "某某路（往九龍方向）近Nowhere Tower")
    assert read_place(place.tc).road == "某某路"


@pytest.mark.parametrize(
    ("words", "meant", "bearing"),
    [
        ("東行", "Eastbound", 90),
        ("东行", "Eastbound", 90),
        ("往西南方向", "Southwestbound", 225),
        ("north bound", "Northbound", 0),
        ("South-East", "Southeastbound", 135),
        ("WESTBOUND", "Westbound", 270),
        ("Both", "both", None),
        ("both bounds", "both", None),
        ("雙向", "both", None),
        ("來回方向", "both", None),
        ("九龍", "九龍", None),
        ("東涌", "東涌", None),
        ("Northgate", "Northgate", None),
        ("", "", None),
    ],
)
def test_a_direction_is_understood_in_any_language(words: str, meant: str, bearing: float | None) -> None:
    assert (as_direction(words), bearing_of(words)) == (meant, bearing)
