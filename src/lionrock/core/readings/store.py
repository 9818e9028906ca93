"""The readings store: what a city measured and forecast, kept once, durable, and quick to ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa

from lionrock.core.readings.answers import Aggregates, Appended, Conflict, Latest
from lionrock.core.readings.columns import ReadingColumns
from lionrock.core.readings.database import Database
from lionrock.core.readings.reading_book import ReadingBook
from lionrock.core.readings.register import Register
from lionrock.core.vocabulary import BadInput, Reading, Source, microseconds


class ReadingStore:
    """Readings and forecasts of one source, in one folder, written by one process.

    Every method may be called from any thread; writers wait for each other, readers wait for nobody.
    Every method raises :class:`StoreClosed` after :meth:`close`.
    """

    def __init__(self, database: Database, clock_now: Callable[[], datetime], rollup_mib: int) -> None:
        self._database = database
        self._register = Register(database.writer)
        self._readings = ReadingBook(database, self._register, clock_now, rollup_mib)

    @classmethod
    def open(
        cls,
        folder: Path,
        source: Source,
        clock_now: Callable[[], datetime],
        *,
        memory_mib: int = 384,
        rollup_mib: int = 128,
        wal_mib: int = 64,
    ) -> Self:
        """Open the store in ``folder``, made when it is not there, and mend what a kill left half done.

        ``memory_mib`` bounds DuckDB, ``rollup_mib`` the five-minute sums, ``wal_mib`` the log that
        a start may have to replay. Raises :class:`WrongSource` when the folder keeps another source's
        readings, and :class:`BadInput` when another process has it open or a newer Lionrock wrote it.
        """
        database = Database(folder, source, memory_mib, wal_mib)
        try:
            return cls(database, clock_now, rollup_mib)
        except BaseException:
            database.close()
            raise

    def close(self) -> None:
        """Let go of the folder; everything acknowledged is already durable."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
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
        """Every sensor's newest reading and newest good one, from memory.

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

    def list_conflicts(self, dataset_id: str) -> list[Conflict]:
        """The contradictions met so far, newest first."""
        return self._readings.list_conflicts(dataset_id)


def _period_us(start: datetime, end: datetime) -> tuple[int, int]:
    if end <= start:
        raise BadInput(f"the period ends ({end.isoformat()}) before it begins ({start.isoformat()})", where="end")
    return microseconds(start), microseconds(end)
