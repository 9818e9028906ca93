from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

FILLS_ITS_DISK = """
import json, resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
import duckdb
from lionrock.core.readings import ForecastColumns, ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Source
from datetime import timedelta
noon = datetime(2026, 5, 27, 12, tzinfo=UTC)
names = [f"S{number}" for number in range(5000)]
def batch(k):
    at_us = int(noon.timestamp() * 1e6) + k * 30_000_000
    return ReadingColumns.of_property("speed", names, [at_us] * 5000, [float(k)] * 5000)
def issue(k):
    middle = [[50.0]] * 5000
    at = noon + timedelta(minutes=k)
    return ForecastColumns.of_issue("speed", at, names, [timedelta(0)], (middle, middle, middle), ("m", "1"))
def until_full(append):
    for k in range(1, 200):
        try:
            append(k)
        except duckdb.Error:
            return k
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # a file that may not grow: what a full disk looks like
store = ReadingStore.open(Path(sys.argv[1]), Source.TWIN, lambda: noon)
store.append("t.s", batch(0))
store.append_forecasts("t.f", issue(0))
limit, never = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000_000, never))
refused = until_full(lambda k: store.append("t.s", batch(k)))
refused_issue = until_full(lambda k: store.append_forecasts("t.f", issue(k)))
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, never))
said = {
    "refused": [refused, refused_issue],
    "again": [store.append("t.s", batch(refused)).new, store.append_forecasts("t.f", issue(refused_issue)).new],
    "sums": int(store.aggregate("t.s", "speed", noon, noon + timedelta(hours=9), timedelta(hours=9)).count.sum()),
}
store.close()
with ReadingStore.open(Path(sys.argv[1]), Source.TWIN, lambda: noon) as store:
    stats = store.stats()
    said["held"] = [stats.readings, stats.forecasts]
print(json.dumps(said))
"""


def test_a_full_disk_refuses_batches_and_once_there_is_room_they_are_kept_once(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", FILLS_ITS_DISK, str(tmp_path / "store")], check=True, capture_output=True, text=True
    )
    said = json.loads(run.stdout)
    refused, refused_issue = said["refused"]
    assert 1 < refused < 199
    assert said["again"] == [5000, 5000]
    assert said["held"] == [5000 * (refused + 1), 5000 * (refused_issue + 1)]
    assert said["sums"] == said["held"][0]
