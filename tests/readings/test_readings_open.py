from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest
from readings_at_noon import DATASET, NOON, OpenStore, reading, values

from lionrock.core.readings import ReadingStore
from lionrock.core.readings.database import SCHEMA, migrate
from lionrock.core.vocabulary import BadInput, Source, StoreClosed, WrongSource

OPEN_ELSEWHERE = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from lionrock.core.readings import ReadingStore
from lionrock.core.vocabulary import BadInput, Source
try:
    ReadingStore.open(Path(sys.argv[1]), Source.TWIN, lambda: datetime.now(UTC))
except BadInput as refused:
    print(refused)
"""


def open_at(folder: Path, source: Source = Source.TWIN) -> ReadingStore:
    return ReadingStore.open(folder, source, lambda: NOON)


@pytest.mark.parametrize("other", [Source.LIVE, Source.RECORDING])
def test_a_store_refuses_another_source_and_is_left_as_it_was(tmp_path: Path, other: Source) -> None:
    with open_at(tmp_path) as store:
        store.append(DATASET, [reading()])
    with pytest.raises(WrongSource, match=f"source 'twin', not of '{other}'"):
        open_at(tmp_path, other)
    with open_at(tmp_path) as store:
        assert values(store) == [50.0]


def test_a_folder_has_one_writer_in_this_process_and_in_any_other(store: ReadingStore, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="another process writes this readings store"):
        open_at(tmp_path / "store")
    other = subprocess.run(
        [sys.executable, "-c", OPEN_ELSEWHERE, str(tmp_path / "store")], capture_output=True, text=True, check=True
    )
    assert "another process writes this readings store" in other.stdout
    assert store.append(DATASET, [reading()]).new == 1


def test_a_closed_store_says_so(store: ReadingStore) -> None:
    store.append(DATASET, [reading()])
    scan = store.scan(DATASET, NOON, NOON + timedelta(1))
    store.close()
    store.close()
    asked = [
        lambda: store.append(DATASET, [reading()]),
        lambda: store.latest(DATASET, "speed"),
        lambda: store.latest_forecasts(DATASET, "speed"),
        lambda: values(store),
        lambda: store.aggregate(DATASET, "speed", NOON, NOON + timedelta(1), timedelta(hours=1)),
        lambda: next(scan),
        lambda: store.seal(NOON),
        lambda: store.forget(NOON),
        store.stats,
    ]
    for ask in asked:
        with pytest.raises(StoreClosed):
            ask()


def test_a_kill_while_the_store_is_first_made_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "readings.new").write_bytes(b"half a database")
    (tmp_path / "readings.new.wal").write_bytes(b"half a log")
    with open_at(tmp_path) as store:
        assert store.append(DATASET, [reading()]).new == 1
    assert not (tmp_path / "readings.new").exists()


def test_a_store_of_a_newer_lionrock_is_refused(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    with duckdb.connect(str(tmp_path / "readings.duckdb")) as connection:
        connection.execute("UPDATE facts SET fact = '999' WHERE name = 'schema'")
    with pytest.raises(BadInput, match=f"version 999, this Lionrock knows {len(SCHEMA)}"):
        open_at(tmp_path)


def test_a_schema_step_happens_whole_or_not_at_all(tmp_path: Path) -> None:
    open_at(tmp_path).close()
    good, bad = "CREATE TABLE one (a INTEGER)", "CREATE TABLE two (a NONSENSE)"
    with duckdb.connect(str(tmp_path / "readings.duckdb")) as connection:
        with pytest.raises(duckdb.Error):
            migrate(connection, (*SCHEMA, (good, bad)))
        migrate(connection, (*SCHEMA, (good,)))
        migrate(connection, (*SCHEMA, (good,)))
        assert connection.execute("SELECT fact FROM facts WHERE name = 'schema'").fetchall() == [
            (str(len(SCHEMA) + 1),)
        ]


def test_a_log_cut_short_by_a_kill_is_replayed_up_to_the_cut(open_store: OpenStore, tmp_path: Path) -> None:
    store = open_store()
    store.append(DATASET, [reading(value=40.0)])
    copy = tmp_path / "copy"
    copy.mkdir()
    for name in ("readings.duckdb", "readings.duckdb.wal"):
        (copy / name).write_bytes((tmp_path / "store" / name).read_bytes())
    whole = (copy / "readings.duckdb.wal").stat().st_size
    store.append(DATASET, [reading(minute=1, value=41.0)])
    longer = (tmp_path / "store" / "readings.duckdb.wal").read_bytes()
    (copy / "readings.duckdb.wal").write_bytes(longer[: (whole + len(longer)) // 2])
    with open_at(copy) as found:
        assert values(found) == [40.0]
