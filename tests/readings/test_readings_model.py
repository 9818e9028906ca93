"""Whatever the order of batches, repeats, seals and restarts: the store holds what a dict would."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from readings_at_noon import DATASET, DAY, NOON

from lionrock.core.readings import Appended, ReadingColumns, ReadingStore
from lionrock.core.readings.layout import CLOCKS_DIFFER
from lionrock.core.vocabulary import Quality, Reading, Source, microseconds

Key = tuple[str, str, int]
PRESENT = microseconds(NOON + CLOCKS_DIFFER)
readings = st.builds(
    lambda sensor, of, step, value: Reading(
        sensor, of, NOON + step * DAY / 4, value, Quality.MISSING if value is None else Quality.GOOD
    ),
    st.sampled_from("ABC"),
    st.sampled_from(["speed", "volume"]),
    st.integers(0, 7),
    st.sampled_from([0.0, 1.0, None]),
)
batches = st.lists(readings, max_size=12)
steps = st.lists(batches | st.sampled_from(["seal", "restart", "sums"]), max_size=12)


def append_to_dict(kept: dict[Key, Reading], batch: list[Reading]) -> Appended:
    new = duplicate = 0
    for found in batch:
        key = (found.sensor, found.property, microseconds(found.at))
        new += key not in kept
        duplicate += kept.get(key) == found
        kept.setdefault(key, found)
    return Appended(new=new, duplicate=duplicate, conflicting=len(batch) - new - duplicate)


def content(store: ReadingStore) -> dict[Key, Reading]:
    scanned = [
        r for b in store.scan(DATASET, NOON - DAY, NOON + 9 * DAY) for r in ReadingColumns.from_arrow(b).readings()
    ]
    found = {(r.sensor, r.property, microseconds(r.at)): r for r in scanned}
    assert len(found) == len(scanned) == store.stats().readings
    return found


def require_same(store: ReadingStore, kept: dict[Key, Reading]) -> None:
    assert content(store) == kept
    for of in ("speed", "volume"):
        latest = store.latest(DATASET, of)
        newest = {
            s: max((at for sensor, p, at in kept if (sensor, p) == (s, of)), key=lambda at: (at <= PRESENT, at))
            for s, p, _ in kept
            if p == of
        }
        assert dict(zip(latest.sensors, latest.at_us.tolist(), strict=True)) == newest
        good = [r for (_, p, _), r in kept.items() if p == of and r.quality == Quality.GOOD]
        sums = store.aggregate(DATASET, of, NOON, NOON + 2 * DAY, timedelta(hours=6))
        assert sums.count.sum() == len(good)


@settings(max_examples=12, deadline=None)
@given(steps=steps)
def test_the_store_holds_what_a_dict_would(steps: list[list[Reading] | str]) -> None:
    kept: dict[Key, Reading] = {}
    with TemporaryDirectory() as folder:
        store = ReadingStore.open(Path(folder), Source.TWIN, lambda: NOON)
        try:
            for step in steps:
                match step:
                    case "seal":
                        store.seal(NOON + 9 * DAY)
                    case "sums":
                        store.aggregate(DATASET, "speed", NOON, NOON + 2 * DAY, timedelta(hours=6))
                    case "restart":
                        store.close()
                        store = ReadingStore.open(Path(folder), Source.TWIN, lambda: NOON)
                    case batch:
                        assert store.append(DATASET, batch) == append_to_dict(kept, batch)
            require_same(store, kept)
        finally:
            store.close()
