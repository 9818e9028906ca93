"""The archive of what was published, by the city's day: every data set, derived ones too, as one file a day.

A day of readings is what was measured in it, a day of forecasts what was issued in it, and a day of
features, events or alerts every version that stood at some moment of it, so that the state of any moment can be
told from one file. Files are made when they are asked for, and sent while they are made: hour by hour, so
that a slow client never holds a snapshot of the store.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from lionrock.app.house import House
from lionrock.app.open_data.offer import Offer, attribution, source_words
from lionrock.app.open_data.rows import cell_of, quality_words, version_row
from lionrock.app.open_data.schema import row_schema
from lionrock.city.place import ZONE
from lionrock.core.readings.columns import MOMENT, NAME
from lionrock.core.spreadsheets import UTF8_MARK, inert_columns
from lionrock.core.vocabulary import BadInput, Dataset, Kind, NotFound, Source

MEDIA_TYPES = {"parquet": "application/vnd.apache.parquet", "csv.gz": "application/gzip"}
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORTH_SENDING_BYTES = 1 << 18
RECORDS_AT_ONCE = 2000
READINGS = pa.schema(
    [("sensor", NAME), ("property", NAME), ("at", MOMENT), ("value", pa.float64()), ("unit", NAME), ("quality", NAME)]
)
FORECASTS = pa.schema(
    [
        ("sensor", NAME),
        ("property", NAME),
        ("issued_at", MOMENT),
        ("at", MOMENT),
        ("horizon_min", pa.float64()),
        ("low", pa.float64()),
        ("middle", pa.float64()),
        ("high", pa.float64()),
        ("unit", NAME),
        ("model", NAME),
        ("version", NAME),
    ]
)


@dataclass(frozen=True, slots=True)
class ArchivedDay:
    """One day of a data set; ``ended`` says that the day is over (late data may still come)."""

    day: date
    ended: bool


def list_days(house: House, dataset: Dataset) -> list[ArchivedDay]:
    """The city's days of which something is kept, the newest first."""
    now = house.clock.now()
    if dataset.kind in (Kind.READINGS, Kind.FORECASTS):
        spans = house.readings.list_spans(dataset.id)
        days = {moment.astimezone(ZONE).date() for span in spans for moment in span}
    else:
        span = house.records.find_span(dataset.id)
        oldest = now - timedelta(days=house.settings.keep_days)
        if span is not None and dataset.id not in house.catalogue.acted_on:
            span = max(span[0], oldest), span[1]
        days = set() if span is None else set(_days_between(span[0], span[1] or now))
    return [ArchivedDay(day, ended=_begin(day) + DAY <= now) for day in sorted(days, reverse=True)]


def day_file(house: House, offer: Offer, day: date, form: str) -> Iterator[bytes]:
    """One day's file, piece by piece; raises BadInput for an unknown form and NotFound for a day without data."""
    if form not in MEDIA_TYPES:
        raise BadInput(f"the archive has no {form!r}", where="the address", remedy=f"one of {', '.join(MEDIA_TYPES)}")
    if day not in {one.day for one in list_days(house, offer.dataset)}:
        raise NotFound(f"nothing of {offer.dataset.id} is kept of {day.isoformat()}")
    schema = _schema(offer.dataset).with_metadata(_metadata(house, offer, day))
    batches = _batches(house, offer.dataset, schema, _begin(day), _begin(day) + DAY)
    return _parquet(schema, batches) if form == "parquet" else _csv(schema, batches)


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZONE)


def _days_between(first: datetime, last: datetime) -> Iterator[date]:
    day = first.astimezone(ZONE).date()
    while day <= last.astimezone(ZONE).date():
        yield day
        day += DAY


def _schema(dataset: Dataset) -> pa.Schema:
    """The columns of a file: those of the data set's rows, then where the data come from."""
    if dataset.kind is Kind.READINGS:
        schema = READINGS
    elif dataset.kind is Kind.FORECASTS:
        schema = FORECASTS
    else:
        fields = row_schema(dataset)["properties"]
        own = fields.pop("properties")["properties"]
        named = fields | {"closed": {"type": "boolean"}} | {f"properties.{name}": field for name, field in own.items()}
        schema = pa.schema([(name, _arrow_type(field)) for name, field in named.items()])
    return schema.append(pa.field("source", NAME))


def _arrow_type(field: dict[str, Any]) -> pa.DataType:
    """What a field of the JSON Schema is in Arrow; objects and lists are JSON in text."""
    kinds = field.get("type", "string")
    kind = kinds if isinstance(kinds, str) else next(one for one in kinds if one != "null")
    if field.get("format") == "date-time":
        return MOMENT
    plain = {"number": pa.float64(), "integer": pa.int64(), "boolean": pa.bool_()}
    return plain.get(kind, pa.string())


def _metadata(house: House, offer: Offer, day: date) -> dict[str, str]:
    """What a Parquet file says of itself."""
    return {
        "dataset": offer.dataset.id,
        "title": offer.dataset.title.en,
        "day": f"{day.isoformat()} {ZONE.key}",
        "licence": offer.dataset.licence,
        "attribution": attribution(offer),
        "source": str(house.settings.source),
        "note": source_words(house.settings.source).en,
        "made_at": house.clock.now().isoformat(),
    }


def _batches(
    house: House, dataset: Dataset, schema: pa.Schema, start: datetime, end: datetime
) -> Iterator[pa.RecordBatch]:
    source = "SIMULATED" if house.settings.source is Source.TWIN else str(house.settings.source)
    if dataset.kind is Kind.READINGS:
        found = _readings(house, dataset, start, end)
    elif dataset.kind is Kind.FORECASTS:
        found = _forecasts(house, dataset, start, end)
    else:
        found = _records(house, dataset, schema, start, end)
    for columns, count in found:
        yield pa.RecordBatch.from_arrays([*columns, _same(source, count)], schema=schema)


Columns = Iterator[tuple[list[pa.Array], int]]


def _readings(house: House, dataset: Dataset, start: datetime, end: datetime) -> Columns:
    """Readings by hour, in it by property, sensor and time."""
    units = {what.id: what.unit for what in dataset.properties}
    for begin in _hours(start, end):
        for batch in list(house.readings.scan(dataset.id, begin, begin + HOUR)):
            flags, which = np.unique(batch["quality"].to_numpy(), return_inverse=True)
            words = pa.array([quality_words(flag) for flag in flags.tolist()], pa.string())
            quality = pa.DictionaryArray.from_arrays(which.astype(np.int32), words)
            unit = _renamed(batch["property"], units)
            yield [*(batch[name] for name in ("sensor", "property", "at", "value")), unit, quality], len(batch)


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    while start < end:
        yield start
        start += HOUR


def _forecasts(house: House, dataset: Dataset, start: datetime, end: datetime) -> Columns:
    """Forecasts by hour and property, in it by issue, sensor and horizon."""
    units = {what.id: what.unit for what in dataset.properties}
    for begin in _hours(start, end):
        for what in dataset.properties:
            try:
                batch = house.readings.forecasts(dataset.id, what.id, begin, begin + HOUR).to_arrow()
            except NotFound:  # this property was never forecast, others of the data set were
                continue
            horizon_us = batch["horizon_us"].to_numpy()
            at = pa.array(batch["issued_at"].cast(pa.int64()).to_numpy() + horizon_us).cast(MOMENT)
            yield (
                [
                    *(batch[name] for name in ("sensor", "property", "issued_at")),
                    at,
                    pa.array(horizon_us / 60_000_000),
                    *(batch[name] for name in ("low", "middle", "high")),
                    _renamed(batch["property"], units),
                    *(batch[name] for name in ("model", "version")),
                ],
                len(batch),
            )


def _records(house: House, dataset: Dataset, schema: pa.Schema, start: datetime, end: datetime) -> Columns:
    """Every version that stood on the day, in the order in which they were written."""
    names = schema.names[:-1]
    versions = house.records.list_standing(dataset.id, start, end)
    for first in range(0, len(versions), RECORDS_AT_ONCE):
        rows = [
            version_row(dataset.kind, kept) | {"closed": kept.closed_at is not None}
            for kept in versions[first : first + RECORDS_AT_ONCE]
        ]
        columns = [
            pa.array([_cell(cell_of(row, name), schema.field(name)) for row in rows], schema.field(name).type)
            for name in names
        ]
        yield columns, len(rows)


def _cell(value: Any, field: pa.Field) -> Any:
    if field.type == MOMENT and value is not None:
        return datetime.fromisoformat(value)
    if field.type == pa.string() and not isinstance(value, str | None):
        return msgspec.json.encode(value).decode()
    return value


def _renamed(column: pa.DictionaryArray, names: dict[str, str]) -> pa.DictionaryArray:
    """A column of names with each name's own word in its place; its dictionary has other data sets' names too."""
    return pa.DictionaryArray.from_arrays(
        column.indices, pa.array([names.get(one, "") for one in column.dictionary.to_pylist()])
    )


def _same(word: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int32), pa.array([word]))


def _parquet(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    made = io.BytesIO()
    with pa.parquet.ParquetWriter(pa.PythonFile(made, mode="w"), schema, compression="zstd") as writer:
        for batch in batches:
            writer.write_batch(batch)
            if made.tell() > WORTH_SENDING_BYTES:
                yield _taken(made)
    yield _taken(made)


def _csv(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> Iterator[bytes]:
    """A header and a row each, as spreadsheets read them, packed."""
    made = io.BytesIO()
    plain = pa.schema([(field.name, pa.string() if field.type == NAME else field.type) for field in schema])
    with gzip.GzipFile(fileobj=made, mode="wb", compresslevel=1, mtime=0) as packed:
        packed.write(UTF8_MARK)
        with pa.csv.CSVWriter(pa.PythonFile(packed, mode="w"), plain) as writer:
            for batch in batches:
                writer.write_batch(inert_columns(batch.cast(plain)))
                if made.tell() > WORTH_SENDING_BYTES:
                    yield _taken(made)
    yield _taken(made)


def _taken(made: io.BytesIO) -> bytes:
    """What was written since the last time; Arrow and gzip count for themselves where they are."""
    pieces = made.getvalue()
    made.seek(0)
    made.truncate()
    return pieces
