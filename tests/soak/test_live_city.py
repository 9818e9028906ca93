"""``lionrock up --live`` over the city's own addresses, whose servers stand on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from city_on_tls import serve_city
from http_site import Answer
from running_lionrock import Running, start_lionrock, stop, wait_for, wait_until_ready

from lionrock.app.twin_process import TwinProcess
from lionrock.core.settings import Settings

pytestmark = pytest.mark.soak
VACANCY = "https://resource.data.one.gov.hk/td/carpark/vacancy_all.json"
NOT_YET = {
    "incidents.what_ifs",  # a question to the simulation: nobody puts it here
    "buses.citybus_arrivals",  # which stops to ask about is worked out once an hour
}
ASKED_WITH = ("If-None-Match", "If-Modified-Since")
ANSWERED_WITH = ("etag", "last-modified", "content-type")


@dataclass
class CityServers:
    """The simulated city behind the real one's addresses; a host in ``gone`` answers nothing but an error."""

    twin: httpx.Client
    gone: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def answer(self, url: str, headers: Message) -> Answer:
        self.asked.add(url)
        if urlsplit(url).netloc in self.gone:
            return 503, {}, b""
        wanted = {name: value for name in ASKED_WITH if (value := headers[name]) is not None}
        told = self.twin.get(f"/{url.removeprefix('https://')}", headers=wanted)
        return (
            told.status_code,
            {name: told.headers[name] for name in ANSWERED_WITH if name in told.headers},
            told.content,
        )


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityServers]:
    twin = TwinProcess.start(Settings(data=tmp_path_factory.mktemp("twin"), backfill_days=0))
    twin.wait_until_a_day_is_ready()
    with httpx.Client(base_url=twin.base, timeout=30) as client:
        yield CityServers(client)
    twin.stop()


@pytest.fixture(scope="module")
def live(servers: CityServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("live")
    with serve_city(folder, servers.answer) as way_there:
        lionrock = start_lionrock(folder, "--live", LIONROCK_BACKFILL_DAYS="0", **way_there)
        wait_until_ready(lionrock)
        yield lionrock
        stop(lionrock)


def feeds(live: Running) -> dict[str, dict[str, Any]]:
    return {feed["id"]: feed for feed in live.get("/status.json").json()["feeds"]}


def test_the_switch_reads_every_feed_at_the_city_s_own_address(live: Running, servers: CityServers) -> None:
    wait_for(lambda: {name for name, feed in feeds(live).items() if not feed["last_success"]} <= NOT_YET, 90)
    assert {name: feed["error"] for name, feed in feeds(live).items() if feed["error"]} == {}
    assert VACANCY in servers.asked
    kept = {path.name for path in (live.folder / "data" / "live" / "archive").iterdir()}
    assert kept == {urlsplit(url).netloc for url in servers.asked}


def test_nothing_is_called_simulated(live: Running) -> None:
    assert live.get("/status.json").json()["source"] == "live"
    assert 'data-testid="simulated"' not in live.get("/en/").text
    assert live.get("/api/v1/traffic/speeds?departure=0").json()["simulated"] is False


def test_what_a_silent_server_told_last_stays_with_its_reason(live: Running, servers: CityServers) -> None:
    host = urlsplit(VACANCY).netloc
    servers.gone.add(host)
    told = wait_for(lambda: next((feed for feed in feeds(live).values() if feed["error"]), None), 90)
    assert "503" in told["error"]["en"]
    assert live.get("/api/v1/parking/vacancy").json()["car_parks"]
