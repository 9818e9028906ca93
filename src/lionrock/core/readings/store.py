"""The readings store: what a city measured and forecast, kept once, durable, and quick to ask."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Self

import pyarrow as pa

from lionrock.core.readings.answers import Aggregates, Appended, Conflict, Latest, StoreStats
from lionrock.core.readings.columns import ReadingColumns
from lionrock.core.readings.conflicts import list_conflicts
from lionrock.core.readings.database import Database
from lionrock.core.readings.forecast_book import ForecastBook
from lionrock.core.readings.forecast_columns import ForecastColumns
from lionrock.core.readings.layout import DAY_US, day_date, day_of
from lionrock.core.readings.reading_book import ReadingBook
from lionrock.core.readings.register import Register
from lionrock.core.readings.sealing import seal_day
from lionrock.core.vocabulary import BadInput, Forecast, Reading, Source, microseconds, moment_of


class ReadingStore:
    """Readings and forecasts of one source, in one folder, written by one process.

    Every method may be called from any thread; writers wait for each other, readers wait for nobody.
    Every method raises :class:`StoreClosed` after :meth:`close`.
    """

    def __init__(
        self, database: Database, clock_now: Callable[[], datetime], keep_open: timedelta, rollup_mib: int
    ) -> None:
        self._database, self._clock_now, self._keep_open = database, clock_now, keep_open
        self._register = Register(database.writer)
        self._readings = ReadingBook(database, self._register, clock_now, rollup_mib)
        self._forecasts = ForecastBook(database, self._register, clock_now)
        self._books = (self._readings, self._forecasts)
        self._sealing = threading.Lock()  # one sealing or forgetting at a time; taken before ``writing``
        database.shelf.repair(self._sealed_files())

    @classmethod
    def open(
        cls,
        folder: Path,
        source: Source,
        clock_now: Callable[[], datetime],
        *,
        keep_open: timedelta = timedelta(days=3),
        memory_mib: int = 240,
        rollup_mib: int = 128,
        wal_mib: int = 64,
    ) -> Self:
        """Open the store in ``folder``, made when it is not there, and mend what a kill left half done.

        ``keep_open`` is how old a day must be before :meth:`seal` seals it; ``memory_mib`` bounds DuckDB,
        ``rollup_mib`` the five-minute sums, ``wal_mib`` the log that a start may have to replay. Raises
        :class:`WrongSource` when the folder keeps another source's readings, and :class:`BadInput` when
        another process has it open or a newer Lionrock wrote it.
        """
        database = Database(folder, source, memory_mib, wal_mib)
        try:
            return cls(database, clock_now, keep_open, rollup_mib)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the folder; everything acknowledged is already durable."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.close()

    def append(self, dataset_id: str, batch: Sequence[Reading] | ReadingColumns) -> Appended:
        """Store a batch, whole or not at all; durable when this returns, at the cost of one fsync.

        The key is (data set, sensor, property, at). A row that is there already changes nothing; one
        that contradicts what is there (or an earlier row of this batch) is refused, counted as conflicting and
        shown by :meth:`list_conflicts`. Raises :class:`BadInput` as :class:`ReadingColumns` does.
        """
        columns = batch if isinstance(batch, ReadingColumns) else ReadingColumns.from_readings(batch)
        return self._readings.append(dataset_id, columns)

    def latest(self, dataset_id: str, property_id: str, sensors: Sequence[str] | None = None) -> Latest:
        """Every sensor's newest reading and newest good one, from memory; one of the future where there is no other.

        All sensors that were ever heard (none is an empty answer), or the named ones in that order;
        raises :class:`NotFound` for a named one never heard of.
        """
        return self._readings.latest(dataset_id, property_id, sensors)

    def window(self, dataset_id: str, sensor: str, property_id: str, start: datetime, end: datetime) -> ReadingColumns:
        """One sensor's readings in [start, end), in order of time; raises :class:`NotFound` for one never heard of."""
        return self._readings.window(dataset_id, sensor, property_id, *_period_us(start, end))

    def aggregate(
        self,
        dataset_id: str,
        property_id: str,
        start: datetime,
        end: datetime,
        bucket: timedelta,
        sensors: Sequence[str] | None = None,
    ) -> Aggregates:
        """Means and counts of good readings by time bucket and sensor, bucket after bucket from ``start``.

        Buckets of whole five minutes come from sums in memory, and the period is widened outwards to whole
        five minutes; other buckets are added up from the rows, in [start, end) exactly. The last bucket
        ends with the period. All sensors ever heard, or the named ones in that order: one never
        heard of has counted nothing, and says so with count 0 and mean NaN.
        """
        bucket_us = bucket // timedelta(microseconds=1)
        if bucket_us <= 0:
            raise BadInput(f"a bucket of {bucket} has no length", where="bucket")
        return self._readings.aggregate(dataset_id, property_id, *_period_us(start, end), bucket_us, sensors)

    def scan(
        self,
        dataset_id: str,
        start: datetime,
        end: datetime,
        *,
        property_id: str | None = None,
        sensors: Sequence[str] | None = None,
    ) -> Iterator[pa.RecordBatch]:
        """All readings in [start, end) as Arrow batches in ``READING_SCHEMA``, as they stood at the first one.

        Day by day, and within a day by property, sensor and time. Missing values are null.
        """
        return self._readings.scan(dataset_id, *_period_us(start, end), property_id, sensors)

    def list_conflicts(self, dataset_id: str, limit: int = 1000) -> list[Conflict]:
        """The newest contradictions met, newest first."""
        with self._database.snapshot() as cursor:
            return list_conflicts(cursor, self._register, dataset_id, limit)

    def append_forecasts(self, dataset_id: str, batch: Sequence[Forecast] | ForecastColumns) -> Appended:
        """Store forecasts, durable and once, as :meth:`append` does readings.

        The key is (data set, sensor, property, issue, horizon); the first is kept, and a contradicting one is
        counted only. Raises :class:`BadInput` for quantiles that are no numbers or cross.
        """
        columns = batch if isinstance(batch, ForecastColumns) else ForecastColumns.from_forecasts(batch)
        return self._forecasts.append(dataset_id, columns)

    def latest_forecasts(self, dataset_id: str, property_id: str) -> ForecastColumns:
        """Every sensor's newest issue, from memory, by sensor and horizon; empty where there is none.

        One that was issued in the future, by a clock that was set back since, is nobody's newest.
        An issue whose day is sealed counts no longer as the newest after a restart: it is of no use by then.
        """
        return self._forecasts.latest(dataset_id, property_id)

    def forecasts(
        self,
        dataset_id: str,
        property_id: str,
        issued_from: datetime,
        issued_to: datetime,
        *,
        sensor: str | None = None,
        horizon: timedelta | None = None,
    ) -> ForecastColumns:
        """The forecasts issued in [issued_from, issued_to), by issue, sensor and horizon.

        Raises :class:`NotFound` for a property or sensor that never had one.
        """
        period = _period_us(issued_from, issued_to)
        return self._forecasts.window(dataset_id, property_id, *period, sensor, horizon)

    def list_spans(self, dataset_id: str) -> list[tuple[datetime, datetime]]:
        """The first and the last moment of each UTC day that has readings of a data set, or forecasts by their issue.

        In order of time; none where nothing was ever appended. A sealed day is read once.
        """
        channels = {channel.number for channel in self._register.channels_of(dataset_id)}
        found: list[tuple[int, int]] = []
        with self._database.snapshot() as cursor:
            for book in self._books:
                for spans in book.days.spans(cursor):
                    here = [spans[channel] for channel in channels & spans.keys()]
                    found += [(min(first for first, _ in here), max(last for _, last in here))] if here else []
        return [(moment_of(first), moment_of(last)) for first, last in sorted(found)]

    def seal(self, before: datetime | None = None) -> list[date]:
        """Move every whole UTC day before ``before`` (default: ``keep_open`` ago) into sorted Parquet.

        Readings and writing go on meanwhile. A day that receives rows while it is written is left for the
        next call. Days that were sealed and had late rows are sealed again with them. Returns the days done.
        """
        limit = day_of(self._clock_now() - self._keep_open if before is None else before)
        done = set()
        with self._sealing:
            for book in self._books:
                for day, state in book.days.known().items():
                    if state.open and day < limit and seal_day(self._database, book.days, day, book.press()):
                        self._database.shelf.publish(self._sealed_files())
                        self._database.shelf.retire([state.file] if state.file else [])
                        done.add(day_date(day))
            self._database.checkpoint()
        return sorted(done)

    def forget(self, before: datetime) -> list[date]:
        """Delete every whole UTC day before ``before``: readings, contradictions and forecasts; the days deleted."""
        limit = day_of(before)
        with self._sealing, self._database.writing:
            self._database.require_open()
            gone = [
                (book, day, state) for book in self._books for day, state in book.days.known().items() if day < limit
            ]
            if not gone:
                return []  # and nothing is written, for which a full disk has no room
            self._database.shelf.publish(self._sealed_files(limit))  # first: days only it names are lost ones
            with self._database.transaction() as connection:
                for book, day, _ in gone:
                    book.days.replace(connection, day, None)
                for statement in ("DELETE FROM newest_sealed WHERE at_us < ?", "DELETE FROM conflicts WHERE at_us < ?"):
                    connection.execute(statement, [limit * DAY_US])
            for book, day, _ in gone:
                book.days.remember(day, None)
                book.forget(day)
            self._database.shelf.retire([state.file for _, _, state in gone if state.file])
            self._database.checkpoint()
        return sorted({day_date(day) for _, day, _ in gone})

    def stats(self) -> StoreStats:
        """How much the store holds, for the status page."""
        with self._database.snapshot() as cursor:  # no file of a day that is looked at goes away meanwhile
            days = [(day, state) for book in self._books for day, state in book.days.known().items()]
            readings, forecasts = (book.days.count(cursor) for book in self._books)
            conflicts = cursor.execute("SELECT count(*) AS counted FROM conflicts").fetchnumpy()["counted"][0]
            sealed_bytes = self._database.shelf.bytes(state.file for _, state in days if state.file)
        return StoreStats(
            readings=readings,
            forecasts=forecasts,
            conflicts=int(conflicts),
            series=len(self._register),
            open_days=len({day for day, state in days if state.open}),
            sealed_days=len({day for day, state in days if state.file}),
            database_bytes=self._database.bytes(),
            sealed_bytes=sealed_bytes,
        )

    def _sealed_files(self, since: int = 0) -> dict[str, dict[str, str]]:
        return {book.days.layout.book: book.days.files(since) for book in self._books}


def _period_us(start: datetime, end: datetime) -> tuple[int, int]:
    if end <= start:
        raise BadInput(f"the period ends ({end.isoformat()}) before it begins ({start.isoformat()})", where="end")
    return microseconds(start), microseconds(end)
