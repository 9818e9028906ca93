"""The stamps of the Observatory's CSV files: twelve digits of local time, such as 202609230210."""

from __future__ import annotations

from datetime import datetime

from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import FORMAT_CHANGED, local_moment
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.vocabulary import MalformedDownload, said

DIGITS = 12


def stamped(text: str, received_at: datetime, where: str) -> datetime:
    """The UTC moment of a stamp; raises MalformedDownload.

    The length is checked first: strptime reads eight digits as a date with hours and minutes, too.
    """
    if len(text) != DIGITS:
        raise MalformedDownload(
            said(f"{text!r} is no stamp of {DIGITS} digits", f"{text!r} 並非 {DIGITS} 位數字的時間"),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    return moment_in_time(local_moment(text, "%Y%m%d%H%M", ZONE, where), received_at, where)
