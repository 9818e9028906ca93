"""What the platform remembers of its feeds: last tries, errors, pages seen, downloads set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, delete, insert, not_, or_, select
from sqlalchemy.dialects.sqlite import insert as upsert

from lionrock.core.records.tables import FEED_STATES, PAGES_SEEN, SET_ASIDE
from lionrock.core.vocabulary import MalformedDownload, NotFound, Text, microseconds, moment_of

BACKFILLED, REPLAYED = "backfill", "replayed"  # a mark's first word: work that is done once, however old what it read


@dataclass(frozen=True, slots=True)
class FeedState:
    """How one feed fares; ``error`` is None after a success, ``records`` counts what it ever stored.

    ``last_change`` is when it last brought anything new.
    """

    feed: str
    last_try: datetime | None = None
    last_success: datetime | None = None
    last_change: datetime | None = None
    failures: int = 0
    error: Text | None = None
    records: int = 0
    set_aside: int = 0


@dataclass(frozen=True, slots=True)
class PageSeen:
    """The validators and the digest of the last answer of one address."""

    etag: str | None
    last_modified: str | None
    digest: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A download that could not be read, kept for a person: why, where in it, and what to do."""

    id: int
    feed: str
    url: str
    at: datetime
    reason: Text
    where: str
    remedy: Text
    bytes: int
    file: str


class FeedStates:
    """The feeds' memory in the operational database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, feed: str) -> FeedState:
        """The feed's state; a feed that was never asked has an empty one."""
        return self.list_all().get(feed, FeedState(feed))

    def list_all(self) -> Mapping[str, FeedState]:
        """Every known feed's state by feed id."""
        with self._engine.connect() as connection:
            return {
                row.feed: FeedState(
                    feed=row.feed,
                    last_try=None if row.last_try_us is None else moment_of(row.last_try_us),
                    last_success=None if row.last_success_us is None else moment_of(row.last_success_us),
                    last_change=None if row.last_change_us is None else moment_of(row.last_change_us),
                    failures=row.failures,
                    error=None if row.error is None else Text(en=row.error, tc=row.error_tc or ""),
                    records=row.records,
                    set_aside=row.set_aside,
                )
                for row in connection.execute(select(FEED_STATES))
            }

    def succeeded(self, feed: str, at: datetime, records: int, error: Text | None = None) -> None:
        """The feed gave a good answer that brought ``records`` new or changed records; ``error`` is of a few parts."""
        at_us = microseconds(at)
        table = FEED_STATES
        now = {"last_try_us": at_us, "last_success_us": at_us, "failures": 0, **_error(error)}
        if records:
            now["last_change_us"] = at_us
        statement = upsert(table).values(feed=feed, records=records, set_aside=0, **now)
        changes = now | {"records": table.c.records + records}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=changes))

    def failed(self, feed: str, at: datetime, error: Text) -> None:
        """The feed gave nothing usable; what it gave before stays."""
        at_us = microseconds(at)
        table = FEED_STATES
        now = {"last_try_us": at_us, **_error(error)}
        statement = upsert(table).values(feed=feed, failures=1, records=0, set_aside=0, **now)
        changes = now | {"failures": table.c.failures + 1}
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=changes))

    def find_page(self, url: str) -> PageSeen | None:
        """What is known of an address's last good answer."""
        with self._engine.connect() as connection:
            row = connection.execute(select(PAGES_SEEN).where(PAGES_SEEN.c.url == url)).one_or_none()
        return None if row is None else PageSeen(row.etag, row.last_modified, row.digest)

    def forget_pages(self, before: datetime) -> None:
        """Forget addresses that said nothing new since then; one asked again is read as if for the first time.

        What was back-filled or replayed stays marked for ever: none of it is to be read twice.
        """
        done = or_(*(PAGES_SEEN.c.url.startswith(f"{work} ") for work in (BACKFILLED, REPLAYED)))
        old = delete(PAGES_SEEN).where(PAGES_SEEN.c.seen_us < microseconds(before), not_(done))
        with self._engine.begin() as connection:
            connection.execute(old)

    def saw_page(self, url: str, page: PageSeen, at: datetime) -> None:
        """Remember an address's answer, once it was read and stored."""
        values: dict[str, str | int | None] = {
            "etag": page.etag,
            "last_modified": page.last_modified,
            "digest": page.digest,
        }
        values["seen_us"] = microseconds(at)
        statement = upsert(PAGES_SEEN).values(url=url, **values)
        with self._engine.begin() as connection:
            connection.execute(statement.on_conflict_do_update(index_elements=["url"], set_=values))

    def set_aside(self, feed: str, url: str, at: datetime, *, why: MalformedDownload, size: int, file: str) -> None:
        """Keep the word of a download that could not be read, and why."""
        reason, remedy = why.problem_text, why.remedy_text
        row = {"feed": feed, "url": url, "at_us": microseconds(at), "place": why.where, "bytes": size, "file": file}
        row |= {"reason": reason.en, "reason_tc": reason.tc, "remedy": remedy.en, "remedy_tc": remedy.tc}
        state = upsert(FEED_STATES).values(feed=feed, failures=0, records=0, set_aside=1)
        one_more = {"set_aside": FEED_STATES.c.set_aside + 1}
        with self._engine.begin() as connection:
            connection.execute(insert(SET_ASIDE).values(row))
            connection.execute(state.on_conflict_do_update(index_elements=["feed"], set_=one_more))

    def list_set_aside(self, limit: int = 100) -> list[SetAside]:
        """The newest downloads that were set aside."""
        wanted = select(SET_ASIDE).order_by(SET_ASIDE.c.id.desc()).limit(limit)
        with self._engine.connect() as connection:
            return [_set_aside(row) for row in connection.execute(wanted)]

    def get_set_aside(self, number: int) -> SetAside:
        """One of them; raises NotFound."""
        with self._engine.connect() as connection:
            row = connection.execute(select(SET_ASIDE).where(SET_ASIDE.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"no download number {number} was set aside, or it is past its time")
        return _set_aside(row)

    def forget(self, feed: str, before: datetime) -> int:
        """Forget what was set aside before ``before`` (its bytes go with the archive); returns how many."""
        old = delete(SET_ASIDE).where(SET_ASIDE.c.feed == feed, SET_ASIDE.c.at_us < microseconds(before))
        with self._engine.begin() as connection:
            return int(connection.execute(old).rowcount)


def _error(error: Text | None) -> dict[str, str | None]:
    return {"error": None, "error_tc": None} if error is None else {"error": error.en, "error_tc": error.tc}


def _set_aside(row: Row[Any]) -> SetAside:
    return SetAside(
        id=row.id,
        feed=row.feed,
        url=row.url,
        at=moment_of(row.at_us),
        reason=Text(en=row.reason, tc=row.reason_tc or ""),
        where=row.place,
        remedy=Text(en=row.remedy, tc=row.remedy_tc or ""),
        bytes=row.bytes,
        file=row.file,
    )
