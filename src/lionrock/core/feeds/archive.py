"""The raw bytes of every changed download, compressed, laid out by address and time of receipt.

``<host>/<path>/=v/<YYYYMMDD>/<HHMMSSffffff>.zst`` in UTC, unsafe bytes of the path as ``=XX``. Later this
is the portal's historical archive, and it is what ``replay`` reads.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from urllib.parse import quote, urlsplit

import zstandard

from lionrock.core.files import Files

VERSIONS = "=v"  # the folder of an address' downloads
LEVEL = 3  # zstandard's own default: 0.7 MB of detectors in milliseconds


@dataclass(frozen=True, slots=True)
class Archived:
    """One kept download: its key and when it was received."""

    key: str
    received_at: datetime


class Archive:
    """The archive of one source's store."""

    def __init__(self, folder: Path) -> None:
        self._files = Files(folder)
        self._folder = folder

    def keep(self, url: str, received_at: datetime, body: bytes) -> str:
        """Keep ``body`` durably; returns its key."""
        key = f"{_folder_of(url)}/{received_at.astimezone(UTC):%Y%m%d/%H%M%S%f}.zst"
        self._files.put(key, zstandard.compress(body, LEVEL))
        return key

    def read(self, key: str) -> bytes:
        """The bytes kept under ``key``; raises NotFound."""
        return zstandard.decompress(self._files.get(key))

    def list_versions(self, url: str, span: tuple[datetime, datetime] | None = None) -> Iterator[Archived]:
        """Every kept download of ``url`` (received in [since, until) of ``span``, when given), oldest first."""
        for day in self._days_of(url):
            begins = _moment(day.name)
            if span and not span[0] - timedelta(days=1) < begins < span[1]:
                continue
            for key in self._files.list_keys(f"{_folder_of(url)}/{day.name}"):
                received_at = _moment(day.name, key.rpartition("/")[2])
                if not span or span[0] <= received_at < span[1]:
                    yield Archived(key, received_at)

    def list_days(self, url: str, zone: tzinfo) -> list[date]:
        """The days of ``zone`` on which the kept downloads of ``url`` were received, oldest first."""
        found: set[date] = set()
        for day in self._days_of(url):
            names = sorted(path.name for path in day.iterdir() if not path.name.startswith("."))
            # A day of UTC lies in at most two days of any zone.
            found.update(_moment(day.name, name).astimezone(zone).date() for name in (*names[:1], *names[-1:]))
        return sorted(found)

    def _days_of(self, url: str) -> list[Path]:
        folder = self._folder / _folder_of(url)
        return sorted(folder.iterdir()) if folder.exists() else []

    def forget(self, url: str, before: datetime) -> int:
        """Drop whole days of ``url`` that ended before ``before``; returns how many days."""
        folder = self._folder / _folder_of(url)
        return _drop_days(folder, before) if folder.exists() else 0

    def forget_others(self, asked: Collection[str], before: datetime) -> int:
        """The same for every address that is not among ``asked``: those that nobody asks any more."""
        known = {self._folder / _folder_of(url) for url in asked}
        dropped = 0
        for place, names, _ in os.walk(self._folder):
            if VERSIONS in names:
                names.remove(VERSIONS)  # nothing below it is an address
                folder = Path(place) / VERSIONS
                dropped += 0 if folder in known else _drop_days(folder, before)
        return dropped


def _moment(day: str, time: str = "") -> datetime:
    """The moment that the names of a day's folder and of a download in it tell."""
    return datetime.strptime(day + (time.removesuffix(".zst") or "000000000000"), "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)


def _drop_days(folder: Path, before: datetime) -> int:
    """Drop the days in an address' folder that ended before ``before``; returns how many."""
    dropped = 0
    for day in sorted(folder.iterdir()):
        if _moment(day.name) + timedelta(days=1) <= before:
            shutil.rmtree(day)
            dropped += 1
    return dropped


def _folder_of(url: str) -> str:
    """Address as folders: every unsafe byte as ``=XX``, a query as its hash; ``=v`` can be no part of any address."""
    parts = urlsplit(url)
    names = [quote(part, safe="").replace("~", "%7E").replace("%", "=") or "=" for part in parts.path.split("/")[1:]]
    folder = "/".join([quote(parts.hostname or "=", safe="").replace("%", "="), *names])
    if parts.query:
        folder += f"@{hashlib.sha256(parts.query.encode()).hexdigest()[:12]}"
    return f"{folder.replace('..', '=2E=2E')}/{VERSIONS}"
