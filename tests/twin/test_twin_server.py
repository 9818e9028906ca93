"""The twin as a process: addresses, conditional requests, the archive, faults, its beginning and its end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from twin_days import SCALE, SEED, WEDNESDAY

from lionrock.twin.city import TwinCity

DETECTORS = "resource.data.one.gov.hk/td/traffic-detectors/rawSpeedVol-all.xml"
ARCHIVE = "api.data.gov.hk/v1/historical-archive"
EPOCH = f"{WEDNESDAY}T08:30:00+08:00"
MOST_MEMORY_KB = 150_000


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def command(port: int, folder: Path, *options: str) -> list[str]:
    fixed = ["--port", str(port), "--folder", str(folder), "--seed", str(SEED), "--scale", str(SCALE), "--epoch", EPOCH]
    return [sys.executable, "-m", "lionrock.twin", *fixed, *options]


def wait_for(client: httpx.Client, path: str) -> httpx.Response:
    """The first answer at all; the test's own time-out ends the waiting."""
    until = time.monotonic() + 40
    while True:
        try:
            return client.get(path)
        except httpx.TransportError:
            assert time.monotonic() < until, "the twin never answered"
            time.sleep(0.05)


@contextlib.contextmanager
def started(words: list[str], **options: Any) -> Iterator[subprocess.Popen[str]]:
    """A process that is gone afterwards, whatever the test found."""
    process: subprocess.Popen[str] = subprocess.Popen(words, text=True, **options)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def warm_folder(city: TwinCity, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The simulated Wednesday under the names of all the days that the server wants: none must be made."""
    folder = tmp_path_factory.mktemp("warm")
    for day in (17, 18, 19):
        name = city.path_of(WEDNESDAY.replace(day=day)).name
        (folder / name).hardlink_to(city.path_of(WEDNESDAY))
    return folder


@pytest.fixture(scope="module")
def twin(warm_folder: Path) -> Iterator[httpx.Client]:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        started(command(port, warm_folder, "--history", "1", "--stop", "wind")),
        httpx.Client(base_url=address) as client,
    ):
        wait_for(client, "/twin/progress")
        yield client


def test_a_feed_answers_under_its_real_address(twin: httpx.Client) -> None:
    answer = twin.get(f"/{DETECTORS}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.content.endswith(b"</raw_speed_volume_list>")


def test_what_did_not_change_is_not_sent_again(twin: httpx.Client) -> None:
    places = "/static.data.gov.hk/td/traffic-data-strategic-major-roads/info/traffic_speed_volume_occ_info.csv"
    first = twin.get(places)
    by_tag = twin.get(places, headers={"If-None-Match": first.headers["etag"]})
    by_date = twin.get(places, headers={"If-Modified-Since": first.headers["last-modified"]})
    other = twin.get(
        places, headers={"If-None-Match": '"another"', "If-Modified-Since": first.headers["last-modified"]}
    )
    placeless = twin.get(places, headers={"If-Modified-Since": first.headers["last-modified"].replace("GMT", "-0000")})
    too_late = twin.get(places, headers={"If-Modified-Since": "Fri, 31 Dec 9999 23:59:59 GMT"})
    assert (by_tag.status_code, by_tag.content, by_date.status_code) == (304, b"", 304)
    assert (placeless.status_code, too_late.status_code) == (304, 200)
    assert other.content == first.content


def test_parameters_choose_the_language_and_the_layer(twin: httpx.Client) -> None:
    weather = "/data.weather.gov.hk/weatherAPI/opendata/weather.php"
    english, chinese = (twin.get(weather, params={"dataType": "rhrread", "lang": lang}) for lang in ("en", "tc"))
    assert "Sha Tin" in english.text
    assert "沙田" in chinese.text
    wfs = "/portal.csdi.gov.hk/server/services/common/td_rcd_1638949160594_2844/MapServer/WFSServer"
    query = {"service": "wfs", "request": "GetFeature", "typenames": "CENTERLINE", "outputFormat": "geojson"}
    assert twin.get(wfs, params=query).json()["name"] == "CENTERLINE"


def test_an_address_that_is_not_published_is_not_found(twin: httpx.Client) -> None:
    assert twin.get("/www.td.gov.hk/en/nothing.xml").status_code == 404
    assert twin.get("/").status_code == 404


def test_the_archive_lists_past_versions_and_gives_their_bytes_fast(twin: httpx.Client) -> None:
    asked = {"url": f"https://{DETECTORS}", "start": "20261117", "end": "20261118"}
    stamps = twin.get(f"/{ARCHIVE}/list-file-versions", params=asked).json()["timestamps"]
    assert stamps == sorted(stamps)
    assert stamps[0].startswith("20261117-")
    assert "20261118-0700" < stamps[-1] <= "20261118-0831"
    chosen = [stamp for stamp in stamps if stamp > "20261118-0600"][:50]
    twin.get(f"/{ARCHIVE}/get-file", params={"url": asked["url"], "time": chosen[0]})
    started = time.perf_counter()
    bodies = [twin.get(f"/{ARCHIVE}/get-file", params={"url": asked["url"], "time": stamp}).content for stamp in chosen]
    assert (time.perf_counter() - started) / len(chosen) < 0.05  # 15 ms on an idle machine, its HTTP included
    assert len(set(bodies)) > 0.8 * len(chosen)


def test_the_archive_has_the_very_file_that_was_live(twin: httpx.Client) -> None:
    live = twin.get(f"/{DETECTORS}")
    now = twin.get("/twin/clock").json()["now"]
    stamp = now[:16].replace("-", "").replace("T", "-").replace(":", "")
    kept = twin.get(f"/{ARCHIVE}/get-file", params={"url": f"https://{DETECTORS}", "time": stamp})
    assert live.headers["last-modified"] == kept.headers["last-modified"]
    assert live.content == kept.content


@pytest.mark.parametrize(
    "asked",
    [
        {"url": "https://nowhere.example/x", "time": "20261118-0700"},
        {"url": f"https://{DETECTORS}", "time": "yesterday"},
        {"url": f"https://{DETECTORS}", "time": "20301118-0700"},
        {},
    ],
)
def test_the_archive_says_what_it_cannot_give(twin: httpx.Client, asked: dict[str, str]) -> None:
    assert twin.get(f"/{ARCHIVE}/get-file", params=asked).status_code == 400


def test_the_archive_lists_a_month_and_says_that_a_longer_span_is_too_long(twin: httpx.Client) -> None:
    spans = [("20261019", "20261118"), ("20261018", "20261118"), ("00010101", "99991231")]
    month, longer, longest = (
        twin.get(f"/{ARCHIVE}/list-file-versions", params={"url": f"https://{DETECTORS}", "start": start, "end": end})
        for start, end in spans
    )
    assert month.json()["timestamps"][0].startswith("20261019-")
    assert (longer.status_code, longest.status_code) == (400, 400)
    assert "at most 31 days" in longest.text


def test_a_day_that_is_not_simulated_is_asked_for_again_later(twin: httpx.Client) -> None:
    asked = {"url": f"https://{DETECTORS}", "time": "20261101-0700"}
    answer = twin.get(f"/{ARCHIVE}/get-file", params=asked)
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert twin.get("/twin/progress").json()["days"]["2026-11-01"] in {"waiting", "simulating", "ready"}


def test_a_broken_feed_is_broken_until_it_is_started_again(twin: httpx.Client) -> None:
    news = "/www.td.gov.hk/en/special_news/trafficnews.xml"
    whole = twin.get(news).content
    twin.post("/twin/break", params={"feed": "traffic-news-en", "how": "truncated"}).raise_for_status()
    assert whole.startswith(twin.get(news).content)
    twin.post("/twin/break", params={"feed": "traffic-news-en", "how": "html"})
    assert b"<html>" in twin.get(news).content
    twin.post("/twin/break", params={"feed": f"https:/{news}", "how": "empty"})
    assert twin.get(news).content == b""
    twin.post("/twin/stop", params={"feed": "traffic-news-en"})
    assert twin.get(news).status_code == 404
    twin.post("/twin/start", params={"feed": "traffic-news-en"})
    assert twin.get(news).content == whole


def test_a_feed_can_be_stopped_from_the_beginning(twin: httpx.Client) -> None:
    wind = "/data.weather.gov.hk/weatherAPI/hko_data/regional-weather/latest_10min_wind.csv"
    assert twin.get(wind).status_code == 404


def test_control_needs_a_known_feed_a_known_fault_and_this_machine(twin: httpx.Client) -> None:
    assert twin.post("/twin/stop", params={"feed": "nonsense"}).status_code == 400
    assert twin.post("/twin/break", params={"feed": "detectors", "how": "nonsense"}).status_code == 400
    elsewhere = twin.post("/twin/stop", params={"feed": "detectors"}, headers={"Host": "evil.example"})
    assert elsewhere.status_code == 403


@pytest.mark.parametrize("path", ["stop?feed=detectors", "start?feed=wind", "break?feed=detectors&how=html", "what-if"])
def test_a_page_of_another_site_controls_nothing(twin: httpx.Client, path: str) -> None:
    before = twin.get("/twin/feeds").json()
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert twin.post(f"/twin/{path}", headers=headers).status_code == 403
    assert twin.get("/twin/what-if?scenario=1", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert twin.get("/twin/feeds").json() == before


def test_an_empty_folder_is_filled_by_itself_and_the_server_stays_small(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with started(command(port, tmp_path, "--history", "0")) as process, httpx.Client(base_url=address) as client:
        answers = [wait_for(client, f"/{DETECTORS}")]
        until = time.monotonic() + 60
        while answers[-1].status_code == 503 and time.monotonic() < until:
            time.sleep(0.2)
            answers.append(client.get(f"/{DETECTORS}"))
        status = Path(f"/proc/{process.pid}/status").read_text()
    memory_kb = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
    assert answers[0].status_code == 503
    assert answers[-1].status_code == 200
    assert memory_kb < MOST_MEMORY_KB


def test_it_ends_within_a_second_of_being_asked_while_a_day_is_made(tmp_path: Path) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with started(command(port, tmp_path)) as process, httpx.Client(base_url=address) as client:
        making = wait_for(client, "/twin/progress").json()
        process.send_signal(signal.SIGTERM)
        assert process.wait(1) == 0
    assert making["ready"] == 0


def test_it_ends_when_its_parent_is_gone(warm_folder: Path) -> None:
    port = free_port()
    code = (
        "import subprocess, sys, time\n"
        "process = subprocess.Popen(sys.argv[1:])\n"
        "print(process.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    words = [sys.executable, "-c", code, *command(port, warm_folder, "--history", "0")]
    address = f"http://127.0.0.1:{port}"
    with started(words, stdout=subprocess.PIPE) as parent, httpx.Client(base_url=address) as client:
        assert parent.stdout is not None
        orphan = int(parent.stdout.readline())
        assert wait_for(client, "/twin/progress").status_code == 200
        parent.kill()
        parent.wait()
        parent.stdout.close()
        until = time.monotonic() + 10
        while is_running(orphan) and time.monotonic() < until:
            time.sleep(0.05)
    assert not is_running(orphan)


def test_it_ends_too_when_its_parent_was_gone_before_it_began(warm_folder: Path) -> None:
    with started([sys.executable, "-c", "pass"]) as gone:
        gone.wait()
    with started(command(free_port(), warm_folder, "--history", "0", "--parent", str(gone.pid))) as process:
        assert process.wait(30) == 0


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        os.kill(pid, 0)
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def test_a_taken_port_is_said_so(warm_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ended = subprocess.run(
            command(taken.getsockname()[1], warm_folder), capture_output=True, text=True, timeout=20, check=False
        )
    assert ended.returncode == 1
    assert "is taken" in ended.stderr
