"""When a traffic download speaks of: local dates and times, mended around midnight."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import FORMAT_CHANGED
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.vocabulary import MalformedDownload, Quality, said

A_DAY = timedelta(days=1)
CLOCK_SLACK = timedelta(minutes=10)  # a publisher's clock may run ahead of ours
LONGEST_LAG = timedelta(hours=6)  # a file that is older than this is stale, not misdated


def local_date(text: str | None, where: str) -> date:
    """A date written as 2024-04-06; raises MalformedDownload."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError as error:
        raise MalformedDownload(
            said(f"{text!r} is no date", f"{text!r} 並非日期"), where=where, remedy=FORMAT_CHANGED
        ) from error


def local_time(text: str | None, where: str) -> time:
    """A time of day written as 21:27:00; raises MalformedDownload."""
    try:
        return datetime.strptime((text or "").strip(), "%H:%M:%S").time()  # noqa: DTZ007 - only its time is taken
    except ValueError as error:
        raise MalformedDownload(
            said(f"{text!r} is no time of day", f"{text!r} 並非時刻"), where=where, remedy=FORMAT_CHANGED
        ) from error


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
