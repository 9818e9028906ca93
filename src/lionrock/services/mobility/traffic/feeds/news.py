"""Special traffic news in its two generations, both as Events.

v2 ``trafficnews.xml``: one element a fact, names in English and (in the tc file) Chinese. Every archived
file of 2024 and 2025 holds the latest message alone, though its schema allows a list: what it leaves
out is not closed. Messages with one INCIDENT_NUMBER are versions of one incident. v1 ``specialtrafficnews.xml``: whole
sentences, every message in force, a status code, and dates such as ``2026/9/19 下午 01:10:11``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from lionrock.city.place import ZONE, in_city
from lionrock.core.feeds.formats import FORMAT_CHANGED, local_moment, number, one_of, xml_root
from lionrock.core.feeds.moments import moment_in_time
from lionrock.core.manifest import Download
from lionrock.core.vocabulary import Event, EventStatus, MalformedDownload, Text, said
from lionrock.services.mobility.traffic.feeds.elements import TD_NAMESPACE, fields_of, id_of, list_of

FIELDS = (
    "INCIDENT_NUMBER", "INCIDENT_HEADING_EN", "INCIDENT_DETAIL_EN", "LOCATION_EN", "DIRECTION_EN",
    "ANNOUNCEMENT_DATE", "INCIDENT_STATUS_EN", "NEAR_LANDMARK_EN", "ID", "CONTENT_EN", "LATITUDE", "LONGITUDE",
)  # fmt: skip
STATUSES = {"NEW": EventStatus.NEW, "UPDATED": EventStatus.UPDATED, "CLOSED": EventStatus.CLOSED}
FIELDS_V1 = ("msgID", "CurrentStatus", "ChinText", "EngText", "ReferenceDate")
STATUSES_V1 = {"1": EventStatus.NEW, "2": EventStatus.UPDATED, "3": EventStatus.CLOSED}
BARE_AMPERSAND = re.compile(rb"&(?![A-Za-z][A-Za-z0-9]{0,30};|#[0-9]{1,9};|#x[0-9A-Fa-f]{1,9};)")
CDATA_BEGINS, CDATA_ENDS = b"<![CDATA[", b"]]>"
DATE_V1 = re.compile(r"(\d{4}/\d{1,2}/\d{1,2}) (上午|下午|AM|PM) (\d{1,2}:\d{2}:\d{2})")
AFTERNOON = ("下午", "PM")


def parse_news(download: Download) -> Iterator[Event]:
    """Events of trafficnews.xml, oldest announcement first; the latest version of an incident comes last.

    The publisher sometimes forgets to escape an ampersand (``Trade & Exhibition Centre``); it is read as one.
    """
    root = xml_root(replace(download, body=with_ampersands_escaped(download.body)), "list")
    events = []
    for message in list_of(root, "message"):
        fields = fields_of(message, FIELDS)
        number_text = id_of(fields["INCIDENT_NUMBER"], "INCIDENT_NUMBER", message)
        announced = local_moment(
            fields["ANNOUNCEMENT_DATE"], "%Y-%m-%dT%H:%M:%S", ZONE, f"{number_text}, ANNOUNCEMENT_DATE"
        )
        at = moment_in_time(announced, download.received_at, f"{number_text}, ANNOUNCEMENT_DATE")
        events.append(_event(number_text, at, fields))
    return iter(sorted(events, key=lambda event: (event.at, event.status is EventStatus.CLOSED)))


def with_ampersands_escaped(body: bytes) -> bytes:
    """``body`` with every bare ampersand escaped; within CDATA one stands for itself."""
    parts, at = [], 0
    while (begins := body.find(CDATA_BEGINS, at)) >= 0 and (ends := body.find(CDATA_ENDS, begins)) >= 0:
        parts += [BARE_AMPERSAND.sub(b"&amp;", body[at:begins]), body[begins : ends + len(CDATA_ENDS)]]
        at = ends + len(CDATA_ENDS)
    return b"".join((*parts, BARE_AMPERSAND.sub(b"&amp;", body[at:])))


def _event(incident: str, at: datetime, fields: dict[str, str]) -> Event:
    place = _coordinates(fields["LONGITUDE"], fields["LATITUDE"], incident)
    heading = fields["INCIDENT_HEADING_EN"]
    return Event(
        id=incident,
        kind=re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_") or "announcement",
        at=at,
        status=one_of(fields["INCIDENT_STATUS_EN"].upper(), STATUSES, f"{incident}, INCIDENT_STATUS_EN"),
        title=_title(fields),
        detail=Text(en=fields["CONTENT_EN"], tc=_said(fields, "CONTENT_CN")),
        place=Text(en=_place_en(fields), tc=_place_tc(fields)),
        lon=place[0],
        lat=place[1],
        properties={
            "message_id": fields["ID"],
            "heading_en": heading,
            "heading_tc": _said(fields, "INCIDENT_HEADING_CN"),
            "stated_longitude": fields["LONGITUDE"],
            "stated_latitude": fields["LATITUDE"],
        },
    )


def _said(fields: dict[str, str], tag: str) -> str:
    """An element that only some language editions carry; "" is their own word for nothing."""
    return fields.get(tag, "")


def _title(fields: dict[str, str]) -> Text:
    return Text(
        en=fields["INCIDENT_DETAIL_EN"] or fields["INCIDENT_HEADING_EN"],
        tc=_said(fields, "INCIDENT_DETAIL_CN") or _said(fields, "INCIDENT_HEADING_CN"),
    )


def _place_en(fields: dict[str, str]) -> str:
    direction, near = fields["DIRECTION_EN"], fields["NEAR_LANDMARK_EN"]
    return (
        fields["LOCATION_EN"] + (f" ({direction} bound)" if direction else "") + (f", near {near}" if near else "")
    ).strip(" ,")


def _place_tc(fields: dict[str, str]) -> str:
    direction, near = _said(fields, "DIRECTION_CN"), _said(fields, "NEAR_LANDMARK_CN")
    towards = direction if direction.endswith(("行", "向")) else f"往{direction}方向"
    return _said(fields, "LOCATION_CN") + (f"（{towards}）" if direction else "") + (f"近{near}" if near else "")


def _coordinates(lon_text: str, lat_text: str, incident: str) -> tuple[float, float] | tuple[None, None]:
    """Where the incident is; (None, None) where the message gives no place, or one outside the city."""
    if not lon_text or not lat_text:
        return None, None
    lon, lat = number(lon_text, f"{incident}, LONGITUDE"), number(lat_text, f"{incident}, LATITUDE")
    return (lon, lat) if in_city(lon, lat) else (None, None)


def parse_news_v1(download: Download) -> Iterator[Event]:
    """Events of specialtrafficnews.xml; the title is the first sentence, the detail all of them."""
    root = xml_root(download, f"{TD_NAMESPACE}body")
    for message in list_of(root, f"{TD_NAMESPACE}message"):
        fields = fields_of(message, FIELDS_V1, TD_NAMESPACE)
        name = id_of(fields["msgID"], "msgID", message)
        at = moment_in_time(_moment_v1(fields["ReferenceDate"], name), download.received_at, f"{name}, ReferenceDate")
        yield Event(
            id=name,
            kind="special_news",
            at=at,
            status=one_of(fields["CurrentStatus"], STATUSES_V1, f"{name}, CurrentStatus"),
            title=Text(en=_first_line(fields["EngText"]), tc=_first_line(fields["ChinText"])),
            detail=Text(en=fields["EngText"], tc=fields["ChinText"]),
            properties={"incident_number": _said(fields, "IncidentRefNo")},
        )


def _first_line(words: str) -> str:
    return words.splitlines()[0].strip() if words else ""


def _moment_v1(text: str, message: str) -> datetime:
    """``2026/9/19 下午 01:10:11``: a twelve-hour clock whose half of the day stands before the time."""
    found = DATE_V1.fullmatch(text)
    where = f"{message}, ReferenceDate"
    if not found:
        raise MalformedDownload(
            said(
                f"{text!r} is no date like 2026/9/19 下午 01:10:11", f"{text!r} 並非 2026/9/19 下午 01:10:11 格式的日期"
            ),
            where=where,
            remedy=FORMAT_CHANGED,
        )
    day, half, clock = found.groups()
    morning = local_moment(f"{day} {clock} AM", "%Y/%m/%d %I:%M:%S %p", ZONE, where)
    return morning + timedelta(hours=12) if half in AFTERNOON else morning
