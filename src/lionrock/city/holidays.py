"""Whether a day is a general holiday, for every service that reads ``holidays.days``.

A service names the data set in its ``reads`` and asks :func:`is_public_holiday`. A year of which no
holiday has been announced is not a year without holidays: it raises.
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date

from lionrock.city.city import City
from lionrock.core.vocabulary import NotYet, Text

HOLIDAYS_ID = "holidays.days"
SATURDAY, SUNDAY = 5, 6


def list_holidays(city: City) -> dict[date, Text]:
    """Every announced holiday with its name; empty before the first download. Raises UndeclaredRead."""
    kept = city.records(city.dataset(HOLIDAYS_ID))
    return {date.fromisoformat(one.id): one.record.title for one in sorted(kept, key=lambda one: one.id)}


def is_public_holiday(city: City, day: date) -> bool:
    """Whether ``day`` is on the list of general holidays (Sundays are not on it).

    Raises NotYet where nothing is announced for its year, and UndeclaredRead.
    """
    return is_announced(list_holidays(city), day)


def is_rest_day(city: City, day: date) -> bool:
    """Whether ``day`` is a Sunday or on the list; a Sunday needs no list. Raises as :func:`is_public_holiday`."""
    return day.weekday() == SUNDAY or is_public_holiday(city, day)


def is_announced(holidays: Mapping[date, Text], day: date) -> bool:
    """Whether ``day`` is among ``holidays``; raises NotYet where they name no day of its year."""
    if not any(known.year == day.year for known in holidays):
        raise NotYet(
            Text(
                en=f"no general holiday of {day.year} has been announced here yet",
                tc=f"本系統尚未有 {day.year} 年的公眾假期",
            )
        )
    return day in holidays


def is_day_off(holidays: Container[date], day: date) -> bool:
    """Whether roads are as on a day of rest: Saturdays too, for they have no rush to work. Raises nothing."""
    return day.weekday() >= SATURDAY or day in holidays
