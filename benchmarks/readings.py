"""How fast the readings store takes in, keeps and answers, with twenty million rows already there.

Through the public interface: every batch durable and idempotent, a reader thread beside the writer. Bare DuckDB (the
same columns, one transaction a batch, no keys, no reader) runs on the same disk for comparison.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa

from lionrock.core.readings import ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Quality, Reading, Source, microseconds, moment_of

DATASET = "traffic.detectors"
SENSORS = tuple(f"AID{number // 4:05d}/lane{number % 4}" for number in range(2000))
PROPERTIES = ("speed", "volume", "occupancy")
START = datetime(2026, 5, 26, tzinfo=UTC)
FLAGGED = 0.05  # of the readings are not good
PERIOD_US = 30_000_000  # a detector reports every 30 seconds
HELD_ROWS = 20_000_000
PERIODS = HELD_ROWS // (len(SENSORS) * len(PROPERTIES)) + 1  # 3,334: a day and four hours


def run() -> dict[str, float]:
    """The figures by name: rows per second, milliseconds, bytes a row, and our share of bare DuckDB's rate."""
    with TemporaryDirectory(prefix="lionrock-bench-") as folder:
        place = Path(folder)
        figures = {"from_readings_12000_ms": _median_ms(_twelve_thousand_readings(), 15)}
        bare = {size: _bare_duckdb(place / f"bare{size}.duckdb", size) for size in (1_000, 10_000)}
        with _open(place / "store") as store:
            figures |= _preload(store)
            figures |= _answers(store, "")
            rate = {size: _append_beside_a_reader(store, size) for size in (1_000, 10_000)}
            figures |= _answers(store, "_after")
        figures |= _start_and_seal(place / "store")
    return figures | {
        "rows_per_s": rate[1_000],
        "rows_per_s_10000": rate[10_000],
        "bare_duckdb_rows_per_s": bare[1_000],
        "bare_duckdb_rows_per_s_10000": bare[10_000],
        "share_of_bare_duckdb": rate[1_000] / bare[1_000],
        "share_of_bare_duckdb_10000": rate[10_000] / bare[10_000],
    }


def _open(folder: Path) -> ReadingStore:
    return ReadingStore.open(folder, Source.TWIN, lambda: START + timedelta(days=30))


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _batches(first_period: int, size: int, seed: int) -> Iterator[ReadingColumns]:
    """Batches of ``size`` rows in the order of a live feed: period by period, every lane and property."""
    rng = np.random.default_rng(seed)
    lanes = len(SENSORS) * len(PROPERTIES)
    row = first_period * lanes
    while True:
        rows = np.arange(row, row + size)
        yield ReadingColumns(
            sensors=SENSORS,
            properties=PROPERTIES,
            sensor=(rows % len(SENSORS)).astype(np.int32),
            property=(rows // len(SENSORS) % len(PROPERTIES)).astype(np.int32),
            at_us=microseconds(START) + rows // lanes * PERIOD_US,
            value=rng.integers(0, 100, size).astype(np.float64),
            quality=np.where(rng.random(size) < FLAGGED, Quality.PLACEHOLDER, Quality.GOOD).astype(np.uint16),
        )
        row += size


def _preload(store: ReadingStore) -> dict[str, float]:
    began, rows, size = time.perf_counter(), 0, 40 * len(SENSORS) * len(PROPERTIES)
    for batch in _batches(0, size, seed=1):
        rows += store.append(DATASET, batch).new
        if rows >= HELD_ROWS:
            break
    seconds = time.perf_counter() - began
    stats = store.stats()
    _say(f"readings: {rows:,} rows held after {seconds:.1f} s, {stats.database_bytes / 1e6:.0f} MB")
    return {"held_rows": float(rows), "preload_s": seconds, "bytes_per_row": stats.database_bytes / rows}


def _append_beside_a_reader(store: ReadingStore, size: int, seconds: float = 5.0) -> float:
    """Rows per second of new rows, while another thread asks for latest values, windows and sums."""
    newest = moment_of(int(store.latest(DATASET, "speed").at_us.max()))
    batches = _batches((newest - START) // timedelta(microseconds=PERIOD_US) + 1, size, seed=size)
    ready = [next(batches) for _ in range(int(1_500_000 * seconds) // size)]
    stop, reads = threading.Event(), [0]
    reader = threading.Thread(target=_read_until, args=(store, newest, stop, reads))
    reader.start()
    rows, began = 0, time.perf_counter()
    for batch in ready:
        rows += store.append(DATASET, batch).new
        if time.perf_counter() - began > seconds:
            break
    taken = time.perf_counter() - began
    stop.set()
    reader.join()
    _say(f"readings: {rows / taken:,.0f} rows/s in batches of {size:,}, beside {reads[0] / taken:.0f} reads/s")
    return rows / taken


def _read_until(store: ReadingStore, end: datetime, stop: threading.Event, reads: list[int]) -> None:
    questions: tuple[Callable[[], object], ...] = (
        lambda: store.latest(DATASET, "speed"),
        lambda: store.window(DATASET, SENSORS[7], "speed", end - timedelta(hours=1), end),
        lambda: store.aggregate(DATASET, "speed", end - timedelta(minutes=5), end, timedelta(minutes=5)),
        lambda: store.latest(DATASET, "volume"),
    )
    while not stop.wait(0.02):
        questions[reads[0] % len(questions)]()
        reads[0] += 1


def _answers(store: ReadingStore, when: str) -> dict[str, float]:
    end = START + PERIODS * timedelta(microseconds=PERIOD_US)
    day = timedelta(days=1)

    def sums() -> object:
        return store.aggregate(DATASET, "speed", end - day, end, timedelta(minutes=5))

    first = _median_ms(sums, 1)
    figures = {
        "latest_ms": _median_ms(lambda: store.latest(DATASET, "speed"), 25),
        "aggregate_24h_first_ms": first,
        "aggregate_24h_ms": _median_ms(sums, 9),
        "window_24h_ms": _median_ms(lambda: store.window(DATASET, SENSORS[99], "speed", end - day, end), 9),
        "window_1h_ms": _median_ms(lambda: store.window(DATASET, SENSORS[99], "speed", end - day / 24, end), 9),
        "repeated_batch_10000_ms": _median_ms(_repeat(store), 9),
    }
    _say("readings: " + ", ".join(f"{name} {figure:.1f}" for name, figure in figures.items()))
    return {name.removesuffix("_ms") + when + "_ms": figure for name, figure in figures.items()}


def _repeat(store: ReadingStore) -> Callable[[], object]:
    batch = next(_batches(PERIODS // 2, 10_000, seed=3))
    return lambda: store.append(DATASET, batch)


def _start_and_seal(folder: Path) -> dict[str, float]:
    began = time.perf_counter()
    with _open(folder) as store:
        opened = time.perf_counter() - began
        began = time.perf_counter()
        days = store.seal()
        sealed = time.perf_counter() - began
        stats = store.stats()
    rows = f"{stats.readings:,} rows of {len(days)} days"
    _say(f"readings: opened in {opened:.2f} s, sealed {rows} in {sealed:.1f} s: {stats.sealed_bytes / 1e6:.0f} MB")
    began = time.perf_counter()
    with _open(folder) as store:
        reopened = time.perf_counter() - began
        asked = _answers(store, "_sealed")
    return {
        "open_s": opened,
        "open_sealed_s": reopened,
        "seal_s": sealed,
        "sealed_bytes_per_row": stats.sealed_bytes / stats.readings,
    } | asked


def _bare_duckdb(file: Path, size: int) -> float:
    connection = duckdb.connect(str(file), config={"threads": 2, "checkpoint_threshold": "1TB"})
    kinds = "channel USMALLINT, series UINTEGER, at_us BIGINT, value DOUBLE, quality USMALLINT"
    connection.execute(f"CREATE TABLE bare ({kinds})")
    source = _batches(0, size, seed=4)
    ready = [_as_table(next(source)) for _ in range(2_000_000 // size)]
    began = time.perf_counter()
    for table in ready:
        connection.begin()
        connection.register("fresh", table)
        connection.execute("INSERT INTO bare FROM fresh")
        connection.unregister("fresh")
        connection.commit()
    taken = time.perf_counter() - began
    connection.close()
    _say(f"readings: bare DuckDB takes {len(ready) * size / taken:,.0f} rows/s in batches of {size:,}")
    return len(ready) * size / taken


def _as_table(batch: ReadingColumns) -> pa.Table:
    columns = (
        batch.property.astype(np.uint16),
        batch.sensor.astype(np.uint32),
        batch.at_us,
        batch.value,
        batch.quality,
    )
    return pa.table(dict(zip(("channel", "series", "at_us", "value", "quality"), columns, strict=True)))


def _twelve_thousand_readings() -> Callable[[], object]:
    readings = [
        Reading(sensor, of, START + timedelta(seconds=30 * period), 50.0)
        for period in range(2)
        for of in PROPERTIES
        for sensor in SENSORS
    ]
    return lambda: ReadingColumns.from_readings(readings)


def _median_ms(ask: Callable[[], object], times: int) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append(time.perf_counter() - began)
    return median(taken) * 1000
