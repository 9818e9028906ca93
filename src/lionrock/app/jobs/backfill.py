"""Asking a source's historical archive for the past days that an empty store lacks.

The interface is DATA.GOV.HK's historical archive API (``list-file-versions``, ``get-file``); the twin
speaks it too. One version every ``feed.backfill`` is asked for. A day that is done is remembered, and of a day that
still goes on how far it was read: the next start goes on there, and so reads what was missed meanwhile.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import quote

import msgspec
import structlog

from lionrock.app.house import House
from lionrock.app.progress import Progress
from lionrock.city.city import City
from lionrock.city.place import ZONE, address
from lionrock.core.feeds.fetch import Fetcher
from lionrock.core.feeds.runner import Gap, list_requests
from lionrock.core.manifest import Download, Feed
from lionrock.core.records.feed_states import BACKFILLED, PageSeen
from lionrock.core.vocabulary import DownloadFailed, MalformedDownload, Text, said

log = structlog.get_logger()

LABEL = Text(en="Reading the past days", tc="正在讀取過去數天的資料")
STAMP = "%Y%m%d-%H%M"
DONE = PageSeen(None, None, "done")
MAY_LAG = timedelta(days=1)  # behind the end of a day, before its list may be taken for whole
FIRST_PAUSE_S, LONGEST_PAUSE_S, MOST_DOUBLINGS = 30.0, 3_600.0, 10  # until it is asked again
MOST_ROUNDS = 54  # two days; what is left then is asked for at the next start
SHORT_GAP = timedelta(hours=2)  # of which every version is read; of longer ones one each feed.backfill


@dataclass(frozen=True)
class Versions:
    """The archive's list of versions of one address."""

    timestamps: list[str]


@dataclass(frozen=True, slots=True)
class Day:
    """One feed's address on one local day."""

    feed_id: str
    feed: Feed[City]
    url: str
    params: Mapping[str, str]
    day: date

    @property
    def mark(self) -> str:
        """The name under which the day is remembered as done."""
        return f"{BACKFILLED} {self.feed_id} {self.url} {self.day:%Y%m%d}"

    def read_until(self, last: datetime, now: datetime) -> PageSeen:
        """What to remember of the day when its versions up to ``last`` were read: that, or that it is done."""
        end = datetime.combine(self.day, time(), ZONE) + timedelta(days=1)
        return DONE if now >= end + MAY_LAG else PageSeen(None, None, last.isoformat())


async def back_fill(house: House, fetcher: Fetcher, progress: Progress, filled: asyncio.Event) -> None:
    """Read the archive of every feed that declares ``backfill``, the newest day first.

    ``filled`` is set once every day was asked for. What the archive did not give is asked for again in rounds, ever
    more seldom, while the platform works with what there is.
    """
    waiting = [day for day in list_days(house) if house.states.find_page(day.mark) != DONE]
    read: dict[str, set[datetime]] = defaultdict(set)
    waiting = await _read_round(house, fetcher, waiting, read, progress)
    progress.finish()
    filled.set()
    for number in range(MOST_ROUNDS):
        if not waiting:
            return
        await asyncio.sleep(pause_s(number))
        waiting = await _read_round(house, fetcher, waiting, read)


async def _read_round(
    house: House,
    fetcher: Fetcher,
    waiting: list[Day],
    read: dict[str, set[datetime]],
    progress: Progress | None = None,
) -> list[Day]:
    """Ask once for every day that waits; returns those that are to be asked for again.

    An archive that is gone costs little: after a few failures the fetcher asks it nothing for a while.
    """
    left, reason = list[Day](), "its list has nothing of the day"  # it may be a day behind
    for number, day in enumerate(waiting):
        if progress is not None:
            progress.show(number, len(waiting), LABEL)
        try:
            changed, last = await _read_day(house, fetcher, day, read[day.mark])
        except DownloadFailed as error:
            left.append(day)
            reason = str(error)
            continue
        if last is not None:
            now = house.clock.now()
            await asyncio.to_thread(house.states.saw_page, day.mark, day.read_until(last, now), now)
        else:
            left.append(day)
        if changed:
            await asyncio.to_thread(
                house.bus.publish, tuple(dataset.id for dataset in day.feed.writes), house.clock.now()
            )
    if left:
        log.info("the archive did not give some days", days=len(left), last=left[-1].mark, reason=reason)
    return left


def pause_s(number: int) -> float:
    """Seconds until what an archive did not give is asked for again, after ``number`` pauses."""
    return min(FIRST_PAUSE_S * 2.0 ** min(number, MOST_DOUBLINGS), LONGEST_PAUSE_S)


def list_days(house: House) -> Iterator[Day]:
    """Every (feed, address, day) that a full back-fill reads; today is read up to now."""
    today = house.clock.now().astimezone(ZONE).date()
    for back in range(house.settings.backfill_days + 1):
        for feed_id, service, feed in house.feeds:
            if feed.backfill is None:
                continue
            for asked in list_requests(feed, house.cities[service.id], address):
                yield Day(feed_id, feed, asked.url, asked.params, today - timedelta(days=back))


async def fill_gaps(house: House, fetcher: Fetcher, gaps: asyncio.Queue[Gap[City]]) -> None:
    """Ask the archive for what was published while a feed's rounds were missed, as gaps are told of.

    A gap that the archive does not give yet (a city's own may be a day behind) is asked for again, ever more seldom.
    """
    tries = Counter[tuple[str, datetime]]()
    while True:
        gap = await gaps.get()
        if gap.feed.backfill is None:
            continue
        key = (gap.feed_id, gap.start)
        try:
            changed, steps = await _read_gap(house, fetcher, gap)
            reason = "" if steps else "its list has nothing of that time"
        except DownloadFailed as error:
            changed, reason = 0, str(error)
        if reason:
            log.info("a gap could not be filled", feed=gap.feed_id, start=f"{gap.start}", reason=reason)
            if tries[key] < MOST_ROUNDS:
                asyncio.get_running_loop().call_later(pause_s(tries[key]), gaps.put_nowait, gap)
                tries[key] += 1
            continue
        log.info("filled a gap", feed=gap.feed_id, start=f"{gap.start}", end=f"{gap.end}", records=changed)
        if changed:
            await asyncio.to_thread(
                house.bus.publish, tuple(dataset.id for dataset in gap.feed.writes), house.clock.now()
            )


async def _read_gap(house: House, fetcher: Fetcher, gap: Gap[City]) -> tuple[int, int]:
    """Read every archived version inside ``gap``, of a long one a version each ``backfill``.

    Of one that is longer than a back-fill would be only the last part is read: a clock that was wrong makes a gap of
    years. Returns how many records changed, and how many versions there were.
    """
    longest = timedelta(days=max(house.settings.backfill_days, 1))
    gap = replace(gap, start=max(gap.start, gap.end - longest))
    step = gap.feed.every if gap.end - gap.start < SHORT_GAP else gap.feed.backfill or gap.feed.every
    last, first = gap.end.astimezone(ZONE).date(), gap.start.astimezone(ZONE).date()
    city = house.cities[gap.feed_id.partition(".")[0]]
    changed = found = 0
    for back in range((last - first).days + 1):
        for asked in list_requests(gap.feed, city, address):
            day = Day(gap.feed_id, gap.feed, asked.url, asked.params, last - timedelta(days=back))
            steps = [moment for moment in await _list_steps(fetcher, day, step) if gap.start < moment < gap.end]
            found += len(steps)
            changed += await _read_steps(house, fetcher, day, steps, set())
    return changed, found


async def _read_day(house: House, fetcher: Fetcher, day: Day, read: set[datetime]) -> tuple[int, datetime | None]:
    """Read a day's versions, the newest first (a forecast needs the last hours), without those ``read`` before.

    Returns how many records changed, and the last version of the archive's list; None where that has nothing yet.
    """
    now, before = house.clock.now(), house.states.find_page(day.mark)
    known_until = datetime.min.replace(tzinfo=UTC) if before is None else datetime.fromisoformat(before.digest)
    steps = [moment for moment in await _list_steps(fetcher, day, day.feed.backfill or day.feed.every) if moment <= now]
    wanted = [moment for moment in reversed(steps) if moment > known_until and moment not in read]
    return await _read_steps(house, fetcher, day, wanted, read), max(steps, default=None)


async def _list_steps(fetcher: Fetcher, day: Day, step: timedelta) -> list[datetime]:
    span = f"start={day.day:%Y%m%d}&end={day.day:%Y%m%d}"
    listed = await fetcher.fetch(f"{address('archive/list-file-versions')}?url={quote(day.url, safe='')}&{span}")
    try:
        versions = msgspec.json.decode(listed.body or b"", type=Versions)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise DownloadFailed(said(f"the archive's list cannot be read: {error}", "未能讀取檔案庫的清單")) from error
    try:
        return list(list_steps(versions.timestamps, step))
    except ValueError as error:
        raise DownloadFailed(
            said(f"the archive's list has a stamp that is no moment: {error}", "檔案庫的清單有並非時間的項目")
        ) from error


async def _read_steps(house: House, fetcher: Fetcher, day: Day, steps: list[datetime], read: set[datetime]) -> int:
    changed = 0
    page = quote(day.url, safe="")
    for moment in steps:
        url = f"{address('archive/get-file')}?url={page}&time={moment.astimezone(ZONE):{STAMP}}"
        answer = await fetcher.fetch(url)
        download = Download(body=answer.body or b"", url=day.url, received_at=moment, params=day.params)
        try:
            taken = await asyncio.to_thread(house.intake.take, day.feed_id, day.feed, download, keep=False)
        except MalformedDownload as error:
            log.info("an archived version cannot be read", feed=day.feed_id, at=f"{moment}", reason=str(error))
        else:
            changed += taken.total
        read.add(moment)
    return changed


def list_steps(timestamps: list[str], step: timedelta) -> Iterator[datetime]:
    """The first version of every ``step`` of the day, as aware moments in order."""
    taken: set[int] = set()
    for stamp in sorted(timestamps):
        moment = datetime.strptime(stamp, STAMP).replace(tzinfo=ZONE)
        midnight = datetime.combine(moment.date(), time(), ZONE)
        slot = (moment - midnight) // step
        if slot not in taken:
            taken.add(slot)
            yield moment.astimezone(UTC)
