"""From bytes to stored records: keep the bytes, parse strictly, store, or set the whole download aside.

Live feeds, the back-fill and replays all come through here, so the same bytes do the same thing.
Taking the same download twice changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from lionrock.core.faults import tell_fault
from lionrock.core.feeds.archive import Archive
from lionrock.core.feeds.formats import ASK_AGAIN
from lionrock.core.manifest import Download, Feed, Parsed
from lionrock.core.readings import ReadingColumns, ReadingStore
from lionrock.core.records import FeedStates, RecordStore
from lionrock.core.records.feed_states import PageSeen
from lionrock.core.records.versions import FORM, must_hold_declared
from lionrock.core.vocabulary import BadInput, Dataset, Kind, MalformedDownload, Reading, Record, Text, said

OUR_FAULT = said(
    "report it: the fault is the service's, not the publisher's", "請報告此問題：錯在服務的程式，不在發布者"
)
LISTS_NOTHING = said("it lists nothing, where there is always something", "下載內容沒有任何項目，但來源理應有資料")
STAYS = said("what is missing stays for a day, in case the file was cut", "檔案可能不完整，缺少的項目會保留一天")
SHRUNK_FOR, FEWEST = timedelta(days=1), 10  # a list of fewer may well lose half
Sound = dict[Dataset, ReadingColumns | Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What one download brought: new or changed records, and the ids it spoke of, by data set."""

    changed: dict[str, int]
    present: dict[str, set[str]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """New or changed records of all data sets."""
        return sum(self.changed.values())


@dataclass(frozen=True, slots=True)
class Intake:
    """The stores behind every feed; ``aside`` keeps what could not be read, away from what is published again."""

    readings: ReadingStore
    records: RecordStore
    states: FeedStates
    archive: Archive
    aside: Archive

    def take(self, feed_id: str, feed: Feed[Any], download: Download, *, keep: bool = True) -> Taken:
        """Parse and store ``download``; raises MalformedDownload once it has been set aside whole."""
        try:
            sound = read_download(feed, download)
        except MalformedDownload as error:
            self._set_aside(feed_id, download, error)
            raise
        if keep:
            self.archive.keep(download.url, download.received_at, download.body)
        return self._store(sound, download.received_at, downloaded=True)

    def store(self, found: Mapping[Dataset, Sequence[Any]], at: datetime) -> Taken:
        """Store records of several data sets as seen at ``at``; the same ones again change nothing.

        Raises BadInput or BadDeclaration, with nothing stored, where one of them is not what its data set declares.
        """
        return self._store(_sound(found), at)

    def _store(self, sound: Sound, at: datetime, *, downloaded: bool = False) -> Taken:
        changed, present = {}, {}
        for dataset, records in sound.items():
            if isinstance(records, ReadingColumns):
                changed[dataset.id] = self.readings.append(dataset.id, records).new
            else:
                changed[dataset.id] = self.records.save(dataset, records, at, downloaded=downloaded)
                present[dataset.id] = {record.id for record in records}
        return Taken(changed, present)

    def _set_aside(self, feed_id: str, download: Download, error: MalformedDownload) -> None:
        """Keep the bytes and the reason for a person; the same bytes of the same feed once only."""
        mark, page = f"unreadable {feed_id} {download.url}", PageSeen(None, None, digest(download.body))
        if self.states.find_page(mark) == page:
            return
        key = self.aside.keep(download.url, download.received_at, download.body)
        self.states.set_aside(
            feed_id,
            download.url,
            download.received_at,
            why=error,
            size=len(download.body),
            file=key,
        )
        self.states.saw_page(mark, page, download.received_at)

    def close_absent(self, feed_id: str, feed: Feed[Any], rounds: Iterable[Taken], download: Download) -> int:
        """Close what a complete round of a snapshot feed left out; returns how many.

        Where that is more than half of a list that is never empty, only once it was left out for SHRUNK_FOR: a file
        that was cut is likelier, and a person is told.
        """
        absent: dict[Dataset, list[str]] = {}
        for dataset in feed.writes:
            present = set[str]().union(*(taken.present[dataset.id] for taken in rounds))
            standing = [kept.id for kept in self.records.list_open(dataset.id)]
            speaks = feed.snapshot if callable(feed.snapshot) else _speaks_of_all
            absent[dataset] = [number for number in standing if number not in present and speaks(number, present)]
            listed = len(standing) - len(absent[dataset])
            if not feed.may_be_empty and not self._is_believed(f"{feed_id} {dataset.id}", listed, standing, download):
                self._set_aside(feed_id, download, MalformedDownload(tell_shrunk(listed, len(standing)), remedy=STAYS))
                return 0
        return sum(self.records.close(dataset, gone, download.received_at) for dataset, gone in absent.items())

    def _is_believed(self, name: str, listed: int, standing: Sequence[str], download: Download) -> bool:
        """Whether a list is not much shorter than what stands, or has been for long."""
        mark, now = f"shrunk {name}", download.received_at
        page = self.states.find_page(mark)
        if len(standing) < FEWEST or 2 * listed >= len(standing):
            if page is not None and page.digest:
                self.states.saw_page(mark, PageSeen(None, None, ""), now)
            return True
        since = datetime.fromisoformat(page.digest) if page is not None and page.digest else now
        self.states.saw_page(mark, PageSeen(None, None, since.isoformat()), now)
        return now - since >= SHRUNK_FOR


def _speaks_of_all(_number: str, _listed: Collection[str]) -> bool:
    return True


def tell_shrunk(listed: int, standing: int) -> Text:
    """That a list has lost more than half of what it had."""
    return said(f"it lists {listed} where there were {standing}", f"只列出 {listed} 項，之前有 {standing} 項")


def read_download(feed: Feed[Any], download: Download) -> Sound:
    """What ``download`` brings, all of it fit to be stored; raises MalformedDownload, for a fault of the parser too."""
    try:
        sound = _sound(sort_by_dataset(feed.writes, feed.parse(download)))
    except MalformedDownload:
        raise
    except Exception as bug:
        fault = tell_fault(bug)
        failure = said(f"the parser itself failed: {fault}", f"解析程式本身出錯：{fault}")
        raise MalformedDownload(failure, remedy=OUR_FAULT) from bug
    if not feed.may_be_empty and not any(len(records) for records in sound.values()):
        raise MalformedDownload(LISTS_NOTHING, remedy=ASK_AGAIN)
    return {dataset: _without_repeats(records) for dataset, records in sound.items()}


def _without_repeats(records: ReadingColumns | Sequence[Any]) -> ReadingColumns | Sequence[Any]:
    """Of readings that one download gives twice the first, marked; what contradicts it is the store's to note."""
    return records.without_repeats() if isinstance(records, ReadingColumns) else records


def sort_by_dataset(writes: Sequence[Dataset], parsed: Parsed) -> dict[Dataset, list[Any]]:
    """Every record of ``parsed`` under its data set; one that is not among ``writes`` is a bug and raises."""
    found: dict[Dataset, list[Any]] = {dataset: [] for dataset in writes}
    if len(writes) == 1:
        found[writes[0]].extend(parsed)
        return found
    for pair in parsed:
        dataset, record = _pair(pair)
        found[dataset].append(record)
    return found


def _sound(found: Mapping[Dataset, Sequence[Any]]) -> Sound:
    """The same records, each of the kind and with the properties or fields that its data set declares.

    Raises BadInput or BadDeclaration where one is not. All are looked at before the first is stored: a download comes
    in whole or not at all.
    """
    sound: Sound = {}
    for dataset, records in found.items():
        form = Reading if dataset.kind is Kind.READINGS else FORM[dataset.kind]
        stranger = next((record for record in records if not isinstance(record, form)), None)
        if stranger is not None:
            raise BadInput(f"{dataset.id} holds {dataset.kind}, not a {type(stranger).__name__}", where=dataset.id)
        if dataset.kind is Kind.READINGS:
            sound[dataset] = _readings_of(dataset, records)
        else:
            must_hold_declared(dataset, records)
            sound[dataset] = records
    return sound


def _readings_of(dataset: Dataset, readings: Sequence[Reading]) -> ReadingColumns:
    columns = ReadingColumns.from_readings(readings)
    strange = set(columns.properties) - {known.id for known in dataset.properties}
    if strange:
        raise BadInput(f"{dataset.id} declares no property {min(strange)!r}", where=dataset.id)
    return columns


def digest(body: bytes) -> str:
    """A short fingerprint of a download, to know it again."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()


def _pair(item: Any) -> tuple[Dataset, Record]:
    if isinstance(item, Reading) or not isinstance(item, tuple):
        raise TypeError("who writes several data sets yields (Dataset, record) pairs")
    return item
