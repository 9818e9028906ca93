"""General holidays: 1823's iCalendar as JSON, three years in a file."""

from __future__ import annotations

import json
from datetime import timedelta

from lionrock.core.vocabulary import Language, Text
from lionrock.twin.calendar import HOLIDAYS

NAME = Text(en="Hong Kong Public Holidays", tc="香港公眾假期")
MADE = "20260506T032740Z"


def render_holidays(language: Language) -> bytes:
    """``en.json``, ``tc.json`` or ``sc.json``, with a byte-order mark."""
    events = [
        {
            "dtstamp": MADE,
            "dtstart": [f"{day:%Y%m%d}", {"value": "DATE"}],
            "dtend": [f"{day + timedelta(days=1):%Y%m%d}", {"value": "DATE"}],
            "transp": "TRANSPARENT",
            "uid": f"{day:%Y%m%d}@1823.gov.hk",
            "summary": name.say(language),
        }
        for day, name in sorted(HOLIDAYS.items())
    ]
    calendar = {
        "prodid": f"-//1823 Contact Centre, HKSARG//{NAME.en}//{language.upper()}",
        "version": "2.0",
        "calscale": "GREGORIAN",
        "x-wr-timezone": "Asia/Hong_Kong",
        "x-wr-calname": NAME.say(language),
        "x-wr-caldesc": NAME.say(language),
        "vevent": events,
    }
    return b"\xef\xbb\xbf" + json.dumps({"vcalendar": [calendar]}, ensure_ascii=False, indent=1).encode()
