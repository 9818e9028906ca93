"""kill -9 of a whole Lionrock, twenty times: what it had told anybody is there afterwards, nothing is there twice."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from operators_at_work import PASSWORD, act, add_operator
from running_lionrock import Running, start_lionrock, stop, wait_for, wait_until_ready

from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import Source

KILLS = 20
LONGEST_S = 12.0  # of it the start takes about five: some kills meet it
LANES = "traffic.lanes"
WINDOWS = 5
SEED = 3

Told = tuple[str, str, datetime, float | None]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Running]]:
    """Starts Lionrock over the same folder again and again; none is left behind."""
    started: list[Running] = []

    def begin() -> Running:
        started.append(start_lionrock(tmp_path, LIONROCK_BACKFILL_DAYS="2"))
        return started[-1]

    yield begin
    for each in started:
        each.process.kill()
        each.process.wait()


@pytest.mark.soak
def test_nothing_that_was_told_is_lost_or_doubled_by_twenty_kills(start: Callable[[], Running], tmp_path: Path) -> None:
    chance = random.Random(SEED)  # noqa: S311 -- a seed makes a failure repeatable
    told, incidents = set[Told](), set[str]()
    operator = ""
    for kill in range(KILLS):
        lionrock = start()
        if kill % 4:
            wait_until_ready(lionrock)
            operator = operator or add_operator(lionrock, "chan")
            until = time.monotonic() + chance.uniform(0.5, LONGEST_S)
            incidents.add(_open_incident(lionrock, operator, kill))
            while time.monotonic() < until:
                told |= _ask_lanes(lionrock, chance)
        else:  # while it starts
            time.sleep(chance.uniform(0.2, LONGEST_S / 2))
        lionrock.process.kill()
        assert lionrock.process.wait() == -signal.SIGKILL
    lionrock = start()
    wait_until_ready(lionrock)
    known = lionrock.get("/api/v1/incidents?state=all").json()["incidents"]
    entries = _read_journal(lionrock, operator)
    stop(lionrock)
    assert lionrock.process.returncode == 0
    assert incidents <= {one["id"] for one in known}
    assert len(incidents) == len([entry for entry in entries if entry["who"] == operator])
    wait_for(lambda: not _left_behind(tmp_path), within_s=20)
    table = _stored(tmp_path / "data" / "twin" / "readings")
    assert told
    assert told - _rows_among(table, told) == set()
    times = table.group_by(["sensor", "property", "at"]).aggregate([("value", "count")])
    assert pc.max(times["value_count"]).as_py() == 1


def _left_behind(folder: Path) -> list[int]:
    """The processes that still work in that folder: no twin outlives who started it."""
    known = (int(each.name) for each in Path("/proc").glob("[0-9]*"))
    return [pid for pid in known if str(folder).encode() in _words(pid)]


def _words(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def _open_incident(lionrock: Running, operator: str, number: int) -> str:
    with httpx.Client(base_url=lionrock.base, timeout=30) as client:
        return act(
            client,
            operator,
            "incidents/open",
            kind="accident",
            road="Waterloo Road",
            lon=114.17,
            lat=22.3 + number / 1000,
        )


def _read_journal(lionrock: Running, operator: str) -> list[dict[str, Any]]:
    with httpx.Client(base_url=lionrock.base, timeout=30) as client:
        client.post("/api/v1/session", json={"name": operator, "password": PASSWORD}).raise_for_status()
        return list(client.get("/api/v1/journal?limit=100").raise_for_status().json())


def _ask_lanes(lionrock: Running, chance: random.Random) -> set[Told]:
    """What it tells of all lanes now, and of some lanes' past two days."""
    told = set[Told]()
    rows = _rows(lionrock, {"limit": 20_000})
    told |= {_told(row) for row in rows}
    now = max((datetime.fromisoformat(row["at"]) for row in rows), default=datetime.now(UTC))
    for row in chance.sample(rows, min(WINDOWS, len(rows))):
        window = {"sensor": row["sensor"], "property": row["property"], "limit": 20_000}
        span = {"from": (now - timedelta(days=3)).isoformat(), "to": now.isoformat()}
        told |= {_told(one) for one in _rows(lionrock, window | span)}
    return told


def _rows(lionrock: Running, asked: dict[str, Any]) -> list[dict[str, Any]]:
    answer = httpx.get(f"{lionrock.base}/api/v1/datasets/{LANES}.json", params=asked, timeout=30)
    return list(answer.raise_for_status().json()["rows"])


def _told(row: dict[str, Any]) -> Told:
    return row["sensor"], row["property"], datetime.fromisoformat(row["at"]), row["value"]


def _stored(folder: Path) -> pa.Table:
    """The lanes' readings, read from the folder once Lionrock has let go of it."""
    now = datetime.now(UTC)
    with ReadingStore.open(folder, Source.TWIN, lambda: now) as store:
        batches = list(store.scan(LANES, now - timedelta(days=5), now + timedelta(days=1)))
    return pa.Table.from_batches(batches).select(["sensor", "property", "at", "value"])


def _rows_among(table: pa.Table, told: set[Told]) -> set[Told]:
    """Those of ``told`` that the table has."""
    found = set[Told]()
    for batch in table.to_batches():
        columns = (batch.column(name).to_pylist() for name in ("sensor", "property", "at", "value"))
        found |= told.intersection(zip(*columns, strict=True))
    return found
