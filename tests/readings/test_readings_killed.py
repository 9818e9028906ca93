"""kill -9 while a store takes in, seals, seals again and starts: nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from readings_at_noon import DATASET, DAY, NOON

from lionrock.core.readings import ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Source, microseconds

TAKES_IN_AND_SEALS = """
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from lionrock.core.readings import ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Source
folder, batch = Path(sys.argv[1]), int(sys.argv[2])
noon = datetime(2026, 5, 27, 12, tzinfo=UTC)
sensors = [f"S{number}" for number in range(50)]
os.write(1, b"starting\\n")
with ReadingStore.open(folder, Source.TWIN, lambda: noon, wal_mib=1) as store:
    while True:
        at = noon + timedelta(minutes=batch // 2, days=-(batch % 7))  # seven days at once: late for the sealed ones
        store.append("traffic.speeds", ReadingColumns.of_property(
            "speed", sensors, [int(at.timestamp() * 1e6)] * 50, [float(batch)] * 50))
        os.write(1, f"{batch}\\n".encode())
        batch += 1
        if batch % 40 == 0:
            store.seal(noon)
            os.write(1, b"sealed\\n")
"""


def run_until_killed(folder: Path, first: int, lines: int, linger_s: float) -> int:
    """Let it write ``lines`` lines, and a little longer; the last batch that it acknowledged before it was killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", TAKES_IN_AND_SEALS, str(folder), str(first)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    with child.stdout:
        said = [child.stdout.readline() for _ in range(lines)]
        time.sleep(linger_s)
        os.kill(child.pid, signal.SIGKILL)
        said += child.stdout.readlines()
    assert child.wait() == -signal.SIGKILL
    return max([first - 1, *(int(line) for line in said if line.strip().isdigit() and line.endswith("\n"))])


def require_whole(folder: Path, acknowledged: int) -> int:
    """Every acknowledged batch is there once and whole, and at most one more; the first batch that is not."""
    with ReadingStore.open(folder, Source.TWIN, lambda: NOON) as store:
        found: dict[int, list[tuple[str, int]]] = {}
        for scanned in store.scan(DATASET, NOON - 30 * DAY, NOON + 30 * DAY):
            for reading in ReadingColumns.from_arrow(scanned).readings():
                assert reading.value is not None
                found.setdefault(int(reading.value), []).append((reading.sensor, microseconds(reading.at)))
        assert {len(rows) for rows in found.values()} <= {50}
        assert {len(set(rows)) for rows in found.values()} <= {50}
        assert set(range(acknowledged + 1)) <= set(found) <= set(range(acknowledged + 2))
        assert store.stats().readings == 50 * len(found)
        return len(found)


def survive(folder: Path, kills: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 -- a seed makes a failure repeatable
    first = 0
    for _ in range(kills):
        lines = chance.choice([1, 20, 43, 130])  # at the start, taking in, sealing, sealing again
        acknowledged = run_until_killed(folder, first, lines, chance.uniform(0, 0.06))
        first = require_whole(folder, acknowledged)


def test_nothing_acknowledged_is_lost_or_doubled_by_kills(tmp_path: Path) -> None:
    survive(tmp_path, kills=3, seed=1)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_nothing_acknowledged_is_lost_or_doubled_by_many_kills(tmp_path: Path, seed: int) -> None:
    survive(tmp_path, kills=20, seed=seed)
