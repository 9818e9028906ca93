"""Special traffic news, first and second version.

The second version's file holds the latest message only (seen in every archived file of 2024 and 2025),
the first version's all that are in force. LATITUDE and LONGITUDE are empty in the real files of those
years; here every second incident has them, because the schema allows it and readers must cope with both.
"""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from lionrock.core.vocabulary import Language, Text
from lionrock.twin.calendar import HONG_KONG
from lionrock.twin.chance import number_for
from lionrock.twin.city import TwinCity
from lionrock.twin.network import list_links
from lionrock.twin.news import Message, find_latest, list_current

STATUS = {
    "NEW": Text(en="NEW", tc="最新情況"),
    "UPDATED": Text(en="UPDATED", tc="更新情況"),
    "CLOSED": Text(en="CLOSED", tc="完結"),
}
HEADING = Text(en="Road Incident", tc="道路事故")
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
BODY = (
    "<body xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance'"
    " xsi:schemaLocation='http://data.one.gov.hk/td http://data.one.gov.hk/xsd/td/specialtrafficnews.xsd'"
    " xmlns='http://data.one.gov.hk/td'>"
)
IN_FORCE, OPENED = 2, 3  # CurrentStatus of the first version


def render_v2(city: TwinCity, published: datetime, language: Language) -> bytes:
    """``trafficnews.xml``: Chinese is traditional in the English and Traditional files, simplified in the other."""
    message = find_latest(city.seed, published)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<list {XSI} xsi:schemaLocation="https://www.td.gov.hk/{language}/special_news/trafficnews.xsd">',
    ]
    if message is not None:
        lines.append("  <message>")
        lines += [f"    {_element(name, value)}" for name, value in fields_of(city.seed, message, language)]
        lines.append("  </message>")
    return ("\n".join([*lines, "</list>"]) + "\n").encode()


def fields_of(seed: int, message: Message, language: Language) -> list[tuple[str, str]]:
    """The elements of one message, in the schema's order."""
    incident, link = message.incident, list_links()[message.incident.link]
    located = number_for(seed, incident.number, "located") % 2 == 0
    chinese = Language.SC if language == Language.SC else Language.TC
    empty = Text()
    pairs: list[tuple[str, Text | str]] = [
        ("INCIDENT_NUMBER", incident.number),
        ("INCIDENT_HEADING", HEADING),
        ("INCIDENT_DETAIL", incident.cause),
        ("LOCATION", link.road),
        ("DISTRICT", empty),
        ("DIRECTION", link.bound),
        ("ANNOUNCEMENT_DATE", f"{message.announced.astimezone(HONG_KONG):%Y-%m-%dT%H:%M:%S}"),
        ("INCIDENT_STATUS", STATUS[message.status]),
        ("NEAR_LANDMARK", incident.landmark),
        ("BETWEEN_LANDMARK", empty),
        ("ID", str(message.id)),
        ("CONTENT", message.content),
        ("LATITUDE", f"{incident.lat:.6f}" if located else ""),
        ("LONGITUDE", f"{incident.lon:.6f}" if located else ""),
    ]
    fields: list[tuple[str, str]] = []
    for name, value in pairs:
        if isinstance(value, Text):
            fields += [(f"{name}_EN", value.en), (f"{name}_CN", value.say(chinese))]
        else:
            fields.append((name, value))
    return fields


def render_v1(city: TwinCity, published: datetime) -> bytes:
    """``specialtrafficnews.xml``: every message in force, in English and Traditional Chinese."""
    current = list_current(city.seed, published)
    changed = find_latest(city.seed, published)
    stamp = _chinese_stamp(changed.shown if changed else published)
    lines = [
        "<?xml version='1.0' encoding='utf-8'?>",
        BODY,
    ]
    for message in current:
        chinese, english = escape(message.content.tc), escape(message.content.en)
        opened = message.content.en.find("re-opened") >= 0
        lines += [
            "<message>",
            f"<msgID>{message.id}</msgID>",
            f"<CurrentStatus>{OPENED if opened else IN_FORCE}</CurrentStatus>",
            f"<ChinText>{chinese}</ChinText>",
            f"<ChinShort>{chinese}</ChinShort>",
            f"<EngText>{english}</EngText>",
            f"<EngShort>{english}</EngShort>",
            f"<ReferenceDate> {stamp}</ReferenceDate>",
            "<IncidentRefNo></IncidentRefNo>",
            "<CountofDistricts>0</CountofDistricts>",
            "<ListOfDistrict>",
            "</ListOfDistrict>",
            "</message>",
        ]
    return ("\n".join([*lines, "</body>"]) + "\n").encode()


def _element(name: str, value: str) -> str:
    return f"<{name}>{escape(value)}</{name}>" if value else f"<{name}/>"


def _chinese_stamp(moment: datetime) -> str:
    """A moment as the first version writes it: ``2026/9/19 下午 01:10:11``."""
    local = moment.astimezone(HONG_KONG)
    half = "上午" if local.hour < 12 else "下午"  # noqa: PLR2004 - noon
    return f"{local.year}/{local.month}/{local.day} {half} {local:%I:%M:%S}"
