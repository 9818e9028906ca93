"""What the holidays service answers: the holidays of a year, and whether today is one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.holidays import is_rest_day, list_holidays
from lionrock.city.place import ZONE
from lionrock.core.manifest import Caller
from lionrock.core.vocabulary import NotYet, Text


@dataclass(frozen=True, slots=True)
class HolidaysQuery:
    """One year; this one where none is named."""

    year: Annotated[int, Meta(ge=1900, le=2200)] | None = None


@dataclass(frozen=True, slots=True)
class NamedDay:
    """One general holiday; ``weekday`` counts from Monday, 0."""

    date: date
    weekday: int
    name: Text


@dataclass(frozen=True, slots=True)
class Holidays:
    """The general holidays of one year.

    ``rest_day`` says whether today is one or a Sunday, None where none of its year is announced; ``next`` is the
    next one after today, None where none is announced; ``years`` are those that are known.
    """

    today: date
    rest_day: bool | None
    next: NamedDay | None
    year: int
    years: list[int]
    days: list[NamedDay]
    simulated: bool


def tell_holidays(city: City, query: HolidaysQuery, _caller: Caller) -> Holidays:
    """Answer the holidays of a year; raises NotYet where none of it is announced."""
    known = list_holidays(city)
    today = city.now().astimezone(ZONE).date()
    year = query.year or today.year
    of_year = [NamedDay(day, day.weekday(), name) for day, name in known.items() if day.year == year]
    if not of_year:
        raise NotYet(
            Text(en=f"no general holiday of {year} has been announced here yet", tc=f"本系統尚未有 {year} 年的公眾假期")
        )
    ahead = (NamedDay(day, day.weekday(), name) for day, name in known.items() if day > today)
    return Holidays(
        today=today,
        rest_day=_rests(city, today),
        next=next(ahead, None),
        year=year,
        years=sorted({day.year for day in known}),
        days=of_year,
        simulated=city.simulated,
    )


def _rests(city: City, today: date) -> bool | None:
    try:
        return is_rest_day(city, today)
    except NotYet:
        return None
