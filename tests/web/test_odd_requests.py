"""Requests that nobody sends by mistake are answered in words too, and never as a fault of ours."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime

import pytest
from served_lionrock import PASSWORD, Served, serve_empty
from starlette.requests import Request
from starlette.types import Message

from lionrock.app.web import downloads
from lionrock.app.web.answers import KEEPING_BYTES, Answers
from lionrock.app.web.problems import preferred_language

MANY = 10**22
URL = "https://resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
ODD = (
    ("/api/v1/holidays?" + "&".join(f"a{number}=1" for number in range(60)), 400),
    (f"/set-aside/{MANY}", 404),
    ("/en/incident", 400),
    ("/api/v1/datasets/traffic.lanes.json?limit=" + "9" * 5_000, 400),
    (f"/api/v1/historical-archive/get-file?url={URL}&time=00010101-0000", 400),
    (f"/api/v1/historical-archive/get-file?url={URL}&time=99991231-2359", 400),
    (f"/api/v1/historical-archive/list-file-versions?url={URL}&start=00010101&end=00010102", 400),
    (f"/api/v1/historical-archive/list-file-versions?url={URL}&start=99991230&end=99991231", 400),
    ("/api/v1/datasets/traffic.segment_speeds.json?sensor=1&property=speed_kmh&to=0001-01-01T00:00", 400),
    ("/api/v1/datasets/traffic.segment_speeds.json?sensor=1&property=speed_kmh&after=9999-12-31T23:59:59.999999Z", 400),
)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_empty(tmp_path_factory.mktemp("odd")) as lionrock:
        lionrock.operators.add("ann", PASSWORD, ("traffic-operator",))
        yield lionrock


@pytest.mark.parametrize(("path", "status"), ODD)
def test_an_odd_request_is_told_what_is_wrong(served: Served, path: str, status: int) -> None:
    with served.client() as client:
        answer = client.get(path, headers={"Accept": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


@pytest.mark.parametrize("wrong", ["road=Nirgendwo", "lasts=99", "colour=red", "day=tomorrow"])
def test_a_page_answers_what_can_be_answered_and_says_what_it_left_out(served: Served, wrong: str) -> None:
    with served.client() as client:
        asked = client.get(f"/tc/weather-effects?level=red&hour=7&{wrong}", headers={"Accept": "text/html"})
        whole = client.get("/tc/weather-effects?level=red&hour=7", headers={"Accept": "text/html"})
    assert (asked.status_code, whole.status_code) == (400, 200)
    [told] = re.findall(r'data-testid="left-out"><strong>以下結果未計及：</strong> <code>(.*?)</code>', asked.text)
    assert told == wrong
    assert "left-out" not in whole.text
    assert '<option value="red" selected>' in asked.text
    assert '<option value="7" selected>' in asked.text


def test_a_page_of_which_nothing_can_be_answered_says_what_was_wrong_first(served: Served) -> None:
    with served.client() as client:
        refused = client.get("/en/incident?colour=red", headers={"Accept": "text/html"})
    assert refused.status_code == 400
    assert "colour: no such parameter" in refused.text


@pytest.mark.parametrize("origin", ["http://[", "http://[::1]:8000", "http://evil.test"])
def test_pages_of_no_address_of_ours_are_not_answered(served: Served, origin: str) -> None:
    with served.client() as client:
        assert client.get("/health", headers={"Origin": origin}).status_code == 403


def test_a_refused_form_from_a_page_of_no_address_is_told_why(served: Served) -> None:
    headers = {"Accept": "text/html", "Referer": "http://[", "Origin": served.base}
    with served.client() as client:
        refused = client.post("/api/v1/incidents/open", headers=headers, data={"kind": "accident"})
        nowhere = client.get(f"{served.base}//[", headers={"Accept": "text/html"})
    assert (refused.status_code, nowhere.status_code) == (401, 404)
    assert refused.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("en;q=0, zh-CN", "sc"),
        ("en;q=0.5, zh-HK;q=0.9", "tc"),
        ("zh-HK, en", "tc"),
        ("fr, en;q=0.8, zh-TW; q=0.700", "en"),
        ("zh;q=0", "en"),
        ("en;q=many, zh", "en"),
        ("", "en"),
    ],
)
def test_a_visitor_is_sent_to_the_language_that_the_browser_wants_most(accept: str, language: str) -> None:
    assert preferred_language(accept) == language


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/datasets/journeys.tolls.schema.json",
        "/api/v1/weather_effects/predict?level=red&hour=7",
        "/api/v1/datasets.jsonld",
    ],
)
@pytest.mark.parametrize(
    ("accept", "encoding"), [("gzip;q=0", None), ("br, gzip;q=0.0", None), ("gzip;q=0.5, br", "gzip"), ("GZIP", "gzip")]
)
def test_what_is_sent_is_packed_only_for_who_takes_that(
    served: Served, path: str, accept: str, encoding: str | None
) -> None:
    with served.client() as client:
        answer = client.get(path, headers={"Accept-Encoding": accept})
    assert (answer.status_code, answer.headers.get("content-encoding")) == (200, encoding)


def test_no_entry_of_the_journal_has_a_number_beyond_counting(served: Served) -> None:
    with served.signed_in("ann") as ann:
        assert ann.get(f"/api/v1/journal?before={MANY}").status_code == 400
        assert ann.post(f"/api/v1/journal/{MANY}/undo", json={"why": "odd"}).status_code == 404


def test_a_blank_road_is_no_road(served: Served) -> None:
    with served.signed_in("ann") as ann:
        answer = ann.post("/api/v1/incidents/open", json={"kind": "accident", "road": "  ", "why": "a test"})
    assert answer.status_code == 400
    assert "road" in answer.json()["detail"]


def test_what_did_not_change_costs_no_body(served: Served) -> None:
    with served.client() as client:
        first = client.get("/api/v1/datasets/journeys.tolls.json")
        again = client.get("/api/v1/datasets/journeys.tolls.json", headers={"If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_while_a_long_download_is_packed_others_are_served() -> None:
    async def count_turns() -> int:
        packing = asyncio.create_task(downloads.answered(request, os.urandom(30_000_000), "text/csv"))
        turns = 0
        while not packing.done():
            turns += 1
            await asyncio.sleep(0.001)
        return turns

    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    assert asyncio.run(count_turns()) > 10


def test_what_is_kept_of_a_question_answers_no_request_to_change_something(served: Served) -> None:
    with served.signed_in("ann") as ann:
        for method, status in (("GET", 200), ("HEAD", 200), ("POST", 405), ("DELETE", 405)):
            assert ann.request(method, "/api/v1/incidents", headers={"Origin": served.base}).status_code == status


def test_a_crowd_of_small_answers_is_not_kept_for_nothing(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = Answers(served.house)
    monkeypatch.setattr("lionrock.app.web.answers.MOST_KEPT_BYTES", 40_000)
    with ThreadPoolExecutor(1) as one:
        one.submit(asyncio.run, _ask_often(served, answers, 100)).result()
    found = [number for number in range(100) if answers.find("/api/v1/incidents", f"n={number}".encode())]
    assert found == list(range(found[0], 100))
    assert 1 < len(found) <= 40_000 // KEEPING_BYTES


async def _ask_often(served: Served, answers: Answers, times: int) -> None:
    """One question under many addresses, as a crawler asks it."""
    service = next(one for one in served.house.catalogue.services if one.id == "incidents")
    question = next(one for one in service.questions if one.path == "incidents")
    for number in range(times):
        scope = {"type": "http", "method": "GET", "path": "/api/v1/incidents", "headers": [], "lionrock.session": None}
        request = Request(scope | {"query_string": f"n={number}".encode(), "server": ("127.0.0.1", 80)})
        await answers.prepare(service, question, request, {})


def test_the_stream_of_changes_is_described(served: Served) -> None:
    with served.client() as client:
        described = client.get("/openapi.json").json()["paths"]
    assert "text/event-stream" in described["/api/v1/stream"]["get"]["responses"]["200"]["content"]
    geojson = described["/api/v1/incidents.geojson"]["get"]["responses"]["200"]["content"]["application/geo+json"]
    assert geojson["schema"]["type"] == "object"


def test_a_page_says_what_it_has_heard_and_its_stream_begins_there(served: Served) -> None:
    now = datetime.now(UTC)
    with served.client() as client:
        served.house.bus.publish(("traffic.news",), now)
        heard = re.findall(r'data-heard="(\d+)"', client.get("/en/incidents").text)
        assert heard == [str(served.house.bus.newest)]
        served.house.bus.publish(("incidents.incidents",), now)  # before the page has opened its stream
        for asked, headers in ((f"?after={heard[0]}", {}), ("", {"last-event-id": heard[0]})):
            with client.stream("GET", f"/api/v1/stream{asked}", headers=headers) as stream:
                told = next(line for line in stream.iter_lines() if line.startswith("data:"))
            assert "incidents.incidents" in told
            assert "traffic.news" not in told
        refused = client.get("/api/v1/stream?after=yesterday")
        assert refused.status_code == 400
        assert "yesterday" in refused.json()["detail"]


def test_pages_that_stay_open_shut_nobody_out(served: Served) -> None:
    host, port = served.host.split(":")
    asked = f"GET /api/v1/stream HTTP/1.1\r\nHost: {served.host}\r\nAccept: text/event-stream\r\n\r\n".encode()
    with ExitStack() as pages:
        for _ in range(200):
            page = pages.enter_context(socket.create_connection((host, int(port)), timeout=10))
            page.sendall(asked)
            assert b"200 OK" in page.recv(4096)
        with served.client() as client:
            assert client.get("/health", timeout=10).status_code in (200, 503)


def test_json_of_many_rooms_is_no_fault_of_ours(served: Served) -> None:
    with served.client() as client:
        for path, deep in (("/api/v1/session", 60_000), ("/tdas/api/route", 2_000)):
            nested = b'{"name":' + b"[" * deep
            answer = client.post(path, content=nested, headers={"Content-Type": "application/json"})
            assert answer.status_code == 400, path


@pytest.mark.parametrize("version", ["2.0", "2.4"])
def test_who_takes_nothing_of_a_day_gives_up_the_place(monkeypatch: pytest.MonkeyPatch, version: str) -> None:
    monkeypatch.setattr(downloads, "TAKEN_WITHIN_S", 0.05)
    over = []

    async def send_a_day() -> None:
        async def pieces() -> AsyncIterator[bytes]:
            while True:
                yield b"a piece"

        async def never_taken(message: Message) -> None:
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        response = downloads.DayResponse(pieces(), lambda: over.append(True), media_type="text/csv")
        async with asyncio.timeout(5):
            await response({"type": "http", "asgi": {"spec_version": version}}, never_asked, never_taken)

    async def never_asked() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    asyncio.run(send_a_day())
    assert over == [True]
