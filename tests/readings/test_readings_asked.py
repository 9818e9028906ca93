from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from readings_at_noon import DATASET, DAY, NOON, OpenStore, now_and_restarted, reading

from lionrock.core.readings import NEVER_US, READING_SCHEMA, Appended, ReadingColumns, ReadingStore
from lionrock.core.vocabulary import BadInput, NotFound, Quality, Reading, Source, microseconds

FIVE_MINUTES = timedelta(minutes=5)
HOUR = timedelta(hours=1)


def test_latest_is_the_newest_reading_of_every_sensor(open_store: OpenStore) -> None:
    batch = [reading("A", value=40.0), reading("B", minute=3, value=30.0), reading("A", minute=1, value=41.0)]
    open_store().append(DATASET, batch)
    for store in now_and_restarted(open_store(), open_store):
        latest = store.latest(DATASET, "speed")
        assert latest.sensors == ("A", "B")
        assert latest.value.tolist() == [41.0, 30.0]
        assert latest.at_us.tolist() == [microseconds(NOON + timedelta(minutes=m)) for m in (1, 3)]


def test_a_reading_of_the_future_is_the_latest_only_until_there_is_another(open_store: OpenStore) -> None:
    store = open_store()
    store.append(DATASET, [reading("A", day=1, value=99.0), reading("B", day=-1, value=30.0)])
    assert store.latest(DATASET, "speed").value.tolist() == [99.0, 30.0]
    store.append(DATASET, [reading("A", value=41.0), reading("B", day=1, value=98.0)])
    for again in now_and_restarted(store, open_store):
        latest = again.latest(DATASET, "speed")
        assert latest.value.tolist() == latest.good_value.tolist() == [41.0, 30.0]


def test_when_a_clock_is_set_back_the_same_reading_again_takes_the_place_of_one_of_the_future(tmp_path: Path) -> None:
    clock = [NOON + DAY]
    with ReadingStore.open(tmp_path / "store", Source.TWIN, lambda: clock[-1]) as store:
        store.append(DATASET, [reading(value=41.0), reading(day=1, value=99.0)])
        assert store.latest(DATASET, "speed").value.tolist() == [99.0]
        clock.append(NOON)
        assert store.append(DATASET, [reading(value=41.0)]) == Appended(new=0, duplicate=1, conflicting=0)
        assert store.latest(DATASET, "speed").value.tolist() == [41.0]


def test_a_late_row_does_not_become_the_latest(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=5, value=45.0)])
    store.append(DATASET, [reading(minute=4, value=44.0)])
    assert store.latest(DATASET, "speed").value.tolist() == [45.0]


def test_latest_tells_the_newest_good_value_apart(open_store: OpenStore) -> None:
    open_store().append(DATASET, [reading(value=40.0)])
    open_store().append(DATASET, [reading(minute=1, value=None), reading("B", value=None)])
    for store in now_and_restarted(open_store(), open_store):
        latest = store.latest(DATASET, "speed")
        assert latest.quality.tolist() == [Quality.MISSING, Quality.MISSING]
        assert latest.good_at_us.tolist() == [microseconds(NOON), NEVER_US]
        np.testing.assert_array_equal(latest.good_value, [40.0, np.nan])


def test_latest_of_named_sensors_comes_in_their_order(store: ReadingStore) -> None:
    store.append(DATASET, [reading("A", value=1.0), reading("B", value=2.0), reading("C", value=3.0)])
    assert store.latest(DATASET, "speed", ["C", "A"]).value.tolist() == [3.0, 1.0]


def test_an_answer_is_a_copy(store: ReadingStore) -> None:
    store.append(DATASET, [reading(value=40.0)])
    before = store.latest(DATASET, "speed")
    store.append(DATASET, [reading(minute=1, value=41.0)])
    assert before.value.tolist() == [40.0]


def test_an_unheard_data_set_has_no_latest_and_an_unheard_sensor_is_an_error(store: ReadingStore) -> None:
    assert store.latest(DATASET, "speed").sensors == ()
    store.append(DATASET, [reading()])
    with pytest.raises(NotFound, match="'Z'"):
        store.latest(DATASET, "speed", ["A", "Z"])
    with pytest.raises(NotFound, match="'Z'"):
        store.window(DATASET, "Z", "speed", NOON, NOON + HOUR)
    with pytest.raises(NotFound, match="'volume'"):
        store.window(DATASET, "A", "volume", NOON, NOON + HOUR)


def test_a_window_holds_its_start_and_not_its_end(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=m, value=float(m)) for m in (3, 0, 1, 2)])
    window = store.window(DATASET, "A", "speed", NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))
    assert window.value.tolist() == [1.0, 2.0]


def test_a_period_that_ends_before_it_begins_is_refused(store: ReadingStore) -> None:
    with pytest.raises(BadInput, match="before it begins"):
        store.window(DATASET, "A", "speed", NOON, NOON)


def some_readings(seed: int) -> ReadingColumns:
    """Four thousand readings of 20 sensors over two days, a third of them not good, in no order."""
    rng = np.random.default_rng(seed)
    slots = rng.choice(20 * 5000, 4000, replace=False)
    quality = rng.choice([Quality.GOOD, Quality.GOOD, Quality.PLACEHOLDER], 4000).astype(np.uint16)
    at_us = microseconds(NOON - DAY) + slots // 20 * 34_560_000
    return ReadingColumns.of_property(
        "speed", [f"S{slot % 20}" for slot in slots], at_us, rng.uniform(0, 100, 4000).round(1), quality
    )


@pytest.mark.parametrize("minutes", [1, 5, 15, 60, 7])
def test_aggregates_equal_a_naive_computation(store: ReadingStore, minutes: int) -> None:
    early, late = some_readings(1), some_readings(2)
    bucket, start, end = timedelta(minutes=minutes), NOON - HOUR, NOON + timedelta(hours=14)
    store.append(DATASET, early)
    store.aggregate(DATASET, "speed", start, end, bucket)  # the sums are in memory before the late rows come
    store.append(DATASET, late)
    kept = {(r.sensor, r.at): r for r in (*late.readings(), *early.readings())}
    found = store.aggregate(DATASET, "speed", start, end, bucket)
    total, count = np.zeros(found.mean.shape), np.zeros(found.mean.shape)
    for r in kept.values():
        inside = start <= r.at < end and r.quality == Quality.GOOD
        cell = ((r.at - start) // bucket % len(total), found.sensors.index(r.sensor))
        total[cell] += inside * (r.value or 0.0)
        count[cell] += inside
    np.testing.assert_array_equal(found.count, count)
    np.testing.assert_allclose(found.mean, np.where(count, total / np.maximum(count, 1), np.nan), rtol=1e-12)
    assert found.starts_us.tolist() == [microseconds(start + bucket * k) for k in range(len(total))]


def test_buckets_of_whole_five_minutes_widen_the_period_outwards(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=m, value=float(m)) for m in (0, 4, 5, 9)])
    found = store.aggregate(
        DATASET, "speed", NOON + timedelta(minutes=3), NOON + timedelta(minutes=6), timedelta(minutes=5)
    )
    assert found.starts_us.tolist() == [microseconds(NOON), microseconds(NOON + FIVE_MINUTES)]
    assert found.mean.tolist() == [[2.0], [7.0]]


def test_a_sensor_never_heard_of_has_counted_nothing(store: ReadingStore) -> None:
    for bucket in (FIVE_MINUTES, timedelta(minutes=1)):
        found = store.aggregate(DATASET, "speed", NOON, NOON + FIVE_MINUTES, bucket, ["Z"])
        assert (found.count.sum(), np.isnan(found.mean).all()) == (0, True)
    store.append(DATASET, [reading("A", value=1.0), reading("B", value=2.0)])
    for bucket in (FIVE_MINUTES, timedelta(minutes=1)):
        found = store.aggregate(DATASET, "speed", NOON, NOON + timedelta(minutes=1), bucket, ["B", "Z", "A"])
        assert found.count.tolist() == [[1, 0, 1]]
        np.testing.assert_array_equal(found.mean, [[2.0, np.nan, 1.0]])


def test_a_bucket_without_length_is_refused(store: ReadingStore) -> None:
    with pytest.raises(BadInput, match="no length"):
        store.aggregate(DATASET, "speed", NOON, NOON + HOUR, timedelta(0))


def test_a_scan_gives_the_readings_of_a_period_by_property_sensor_and_time(store: ReadingStore) -> None:
    batch = [
        reading("B", minute=1, value=None),
        reading("A", minute=2, value=2.0),
        reading("A", minute=1, value=1.0),
        reading("A", minute=1, of="volume", value=9.0),
        reading("A", minute=9, value=0.0),
    ]
    store.append(DATASET, batch)
    store.append("traffic.others", [reading("A", minute=1)])
    period = (NOON, NOON + timedelta(minutes=9))
    scanned = pa.Table.from_batches(store.scan(DATASET, *period), READING_SCHEMA)
    assert list(ReadingColumns.from_arrow(scanned).readings()) == [batch[0], batch[2], batch[1], batch[3]]
    some = store.scan(DATASET, *period, property_id="speed", sensors=["A", "Z"])
    assert [r.value for found in some for r in ReadingColumns.from_arrow(found).readings()] == [1.0, 2.0]


def test_a_scan_shows_one_moment_of_the_store(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=m) for m in (0, 1)])
    store.append(DATASET, [reading(day=1)])
    scan = store.scan(DATASET, NOON, NOON + 2 * DAY)
    first = next(scan)
    store.append(DATASET, [reading(day=1, minute=1)])
    assert sum((found.num_rows for found in scan), first.num_rows) == 3


def test_flagged_readings_are_kept_and_left_out_of_means(store: ReadingStore) -> None:
    store.append(
        DATASET, [reading(value=40.0), Reading("A", "speed", NOON + FIVE_MINUTES / 2, 70.0, Quality.PLACEHOLDER)]
    )
    assert store.window(DATASET, "A", "speed", NOON, NOON + HOUR).quality.tolist() == [0, Quality.PLACEHOLDER]
    assert store.aggregate(DATASET, "speed", NOON, NOON + FIVE_MINUTES, FIVE_MINUTES).mean.tolist() == [[40.0]]
