"""The archive of raw downloads, in the shape of the portal's: which files, which versions, one version.

``list-files``, ``list-file-versions`` and ``get-file`` as ``api.data.gov.hk/v1/historical-archive``
answers them; times are Hong Kong's, ``YYYYMMDD-HHMM``. A file is an address that some feed asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from lionrock.app.house import House, feed_id
from lionrock.city.city import City
from lionrock.city.place import ZONE, address
from lionrock.core.feeds.archive import Archived
from lionrock.core.feeds.runner import list_requests
from lionrock.core.manifest import Feed, Service
from lionrock.core.readings.columns import EARLIEST, LATEST
from lionrock.core.vocabulary import BadInput, MalformedDownload, NotAllowed, NotFound, Text

MOST_DAYS = 31
AS_A_DAY = "give it as YYYYMMDD, such as 20261121"


@dataclass(frozen=True, slots=True)
class RawFile:
    """One address of a feed, the data sets that it feeds, and the days of Hong Kong of which versions are kept."""

    url: str
    feed: str
    datasets: list[str]
    days: list[date]
    keep_days: float


def list_files(house: House, dataset_id: str = "", span: tuple[date, date] | None = None) -> Iterator[RawFile]:
    """Every address of the feeds (of one data set), with what is kept of it.

    With a ``span``, first and last day, only those of which something is kept in it, and only its days.
    """
    for service, feed in _open_feeds(house):
        written = [dataset.id for dataset in feed.writes]
        if dataset_id and dataset_id not in written:
            continue
        for asked in list_requests(feed, house.cities[service.id], address):
            days = house.archive.list_days(asked.url, ZONE)
            if span:
                days = [day for day in days if span[0] <= day <= span[1]]
            if span and not days:
                continue
            yield RawFile(asked.url, feed_id(service, feed), written, days, feed.keep.total_seconds() / 86_400)


def list_versions(house: House, url: str, span: tuple[date, date]) -> dict[str, Any]:
    """The portal's answer for one file and the days of Hong Kong from the first to the last of ``span``."""
    start, end = span
    if end - start >= timedelta(days=MOST_DAYS):
        raise BadInput(f"from {start} to {end}", where="end", remedy=f"at most {MOST_DAYS} days at once")
    _require_known(house, url)
    stamps = sorted({_stamp(one) for one in _versions(house, url, start, end)})
    return {
        "url": url,
        "start": f"{start:%Y%m%d}",
        "end": f"{end:%Y%m%d}",
        "version-count": len(stamps),
        "timestamps": stamps,
        "simulated": house.settings.source == "twin",
    }


def get_version(house: House, url: str, stamp: str) -> bytes:
    """The last version that was received within the minute ``stamp``; raises BadInput and NotFound."""
    _require_known(house, url)
    try:
        day = within_years(datetime.strptime(stamp, "%Y%m%d-%H%M").replace(tzinfo=ZONE)).date()
    except ValueError as error:
        raise BadInput(f"{stamp!r} is no YYYYMMDD-HHMM", where="time") from error
    found = [one for one in _versions(house, url, day, day) if _stamp(one) == stamp]
    if not found:
        raise NotFound(f"no version of {url} was received at {stamp}")
    try:
        return house.archive.read(found[-1].key)
    except MalformedDownload as error:  # nothing that was asked is at fault
        raise NotFound(f"the version of {url} received at {stamp} can no longer be read") from error


def span_named(start: str, end: str) -> tuple[date, date]:
    """The first and the last day of a span; raises BadInput."""
    first, last = day_named(start, "start"), day_named(end, "end")
    if last < first:
        raise BadInput(f"from {first} to {last}", where="end", remedy="the end after the start")
    return first, last


def day_named(text: str, where: str) -> date:
    """The date that ``YYYYMMDD`` names; raises BadInput."""
    if not text:
        raise BadInput("is missing", where=where, remedy=AS_A_DAY)
    try:
        return within_years(datetime.strptime(text, "%Y%m%d").replace(tzinfo=ZONE)).date()
    except ValueError as error:
        raise BadInput(f"{text!r} is no day", where=where, remedy=AS_A_DAY) from error


def within_years(moment: datetime) -> datetime:
    """The moment, where it is one that data can be of; raises ValueError for others, where sums would overflow."""
    if not EARLIEST.year <= moment.year <= LATEST.year:
        raise ValueError(moment.year)
    return moment


def _open_feeds(house: House) -> Iterator[tuple[Service[City], Feed[City]]]:
    """Feeds none of whose data sets is personal: what they downloaded may be shown."""
    for _, service, feed in house.feeds:
        if not feed.personal:
            yield service, feed


def require_open(house: House, feed: str) -> None:
    """Raise NotAllowed for a feed that may hold personal data: nothing of what it downloaded is shown."""
    if feed not in {feed_id(*each) for each in _open_feeds(house)}:
        raise NotAllowed(
            Text(
                en=f"what {feed} downloads may hold personal data and is not offered to anyone",
                tc=f"{feed} 的下載可能載有個人資料，不向任何人提供",
            )
        )


def _require_known(house: House, url: str) -> None:
    """An archive of addresses that are asked now or were asked before; no other address is looked for."""
    for service, feed in _open_feeds(house):
        if any(_fits(url, address(shape)) for shape in feed.urls) and service.id in house.cities:
            return
    raise NotFound(f"no open feed asks {url!r}")


def _fits(url: str, shape: str) -> bool:
    """Whether ``url`` is ``shape`` with its holes filled, each by one part without a slash, ? or &."""
    parts = shape.split("{")
    rest = url
    for number, part in enumerate(parts):
        fixed = part if number == 0 else part.partition("}")[2]
        if number:
            filled = next((place for place, sign in enumerate(rest) if sign in "/?&"), len(rest))
            place = rest.find(fixed, 1) if fixed else filled
            if not 0 < place <= filled:
                return False
            rest = rest[place:]
        if not rest.startswith(fixed):
            return False
        rest = rest[len(fixed) :]
    return not rest


def _versions(house: House, url: str, start: date, end: date) -> Iterator[Archived]:
    """Versions received on Hong Kong's days from ``start`` to ``end``, oldest first."""
    since, last = (datetime.combine(day, time(), ZONE) for day in (start, end))
    return house.archive.list_versions(url, (since, last + timedelta(days=1)))


def _stamp(one: Archived) -> str:
    return f"{one.received_at.astimezone(ZONE):%Y%m%d-%H%M}"
