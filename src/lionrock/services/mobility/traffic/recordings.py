"""Older collections of the city's traffic, in forms that no feed has; ``lionrock replay`` reads them.

* ``hourly_*.parquet``: every lane hour by hour, summed up by others from ``rawSpeedVol-all.xml``
  (mean speed in km/h; occupancy and volume summed over the hour's 120 periods; local hours).
* ``traffic_accident_*.xlsx``: every version of the special traffic news, one a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pyarrow as pa
import pyarrow.parquet as pq
from lxml import etree

from lionrock.city.place import ZONE
from lionrock.core.feeds.formats import FORMAT_CHANGED, header_lacks, local_moment
from lionrock.core.manifest import Download, Recording
from lionrock.core.vocabulary import (
    BadInput,
    Dataset,
    Event,
    EventStatus,
    MalformedDownload,
    Quality,
    Reading,
    Record,
    Text,
    said,
)
from lionrock.services.mobility.traffic.datasets import LANES, NEWS, OCCUPANCY, SPEED, VOLUME
from lionrock.services.mobility.traffic.feeds.news import parse_news
from lionrock.services.mobility.traffic.irn import parse_irn

Played = Iterator[tuple[datetime, Dataset, list[Record]]]

HOUR = timedelta(hours=1)
PERIODS = 120  # of 30 seconds, in an hour
HOURLY_COLUMNS = ("detectorID", "laneType", "speed", "totalOccupancy", "totalVolume", "hour")
NEWS_COLUMNS = ("incident_number", "incident_heading_en", "announcement_date", "incident_status_en", "id", "content_en")
SILENCE = timedelta(hours=24)  # the collection does not tell when a message left the page


def parse_hourly(path: Path) -> Played:
    """Yield every hour's lanes as received when the hour had ended: speed, occupancy and volume of ``traffic.lanes``.

    The sums become means of the hour's 30-second periods, so that they stand in the data set's own
    units; the moment is the beginning of the hour. Without a vehicle the speed is a PLACEHOLDER.
    """
    table = _table(path)
    hours = table["hour"].to_pylist()
    rows = zip(*(table[name].to_pylist() for name in HOURLY_COLUMNS[:-1]), strict=True)
    for hour, group in groupby(zip(hours, rows, strict=True), key=lambda pair: pair[0]):
        at = hour.replace(tzinfo=ZONE)
        readings: list[Record] = []
        for _, (detector, lane, speed, occupancy, volume) in group:
            readings += _lane(f"{detector}/{lane}", at, speed, occupancy / PERIODS, volume / PERIODS)
        yield at + HOUR, LANES, readings


def _lane(sensor: str, at: datetime, speed: float, occupancy: float, volume: float) -> Iterator[Reading]:
    placeholder = Quality.GOOD if volume else Quality.PLACEHOLDER
    yield Reading(sensor, SPEED.id, at, speed, SPEED.judge(speed) | placeholder)
    yield Reading(sensor, OCCUPANCY.id, at, occupancy, OCCUPANCY.judge(occupancy))
    yield Reading(sensor, VOLUME.id, at, volume, VOLUME.judge(volume))


def _table(path: Path) -> pa.Table:
    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise MalformedDownload(said(f"not whole Parquet: {error}", "並非完整的 Parquet"), where=path.name) from error
    missing = [name for name in HOURLY_COLUMNS if name not in table.column_names]
    if missing:
        raise MalformedDownload(header_lacks(missing), where=path.name, remedy=FORMAT_CHANGED)
    if any(table[name].null_count for name in HOURLY_COLUMNS):
        raise MalformedDownload(said("cells without a value", "有空白的格"), where=path.name, remedy=FORMAT_CHANGED)
    return table.sort_by([("hour", "ascending"), ("detectorID", "ascending"), ("laneType", "ascending")])


def parse_news_versions(path: Path) -> Played:
    """Yield every announced version at the moment of its announcement.

    The rows are put back into the feed's own format and read by the feed's own parser. An incident
    of which nothing more was heard is closed :data:`SILENCE` after its last version. The Chinese
    words are those of the simplified edition.
    """
    last: dict[str, Event] = {}
    rows = sorted(_rows(path), key=lambda row: row["announcement_date"])
    for announced, group in groupby(rows, key=lambda row: row["announcement_date"]):
        at = local_moment(announced, "%Y-%m-%dT%H:%M:%S", ZONE, f"{path.name}, announcement_date")
        yield from _take_silent(last, at)
        download = Download(body=_as_feed(list(group)), url=path.name, received_at=at + timedelta(minutes=1))
        events = [_simplified(event) for event in parse_news(download)]
        last |= {event.id: event for event in events}
        yield at, NEWS, list(events)
    yield from _take_silent(last, datetime.max.replace(tzinfo=UTC))


def _take_silent(last: dict[str, Event], now: datetime) -> Played:
    """Take out of ``last`` what was silent for long before ``now``; yield those that never closed, closed, in order."""
    silent = sorted((event for event in last.values() if now - event.at > SILENCE), key=lambda event: event.at)
    for event in silent:
        del last[event.id]
        if event.status is not EventStatus.CLOSED:
            said = {**event.properties, "closed_by": "silence"}
            gone_at = event.at + SILENCE
            yield gone_at, NEWS, [replace(event, at=gone_at, status=EventStatus.CLOSED, properties=said)]


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        from openpyxl import load_workbook  # noqa: PLC0415 - optional: nothing but this recording needs it
        from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - the same
    except ImportError as error:
        raise BadInput(
            "reading .xlsx needs openpyxl", where=path.name, remedy="pip install 'lionrock[recordings]'"
        ) from error
    try:
        with closing(load_workbook(path, read_only=True)) as book:
            lines: list[Sequence[Any]] = list(book.worksheets[0].iter_rows(values_only=True))
    except (InvalidFileException, BadZipFile, KeyError, OSError, ValueError) as error:
        raise MalformedDownload(said(f"not a whole workbook: {error}", "並非完整的試算表"), where=path.name) from error
    if not lines:
        raise MalformedDownload(said("an empty sheet", "工作表是空的"), where=path.name)
    header = [str(cell or "").lower() for cell in lines[0]]
    missing = [name for name in NEWS_COLUMNS if name not in header]
    if missing:
        raise MalformedDownload(header_lacks(missing), where=path.name, remedy=FORMAT_CHANGED)
    return [
        {name: "" if cell is None else str(cell).strip() for name, cell in zip(header, line, strict=True) if name}
        for line in lines[1:]
    ]


def _as_feed(rows: list[dict[str, str]]) -> bytes:
    root = etree.Element("list")
    for row in rows:
        message = etree.SubElement(root, "message")
        for name, words in row.items():
            etree.SubElement(message, name.upper()).text = words.replace("_x000D_", "")
    return etree.tostring(root, encoding="utf-8", xml_declaration=True)


def _simplified(event: Event) -> Event:
    """The same event with its Chinese words where simplified ones belong."""
    title, detail, place = (Text(en=words.en, sc=words.tc) for words in (event.title, event.detail, event.place))
    heading = {"heading_sc": event.properties["heading_tc"], "heading_tc": ""}
    return replace(event, title=title, detail=detail, place=place, properties={**event.properties, **heading})


RECORDINGS = (
    Recording(
        name="hourly",
        title=Text(en="Lanes hour by hour (means of the hour's periods)", tc="逐小時行車線數據（小時平均）"),
        matches="hourly_*.parquet",
        parse=parse_hourly,
    ),
    Recording(
        name="news_versions",
        title=Text(en="Every version of the special traffic news", tc="特別交通消息的所有版本"),
        matches="traffic_accident_*.xlsx",
        parse=parse_news_versions,
    ),
    Recording(
        name="irn",
        title=Text(en="Road network (FileGDB)", tc="道路網絡（FileGDB）"),
        matches="RdNet_IRNP.gdb",
        parse=parse_irn,
    ),
)
