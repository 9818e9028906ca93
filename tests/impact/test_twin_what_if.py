"""What if, asked of a running twin at its address."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from lionrock.core.vocabulary import BadInput
from lionrock.twin.network import list_links
from lionrock.twin.what_if import put_question, read_asked

NOW = datetime.fromisoformat("2026-11-18T08:30:00+08:00")
LINK = next(link for link in list_links() if link.lanes == 3)
QUESTION: dict[str, Any] = {
    "link": LINK.route_id,
    "start": "2026-11-18T08:10:00+08:00",
    "end": "2026-11-18T08:20:00+08:00",
    "lanes_closed": 2,
    "seeds": 2,
    "measures": [{"name": "open one lane", "from": "2026-11-18T08:15:00+08:00", "open_lanes": 1}],
}
AROUND = {"name": "divert half", "from": "2026-11-18T08:15:00+08:00", "avoid": LINK.route_id, "share": 0.5}


def asked(**changes: Any) -> str:
    return json.dumps(QUESTION | changes)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"link": 3}, "no link 3"),
        ({"lanes_closed": 4}, "4 lanes closed of a road that has 3"),
        ({"end": "2026-11-18T08:12:00+08:00"}, "5 minutes to 4 hours"),
        ({"end": "2026-11-18T08:40:00"}, "without a time zone"),
        ({"start": "2025-11-18T08:10:00+08:00"}, "too far from the present"),
        ({"measures": []}, "0 measures"),
        ({"seeds": 50}, "50 seeds"),
        ({"speed": 3}, "unknown field"),
        ({"measures": [{"name": "m", "from": "2026-11-18T08:20:00+08:00"}]}, "neither open_lanes nor avoid"),
        ({"measures": [{**AROUND, "share": 0}]}, "a share above 0"),
        ({"measures": [{**AROUND, "avoid": 3}]}, "no link 3"),
        ({"measures": [{**AROUND, "until": "2026-11-18T08:15:00+08:00"}]}, "ends before it starts"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_with_the_field(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        read_asked(asked(**changes), NOW)


def test_a_question_becomes_the_hours_around_the_incident() -> None:
    question = put_question(read_asked(asked(measures=[QUESTION["measures"][0], AROUND]), NOW), seed=5, scale=0.5)
    scenario = question.scenario
    assert scenario.incident.road == LINK.key
    assert scenario.incident.end_s - scenario.incident.start_s == timedelta(minutes=10).total_seconds()
    assert scenario.count_from_s == scenario.incident.start_s >= 3600
    assert scenario.duration_s >= scenario.incident.end_s + 3600
    assert question.measures[0].openings[0].at_s == scenario.incident.start_s + 300
    assert question.measures[1].diversions[0].end_s == scenario.incident.end_s


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    words = ["--port", str(port), "--folder", str(tmp_path_factory.mktemp("days")), "--scale", "0.02", "--history", "0"]
    process = subprocess.Popen([sys.executable, "-m", "lionrock.twin", *words, "--epoch", NOW.isoformat()])
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=httpx.HTTPTransport(retries=8)) as client:
        yield client
    process.terminate()
    process.wait(10)


def settled(client: httpx.Client, question: str) -> dict[str, Any]:
    """The answer, once the twin has simulated it."""
    until = time.monotonic() + 120
    while True:
        told: dict[str, Any] = client.get("/twin/what-if", params={"scenario": question}).json()
        if told["state"] not in {"waiting", "running"}:
            return told
        assert time.monotonic() < until, f"no answer: {told}"
        time.sleep(0.1)


def test_the_twin_answers_a_question_with_an_interval_and_keeps_the_answer(twin: httpx.Client) -> None:
    told = settled(twin, asked())
    assert told["simulated"]
    assert told["state"] == "done", told
    estimate = told["estimate"]
    assert [each["name"] for each in estimate["saved"]] == ["open one lane"]
    assert estimate["cost"]["low"] <= estimate["cost"]["middle"] <= estimate["cost"]["high"]
    assert estimate["unit"] == "vehicle-hours"
    assert twin.post("/twin/what-if", content=asked()).json() == told


def test_a_refused_question_says_why_and_starts_nothing(twin: httpx.Client) -> None:
    told = settled(twin, asked(link=3))
    assert told["state"] == "refused"
    assert "no link 3" in told["problem"]
    assert twin.post("/twin/what-if", content="{" * 20_000).json()["state"] == "refused"


def test_no_more_than_a_few_questions_wait(twin: httpx.Client) -> None:
    told = [twin.post("/twin/what-if", content=asked(lanes_closed=1, seeds=seeds)).json() for seeds in range(2, 7)]
    assert {each["state"] for each in told[:3]} <= {"waiting", "running"}
    assert told[4]["state"] == "busy"


def test_the_twin_is_asked_from_this_machine_only(twin: httpx.Client) -> None:
    assert twin.get("/twin/what-if", headers={"host": "example.org"}).status_code == 403
