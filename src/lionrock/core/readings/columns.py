"""Readings as columns: the form in which many of them travel."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import ArrayLike, NDArray

from lionrock.core.vocabulary import BadInput, Quality, Reading, microseconds, moment_of

Name = TypeVar("Name", bound=Hashable)
NAME = pa.dictionary(pa.int32(), pa.string())
MOMENT = pa.timestamp("us", tz="UTC")
READING_SCHEMA = pa.schema(
    [("sensor", NAME), ("property", NAME), ("at", MOMENT), ("value", pa.float64()), ("quality", pa.uint16())]
)
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
EARLIEST_US, LATEST_US = microseconds(EARLIEST), microseconds(LATEST)


@dataclass(frozen=True, slots=True, eq=False)
class ReadingColumns:
    """Readings of one data set, column by column; row ``i`` is one :class:`Reading`.

    ``sensor`` and ``property`` hold positions in the names ``sensors`` and ``properties`` (int32);
    ``at_us`` is microseconds since 1970 UTC (int64); ``value`` is float64, NaN exactly where
    ``quality`` (uint16, the bits of :class:`Quality`) says MISSING. Raises :class:`BadInput` for columns
    that are not of one length, for positions without a name, for an infinite value, and for a
    value that is absent without a word, or present and called missing.
    """

    sensors: tuple[str, ...]
    properties: tuple[str, ...]
    sensor: NDArray[np.int32]
    property: NDArray[np.int32]
    at_us: NDArray[np.int64]
    value: NDArray[np.float64]
    quality: NDArray[np.uint16]

    def __post_init__(self) -> None:
        rows = len(self.at_us)
        if any(len(column) != rows for column in (self.sensor, self.property, self.value, self.quality)):
            raise BadInput("the columns are not of one length", where="readings")
        require_named(self.sensor, self.sensors, "sensor")
        require_named(self.property, self.properties, "property")
        absent = np.isnan(self.value)
        self._refuse((self.at_us < EARLIEST_US) | (self.at_us > LATEST_US), "the moment is not between 1900 and 2200")
        self._refuse(np.isinf(self.value), "the value is infinite")
        self._refuse(absent != ((self.quality & Quality.MISSING) != 0), "a value is None exactly where it says MISSING")

    def _refuse(self, wrong: NDArray[np.bool_], problem: str) -> None:
        if wrong.any():
            row = int(wrong.argmax())
            sensor, of = self.sensors[self.sensor[row]], self.properties[self.property[row]]
            raise BadInput(problem, where=f"reading {row} ({of} of {sensor})")

    def __len__(self) -> int:
        return len(self.at_us)

    @classmethod
    def from_readings(cls, readings: Iterable[Reading]) -> ReadingColumns:
        """The same readings as columns (12,000 take about 4 ms).

        Raises :class:`BadInput` for a naive moment, and for a whole number that no float64 can hold.
        """
        rows = readings if isinstance(readings, list | tuple) else list(readings)
        sensor, of, at, value, quality = zip(*rows, strict=True) if rows else ((),) * 5
        sensors, sensor_codes = number_names(sensor)
        properties, property_codes = number_names(of)
        return cls(
            sensors=sensors,
            properties=properties,
            sensor=sensor_codes,
            property=property_codes,
            at_us=moments_us(at),
            value=_floats(value),
            quality=np.fromiter(quality, np.uint16, len(rows)),
        )

    @classmethod
    def of_property(
        cls,
        property_id: str,
        sensors: Sequence[str],
        at_us: ArrayLike,
        value: ArrayLike,
        quality: ArrayLike | None = None,
    ) -> ReadingColumns:
        """Readings of one property, one sensor name a row; without ``quality``, NaN is MISSING and the rest GOOD."""
        names, codes = number_names(sensors)
        values = np.asarray(value, dtype=np.float64)
        flags = np.where(np.isnan(values), Quality.MISSING, Quality.GOOD) if quality is None else quality
        return cls(
            sensors=names,
            properties=(property_id,),
            sensor=codes,
            property=np.zeros(len(codes), np.int32),
            at_us=np.asarray(at_us, dtype=np.int64),
            value=values,
            quality=np.asarray(flags, dtype=np.uint16),
        )

    @classmethod
    def from_arrow(cls, table: pa.Table | pa.RecordBatch) -> ReadingColumns:
        """The columns of an Arrow table in ``READING_SCHEMA``; null values become NaN."""
        whole = table if isinstance(table, pa.Table) else pa.Table.from_batches([table])
        columns = whole.select(READING_SCHEMA.names).cast(READING_SCHEMA).combine_chunks().unify_dictionaries()
        sensor, of = (_only_chunk(columns, name) for name in ("sensor", "property"))
        return cls(
            sensors=tuple(sensor.dictionary.to_pylist()),
            properties=tuple(of.dictionary.to_pylist()),
            sensor=sensor.indices.to_numpy(zero_copy_only=False),
            property=of.indices.to_numpy(zero_copy_only=False),
            at_us=columns["at"].cast(pa.int64()).to_numpy(),
            value=columns["value"].to_numpy(),
            quality=columns["quality"].to_numpy(),
        )

    def without_repeats(self) -> ReadingColumns:
        """The same readings, without those that say of a sensor, property and moment what an earlier one has said.

        The earlier one is marked REPEATED; CONFLICT where a later one says otherwise, which stays as it is.
        """
        order = np.lexsort((self.at_us, self.property, self.sensor))
        keys = np.stack([self.sensor[order], self.property[order], self.at_us[order]])
        again = np.pad((np.diff(keys, axis=1) == 0).all(axis=0), (1, 0))[: len(order)]
        if not again.any():
            return self
        firsts = order[~again]
        first, other = firsts[np.cumsum(~again)[again] - 1], order[again]
        same = (self.value[first] == self.value[other]) | (np.isnan(self.value[first]) & np.isnan(self.value[other]))
        same &= self.quality[first] == self.quality[other]
        quality, kept = self.quality.copy(), np.sort(np.concatenate([firsts, other[~same]]))
        np.bitwise_or.at(quality, first, np.where(same, Quality.REPEATED, Quality.CONFLICT).astype(np.uint16))
        return replace(
            self,
            sensor=self.sensor[kept],
            property=self.property[kept],
            at_us=self.at_us[kept],
            value=self.value[kept],
            quality=quality[kept],
        )

    def to_arrow(self) -> pa.RecordBatch:
        """One record batch in ``READING_SCHEMA``; a missing value is null."""
        return pa.RecordBatch.from_arrays(
            [
                pa.DictionaryArray.from_arrays(self.sensor, pa.array(self.sensors, pa.string())),
                pa.DictionaryArray.from_arrays(self.property, pa.array(self.properties, pa.string())),
                pa.array(self.at_us).cast(MOMENT),
                pc.if_else(pa.array(np.isnan(self.value)), None, pa.array(self.value)),
                pa.array(self.quality),
            ],
            schema=READING_SCHEMA,
        )

    def readings(self) -> Iterator[Reading]:
        """The same readings one by one, in order; for a handful, not for millions."""
        columns = (self.sensor, self.property, self.at_us, self.value, self.quality)
        for sensor, of, at_us, value, quality in zip(*(column.tolist() for column in columns), strict=True):
            known = None if quality & Quality.MISSING else value
            yield Reading(self.sensors[sensor], self.properties[of], moment_of(at_us), known, Quality(quality))


def number_names(names: Sequence[Name]) -> tuple[tuple[Name, ...], NDArray[np.int32]]:
    """The distinct names in order of appearance, and for every name its position among them."""
    position = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(position), np.fromiter(map(position.__getitem__, names), np.int32, len(names))


def moments_us(moments: Sequence[datetime]) -> NDArray[np.int64]:
    """Aware moments as microseconds since 1970 UTC; raises :class:`BadInput` for a naive one."""
    try:  # a download repeats few moments many times: each is converted once
        us = {moment: microseconds(moment) for moment in set(moments)}
    except ValueError as error:
        raise BadInput(str(error), where="moment", remedy="give it a time zone") from error
    return np.fromiter(map(us.__getitem__, moments), np.int64, len(moments))


def _floats(values: Sequence[float | None]) -> NDArray[np.float64]:
    """Values as float64; None becomes NaN."""
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError as error:
        raise BadInput("a value is too large for a float64", where="value") from error


def require_named(codes: NDArray[np.int32], names: Sequence[object], what: str) -> None:
    """Raises :class:`BadInput` when a code points outside ``names``."""
    if len(codes) and not (codes.min() >= 0 and codes.max() < len(names)):
        raise BadInput(f"a {what} position lies outside the {len(names)} names", where=what)


def _only_chunk(columns: pa.Table, name: str) -> pa.DictionaryArray:
    chunks = columns[name].chunks
    return chunks[0] if chunks else pa.DictionaryArray.from_arrays(pa.array([], pa.int32()), pa.array([], pa.string()))
