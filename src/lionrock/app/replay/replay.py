"""Reading recordings into the recording's own store, in the order in which they were received."""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from lionrock.app.house import House
from lionrock.app.replay.files import Collected, Match, Recorded, Unread, list_matches
from lionrock.app.up import live, refuse_taken_port
from lionrock.core.clock import SetClock
from lionrock.core.feeds.intake import Taken, digest
from lionrock.core.manifest import Download
from lionrock.core.records.feed_states import REPLAYED, PageSeen
from lionrock.core.settings import Settings
from lionrock.core.vocabulary import EPOCH, Kind, LionrockError, MalformedDownload, NotYet, Source, Text

FOR_EVER = 365 * 200  # days: what was recorded years ago is not past its time
SILENCE = timedelta(hours=24)  # nobody recorded when the last warning or incident ended
PASSING = (Kind.EVENTS, Kind.ALERTS)
Watch = Callable[[str, int, int], None]
"""Told what is being done, and how many of how many files are done."""


@dataclass(slots=True)
class Part:
    """What one feed or older collection read: new or changed ``records`` of ``files``, from first to last moment.

    ``problems`` are the files that it could not read, each with its reason.
    """

    name: str
    files: int = 0
    records: int = 0
    first: datetime | None = None
    last: datetime | None = None
    problems: list[tuple[Path, Text, datetime]] = field(default_factory=list)

    def saw(self, moment: datetime, records: int) -> None:
        """Count ``records`` that were received at ``moment``."""
        self.records += records
        self.first = min(self.first or moment, moment)
        self.last = max(self.last or moment, moment)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay read, by feed or collection, and what nothing reads."""

    parts: list[Part]
    unread: list[Unread]

    @property
    def newest(self) -> datetime | None:
        """The last moment that was read; None where nothing was."""
        return max((part.last for part in self.parts if part.last is not None), default=None)

    @property
    def broken(self) -> int:
        """How many files could not be read by what should read them."""
        return sum(len(part.problems) for part in self.parts) + sum(each.broken for each in self.unread)

    @property
    def whole(self) -> int:
        """How many files were read, now or before."""
        return sum(part.files - len(part.problems) for part in self.parts)


Step = tuple[datetime, int, Callable[[], None]]


def settings_for_recording(settings: Settings) -> Settings:
    """The same settings over the recording's store, which forgets nothing for its age."""
    return replace(settings, source=Source.RECORDING, keep_days=FOR_EVER)


def replay(settings: Settings, paths: Sequence[Path], watch: Watch) -> Replayed:
    """Read every file below ``paths`` that a feed or a service's recording reads.

    Reading the same files again changes nothing. Raises NotFound for a path that is not there.
    """
    with House.open(settings, SetClock(EPOCH)) as house:
        return _Player(house, watch).play(paths)


def serve_recording(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the console over the recording's store until Ctrl-C; as it stood at the newest moment received."""
    refuse_taken_port(settings)
    with open_recording(settings) as house:
        asyncio.run(live(house, None, say))


def open_recording(settings: Settings) -> House:
    """Open the recording's store; its clock stands at the newest moment that it received.

    Raises NotYet where nothing was read into it: it has no moment to stand at.
    """
    clock = SetClock(EPOCH)
    house = House.open(settings, clock)
    received = [state.last_success for state in house.states.list_all().values() if state.last_success is not None]
    if not received:
        house.close()
        raise NotYet(f"{settings.home} holds no recording yet: `lionrock replay PATH` reads one")
    clock.set(max(received))
    return house


class _Player:
    """Plays one list of files into one house."""

    def __init__(self, house: House, watch: Watch) -> None:
        self._house, self._watch = house, watch
        self._parts: dict[str, Part] = {}
        self._newest: dict[str, dict[str, Taken]] = {}
        self._heard: dict[str, Recorded] = {}
        self._done = 0

    def play(self, paths: Sequence[Path]) -> Replayed:
        matches: list[Match] = []
        for match in list_matches(self._house, paths):
            matches.append(match)
            self._watch("Looking at files", len(matches), 0)
        unread = [match for match in matches if isinstance(match, Unread)]
        streams = [self._stream(match, order) for order, match in enumerate(matches) if not isinstance(match, Unread)]
        for moment, _, take in heapq.merge(*streams):
            self._close_silent(moment)
            if isinstance(self._house.clock, SetClock):
                self._house.clock.set(moment)
            take()
            self._watch(f"Reading {moment:%Y-%m-%d}", self._done, len(streams))
        self._watch("Read", self._done, len(streams))
        self._remember()
        return Replayed(sorted(self._parts.values(), key=lambda part: part.name), unread)

    def _stream(self, match: Recorded | Collected, order: int) -> Iterator[Step]:
        """The steps of one file, in the order of time."""
        if isinstance(match, Recorded):
            yield match.received_at, order, lambda: self._take(match)
            self._done += 1
            return
        yield from self._collection(match, order)

    def _take(self, match: Recorded) -> None:
        part = self._part(match.feed_id)
        part.files += 1
        if match.feed.snapshot:
            self._heard[match.feed_id] = match
        try:
            body = match.read()
            mark = None if _is_idempotent(match) else _mark_of(match, digest(body))
            if mark and any(self._was_read(each, digest(body)) for each in (mark, mark.rpartition(" ")[0])):
                part.saw(match.received_at, 0)
                return
            part.saw(match.received_at, self._store(match, body))
        except MalformedDownload as error:
            part.problems.append((match.path, error.told, match.received_at))
            return
        if mark:
            self._mark(mark, digest(body), match.received_at)

    def _store(self, match: Recorded, body: bytes) -> int:
        """Take one download; a snapshot closes what the newest download of each of its addresses leaves out."""
        download = Download(body=body, url=match.url, received_at=match.received_at, params=match.params)
        taken = self._house.intake.take(match.feed_id, match.feed, download, keep=False)
        if not match.feed.snapshot:
            return taken.total
        newest = self._newest.setdefault(match.feed_id, {})
        newest[match.url] = taken
        return taken.total + self._house.intake.close_absent(match.feed_id, match.feed, newest.values(), download)

    def _close_silent(self, now: datetime) -> None:
        """Close what a snapshot feed of passing things told, where its recording ended long before ``now``.

        Places stay: they do not pass. So does everything where an earlier replay read a later download.
        """
        for feed_id, last in list(self._heard.items()):
            ended = last.received_at + SILENCE
            if ended > now:
                continue
            del self._heard[feed_id]
            read_before = self._house.states.get(feed_id).last_success
            if read_before is not None and read_before > last.received_at:
                continue
            for dataset in last.feed.writes:
                if dataset.kind in PASSING:
                    told = self._house.records.list_open(dataset.id)
                    later = {kept.id for kept in told if kept.changed_at > ended}
                    self._house.records.close_absent(dataset, later, ended)

    def _collection(self, match: Collected, order: int) -> Iterator[Step]:
        part = self._part(match.name)
        part.files += 1
        mark, fingerprint = f"{REPLAYED} {match.name}", _fingerprint(match.path)
        if self._was_read(f"{mark} {match.path.name}", fingerprint):
            self._done += 1
            return
        moment = EPOCH
        try:
            for moment, dataset, records in match.recording.parse(match.path):

                def take(moment: datetime = moment, dataset: Any = dataset, records: Any = records) -> None:
                    part.saw(moment, self._keep(dataset, records, moment))

                yield moment, order, take
        except LionrockError as error:
            part.problems.append((match.path, error.told, max(moment, EPOCH)))
        else:
            self._mark(f"{mark} {match.path.name}", fingerprint, moment)
        self._done += 1

    def _keep(self, dataset: Any, records: list[Any], moment: datetime) -> int:
        if dataset.kind is Kind.READINGS:
            return self._house.readings.append(dataset.id, records).new
        return self._house.records.save(dataset, records, moment)

    def _part(self, name: str) -> Part:
        return self._parts.setdefault(name, Part(name))

    def _was_read(self, mark: str, fingerprint: str) -> bool:
        seen = self._house.states.find_page(mark)
        return seen is not None and seen.digest == fingerprint

    def _mark(self, mark: str, fingerprint: str, at: datetime) -> None:
        self._house.states.saw_page(mark, PageSeen(None, None, fingerprint), at)

    def _remember(self) -> None:
        """Write down how each feed fared, as its own runner would have: the status page tells it."""
        for part in self._parts.values():
            good = part.last
            for before in (True, False):
                for path, reason, at in part.problems:
                    if (good is not None and at <= good) is before:
                        why = Text(en=f"{path.name}: {reason.en}", tc=f"{path.name}：{reason.tc}" if reason.tc else "")
                        self._house.states.failed(part.name, at, why)
                if before and good is not None:
                    newest = self._house.states.get(part.name).last_success
                    self._house.states.succeeded(part.name, max(good, newest or good), part.records)


def _mark_of(match: Recorded, fingerprint: str) -> str:
    """Under what a download is remembered as read; several may have been received, as far as they tell, at once.

    Marks of before have no fingerprint at their end.
    """
    return f"{REPLAYED} {match.feed_id} {match.received_at.isoformat()} {fingerprint}"


def _is_idempotent(match: Recorded) -> bool:
    """Readings are known by their key; a record's older version would be taken for a newer one."""
    return all(dataset.kind is Kind.READINGS for dataset in match.feed.writes)


def _fingerprint(path: Path) -> str:
    if path.is_file():
        return digest(path.read_bytes())
    inside = sorted((file.name, file.stat().st_size) for file in path.rglob("*") if file.is_file())
    return digest(repr(inside).encode())
