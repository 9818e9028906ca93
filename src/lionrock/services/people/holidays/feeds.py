"""General holidays of 1823: iCalendar as JSON, one file a language, with a byte order mark.

An event's ``dtstart`` and ``dtend`` are pairs of a date and what kind of value it is; the end is the
first day after. All events are whole days.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lionrock.core.feeds.formats import FORMAT_CHANGED, filled, json_as
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, Language, MalformedDownload, Text, said

ICAL_DATE = re.compile(r"(\d{4})(\d\d)(\d\d)", re.ASCII)
LONGEST = timedelta(days=10)  # no holiday is longer; a wrong end must not fill the calendar


@dataclass(frozen=True)
class Holiday:
    """One event."""

    dtstart: list[Any]
    dtend: list[Any]
    summary: str


@dataclass(frozen=True)
class Calendar:
    """One calendar of the file."""

    vevent: list[Holiday]


@dataclass(frozen=True)
class Calendars:
    """The whole file."""

    vcalendar: list[Calendar]


def parse_holidays(download: Download) -> Iterator[Feature]:
    """One Feature without a place for each day; its title is in the language of the request."""
    found = [event for calendar in json_as(download, Calendars).vcalendar for event in calendar.vevent]
    if not found:
        raise MalformedDownload(
            said("no holiday in the file", "檔案內沒有假期"), where="$.vcalendar", remedy=FORMAT_CHANGED
        )
    language = Language(download.params.get("lang", Language.EN))  # the sample and the English file name none
    for index, event in enumerate(found):
        where = f"vevent {index}"
        name = filled(event.summary.strip(), f"{where}, summary")
        first, after = _day(event.dtstart, f"{where}, dtstart"), _day(event.dtend, f"{where}, dtend")
        if not timedelta() < after - first <= LONGEST:
            raise MalformedDownload(
                said(f"it ends on {after} and begins on {first}", f"在 {after} 完結，卻在 {first} 開始"),
                where=where,
                remedy=FORMAT_CHANGED,
            )
        for day in range((after - first).days):
            yield _feature(first + timedelta(days=day), name, language)


def _feature(day: date, name: str, language: Language) -> Feature:
    return Feature(
        id=day.isoformat(),
        geometry=None,
        title=Text(**{str(language): name}),
        properties={"date": day.isoformat()},
    )


def _day(value: list[Any], where: str) -> date:
    """The date at the head of an iCalendar value."""
    head = value[0] if value else None
    found = ICAL_DATE.fullmatch(head) if isinstance(head, str) else None
    if found is None:
        raise MalformedDownload(
            said(f"{head!r} is no date like YYYYMMDD", f"{head!r} 並非 YYYYMMDD 格式的日期"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    try:
        return date(*map(int, found.groups()))
    except ValueError as error:
        raise MalformedDownload(
            said(f"{head} is no day of any calendar", f"曆法中沒有 {head} 這日"), where=where, remedy=FORMAT_CHANGED
        ) from error


def is_of_a_listed_year(day: str, listed: Collection[str]) -> bool:
    """Whether the files, which go back few years, speak of a day's year: what they leave out of it was moved."""
    return any(day[:4] == other[:4] for other in listed)
