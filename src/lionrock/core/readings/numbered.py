"""A batch of readings in the store's own numbers, and what is known of it before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from lionrock.core.readings.columns import ReadingColumns
from lionrock.core.readings.layout import DAY_US
from lionrock.core.readings.register import Register
from lionrock.core.vocabulary import Quality

IS_GOOD = f"quality IN ({Quality.GOOD.value}, {Quality.REPEATED.value})"  # in SQL: nothing is known against the value
REPEATED = np.uint16(Quality.REPEATED)
OF_OTHER_ROWS = np.uint16(Quality.CONFLICT | Quality.REPEATED)  # what a flag says of other rows than its own


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Readings by channel and series number, sorted by channel, series and moment; equal keys keep their order."""

    channel: NDArray[np.uint16]
    series: NDArray[np.int64]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.at_us)

    def take(self, which: NDArray[np.int64] | NDArray[np.bool_]) -> Rows:
        """Some of the rows, in their order."""
        return Rows(self.channel[which], self.series[which], self.at_us[which], self.value[which], self.quality[which])

    def by_channel_and_day(self) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
        """Every (channel, day) in the batch with the positions of its rows."""
        day = self.at_us // DAY_US
        for number in np.unique(self.channel).tolist():
            here = np.flatnonzero(self.channel == number)
            for this_day in np.unique(day[here]).tolist():
                yield number, this_day, here[day[here] == this_day]

    def to_arrow(self) -> pa.RecordBatch:
        """The rows as DuckDB's ``readings`` tables want them."""
        columns = [self.channel, self.series.astype(np.uint32), self.at_us, self.value, self.quality]
        return pa.RecordBatch.from_arrays(
            [pa.array(column) for column in columns], names=["channel", "series", "at_us", "value", "quality"]
        )


def number_rows(
    register: Register, connection: duckdb.DuckDBPyConnection, dataset_id: str, columns: ReadingColumns
) -> Rows:
    """The batch in the store's numbers; names that are new are enrolled first."""
    channel, series = register.number(
        connection, dataset_id, columns.properties, columns.property, columns.sensors, columns.sensor
    )
    order = np.lexsort((columns.at_us, series, channel))
    return Rows(channel, series, columns.at_us, columns.value, columns.quality).take(order)


def first_of_each(rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The position of each key's first row, and for every row the number of its key."""
    starts = np.ones(len(rows), bool)
    starts[1:] = (
        (rows.at_us[1:] != rows.at_us[:-1])
        | (rows.series[1:] != rows.series[:-1])
        | (rows.channel[1:] != rows.channel[:-1])
    )
    return np.flatnonzero(starts), np.cumsum(starts) - 1


def agrees(rows: Rows, value: NDArray[np.float64], quality: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Whether each row says the same as ``value`` and ``quality``, but for what flags say OF_OTHER_ROWS."""
    same_value = (rows.value == value) | (np.isnan(rows.value) & np.isnan(value))
    same: NDArray[np.bool_] = same_value & (((rows.quality ^ quality) & ~OF_OTHER_ROWS) == 0)
    return same


def are_good(quality: NDArray[np.uint16]) -> NDArray[np.bool_]:
    """Whether nothing is known against each value: :attr:`Quality.is_good`, for many."""
    good: NDArray[np.bool_] = (quality | REPEATED) == REPEATED
    return good
