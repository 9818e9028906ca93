"""The Observatory's weather report and warnings: ``weather.php`` with rhrread, warnsum, warningInfo.

Formats as in the Observatory's API documentation and in the recorded answers.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from lionrock.core.vocabulary import Language, Text
from lionrock.twin.air import humidity_percent, temperature_c
from lionrock.twin.calendar import HONG_KONG, floor_minutes, local_day
from lionrock.twin.city import TwinCity
from lionrock.twin.cyclones import find_cyclone_signal
from lionrock.twin.junctions import DISTRICTS
from lionrock.twin.rain import district_points, list_cells, rain_rate, rainfall_mm, rainstorm_at
from lionrock.twin.stations import STATIONS

RAINSTORM_NAME = Text(en="Rainstorm Warning Signal", tc="暴雨警告信號")
RAINSTORMS = {
    "A": Text(en="Amber", tc="黃色"),
    "R": Text(en="Red", tc="紅色"),
    "B": Text(en="Black", tc="黑色"),
}
CYCLONE_NAME = Text(en="Tropical Cyclone Warning Signal", tc="熱帶氣旋警告信號")
CYCLONES = {
    "1": Text(en="Standby Signal No. 1", tc="一號戒備信號"),
    "3": Text(en="Strong Wind Signal No. 3", tc="三號強風信號"),
    "8NE": Text(en="No. 8 Northeast Gale or Storm Signal", tc="八號東北烈風或暴風信號"),
    "8NW": Text(en="No. 8 Northwest Gale or Storm Signal", tc="八號西北烈風或暴風信號"),
    "8SE": Text(en="No. 8 Southeast Gale or Storm Signal", tc="八號東南烈風或暴風信號"),
    "8SW": Text(en="No. 8 Southwest Gale or Storm Signal", tc="八號西南烈風或暴風信號"),
    "9": Text(en="Increasing Gale or Storm Signal No. 9", tc="九號烈風或暴風風力增強信號"),
    "10": Text(en="Hurricane Signal No. 10", tc="十號颶風信號"),
}
REPORT_DISTRICTS = {"Eastern": "Eastern District", "Southern": "Southern District", "North": "North District",
                    "Islands": "Islands District", "Central & Western": "Central & Western District"}  # fmt: skip
THUNDER_MM_H = 25.0
FINE, CLOUDY, LIGHT_RAIN, RAIN, HEAVY_RAIN, THUNDER, FINE_NIGHT = 51, 60, 62, 63, 64, 65, 70
UV_WORDS = (
    Text(en="low", tc="低"),
    Text(en="moderate", tc="中"),
    Text(en="high", tc="高"),
    Text(en="very high", tc="甚高"),
)
OBSERVATORY = next(station for station in STATIONS if station.name == "HK Observatory")


@dataclass(frozen=True, slots=True)
class Warning:  # noqa: A001 - the Observatory's word; the exception is not used here
    """A warning in force: its key in warnsum, its code, since when, and the words about it."""

    key: str
    code: str
    name: Text
    kind: Text
    issued: datetime
    message: Text


def list_warnings(seed: int, moment: datetime) -> list[Warning]:
    """The signals in force at ``moment``."""
    found: list[Warning] = []
    storm = rainstorm_at(seed, moment)
    if storm is not None:
        kind = RAINSTORMS[storm.colour]
        words = Text(
            en=f"The {kind.en} Rainstorm Warning Signal has been issued.", tc=f"{kind.tc}暴雨警告信號現正生效。"
        )
        found.append(Warning("WRAIN", f"WRAIN{storm.colour}", RAINSTORM_NAME, kind, storm.start, words))
    cyclone = find_cyclone_signal(seed, moment)
    if cyclone is not None:
        kind = CYCLONES[cyclone.code]
        words = Text(en=f"The {kind.en} is in force.", tc=f"{kind.tc}現正生效。")
        found.append(Warning("WTCSGNL", f"TC{cyclone.code}", CYCLONE_NAME, kind, cyclone.start, words))
    return found


def render_summary(city: TwinCity, published: datetime, language: Language) -> bytes:
    """``dataType=warnsum``: ``{}`` when nothing is in force."""
    body = {
        warning.key: {
            "name": warning.name.say(language),
            "code": warning.code,
            "type": warning.kind.say(language),
            "actionCode": "ISSUE",
            "issueTime": iso(warning.issued),
            "updateTime": iso(warning.issued),
        }
        for warning in list_warnings(city.seed, published)
    }
    return dump(body)


def render_details(city: TwinCity, published: datetime, language: Language) -> bytes:
    """``dataType=warningInfo``: ``{}`` when nothing is in force."""
    details = []
    for warning in list_warnings(city.seed, published):
        clock = f"{warning.issued.astimezone(HONG_KONG):%H:%M}"
        issued = Text(en=f"Issued at {clock} HKT.", tc=f"於{clock}發出。")
        entry: dict[str, Any] = {"contents": [warning.message.say(language), issued.say(language)]}
        if warning.key in ("WRAIN", "WTCSGNL"):
            entry["subtype"] = warning.code
        details.append({**entry, "warningStatementCode": warning.key, "updateTime": iso(warning.issued)})
    return dump({"details": details} if details else {})


def render_report(city: TwinCity, published: datetime, language: Language) -> bytes:
    """``dataType=rhrread``: the current weather report, an empty string where there is nothing to list."""
    seed = city.seed
    record = floor_minutes(published, 60)
    end = record - timedelta(minutes=15)
    rates = rain_rate(seed, published, *district_points())
    warnings = list_warnings(seed, published)
    report: dict[str, Any] = {}
    if rates.max() >= THUNDER_MM_H:
        struck = [name for name, rate in zip(DISTRICTS, rates, strict=True) if rate >= THUNDER_MM_H]
        data = [{"place": _district(name, language), "occur": "true"} for name in struck]
        report["lightning"] = {"data": data, "startTime": iso(end), "endTime": iso(end + timedelta(hours=1))}
    report |= {
        "rainfall": _rainfall(seed, end, language),
        "warningMessage": [warning.message.say(language) for warning in warnings] or "",
        "icon": [icon_at(seed, published)],
        "iconUpdateTime": iso(record),
        "uvindex": _uv(published, float(rates.mean()), language),
        "updateTime": iso(published),
        "temperature": {
            "data": [
                {"place": s.report.say(language), "value": round(temperature_c(seed, record, s)), "unit": "C"}
                for s in STATIONS
                if s.warmth and s.report.tc
            ],
            "recordTime": iso(record),
        },
        "tcmessage": next((w.message.say(language) for w in warnings if w.key == "WTCSGNL"), ""),
        "mintempFrom00To09": "",
        "rainfallFrom00To12": "",
        "rainfallLastMonth": "",
        "rainfallJanuaryToLastMonth": "",
        "humidity": {
            "recordTime": iso(record),
            "data": [
                {
                    "unit": "percent",
                    "value": humidity_percent(seed, record, OBSERVATORY),
                    "place": OBSERVATORY.report.say(language),
                }
            ],
        },
    }
    return dump(report)


def icon_at(seed: int, moment: datetime) -> int:
    """The weather icon: sun or moon, cloud, or the kind of rain."""
    rate = float(np.max(rain_rate(seed, moment, *district_points())))
    if rate >= THUNDER_MM_H:
        return THUNDER
    steps = ((10.0, HEAVY_RAIN), (2.0, RAIN), (0.1, LIGHT_RAIN))
    wet = next((icon for least, icon in steps if rate >= least), None)
    if wet is not None:
        return wet
    if list_cells(seed, local_day(moment)):
        return CLOUDY
    return FINE if 6 <= moment.astimezone(HONG_KONG).hour < 18 else FINE_NIGHT  # noqa: PLR2004 - the hours of daylight


def iso(moment: datetime) -> str:
    """A moment as the Observatory writes it."""
    return moment.astimezone(HONG_KONG).isoformat(timespec="seconds")


def dump(body: dict[str, Any]) -> bytes:
    """JSON as the Observatory sends it."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _rainfall(seed: int, end: datetime, language: Language) -> dict[str, Any]:
    """Past hour's rain by district: the most of its gauges, and the least where it differs."""
    amounts = rainfall_mm(seed, end - timedelta(hours=1), end, *district_points())
    data: list[dict[str, Any]] = []
    for name, amount in zip(DISTRICTS, amounts.tolist(), strict=True):
        most = round(amount)
        entry: dict[str, Any] = {"unit": "mm", "place": _district(name, language), "max": most}
        if most > 1:
            entry["min"] = round(amount * 0.4)
        data.append({**entry, "main": "FALSE"})
    return {"data": data, "startTime": iso(end - timedelta(hours=1)), "endTime": iso(end)}


def _district(name: str, language: Language) -> str:
    words = DISTRICTS[name]
    return REPORT_DISTRICTS.get(name, name) if language == Language.EN else words.say(language)


def _uv(moment: datetime, rate: float, language: Language) -> dict[str, Any] | str:
    """The UV index of the past hour; an empty string by night."""
    hour = moment.astimezone(HONG_KONG).hour
    if not 7 <= hour <= 17:  # noqa: PLR2004 - the hours in which it is measured
        return ""
    value = max(0, round(7 * np.sin(np.pi * (hour - 6) / 12) * (0.3 if rate > 0.1 else 1)))  # noqa: PLR2004 - any rain means cloud
    grade = UV_WORDS[min(3, max(0, int(value) // 3))]
    data = [
        {"place": Text(en="King's Park", tc="京士柏").say(language), "value": int(value), "desc": grade.say(language)}
    ]
    return {"data": data, "recordDesc": Text(en="During the past hour", tc="過去一小時").say(language)}
