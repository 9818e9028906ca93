"""Whether a moment that a source states can be true, given when its download was received."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from lionrock.core.vocabulary import MalformedDownload, said

FARTHEST_AHEAD = timedelta(days=2)  # people slip by half a day when they type a time; beyond this a date is wrong
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)  # before any of the city's feeds; clocks that were reset say 1970
ASK_FOR_CLOCK = said(
    "the publisher's clock or date is wrong: ask the publisher", "發布者的時鐘或日期有誤：請聯絡發布者"
)


def moment_in_time(moment: datetime, received_at: datetime, where: str) -> datetime:
    """``moment`` in UTC; raises MalformedDownload when no download received then can speak of it.

    Days in the past are no error: a source that stands still is shown with its age.
    """
    if moment > received_at + FARTHEST_AHEAD:
        raise MalformedDownload(
            said(
                f"{moment.isoformat()} lies more than {FARTHEST_AHEAD.days} days after the receipt",
                f"{moment.isoformat()} 比收到的時間遲超過 {FARTHEST_AHEAD.days} 日",
            ),
            where=where,
            remedy=ASK_FOR_CLOCK,
        )
    if moment < OLDEST:
        problem = said(f"{moment.isoformat()} is before this feed began", f"{moment.isoformat()} 早於此數據源開始之時")
        raise MalformedDownload(problem, where=where, remedy=ASK_FOR_CLOCK)
    return moment.astimezone(UTC)
