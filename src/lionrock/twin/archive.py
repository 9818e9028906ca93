"""The portal's historical archive: which versions of a file it kept, and their bytes.

``api.data.gov.hk/v1/historical-archive/list-file-versions`` and ``get-file``, as their clients use
them. The real ``get-file`` redirects to the stored file; this one answers with it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from lionrock.core.vocabulary import BadInput
from lionrock.twin.calendar import HONG_KONG, midnight
from lionrock.twin.catalogue import STATIC_SINCE, Feed
from lionrock.twin.chance import share_for

LIST = "api.data.gov.hk/v1/historical-archive/list-file-versions"
GET = "api.data.gov.hk/v1/historical-archive/get-file"
LONGEST_SPAN_DAYS = 31  # nobody else is answered while a list is made
FREQUENT_MINUTES = 2
MISSED_FREQUENT = 0.36  # of the minutes of a file that changes every minute, the archive misses four in ten
MISSED = 0.02


def list_versions(seed: int, feed: Feed, url: str, start: date, end: date, now: datetime) -> dict[str, Any]:
    """The answer of list-file-versions for the days from ``start`` to ``end``, up to ``now``.

    Raises BadInput where they are more than LONGEST_SPAN_DAYS.
    """
    if (end - start).days >= LONGEST_SPAN_DAYS:
        raise BadInput(f"a list spans at most {LONGEST_SPAN_DAYS} days", where="end", remedy="ask for fewer at a time")
    stamps: list[str] = []
    for day in (start + timedelta(days=number) for number in range((end - start).days + 1)):
        stamps += [stamp_of(moment) for moment in list_captures(seed, feed, day) if moment <= now]
    return {
        "url": url,
        "start": f"{start:%Y%m%d}",
        "end": f"{end:%Y%m%d}",
        "version-count": len(stamps),
        "timestamps": stamps,
        "data-dictionary-dates": [],
        "schema-dates": [],
    }


def list_captures(seed: int, feed: Feed, day: date) -> list[datetime]:
    """The moments of one day at which the archive took the file."""
    if feed.every_minutes == 0:
        moment = STATIC_SINCE.astimezone(HONG_KONG)
        return [moment] if moment.date() == day else []
    if feed.changes is not None:
        return feed.changes(seed, day)
    missed = MISSED_FREQUENT if feed.every_minutes <= FREQUENT_MINUTES else MISSED
    first = feed.offset_minutes % feed.every_minutes
    moments = (midnight(day) + timedelta(minutes=minute) for minute in range(first, 1440, feed.every_minutes))
    return [moment for moment in moments if share_for(seed, feed.id, moment.isoformat(), "missed") >= missed]


def stamp_of(moment: datetime) -> str:
    """A moment as the archive writes it."""
    return f"{moment.astimezone(HONG_KONG):%Y%m%d-%H%M}"


def moment_at(stamp: str) -> datetime:
    """The moment that the archive's ``YYYYMMDD-HHMM`` names; raises BadInput."""
    try:
        return datetime.strptime(stamp, "%Y%m%d-%H%M").replace(tzinfo=HONG_KONG)
    except ValueError as error:
        raise BadInput(f"{stamp!r} is no YYYYMMDD-HHMM", where="time") from error


def day_named(text: str, where: str) -> date:
    """The date that ``YYYYMMDD`` names; raises BadInput."""
    try:
        return datetime.strptime(text, "%Y%m%d").replace(tzinfo=HONG_KONG).date()
    except ValueError as error:
        raise BadInput(f"{text!r} is no YYYYMMDD", where=where) from error
