"""Sealed readings for any process: plain Parquet, no database, no lock."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import reduce
from operator import and_
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from lionrock.core.readings.columns import READING_SCHEMA
from lionrock.core.readings.layout import day_date, days_between
from lionrock.core.readings.shelf import MANIFEST
from lionrock.core.vocabulary import NotYet, Source, WrongSource, microseconds

ATTEMPTS = 5  # a file that the manifest named a moment ago may be replaced before it is opened


def read_sealed(
    folder: Path,
    source: Source,
    dataset_id: str,
    start: datetime,
    end: datetime,
    *,
    property_id: str | None = None,
    sensors: Sequence[str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """The sealed readings in [start, end) of the store in ``folder``, as :meth:`ReadingStore.scan` gives them.

    Days that are not sealed yet, and rows that came late for one that is, are not among them: only the
    writing process can read those. Raises :class:`NotYet` where nothing was ever sealed, and
    :class:`WrongSource` where the store keeps another source's readings.
    """
    known = [pc.field("dataset") == dataset_id, pc.field("at") >= start, pc.field("at") < end]
    known += [] if property_id is None else [pc.field("property") == property_id]
    known += [] if sensors is None else [pc.field("sensor").isin(list(sensors))]
    dates = [day_date(day).isoformat() for day in days_between(microseconds(start), microseconds(end))]
    with ExitStack() as opened:
        parquet = ds.ParquetFileFormat(dictionary_columns={"dataset", "property", "sensor"})
        for file in _open_files(folder, source, dates, opened):
            fragment = parquet.make_fragment(file)
            for batch in fragment.to_batches(columns=READING_SCHEMA.names, filter=reduce(and_, known)):
                if batch.num_rows:
                    yield batch.cast(READING_SCHEMA)


def _open_files(folder: Path, source: Source, dates: Sequence[str], opened: ExitStack) -> list[pa.NativeFile]:
    """All files of one manifest, open: what happens to them later cannot touch this reader."""
    for _ in range(ATTEMPTS):
        files = _files_by_date(folder, source)
        wanted = [folder / "sealed" / files[date] for date in dates if date in files]
        with suppress(FileNotFoundError):
            return [opened.enter_context(pa.OSFile(str(file))) for file in wanted]
    raise NotYet(f"the sealed days in {folder} are being written anew faster than they can be opened")


def _files_by_date(folder: Path, source: Source) -> dict[str, str]:
    manifest = folder / "sealed" / MANIFEST
    if not manifest.exists():
        raise NotYet(f"{folder} has no sealed days yet: the first is sealed by the process that writes it")
    found = json.loads(manifest.read_text())
    if found["source"] != source.value:
        raise WrongSource(f"{folder} keeps the readings of the source {found['source']!r}, not of {source.value!r}")
    files: dict[str, str] = found["books"]["readings"]
    return files
