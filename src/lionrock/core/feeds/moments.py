"""Whether a moment that a source states can be true, given when its download was received."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lionrock.core.vocabulary import MalformedDownload

FARTHEST_AHEAD = timedelta(days=2)  # people slip by half a day when they type a time; beyond this a date is wrong
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any of the city's feeds; clocks that were reset say 1970
ASK_FOR_CLOCK = "the publisher's clock or date is wrong: ask the publisher"


def moment_in_time(moment: datetime, received_at: datetime, where: str) -> datetime:
    """``moment`` in UTC; raises MalformedDownload when no download received then can speak of it.

    Days in the past are no error: a source that stands still is shown with its age.
    """
    if moment > received_at + FARTHEST_AHEAD:
        raise MalformedDownload(
            f"{moment.isoformat()} lies more than {FARTHEST_AHEAD.days} days after the receipt",
            where=where,
            remedy=ASK_FOR_CLOCK,
        )
    if moment < OLDEST:
        raise MalformedDownload(f"{moment.isoformat()} is before this feed began", where=where, remedy=ASK_FOR_CLOCK)
    return moment.astimezone(UTC)
