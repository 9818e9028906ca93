"""Broken downloads: each kind is set aside whole, with words that tell a person what is wrong."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from feeds_at_hand import CATALOGUE, FEEDS, Take, download, sample_of
from http_site import serve

from lionrock.app.house import House
from lionrock.app.progress import Progress
from lionrock.app.status import SAMPLES_RECEIVED, FeedStatus, Status, describe_status
from lionrock.city.city import City
from lionrock.core.clock import SetClock
from lionrock.core.feeds.fetch import Fetcher
from lionrock.core.feeds.intake import read_download
from lionrock.core.feeds.runner import FeedRunner
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import Kind, MalformedDownload, Source

Break = Callable[[bytes], bytes]

LANES, DETECTORS, SEGMENTS = "traffic.lanes", "traffic.detectors", "traffic.segment_speeds"
JOURNEYS, NEWS, NEWS_V1, NETWORK = "traffic.journey_times", "traffic.news", "traffic.news_v1", "traffic.road_network"
CURRENT, WARNINGS, WIND = "weather.current", "weather.warnings", "weather.wind"
TEMPERATURE, NOWCAST = "weather.station_temperature", "weather.rain_nowcast"
VACANCY, METERS, CAR_PARKS = "parking.vacancy", "parking.meter_occupancy", "parking.car_parks"


def swap(old: str, new: str, count: int = 1) -> Break:
    """Replace text that must be there."""

    def broken(body: bytes) -> bytes:
        assert old.encode() in body
        return body.replace(old.encode(), new.encode(), count)

    return broken


def whole(body: bytes) -> Break:
    """Something else entirely."""
    return lambda _: body


def cut(share: float) -> Break:
    """The first part of the file."""
    return lambda body: body[: int(len(body) * share)]


def latin(body: bytes) -> bytes:
    """A byte that is no UTF-8."""
    middle = len(body) // 2
    return body[:middle] + b"\xe9\xff" + body[middle:]


def big5(body: bytes) -> bytes:
    """The same words in the encoding of another age."""
    return body.decode("utf-8-sig").encode("big5", errors="replace")


def utf16(body: bytes) -> bytes:
    """The same words in two bytes each, without saying so."""
    return body.decode("utf-8-sig").encode("utf-16-le")


HTML = whole(b"<!DOCTYPE html><html><body>Service unavailable</body></html>")
ENTITY = '<?xml version="1.0"?><!DOCTYPE list [<!ENTITY a "aaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><list>&b;</list>'
OTHER_DTD = '<!DOCTYPE raw_speed_volume_list SYSTEM "x.dtd"><raw_speed_volume_list/>'


def emptied(first: str, closing: str) -> Break:
    """Everything before ``first``, and then only closing tags."""
    return lambda body: body.split(first.encode())[0] + closing.encode()


KINDS: tuple[tuple[str, str, Break, str], ...] = (
    (LANES, "an empty answer", whole(b""), "the answer is empty"),
    (LANES, "blanks alone", whole(b" \r\n\t "), "the answer is empty"),
    (LANES, "an HTML page", HTML, "an HTML page in place of data"),
    (LANES, "an HTML page without doctype", whole(b"  <HTML><head/></HTML>"), "an HTML page in place of data"),
    (LANES, "cut in a tag", cut(0.5), "not whole XML"),
    (LANES, "cut before the last tag", lambda body: body[:-20], "not whole XML"),
    (LANES, "another root", swap("raw_speed_volume_list", "speed_list", 2), "the root is <speed_list>"),
    (LANES, "another feed's file", lambda _: sample_of(SEGMENTS), "the root is <segment_speed_list>"),
    (LANES, "a doctype", whole(OTHER_DTD.encode()), "a DOCTYPE"),
    (NEWS, "entities that grow", whole(ENTITY.encode()), "a DOCTYPE"),
    (LANES, "a byte that is no UTF-8", latin, "not whole XML"),
    (LANES, "no periods", emptied("<periods>", "<periods/></raw_speed_volume_list>"), "no period"),
    (LANES, "the date gone", swap("<date>2026-11-21</date>", ""), "lacks <date>"),
    (LANES, "no date in the date", swap("<date>2026-11-21", "<date>21/11/2026"), "'21/11/2026' is no date"),
    (LANES, "a date far ahead", swap("<date>2026-11-21", "<date>2027-11-21"), "days after the receipt"),
    (LANES, "a clock that was reset", swap("<date>2026-11-21", "<date>1970-01-01"), "before this feed began"),
    (LANES, "no time of day", swap("<period_from>08:27:00", "<period_from>8.27pm"), "is no time of day"),
    (LANES, "a lane's field gone", swap("<occupancy>6</occupancy>", ""), "<lane> lacks <occupancy>"),
    (LANES, "a field renamed", swap("s.d.>", "sd>", 2), "<lane> lacks <s.d.>"),
    (LANES, "a field more", swap("<lane_id>", "<kind>x</kind><lane_id>"), "<lane> holds kind, lane_id"),
    (LANES, "a word for a number", swap("<speed>64<", "<speed>fast<"), "'fast' is no number"),
    (LANES, "an empty number", swap("<speed>64<", "<speed><"), "'' is no number"),
    (LANES, "a number that is none", swap("<speed>64<", "<speed>nan<"), "'nan' is no number"),
    (LANES, "a number without end", swap("<volume>5<", "<volume>1e999<"), "is no number"),
    (LANES, "validity in other letters", swap("<valid>N<", "<valid>maybe<"), "'maybe' is none of Y, N"),
    (LANES, "a lane without its id", swap("<lane_id>Fast Lane<", "<lane_id> <"), "lane_id is empty"),
    (LANES, "a detector without its id", swap("AID90101", ""), "detector_id is empty"),
    (LANES, "a stranger among the lanes", swap("<lanes>", "<lanes><note/>"), "<note> stands where only <lane>"),
    (DETECTORS, "columns in another order", swap("Latitude,Longitude", "Longitude,Latitude"), "changed their order"),
    (DETECTORS, "a column gone", swap(",Rotation", ""), "the header lacks Rotation"),
    (DETECTORS, "a short row", swap(",South East,100", ""), "cells where the header has 11"),
    (DETECTORS, "a header alone", lambda body: body.split(b"\n")[0] + b"\n", "a header without rows"),
    (DETECTORS, "a place in words", swap("22.3476", "north"), "'north' is no number"),
    (DETECTORS, "two bytes a letter", utf16, "not utf-8-sig text"),
    (DETECTORS, "Big5", big5, "not utf-8-sig text"),
    (DETECTORS, "a quotation without end", swap('Eastbound "', "Eastbound "), "not CSV"),
    (SEGMENTS, "no segment", emptied("<segment>", "</segments></segment_speed_list>"), "no segment"),
    (SEGMENTS, "the version gone", swap("<irn_version>20260210</irn_version>", ""), "lacks <irn_version>"),
    (SEGMENTS, "a speed in words", swap("63.4", "63.4 km/h"), "'63.4 km/h' is no number"),
    (JOURNEYS, "another namespace", swap('one.gov.hk/td" xsi', 'one.gov.hk/td2" xsi'), "the root is <"),
    (JOURNEYS, "a type nobody declared", swap("<JOURNEY_TYPE>2<", "<JOURNEY_TYPE>5<"), "'5' is none of 1, 2"),
    (JOURNEYS, "a field twice", swap("<COLOUR_ID>1<", "<JOURNEY_DATA>3</JOURNEY_DATA><COLOUR_ID>1<"), "comes twice"),
    (JOURNEYS, "a colour gone", swap("<COLOUR_ID>1</COLOUR_ID>", ""), "lacks <COLOUR_ID>"),
    (NEWS, "a status nobody declared", swap("_EN>NEW<", "_EN>LATER<"), "'LATER' is none of NEW, UPDATED, CLOSED"),
    (NEWS, "an incident without number", swap("IN-26-00901", ""), "INCIDENT_NUMBER is empty"),
    (NEWS, "the words gone", swap("CONTENT_EN>", "WORDS_EN>", 4), "lacks <CONTENT_EN>"),
    (NEWS, "a place in words", swap("<LATITUDE>22.3470", "<LATITUDE>Kowloon"), "'Kowloon' is no number"),
    (NEWS_V1, "a date of the other kind", swap(" 2026/11/21 上午 08:06:11", "2026-11-21T08:06:11"), "is no date like"),
    (NEWS_V1, "an hour past twelve", swap("上午 08:06:11", "上午 18:06:11"), "is no date like"),
    (NETWORK, "cut JSON", cut(0.7), "not whole JSON"),
    (NETWORK, "an error in JSON", whole(b'{"error": {"code": 400}}'), "missing required field"),
    (NETWORK, "points, not lines", swap('"LineString"', '"Point"'), "a Point, not a line"),
    (NETWORK, "a line elsewhere", swap("[114.1790, 22.3455]", "[-0.12, 51.5]"), "lies outside the city"),
    (NETWORK, "an id in words", swap('"ROUTE_ID": 900001', '"ROUTE_ID": "A1"'), "Expected `int`"),
    (NETWORK, "a limit in words", swap('"ROUTE_ID": 900002,', '"ROUTE_ID": 900002, "SPEED_LIMIT": "no",'), "no number"),
    (NETWORK, "nothing in it", whole(b'{"type":"FeatureCollection","features":[]}'), "no centre line"),
    (CURRENT, "a table gone", swap('"temperature"', '"temp"'), "missing required field `temperature`"),
    (CURRENT, "Fahrenheit", swap('"unit":"C"', '"unit":"F"'), "the unit is 'F', not 'C'"),
    (CURRENT, "a value in words", swap('"value":19', '"value":"mild"'), "Expected `float | null`"),
    (CURRENT, "a moment without zone", swap("08:00:00+08:00", "08:00:00"), "timezone"),
    (WARNINGS, "a list", whole(b"[]"), "Expected `object`"),
    (WARNINGS, "an action nobody declared", swap('"EXTEND"', '"SHRINK"'), "Invalid enum value 'SHRINK'"),
    (WARNINGS, "a warning without code", swap('"code":"WTS"', '"code":" "'), "without its name or code"),
    (WIND, "a direction nobody knows", swap(",East,", ",Leeward,"), "'Leeward' is none of North"),
    (WIND, "a stamp cut short", swap("202611210820,Central", "20261121,Central"), "is no stamp of 12 digits"),
    (WIND, "a cell too many", swap("Calm,Calm,0,", "Calm,Calm,0,7"), "6 cells where the header has 5"),
    (WIND, "a thirteenth month", swap("202611210820", "202613210820"), "is no date like"),
    (TEMPERATURE, "a station without name", swap(",Chek Lap Kok,", ",,"), "a row without its station"),
    (NOWCAST, "a cell twice", lambda body: body + body.split(b"\n")[1] + b"\n", "different cells"),
    (NOWCAST, "cut at a line", lambda body: b"\n".join(body.split(b"\n")[:-3]), "different cells"),
    (NOWCAST, "half hours of another length", swap(",202611211024,", ",202611211030,", 99), "after the issue"),
    (VACANCY, "a vacancy in words", swap('"vacancy":', '"vacancy":"some","was":'), "Expected `int`"),
    (VACANCY, "nothing in it", whole(b'{"car_park":[]}'), "it lists nothing"),
    (CAR_PARKS, "nothing in it", whole(b'{"car_park":[]}'), "it lists nothing"),
    (METERS, "a status nobody declared", swap(",O,", ",Q,"), "'Q' is none of O, V"),
)  # fmt: skip
NAMES = [f"{feed_id}: {kind}" for feed_id, kind, _, _ in KINDS]
CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True)
class Seen:
    """What the status page reads, and what a house holds of one feed: the latest readings or the open records."""

    status: Status
    feed: FeedStatus
    data: list[object]


def look(house: House, feed_id: str) -> Seen:
    status = describe_status(house, Progress())
    data: list[object] = []
    for dataset in FEEDS[feed_id][1].writes:
        if dataset.kind is not Kind.READINGS:
            data.append(house.records.list_open(dataset.id, house.clock.now()))
            continue
        for property_ in dataset.properties:
            latest = house.readings.latest(dataset.id, property_.id)
            columns = (latest.at_us, latest.value, latest.quality)
            data.append([repr(row) for row in zip(latest.sensors, *(each.tolist() for each in columns), strict=True)])
    return Seen(status, next(feed for feed in status.feeds if feed.id == feed_id), data)


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Seen, Seen]]:
    """One house before and after each kind: a good download of every feed, then kind after kind, off a real server."""
    bodies: dict[str, bytes] = {}
    clock, found = SetClock(SAMPLES_RECEIVED), {}
    settings = Settings(data=tmp_path_factory.mktemp("broken"), source=Source.LIVE)

    async def come_in(house: House, base: str) -> None:
        fetcher = Fetcher()
        runner: FeedRunner[City] = FeedRunner(house.intake, house.bus, clock, fetcher, lambda short: f"{base}/{short}")

        async def publish(feed_id: str, body: bytes) -> None:
            clock.set(clock.now() + timedelta(seconds=1))
            bodies[f"/{feed_id}"] = body
            service, feed = FEEDS[feed_id]
            await runner.run_round(feed_id, replace(feed, requests=(feed_id,)), house.cities[service.service.id])

        for feed_id in dict.fromkeys(feed_id for feed_id, _, _, _ in KINDS):
            await publish(feed_id, sample_of(feed_id))
        for name, (feed_id, _, broken, _) in zip(NAMES, KINDS, strict=True):
            before = look(house, feed_id)
            await publish(feed_id, broken(sample_of(feed_id)))
            found[name] = (before, look(house, feed_id))
        await fetcher.close()

    with serve(lambda path, _: (200, {}, bodies[path])) as base, House.open(settings, clock, CATALOGUE) as house:
        asyncio.run(come_in(house, base))
    return found


@pytest.mark.parametrize(("feed_id", "kind", "broken", "words"), KINDS, ids=NAMES)
def test_a_broken_download_says_what_is_wrong_and_what_to_do(
    feed_id: str, kind: str, broken: Break, words: str
) -> None:
    _, feed = FEEDS[feed_id]
    with pytest.raises(MalformedDownload) as caught:
        read_download(feed, download(broken(sample_of(feed_id))))
    assert words in caught.value.problem, kind
    assert caught.value.remedy
    assert caught.value.told.tc, "a page in Chinese would tell it in English"


def test_there_are_at_least_thirty_distinct_kinds_over_every_service() -> None:
    assert len({kind for _, kind, _, _ in KINDS}) >= 30
    assert {feed_id.split(".")[0] for feed_id, _, _, _ in KINDS} == {"traffic", "weather", "parking"}


@pytest.mark.parametrize(
    ("feed_id", "kind", "words"), [(feed, kind, words) for feed, kind, _, words in KINDS], ids=NAMES
)
def test_a_broken_download_leaves_the_last_good_data_and_its_reason_is_on_the_status_page(
    feed_id: str, kind: str, words: str, seen: dict[str, tuple[Seen, Seen]]
) -> None:
    before, after = seen[f"{feed_id}: {kind}"]
    assert any(before.data)
    assert after.data == before.data
    told, aside = after.feed, after.status.set_aside[0]
    assert (told.state, told.last_success) == ("failing", before.feed.last_success)
    assert told.set_aside == before.feed.set_aside + 1
    assert told.error is not None
    assert aside.feed == feed_id
    for reason in (told.error, aside.reason):
        assert words in reason.en
        assert CHINESE.search(reason.tc)
    assert CHINESE.search(aside.remedy.tc)


def test_an_empty_summary_clears_every_warning_and_a_failed_download_clears_none(house: House, take: Take) -> None:
    take(WARNINGS)
    in_force = house.records.list_open("weather.warnings")
    with pytest.raises(MalformedDownload):
        take(WARNINGS, b"")
    assert house.records.list_open("weather.warnings") == in_force
    take(WARNINGS, b"{}", datetime.fromisoformat("2026-11-21T08:32:00+08:00"))
    assert house.records.list_open("weather.warnings") == []
