"""A whole running Lionrock, asked over HTTP."""

from __future__ import annotations

import json
import shutil
import socket
import time
from pathlib import Path

import httpx
import pytest
from running_lionrock import Running, start_lionrock, stop, wait_until_ready

from lionrock.app.discovery import discover

VACANCY = "resource.data.one.gov.hk/td/carpark/vacancy_all.json"
STOPS_WITHIN_S = 2.0
PAGES = ("", "status", "incidents", "services", "ai-register", "data-flow", "datasets", "parking")


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("tc", "zh-Hant-HK"), ("sc", "zh-Hans")])
def test_every_page_is_there_in_three_languages(running: Running, page: str, language: str, tag: str) -> None:
    answer = running.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert f'<html lang="{tag}"' in answer.text
    assert 'data-testid="simulated"' in answer.text


def test_the_root_leads_to_the_browsers_language(running: Running) -> None:
    wanted = {"en-GB": "/en/", "zh-HK,zh;q=0.9": "/tc/", "zh-CN": "/sc/", "fr": "/en/"}
    led = {accept: running.get("/", **{"Accept-Language": accept}).headers["location"] for accept in wanted}
    assert led == wanted


def test_every_answer_has_a_strict_content_policy(running: Running) -> None:
    policies = [running.get(path).headers["content-security-policy"] for path in ("/en/", "/health", "/nowhere")]
    assert all("default-src 'none'" in policy and "unsafe" not in policy for policy in policies)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "lionrock.local:8000"])
def test_another_host_name_is_refused(running: Running, host: str) -> None:
    answer = running.get("/status.json", Host=host)
    assert (answer.status_code, answer.headers["content-type"]) == (403, "application/problem+json")


def test_a_page_of_another_site_is_refused(running: Running) -> None:
    assert running.get("/status.json", Origin="https://evil.example").status_code == 403


def test_a_question_cannot_be_posted_to_and_an_action_not_without_signing_in(running: Running) -> None:
    assert httpx.post(f"{running.base}/api/v1/parking/vacancy", json={}).status_code == 405
    assert httpx.post(f"{running.base}/api/v1/incidents/close", json={}).status_code == 401


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        (f"/{'a' * 2001}", 414, "more than 2000 letters"),
        ("/api/v1/traffic/speeds?departure=7", 400, "departure"),
        ("/api/v1/traffic/speeds?departure=soon", 400, "departure"),
        ("/api/v1/traffic/speeds?depature=15", 400, "depature"),
        ("/api/v1/traffic/speeds?departure=0&departure=15", 400, "twice"),
        ("/api/v1/traffic/roads/nowhere", 404, "nowhere"),
        ("/api/v1/parking/car-parks/tdc999999", 404, "tdc999999"),
        ("/api/v1/nothing", 404, "/api/v1/nothing"),
        ("/xx/status", 404, "/xx/status"),
        ("/set-aside/999999", 404, "999999"),
        ("/static/..%2F..%2F..%2Fpyproject.toml", 404, "pyproject"),
    ],
)
def test_a_wrong_request_is_told_what_is_wrong(running: Running, path: str, status: int, words: str) -> None:
    answer = running.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert words in answer.json()["detail"]


def test_a_person_is_told_in_a_page_of_their_language(running: Running) -> None:
    answer = running.get("/tc/nowhere", Accept="text/html")
    assert (answer.status_code, answer.headers["content-language"]) == (404, "zh-Hant-HK")
    assert "/tc/nowhere" in answer.text


def test_an_unchanged_answer_costs_no_body(running: Running) -> None:
    first = running.get("/api/v1/holidays")  # nothing else changes it while the city starts
    again = running.get("/api/v1/holidays", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_every_documented_question_answers_its_own_example(running: Running) -> None:
    document = running.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert "http" not in json.dumps(document["components"])
    declared = {f"/api/v1/{question.path}" for service in discover().services for question in service.questions}
    asked = {path: item["get"] for path, item in document["paths"].items() if path in declared and "{" not in path}
    statuses = {
        path: running.get(
            path
            + "?"
            + "&".join(f"{p['name']}={p['example']}" for p in operation["parameters"] if p["example"] is not None)
        ).status_code
        for path, operation in asked.items()
    }
    assert set(statuses.values()) == {200}, statuses


def test_the_map_names_only_roads_of_the_network(running: Running) -> None:
    network = {feature["id"] for feature in running.get("/api/v1/traffic/network").json()["features"]}
    speeds = running.get("/api/v1/traffic/speeds?departure=0").json()
    assert speeds["simulated"] is True
    assert set(speeds["ids"]) <= network
    assert len(speeds["ids"]) == len(speeds["speed_kmh"]) == len(speeds["age_s"])


def test_a_broken_feed_is_told_kept_aside_and_mended(running: Running) -> None:
    before = running.get("/api/v1/parking/vacancy").json()["car_parks"]
    httpx.post(f"{running.twin}/twin/break", params={"feed": VACANCY, "how": "html"}).raise_for_status()
    try:
        feed = _wait_for_feed(running, "parking.vacancy", "failing")
        assert "HTML" in feed["error"]["en"]
        aside = next(one for one in running.get("/status.json").json()["set_aside"] if one["feed"] == "parking.vacancy")
        kept = running.get(aside["href"])
        assert kept.headers["content-type"] == "text/plain; charset=utf-8"
        assert kept.headers["content-disposition"].startswith("attachment")
        assert b"<html" in kept.content.lower()
        assert len(running.get("/api/v1/parking/vacancy").json()["car_parks"]) == len(before)
    finally:
        httpx.post(f"{running.twin}/twin/start", params={"feed": VACANCY}).raise_for_status()
    _wait_for_feed(running, "parking.vacancy", "ok")


def _wait_for_feed(running: Running, wanted: str, state: str) -> dict[str, object]:
    until = time.monotonic() + 100
    while time.monotonic() < until:
        feed = next(one for one in running.get("/status.json").json()["feeds"] if one["id"] == wanted)
        if feed["state"] == state:
            return feed
        time.sleep(0.5)
    raise AssertionError(f"{wanted} is {feed['state']}: {feed['error']}")


def test_ctrl_c_stops_with_streams_open_loses_nothing_and_starts_again(running: Running, tmp_path: Path) -> None:
    days = Path("data", "twin", "days")
    shutil.copytree(running.folder / days, tmp_path / days)  # simulated once is enough
    lionrock = start_lionrock(tmp_path, LIONROCK_BACKFILL_DAYS="0")
    wait_until_ready(lionrock)
    port = int(lionrock.base.rpartition(":")[2])
    streams = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]
    for stream in streams:
        stream.sendall(b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert all(b"200 OK" in stream.recv(4096) for stream in streams)
    readings = lionrock.get("/status.json").json()["readings"]
    assert stop(lionrock) < STOPS_WITHIN_S  # a promise to whoever presses Ctrl-C; a fifth of it is what it takes
    assert lionrock.process.returncode == 0
    again = start_lionrock(tmp_path, LIONROCK_BACKFILL_DAYS="0")
    try:
        wait_until_ready(again)
        assert again.get("/status.json").json()["readings"] >= readings > 0
    finally:
        stop(again)
    for stream in streams:
        stream.close()


def test_a_taken_port_is_refused_by_name(running: Running, tmp_path: Path) -> None:
    port = running.base.rpartition(":")[2]
    second = start_lionrock(tmp_path, LIONROCK_PORT=port)
    assert second.process.wait(20) == 1
    assert f"LIONROCK_PORT={port}" in (tmp_path / "log.txt").read_text()
