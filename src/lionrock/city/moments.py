"""The past moment that a question asks about: one form and one set of bounds for every service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.vocabulary import BadInput

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
        raise BadInput(f"{moment.isoformat()} is in the future", where="at", remedy="leave it out for now")
    if moment < EARLIEST:
        problem = f"{moment.isoformat()} is before anything was recorded"
        raise BadInput(problem, where="at", remedy=f"ask for a moment from {EARLIEST:%Y-%m-%d} on")
    return moment
