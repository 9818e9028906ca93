from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest
from readings_at_noon import DATASET, DAY, NOON, OpenStore

from lionrock.core.readings import ReadingColumns, ReadingStore
from lionrock.core.vocabulary import Source, StoreClosed, microseconds

SENSORS = [f"S{number}" for number in range(100)]
BATCHES = 80
SEALINGS = 12


def batch(number: int) -> ReadingColumns:
    at_us = microseconds(NOON - 2 * DAY + timedelta(minutes=30) * number)
    return ReadingColumns.of_property("speed", SENSORS, [at_us] * 100, [float(number)] * 100)


def write_all(store: ReadingStore, order: list[int]) -> int:
    return sum(store.append(DATASET, batch(number)).new for number in order)


def read_until_full(store: ReadingStore) -> bool:
    """Every kind of answer, over and over: whole batches only, and never fewer than before."""
    seen = 0
    while seen < BATCHES * 100:
        rows = sum(found.num_rows for found in store.scan(DATASET, NOON - 9 * DAY, NOON + 9 * DAY))
        sums = store.aggregate(DATASET, "speed", NOON - 3 * DAY, NOON + 3 * DAY, timedelta(hours=1)).count.sum()
        latest = store.latest(DATASET, "speed")
        assert rows % 100 == sums % 100 == 0
        assert seen <= rows
        assert len(np.unique(latest.at_us)) <= 1
        seen = rows
    return True


def seal_again_and_again(store: ReadingStore) -> int:
    return sum(len(store.seal(NOON + 9 * DAY)) for _ in range(12))


def test_the_store_is_counted_while_days_are_sealed_over_and_over(store: ReadingStore) -> None:
    with ThreadPoolExecutor(1) as threads:
        sealing = threads.submit(write_and_seal, store)
        while not sealing.done():
            store.stats()
        sealing.result()
    assert (store.stats().readings, store.stats().sealed_days) == (SEALINGS * 100, 1)


def write_and_seal(store: ReadingStore) -> None:
    for number in range(SEALINGS):
        store.append(DATASET, batch(number))
        store.seal(NOON + 9 * DAY)


def test_two_writers_two_readers_and_a_sealer_get_along(store: ReadingStore) -> None:
    store.append(DATASET, batch(0))
    with ThreadPoolExecutor(5) as threads:
        readers = [threads.submit(read_until_full, store) for _ in range(2)]
        writers = [
            threads.submit(write_all, store, order) for order in (list(range(BATCHES)), list(range(BATCHES))[::-1])
        ]
        sealer = threads.submit(seal_again_and_again, store)
        assert sum(writer.result() for writer in writers) == (BATCHES - 1) * 100
        assert sealer.result() >= 0
        assert all(reader.result() for reader in readers)
    store.seal(NOON + 9 * DAY)
    sums = store.aggregate(DATASET, "speed", NOON - 3 * DAY, NOON + 3 * DAY, timedelta(hours=1)).count.sum()
    assert store.stats().readings == sums == BATCHES * 100
    assert store.stats().open_days == 0


def test_a_long_log_is_folded_in_once_no_reader_needs_what_it_replaces(tmp_path: Path) -> None:
    log, lanes = tmp_path / "readings.duckdb.wal", [f"S{number}" for number in range(5000)]
    with ReadingStore.open(tmp_path, Source.TWIN, lambda: NOON, wal_mib=1) as store:
        store.append(DATASET, batch(0))
        scan = store.scan(DATASET, NOON - 9 * DAY, NOON + 9 * DAY)
        first = next(scan)
        for day in range(20):  # each a table that came after the reader did
            at_us = microseconds(NOON + day * DAY)
            store.append(DATASET, ReadingColumns.of_property("speed", lanes, [at_us] * 5000, [1.0] * 5000))
        assert log.stat().st_size > 1 << 20
        assert sum((found.num_rows for found in scan), first.num_rows) == 100
        store.append(DATASET, batch(1))
        assert not log.exists()


def test_closing_waits_for_no_reader_and_no_sealing(open_store: OpenStore) -> None:
    store = open_store()
    at_us = microseconds(NOON) + np.arange(1_500_000) // 500 * 10_000_000
    lanes = [f"S{number}" for number in range(500)]
    store.append(DATASET, ReadingColumns.of_property("speed", lanes * 3000, at_us, np.ones(1_500_000)))
    with ThreadPoolExecutor(2) as threads:
        under_way = [
            threads.submit(lambda: [batch.num_rows for batch in store.scan(DATASET, NOON, NOON + DAY)]),
            threads.submit(lambda: store.seal(NOON + 9 * DAY)),
        ]
        sleep(0.05)
        began = monotonic()
        store.close()
        assert monotonic() - began < 2
        for asked in under_way:
            with pytest.raises(StoreClosed):
                asked.result()
    assert open_store().stats().readings == 1_500_000
