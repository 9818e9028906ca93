"""The raw bytes of every changed download, compressed, laid out by address and time of receipt.

``<host>/<path>/=v/<YYYYMMDD>/<HHMMSSffffff>.zst`` in UTC, unsafe bytes of the path as ``=XX``. Later this
is the portal's historical archive, and it is what ``replay`` reads.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from urllib.parse import quote, urlsplit

import zstandard

from lionrock.core.feeds.fetch import LONGEST_BODY_BYTES
from lionrock.core.files import Files
from lionrock.core.vocabulary import MalformedDownload, said

VERSIONS = "=v"  # the folder of an address' downloads
DAY, TIME = "%Y%m%d", "%H%M%S%f.zst"
LENGTHS = {DAY: len("20261121"), DAY + TIME: len("20261121093000123456.zst")}
NO_FOLDER = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
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
        key = f"{_folder_of(url)}/{received_at.astimezone(UTC):{DAY}/{TIME}}"
        self._files.put(key, zstandard.compress(body, LEVEL))
        return key

    def read(self, key: str) -> bytes:
        """The bytes kept under ``key``; raises NotFound, and MalformedDownload where the file is broken."""
        return unpacked_zst(self._files.get(key), key)

    def list_versions(self, url: str, span: tuple[datetime, datetime] | None = None) -> Iterator[Archived]:
        """Every kept download of ``url`` (received in [since, until) of ``span``, when given), oldest first."""
        folder = _folder_of(url)
        for begins, day in _list_days(self._folder / folder):
            if span and not span[0] - timedelta(days=1) < begins < span[1]:
                continue
            for received_at, file in _list_downloads(day):
                if not span or span[0] <= received_at < span[1]:
                    yield Archived(f"{folder}/{day.name}/{file.name}", received_at)

    def list_days(self, url: str, zone: tzinfo) -> list[date]:
        """The days of ``zone`` on which the kept downloads of ``url`` were received, oldest first."""
        found: set[date] = set()
        for _, day in _list_days(self._folder / _folder_of(url)):
            names = _names_in(day)
            for ordered in (names, reversed(names)):  # a day of UTC lies in at most two days of any zone
                moments = (_find_moment(day.name + name, DAY + TIME) for name in ordered)
                moment = next(filter(None, moments), None)
                found |= set() if moment is None else {moment.astimezone(zone).date()}
        return sorted(found)

    def forget(self, url: str, before: datetime) -> int:
        """Drop whole days of ``url`` that ended before ``before``; returns how many days."""
        return _drop_days(self._folder / _folder_of(url), before)

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


def unpacked_zst(packed: bytes, where: str) -> bytes:
    """The bytes of one zstandard frame; raises MalformedDownload where it is cut, or longer than a download may be."""
    try:
        if zstandard.frame_content_size(packed) <= LONGEST_BODY_BYTES:  # -1 where the frame does not say
            return zstandard.ZstdDecompressor().decompress(packed, max_output_size=LONGEST_BODY_BYTES)
    except zstandard.ZstdError as error:
        raise MalformedDownload(said(f"cannot be unpacked: {error}", "未能解壓"), where=where) from error
    raise too_long(where)


def too_long(where: str) -> MalformedDownload:
    """The problem of bytes that are more than a download may have."""
    words = said(f"longer than {LONGEST_BODY_BYTES} bytes", f"超過 {LONGEST_BODY_BYTES} 位元組")
    return MalformedDownload(words, where=where)


def _list_days(folder: Path) -> list[tuple[datetime, Path]]:
    """The days in an address' folder, oldest first; none where it has no folder, or a name too long for one.

    What else lies there, such as a file manager's notes, is passed over.
    """
    try:
        found = sorted(folder.iterdir())
    except OSError as error:
        if error.errno in NO_FOLDER:
            return []
        raise
    days = [(_find_moment(path.name, DAY), path) for path in found if path.is_dir()]
    return [(begins, path) for begins, path in days if begins is not None]


def _list_downloads(day: Path) -> list[tuple[datetime, Path]]:
    """The downloads in a day's folder, oldest first."""
    found = [(_find_moment(day.name + name, DAY + TIME), day / name) for name in _names_in(day)]
    return [(received_at, path) for received_at, path in found if received_at is not None]


def _names_in(day: Path) -> list[str]:
    """What lies in a day's folder, in order; nothing where the day was dropped meanwhile."""
    try:
        return sorted(path.name for path in day.iterdir())
    except FileNotFoundError:
        return []


def _find_moment(name: str, shape: str) -> datetime | None:
    """The moment that a day's folder, or one with a download in it, is named after; None for any other name."""
    if len(name) != LENGTHS[shape]:
        return None  # strptime would take fewer digits too
    try:
        return datetime.strptime(name, shape).replace(tzinfo=UTC)
    except ValueError:
        return None


def _drop_days(folder: Path, before: datetime) -> int:
    """Drop the days in an address' folder that ended before ``before``; returns how many."""
    over = [day for begins, day in _list_days(folder) if begins + timedelta(days=1) <= before]
    for day in over:
        shutil.rmtree(day)
    return len(over)


def _folder_of(url: str) -> str:
    """Address as folders: every unsafe byte as ``=XX``, a query as its hash; ``=v`` can be no part of any address."""
    parts = urlsplit(url)
    names = [quote(part, safe="").replace("~", "%7E").replace("%", "=") or "=" for part in parts.path.split("/")[1:]]
    folder = "/".join([quote(parts.hostname or "=", safe="").replace("%", "="), *names])
    if parts.query:
        folder += f"@{hashlib.sha256(parts.query.encode()).hexdigest()[:12]}"
    return f"{folder.replace('..', '=2E=2E')}/{VERSIONS}"
