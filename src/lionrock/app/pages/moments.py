"""Moments, days and ages as a page says them: Hong Kong's time, in the page's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from markupsafe import Markup

from lionrock.city.place import ZONE
from lionrock.core.vocabulary import Language

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
AGES = (("seconds", 1, 90), ("minutes", 60, 5400), ("hours", 3600, 129_600))  # name, its length, said below (s)
DAY_S = 86_400
CLOCKS_DIFFER_S = 60  # by so much nobody is told


def tell_age(seconds: float | timedelta | None, words: Mapping[str, str]) -> str:
    """A length of time in the unit that fits it; "never yet" for None, and what is ahead of the clock says so."""
    if seconds is None:
        return words["status.never"]
    whole = seconds.total_seconds() if isinstance(seconds, timedelta) else seconds
    if whole < -CLOCKS_DIFFER_S:
        return words["age.ahead"].format(age=tell_age(-whole, words))
    whole = max(whole, 0)
    for unit, length, below in AGES:
        if whole < below:
            return words[f"age.{unit}"].format(n=round(whole / length))
    return words["age.days"].format(n=round(whole / DAY_S))


def tell_passed(seconds: float, words: Mapping[str, str]) -> str:
    """How long ago, as "13 min ago"; what is ahead of the clock as "2 h ahead of this clock"."""
    told = tell_age(seconds, words)
    return told if seconds < -CLOCKS_DIFFER_S else words["status.ago"].format(age=told)


def tell_since(moment: datetime | str, now: datetime | str, words: Mapping[str, str]) -> str:
    """How long before ``now`` a moment was; see :func:`tell_passed`."""
    return tell_passed((_aware(now) - _aware(moment)).total_seconds(), words)


def tell_day(day: date | str, language: Language) -> str:
    """A day of the calendar: "2 Sep 2023" or "2023年9月2日"."""
    told = date.fromisoformat(day) if isinstance(day, str) else day
    if language is Language.EN:
        return f"{told.day} {MONTHS[told.month - 1]} {told.year}"
    return f"{told.year}年{told.month}月{told.day}日"


def local_day(moment: datetime | str) -> date:
    """The day of the calendar on which a moment falls in Hong Kong."""
    return _aware(moment).astimezone(ZONE).date()


def tell_moment(moment: datetime | str | None, language: Language) -> Markup:
    """A moment as a ``<time>`` element in Hong Kong's time; nothing for None."""
    if moment is None:
        return Markup()
    local = _aware(moment).astimezone(ZONE)
    stamp = local.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    shown = f"{tell_day(local.date(), language)} {local:%H:%M}"
    return Markup('<time datetime="{}">{}</time>').format(stamp, shown)


def _aware(moment: datetime | str) -> datetime:
    return datetime.fromisoformat(moment) if isinstance(moment, str) else moment
