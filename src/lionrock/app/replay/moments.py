"""When a file was received, as far as the file itself tells: its time stamp on the disk is the copyist's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from lionrock.city.place import ZONE

LOOKED_AT_BYTES = 65_536
FIRST = datetime(2000, 1, 1, tzinfo=UTC)
AFTER = timedelta(minutes=2)  # a source's words are a minute or two old when they are received

YEAR, MONTH, DAY = r"(20\d{2})", r"(0?[1-9]|1[0-2])", r"(0?[1-9]|[12]\d|3[01])"
TWO = r"(\d{2})"
ISO = re.compile(rf"{YEAR}-{MONTH}-{DAY}[T ]{TWO}:{TWO}(?::{TWO})?(?:\.\d+)?(Z|[+-]\d{{2}}:?\d{{2}})?")
DATE_THEN_TIME = re.compile(rf"{YEAR}-{MONTH}-{DAY}(?![T \d]).{{0,400}}?{TWO}:{TWO}:{TWO}", re.DOTALL)
COMPACT = re.compile(rf"(?<!\d){YEAR}{TWO}{TWO}[-_T]?{TWO}{TWO}(?:{TWO})?(?!\d)")
HALF_DAY = re.compile(rf"{YEAR}/{MONTH}/{DAY} (上午|下午|AM|PM) (\d{{1,2}}):{TWO}:{TWO}")
AMERICAN = re.compile(rf"{MONTH}/{DAY}/{YEAR} {TWO}:{TWO}:{TWO} (AM|PM)")
ENDING = "Ending Date"  # of a table whose rows tell of what is to come: the nowcast
AHEAD = re.compile(
    r'"(?:expir\w*|eta|end_?date|\w*_?(?:until|ending|end_?time|valid_?to))"\s*:\s*"[^"]{0,40}"', re.IGNORECASE
)
"""Words of JSON that tell what is to come, not what was."""
DAY_ALONE = re.compile(rf"(?<!\d){YEAR}-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d)")


def read_moment(body: bytes, name: str, now: datetime) -> datetime | None:
    """The moment of receipt of a file: a little after the newest moment that it begins with, else its name's day.

    Moments after ``now`` are expiries and forecasts, not receipts; so are those that the file calls an end. None
    where nothing is told.
    """
    words = AHEAD.sub("", body[:LOOKED_AT_BYTES].decode("utf-8", "ignore"))
    told = [moment for moment in _moments(words) if FIRST <= moment <= now]
    if told:
        first_counts = ENDING in words.partition("\n")[0]
        return (min if first_counts else max)(told) + AFTER
    named = [moment for moment in (*_moments(name), *_days(name)) if FIRST <= moment <= now]
    return max(named) + AFTER if named else None


def _moments(words: str) -> Iterator[datetime]:
    for year, month, day, hour, minute, second, zone in ISO.findall(words):
        yield from _moment((year, month, day, hour, minute, second or 0), zone)
    for found in DATE_THEN_TIME.findall(words)[:1]:  # one date at the head speaks for the times after it
        yield from _moment(found)
    for year, month, day, hour, minute, second in COMPACT.findall(words):
        yield from _moment((year, month, day, hour, minute, second or 0))
    for year, month, day, half, hour, minute, second in HALF_DAY.findall(words):
        yield from _moment((year, month, day, _hour(hour, half), minute, second))
    for month, day, year, hour, minute, second, half in AMERICAN.findall(words):
        yield from _moment((year, month, day, _hour(hour, half), minute, second))


def _days(words: str) -> Iterator[datetime]:
    for year, month, day in DAY_ALONE.findall(words):
        yield from _moment((year, month, day, 0, 0, 0))


def _hour(hour: str, half: str) -> int:
    return int(hour) % 12 + (12 if half in ("下午", "PM") else 0)


def _moment(parts: tuple[str | int, ...], zone: str = "") -> Iterator[datetime]:
    """The aware moment of year to second, in the city's zone unless ``zone`` says another; nothing for 31 February."""
    year, month, day, hour, minute, second = (int(part) for part in parts)
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=ZONE)
        yield datetime.fromisoformat(f"{moment:%Y-%m-%dT%H:%M:%S}{zone}") if zone else moment
    except ValueError:
        return
