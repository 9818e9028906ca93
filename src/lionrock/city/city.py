"""What a service is handed: this moment of the city, and only the data sets that it declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyarrow as pa

from lionrock.core.readings import Aggregates, ForecastColumns, Latest, ReadingColumns, ReadingStore
from lionrock.core.records import Kept, RecordStore
from lionrock.core.vocabulary import Dataset, NotFound, Source, Text, UndeclaredRead


@dataclass(frozen=True, slots=True)
class City:
    """The city as one service sees it. Every data set is opened by id and checked against the declaration.

    ``now`` is the source's own time: real, the twin's (which may run faster), or a recording's.
    """

    service: str
    source: Source
    now: Callable[[], datetime]
    datasets: Mapping[str, Dataset]
    allowed: frozenset[str]
    reading_store: ReadingStore
    record_store: RecordStore
    heard_last: Callable[[str], datetime | None]

    @property
    def simulated(self) -> bool:
        """Whether everything here comes from the twin and must say so."""
        return self.source is Source.TWIN

    def dataset(self, dataset_id: str) -> Dataset:
        """The data set's declaration; raises NotFound or UndeclaredRead."""
        if dataset_id not in self.datasets:
            raise NotFound(
                Text(en=f"no service publishes a data set {dataset_id!r}", tc=f"沒有名為 {dataset_id} 的數據集")
            )
        if dataset_id not in self.allowed:
            raise UndeclaredRead(f"service {self.service} opened {dataset_id} without naming it in reads=(...)")
        return self.datasets[dataset_id]

    def latest(self, dataset: Dataset, property_id: str) -> Latest:
        """The latest value of every sensor, from memory."""
        return self.reading_store.latest(self._checked(dataset), property_id)

    def window(self, dataset: Dataset, sensor: str, property_id: str, start: datetime, end: datetime) -> ReadingColumns:
        """One sensor's readings in [start, end), oldest first, whatever their quality."""
        return self.reading_store.window(self._checked(dataset), sensor, property_id, start, end)

    def aggregate(
        self,
        dataset: Dataset,
        property_id: str,
        start: datetime,
        end: datetime,
        bucket: timedelta,
        sensors: Sequence[str] | None = None,
    ) -> Aggregates:
        """Means and counts of good readings, buckets x sensors; NaN where nothing was measured."""
        return self.reading_store.aggregate(self._checked(dataset), property_id, start, end, bucket, sensors)

    def scan(self, dataset: Dataset, start: datetime, end: datetime) -> Iterator[pa.RecordBatch]:
        """All readings in [start, end), as Arrow batches in ``READING_SCHEMA``, by property, sensor and time."""
        return self.reading_store.scan(self._checked(dataset), start, end)

    def spans(self, dataset: Dataset) -> list[tuple[datetime, datetime]]:
        """The first and the last moment of each UTC day that has readings of a data set, in order."""
        return self.reading_store.list_spans(self._checked(dataset))

    def latest_forecasts(self, dataset: Dataset, property_id: str) -> ForecastColumns:
        """The newest issue of every sensor's forecast."""
        return self.reading_store.latest_forecasts(self._checked(dataset), property_id)

    def records(self, dataset: Dataset, at: datetime | None = None) -> list[Kept]:
        """The features, events or alerts that are open (at ``at``, when given)."""
        return self.record_store.list_open(self._checked(dataset), at)

    def recent(self, dataset: Dataset, since: datetime) -> list[Kept]:
        """The features, events or alerts open at any time since ``since``, the closed ones too."""
        return self.record_store.list_since(self._checked(dataset), since)

    def versions(self, dataset: Dataset, since: datetime) -> list[Kept]:
        """Every version of every record that was written since ``since``, the oldest first."""
        return self.record_store.list_versions(self._checked(dataset), since)

    def first_record(self, dataset: Dataset) -> datetime | None:
        """When the first record of a data set was seen: of the time before nothing is known."""
        span = self.record_store.find_span(self._checked(dataset))
        return None if span is None else span[0]

    def heard(self, dataset: Dataset) -> datetime | None:
        """When a source of the data set was last read whole; None for what no feed of ours has brought."""
        return self.heard_last(self._checked(dataset))

    def ever_heard(self, dataset: Dataset) -> bool:
        """Whether anything was ever read of the data set, were it that there is nothing."""
        return self.heard(dataset) is not None or self.first_record(dataset) is not None

    def record(self, dataset: Dataset, record_id: str) -> Kept:
        """One record by id; raises NotFound."""
        return self.record_store.get(self._checked(dataset), record_id)

    def _checked(self, dataset: Dataset) -> str:
        return self.dataset(dataset.id).id
