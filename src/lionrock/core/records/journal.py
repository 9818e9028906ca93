"""Who did what, when and why, and what stood there before: written with the change itself, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, Row, Select, insert, select, update

from lionrock.core.records.store import RecordStore, Touched
from lionrock.core.records.tables import JOURNAL, JOURNAL_TOUCHED
from lionrock.core.records.versions import Lasting
from lionrock.core.vocabulary import Dataset, NotFound, Refused, Text, microseconds, moment_of

MOST_ENTRIES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody asks to have done: the action's path, its command, who, and why in their words."""

    actor: str
    service: str
    action: str
    command: Any
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the journal. ``undoes`` and ``undone_by`` name other lines by number.

    ``was`` is what stood before in fields of the command, where its action told it.
    """

    number: int
    at: datetime
    actor: str
    service: str
    action: str
    command: Any
    why: str
    says: Text
    was: Mapping[str, Any]
    touched: tuple[Touched, ...]
    undoable: bool
    undoes: int | None
    undone_by: int | None


class Journal:
    """The journal of one house, in the same database as the records it speaks of."""

    def __init__(self, engine: Engine, records: RecordStore) -> None:
        self._engine, self._records = engine, records

    def act(
        self,
        deed: Deed,
        says: Text,
        writes: Iterable[tuple[Dataset, Lasting]],
        at: datetime,
        *,
        undo: bool,
        was: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Keep the records and the journal's line in one transaction."""

        def note(connection: Connection, touched: tuple[Touched, ...]) -> int:
            return _note(connection, deed, says, touched, at, undoable=undo and bool(touched), was=was)

        return self.get(self._records.act(writes, at, note))

    def undo(self, number: int, deed: Deed, at: datetime) -> Entry:
        """Put back what entry ``number`` changed. An undo can be undone.

        Raises NotFound; Refused where it cannot be undone, was undone before, or a record was changed since.
        """
        done = self.get(number)
        if not done.undoable:
            raise Refused(
                Text(
                    en=f"entry {number} ({done.action}) cannot be undone; correct the record instead",
                    tc=f"第 {number} 項不能復原；請改為更正有關紀錄",
                )
            )
        if done.undone_by is not None:
            raise Refused(
                Text(
                    en=f"entry {number} was undone before, by entry {done.undone_by}",
                    tc=f"第 {number} 項早前已由第 {done.undone_by} 項復原",
                )
            )

        def note(connection: Connection, touched: tuple[Touched, ...]) -> int:
            self._must_be_newest_of_what_it_made(done)
            says = Text(en=f"Undone: {done.says.en}", tc=f"已復原：{done.says.tc}")
            again = _note(connection, deed, says, touched, at, undoable=True, undoes=number)
            this = update(JOURNAL).where(JOURNAL.c.number == number, JOURNAL.c.undone_by.is_(None))
            if connection.execute(this.values(undone_by=again)).rowcount != 1:
                raise Refused(
                    Text(
                        en=f"entry {number} was undone by somebody else at this moment",
                        tc=f"第 {number} 項剛由他人復原",
                    )
                )
            return again

        return self.get(self._records.put_back(done.touched, at, note))

    def _must_be_newest_of_what_it_made(self, done: Entry) -> None:
        """Raise Refused where a person changed a record since it was made; what jobs added to it goes with it."""
        for each in done.touched:
            if each.version > 1:
                continue
            for later in self.list_entries(dataset=each.dataset, record=each.id):
                if later.number > done.number and later.undone_by is None and self._is_change(later):
                    raise Refused(
                        Text(
                            en=f"{each.dataset} {each.id} was changed since it was made, by entry {later.number}; "
                            "undo that first",
                            tc=f"{each.dataset} {each.id} 建立後由第 {later.number} 項更改；請先復原該項",
                        )
                    )

    def _is_change(self, entry: Entry) -> bool:
        """Whether an entry changes something, and does not take a change back."""
        return entry.undoes is None or not self._is_change(self.get(entry.undoes))

    def get(self, number: int) -> Entry:
        """One entry; raises NotFound."""
        found = self._read(select(JOURNAL).where(JOURNAL.c.number == number))
        if not found:
            raise NotFound(Text(en=f"the journal has no entry {number}", tc=f"日誌沒有第 {number} 項"))
        return found[0]

    def list_entries(
        self, *, dataset: str | None = None, record: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Entry]:
        """Entries, newest first; those that touched ``record`` of ``dataset``; older than number ``before``."""
        wanted = select(JOURNAL).order_by(JOURNAL.c.number.desc()).limit(min(limit, MOST_ENTRIES))
        touched = select(JOURNAL_TOUCHED.c.number)
        if dataset is not None:
            touched = touched.where(JOURNAL_TOUCHED.c.dataset == dataset)
        if record is not None:
            touched = touched.where(JOURNAL_TOUCHED.c.id == record)
        if dataset is not None or record is not None:
            wanted = wanted.where(JOURNAL.c.number.in_(touched))
        if before is not None:
            wanted = wanted.where(JOURNAL.c.number < before)
        return self._read(wanted)

    def _read(self, wanted: Select[Any]) -> list[Entry]:
        with self._engine.connect() as connection:
            rows = connection.execute(wanted).all()
            numbers = [row.number for row in rows]
            touched = connection.execute(
                select(JOURNAL_TOUCHED)
                .where(JOURNAL_TOUCHED.c.number.in_(numbers))
                .order_by(JOURNAL_TOUCHED.c.dataset, JOURNAL_TOUCHED.c.id)
            ).all()
        by_number: dict[int, list[Touched]] = {number: [] for number in numbers}
        for row in touched:
            by_number[row.number].append(Touched(row.dataset, row.id, row.version))
        return [_entry(row, tuple(by_number[row.number])) for row in rows]


def note_decision(connection: Connection, deed: Deed, says: Text, at: datetime) -> int:
    """Write one line about what is kept elsewhere and is undone there, in the transaction that keeps it."""
    return _note(connection, deed, says, (), at, undoable=False)


def _note(
    connection: Connection,
    deed: Deed,
    says: Text,
    touched: tuple[Touched, ...],
    at: datetime,
    *,
    undoable: bool,
    undoes: int | None = None,
    was: Mapping[str, Any] | None = None,
) -> int:
    """Write one line; returns its number."""
    row = {
        "at_us": microseconds(at),
        "actor": deed.actor,
        "service": deed.service,
        "action": deed.action,
        "command": msgspec.json.encode(deed.command),
        "why": deed.why,
        "says": msgspec.json.encode(says),
        "undoable": undoable,
        "undoes": undoes,
        "was": msgspec.json.encode(was) if was else None,
    }
    number = connection.execute(insert(JOURNAL).values(row).returning(JOURNAL.c.number)).scalar_one()
    lines = [{"number": number, "dataset": each.dataset, "id": each.id, "version": each.version} for each in touched]
    if lines:
        connection.execute(insert(JOURNAL_TOUCHED), lines)
    return int(number)


def _entry(row: Row[Any], touched: tuple[Touched, ...]) -> Entry:
    return Entry(
        number=row.number,
        at=moment_of(row.at_us),
        actor=row.actor,
        service=row.service,
        action=row.action,
        command=msgspec.json.decode(row.command),
        why=row.why,
        says=msgspec.json.decode(row.says, type=Text),
        was={} if row.was is None else msgspec.json.decode(row.was),
        touched=touched,
        undoable=row.undoable,
        undoes=row.undoes,
        undone_by=row.undone_by,
    )
