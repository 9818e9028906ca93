"""Which feed or recording reads which file."""

from __future__ import annotations

import gzip
import sqlite3
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from lionrock.app.house import House
from lionrock.app.replay.moments import LOOKED_AT_BYTES, read_moment
from lionrock.app.status import SAMPLES_RECEIVED
from lionrock.city.city import City
from lionrock.city.place import HOSTS, address
from lionrock.core.feeds.archive import Archive, too_long, unpacked_zst
from lionrock.core.feeds.fetch import LONGEST_BODY_BYTES
from lionrock.core.feeds.intake import read_download
from lionrock.core.feeds.runner import list_requests
from lionrock.core.manifest import Download, Feed, Recording
from lionrock.core.vocabulary import MalformedDownload, NotFound, Source, WrongSource, said

PACKED = (".gz", ".zst")
FORM_OF_SAMPLE = {".xml": "XML", ".json": "JSON", ".geojson": "JSON"}
PLAIN = "plain text"


@dataclass(frozen=True, slots=True)
class Recorded:
    """One download of a feed as somebody kept it."""

    path: Path
    feed_id: str
    feed: Feed[City]
    url: str
    params: Mapping[str, str]
    received_at: datetime
    read: Callable[[], bytes]


@dataclass(frozen=True, slots=True)
class Collected:
    """One file (or folder) of an older collection."""

    path: Path
    name: str
    recording: Recording


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that nothing reads, and why; a ``broken`` one cannot even be unpacked."""

    path: Path
    reason: str
    broken: bool = False


Match = Recorded | Collected | Unread


def list_matches(house: House, paths: Sequence[Path]) -> Iterator[Match]:
    """Match every file below ``paths`` with what reads it; raises NotFound, and WrongSource for the twin's archives."""
    for path in paths:
        if not path.exists():
            raise NotFound(f"there is no file or folder {path}")
    recordings = [
        (f"{service.id}.{recording.name}", recording)
        for service in house.catalogue.services
        for recording in service.recordings
    ]
    addresses = [*HOSTS.values(), *(address(url) for _, _, feed in house.feeds for url in feed.urls)]
    hosts = {urlsplit(each).hostname for each in addresses}
    files: list[Path] = []
    roots: set[Path] = set()
    for path in paths:
        for found in _walk(path.resolve(), recordings):
            root = _archive_root(found, hosts)
            if root is not None:
                roots.add(root)
            else:
                files.append(found)
    inside = [path.resolve() for path in paths]
    for root in sorted(roots):
        yield from _list_archived(house, root, inside)
    yield from _match_files(house, files, recordings)


def _walk(path: Path, recordings: Iterable[tuple[str, Recording]]) -> Iterator[Path]:
    """Every file at or below ``path``; a folder that a recording reads as a whole counts as one."""
    if path.is_file() or any(fnmatch(path.name, recording.matches) for _, recording in recordings):
        yield path
        return
    for child in sorted(path.iterdir()):
        if not child.name.startswith("."):
            yield from _walk(child, recordings)


def _archive_root(file: Path, hosts: Collection[str | None]) -> Path | None:
    """The archive that ``file`` belongs to: the folder above the one that is named like a feed's host."""
    if file.suffix != ".zst":
        return None
    return next((parent.parent for parent in file.parents if parent.name in hosts), None)


def _list_archived(house: House, root: Path, inside: Sequence[Path]) -> Iterator[Match]:
    _refuse_twin(root.parent)
    archive = Archive(root)
    known: set[str] = set()
    for feed_id, service, feed in house.feeds:
        for asked in list_requests(feed, house.cities[service.id], address):
            for version in archive.list_versions(asked.url):
                path = root / version.key
                known.add(version.key)
                if any(path.is_relative_to(folder) for folder in inside):
                    read = _archived(archive, version.key)
                    yield Recorded(path, feed_id, feed, asked.url, asked.params, version.received_at, read)
    for path in sorted(root.rglob("*.zst")):
        if path.relative_to(root).as_posix() not in known and any(path.is_relative_to(folder) for folder in inside):
            yield Unread(path, "no feed asks this address")


def _archived(archive: Archive, key: str) -> Callable[[], bytes]:
    return lambda: archive.read(key)


def _refuse_twin(store: Path) -> None:
    """Raise WrongSource where ``store`` keeps the twin's data: simulated downloads never pass for recorded ones."""
    database = store / "records.sqlite"
    if not database.is_file():
        return
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        (kept,) = connection.execute("SELECT source FROM belongs_to").fetchone()
    if kept == Source.TWIN:
        raise WrongSource(f"{store} keeps the simulated city's downloads, which must not pass for recorded ones")


def _match_files(house: House, files: Sequence[Path], recordings: Sequence[tuple[str, Recording]]) -> Iterator[Match]:
    now = datetime.now(UTC)  # the machine's own clock: that of the house stands where the recording does
    told = {path: read_moment(_head(path), path.name, now) for path in files if path.is_file()}
    samples = {found.folder.resolve() / "samples" for found in house.catalogue.found}
    by_folder: dict[Path, datetime] = {}
    for path, moment in told.items():
        if moment is not None:
            by_folder[path.parent] = max(moment, by_folder.get(path.parent, moment))
    for path in files:
        collected = next((each for each in recordings if fnmatch(path.name, each[1].matches)), None)
        if collected is not None:
            yield Collected(path, *collected)
            continue
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        guessed = SAMPLES_RECEIVED if path.resolve().parent in samples else written
        yield _match_file(house, path, told[path] or by_folder.get(path.parent) or guessed)


def _match_file(house: House, path: Path, received_at: datetime) -> Match:
    named = [
        (feed_id, feed)
        for feed_id, _, feed in sorted(house.feeds, key=lambda each: -len(each[2].sample))
        if path.name.startswith(PurePosixPath(feed.sample).stem)
    ]
    if named:
        return _recorded(path, *named[0], received_at)
    try:
        body = unpacked(path)
    except MalformedDownload as error:
        return Unread(path, error.problem, broken=True)
    form = _form_of(body)
    if form is None:
        return Unread(path, "neither text nor a collection that a service knows")
    for feed_id, _, feed in house.feeds:
        if form == FORM_OF_SAMPLE.get(PurePosixPath(feed.sample).suffix, PLAIN) and _reads(
            feed, Download(body=body, url=path.name, received_at=received_at)
        ):
            return _recorded(path, feed_id, feed, received_at)
    return Unread(path, "of no feed's format")


def _reads(feed: Feed[City], download: Download) -> bool:
    try:
        return any(len(records) for records in read_download(feed, download).values())
    except MalformedDownload:
        return False


def _recorded(path: Path, feed_id: str, feed: Feed[City], received_at: datetime) -> Recorded:
    return Recorded(path, feed_id, feed, address(feed.urls[0]), {}, received_at, lambda: unpacked(path))


def unpacked(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is .gz or .zst; raises MalformedDownload where that cannot be done."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            body = file.read(LONGEST_BODY_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise MalformedDownload(said(f"cannot be unpacked: {error}", "未能解壓"), where=path.name) from error
    if len(body) > LONGEST_BODY_BYTES:
        raise too_long(path.name)
    return unpacked_zst(body, path.name) if path.suffix == ".zst" else body


def _head(path: Path) -> bytes:
    if path.suffix in PACKED:
        try:
            return unpacked(path)[:LOOKED_AT_BYTES]
        except MalformedDownload:
            return b""
    with path.open("rb") as file:
        return file.read(LOOKED_AT_BYTES)


def _form_of(body: bytes) -> str | None:
    start = body[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if b"\0" in start:
        return None
    return "XML" if start.startswith(b"<") else "JSON" if start[:1] in (b"{", b"[") else PLAIN
