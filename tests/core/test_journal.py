from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lionrock.core.records import Deed, Journal, RecordStore
from lionrock.core.records.database import open_database
from lionrock.core.records.undoing import take_back
from lionrock.core.vocabulary import Dataset, Event, EventStatus, Field, Json, Kind, NotFound, Refused, Source, Text

INCIDENTS = Dataset(
    id="incidents.incidents",
    title=Text(en="Incidents", tc="事故"),
    kind=Kind.EVENTS,
    rhythm=timedelta(minutes=1),
    licence="open",
    fields=(
        Field("lanes_closed", Json.INTEGER, Text(en="lanes closed", tc="封閉的行車線")),
        Field("queue_km", Json.NUMBER, Text(en="queue", tc="車龍")),
    ),
)
T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CRASH = Event(
    id="IN-1", kind="accident", at=T0, status=EventStatus.NEW, title=Text(en="Crash"), properties={"lanes_closed": 1}
)
SAYS = Text(en="Said", tc="已記下")


@pytest.fixture
def records(tmp_path: Path) -> Iterator[RecordStore]:
    engine = open_database(tmp_path, Source.TWIN)
    yield RecordStore(engine, {INCIDENTS.id: INCIDENTS})
    engine.dispose()


@pytest.fixture
def journal(records: RecordStore) -> Journal:
    return Journal(records._engine, records)


def deed(action: str = "incidents/correct", why: str = "the camera shows it") -> Deed:
    return Deed(actor="wong", service="incidents", action=action, command={"id": "IN-1"}, why=why)


def test_an_entry_says_who_when_why_and_what_it_touched(journal: Journal) -> None:
    entry = journal.act(deed(), SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    assert (entry.actor, entry.at, entry.why) == ("wong", T0, "the camera shows it")
    assert [(each.id, each.version) for each in entry.touched] == [("IN-1", 1)]
    assert journal.list_entries(dataset=INCIDENTS.id, record="IN-1") == [entry]
    assert journal.list_entries(record="IN-2") == []


def test_undo_puts_the_record_back(journal: Journal, records: RecordStore) -> None:
    records.save(INCIDENTS, [CRASH], T0)
    was = {"kind": "accident"}
    done = journal.act(deed(), SAYS, [(INCIDENTS, replace(CRASH, kind="fire"))], T0 + MINUTE, undo=True, was=was)
    assert journal.get(done.number).was == was
    undone = journal.undo(done.number, deed("undo"), T0 + 2 * MINUTE)
    assert records.get(INCIDENTS.id, "IN-1").record == CRASH
    assert journal.get(done.number).undone_by == undone.number
    assert undone.undoes == done.number


def test_an_undo_can_be_undone(journal: Journal, records: RecordStore) -> None:
    records.save(INCIDENTS, [CRASH], T0)
    done = journal.act(deed(), SAYS, [(INCIDENTS, replace(CRASH, kind="fire"))], T0 + MINUTE, undo=True)
    undone = journal.undo(done.number, deed("undo"), T0 + 2 * MINUTE)
    journal.undo(undone.number, deed("undo"), T0 + 3 * MINUTE)
    assert records.get(INCIDENTS.id, "IN-1").record.kind == "fire"


def test_undoing_a_closing_opens_again_and_undoing_a_creation_closes(journal: Journal, records: RecordStore) -> None:
    made = journal.act(deed(), SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    closed = replace(CRASH, status=EventStatus.CLOSED)
    ended = journal.act(deed(), SAYS, [(INCIDENTS, closed)], T0 + MINUTE, undo=True)
    assert records.list_open(INCIDENTS.id) == []
    journal.undo(ended.number, deed("undo"), T0 + 2 * MINUTE)
    assert [kept.record for kept in records.list_open(INCIDENTS.id)] == [CRASH]
    journal.undo(made.number, deed("undo"), T0 + 3 * MINUTE)
    assert records.list_open(INCIDENTS.id) == []


def test_what_was_changed_since_it_was_made_is_not_unmade(journal: Journal, records: RecordStore) -> None:
    made = journal.act(deed(), SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    changed = journal.act(deed(), SAYS, [(INCIDENTS, replace(CRASH, kind="fire"))], T0 + MINUTE, undo=True)
    with pytest.raises(Refused, match="changed since it was made"):
        journal.undo(made.number, deed("undo"), T0 + 2 * MINUTE)
    assert [kept.id for kept in records.list_open(INCIDENTS.id)] == [CRASH.id]
    journal.undo(changed.number, deed("undo"), T0 + 3 * MINUTE)
    journal.undo(made.number, deed("undo"), T0 + 4 * MINUTE)
    assert records.list_open(INCIDENTS.id) == []


def test_what_a_job_added_since_goes_with_what_was_made(journal: Journal, records: RecordStore) -> None:
    made = journal.act(deed(), SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    records.save(INCIDENTS, [replace(CRASH, title=Text(en="Crash, 3 vehicle-hours"))], T0 + MINUTE)
    journal.undo(made.number, deed("undo"), T0 + 2 * MINUTE)
    assert records.list_open(INCIDENTS.id) == []


def test_undo_leaves_what_changed_elsewhere_in_the_record_since(journal: Journal, records: RecordStore) -> None:
    records.save(INCIDENTS, [CRASH], T0)
    done = journal.act(deed(), SAYS, [(INCIDENTS, replace(CRASH, kind="fire"))], T0 + MINUTE, undo=True)
    later = replace(CRASH, kind="fire", properties={"lanes_closed": 2, "queue_km": 1.5})
    records.save(INCIDENTS, [later], T0 + 2 * MINUTE)
    journal.undo(done.number, deed("undo"), T0 + 3 * MINUTE)
    now = records.get(INCIDENTS.id, "IN-1").record
    assert (now.kind, now.properties) == ("accident", {"lanes_closed": 2, "queue_km": 1.5})


def test_undo_is_refused_where_the_same_field_changed_since_and_nothing_is_put_back(
    journal: Journal, records: RecordStore
) -> None:
    records.save(INCIDENTS, [CRASH], T0)
    both = [(INCIDENTS, replace(CRASH, kind="fire")), (INCIDENTS, replace(CRASH, id="IN-2"))]
    done = journal.act(deed(), SAYS, both, T0 + MINUTE, undo=True)
    records.save(INCIDENTS, [replace(CRASH, kind="flood")], T0 + 2 * MINUTE)
    with pytest.raises(Refused, match="kind was changed again since"):
        journal.undo(done.number, deed("undo"), T0 + 3 * MINUTE)
    assert [kept.id for kept in records.list_open(INCIDENTS.id)] == ["IN-1", "IN-2"]
    assert journal.get(done.number).undone_by is None


def test_nothing_is_undone_twice_nor_what_cannot_be(journal: Journal) -> None:
    done = journal.act(deed(), SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    journal.undo(done.number, deed("undo"), T0 + MINUTE)
    with pytest.raises(Refused, match="undone before"):
        journal.undo(done.number, deed("undo"), T0 + MINUTE)
    for_ever = journal.act(deed(), SAYS, [(INCIDENTS, replace(CRASH, id="IN-9"))], T0, undo=False)
    with pytest.raises(Refused, match="cannot be undone"):
        journal.undo(for_ever.number, deed("undo"), T0 + MINUTE)
    with pytest.raises(NotFound):
        journal.undo(99, deed("undo"), T0)


def test_a_failed_entry_stores_no_record(journal: Journal, records: RecordStore) -> None:
    unwritable = replace(deed(), command=object())
    with pytest.raises(TypeError):
        journal.act(unwritable, SAYS, [(INCIDENTS, CRASH)], T0, undo=True)
    assert records.count(INCIDENTS.id) == 0


def test_taking_back_removes_what_was_added_and_returns_what_was_removed() -> None:
    before, after = {"a": 1, "gone": 2}, {"a": 1, "new": 3}
    assert take_back(before, after, after | {"b": 4}, where="x") == {"a": 1, "b": 4, "gone": 2}
