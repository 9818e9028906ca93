from __future__ import annotations

from datetime import timedelta

import pytest
from readings_at_noon import DATASET, NOON, OpenStore, reading, values

from lionrock.core.readings import Appended, ReadingColumns, ReadingStore
from lionrock.core.vocabulary import BadInput, Quality, Reading


def test_what_was_appended_is_there_after_a_restart(open_store: OpenStore) -> None:
    batch = [reading(minute=1, value=41.0), reading(minute=0, value=40.0), reading(minute=2, value=None)]
    assert open_store().append(DATASET, batch) == Appended(new=3, duplicate=0, conflicting=0)
    assert values(open_store()) == [40.0, 41.0, None]


def test_the_same_rows_again_change_nothing(open_store: OpenStore) -> None:
    batch = [reading(minute=m, value=v) for m, v in ((0, 40.0), (1, None), (2, 42.0))]
    open_store().append(DATASET, batch)
    assert open_store().append(DATASET, batch) == Appended(new=0, duplicate=3, conflicting=0)
    assert open_store().stats().readings == 3


def test_a_row_twice_in_one_batch_is_stored_once(store: ReadingStore) -> None:
    assert store.append(DATASET, [reading(), reading()]) == Appended(new=1, duplicate=1, conflicting=0)
    assert store.stats().readings == 1


def test_a_late_row_fills_its_gap_once(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=0, value=40.0), reading(minute=2, value=42.0)])
    assert store.append(DATASET, [reading(minute=1, value=41.0)]).new == 1
    assert store.append(DATASET, [reading(minute=1, value=41.0)]).duplicate == 1
    assert values(store) == [40.0, 41.0, 42.0]


def test_another_value_for_a_moment_is_refused_counted_and_shown(store: ReadingStore) -> None:
    store.append(DATASET, [reading(value=40.0)])
    for _ in range(2):
        assert store.append(DATASET, [reading(value=41.0)]) == Appended(new=0, duplicate=0, conflicting=1)
    (conflict,) = store.list_conflicts(DATASET)
    assert (conflict.sensor, conflict.property, conflict.at) == ("A", "speed", NOON)
    assert (conflict.kept, conflict.kept_quality) == (40.0, Quality.GOOD)
    assert (conflict.offered, conflict.offered_quality) == (41.0, Quality.CONFLICT)
    assert values(store) == [40.0]
    assert store.stats().conflicts == 1


def test_of_two_values_in_one_batch_the_first_is_kept(store: ReadingStore) -> None:
    batch = [reading(value=40.0), reading(value=41.0), reading(value=40.0)]
    assert store.append(DATASET, batch) == Appended(new=1, duplicate=1, conflicting=1)
    assert values(store) == [40.0]


def test_within_a_batch_rows_are_measured_against_what_is_stored(store: ReadingStore) -> None:
    store.append(DATASET, [reading(value=40.0)])
    batch = [reading(value=41.0), reading(value=40.0)]
    assert store.append(DATASET, batch) == Appended(new=0, duplicate=1, conflicting=1)


def test_another_quality_for_the_same_value_is_a_contradiction(store: ReadingStore) -> None:
    store.append(DATASET, [Reading("A", "speed", NOON, 40.0)])
    assert store.append(DATASET, [Reading("A", "speed", NOON, 40.0, Quality.INVALID)]).conflicting == 1


def test_the_mark_of_a_conflict_is_itself_no_contradiction(store: ReadingStore) -> None:
    store.append(DATASET, [Reading("A", "speed", NOON, 40.0)])
    assert store.append(DATASET, [Reading("A", "speed", NOON, 40.0, Quality.CONFLICT)]).duplicate == 1


def test_a_value_that_was_said_twice_is_a_good_one(store: ReadingStore) -> None:
    store.append(DATASET, [Reading("A", "speed", NOON, 40.0, Quality.REPEATED)])
    assert store.append(DATASET, [Reading("A", "speed", NOON, 40.0)]).duplicate == 1
    latest = store.latest(DATASET, "speed")
    assert (latest.good_value.tolist(), latest.quality.tolist()) == ([40.0], [Quality.REPEATED])
    for bucket in (timedelta(minutes=5), timedelta(minutes=7)):  # from the sums beside the rows, and from the rows
        found = store.aggregate(DATASET, "speed", NOON, NOON + bucket, bucket)
        assert (found.mean.tolist(), found.count.tolist()) == ([[40.0]], [[1]])


def test_a_value_after_a_missing_one_is_a_contradiction(store: ReadingStore) -> None:
    store.append(DATASET, [reading(value=None)])
    assert store.append(DATASET, [reading(value=40.0)]).conflicting == 1
    assert store.list_conflicts(DATASET)[0].kept is None


def test_sensor_property_and_data_set_each_tell_rows_apart(store: ReadingStore) -> None:
    store.append(DATASET, [reading(value=1.0), reading(sensor="B", value=2.0), reading(of="volume", value=3.0)])
    assert store.append("traffic.others", [reading(value=4.0)]).new == 1
    assert store.stats().readings == 4
    assert store.latest(DATASET, "volume").value.tolist() == [3.0]
    assert store.latest("traffic.others", "speed").value.tolist() == [4.0]


def test_a_refused_batch_leaves_nothing_behind(store: ReadingStore) -> None:
    with pytest.raises(BadInput):
        store.append(DATASET, [reading(), reading(minute=1, value=float("inf"))])
    assert store.stats().readings == 0


def test_one_batch_may_span_days(open_store: OpenStore) -> None:
    batch = [reading(day=day, value=float(day)) for day in (2, -1, 0)]
    assert open_store().append(DATASET, batch).new == 3
    assert open_store().append(DATASET, batch).duplicate == 3
    assert open_store().stats().open_days == 3


def test_columns_and_readings_are_the_same_batch(store: ReadingStore) -> None:
    batch = [reading(), reading(sensor="B", value=None)]
    assert store.append(DATASET, batch).new == 2
    assert store.append(DATASET, ReadingColumns.from_readings(batch)).duplicate == 2
    assert store.append(DATASET, []) == Appended(new=0, duplicate=0, conflicting=0)
