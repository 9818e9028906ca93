"""Moments as people ask for them and read them: one form and one set of bounds for every service."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.vocabulary import BadInput, Text

# Before any of the city's feeds; far enough from the calendar's end that a look back of weeks cannot fall off it.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

PastMoment = Annotated[
    datetime,
    Meta(description="A past moment in ISO 8601. Without an offset it is Hong Kong's own time (2023-09-02T03:00:00)."),
]


def past_moment(city: City, at: datetime) -> datetime:
    """``at`` with its zone, Hong Kong's where it names none.

    Raises BadInput for a moment that has not been, or that is before anything was recorded.
    """
    moment = at.replace(tzinfo=ZONE) if at.tzinfo is None else at
    if moment > city.now():
        raise BadInput(
            Text(en=f"{moment.isoformat()} is in the future", tc=f"{moment.isoformat()} 尚未到來"),
            where="at",
            remedy=Text(en="leave it out for now", tc="如要查看現時，請留空"),
        )
    if moment < EARLIEST:
        when = moment.isoformat()
        problem = Text(en=f"{when} is before anything was recorded", tc=f"{when} 之前沒有任何紀錄")
        raise BadInput(
            problem,
            where="at",
            remedy=Text(
                en=f"ask for a moment from {EARLIEST:%Y-%m-%d} on", tc=f"請選擇 {EARLIEST:%Y-%m-%d} 以後的時間"
            ),
        )
    return moment


def tell_clock(moment: datetime | str) -> str:
    """A moment, also in ISO 8601, as hours and minutes of the city's own time."""
    aware = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return aware.astimezone(ZONE).strftime("%H:%M")


def minutes_later(moment: datetime | str, minutes: float) -> datetime:
    """What a clock without seconds shows so many minutes after it showed a moment, also in ISO 8601."""
    aware = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return aware.replace(second=0, microsecond=0) + timedelta(minutes=minutes)
