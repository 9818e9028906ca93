"""The tables of tolls: read strictly, and read back from the twin."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest

from lionrock.core.manifest import Download
from lionrock.core.vocabulary import MalformedDownload, Text
from lionrock.services.mobility.journeys.feeds import parse_timed_tolls, parse_tolls
from lionrock.services.mobility.journeys.tolls import Toll, Window
from lionrock.twin.feeds.tolls import BY_TIME, FLAT, HARBOUR, render_timed_tolls, render_tolls

RECEIVED = datetime.fromisoformat("2026-11-20T17:00:00+08:00")


def download(body: bytes) -> Download:
    return Download(body=body, url="https://example.org/tolls.csv", received_at=RECEIVED)


def test_the_twins_tolls_come_back_as_they_are_charged() -> None:
    charged = {one.id: one.properties["charged_hkd"] for one in parse_tolls(download(render_tolls()))}
    assert len(charged) == 3 * len(FLAT)
    assert charged["tai-lam-tunnel/PC"] == 48
    assert charged["tates-cairn-tunnel/TA"] == 20
    assert charged["kai-tak-tunnel/PC"] == 0


def test_the_twins_tolls_by_time_cover_every_second_of_every_day() -> None:
    windows = [one.properties for one in parse_timed_tolls(download(render_timed_tolls()))]
    assert len(windows) == len(HARBOUR) * len(BY_TIME)
    for days in ("weekdays", "rest days"):
        spans = sorted((one["from_s"], one["to_s"]) for one in windows if one["days"] == days)[:: len(HARBOUR)]
        assert spans[0][0] == 0
        assert spans[-1][1] == 86_399
        assert all(end + 1 == begin for (_, end), (begin, _) in itertools.pairwise(spans))


def test_columns_are_found_by_name_in_another_order_and_with_more_of_them() -> None:
    body = (
        b"NEW,VEHICLE_CLASS_DESCRIPTION,GAZETTED_TOLL,CONCESSION_TOLL,EFFECTIVE_DATE,TUNNEL_BRIDGE_CHINESE_NAME,"
        b"TUNNEL_BRIDGE_NAME\nx,PC,100,48,01/01/2019,\xe5\xa4\xa7\xe6\xac\x96\xe9\x9a\xa7\xe9\x81\x93,Tai Lam Tunnel\n"
    )
    (toll,) = parse_tolls(download(body))
    assert (toll.id, toll.title.tc, toll.properties["charged_hkd"]) == ("tai-lam-tunnel/PC", "大欖隧道", 48)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"CONCESSION_TOLL", b"CONCESSION"),
        (b",48,PC", b",free,PC"),
        (b"Tai Lam Tunnel", b""),
        (b"TUNNEL_BRIDGE_NAME,", b"<html>"),
    ],
)
def test_a_changed_table_is_set_aside_and_never_read_as_free(old: bytes, new: bytes) -> None:
    body = render_tolls().replace(old, new)
    with pytest.raises(MalformedDownload):
        list(parse_tolls(download(body)))


@pytest.mark.parametrize(("old", "new"), [(b"PC,A,", b"PC,C,"), (b"07:29:59", b"7h29"), (b"07:29:59", b"00:00:00x")])
def test_a_day_or_an_hour_that_nobody_declared_is_refused(old: bytes, new: bytes) -> None:
    with pytest.raises(MalformedDownload):
        list(parse_timed_tolls(download(render_timed_tolls().replace(old, new))))


def test_a_table_whose_header_is_no_csv_is_set_aside() -> None:
    with pytest.raises(MalformedDownload, match="not CSV"):
        list(parse_tolls(download(b'"a"b,' + render_tolls())))


def test_a_toll_that_ends_before_it_begins_is_refused() -> None:
    body = render_timed_tolls().replace(b"00:00:00,07:29:59", b"08:00:00,07:29:59")
    with pytest.raises(MalformedDownload, match="before it begins"):
        list(parse_timed_tolls(download(body)))


def test_a_general_holiday_costs_what_a_sunday_costs() -> None:
    windows = (Window("weekdays", 0, 86_399, 60), Window("rest days", 0, 86_399, 25))
    toll = Toll(Text(en="Western Harbour Crossing"), 30, windows)
    assert [toll.at(RECEIVED, holidays) for holidays in (set(), {RECEIVED.date()})] == [60, 25]
    assert toll.at(RECEIVED + timedelta(days=2), set()) == 25


def test_a_toll_outside_every_window_is_the_flat_one() -> None:
    toll = Toll(Text(en="Western Harbour Crossing"), 30, (Window("weekdays", 0, 3600, 60),))
    assert toll.at(RECEIVED, set()) == 30
