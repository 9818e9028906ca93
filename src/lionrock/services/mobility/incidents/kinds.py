"""What kind of thing happened, from the words of an announcement in any of the three languages."""

from __future__ import annotations

import re
from enum import StrEnum

from lionrock.core.vocabulary import Text, simplify


class IncidentKind(StrEnum):
    """The kinds that operators tell apart; each clears at its own pace."""

    ACCIDENT = "accident"
    BREAKDOWN = "breakdown"
    FIRE = "fire"
    FLOODING = "flooding"
    BURST_MAIN = "burst_main"
    ROADWORKS = "roadworks"
    SIGNAL_FAULT = "signal_fault"
    OBSTACLE = "obstacle"
    SUBSIDENCE = "subsidence"
    WEATHER = "weather"
    CONGESTION = "congestion"
    TRANSIT = "transit"
    EVENT = "event"
    OTHER = "other"


TITLES = {
    IncidentKind.ACCIDENT: Text(en="Traffic accident", tc="交通意外"),
    IncidentKind.BREAKDOWN: Text(en="Vehicle breakdown", tc="車輛故障"),
    IncidentKind.FIRE: Text(en="Fire", tc="火警"),
    IncidentKind.FLOODING: Text(en="Flooding", tc="水浸"),
    IncidentKind.BURST_MAIN: Text(en="Water main works", tc="水管緊急維修"),
    IncidentKind.ROADWORKS: Text(en="Emergency road works", tc="緊急道路工程"),
    IncidentKind.SIGNAL_FAULT: Text(en="Traffic signal fault", tc="交通燈故障"),
    IncidentKind.OBSTACLE: Text(en="Obstacle on the road", tc="路面障礙物"),
    IncidentKind.SUBSIDENCE: Text(en="Road subsidence", tc="路面下陷"),
    IncidentKind.WEATHER: Text(en="Weather", tc="天氣影響"),
    IncidentKind.CONGESTION: Text(en="Heavy traffic", tc="交通繁忙"),
    IncidentKind.TRANSIT: Text(en="Public transport incident", tc="公共交通事故"),
    IncidentKind.EVENT: Text(en="Event", tc="活動"),
    IncidentKind.OTHER: Text(en="Incident", tc="事故"),
}

WEATHER = r"wind|typhoon|cyclone|rainstorm|signal no|visibility|standby signal|gale|"
WEATHER += r"强风|台风|热带气旋|暴雨|能见度|戒备信号"
# In this order: "traffic light emergency repairing works" is a signal fault and "fire" may stand in "vehicle on fire".
WORDS: tuple[tuple[IncidentKind, str], ...] = (
    (IncidentKind.TRANSIT, r"\b(mtr|train|rail|ferry|tram|bus service)\b|港铁|列车|铁路|渡轮|电车|路轨"),
    (IncidentKind.SIGNAL_FAULT, r"traffic (light|signal)s?|交通灯"),
    (IncidentKind.BURST_MAIN, r"water ?main|水管"),
    (IncidentKind.SUBSIDENCE, r"subsidence|下陷|沉降"),
    (IncidentKind.FLOODING, r"flood|drainage|水浸|渠务"),
    (IncidentKind.FIRE, r"\bfire\b|着火|火警|起火"),
    (IncidentKind.BREAKDOWN, r"break ?down|broken down|车辆故障|死火"),
    (IncidentKind.ROADWORKS, r"(repair|road ?works)(?!.*accident)|road surface|维修|工程|路面修补"),
    (IncidentKind.ACCIDENT, r"accident|collision|意外|车祸|撞"),
    (IncidentKind.OBSTACLE, r"obstacle|fallen|oil|sands?\b|scaffold|window|障碍|塌树|倒塌|油渍|沙泥|棚架"),
    (IncidentKind.WEATHER, WEATHER),
    (IncidentKind.CONGESTION, r"heavy traffic|extra travell?ing time|交通繁忙|车多"),
    (IncidentKind.EVENT, r"\bevent\b|procession|match\b|活动|游行|赛事"),
)
PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in WORDS)


def kind_of(*words: str) -> IncidentKind:
    """The kind that the first telling one of ``words`` names; ``OTHER`` where none does."""
    for each in words:
        plain = simplify(each)
        for kind, pattern in PATTERNS:
            if pattern.search(plain):
                return kind
    return IncidentKind.OTHER
