"""What the holidays service publishes."""

from __future__ import annotations

from lionrock.city.holidays import HOLIDAYS_ID
from lionrock.city.place import DATA_GOV_HK
from lionrock.core.manifest import days
from lionrock.core.vocabulary import Dataset, Field, Json, Kind, Text

DAYS = Dataset(
    id=HOLIDAYS_ID,
    title=Text(en="General holidays", tc="公眾假期"),
    description=Text(
        en="Every general holiday that has been announced; the id is its date. Sundays, which are general holidays "
        "too, are not listed, and years that have left the publisher's file are kept.",
        tc="所有已公布的公眾假期，編號即日期。星期日雖同屬公眾假期，但不在此列；發布者檔案已移除的年份仍會保留。",
    ),
    kind=Kind.FEATURES,
    rhythm=days(1),
    licence=DATA_GOV_HK,
    fields=(Field("date", Json.STRING, Text(en="the day, ISO 8601", tc="日期")),),
)
