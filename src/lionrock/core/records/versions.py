"""A record's rows: what is known of it, and the versions that are written beside the old ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from lionrock.core.records.tables import RECORD_VERSIONS, RECORDS
from lionrock.core.vocabulary import Alert, BadDeclaration, Dataset, Event, Feature, Kind, Text

Lasting = Feature | Event | Alert
FORM: Mapping[Kind, type[Lasting]] = {Kind.FEATURES: Feature, Kind.EVENTS: Event, Kind.ALERTS: Alert}

IDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Change:
    """A new version of one record."""

    id: str
    body: bytes
    version: int
    closed: bool


def get_version(connection: Connection, dataset_id: str, record_id: str, version: int | None = None) -> Row[Any]:
    """One version of a record that is there; the newest by default."""
    versions = RECORD_VERSIONS
    wanted = select(versions).where(versions.c.dataset == dataset_id, versions.c.id == record_id)
    if version is not None:
        wanted = wanted.where(versions.c.version == version)
    return connection.execute(wanted.order_by(versions.c.version.desc()).limit(1)).one()


def with_what_is_known(
    connection: Connection, dataset: Dataset, records: Mapping[str, Lasting]
) -> Iterator[tuple[Lasting, Row[Any] | None]]:
    """Yield every record with its stored row, asked for by id and not by the whole data set."""
    ids = list(records)
    for start in range(0, len(ids), IDS_AT_ONCE):
        some = ids[start : start + IDS_AT_ONCE]
        wanted = select(RECORDS).where(RECORDS.c.dataset == dataset.id, RECORDS.c.id.in_(some))
        known = {row.id: row for row in connection.execute(wanted)}
        for record_id in some:
            yield records[record_id], known.get(record_id)


def must_hold_declared(dataset: Dataset, records: Iterable[Lasting]) -> None:
    """Raise BadDeclaration where one of ``records`` holds a field that the data set does not declare."""
    declared = {field.id for field in dataset.fields}
    for record in records:
        strange = record.properties.keys() - declared
        if strange:
            raise BadDeclaration(f"{dataset.id} declares no field {', '.join(sorted(strange))} of its records")


def write_changes(connection: Connection, dataset: Dataset, changes: list[Change], at_us: int) -> None:
    """Write changed records, at least one, and their versions, many at once."""
    rows = [
        {
            "dataset": dataset.id,
            "id": change.id,
            "body": change.body,
            "version": change.version,
            "first_seen_us": at_us,
            "changed_us": at_us,
            "closed_us": at_us if change.closed else None,
        }
        for change in changes
    ]
    statement = upsert(RECORDS)
    new = {name: statement.excluded[name] for name in ("body", "version", "changed_us", "closed_us")}
    connection.execute(statement.on_conflict_do_update(index_elements=["dataset", "id"], set_=new), rows)
    history = [
        {"dataset": dataset.id, "id": change.id, "version": change.version, "at_us": at_us}
        | {"body": change.body, "closed": change.closed}
        for change in changes
    ]
    connection.execute(insert(RECORD_VERSIONS), history)


def with_languages_of(older: Lasting, newer: Lasting) -> Lasting:
    """``newer`` with the languages that only ``older`` has; a text that says nothing any more keeps the older words."""
    merged = {
        field.name: getattr(older, field.name).merged(getattr(newer, field.name))
        for field in dataclasses.fields(newer)
        if isinstance(getattr(newer, field.name), Text)
    }
    return dataclasses.replace(newer, **merged)
