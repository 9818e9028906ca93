"""Sealing a day: its rows move from the database into one sorted Parquet file, and exist once at every moment.

The moment that counts is the commit that drops the day's table and names its file: before it the file
is a leftover that a start removes, after it the file is the day. Files never change: rows that
come late open a new table, and sealing again writes both into the next file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from lionrock.core.disk import sync
from lionrock.core.readings.database import Database
from lionrock.core.readings.days import Day, Days
from lionrock.core.readings.layout import day_date
from lionrock.core.readings.shelf import sums_of

ROW_GROUP = 122_880  # rows: small enough that one sensor's window skips nearly all of a day


@dataclass(frozen=True, slots=True)
class Press:
    """What differs between books when a day is sealed.

    ``question`` reads a day's FROM rows in the order of the file; ``namer``, called once the rows are settled,
    gives the function that turns its batches into ``schema``.
    ``sums`` picks FROM rows what is written beside the file, to be found again quickly.
    ``digest`` is a table that goes on holding what ``digest_question`` picks of all rows ever sealed.
    """

    question: str
    schema: pa.Schema
    namer: Callable[[], Callable[[pa.RecordBatch], pa.RecordBatch]]
    sums: str | None = None
    digest: str | None = None
    digest_question: str = ""
    digest_asked: Mapping[str, object] = field(default_factory=dict)


def seal_day(database: Database, days: Days, day: int, press: Press) -> bool:
    """Seal one open day; False when rows came for it meanwhile: it stays as it was, for the next time."""
    table = days.layout.table(day)
    file = _next_file(database.shelf.folder, days.layout.book, day)
    with database.snapshot() as cursor:
        open_rows = _count(cursor, table)
        rows = cursor.sql(days.question(cursor, range(day, day + 1), press.question))
        sealed_rows = _write(database, rows.to_arrow_reader(ROW_GROUP), database.shelf.folder / file, press)
        if press.sums is not None:
            whole = days.question(cursor, range(day, day + 1), press.sums)
            _write_sums(cursor, whole, database.shelf.folder / sums_of(file))
        digest = None
        if press.digest is not None:
            digest = days.ask_tables(
                cursor, [press.digest, table], press.digest_question, press.digest_asked
            ).fetchnumpy()
    with database.writing:
        database.require_open()
        if _count(database.writer, table) != open_rows:
            database.shelf.retire([file])  # nobody was ever told of it
            return False
        after = Day(open=False, file=file, sealed_rows=sealed_rows)
        with database.transaction() as connection:
            days.replace(connection, day, after)
            if digest is not None:
                connection.register("digest", pa.table(digest))
                connection.execute(f"TRUNCATE {press.digest}")
                connection.execute(f"INSERT INTO {press.digest} FROM digest")
                connection.unregister("digest")
        days.remember(day, after)
    return True


def _write(database: Database, reader: pa.RecordBatchReader, file: Path, press: Press) -> int:
    """Write a whole file under another name, make it durable, and only then give it its own; the rows in it."""
    draft, rows, named = file.with_suffix(".new"), 0, press.namer()
    with pq.ParquetWriter(draft, press.schema, compression="zstd", write_page_index=True) as writer:
        for batch in reader:
            database.require_open()  # closing does not wait for a day to be written
            writer.write_batch(named(batch), row_group_size=ROW_GROUP)
            rows += batch.num_rows
    sync(draft)
    draft.rename(file)
    sync(file.parent)
    return rows


def _write_sums(cursor: duckdb.DuckDBPyConnection, question: str, file: Path) -> None:
    draft = file.with_suffix(".new")
    quoted = str(draft).replace("'", "''")
    cursor.execute(f"COPY ({question}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
    sync(draft)
    draft.rename(file)


def _next_file(folder: Path, book: str, day: int) -> str:
    """A name that no file has, not even one that a reader still holds: book, date and edition."""
    editions = (f"{book}-{day_date(day).isoformat()}.{edition}.parquet" for edition in count(1))
    return next(name for name in editions if not (folder / name).exists())


def _count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    (found,) = connection.table(table).count("*").fetchall()
    return int(found[0])
