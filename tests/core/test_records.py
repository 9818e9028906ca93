from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lionrock.core.records import RecordStore
from lionrock.core.records.database import open_database
from lionrock.core.vocabulary import (
    BadDeclaration,
    Dataset,
    Event,
    EventStatus,
    Kind,
    NotFound,
    Source,
    Text,
    WrongSource,
)

NEWS = Dataset(
    id="traffic.news", title=Text(en="News", tc="消息"), kind=Kind.EVENTS, rhythm=timedelta(minutes=1), licence="open"
)
T0 = datetime(2026, 11, 21, 8, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    engine = open_database(tmp_path, Source.TWIN)
    yield RecordStore(engine, {NEWS.id: NEWS})
    engine.dispose()


def incident(status: EventStatus = EventStatus.NEW, **words: Text) -> Event:
    return Event(id="IN-1", kind="accident", at=T0, status=status, title=words.get("title", Text(en="Crash")))


def test_the_same_record_again_changes_nothing(store: RecordStore) -> None:
    assert store.save(NEWS, [incident()], T0) == 1
    assert store.save(NEWS, [incident()], T0 + MINUTE) == 0
    assert store.get(NEWS.id, "IN-1").version == 1


def test_languages_of_two_downloads_are_joined(store: RecordStore) -> None:
    store.save(NEWS, [incident(title=Text(en="Crash"))], T0)
    store.save(NEWS, [incident(title=Text(tc="意外"))], T0)
    assert store.get(NEWS.id, "IN-1").record.title == Text(en="Crash", tc="意外", sc="意外")


def test_absence_closes_and_return_opens_again(store: RecordStore) -> None:
    store.save(NEWS, [incident()], T0)
    assert store.close_absent(NEWS, set(), T0 + MINUTE) == 1
    assert store.list_open(NEWS.id) == []
    assert store.get(NEWS.id, "IN-1").closed_at == T0 + MINUTE
    store.save(NEWS, [incident()], T0 + 2 * MINUTE)
    assert [kept.id for kept in store.list_open(NEWS.id)] == ["IN-1"]


def test_only_those_that_are_named_and_open_are_closed(store: RecordStore) -> None:
    store.save(NEWS, [replace(incident(), id=f"IN-{number}") for number in range(3)], T0)
    assert store.close(NEWS, {"IN-1", "IN-9"}, T0 + MINUTE) == 1
    assert store.close(NEWS, {"IN-1"}, T0 + 2 * MINUTE) == 0
    assert store.close(NEWS, set(), T0 + 2 * MINUTE) == 0
    assert [kept.id for kept in store.list_open(NEWS.id)] == ["IN-0", "IN-2"]
    assert store.get(NEWS.id, "IN-1").closed_at == T0 + MINUTE


def test_what_is_open_is_read_anew_only_after_a_change(store: RecordStore) -> None:
    store.save(NEWS, [incident()], T0)
    held = store.list_open(NEWS.id)
    store.save(NEWS, [incident()], T0 + MINUTE)
    store.close_absent(NEWS, {"IN-1"}, T0 + MINUTE)
    assert store.list_open(NEWS.id) is held
    store.save(NEWS, [incident(EventStatus.UPDATED)], T0 + 2 * MINUTE)
    assert [kept.record.status for kept in store.list_open(NEWS.id)] == [EventStatus.UPDATED]


def test_a_closed_message_closes_the_event(store: RecordStore) -> None:
    store.save(NEWS, [incident()], T0)
    store.save(NEWS, [incident(EventStatus.CLOSED)], T0 + MINUTE)
    assert store.list_open(NEWS.id) == []


def test_an_old_word_that_comes_again_from_a_stale_cache_opens_nothing(store: RecordStore) -> None:
    closed = replace(incident(EventStatus.CLOSED), at=T0 + 5 * MINUTE)
    for word in (incident(), closed):
        store.save(NEWS, [word], T0 + 6 * MINUTE, downloaded=True)
    assert store.save(NEWS, [incident()], T0 + 7 * MINUTE, downloaded=True) == 0
    assert store.list_open(NEWS.id) == []
    assert store.save(NEWS, [incident()], T0 + 8 * MINUTE) == 1  # what we derive ourselves is newer, whatever it tells


def test_a_word_that_is_corrected_to_an_earlier_moment_counts(store: RecordStore) -> None:
    for word in (incident(), replace(incident(), at=T0 + 12 * 60 * MINUTE)):
        store.save(NEWS, [word], T0, downloaded=True)
    corrected = incident(title=Text(en="Two cars crashed"))
    assert store.save(NEWS, [corrected], T0 + MINUTE, downloaded=True) == 1
    assert store.get(NEWS.id, "IN-1").record.at == T0


def test_the_past_is_answered_as_it_was(store: RecordStore) -> None:
    store.save(NEWS, [incident()], T0)
    store.save(NEWS, [incident(EventStatus.UPDATED)], T0 + 5 * MINUTE)
    store.close_absent(NEWS, set(), T0 + 10 * MINUTE)
    then = [[kept.record.status for kept in store.list_open(NEWS.id, T0 + k * MINUTE)] for k in (-1, 1, 6, 11)]
    assert then == [[], [EventStatus.NEW], [EventStatus.UPDATED], []]


def test_what_was_open_since_a_moment_includes_what_closed_after_it(store: RecordStore) -> None:
    store.save(NEWS, [incident()], T0)
    store.close_absent(NEWS, set(), T0 + 10 * MINUTE)
    assert [kept.id for kept in store.list_since(NEWS.id, T0 + 5 * MINUTE)] == ["IN-1"]
    assert store.list_since(NEWS.id, T0 + 11 * MINUTE) == []


def test_what_a_record_was_long_ago_goes_and_what_stood_last_stays(store: RecordStore) -> None:
    for hour, words in enumerate(("Crash", "Two lanes", "One lane", "Queue")):
        store.save(NEWS, [incident(title=Text(en=words))], T0 + hour * 60 * MINUTE)
    then = T0 + 150 * MINUTE
    before = store.list_open(NEWS.id, at=then)
    assert store.forget(NEWS.id, then) == 2  # one lane stood then
    assert store.forget(NEWS.id, then) == 0
    assert store.list_open(NEWS.id, at=then) == before
    assert [kept.version for kept in store.list_versions(NEWS.id, T0)] == [3, 4]
    assert (store.get(NEWS.id, "IN-1").version, store.get(NEWS.id, "IN-1").first_seen) == (4, T0)
    assert store.list_open(NEWS.id, at=T0 + MINUTE) == []
    assert store.forget("traffic.others", T0 + 600 * MINUTE) == 0
    assert store.save(NEWS, [incident(title=Text(en="Queue"))], T0 + 700 * MINUTE) == 0


def test_an_unknown_record_is_an_error_not_an_empty_one(store: RecordStore) -> None:
    with pytest.raises(NotFound, match="IN-9"):
        store.get(NEWS.id, "IN-9")


def test_a_store_refuses_another_source(tmp_path: Path) -> None:
    open_database(tmp_path, Source.TWIN).dispose()
    with pytest.raises(WrongSource, match="twin"):
        open_database(tmp_path, Source.LIVE)


def test_every_version_is_listed_with_its_own_moment_and_words(store: RecordStore) -> None:
    store.save(NEWS, [incident(title=Text(en="Crash"))], T0)
    store.save(NEWS, [incident(EventStatus.UPDATED, title=Text(en="Crash, one lane open"))], T0 + 5 * MINUTE)
    store.close_absent(NEWS, set(), T0 + 10 * MINUTE)
    told = [(kept.changed_at, kept.record.title.en, kept.closed_at) for kept in store.list_versions(NEWS.id, T0)]
    assert told == [
        (T0, "Crash", None),
        (T0 + 5 * MINUTE, "Crash, one lane open", None),
        (T0 + 10 * MINUTE, "Crash, one lane open", T0 + 10 * MINUTE),
    ]
    assert {kept.first_seen for kept in store.list_versions(NEWS.id, T0 + MINUTE)} == {T0}
    assert len(store.list_versions(NEWS.id, T0 + MINUTE)) == 2


def test_what_a_data_set_does_not_declare_of_its_records_is_refused_by_name(store: RecordStore) -> None:
    with pytest.raises(BadDeclaration, match="news declares no field lanes"):
        store.save(NEWS, [replace(incident(), properties={"lanes": 2})], T0)
    assert store.count(NEWS.id) == 0
