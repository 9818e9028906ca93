"""What happened, told to everyone in this process and kept in an append log.

A notice says that data sets changed; it carries no data. The log lets a consumer that was away ask
for what it missed. One process writes it; PostgreSQL and NATS can stand behind the same three calls.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from lionrock.core.vocabulary import StoreClosed

LONGEST_LOG_BYTES = 8_000_000
QUEUE_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Notice:
    """``datasets`` changed at ``at``; ``number`` counts up through all restarts."""

    number: int
    at: datetime
    datasets: tuple[str, ...]


class Bus:
    """Publish from any thread, listen from any event loop. :meth:`close` ends every listener."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path, self._older = folder / "notices.jsonl", folder / "notices.1.jsonl"
        self._lock = threading.Lock()
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Queue[Notice | None]]] = set()
        self._changes: Counter[str] = Counter()
        self._lately: deque[Notice] = deque(maxlen=QUEUE_LENGTH)
        self._closed = False
        self._number = max((notice.number for notice in self.since(0)), default=0)
        self._file = self._path.open("ab")
        self._mend()

    def publish(self, datasets: tuple[str, ...], at: datetime) -> Notice:
        """Keep the notice durably, then tell every listener."""
        with self._lock:
            if self._file.closed:
                raise StoreClosed("the bus is closed")
            self._number += 1
            notice = Notice(self._number, at, datasets)
            self._file.write(msgspec.json.encode(notice) + b"\n")
            self._file.flush()
            os.fdatasync(self._file.fileno())
            if self._file.tell() > LONGEST_LOG_BYTES:
                self._turn_over()
            self._changes.update(datasets)
            self._lately.append(notice)
            listeners = list(self._listeners)
        for loop, queue in listeners:
            loop.call_soon_threadsafe(_offer, queue, notice)
        return notice

    @property
    def newest(self) -> int:
        """The number of the last notice; 0 before the first."""
        return self._number

    def changes(self, datasets: Iterable[str]) -> int:
        """How often any of ``datasets`` changed since this process started: a stamp for what was made of them."""
        return sum(self._changes[dataset] for dataset in datasets)

    def since(self, number: int) -> Iterator[Notice]:
        """Every kept notice after ``number``, oldest first; a line that a crash or the disk spoilt is passed over."""
        for path in (self._older, self._path):
            if not path.exists():
                continue
            for line in path.read_bytes().splitlines():
                try:
                    notice = msgspec.json.decode(line, type=Notice)
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue
                if notice.number > number:
                    yield notice

    async def listen(self, after: int | None = None) -> AsyncIterator[Notice]:
        """Every notice from now on, until the bus is closed.

        First, as one, those of lately that came ``after`` the number of the last one heard.
        """
        queue: asyncio.Queue[Notice | None] = asyncio.Queue(QUEUE_LENGTH)
        listener = (asyncio.get_running_loop(), queue)
        with self._lock:
            if self._closed:
                return
            missed = [] if after is None else [notice for notice in self._lately if notice.number > after]
            self._listeners.add(listener)
        try:
            if missed:
                changed = dict.fromkeys(dataset for notice in missed for dataset in notice.datasets)
                yield Notice(missed[-1].number, missed[-1].at, tuple(changed))
            while (notice := await queue.get()) is not None:
                yield notice
        finally:
            with self._lock:
                self._listeners.discard(listener)

    def end_listeners(self) -> None:
        """End every listener, and let no new one in; what is still published is kept."""
        with self._lock:
            self._closed = True
            listeners = list(self._listeners)
        for loop, queue in listeners:
            loop.call_soon_threadsafe(_offer, queue, None)

    def close(self) -> None:
        """End every listener and the log; closing twice is allowed."""
        self.end_listeners()
        with self._lock:
            self._file.close()

    def _mend(self) -> None:
        """Begin a new line where a crash left one open."""
        if self._file.tell() and not self._path.read_bytes().endswith(b"\n"):
            self._file.write(b"\n")
            self._file.flush()

    def _turn_over(self) -> None:
        self._file.close()
        self._path.replace(self._older)
        self._file = self._path.open("ab")


def _offer(queue: asyncio.Queue[Notice | None], notice: Notice | None) -> None:
    """Hand over; a listener that fell far behind loses its oldest notice (it refetches all the same)."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(notice)
