"""When a traffic download speaks of: local dates and times, mended around midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import FORMAT_CHANGED
from lionrock.core.vocabulary import MalformedDownload, Quality

A_DAY = timedelta(days=1)
FARTHEST_AHEAD = timedelta(days=2)  # announcements carry slips of up to half a day; beyond this it is a wrong date
CLOCK_SLACK = timedelta(minutes=10)  # a publisher's clock may run ahead of ours
LONGEST_LAG = timedelta(hours=6)  # a file that is older than this is stale, not misdated
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any of these feeds; clocks that were reset say 1970


def local_date(text: str | None, where: str) -> date:
    """A date written as 2024-04-06; raises MalformedDownload."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError as error:
        raise MalformedDownload(f"{text!r} is no date", where=where, remedy=FORMAT_CHANGED) from error


def local_time(text: str | None, where: str) -> time:
    """A time of day written as 21:27:00; raises MalformedDownload."""
    try:
        return datetime.strptime((text or "").strip(), "%H:%M:%S").time()  # noqa: DTZ007 - only its time is taken
    except ValueError as error:
        raise MalformedDownload(f"{text!r} is no time of day", where=where, remedy=FORMAT_CHANGED) from error


def moment_in_time(moment: datetime, received_at: datetime, where: str) -> datetime:
    """``moment`` in UTC; raises MalformedDownload when it lies in no time that this download can speak of."""
    if moment > received_at + FARTHEST_AHEAD:
        raise MalformedDownload(
            f"{moment.isoformat()} lies more than {FARTHEST_AHEAD.days} days after the receipt",
            where=where,
            remedy="the publisher's clock or date is wrong: ask the publisher",
        )
    if moment < OLDEST:
        raise MalformedDownload(
            f"{moment.isoformat()} is before this feed began",
            where=where,
            remedy="the publisher's clock or date is wrong: ask the publisher",
        )
    return moment.astimezone(UTC)


def dated(day: date, clock: time, received_at: datetime, where: str) -> tuple[datetime, Quality]:
    """The UTC moment of a local ``day`` and ``clock`` time, and MISDATED where the day had to be mended.

    Around midnight the publisher stamps the whole file with one date: the period from 00:00 carries
    yesterday's, or the last one before midnight today's. The receipt decides: a moment that is
    a day away from it and fits when moved by that day was misdated.
    """
    stated = datetime.combine(day, clock, ZONE)
    late = received_at - stated
    if clock.hour == 0 and A_DAY - CLOCK_SLACK <= late <= A_DAY + LONGEST_LAG:
        return moment_in_time(stated + A_DAY, received_at, where), Quality.MISDATED
    if A_DAY - LONGEST_LAG <= -late <= A_DAY + CLOCK_SLACK:
        return moment_in_time(stated - A_DAY, received_at, where), Quality.MISDATED
    return moment_in_time(stated, received_at, where), Quality.GOOD
