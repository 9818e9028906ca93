"""The moment that a question asks about."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from lionrock.city.city import City
from lionrock.city.place import ZONE
from lionrock.core.vocabulary import BadInput

PastMoment = Annotated[
    datetime,
    Meta(description="A past moment in ISO 8601. Without an offset it is Hong Kong's own time (2023-09-02T03:00:00)."),
]


def past_moment(city: City, at: datetime) -> datetime:
    """``at`` with its zone, Hong Kong's where it names none; raises BadInput for a moment that has not been."""
    moment = at.replace(tzinfo=ZONE) if at.tzinfo is None else at
    if moment > city.now():
        raise BadInput(f"{moment.isoformat()} is in the future", where="at", remedy="leave it out for now")
    return moment
