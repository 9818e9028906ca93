"""The DuckDB file of a readings store: one writing process, one source, a schema that grows in steps."""

from __future__ import annotations

import fcntl
import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import duckdb

from lionrock.core.disk import sync
from lionrock.core.readings.shelf import Shelf
from lionrock.core.vocabulary import BadInput, Source, StoreClosed, WrongSource

MIB = 1 << 20
CLOSING_S = 2.0  # how long a reader may take to notice that it was interrupted
SPILL = "spill"  # DuckDB's overflow while it sorts
SCHEMA: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE channels (channel USMALLINT, dataset VARCHAR, property VARCHAR)",
        "CREATE TABLE series (channel USMALLINT, series UINTEGER, sensor VARCHAR)",
        "CREATE TABLE days (book VARCHAR, day INTEGER, open BOOLEAN, file VARCHAR, rows BIGINT)",
        """CREATE TABLE newest_sealed
            (channel USMALLINT, series UINTEGER, at_us BIGINT, value DOUBLE, quality USMALLINT)""",
        """CREATE TABLE conflicts
            (channel USMALLINT, series UINTEGER, at_us BIGINT, kept DOUBLE, kept_quality USMALLINT,
             offered DOUBLE, offered_quality USMALLINT, seen_us BIGINT)""",
        "CREATE TABLE models (model USMALLINT, name VARCHAR, version VARCHAR)",
    ),
)
"""One tuple of statements a schema version. Never edit a released step: append the next one."""


class Database:
    """An open readings database. Writing needs ``writing`` (one writer at a time); readers take cursors."""

    def __init__(self, folder: Path, source: Source, memory_mib: int, wal_mib: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder, self._wal_limit = folder, wal_mib * MIB
        self.writing = threading.RLock()
        self._cursors: list[duckdb.DuckDBPyConnection] = []
        self.file = folder / "readings.duckdb"
        self._wal = folder / "readings.duckdb.wal"
        self.shelf = Shelf(folder / "sealed", source)
        self._lock = _lock_folder(folder)
        try:
            shutil.rmtree(folder / SPILL, ignore_errors=True)  # what a killed sort left
            if not self.file.exists():
                _create(self.file, source)
            self.writer = _connect(self.file, memory_mib)
            try:
                _require_source(self.writer, source, folder)
                migrate(self.writer, SCHEMA)
            except BaseException:
                self.writer.close()
                raise
        except BaseException:
            os.close(self._lock)
            raise
        self._open = True

    def require_open(self) -> None:
        """Raises :class:`StoreClosed` after :meth:`close`."""
        if not self._open:
            raise StoreClosed(f"the readings store in {self.folder} is closed")

    def transaction(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """The writer's next changes as one: one record in the log, one fsync. The caller holds ``writing``."""
        return all_or_nothing(self.writer)

    @contextmanager
    def snapshot(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader's cursor that sees one moment of the store throughout, beside the writer."""
        self.require_open()
        with self.shelf.borrowed():
            try:
                cursor = self.writer.cursor()
            except (AttributeError, duckdb.ConnectionException) as error:  # closed since the line above
                raise StoreClosed(f"the readings store in {self.folder} was closed meanwhile") from error
            self._cursors.append(cursor)
            try:
                cursor.begin()
                yield cursor
            except (duckdb.Error, OSError) as error:  # Arrow hands on an interruption as an OSError
                if self._open:
                    raise
                raise StoreClosed(f"the readings store in {self.folder} was closed meanwhile") from error
            finally:
                self._cursors.remove(cursor)
                cursor.close()

    def wal_bytes(self) -> int:
        """How much was written since the last checkpoint, which takes the log away at any moment."""
        try:
            return self._wal.stat().st_size
        except FileNotFoundError:
            return 0

    def bytes(self) -> int:
        """The database and its log on disk."""
        return self.file.stat().st_size + self.wal_bytes()

    def checkpoint_when_due(self) -> None:
        """Fold a long write-ahead log into the database file, so that start-up need not replay it."""
        if self.wal_bytes() > self._wal_limit:
            self.checkpoint()

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the database file; put off while a reader still needs what it would replace."""
        with self.writing:
            self.require_open()
            try:
                self.writer.execute("CHECKPOINT")
            except duckdb.TransactionException:
                return  # the log is complete and stays; the next append or sealing tries again

    def close(self) -> None:
        """Stop readers where they are, fold in the log, let go of the folder; a second call does nothing."""
        with self.writing:
            if self._open:
                self._open = False
                try:
                    self._close_writer()
                    del self.writer  # whoever still holds the store holds nothing of DuckDB's
                finally:
                    os.close(self._lock)

    def _close_writer(self) -> None:
        deadline = time.monotonic() + CLOSING_S
        while True:
            for cursor in tuple(self._cursors):
                with suppress(duckdb.ConnectionException):  # it has just ended by itself
                    cursor.interrupt()
            try:
                self.writer.close()
            except duckdb.ResourceInUseException:  # an interrupted reader has not noticed yet
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.01)
            else:
                return


@contextmanager
def all_or_nothing(connection: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """A transaction: durable when the block ends, undone when it raises."""
    connection.begin()
    try:
        yield connection
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def migrate(connection: duckdb.DuckDBPyConnection, schema: tuple[tuple[str, ...], ...]) -> None:
    """Apply the schema's missing steps, each in one transaction with its version number.

    Killed in between, the next start goes on where this one stood. Raises :class:`BadInput` for a
    store that a newer Lionrock has written.
    """
    found = int(_facts(connection)["schema"])
    if found > len(schema):
        raise BadInput(
            f"its schema is version {found}, this Lionrock knows {len(schema)}",
            where="readings store",
            remedy="run the newer Lionrock that wrote it",
        )
    for version, statements in enumerate(schema[found:], start=found + 1):
        with all_or_nothing(connection):
            for statement in statements:
                connection.execute(statement)
            connection.execute("UPDATE facts SET fact = ? WHERE name = 'schema'", [str(version)])


def _create(file: Path, source: Source) -> None:
    """Make the file under another name first: one that is there is whole, whenever the power went."""
    draft = file.with_suffix(".new")
    for leftover in (draft, draft.with_name(draft.name + ".wal")):
        leftover.unlink(missing_ok=True)
    connection = duckdb.connect(str(draft))
    connection.execute("CREATE TABLE facts (name VARCHAR, fact VARCHAR)")
    connection.execute("INSERT INTO facts VALUES ('source', ?), ('schema', '0')", [source.value])
    connection.close()  # folds its log in
    sync(draft)
    draft.rename(file)
    sync(file.parent)


def _connect(file: Path, memory_mib: int) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        str(file),
        config={
            "memory_limit": f"{memory_mib}MiB",
            "threads": 2,
            "temp_directory": str(file.parent / SPILL),
            "checkpoint_threshold": "1TB",  # we choose the moment: a checkpoint within an append is a second fsync
            "autoinstall_known_extensions": False,  # nothing is fetched from the network, ever
        },
    )


def _facts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, fact FROM facts").fetchall())


def _require_source(connection: duckdb.DuckDBPyConnection, source: Source, folder: Path) -> None:
    kept = _facts(connection)["source"]
    if kept != source.value:
        raise WrongSource(f"{folder} keeps the readings of the source {kept!r}, not of {source.value!r}")


def _lock_folder(folder: Path) -> int:
    """Hold the folder for this store alone, also against a second one in this process."""
    lock = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o644)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(lock)
        raise BadInput(
            "another process writes this readings store",
            where=str(folder),
            remedy="stop it; or ask it, with its port in LIONROCK_PORT",
        ) from error
    return lock
