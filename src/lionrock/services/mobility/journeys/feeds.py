"""The Transport Department's tables of tolls (Road Network, 2nd Generation), read strictly.

TUN_BRIDGE_TOLL.csv: the columns are those of the table of the same name in a saved RdNet_IRNP.gdb (2021).
TUN_BRIDGE_TV_TOLL.csv, the tolls by time, was not seen itself: its further columns DAY_OF_WEEK, START_TIME
and END_TIME and the codes A and B are read in clients' code; that A is Monday to Saturday and B Sundays
and public holidays is the published toll scheme's. Columns are found by name, in whatever order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lionrock.core.feeds.formats import FORMAT_CHANGED, csv_header, csv_rows, filled, header_lacks, number, one_of
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Feature, MalformedDownload, Text, said

NAME, NAME_TC, VEHICLE = "TUNNEL_BRIDGE_NAME", "TUNNEL_BRIDGE_CHINESE_NAME", "VEHICLE_CLASS_DESCRIPTION"
GAZETTED, CHARGED = "GAZETTED_TOLL", "CONCESSION_TOLL"
DAYS, BEGINS, ENDS = "DAY_OF_WEEK", "START_TIME", "END_TIME"
TOLL_COLUMNS = (NAME, NAME_TC, VEHICLE, GAZETTED, CHARGED, "EFFECTIVE_DATE")
TIMED_COLUMNS = (NAME, NAME_TC, VEHICLE, GAZETTED, DAYS, BEGINS, ENDS)
DAY_CODES = {"A": "weekdays", "B": "rest days"}  # Monday to Saturday; Sundays and public holidays
CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(:([0-5]\d))?")


def parse_tolls(download: Download) -> Iterator[Feature]:
    """A Feature for each tunnel or bridge and class of vehicle, without a place; its id is ``name/class``."""
    for line, row in _rows(download, TOLL_COLUMNS):
        where = f"line {line}"
        tunnel, vehicle = _tunnel(row, where), filled(row[VEHICLE], f"{where}, {VEHICLE}")
        yield Feature(
            id=f"{tunnel}/{vehicle}",
            geometry=None,
            title=Text(en=row[NAME], tc=row[NAME_TC]),
            properties={
                "vehicle_class": vehicle,
                "gazetted_hkd": number(row[GAZETTED], f"{where}, {GAZETTED}"),
                "charged_hkd": number(row[CHARGED], f"{where}, {CHARGED}"),
                "effective_from": row["EFFECTIVE_DATE"],
            },
        )


def parse_timed_tolls(download: Download) -> Iterator[Feature]:
    """A Feature for each span of hours of a tunnel's toll; ``from_s`` and ``to_s`` are seconds of the day, both in."""
    for line, row in _rows(download, TIMED_COLUMNS):
        where = f"line {line}"
        tunnel, vehicle = _tunnel(row, where), filled(row[VEHICLE], f"{where}, {VEHICLE}")
        days = one_of(row[DAYS], DAY_CODES, f"{where}, {DAYS}")
        begins, ends = _seconds(row[BEGINS], f"{where}, {BEGINS}"), _seconds(row[ENDS], f"{where}, {ENDS}")
        if ends < begins:
            raise MalformedDownload(
                said(f"the toll ends at {row[ENDS]}, before it begins", f"收費在 {row[ENDS]} 完結，早於開始"),
                where=where,
                remedy=FORMAT_CHANGED,
            )
        yield Feature(
            id=f"{tunnel}/{vehicle}/{row[DAYS]}/{begins:05}",
            geometry=None,
            title=Text(en=row[NAME], tc=row[NAME_TC]),
            properties={
                "vehicle_class": vehicle,
                "days": days,
                "from_s": begins,
                "to_s": ends,
                "charged_hkd": number(row[GAZETTED], f"{where}, {GAZETTED}"),
            },
        )


def _rows(download: Download, needed: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows by the names of their columns; raises MalformedDownload where a needed column is missing."""
    header = csv_header(download)
    missing = [name for name in needed if name not in header]
    if missing:
        raise MalformedDownload(header_lacks(missing), where="line 1", remedy=FORMAT_CHANGED)
    return csv_rows(download, header)


def _tunnel(row: dict[str, str], where: str) -> str:
    """The tunnel's name in small letters and hyphens."""
    return filled(re.sub(r"[^a-z0-9]+", "-", row[NAME].lower().replace("'", "")).strip("-"), f"{where}, {NAME}")


def _seconds(words: str, where: str) -> int:
    """Seconds since midnight of 7:30 or 07:30:00."""
    clock = CLOCK.fullmatch(words)
    if clock is None:
        raise MalformedDownload(
            said(f"{words!r} is no time of the day", f"{words!r} 並非時刻"), where=where, remedy=FORMAT_CHANGED
        )
    return int(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[4] or 0)
