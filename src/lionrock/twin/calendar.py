"""Days: Hong Kong's time, its weekdays and its general holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from lionrock.core.vocabulary import Text

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
DAY_S = 86_400
SATURDAY, SUNDAY = 5, 6

_NEW_YEAR = Text(en="The first day of January", tc="一月一日")
_LUNAR = (
    Text(en="Lunar New Year’s Day", tc="農曆年初一"),
    Text(en="The second day of Lunar New Year", tc="農曆年初二"),
    Text(en="The third day of Lunar New Year", tc="農曆年初三"),
    Text(en="The fourth day of Lunar New Year", tc="農曆年初四"),
)
_GOOD_FRIDAY = Text(en="Good Friday", tc="耶穌受難節")
_AFTER_GOOD_FRIDAY = Text(en="The day following Good Friday", tc="耶穌受難節翌日")
_EASTER_MONDAY = Text(en="Easter Monday", tc="復活節星期一")
_AFTER_EASTER_MONDAY = Text(en="The day following Easter Monday", tc="復活節星期一翌日")
_CHING_MING = Text(en="Ching Ming Festival", tc="清明節")
_AFTER_CHING_MING = Text(en="The day following Ching Ming Festival", tc="清明節翌日")
_LABOUR = Text(en="Labour Day", tc="勞動節")
_BUDDHA = Text(en="The Birthday of the Buddha", tc="佛誕")
_AFTER_BUDDHA = Text(en="The day following the Birthday of the Buddha", tc="佛誕翌日")
_TUEN_NG = Text(en="Tuen Ng Festival", tc="端午節")
_HKSAR = Text(en="Hong Kong Special Administrative Region Establishment Day", tc="香港特別行政區成立紀念日")
_AFTER_MID_AUTUMN = Text(en="The day following the Chinese Mid-Autumn Festival", tc="中秋節翌日")
_NATIONAL = Text(en="National Day", tc="國慶日")
_CHUNG_YEUNG = Text(en="Chung Yeung Festival", tc="重陽節")
_AFTER_CHUNG_YEUNG = Text(en="The day following Chung Yeung Festival", tc="重陽節翌日")
_CHRISTMAS = Text(en="Christmas Day", tc="聖誕節")
_AFTER_CHRISTMAS = Text(en="The first weekday after Christmas Day", tc="聖誕節後第一個周日")

HOLIDAYS: dict[date, Text] = {
    date(2025, 1, 1): _NEW_YEAR,
    date(2025, 1, 29): _LUNAR[0],
    date(2025, 1, 30): _LUNAR[1],
    date(2025, 1, 31): _LUNAR[2],
    date(2025, 4, 4): _CHING_MING,
    date(2025, 4, 18): _GOOD_FRIDAY,
    date(2025, 4, 19): _AFTER_GOOD_FRIDAY,
    date(2025, 4, 21): _EASTER_MONDAY,
    date(2025, 5, 1): _LABOUR,
    date(2025, 5, 5): _BUDDHA,
    date(2025, 5, 31): _TUEN_NG,
    date(2025, 7, 1): _HKSAR,
    date(2025, 10, 1): _NATIONAL,
    date(2025, 10, 7): _AFTER_MID_AUTUMN,
    date(2025, 10, 29): _CHUNG_YEUNG,
    date(2025, 12, 25): _CHRISTMAS,
    date(2025, 12, 26): _AFTER_CHRISTMAS,
    date(2026, 1, 1): _NEW_YEAR,
    date(2026, 2, 17): _LUNAR[0],
    date(2026, 2, 18): _LUNAR[1],
    date(2026, 2, 19): _LUNAR[2],
    date(2026, 4, 3): _GOOD_FRIDAY,
    date(2026, 4, 4): _AFTER_GOOD_FRIDAY,
    date(2026, 4, 6): _AFTER_CHING_MING,
    date(2026, 4, 7): _AFTER_EASTER_MONDAY,
    date(2026, 5, 1): _LABOUR,
    date(2026, 5, 25): _AFTER_BUDDHA,
    date(2026, 6, 19): _TUEN_NG,
    date(2026, 7, 1): _HKSAR,
    date(2026, 9, 26): _AFTER_MID_AUTUMN,
    date(2026, 10, 1): _NATIONAL,
    date(2026, 10, 19): _AFTER_CHUNG_YEUNG,
    date(2026, 12, 25): _CHRISTMAS,
    date(2026, 12, 26): _AFTER_CHRISTMAS,
    date(2027, 1, 1): _NEW_YEAR,
    date(2027, 2, 6): _LUNAR[0],
    date(2027, 2, 8): _LUNAR[2],
    date(2027, 2, 9): _LUNAR[3],
    date(2027, 3, 26): _GOOD_FRIDAY,
    date(2027, 3, 27): _AFTER_GOOD_FRIDAY,
    date(2027, 3, 29): _EASTER_MONDAY,
    date(2027, 4, 5): _CHING_MING,
    date(2027, 5, 1): _LABOUR,
    date(2027, 5, 13): _BUDDHA,
    date(2027, 6, 9): _TUEN_NG,
    date(2027, 7, 1): _HKSAR,
    date(2027, 9, 16): _AFTER_MID_AUTUMN,
    date(2027, 10, 1): _NATIONAL,
    date(2027, 10, 8): _CHUNG_YEUNG,
    date(2027, 12, 25): _CHRISTMAS,
    date(2027, 12, 27): _AFTER_CHRISTMAS,
}


def is_rest_day(day: date) -> bool:
    """Sundays and general holidays."""
    return day.weekday() == SUNDAY or day in HOLIDAYS


def midnight(day: date) -> datetime:
    """The aware moment at which ``day`` begins in Hong Kong."""
    return datetime.combine(day, time(), HONG_KONG)


def local_day(moment: datetime) -> date:
    """The date in Hong Kong at ``moment``."""
    return moment.astimezone(HONG_KONG).date()


def second_of_day(moment: datetime) -> float:
    """Seconds since midnight in Hong Kong (the city keeps no summer time)."""
    return (moment - midnight(local_day(moment))) / timedelta(seconds=1)


def floor_minutes(moment: datetime, minutes: int, offset: int = 0) -> datetime:
    """The last moment not after ``moment`` whose minutes since midnight are ``offset`` modulo ``minutes``."""
    step = minutes * 60
    seconds = int((moment - datetime(2000, 1, 1, tzinfo=UTC)).total_seconds()) - offset * 60
    return datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds // step * step + offset * 60)
