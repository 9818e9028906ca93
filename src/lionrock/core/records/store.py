"""Features, events and alerts with their lives: the open ones, and what they were at any past moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Engine, Row, and_, delete, exists, func, or_, select

from lionrock.core.records.tables import RECORD_VERSIONS, RECORDS
from lionrock.core.records.undoing import take_back
from lionrock.core.records.versions import (
    FORM,
    Change,
    Lasting,
    get_version,
    must_hold_declared,
    with_languages_of,
    with_what_is_known,
    write_changes,
)
from lionrock.core.vocabulary import (
    Dataset,
    Event,
    EventStatus,
    NotFound,
    microseconds,
    moment_of,
)

N = TypeVar("N")


@dataclass(frozen=True, slots=True)
class Kept:
    """The latest version of a record, and its life as this store saw it."""

    id: str
    record: Any
    first_seen: datetime
    changed_at: datetime
    closed_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Touched:
    """A record that was changed, and the version that it got."""

    dataset: str
    id: str
    version: int


class RecordStore:
    """Upserts that change nothing twice; every change is a version, which goes by its age alone."""

    def __init__(self, engine: Engine, datasets: Mapping[str, Dataset]) -> None:
        self._engine = engine
        self._datasets = datasets
        self._open: dict[str, list[Kept]] = {}
        self._lock = threading.Lock()

    def save(self, dataset: Dataset, records: Iterable[Lasting], at: datetime, *, downloaded: bool = False) -> int:
        """Keep ``records`` as seen at ``at``; returns how many were new or changed.

        Languages that a record leaves empty keep what an earlier download of the same record said.
        An event that says CLOSED closes; a record that was closed and is seen again opens again, but where the data
        set is ``closed_for_good``. A ``downloaded`` event that comes again as it was before its newest word
        (from a stale cache, say) changes nothing.
        """
        with self._lock, self._engine.begin() as connection:
            touched = self._save(connection, dataset, records, at, downloaded=downloaded)
        return len(touched)

    def act(
        self,
        writes: Iterable[tuple[Dataset, Lasting]],
        at: datetime,
        along: Callable[[Connection, tuple[Touched, ...]], N],
    ) -> N:
        """Keep records of several data sets as :meth:`save` does, and in the same transaction what ``along`` writes."""
        by_dataset: dict[str, list[Lasting]] = {}
        for dataset, record in writes:
            by_dataset.setdefault(dataset.id, []).append(record)
        with self._lock, self._engine.begin() as connection:
            touched = [
                each
                for dataset_id, records in by_dataset.items()
                for each in self._save(connection, self._datasets[dataset_id], records, at)
            ]
            return along(connection, tuple(touched))

    def put_back(
        self, touched: Iterable[Touched], at: datetime, along: Callable[[Connection, tuple[Touched, ...]], N]
    ) -> N:
        """Take back what was changed in each record then, and leave what changed elsewhere in it since.

        A record that was new then is closed. Raises Refused where the same field was changed again
        since; then nothing is put back.
        """
        with self._lock, self._engine.begin() as connection:
            again = tuple(self._put_back(connection, each, at) for each in touched)
            return along(connection, again)

    def _save(
        self,
        connection: Connection,
        dataset: Dataset,
        records: Iterable[Lasting],
        at: datetime,
        *,
        downloaded: bool = False,
    ) -> list[Touched]:
        latest = {record.id: record for record in records}
        must_hold_declared(dataset, latest.values())
        changes = [
            change
            for record, before in with_what_is_known(connection, dataset, latest)
            if not (dataset.closed_for_good and before is not None and before.closed_us is not None)
            and not (downloaded and self._is_old_word(connection, dataset.id, record, before))
            and (change := self._change(dataset.id, record, before)) is not None
        ]
        self._keep(connection, dataset, changes, at)
        return [Touched(dataset.id, change.id, change.version) for change in changes]

    def _put_back(self, connection: Connection, each: Touched, at: datetime) -> Touched:
        dataset = self._datasets[each.dataset]
        now = get_version(connection, each.dataset, each.id)
        if each.version == 1:
            change = Change(each.id, now.body, now.version + 1, closed=True)
        else:
            before = get_version(connection, each.dataset, each.id, each.version - 1)
            after = get_version(connection, each.dataset, each.id, each.version)
            states = [msgspec.json.decode(row.body) | {"closed": row.closed} for row in (before, after, now)]
            body = take_back(*states, where=f"{each.dataset} {each.id}")
            closed = body.pop("closed")
            encoded = msgspec.json.encode(msgspec.convert(body, FORM[dataset.kind]), order="deterministic")
            change = Change(each.id, encoded, now.version + 1, closed=closed)
        self._keep(connection, dataset, [change], at)
        return Touched(each.dataset, each.id, change.version)

    def close_absent(self, dataset: Dataset, present: Collection[str], at: datetime) -> int:
        """Close every open record that is not among ``present``; returns how many."""
        return self._close(dataset, lambda record_id: record_id not in present, at)

    def close(self, dataset: Dataset, ids: Collection[str], at: datetime) -> int:
        """Close those of ``ids`` that are open; returns how many."""
        return self._close(dataset, lambda record_id: record_id in ids, at) if ids else 0

    def _close(self, dataset: Dataset, which: Callable[[str], bool], at: datetime) -> int:
        still_open = select(RECORDS).where(RECORDS.c.dataset == dataset.id, RECORDS.c.closed_us.is_(None))
        with self._lock, self._engine.begin() as connection:
            gone = [row for row in connection.execute(still_open) if which(row.id)]
            changes = [Change(row.id, row.body, row.version + 1, closed=True) for row in gone]
            self._keep(connection, dataset, changes, at)
        return len(changes)

    def _keep(self, connection: Connection, dataset: Dataset, changes: list[Change], at: datetime) -> None:
        """Write changes; what is held in memory of the data set goes only where there are any."""
        if changes:
            write_changes(connection, dataset, changes, microseconds(at))
            self._open.pop(dataset.id, None)

    def get(self, dataset_id: str, record_id: str) -> Kept:
        """One record, open or closed; raises NotFound."""
        wanted = select(RECORDS).where(RECORDS.c.dataset == dataset_id, RECORDS.c.id == record_id)
        with self._engine.connect() as connection:
            row = connection.execute(wanted).one_or_none()
        if row is None:
            raise NotFound(f"{dataset_id} has no record {record_id!r}")
        return self._kept(dataset_id, row)

    def list_open(self, dataset_id: str, at: datetime | None = None) -> list[Kept]:
        """What is open now, from memory; or what was open at ``at``, from the versions."""
        if at is not None:
            return self._list_open_at(dataset_id, microseconds(at))
        held = self._open.get(dataset_id)
        if held is None:
            wanted = select(RECORDS).where(RECORDS.c.dataset == dataset_id, RECORDS.c.closed_us.is_(None))
            with self._lock, self._engine.connect() as connection:
                rows = sorted(connection.execute(wanted), key=lambda row: row.id)  # SQL would read the closed ones
                held = [self._kept(dataset_id, row) for row in rows]
                self._open[dataset_id] = held
        return held

    def list_since(self, dataset_id: str, since: datetime) -> list[Kept]:
        """What was open at any time since ``since``, the most recently changed first."""
        alive = or_(RECORDS.c.closed_us.is_(None), RECORDS.c.closed_us >= microseconds(since))
        wanted = select(RECORDS).where(RECORDS.c.dataset == dataset_id, alive).order_by(RECORDS.c.changed_us.desc())
        with self._engine.connect() as connection:
            return [self._kept(dataset_id, row) for row in connection.execute(wanted)]

    def list_versions(self, dataset_id: str, since: datetime) -> list[Kept]:
        """Every version that was written since ``since``, the oldest first: each record as it was from then on.

        ``changed_at`` is when the version was written, ``closed_at`` the same where it closed the record.
        """
        versions = RECORD_VERSIONS
        wanted = (
            select(versions, RECORDS.c.first_seen_us)
            .join(RECORDS, and_(RECORDS.c.dataset == versions.c.dataset, RECORDS.c.id == versions.c.id))
            .where(versions.c.dataset == dataset_id, versions.c.at_us >= microseconds(since))
            .order_by(versions.c.at_us, versions.c.id, versions.c.version)
        )
        with self._engine.connect() as connection:
            return [self._kept_version(dataset_id, row) for row in connection.execute(wanted)]

    def list_standing(self, dataset_id: str, start: datetime, end: datetime) -> list[Kept]:
        """Every version that stood at some moment of [start, end), or closed in it, in the form of list_versions."""
        versions = RECORD_VERSIONS
        follows = func.lead(versions.c.at_us).over(partition_by=versions.c.id, order_by=versions.c.version)
        known = (
            select(versions, follows.label("until_us"))
            .where(versions.c.dataset == dataset_id, versions.c.at_us < microseconds(end))
            .subquery()
        )
        stood = and_(
            known.c.closed.is_(False), func.coalesce(known.c.until_us, microseconds(end)) > microseconds(start)
        )
        wanted = (
            select(known, RECORDS.c.first_seen_us)
            .join(RECORDS, and_(RECORDS.c.dataset == known.c.dataset, RECORDS.c.id == known.c.id))
            .where(or_(stood, known.c.at_us >= microseconds(start)))
            .order_by(known.c.at_us, known.c.id, known.c.version)
        )
        with self._engine.connect() as connection:
            return [self._kept_version(dataset_id, row) for row in connection.execute(wanted)]

    def forget(self, dataset_id: str, before: datetime) -> int:
        """Drop the versions of which a newer one stood by ``before``; returns how many. What stood last stays."""
        old, newer = RECORD_VERSIONS, RECORD_VERSIONS.alias()
        followed = exists().where(
            newer.c.dataset == old.c.dataset,
            newer.c.id == old.c.id,
            newer.c.version > old.c.version,
            newer.c.at_us <= microseconds(before),
        )
        past = delete(old).where(old.c.dataset == dataset_id, old.c.at_us < microseconds(before), followed)
        with self._engine.begin() as connection:
            return connection.execute(past).rowcount

    def find_span(self, dataset_id: str) -> tuple[datetime, datetime | None] | None:
        """When the first record of a data set was written and the last one closed, None while one is open.

        None where there never was a record.
        """
        opened = func.sum(RECORDS.c.closed_us.is_(None))
        wanted = select(func.min(RECORDS.c.first_seen_us), func.max(RECORDS.c.closed_us), opened)
        with self._engine.connect() as connection:
            first, last, standing = connection.execute(wanted.where(RECORDS.c.dataset == dataset_id)).one()
        if first is None:
            return None
        return moment_of(first), None if standing else moment_of(last)

    def count(self, dataset_id: str) -> int:
        """How many records are kept, open or closed."""
        wanted = select(func.count()).select_from(RECORDS).where(RECORDS.c.dataset == dataset_id)
        with self._engine.connect() as connection:
            return int(connection.execute(wanted).scalar_one())

    def _change(self, dataset_id: str, record: Lasting, before: Row[Any] | None) -> Change | None:
        """What ``record`` changes against what was known of it; None where nothing does."""
        if before is not None:
            record = with_languages_of(self._decoded(dataset_id, before.body), record)
        body = msgspec.json.encode(record, order="deterministic")
        closed = isinstance(record, Event) and record.status is EventStatus.CLOSED
        if before is None:
            return Change(record.id, body, 1, closed=closed)
        if before.body == body and (before.closed_us is not None) == closed:
            return None
        return Change(record.id, body, before.version + 1, closed=closed)

    def _is_old_word(self, connection: Connection, dataset_id: str, record: Lasting, before: Row[Any] | None) -> bool:
        """Whether an event speaks of an earlier moment than what is known of it, in the words of then."""
        known = None if before is None else self._decoded(dataset_id, before.body)
        if not (isinstance(record, Event) and isinstance(known, Event) and record.at < known.at):
            return False
        versions = RECORD_VERSIONS
        wanted = select(versions.c.body).where(versions.c.dataset == dataset_id, versions.c.id == record.id)
        heard = (self._decoded(dataset_id, body) for body in connection.execute(wanted).scalars())
        return any(with_languages_of(each, record) == each for each in heard)

    def _list_open_at(self, dataset_id: str, at_us: int) -> list[Kept]:
        versions = RECORD_VERSIONS
        newest = (
            select(versions.c.id, func.max(versions.c.version).label("version"))
            .where(versions.c.dataset == dataset_id, versions.c.at_us <= at_us)
            .group_by(versions.c.id)
            .subquery()
        )
        wanted = (
            select(versions, RECORDS.c.first_seen_us)
            .join(newest, and_(newest.c.id == versions.c.id, newest.c.version == versions.c.version))
            .join(RECORDS, and_(RECORDS.c.dataset == versions.c.dataset, RECORDS.c.id == versions.c.id))
            .where(versions.c.dataset == dataset_id, versions.c.closed.is_(False))
            .order_by(versions.c.id)
        )
        with self._engine.connect() as connection:
            return [self._kept_version(dataset_id, row) for row in connection.execute(wanted)]

    def _kept(self, dataset_id: str, row: Row[Any]) -> Kept:
        return Kept(
            id=row.id,
            record=self._decoded(dataset_id, row.body),
            first_seen=moment_of(row.first_seen_us),
            changed_at=moment_of(row.changed_us),
            closed_at=None if row.closed_us is None else moment_of(row.closed_us),
            version=row.version,
        )

    def _kept_version(self, dataset_id: str, row: Row[Any]) -> Kept:
        return Kept(
            id=row.id,
            record=self._decoded(dataset_id, row.body),
            first_seen=moment_of(row.first_seen_us),
            changed_at=moment_of(row.at_us),
            closed_at=moment_of(row.at_us) if row.closed else None,
            version=row.version,
        )

    def _decoded(self, dataset_id: str, body: bytes) -> Lasting:
        return msgspec.json.decode(body, type=FORM[self._datasets[dataset_id].kind])
