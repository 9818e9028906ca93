from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from readings_at_noon import DATASET, DAY, NOON, OpenStore, now_and_restarted, reading, values

from lionrock.core.readings import READING_SCHEMA, Appended, ReadingColumns, ReadingStore
from lionrock.core.readings.sealed import read_sealed
from lionrock.core.vocabulary import BadInput, Forecast, NotYet, Reading, Source, WrongSource

TODAY = NOON.date()
TOMORROW = datetime.combine(TODAY + DAY, datetime.min.time(), NOON.tzinfo)


def sealed_files(folder: Path) -> list[str]:
    return sorted(found.name for found in (folder / "store" / "sealed").iterdir())


def sealed_readings(folder: Path, **asked: object) -> list[Reading]:
    batches = read_sealed(folder / "store", Source.TWIN, DATASET, NOON - 9 * DAY, NOON + 9 * DAY, **asked)
    return list(ReadingColumns.from_arrow(pa.Table.from_batches(batches, READING_SCHEMA)).readings())


def test_sealing_moves_whole_days_and_changes_no_answer(open_store: OpenStore) -> None:
    batch = [reading(day=day, minute=m, value=float(10 * day + m)) for day in (0, -1, -2) for m in (1, 0)]
    store = open_store()
    store.append(DATASET, [*batch, reading(day=-1, minute=2, value=None)])
    before = values(store, days=3)
    assert store.seal(NOON) == [TODAY - 2 * DAY, TODAY - DAY]
    for again in now_and_restarted(store, open_store):
        assert values(again, days=3) == before
        assert (again.stats().readings, again.stats().open_days, again.stats().sealed_days) == (7, 1, 2)
        assert again.latest(DATASET, "speed").value.tolist() == [1.0]


def test_by_default_days_older_than_three_are_sealed(store: ReadingStore) -> None:
    store.append(DATASET, [reading(day=-day) for day in range(6)])
    assert store.seal() == [TODAY - 5 * DAY, TODAY - 4 * DAY]


def test_a_sensor_silent_since_its_last_day_was_sealed_keeps_its_latest(open_store: OpenStore) -> None:
    store = open_store()
    store.append(DATASET, [reading(value=40.0), reading(minute=1, value=None), reading("B", day=1, value=30.0)])
    store.seal(TOMORROW)
    for again in now_and_restarted(store, open_store):
        latest = again.latest(DATASET, "speed", ["A", "B"])
        assert latest.good_value.tolist() == [40.0, 30.0]
        assert latest.quality.tolist() == [1, 0]


def test_rows_of_a_sealed_day_are_known_and_late_ones_are_kept_once(open_store: OpenStore) -> None:
    store = open_store()
    store.append(DATASET, [reading(minute=0, value=40.0), reading(minute=2, value=42.0)])
    store.seal(TOMORROW)
    late = [reading(minute=0, value=40.0), reading(minute=1, value=41.0), reading(minute=2, value=0.0)]
    assert store.append(DATASET, late) == Appended(new=1, duplicate=1, conflicting=1)
    assert values(open_store()) == [40.0, 41.0, 42.0]
    assert open_store().append(DATASET, late) == Appended(new=0, duplicate=2, conflicting=1)


def test_sealing_again_merges_late_rows_and_removes_the_old_file(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store()
    store.append(DATASET, [reading(minute=0, value=40.0), reading(minute=2, value=42.0)])
    store.seal(TOMORROW)
    assert sealed_files(tmp_path) == ["manifest.json", "readings-2026-05-27.1.parquet", "readings-2026-05-27.1.sums"]
    store.append(DATASET, [reading(minute=1, value=41.0)])
    assert [r.value for r in sealed_readings(tmp_path)] == [40.0, 42.0]
    assert store.seal(TOMORROW) == [TODAY]
    assert sealed_files(tmp_path) == ["manifest.json", "readings-2026-05-27.2.parquet", "readings-2026-05-27.2.sums"]
    assert [r.value for r in sealed_readings(tmp_path)] == [40.0, 41.0, 42.0]
    assert store.seal(TOMORROW) == []


def test_sealed_days_are_read_without_the_database_as_the_store_scans_them(store: ReadingStore, tmp_path: Path) -> None:
    batch = [
        reading(s, day=d, value=v, of=p) for d in (-1, 0) for s, v in (("A", 1.0), ("B", None)) for p in ("x", "y")
    ]
    store.append(DATASET, batch)
    store.append("traffic.others", [reading()])
    store.seal(TOMORROW)
    scanned = pa.Table.from_batches(store.scan(DATASET, NOON - DAY, NOON + DAY))
    assert sealed_readings(tmp_path) == list(ReadingColumns.from_arrow(scanned).readings())
    assert sealed_readings(tmp_path, property_id="y", sensors=["B"]) == [
        reading("B", day=d, value=None, of="y") for d in (-1, 0)
    ]


def test_only_sealed_days_of_the_right_source_are_read(store: ReadingStore, tmp_path: Path) -> None:
    with pytest.raises(NotYet, match="no sealed days"):
        next(read_sealed(tmp_path / "nowhere", Source.TWIN, DATASET, NOON, NOON + DAY))
    with pytest.raises(WrongSource, match="'twin', not of 'live'"):
        next(read_sealed(tmp_path / "store", Source.LIVE, DATASET, NOON, NOON + DAY))
    store.append(DATASET, [reading()])
    assert sealed_readings(tmp_path) == []


def test_a_reader_under_way_keeps_the_file_that_is_replaced(store: ReadingStore, tmp_path: Path) -> None:
    store.append(DATASET, [reading(), reading("B", day=1)])
    store.seal(TOMORROW + DAY)
    scan = store.scan(DATASET, NOON, NOON + 2 * DAY)
    next(scan)
    store.append(DATASET, [reading(day=1, minute=1)])
    store.seal(TOMORROW + DAY)
    assert "readings-2026-05-28.1.parquet" in sealed_files(tmp_path)
    assert [found.num_rows for found in scan] == [1]
    assert "readings-2026-05-28.1.parquet" not in sealed_files(tmp_path)


def test_what_a_kill_left_on_the_shelf_is_removed_at_the_next_start(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store()
    store.append(DATASET, [reading()])
    store.seal(TOMORROW)
    store.close()
    shelf = tmp_path / "store" / "sealed"
    (shelf / "readings-2026-05-27.2.parquet").write_bytes(b"never committed")
    (shelf / "readings-2026-05-28.1.new").write_bytes(b"half")
    (shelf / "manifest.json").write_text(json.dumps({"source": "twin", "books": {"readings": {}}}))
    assert values(open_store()) == [50.0]
    assert sealed_files(tmp_path) == ["manifest.json", "readings-2026-05-27.1.parquet", "readings-2026-05-27.1.sums"]
    assert len(sealed_readings(tmp_path)) == 1


def test_a_sealed_file_that_is_gone_is_an_error_not_a_gap(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store()
    store.append(DATASET, [reading()])
    store.seal(TOMORROW)
    (tmp_path / "store" / "sealed" / "readings-2026-05-27.1.parquet").unlink()
    with pytest.raises(BadInput, match="a sealed file is gone"):
        open_store()


@pytest.mark.parametrize("manifest", ["kept", "gone too", "broken"])
def test_days_whose_database_is_gone_are_an_error_and_stay(
    open_store: OpenStore, tmp_path: Path, manifest: str
) -> None:
    store = open_store()
    store.append(DATASET, [reading(), reading(day=-1)])
    store.seal(TOMORROW)
    store.close()
    folder = tmp_path / "store"
    (folder / "readings.duckdb").rename(tmp_path / "lost")
    if manifest == "gone too":
        (folder / "sealed" / "manifest.json").unlink()
    if manifest == "broken":
        (folder / "sealed" / "manifest.json").write_text('{"books": {"rea')
    for _ in range(2):
        with pytest.raises(BadInput, match=r"sealed days lie here .* \(2 files, readings-2026-05-26.1.parquet to"):
            open_store()
    (tmp_path / "lost").replace(folder / "readings.duckdb")
    assert values(open_store(), days=2) == [50.0, 50.0]


def test_days_newer_than_the_database_that_was_put_back_are_an_error_and_stay(
    open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store()
    store.append(DATASET, [reading(day=-1)])
    store.seal(NOON)
    store.close()
    database = tmp_path / "store" / "readings.duckdb"
    older = database.read_bytes()
    store = open_store()
    store.append(DATASET, [reading()])
    store.seal(TOMORROW)
    store.close()
    newer = database.read_bytes()
    database.write_bytes(older)
    with pytest.raises(BadInput, match=r"readings-2026-05-27\.1\.parquet"):
        open_store()
    database.write_bytes(newer)
    assert values(open_store(), days=2) == [50.0, 50.0]


def test_a_kill_while_days_are_forgotten_leaves_a_store_that_opens(
    open_store: OpenStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    store.append(DATASET, [reading(day=-1), reading()])
    store.seal(TOMORROW)
    database = store._database

    def killed() -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as torn:
        torn.setattr(database, "transaction", killed)
        with pytest.raises(KeyboardInterrupt):
            store.forget(NOON)
    store.close()
    again = open_store()
    assert values(again, days=2) == [50.0, 50.0]
    assert again.forget(NOON) == [TODAY - DAY]
    assert len(sealed_readings(tmp_path)) == 1


def test_what_is_forgotten_is_gone_from_every_answer_and_from_disk(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store()
    old = [reading(day=-2), reading("B", day=-1), reading("B", day=-1, value=1.0)]
    store.append(DATASET, old)
    store.seal(NOON - DAY)
    store.append(DATASET, [reading()])
    store.aggregate(DATASET, "speed", NOON - 3 * DAY, NOON, timedelta(hours=1))
    assert store.forget(NOON) == [TODAY - 2 * DAY, TODAY - DAY]
    for again in now_and_restarted(store, open_store):
        assert values(again, days=3) == [50.0]
        assert again.latest(DATASET, "speed").sensors == ("A",)
        assert again.aggregate(DATASET, "speed", NOON - 3 * DAY, NOON, timedelta(hours=1)).count.sum() == 0
        assert again.list_conflicts(DATASET) == []
    assert sealed_files(tmp_path) == ["manifest.json"]
    assert open_store().append(DATASET, old[:2]).new == 2


def test_a_day_forgotten_and_filled_again_under_a_readers_eyes_is_sealed_for_good(
    open_store: OpenStore, tmp_path: Path
) -> None:
    store = open_store()
    store.append(DATASET, [reading(value=40.0), reading(day=1)])
    store.seal(TOMORROW)
    scan = store.scan(DATASET, NOON, NOON + 2 * DAY)
    next(scan)
    store.forget(TOMORROW)
    store.append(DATASET, [reading(value=41.0)])
    store.seal(TOMORROW)
    scan.close()
    assert values(open_store()) == [41.0]
    assert len(sealed_files(tmp_path)) == 3


def test_days_are_utc_days(store: ReadingStore) -> None:
    store.append(DATASET, [reading(minute=-12 * 60), reading(minute=12 * 60 - 1), reading(minute=12 * 60)])
    assert store.seal(TOMORROW) == [date(2026, 5, 27)]
    assert (store.stats().open_days, store.stats().sealed_days) == (1, 1)


@pytest.mark.parametrize("beside", ["kept", "gone"])
def test_sums_after_a_restart_count_the_sealed_rows_and_the_late_ones(
    open_store: OpenStore, tmp_path: Path, beside: str
) -> None:
    with open_store() as store:
        store.append(DATASET, [reading(minute=0, value=40.0), reading(minute=1, value=50.0)])
        store.append(DATASET, [reading(minute=2, value=None)])
        store.seal(TOMORROW)
        store.append(DATASET, [reading(minute=3, value=60.0), reading("B", minute=3, value=7.0)])
    {"kept": list, "gone": _unlink_all}[beside]((tmp_path / "store" / "sealed").glob("*.sums"))
    sums = open_store().aggregate(DATASET, "speed", NOON, NOON + timedelta(minutes=5), timedelta(minutes=5))
    assert dict(zip(sums.sensors, sums.count[0].tolist(), strict=True)) == {"A": 3, "B": 1}
    assert dict(zip(sums.sensors, sums.mean[0].tolist(), strict=True)) == {"A": 50.0, "B": 7.0}


def _unlink_all(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink()


def test_the_span_of_each_day_is_that_of_its_rows_open_sealed_or_late(open_store: OpenStore) -> None:
    store = open_store()
    store.append(DATASET, [reading(day=-1, minute=5), reading("B", day=-1, minute=9, of="flow"), reading(minute=3)])
    store.append("other.data", [reading(day=-2)])
    store.append_forecasts("traffic.ahead", [Forecast("A", "speed", NOON, DAY, 1.0, 2.0, 3.0, "m", "v")])

    def spans(store: ReadingStore) -> list[list[float]]:
        return [[(at - NOON) / timedelta(minutes=1) for at in span] for span in store.list_spans(DATASET)]

    assert spans(store) == [[5 - 1440, 9 - 1440], [3, 3]]
    store.seal(NOON)
    store.append(DATASET, [reading(day=-1, minute=20), reading(day=-1, minute=1)])  # late, beside the sealed file
    for again in now_and_restarted(store, open_store):
        assert spans(again) == [[1 - 1440, 20 - 1440], [3, 3]]
        assert spans(again) == [[1 - 1440, 20 - 1440], [3, 3]]  # the sealed part from memory
        assert again.list_spans("traffic.ahead") == [(NOON, NOON)]
        assert again.list_spans("nobody.nothing") == []
