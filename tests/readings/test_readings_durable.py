from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BATCHES = 20
APPENDS = f"""
import os, sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from lionrock.core.readings import ForecastColumns, ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Source
noon = datetime(2026, 5, 27, 12, tzinfo=UTC)
sensors = [f"S{{number}}" for number in range(500)]
def batch(k):
    at_us = int((noon + timedelta(seconds=30 * k)).timestamp() * 1e6)
    return ReadingColumns.of_property("speed", sensors, [at_us] * 500, [float(k)] * 500)
def issue(k):
    middle = [[50.0]] * 500
    at = noon + timedelta(minutes=k)
    return ForecastColumns.of_issue("speed", at, sensors, [timedelta(0)], (middle, middle, middle), ("m", "1"))
with ReadingStore.open(Path(sys.argv[1]), Source.TWIN, lambda: noon) as store:
    store.append("t.s", batch(0))
    store.append_forecasts("t.f", issue(0))
    for mark, appends in (
        ("readings", lambda k: store.append("t.s", batch(k))),
        ("forecasts", lambda k: store.append_forecasts("t.f", issue(k))),
        ("repeats", lambda k: store.append("t.s", batch(k))),
        ("end", None),
    ):
        os.write(2, f"mark {{mark}}\\n".encode())
        for k in range(1, 1 + {BATCHES}) if appends else ():
            appends(k)
"""


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed: it counts the fsyncs")
def test_an_acknowledged_batch_costs_one_fsync_and_a_repeated_one_none(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    calls = "trace=fsync,fdatasync,sync_file_range,msync,write"
    subprocess.run(
        ["strace", "-f", "-e", calls, "-o", str(trace), sys.executable, "-c", APPENDS, str(tmp_path / "store")],
        check=True,
        capture_output=True,
    )
    syncs: dict[str, int] = {}
    mark = "start"
    for line in trace.read_text(errors="replace").splitlines():
        mark = match[1] if (match := re.search(r'write\(2, "mark (\w+)', line)) else mark
        syncs[mark] = syncs.get(mark, 0) + bool(re.search(r"\b(fsync|fdatasync|sync_file_range|msync)\(", line))
    assert {name: syncs[name] for name in ("readings", "forecasts", "repeats")} == {
        "readings": BATCHES,
        "forecasts": BATCHES,
        "repeats": 0,
    }
